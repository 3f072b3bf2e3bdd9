/* The alerts of a day. Today and later: the deadlines that are open, read by referent and by the day they show from, so that
 * only what is due is touched. A past day: those, and the ones settled since. What was known at an instant is folded anew. Duties of the other
 * streams (a referent's, a session's...) are few and folded. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../projections/duties.h"
#include "../projections/portfolios.h"
#include "answers.h"
#include "service.h"

#define NOBODY ((uint64_t)ABSENT)
#define PAGE_MAX 10000
#define CURSOR_BYTES 80

struct alert {
    uint64_t participant, referent;
    enum stream_type owes;              /* participant NOBODY: the duty of `owner`, of this type */
    uint64_t owner;
    uint64_t cause;                     /* 0: explain?of=alert:RULE tells */
    int32_t due, since;
    int rule;
};

struct alerts {
    struct call *call;
    int32_t on;
    int64_t known_at;
    uint64_t referent, participant; /* filters; NOBODY: none */
    int rule;                       /* filter; -1 none */
    struct alert *at;
    uint32_t n, room;
    struct elsewhere elsewhere; /* for duties */
};

static void add_alert(struct alerts *a, struct alert one)
{
    if ((a->rule >= 0 && one.rule != a->rule) || (a->participant != NOBODY && one.participant != a->participant) ||
        (a->referent != NOBODY && one.referent != a->referent))
        return;
    void *at = a->at;
    vector_room(a->call->arena, &a->n, &a->room, &at, sizeof(one));
    a->at = at;
    a->at[a->n++] = one;
}

/* ---- deadlines that are open ---- */
static void add_open(struct alerts *a, struct text key, struct text value)
{
    struct alert_row row;
    memcpy(&row, value.at, sizeof(row));
    add_alert(a, (struct alert){ .participant = store_key_read_u64(key.at + 13), .referent = store_key_read_u64(key.at), .due = row.due, .since = row.since,
                                .rule = (uint8_t)key.at[12] });
}

/* Each referent's rows come by the day they show from: past the day asked, the next referent's are sought. */
static void scan_open(struct alerts *a)
{
    uint8_t from[8] = { 0 };
    struct text key, value;
    if (a->referent != NOBODY)
        store_key_u64(from, a->referent);
    struct store_cursor *c = store_cursor(a->call->views, projection_table(&alerts));
    bool more = store_seek(c, (struct text){ (const char *)from, 8 }, &key, &value);
    while (more) {
        uint64_t referent = store_key_read_u64(key.at);
        if (a->referent != NOBODY && referent != a->referent)
            break;
        if (key_read_day(key.at + 8) <= a->on) {
            add_open(a, key, value);
            more = store_next(c, &key, &value);
        } else if (referent == NO_REFERENT) {
            break;
        } else {
            store_key_u64(from, referent + 1);
            more = store_seek(c, (struct text){ (const char *)from, 8 }, &key, &value);
        }
    }
    store_cursor_close(c);
}

/* ---- deadlines settled late: filed under each month in which they showed ---- */
static void scan_late(struct alerts *a)
{
    struct row month = { .key_bytes = 0 };
    struct text key, value;
    key_u32(&month, (uint32_t)month_index(a->on) ^ 0x80000000u);
    struct store_cursor *c = store_cursor(a->call->views, projection_table(&late_alerts));
    bool more = store_seek(c, (struct text){ (const char *)month.key, 4 }, &key, &value);
    for (; more && memcmp(key.at, month.key, 4) == 0; more = store_next(c, &key, &value)) {
        struct late_row row;
        memcpy(&row, value.at, sizeof(row));
        if (key_read_day(key.at + 13) <= a->on && a->on < row.settled_on)
            add_alert(a, (struct alert){ .participant = store_key_read_u64(key.at + 5), .referent = row.referent, .cause = row.cause, .due = row.due,
                                        .since = row.since, .rule = (uint8_t)key.at[4] });
    }
    store_cursor_close(c);
}

/* ---- what referents, sessions... owe themselves ---- */
static bool add_duties(struct alerts *a, struct arena *arena, enum stream_type type, uint64_t stream)
{
    struct card card;
    struct duty duties[DUTIES_MAX];
    const struct event **events;
    uint32_t count;
    if (!call_card(a->call, arena, stream, type, (struct moment){ a->on, a->known_at }, &card, &events, &count))
        return false;
    a->elsewhere.scratch = arena;
    struct owing owing = { &card, events, count, a->on, stream, &a->elsewhere };
    unsigned n = duties_of(type, &owing, a->call->books, duties);
    for (unsigned i = 0; i < n; i++) {
        const struct deadline *d = &duties[i].deadline;
        if (d->since <= a->on)
            add_alert(a, (struct alert){ .participant = NOBODY, .referent = type == STREAM_referent ? stream : NOBODY, .owes = type, .owner = stream,
                                         .cause = d->cause, .due = d->due, .since = d->since, .rule = duties[i].rule });
    }
    return true;
}

static bool scan_type(struct alerts *a, enum stream_type type)
{
    struct arena scratch;
    bool good = true;
    struct streams all = streams_of(a->call, type);
    arena_init(&scratch, REQUEST_ARENA_BYTES);
    for (uint32_t i = 0; good && i < all.n; i++) {
        arena_reset(&scratch);
        good = (a->referent != NOBODY && a->referent != all.at[i]) || add_duties(a, &scratch, type, all.at[i]);
    }
    arena_free(&scratch);
    return good;
}

