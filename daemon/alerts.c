#include "alerts.h"

#include <stdlib.h>
#include <string.h>

#include "../projections/portfolios.h"
#include "answers.h"
#include "owed.h"
#include "service.h"

struct gathering {
    struct call *call;
    struct alerts_asked asked;
    struct alert *at;
    uint32_t n, room;
    struct streams folded;      /* whose heeds of that day only a fold tells; each of the alert at the same place of `of` */
    uint32_t *of, of_n, of_room;
    uint32_t done;              /* of them */
    struct elsewhere elsewhere; /* for duties */
};

/* What is not said of it: nobody saw it or put it off, nothing settled it. */
#define UNHEEDED .seen_on = DAY_NONE, .until_day = DAY_NONE, .settled_on = DAY_NONE

static bool asked_for(const struct gathering *g, const struct alert *a)
{
    const struct alerts_asked *q = &g->asked;
    const struct alert *only = q->only;
    bool about = q->participant == NOBODY || (a->owes == STREAM_participant && a->owner == q->participant);
    bool it = !only || (a->rule == only->rule && a->owes == only->owes && a->owner == only->owner && a->since == only->since);
    return about && it && (q->rule < 0 || a->rule == q->rule) && (q->referent == NOBODY || a->referent == q->referent);
}

/* False: it was not asked for. */
static bool add_alert(struct gathering *g, struct alert one)
{
    if (!asked_for(g, &one))
        return false;
    void *at = g->at;
    vector_room(g->call->arena, &g->n, &g->room, &at, sizeof(one));
    g->at = at;
    g->at[g->n++] = one;
    return true;
}

/* Rows tell of today. On a day before, the alert just added may not have been seen yet, or was put off until another day. */
static void fold_later(struct gathering *g)
{
    if (g->asked.on >= g->call->today)
        return;
    void *at = g->of;
    vector_room(g->call->arena, &g->of_n, &g->of_room, &at, sizeof(*g->of));
    g->of = at;
    g->of[g->of_n++] = g->n - 1;
    streams_add(g->call, &g->folded, g->at[g->n - 1].owner);
}

static void heed(struct alert *a, struct heed h)
{
    a->seen_on = h.seen_on;
    a->until_day = h.until_day;
}

/* ---- deadlines that are open ---- */
static uint64_t referent_in(uint64_t key)
{
    return key == NO_REFERENT ? NOBODY : key;
}

