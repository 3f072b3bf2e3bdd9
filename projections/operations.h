/* An operation of the Fund, as its duties and its report see it. */
#ifndef PROJECTIONS_OPERATIONS_H
#define PROJECTIONS_OPERATIONS_H

#include "folds.h"

/* The day a report is about: the middle one (the earlier of two), or the last. DAY_NONE when the operation does not tell. */
static inline int32_t operation_report_day(const struct card *c, int64_t report)
{
    if (c->until_day == DAY_NONE || report == report_kind_final)
        return c->until_day;
    return c->from_day == DAY_NONE || c->from_day > c->until_day ? DAY_NONE : c->from_day + (c->until_day - c->from_day) / 2;
}

static inline bool operation_report_has_budget(const struct operation_reported *r)
{
    return r->expenses_cents != ABSENT && r->resources_cents != ABSENT;
}

#endif
