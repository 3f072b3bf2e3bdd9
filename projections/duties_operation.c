/* What an operation of the Fund owes: its report, with its budget, at mid-term and at the end. */
#include "duties.h"
#include "operations.h"

/* A report without its budget is half of one. */
static bool reported(const struct owing *o, int64_t report)
{
    for (uint32_t i = 0; i < o->count; i++) {
        const struct operation_reported *r = o->events[i]->data;
        if (o->events[i]->kind->number == KIND_operation_reported && r->report == report && operation_report_has_budget(r))
            return true;
    }
    return false;
}

struct deadline operation_report_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    static const int64_t both[] = { report_kind_mid_term, report_kind_final };
    for (int i = 0; i < 2; i++) {
        int32_t day = operation_report_day(o->card, both[i]);
        if (day != DAY_NONE && !reported(o, both[i]))
            return (struct deadline){ day + (int32_t)v->at[0], DAY_NONE, o->events[0]->seq, DAY_NONE };
    }
    return NO_DEADLINE;
}