static bool scan_duties(struct alerts *a)
{
    bool good = true;
    a->elsewhere = (struct elsewhere){ .log = a->call->log, .views = a->call->views, .kept = a->call->arena, .known_at = a->known_at };
    for (int type = 0; good && type < STREAM_TYPES; type++)
        if (stream_has_duties((enum stream_type)type) && (a->referent == NOBODY || type == STREAM_referent))
            good = scan_type(a, (enum stream_type)type);
    return good;
}

/* ---- as it was known at an instant: nothing is filed so, everybody is folded ---- */
static bool add_known(void *context, const struct parcours *p, const struct event *const *standing, uint32_t count)
{
    struct alerts *a = context;
    (void)standing, (void)count;
    for (int r = 0; r < RULES; r++) {
        const struct deadline *d = &p->open[r];
        if (d->due != DAY_NONE && deadline_shown_on(d) <= a->on)
            add_alert(a, (struct alert){ .participant = p->stream, .referent = p->referent == ABSENT ? NOBODY : (uint64_t)p->referent, .cause = d->cause,
                                        .due = d->due, .since = d->since, .rule = r });
    }
    return true;
}

static bool scan_known(struct alerts *a)
{
    struct streams all = streams_of(a->call, STREAM_participant);
    return walk_participants(a->call, &all, (struct moment){ a->on, a->known_at }, add_known, a);
}

/* ---- the answer ---- */
static int by_since(const void *x, const void *y)
{
    const struct alert *a = x, *b = y;
    if (a->since != b->since)
        return a->since < b->since ? -1 : 1;
    if (a->rule != b->rule)
        return a->rule < b->rule ? -1 : 1;
    if (a->participant != b->participant)
        return a->participant < b->participant ? -1 : 1;
    return (a->owner > b->owner) - (a->owner < b->owner);
}

static void put_alert(struct json_out *out, const struct alert *a, int32_t on, bool french)
{
    enum rule_number r = (enum rule_number)a->rule;
    json_open(out);
    json_key(out, "rule"), json_string(out, rules[r].name);
    json_key(out, "participant"), json_id(out, STREAM_participant, a->participant);
    json_key(out, "referent"), json_id(out, STREAM_referent, a->referent);
    if (a->participant == NOBODY && a->owes != STREAM_referent)
        json_key(out, stream_name(a->owes)), json_id(out, a->owes, a->owner);
    json_key(out, "due"), json_day(out, a->due);
    json_key(out, "since"), json_day(out, a->since);
    json_key(out, "late_days"), json_number(out, on > a->due ? on - a->due : 0);
    json_key(out, "turn"), json_string(out, turn_name(r));
    json_key(out, "sentence"), json_string(out, rule_sentence(r, french));
    json_key(out, "cause"), json_seq(out, a->cause);
    json_close(out);
}

/* ---- pages: opaque to who asks, the last alert's place in the order ---- */
static void put_cursor(struct json_out *out, const struct alerts *a, uint32_t next)
{
    char text[CURSOR_BYTES];
    json_key(out, "next_cursor");
    if (next >= a->n) {
        json_null(out);
        return;
    }
    const struct alert *last = &a->at[next - 1];
    snprintf(text, sizeof(text), "%d.%d.%" PRIx64 ".%" PRIx64, last->since, last->rule, last->participant, last->owner);
    json_string(out, text);
}

/* The first alert after the cursor's; false: it is none of ours. */
static bool find_page(struct alerts *a, struct text after, uint32_t *ret_first)
{
    struct alert last = { .since = 0 };
    char text[CURSOR_BYTES];
    *ret_first = 0;
    if (!after.at)
        return true;
    snprintf(text, sizeof(text), "%.*s", TEXT_ARGS(after));
    if (sscanf(text, "%" SCNd32 ".%d.%" SCNx64 ".%" SCNx64, &last.since, &last.rule, &last.participant, &last.owner) != 4)
        return call_refuse_parameter(a->call, "after", "not a cursor that was given");
    while (*ret_first < a->n && by_since(&a->at[*ret_first], &last) <= 0)
        (*ret_first)++;
    return true;
}

static bool scan(struct alerts *a)
{
    if (a->known_at != INT64_MAX && !scan_known(a))
        return false;
    if (a->known_at == INT64_MAX)
        scan_open(a);
    if (a->known_at == INT64_MAX && a->on < a->call->today)
        scan_late(a);
    if (a->participant == NOBODY && !scan_duties(a))
        return false;
    if (a->n > 1)
        qsort(a->at, a->n, sizeof(*a->at), by_since);
    return true;
}

void answer_alerts(struct call *call)
{
    struct alerts a = { .call = call, .on = call->today, .referent = NOBODY, .participant = NOBODY, .rule = -1, .known_at = INT64_MAX };
    struct json_out *out = call->out;
    struct text after = { NULL, 0 };
    int64_t limit = PAGE_MAX;
    uint32_t first;
    if (!call_day(call, "on", &a.on) || !call_instant(call, "known_at", &a.known_at) || !call_stream(call, "referent", STREAM_referent, &a.referent) ||
        !call_stream(call, "participant", STREAM_participant, &a.participant) || !call_rule(call, "rule", &a.rule) ||
        !call_number(call, "limit", 1, PAGE_MAX, &limit) || !call_text(call, "after", &after) || !call_look(call))
        return;
    if (!scan(&a) || !find_page(&a, after, &first))
        return;
    uint32_t end = a.n - first > limit ? first + (uint32_t)limit : a.n;
    json_open(out);
    json_key(out, "on"), json_day(out, a.on);
    json_key(out, "count"), json_number(out, a.n);
    json_key(out, "alerts"), json_open_list(out);
    for (uint32_t i = first; i < end; i++)
        put_alert(out, &a.at[i], a.on, call->french);
    json_close_list(out);
    put_cursor(out, &a, end);
    json_close(out);
}
