/* Lists of participants: all of them page by page, and a referent's portfolio by what is due. */
#include <stdlib.h>
#include <string.h>

#include "../projections/portfolios.h"
#include "answers.h"
#include "duplicates.h"
#include "service.h"

/* ---- all participants ---- */
#define PAGE 100
#define PAGE_MAX 1000

struct page {
    int64_t limit;
    uint64_t after, referent;   /* ABSENT: none, whoever follows */
    int state;                  /* -1: any */
    struct text q;              /* words of a name; at == NULL: none */
    struct streams streams;     /* one more than the page holds when there is a next one */
};

static bool read_state(struct call *call, int *ret)
{
    struct text name = { NULL, 0 };
    *ret = -1;
    if (!call_text(call, "state", &name))
        return false;
    for (int s = 0; name.at && s < STATES; s++)
        if (text_is(name, state_name((enum state)s)))
            *ret = s;
    if (!name.at || *ret >= 0)
        return true;
    struct text known = TEXT("");
    for (int s = 0; s < STATES; s++)
        known = arena_print(call->arena, "%.*s%s%s", TEXT_ARGS(known), s ? ", " : "", state_name((enum state)s));
    return call_refuse_parameter(call, "state", arena_print(call->arena, "one state of: %.*s", TEXT_ARGS(known)).at);
}

/* Rows of a table whose keys are a prefix and then the participant, in that order, so that a participant who moves
 * between two pages is neither lost nor given twice within one list. */
static void take_rows(struct call *call, struct page *page, unsigned table, const uint8_t *prefix, size_t prefix_bytes)
{
    uint8_t from[16];
    struct text key, value;
    memcpy(from, prefix, prefix_bytes);
    store_key_u64(from + prefix_bytes, page->after + 1);
    struct store_cursor *c = store_cursor(call->views, table);
    bool more = store_seek(c, (struct text){ (const char *)from, (uint32_t)prefix_bytes + 8 }, &key, &value);
    for (; more && memcmp(key.at, prefix, prefix_bytes) == 0 && page->streams.n <= page->limit; more = store_next(c, &key, &value)) {
        struct portfolio_row row;
        if (table == projection_table(&portfolios) && page->state >= 0) {
            memcpy(&row, value.at, sizeof(row));
            if (row.state != page->state)
                continue;
        }
        streams_add(call, &page->streams, store_key_read_u64(key.at + prefix_bytes));
    }
    store_cursor_close(c);
}

/* By name, from the index in memory: it knows words by sound, whole, and nothing else. */
static void take_named(struct call *call, struct page *page)
{
    uint64_t *found;
    uint32_t n = duplicates_named(call->service->duplicates, call->arena, page->q, &found);
    for (uint32_t i = 0; i < n && page->streams.n <= page->limit; i++)
        if (found[i] > page->after)
            streams_add(call, &page->streams, found[i]);
}

static void take_page(struct call *call, struct page *page)
{
    uint8_t prefix[8];
    if (page->q.at) {
        take_named(call, page);
        return;
    }
    if ((int64_t)page->referent != ABSENT) {
        store_key_u64(prefix, page->referent);
        take_rows(call, page, projection_table(&portfolios), prefix, 8);
    } else if (page->state >= 0) {
        prefix[0] = (uint8_t)page->state;
        take_rows(call, page, projection_table(&states), prefix, 1);
    } else {
        prefix[0] = STREAM_participant;
        take_rows(call, page, TABLE_STREAMS, prefix, 1);
    }
}

static bool put_listed(void *context, const struct parcours *p, const struct event *const *standing, uint32_t count)
{
    struct json_out *out = context;
    (void)standing, (void)count;
    json_open(out);
    json_key(out, "participant"), json_id(out, STREAM_participant, p->stream);
    json_key(out, "state"), json_string(out, state_name(p->state));
    json_key(out, "referent"), json_id(out, STREAM_referent, (uint64_t)p->referent);
    json_close(out);
    return true;
}

void answer_participants(struct call *call)
{
    struct page page = { .limit = PAGE, .referent = (uint64_t)ABSENT };
    struct json_out *out = call->out;
    if (!read_state(call, &page.state) || !call_stream(call, "referent", STREAM_referent, &page.referent) ||
        !call_number(call, "limit", 1, PAGE_MAX, &page.limit) || !call_cursor(call, "after", STREAM_participant, &page.after) ||
        !call_text(call, "q", &page.q) || !call_look(call) || (page.q.at && !call_duplicates(call)))
        return;
    if (page.q.at && (page.state >= 0 || (int64_t)page.referent != ABSENT)) {
        call_refuse_parameter(call, "q", "by name, or by state and referent");
        return;
    }
    take_page(call, &page);
    bool more = page.streams.n > page.limit;
    if (more)
        page.streams.n--;
    json_open(out);
    json_key(out, "participants"), json_open_list(out);
    if (!walk_participants(call, &page.streams, NOW, put_listed, out))
        return;
    json_close_list(out);
    json_key(out, "next_cursor"), json_id(out, STREAM_participant, more ? page.streams.at[page.streams.n - 1] : UINT64_MAX);
    json_close(out);
}

/* ---- a portfolio ---- */
struct line {
    uint64_t participant;
    struct portfolio_row row;
};

struct portfolio {
    struct call *call;
    struct arena *arena;
    uint64_t referent;
    int32_t on;
    int64_t caseload;
    struct line *at;
    uint32_t n, room;
};

