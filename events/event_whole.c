/* What no single field tells of an event's data: whether its fields fit each other, and the day. */
#include "event.h"

#include "days.h"
#include "rules.h"

#define HUNDREDTHS_OF_DAY 2400      /* of hours: nobody works more */

static void check_hours(const struct hours_recorded *h, int32_t today, const char *pointer, struct problems *problems)
{
    if (h->from_day > h->until_day || h->until_day > today)
        problem_add(problems, "hours are those worked from a day until a later one that has come", "%s/until_day", pointer);
    else if (h->hours > (h->until_day - h->from_day + 1) * HUNDREDTHS_OF_DAY)
        problem_add(problems, "more hours than these days have", "%s/hours", pointer);
}

static void check_grant(const struct training_decided *d, const char *pointer, struct problems *problems)
{
    if (d->outcome == training_outcome_granted && d->granted_cents == ABSENT)
        problem_add(problems, "a grant is an amount", "%s/granted_cents", pointer);
}

/* Records from before this was looked at have sessions of nobody: the row's bounds stay. */
static void check_members(const struct session_held *d, const char *pointer, struct problems *problems)
{
    if (d->members < 1)
        problem_add(problems, "a session is held by one member at least", "%s/members", pointer);
}

static void check_rule(struct text rule, const char *pointer, struct problems *problems)
{
    if (rule_named(rule) < 0)
        problem_add(problems, "there is no such rule: GET /v1/rulebooks lists them", "%s/rule", pointer);
}

/* What would never send anything is not opened. */
static void check_topics(int64_t topics, int64_t referent, const char *pointer, struct problems *problems)
{
    int64_t alerts = 1ll << delivery_topic_alert_shown | 1ll << delivery_topic_alert_escalated;
    if (topics == ABSENT)
        return;
    if (topics == 0 || topics == 1ll << delivery_topic_alert_settled)
        problem_add(problems, "something is to be told: alert_shown, alert_escalated or event", "%s/topics", pointer);
    else if (!(topics & alerts) && referent != ABSENT)
        problem_add(problems, "events are routed to nobody: without referent", "%s/referent", pointer);
}

static void check_weekdays(int64_t weekdays, const char *pointer, struct problems *problems)
{
    if (weekdays == 0)
        problem_add(problems, "one day of the week at least", "%s/weekdays", pointer);
}

static void check_webhook(const struct webhook_opened *d, const char *pointer, struct problems *problems)
{
    check_topics(d->topics, d->referent, pointer, problems);
}

static void check_change(const struct kind *kind, const struct delivery_changed *d, const char *pointer, struct problems *problems)
{
    bool any = false;
    for (unsigned i = 0; i < kind->field_count; i++)
        any = any || !field_absent(&kind->fields[i], d);
    if (!any)
        problem_add(problems, "something is to be changed", "%s", pointer);
    if (d->topics == 0)     /* what was shown before may still be told as settled, alone */
        check_topics(d->topics, ABSENT, pointer, problems);
    check_weekdays(d->weekdays, pointer, problems);
}

void data_check_whole(const struct kind *kind, const void *data, int32_t today, const char *pointer, struct problems *problems)
{
    if (kind->number == KIND_hours_recorded)
        check_hours(data, today, pointer, problems);
    else if (kind->number == KIND_training_decided)
        check_grant(data, pointer, problems);
    else if (kind->number == KIND_session_held)
        check_members(data, pointer, problems);
    else if (kind->number == KIND_alert_acknowledged)
        check_rule(((const struct alert_acknowledged *)data)->rule, pointer, problems);
    else if (kind->number == KIND_alert_snoozed)
        check_rule(((const struct alert_snoozed *)data)->rule, pointer, problems);
    else if (kind->number == KIND_webhook_opened)
        check_webhook(data, pointer, problems);
    else if (kind->number == KIND_digest_opened)
        check_weekdays(((const struct digest_opened *)data)->weekdays, pointer, problems);
    else if (kind->number == KIND_delivery_changed)
        check_change(kind, data, pointer, problems);
}