static void add_open(struct gathering *g, struct text key, struct text value)
{
    struct alert_row row = alert_row_read(value);
    struct alert a = { .owes = STREAM_participant, .owner = store_key_read_u64(key.at + 13), .referent = referent_in(store_key_read_u64(key.at)),
                       .rule = (uint8_t)key.at[12], .due = row.due, .since = row.since, .shown_on = key_read_day(key.at + 8),
                       .seen_on = row.seen_on, .until_day = row.until_day, .settled_on = DAY_NONE };
    if (add_alert(g, a) && (row.seen_on != DAY_NONE || row.until_day != DAY_NONE))
        fold_later(g);
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
static void add_late(struct gathering *g, struct text key, struct text value)
{
    struct late_row row;
    memcpy(&row, value.at, sizeof(row));
    int32_t shown_on = key_read_day(key.at + 13);
    bool shows = shown_on <= g->asked.on && g->asked.on < row.settled_on;
    bool settles = row.settled_on == g->asked.on && (g->asked.statuses & ALERT_STATUS(settled));
    struct alert a = { .owes = STREAM_participant, .owner = store_key_read_u64(key.at + 5), .referent = referent_in(row.referent),
                       .rule = (uint8_t)key.at[4], .due = row.due, .since = row.since, .shown_on = shown_on, .cause = row.cause,
                       .seen_on = DAY_NONE, .until_day = DAY_NONE, .settled_on = row.settled_on, .settled = row.settled };
    if ((shows || settles) && add_alert(g, a) && row.heeded)
        fold_later(g);
}

static void scan_late(struct gathering *g, int32_t month)
{
    struct row filed = { .key_bytes = 0 };
    struct text key, value;
    key_u32(&filed, (uint32_t)month ^ 0x80000000u);
    struct store_cursor *c = store_cursor(g->call->views, projection_table(&late_alerts));
    bool more = store_seek(c, (struct text){ (const char *)filed.key, 4 }, &key, &value);
    for (; more && memcmp(key.at, filed.key, 4) == 0; more = store_next(c, &key, &value))
        add_late(g, key, value);
    store_cursor_close(c);
}

/* What was settled on a day is filed under the day before, at the latest. */
static void scan_months(struct gathering *g)
{
    int32_t month = month_index(g->asked.on), before = month_index(g->asked.on - 1);
    if (g->asked.on < g->call->today || ((g->asked.statuses & ALERT_STATUS(settled)) && before == month))
        scan_late(g, month);
    if ((g->asked.statuses & ALERT_STATUS(settled)) && before != month)
        scan_late(g, before);
}

/* ---- what referents, sessions... owe themselves ---- */
static bool owed_on(struct gathering *g, struct arena *arena, enum stream_type type, uint64_t stream, int32_t day, struct owed *ret)
{
    return call_owed(g->call, arena, &g->elsewhere, type, stream, (struct moment){ day, g->asked.known_at }, ret);
}

static void add_duty(struct gathering *g, enum stream_type type, uint64_t stream, const struct duty *d, const struct owed *today, uint64_t settled, int32_t settled_on)
{
    struct alert a = { .owes = type, .owner = stream, .referent = type == STREAM_referent ? stream : NOBODY, .rule = (int)d->rule, .due = d->deadline.due,
                       .since = d->deadline.since, .shown_on = d->deadline.since, .cause = d->deadline.cause, .settled_on = settled_on, .settled = settled };
    heed(&a, heed_of(today->events, today->count, a.rule, a.since));
    add_alert(g, a);
}

/* Owed on the day before and no more: by the last event of that day, or by what happened in another stream (0). */
static bool add_settled(struct gathering *g, struct arena *arena, enum stream_type type, uint64_t stream, const struct owed *today)
{
    struct owed before;
    if (!owed_on(g, arena, type, stream, g->asked.on - 1, &before))
        return false;
    const struct event *last = today->count ? today->events[today->count - 1] : NULL;
    for (unsigned i = 0; i < before.n; i++)
        if (before.at[i].deadline.since < g->asked.on && !owed_named(today, (int)before.at[i].rule, before.at[i].deadline.since))
            add_duty(g, type, stream, &before.at[i], today, last && last->on == g->asked.on ? last->seq : 0, g->asked.on);
    return true;
}

static bool add_duties(struct gathering *g, struct arena *arena, enum stream_type type, uint64_t stream)
{
    struct owed today;
    if (!owed_on(g, arena, type, stream, g->asked.on, &today))
        return false;
    for (unsigned i = 0; i < today.n; i++)
        if (today.at[i].deadline.since <= g->asked.on)
            add_duty(g, type, stream, &today.at[i], &today, 0, DAY_NONE);
    return !(g->asked.statuses & ALERT_STATUS(settled)) || add_settled(g, arena, type, stream, &today);
}

static bool scan_type(struct gathering *g, enum stream_type type)
{
    struct arena scratch;
    bool good = true;
    struct streams all = streams_of(g->call, type);
    arena_init(&scratch, REQUEST_ARENA_BYTES);
    for (uint32_t i = 0; good && i < all.n; i++) {
        bool other = (g->asked.referent != NOBODY && g->asked.referent != all.at[i]) || (g->asked.only && g->asked.only->owner != all.at[i]);
        arena_reset(&scratch);
        good = other || add_duties(g, &scratch, type, all.at[i]);
    }
    arena_free(&scratch);
    return good;
}

static bool scan_duties(struct gathering *g)
{
    bool good = true;
    g->elsewhere = elsewhere_of_call(g->call, g->asked.known_at);
    for (int type = 0; good && type < STREAM_TYPES; type++)
        if (stream_has_duties((enum stream_type)type) && (g->asked.referent == NOBODY || type == STREAM_referent) &&
            (!g->asked.only || g->asked.only->owes == (enum stream_type)type))
            good = scan_type(g, (enum stream_type)type);
    return good;
}

/* ---- as it was known at an instant: nothing is filed so, everybody is folded ---- */
struct alert alert_of_participant(const struct parcours *p, int rule, int32_t due, int32_t since, int32_t shown_on, uint64_t cause)
{
    struct alert a = { .owes = STREAM_participant, .owner = p->stream, .referent = (uint64_t)p->referent, .rule = rule, .due = due, .since = since,
                       .shown_on = shown_on, .cause = cause, UNHEEDED };
    heed(&a, parcours_heed(p, rule, since));
    return a;
}

static bool add_known(void *context, const struct parcours *p, const struct event *const *standing, uint32_t count)
{
    struct gathering *g = context;
    (void)standing, (void)count;
    for (int r = 0; r < RULES; r++) {
        const struct deadline *d = &p->open[r];
        if (d->due != DAY_NONE && deadline_shown_on(d) <= g->asked.on)
            add_alert(g, alert_of_participant(p, r, d->due, d->since, deadline_shown_on(d), d->cause));
    }
    for (uint32_t i = 0; (g->asked.statuses & ALERT_STATUS(settled)) && i < p->episodes.n; i++) {
        const struct episode *e = &p->episodes.at[i];
        struct alert a = alert_of_participant(p, e->rule, e->due, e->since, e->shown_on, e->cause);
        a.settled_on = e->settled_on;
        a.settled = e->settled;
        if (e->settled_on == g->asked.on && e->shown_on < e->settled_on)
            add_alert(g, a);
    }
    return true;
}

static bool scan_known(struct gathering *g)
{
    struct streams all = { NULL, 0, 0 };
    if (g->asked.participant == NOBODY)
        all = streams_of(g->call, STREAM_participant);
    else
        streams_add(g->call, &all, g->asked.participant);
    return walk_participants(g->call, &all, (struct moment){ g->asked.on, g->asked.known_at }, add_known, g);
}

/* ---- as it was heeded by that day ---- */
static bool heed_then(void *context, const struct parcours *p, const struct event *const *standing, uint32_t count)
{
    struct gathering *g = context;
    struct alert *a = &g->at[g->of[g->done++]];
    (void)standing, (void)count;
    heed(a, parcours_heed(p, a->rule, a->since));
    return true;
}

static bool fold_heeded(struct gathering *g)
{
    return g->folded.n == 0 || walk_participants(g->call, &g->folded, (struct moment){ g->asked.on, INT64_MAX }, heed_then, g);
}

/* ---- all of them ---- */
struct alerts_asked alerts_of_today(const struct call *call)
{
    return (struct alerts_asked){ .on = call->today, .known_at = INT64_MAX, .referent = NOBODY, .participant = NOBODY, .to = NOBODY, .rule = -1,
                                  .statuses = ALERTS_STANDING };
}

static bool gather(struct gathering *g)
{
    bool duties = g->asked.participant == NOBODY;
    if (g->asked.known_at != INT64_MAX)
        return scan_known(g) && (!duties || scan_duties(g));
    scan_open(g);
    scan_months(g);
    return (!duties || scan_duties(g)) && fold_heeded(g);
}

/* Of one id, the one that stands comes first, then the one settled last. */
static int in_order(const void *x, const void *y)
{
    const struct alert *a = x, *b = y;
    int order = alert_compare(a, b);
    if (order)
        return order;
    int32_t ends = a->settled_on == DAY_NONE ? INT32_MAX : a->settled_on, other_ends = b->settled_on == DAY_NONE ? INT32_MAX : b->settled_on;
    if (ends != other_ends)
        return ends > other_ends ? -1 : 1;
    return (a->settled < b->settled) - (a->settled > b->settled);
}

static bool goes_there(const struct alerts_asked *q, const struct alerts_view *view, const struct alert *a)
{
    if (q->to == NOBODY && !q->escalated)
        return true;
    struct way r = alert_routed(view, a);
    bool hers = r.to == NOBODY || r.escalated;
    return (!q->escalated || r.escalated) && (q->to == NOBODY || (q->to == TO_COORDINATOR ? hers : r.to == q->to));
}

/* A deadline whose cause changes, and nothing else, is settled and opened by one event: the alert goes on. */
static void keep_asked(struct gathering *g)
{
    struct alerts_view view = alerts_view_of(g->call, g->asked.on, g->asked.known_at);
    uint32_t kept = 0;
    struct alert last = { .rule = -1 };
    for (uint32_t i = 0; i < g->n; i++) {
        bool again = last.rule >= 0 && alert_compare(&last, &g->at[i]) == 0;
        last = g->at[i];
        if (!again && (g->asked.statuses >> alert_status_on(&last, g->asked.on) & 1) && goes_there(&g->asked, &view, &last))
            g->at[kept++] = last;
    }
    g->n = kept;
}

bool alerts_of(struct call *call, const struct alerts_asked *asked, struct alert **ret, uint32_t *ret_count)
{
    struct gathering g = { .call = call, .asked = *asked };
    if (asked->only && asked->only->owes == STREAM_participant)
        g.asked.participant = asked->only->owner;
    if (!gather(&g))
        return false;
    if (g.n > 1)
        qsort(g.at, g.n, sizeof(*g.at), in_order);
    keep_asked(&g);
    *ret = g.at;
    *ret_count = g.n;
    return !call->answered;
}
