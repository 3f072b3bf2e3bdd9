/* Alerts of a day, from the rows of the views; and one of them: alert WHO RULE [on=DAY]. */
#include <stdlib.h>

#include "../events/days.h"
#include "../projections/duties.h"
#include "../projections/portfolios.h"
#include "../projections/routing.h"
#include "play.h"

#define ALERTS_MAX 1024

/* Those open, and those settled since. */
static int in_order(const void *a, const void *b)
{
    const struct alert *x = a, *y = b;
    if (x->owner != y->owner)
        return x->owner < y->owner ? -1 : 1;
    return x->rule - y->rule;
}

static uint64_t referent_in(uint64_t key)
{
    return key == NO_REFERENT ? NOBODY : key;
}

/* Rows tell of the last day; a day before is folded. */
static void heed_then(struct play *p, struct alert *a, int32_t day, bool heeded)
{
    struct parcours then;
    const struct rulebooks *books;
    if (!heeded || day >= p->today || !play_then(p, a->owner, day, INT64_MAX, &then, &books))
        return;
    struct heed h = parcours_heed(&then, a->rule, a->since);
    a->seen_on = h.seen_on;
    a->until_day = h.until_day;
}

static void open_alerts(struct play *p, int32_t day, struct alert *ret, unsigned max, unsigned *n)
{
    struct text key, value;
    struct store_cursor *c = store_cursor(p->desk->views_txn, projection_table(&alerts));
    for (bool more = store_seek(c, (struct text){ "", 0 }, &key, &value); more && *n < max; more = store_next(c, &key, &value)) {
        const char *k = key.at;
        struct alert_row row = alert_row_read(value);
        if (key_read_day(k + 8) > day)
            continue;
        ret[*n] = (struct alert){ .owes = STREAM_participant, .owner = store_key_read_u64(k + 13), .referent = referent_in(store_key_read_u64(k)),
                                  .rule = (uint8_t)k[12], .due = row.due, .since = row.since, .shown_on = key_read_day(k + 8),
                                  .seen_on = row.seen_on, .until_day = row.until_day, .settled_on = DAY_NONE };
        heed_then(p, &ret[(*n)++], day, row.seen_on != DAY_NONE || row.until_day != DAY_NONE);
    }
    store_cursor_close(c);
}

static void settled_alerts(struct play *p, int32_t day, struct alert *ret, unsigned max, unsigned *n)
{
    struct text key, value;
    struct store_cursor *c = store_cursor(p->desk->views_txn, projection_table(&late_alerts));
    for (bool more = store_seek(c, (struct text){ "", 0 }, &key, &value); more && *n < max; more = store_next(c, &key, &value)) {
        const char *k = key.at;
        struct late_row row;
        memcpy(&row, value.at, sizeof(row));
        bool month = key_read_u32(k) == ((uint32_t)month_index(day) ^ 0x80000000u);
        if (!month || key_read_day(k + 13) > day || day >= row.settled_on)
            continue;
        ret[*n] = (struct alert){ .owes = STREAM_participant, .owner = store_key_read_u64(k + 5), .referent = referent_in(row.referent),
                                  .rule = (uint8_t)k[4], .due = row.due, .since = row.since, .shown_on = key_read_day(k + 13), .seen_on = DAY_NONE,
                                  .until_day = DAY_NONE, .settled_on = row.settled_on, .settled = row.settled };
        heed_then(p, &ret[(*n)++], day, row.heeded);
    }
    store_cursor_close(c);
}

unsigned play_alerts_on(struct play *p, int32_t day, struct alert *ret, unsigned max)
{
    unsigned n = 0;
    open_alerts(p, day, ret, max, &n);
    settled_alerts(p, day, ret, max, &n);
    qsort(ret, n, sizeof(*ret), in_order);
    return n;
}

/* ---- one alert ---- */
struct standing {
    struct play *play;
    int32_t day;
};

static bool card_then(void *context, uint64_t referent, struct card *ret)
{
    struct standing *x = context;
    uint32_t count;
    const struct event **events = play_events(x->play, referent, &count);
    if (!events)
        return false;
    count = parcours_standing(&x->play->scratch, events, count, x->day, INT64_MAX, &events);
    card_fold(ret, events, count);
    return true;
}

static bool of_participant(struct play *p, uint64_t stream, int rule, int32_t day, struct alert *ret)
{
    static struct alert shown[ALERTS_MAX];
    unsigned n = play_rows(p) ? play_alerts_on(p, day, shown, ALERTS_MAX) : 0;
    for (unsigned i = 0; i < n; i++)
        if (shown[i].owner == stream && shown[i].rule == rule) {
            *ret = shown[i];
            return true;
        }
    return false;
}

static bool of_duty(struct play *p, const struct named *who, int rule, int32_t day, struct alert *ret)
{
    struct duty duties[DUTIES_MAX];
    const struct event **events;
    uint32_t count;
    unsigned n = play_duties_of(p, who, day, INT64_MAX, duties, &events, &count);
    for (unsigned i = 0; i < n; i++) {
        const struct deadline *d = &duties[i].deadline;
        struct heed h = heed_of(events, count, rule, d->since);
        if ((int)duties[i].rule != rule || d->since > day)
            continue;
        *ret = (struct alert){ .owes = who->type, .owner = who->stream, .referent = who->type == STREAM_referent ? who->stream : NOBODY, .rule = rule,
                               .due = d->due, .since = d->since, .shown_on = d->since, .seen_on = h.seen_on, .until_day = h.until_day, .settled_on = DAY_NONE };
        return true;
    }
    return false;
}

static void say_alert(struct play *p, struct asked *said, const struct alert *a, int32_t day)
{
    char text[DAY_TEXT_BYTES], id[ALERT_ID_BYTES];
    struct alert read;
    struct standing x = { p, day };
    struct followers followers = { .arena = &p->scratch, .card = card_then, .context = &x, .day = day };
    struct way way = alert_route(&followers, a, desk_rulebooks(p->desk));
    enum alert_status status = alert_status_on(a, day);
    if (!alert_id_read(text_of(alert_id(a, id)), &read) || alert_compare(&read, a) != 0)
        play_fail(p, "an id that is read as another: %s", id);
    say(said, "%s", alert_status_name(status));
    if (status == ALERT_put_off)
        say(said, " until %s", day_print(a->until_day, text));
    say(said, " since %s", day_print(a->since, text));
    say(said, ", to %s", way.to == NOBODY ? "coordinator" : play_name_of(p, way.to));
    if (way.how != ROUTED_referent && way.how != ROUTED_coordinator)
        say(said, " (%s)", routed_name(way.how));
    if (way.escalates_on != DAY_NONE)
        say(said, ", %s %s", way.escalated ? "escalated since" : "escalates on", day_print(way.escalates_on, text));
}

void play_alert(struct play *p, const struct line *l)
{
    struct alert a;
    struct asked said = { .bytes = 0 };
    struct text name = { "", 0 };
    int32_t day;
    struct named *who = play_who(p, l, 1);
    int rule = line_bare(l, 2, &name) ? rule_named(name) : -1;
    if (!who || !play_day_of(p, l, "on", p->today, &day))
        return;
    if (rule < 0) {
        play_fail(p, "there is no rule `%.*s`", TEXT_ARGS(name));
        return;
    }
    bool any = who->type == STREAM_participant ? of_participant(p, who->stream, rule, day, &a) : of_duty(p, who, rule, day, &a);
    if (any)
        say_alert(p, &said, &a, day);
    play_expect(p, l->wanted, any ? said.at : "none", false);
}