static void add_line(struct portfolio *f, uint64_t participant, const void *row)
{
    void *at = f->at;
    vector_room(f->arena, &f->n, &f->room, &at, sizeof(*f->at));
    f->at = at;
    f->at[f->n].participant = participant;
    memcpy(&f->at[f->n++].row, row, sizeof(struct portfolio_row));
}

static void lines_now(struct portfolio *f)
{
    uint8_t prefix[8];
    struct text key, value;
    store_key_u64(prefix, f->referent);
    struct store_cursor *c = store_cursor(f->call->views, projection_table(&portfolios));
    bool more = store_seek(c, (struct text){ (const char *)prefix, 8 }, &key, &value);
    for (; more && memcmp(key.at, prefix, 8) == 0; more = store_next(c, &key, &value))
        add_line(f, store_key_read_u64(key.at + 8), value.at);
    store_cursor_close(c);
    f->caseload = caseload_on(f->call, f->referent, f->on);
}

/* The projection makes the row of any fold, of the past as of today. */
static bool line_then(void *context, const struct parcours *p, const struct event *const *standing, uint32_t count)
{
    struct portfolio *f = context;
    struct rows rows = { .arena = p->arena };
    (void)standing, (void)count;
    if (p->referent == ABSENT || (uint64_t)p->referent != f->referent)
        return true;
    portfolios.rows(p, &rows);
    for (uint32_t i = 0; i < rows.count; i++)
        add_line(f, p->stream, rows.at[i].value);
    f->caseload += parcours_in_caseload(p, f->on);
    return true;
}

/* Whoever was in the portfolio then may be in nobody's now: every participant is looked at. */
static bool lines_then(struct portfolio *f, struct moment m)
{
    struct streams all = streams_of(f->call, STREAM_participant);
    return walk_participants(f->call, &all, m, line_then, f);
}

static int by_since(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    bool x_none = x->row.rule < 0, y_none = y->row.rule < 0;
    if (x_none != y_none)
        return x_none ? 1 : -1;
    if (!x_none && x->row.since != y->row.since)
        return x->row.since < y->row.since ? -1 : 1;
    return (x->participant > y->participant) - (x->participant < y->participant);
}

static void put_line(struct json_out *out, const struct line *l, int32_t on)
{
    json_open(out);
    json_key(out, "participant"), json_id(out, STREAM_participant, l->participant);
    json_key(out, "state"), json_string(out, state_name((enum state)l->row.state));
    json_key(out, "started"), json_day(out, l->row.started_on);
    json_key(out, "last_contact"), json_day(out, l->row.contact_on);
    json_key(out, "occupied"), json_bool(out, l->row.occupied);
    json_key(out, "next");
    if (l->row.rule < 0) {
        json_null(out);
    } else {
        json_open(out);
        json_key(out, "rule"), json_string(out, rules[l->row.rule].name);
        json_key(out, "due"), json_day(out, l->row.due);
        json_key(out, "since"), json_day(out, l->row.since);
        json_key(out, "late_days"), json_number(out, on > l->row.due ? on - l->row.due : 0);
        json_close(out);
    }
    json_close(out);
}

static void put_counts(struct json_out *out, const struct portfolio *f)
{
    int64_t by_state[STATES] = { 0 }, overdue = 0;
    for (uint32_t i = 0; i < f->n; i++) {
        by_state[f->at[i].row.state]++;
        overdue += f->at[i].row.rule >= 0 && f->at[i].row.since <= f->on;
    }
    json_open(out);
    json_key(out, "participants"), json_number(out, f->n);
    json_key(out, "caseload"), json_number(out, f->caseload);
    json_key(out, "overdue"), json_number(out, overdue);
    json_key(out, "by_state"), json_open(out);
    for (int s = 0; s < STATES; s++)
        if (by_state[s])
            json_key(out, state_name((enum state)s)), json_number(out, by_state[s]);
    json_close(out);
    json_close(out);
}

static void put_portfolio(struct call *call, const struct portfolio *f)
{
    struct json_out *out = call->out;
    int64_t target = caseload_target(call, ABSENT, f->on);
    json_open(out);
    json_key(out, "referent"), json_id(out, STREAM_referent, f->referent);
    json_key(out, "on"), json_day(out, f->on);
    json_key(out, "participants"), json_open_list(out);
    for (uint32_t i = 0; i < f->n; i++)
        put_line(out, &f->at[i], f->on);
    json_close_list(out);
    json_key(out, "counts"), put_counts(out, f);
    json_key(out, "caseload_target");
    if (target == ABSENT)
        json_null(out);
    else
        json_number(out, target);
    json_close(out);
}

void answer_portfolio(struct call *call)
{
    struct moment m;
    struct portfolio f = { .call = call, .arena = call->arena, .referent = call->stream };
    if (!call_moment(call, &m))
        return;
    f.on = m.as_of == INT32_MAX ? call->today : m.as_of;
    if (!call_day(call, "on", &f.on) || !call_look(call) || !call_knows(call, STREAM_referent, call->stream))
        return;
    if (moment_is_now(m))
        lines_now(&f);
    else if (!lines_then(&f, m))
        return;
    if (f.n > 1)
        qsort(f.at, f.n, sizeof(*f.at), by_since);
    put_portfolio(call, &f);
}
