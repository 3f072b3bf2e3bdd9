/* What a référent owes: a substitute when absent, the reports of the months. */
#include "duties.h"

struct deadline substitute_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct card *c = o->card;
    bool alone = c->absent_on != DAY_NONE && c->substitute == ABSENT && c->closed_on == DAY_NONE;
    return alone ? (struct deadline){ c->absent_on + (int32_t)v->at[0], DAY_NONE, c->absent_seq, DAY_NONE } : NO_DEADLINE;
}

/* The report of the last month told; the registration when there is none. */
static uint64_t report_cause(const struct owing *o, int report, int32_t month)
{
    for (uint32_t i = o->count; i-- > 0;)
        if (o->events[i]->kind->number == KIND_report_sent && ((const struct report_sent *)o->events[i]->data)->report == report &&
            ((const struct report_sent *)o->events[i]->data)->month == month)
            return o->events[i]->seq;
    return o->events[0]->seq;
}

/* Only the earliest month that was not reported: the next one shows once it is. */
static struct deadline report_owed(const struct owing *o, int report, const struct value *v)
{
    const struct card *c = o->card;
    int32_t last = c->reported[report], month = last != DAY_NONE ? last + 1 : month_index(c->opened_on);
    if (c->closed_on != DAY_NONE && month > month_index(c->closed_on))
        return NO_DEADLINE;
    return (struct deadline){ month_first(month + 1) + (int32_t)v->at[0] - 1, DAY_NONE, report_cause(o, report, last), DAY_NONE };
}

struct deadline activity_report_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return report_owed(o, report_kind_activity, v);
}

struct deadline step_report_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return report_owed(o, report_kind_steps, v);
}
