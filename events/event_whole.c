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
}
