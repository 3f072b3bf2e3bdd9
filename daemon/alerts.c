#include "alerts.h"

#include <stdlib.h>
#include <string.h>

#include "../projections/duties.h"
#include "../projections/portfolios.h"
#include "answers.h"
#include "service.h"

struct gathering {
    struct call *call;
    struct alerts_asked asked;
    struct alert *at;
    uint32_t n, room;
    struct elsewhere elsewhere; /* for duties */
};

/* What is not said of it: nobody saw it or put it off, nothing settled it. */
#define UNHEEDED .seen_on = DAY_NONE, .until_day = DAY_NONE, .settled_on = DAY_NONE

static bool asked_for(const struct gathering *g, const struct alert *a)
{
    const struct alerts_asked *q = &g->asked;
    bool about = q->participant == NOBODY || (a->owes == STREAM_participant && a->owner == q->participant);
    return about && (q->rule < 0 || a->rule == q->rule) && (q->referent == NOBODY || a->referent == q->referent) &&
           (q->statuses >> alert_status_on(a, q->on) & 1);
}

static void add_alert(struct gathering *g, struct alert one)
{
    if (!asked_for(g, &one))
        return;
    void *at = g->at;
    vector_room(g->call->arena, &g->n, &g->room, &at, sizeof(one));
    g->at = at;
    g->at[g->n++] = one;
}

/* ---- deadlines that are open ---- */
static uint64_t referent_in(uint64_t key)
{
    return key == NO_REFERENT ? NOBODY : key;
}

static void add_open(struct gathering *g, struct text key, struct text value)
{
    struct alert_row row;
    memcpy(&row, value.at, sizeof(row));
    add_alert(g, (struct alert){ .owes = STREAM_participant, .owner = store_key_read_u64(key.at + 13), .referent = referent_in(store_key_read_u64(key.at)),
                                 .rule = (uint8_t)key.at[12], .due = row.due, .since = row.since, .shown_on = key_read_day(key.at + 8), UNHEEDED });
}

