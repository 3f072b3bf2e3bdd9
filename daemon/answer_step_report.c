/* The month's reporting of the steps, for the PLIE or one referent, as JSON or CSV: every step that was waiting, running or
 * ended in the month, as it stood on the month's last day. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../events/ids.h"
#include "../projections/portfolios.h"
#include "answers.h"
#include "csv.h"
#include "service.h"

struct line {
    uint64_t participant;
    struct step step;
    struct text provider;
};

struct report {
    struct call *call;
    int32_t month, first, last;
    uint64_t referent;          /* ABSENT: everybody */
    struct line *at;
    uint32_t n, room;
    int64_t prescribed, started, running, ended, abandoned;
};

/* ---- whom to look at: who was in a caseload during the month ---- */
struct stay {
    uint64_t participant;
    int32_t before;             /* in the caseload when the month began: 1, else 0 */
    bool during;                /* came or left during the month */
};

static int by_participant(const void *a, const void *b)
{
    const struct stay *x = a, *y = b;
    return (x->participant > y->participant) - (x->participant < y->participant);
}

static struct stay *read_stays(const struct report *r, uint32_t *ret_count)
{
    uint8_t from[8] = { 0 };
    uint32_t room = 0;
    struct text key, value;
    struct stay *all = NULL;
    bool one = (int64_t)r->referent != ABSENT;
    if (one)
        store_key_u64(from, r->referent);
    struct store_cursor *c = store_cursor(r->call->views, projection_table(&caseloads));
    bool more = store_seek(c, (struct text){ (const char *)from, 8 }, &key, &value);
    for (*ret_count = 0; more && (!one || memcmp(key.at, from, 8) == 0); more = store_next(c, &key, &value)) {
        int32_t day = key_read_day(key.at + 8), by;
        if (day > r->last)
            continue;
        memcpy(&by, value.at, sizeof(by));
        void *at = all;
        vector_room(r->call->arena, ret_count, &room, &at, sizeof(*all));
        all = at;
        all[(*ret_count)++] = (struct stay){ store_key_read_u64(key.at + 12), day < r->first ? by : 0, day >= r->first };
    }
    store_cursor_close(c);
    return all;
}

static struct streams present(const struct report *r)
{
    uint32_t count;
    struct streams s = { NULL, 0, 0 };
    struct stay *all = read_stays(r, &count);
    if (count > 1)
        qsort(all, count, sizeof(*all), by_participant);
    for (uint32_t i = 0, next; i < count; i = next) {
        int32_t before = 0;
        bool during = false;
        for (next = i; next < count && all[next].participant == all[i].participant; next++) {
            before += all[next].before;
            during = during || all[next].during;
        }
        if (before > 0 || during)
            streams_add(r->call, &s, all[i].participant);
    }
    return s;
}

/* ---- the steps ---- */
static bool within(const struct report *r, int32_t day)
{
    return day != DAY_NONE && r->first <= day && day <= r->last;
}

/* A step that was dropped before it began counts in the month of its prescription only. */
static bool touches(const struct report *r, const struct step *s)
{
    if (s->dropped && s->started_on == DAY_NONE)
        return within(r, s->prescribed_on);
    return s->prescribed_on <= r->last && (s->ended_on == DAY_NONE || s->ended_on >= r->first);
}

static struct text provider_of(struct arena *arena, const struct event *const *standing, uint32_t count, uint64_t step)
{
    for (uint32_t i = 0; i < count; i++)
        if (standing[i]->seq == step && standing[i]->kind->number == KIND_step_prescribed) {
            struct text t = ((const struct step_prescribed *)standing[i]->data)->provider;
            return t.at ? arena_text(arena, t.at, t.bytes) : t;
        }
    return (struct text){ NULL, 0 };
}

static void count_step(struct report *r, const struct step *s)
{
    r->prescribed += within(r, s->prescribed_on);
    r->started += within(r, s->started_on);
    r->running += s->started_on != DAY_NONE && s->ended_on == DAY_NONE;
    r->ended += within(r, s->ended_on) && !s->abandoned;
    r->abandoned += within(r, s->ended_on) && s->abandoned;
}

static bool take_steps(void *context, const struct parcours *p, const struct event *const *standing, uint32_t count)
{
    struct report *r = context;
    bool left = p->exited_on != DAY_NONE && p->exited_on < r->first;
    bool theirs = (int64_t)r->referent == ABSENT || (p->referent != ABSENT && (uint64_t)p->referent == r->referent);
    for (uint32_t i = 0; theirs && !left && i < p->steps.n; i++) {
        const struct step *s = &p->steps.at[i];
        if (!touches(r, s))
            continue;
        void *at = r->at;
        vector_room(r->call->arena, &r->n, &r->room, &at, sizeof(*r->at));
        r->at = at;
        r->at[r->n++] = (struct line){ p->stream, *s, provider_of(r->call->arena, standing, count, s->seq) };
        count_step(r, s);
    }
    return true;
}

