/* The alerts of today, compared with what each web-hook was told. */
#include "../events/days.h"
#include "alerts.h"
#include "deliveries_inside.h"

/* While the log goes on, comparing takes a twentieth of the time at most. What it costs is counted in work, not by the clock: on a busy machine this
 * thread comes last, and would wait all the longer for having waited. */
#define PAUSE_TIMES 20
#define PAUSE_MS_MIN 200
#define PAUSE_MS_MAX 5000

static bool listens(const struct delivery *one)
{
    const struct subscription *s = &one->box.set;
    return s->way == WAY_webhook && s->stopped_on == DAY_NONE && (s->topics & ~(1u << MESSAGE_event)) != 0;
}

static bool anybody_listens(const struct deliveries *d)
{
    for (unsigned i = 0; i < d->count; i++)
        if (listens(d->at[i]))
            return true;
    return false;
}

static struct alert_today *route_all(struct call *c, const struct alert *alerts, uint32_t count)
{
    struct alerts_view view = alerts_view_of(c, c->today, INT64_MAX);
    struct alert_today *all = ARENA_ARRAY(c->arena, struct alert_today, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        struct way way = alert_routed(&view, &alerts[i]);
        all[i] = (struct alert_today){ .alert = alerts[i], .to = (int64_t)way.to, .escalated = way.escalated, .escalates_on = way.escalates_on };
    }
    return all;
}

static bool is_same(const struct alert *a, const struct alert *b)
{
    return a->rule == b->rule && a->owes == b->owes && a->owner == b->owner && a->since == b->since;
}

/* What is replayed is known by its id alone: of an alert that still stands, the rest is told, too. */
static void complete(struct messages *again, const struct alert_today *all, uint32_t count)
{
    for (uint32_t i = 0; i < again->n; i++)
        for (uint32_t k = 0; again->at[i].alert.due == DAY_NONE && k < count; k++)
            if (is_same(&again->at[i].alert, &all[k].alert)) {
                again->at[i].alert = all[k].alert;
                again->at[i].to = all[k].to;
                again->at[i].escalated_on = all[k].escalates_on;
            }
}

static void compare(struct delivery *one, const struct alert_today *all, uint32_t count, const struct call *c)
{
    struct outbox *o = &one->box;
    if (o->again.n)
        complete(&o->again, all, count);
    outbox_difference(o, all, count, c->today);
    if (!(o->set.topics >> MESSAGE_event & 1) && o->waiting.n == 0)
        o->through = c->position.seq;
}

static void scan(struct deliveries *d)
{
    struct alert *alerts;
    uint32_t count;
    struct call *c = own_call_begin(&d->own, true);
    if (call_look(c)) {
        struct alerts_asked asked = alerts_of_today(c);
        if (alerts_of(c, &asked, &alerts, &count)) {
            const struct alert_today *all = route_all(c, alerts, count);
            for (unsigned i = 0; i < d->count; i++)
                if (listens(d->at[i]))
                    compare(d->at[i], all, count, c);
            d->scan_wanted = false;
            d->scanned_day = c->today;
        }
    }
    own_call_end(&d->own);
}

void deliveries_scan(struct deliveries *d)
{
    int64_t began_ms = service_worked_ms();
    if (anybody_listens(d))
        scan(d);
    else
        d->scan_wanted = false;
    d->scanned_ms = service_elapsed_ms();
    int64_t pause = (service_worked_ms() - began_ms) * PAUSE_TIMES;
    d->scan_pause_ms = pause < PAUSE_MS_MIN ? PAUSE_MS_MIN : pause < PAUSE_MS_MAX ? pause : PAUSE_MS_MAX;
}