/* Each referent's rows come by the day they show from: past the day asked, the next referent's are sought. */
static void scan_open(struct gathering *g)
{
    uint8_t from[8] = { 0 };
    struct text key, value;
    if (g->asked.referent != NOBODY)
        store_key_u64(from, g->asked.referent);
    struct store_cursor *c = store_cursor(g->call->views, projection_table(&alerts));
    bool more = store_seek(c, (struct text){ (const char *)from, 8 }, &key, &value);
    while (more) {
        uint64_t referent = store_key_read_u64(key.at);
        if (g->asked.referent != NOBODY && referent != g->asked.referent)
            break;
        if (key_read_day(key.at + 8) <= g->asked.on) {
            add_open(g, key, value);
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
static void scan_late(struct gathering *g)
{
    struct row month = { .key_bytes = 0 };
    struct text key, value;
    key_u32(&month, (uint32_t)month_index(g->asked.on) ^ 0x80000000u);
    struct store_cursor *c = store_cursor(g->call->views, projection_table(&late_alerts));
    bool more = store_seek(c, (struct text){ (const char *)month.key, 4 }, &key, &value);
    for (; more && memcmp(key.at, month.key, 4) == 0; more = store_next(c, &key, &value)) {
        struct late_row row;
        memcpy(&row, value.at, sizeof(row));
        if (key_read_day(key.at + 13) <= g->asked.on && g->asked.on < row.settled_on)
            add_alert(g, (struct alert){ .owes = STREAM_participant, .owner = store_key_read_u64(key.at + 5), .referent = referent_in(row.referent),
                                         .rule = (uint8_t)key.at[4], .due = row.due, .since = row.since, .shown_on = key_read_day(key.at + 13),
                                         .cause = row.cause, .seen_on = DAY_NONE, .until_day = DAY_NONE, .settled_on = row.settled_on, .settled = row.settled });
    }
    store_cursor_close(c);
}

/* ---- what referents, sessions... owe themselves ---- */
static bool add_duties(struct gathering *g, struct arena *arena, enum stream_type type, uint64_t stream)
{
    struct card card;
    struct duty duties[DUTIES_MAX];
    const struct event **events;
    uint32_t count;
    if (!call_card(g->call, arena, stream, type, (struct moment){ g->asked.on, g->asked.known_at }, &card, &events, &count))
        return false;
    g->elsewhere.scratch = arena;
    struct owing owing = { &card, events, count, g->asked.on, stream, &g->elsewhere };
    unsigned n = duties_of(type, &owing, g->call->books, duties);
    for (unsigned i = 0; i < n; i++) {
        const struct deadline *d = &duties[i].deadline;
        if (d->since <= g->asked.on)
            add_alert(g, (struct alert){ .owes = type, .owner = stream, .referent = type == STREAM_referent ? stream : NOBODY, .rule = (int)duties[i].rule,
                                         .due = d->due, .since = d->since, .shown_on = d->since, .cause = d->cause, UNHEEDED });
    }
    return true;
}

static bool scan_type(struct gathering *g, enum stream_type type)
{
    struct arena scratch;
    bool good = true;
    struct streams all = streams_of(g->call, type);
    arena_init(&scratch, REQUEST_ARENA_BYTES);
    for (uint32_t i = 0; good && i < all.n; i++) {
        arena_reset(&scratch);
        good = (g->asked.referent != NOBODY && g->asked.referent != all.at[i]) || add_duties(g, &scratch, type, all.at[i]);
    }
    arena_free(&scratch);
    return good;
}

static bool scan_duties(struct gathering *g)
{
    bool good = true;
    g->elsewhere = (struct elsewhere){ .log = g->call->log, .views = g->call->views, .kept = g->call->arena, .known_at = g->asked.known_at };
    for (int type = 0; good && type < STREAM_TYPES; type++)
        if (stream_has_duties((enum stream_type)type) && (g->asked.referent == NOBODY || type == STREAM_referent))
            good = scan_type(g, (enum stream_type)type);
    return good;
}

/* ---- as it was known at an instant: nothing is filed so, everybody is folded ---- */
static bool add_known(void *context, const struct parcours *p, const struct event *const *standing, uint32_t count)
{
    struct gathering *g = context;
    (void)standing, (void)count;
    for (int r = 0; r < RULES; r++) {
        const struct deadline *d = &p->open[r];
        if (d->due != DAY_NONE && deadline_shown_on(d) <= g->asked.on)
            add_alert(g, (struct alert){ .owes = STREAM_participant, .owner = p->stream, .referent = (uint64_t)p->referent, .rule = r, .due = d->due,
                                         .since = d->since, .shown_on = deadline_shown_on(d), .cause = d->cause, UNHEEDED });
    }
    return true;
}

static bool scan_known(struct gathering *g)
{
    struct streams all = streams_of(g->call, STREAM_participant);
    return walk_participants(g->call, &all, (struct moment){ g->asked.on, g->asked.known_at }, add_known, g);
}

/* ---- all of them ---- */
struct alerts_asked alerts_of_today(const struct call *call)
{
    return (struct alerts_asked){ call->today, INT64_MAX, NOBODY, NOBODY, -1, ALERTS_STANDING };
}

static bool gather(struct gathering *g)
{
    bool known_now = g->asked.known_at == INT64_MAX;
    if (!known_now && !scan_known(g))
        return false;
    if (known_now)
        scan_open(g);
    if (known_now && g->asked.on < g->call->today)
        scan_late(g);
    return g->asked.participant != NOBODY || scan_duties(g);
}

static int in_order(const void *x, const void *y)
{
    return alert_compare(x, y);
}

bool alerts_of(struct call *call, const struct alerts_asked *asked, struct alert **ret, uint32_t *ret_count)
{
    struct gathering g = { .call = call, .asked = *asked };
    if (!gather(&g))
        return false;
    if (g.n > 1)
        qsort(g.at, g.n, sizeof(*g.at), in_order);
    *ret = g.at;
    *ret_count = g.n;
    return true;
}

void alert_json(struct json_out *out, const struct alert *a, const struct alerts_view *view, bool french)
{
    char id[ALERT_ID_BYTES];
    enum rule_number r = (enum rule_number)a->rule;
    json_open(out);
    json_key(out, "alert"), json_string(out, alert_id(a, id));
    json_key(out, "rule"), json_string(out, rules[r].name);
    json_key(out, "participant"), json_id(out, STREAM_participant, a->owes == STREAM_participant ? a->owner : NOBODY);
    json_key(out, "referent"), json_id(out, STREAM_referent, a->referent);
    if (a->owes != STREAM_participant && a->owes != STREAM_referent)
        json_key(out, stream_name(a->owes)), json_id(out, a->owes, a->owner);
    json_key(out, "due"), json_day(out, a->due);
    json_key(out, "since"), json_day(out, a->since);
    json_key(out, "late_days"), json_number(out, view->on > a->due ? view->on - a->due : 0);
    json_key(out, "turn"), json_string(out, turn_name(r));
    json_key(out, "sentence"), json_string(out, rule_sentence(r, french));
    json_key(out, "cause"), json_seq(out, a->cause);
    json_close(out);
}
