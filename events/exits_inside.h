/* What the files of the exit criteria share: exits.c (one job, what lasts, the table), exits_cumulated.c. */
#ifndef EVENTS_EXITS_INSIDE_H
#define EVENTS_EXITS_INSIDE_H

#include "exits.h"

typedef struct exit_check criterion_fn(const struct parcours *, int32_t day, const struct rulebook *);

static inline bool is_on(const struct rulebook *b, enum rule_number r)
{
    return rule_applies(b, r);
}

static inline int32_t months_of(const struct rulebook *b, enum rule_number r)
{
    return (int32_t)b->rule[r].value.at[0];
}

static inline struct exit_check never(enum missing why, uint64_t cause)
{
    return (struct exit_check){ false, DAY_NONE, 1u << why, cause };
}

bool exit_job_kind(const struct job *, unsigned criterion, const struct rulebook *);    /* of whatever hours a week */

/* exits_cumulated.c */
criterion_fn cumulated_hours, cumulated_temporary, cumulated_fixed_term;

#endif
