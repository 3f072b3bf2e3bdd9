/* Alerts that were seen or put off. Nothing is due or allowed because of it: lists and deliveries read it. */
#include "apply.h"

#define UNHEEDED(rule_, since_) ((struct heed){ .rule = (int16_t)(rule_), .since = (since_), .seen_on = DAY_NONE, .until_day = DAY_NONE })

/* Which alert the event is about; `since` is DAY_NONE when it does not say. False: it heeds none, or no rule of ours. */
static bool heeded(const struct event *e, int *ret_rule, int32_t *ret_since)
{
    const struct alert_acknowledged *seen = e->data;
    const struct alert_snoozed *put_off = e->data;
    bool is_seen = e->kind->number == KIND_alert_acknowledged;
    if (!is_seen && e->kind->number != KIND_alert_snoozed)
        return false;
    *ret_rule = rule_named(is_seen ? seen->rule : put_off->rule);
    *ret_since = day_told(is_seen ? seen->since : put_off->since);
    return *ret_rule >= 0;
}

static void hear(struct heed *h, const struct event *e)
{
    if (e->kind->number == KIND_alert_snoozed) {
        h->until_day = (int32_t)((const struct alert_snoozed *)e->data)->until_day;
        h->put_off_seq = e->seq;
        h->seen_on = DAY_NONE;      /* asked for again on that day: it is to be seen again */
        h->seen_seq = 0;
    } else if (h->seen_seq == 0) {
        h->seen_on = e->on;
        h->seen_seq = e->seq;
    }
}

static struct heed *find_heed(const struct parcours *p, int rule, int32_t since)
{
    for (uint32_t i = p->heeds.n; i-- > 0;)
        if (p->heeds.at[i].rule == rule && p->heeds.at[i].since == since)
            return &p->heeds.at[i];
    return NULL;
}

/* Without its day, the alert is the one that is open by then; when none is, the event says nothing. */
static void apply_heed(struct parcours *p, const struct event *e)
{
    int rule;
    int32_t since;
    if (!heeded(e, &rule, &since))
        return;
    since = since == DAY_NONE ? p->open[rule].since : since;
    if (since == DAY_NONE)
        return;
    struct heed *h = find_heed(p, rule, since);
    if (!h) {
        PUSH(p, heeds, UNHEEDED(rule, since));
        h = &p->heeds.at[p->heeds.n - 1];
    }
    hear(h, e);
}

void apply_alert_acknowledged(struct parcours *p, const struct event *e)
{
    apply_heed(p, e);
}

void apply_alert_snoozed(struct parcours *p, const struct event *e)
{
    apply_heed(p, e);
}

struct heed parcours_heed(const struct parcours *p, int rule, int32_t since)
{
    const struct heed *h = find_heed(p, rule, since);
    return h ? *h : UNHEEDED(rule, since);
}

struct heed heed_of(const struct event *const *standing, uint32_t count, int rule, int32_t since)
{
    struct heed h = UNHEEDED(rule, since);
    for (uint32_t i = 0; i < count; i++) {
        int of;
        int32_t counted_since;
        if (heeded(standing[i], &of, &counted_since) && of == rule && counted_since == since)
            hear(&h, standing[i]);
    }
    return h;
}