/* ---- out ---- */
static void put_json(const struct report *r)
{
    struct json_out *out = r->call->out;
    char month[DAY_TEXT_BYTES];
    json_open(out);
    json_key(out, "month"), json_string(out, month_print(r->month, month));
    json_key(out, "referent"), json_id(out, STREAM_referent, r->referent);
    json_key(out, "rows"), json_open_list(out);
    for (uint32_t i = 0; i < r->n; i++) {
        const struct line *l = &r->at[i];
        json_open(out);
        json_key(out, "participant"), json_id(out, STREAM_participant, l->participant);
        json_key(out, "step"), json_seq(out, l->step.seq);
        json_key(out, "kind"), json_word(out, VOCABULARY_step_kind, l->step.kind);
        json_key(out, "provider"), json_text(out, l->provider);
        json_key(out, "prescribed"), json_day(out, l->step.prescribed_on);
        json_key(out, "started"), json_day(out, l->step.started_on);
        json_key(out, "ended"), json_day(out, l->step.ended_on);
        json_key(out, "planned_end"), json_day(out, l->step.planned_end);
        json_key(out, "objective_result"), json_word(out, VOCABULARY_objective_result, l->step.result);
        json_key(out, "abandoned"), json_bool(out, l->step.abandoned);
        json_close(out);
    }
    json_close_list(out);
    json_key(out, "counts"), json_open(out);
    json_key(out, "prescribed"), json_number(out, r->prescribed);
    json_key(out, "started"), json_number(out, r->started);
    json_key(out, "running"), json_number(out, r->running);
    json_key(out, "ended"), json_number(out, r->ended);
    json_key(out, "abandoned"), json_number(out, r->abandoned);
    json_close(out);
    json_close(out);
}

static void csv_pair(struct csv *c, const char *name, struct text value)
{
    csv_cell(c, text_of(name));
    csv_cell(c, value);
    csv_row(c);
}

/* What the table is about, in the file itself: it travels alone. */
static void put_csv_head(struct csv *c, const struct report *r)
{
    char id[ID_TEXT_BYTES], first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
    struct arena *arena = r->call->arena;
    const struct rulebook *b = rulebook_on(r->call->books, r->last, UINT64_MAX);
    csv_pair(c, "# scope", text_of((int64_t)r->referent == ABSENT ? "plie" : id_print(STREAM_referent, r->referent, id)));
    csv_pair(c, "# period", arena_print(arena, "%s/%s", day_print(r->first, first), day_print(r->last, last)));
    csv_pair(c, "# rulebook", b ? b->name : TEXT(""));
    csv_pair(c, "# position", arena_print(arena, "%llu", (unsigned long long)r->call->position.seq));
    csv_pair(c, "# rows", arena_print(arena, "%u", r->n));
}

static void put_csv_rows(struct csv *c, const struct report *r)
{
    static const char *const columns[] = { "participant", "step", "kind", "provider", "prescribed", "started", "ended", "planned_end",
                                           "objective_result", "abandoned" };
    char id[ID_TEXT_BYTES];
    for (unsigned i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        csv_cell(c, text_of(columns[i]));
    csv_row(c);
    for (uint32_t i = 0; i < r->n; i++) {
        const struct step *s = &r->at[i].step;
        csv_cell(c, text_of(id_print(STREAM_participant, r->at[i].participant, id)));
        csv_number(c, (int64_t)s->seq);
        csv_cell(c, text_of(word_name(VOCABULARY_step_kind, s->kind)));
        csv_cell(c, r->at[i].provider);
        csv_day(c, s->prescribed_on);
        csv_day(c, s->started_on);
        csv_day(c, s->ended_on);
        csv_day(c, s->planned_end);
        csv_cell(c, s->result < 0 ? TEXT("") : text_of(word_name(VOCABULARY_objective_result, s->result)));
        csv_cell(c, s->abandoned ? TEXT("yes") : TEXT("no"));
        csv_row(c);
    }
}

static void send_csv(const struct report *r)
{
    struct csv c;
    char headers[LOOK_HEADERS_BYTES + 80], looked[LOOK_HEADERS_BYTES], month[DAY_TEXT_BYTES];
    csv_begin(&c, ANSWER_BYTES_MAX);
    put_csv_head(&c, r);
    if (r->n == 0)
        csv_cell(&c, TEXT("# empty")), csv_row(&c);
    else
        put_csv_rows(&c, r);
    snprintf(headers, sizeof(headers), "%sContent-Disposition: attachment; filename=\"steps-%s.csv\"\r\n", call_look_headers(r->call, looked),
             month_print(r->month, month));
    if (c.failed) {
        call_refuse(r->call, REFUSED_busy, "the report is too large: ask for one referent", NULL);
    } else {
        call_send(r->call, 200, headers, "text/csv; charset=utf-8", c.at, c.bytes);
    }
    csv_end(&c);
}

static bool read_month(struct call *call, struct report *r)
{
    struct text month = { NULL, 0 };
    struct problems problems = { .count = 0 };
    r->month = month_index(call->today);
    if (!call_text(call, "month", &month))
        return false;
    if (month.at && !month_parse(month, &r->month)) {
        problem_add(&problems, "a month is written YYYY-MM", "?month");
        call_refuse(call, REFUSED_malformed, NULL, &problems);
        return false;
    }
    r->first = month_first(r->month);
    r->last = month_last(r->month);
    return true;
}

static bool wants_csv(const struct http_request *request)
{
    const struct text *accept = http_header(request, "accept");
    return accept && memmem(accept->at, accept->bytes, "text/csv", 8);
}

void answer_step_report(struct call *call)
{
    struct report r = { .call = call, .referent = (uint64_t)ABSENT };
    if (!read_month(call, &r) || !call_stream(call, "referent", STREAM_referent, &r.referent) || !call_look(call))
        return;
    struct streams s = present(&r);
    if (!walk_participants(call, &s, (struct moment){ r.last, INT64_MAX }, take_steps, &r))
        return;
    if (wants_csv(call->request))
        send_csv(&r);
    else
        put_json(&r);
}
