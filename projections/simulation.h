/* What another rulebook would have made of a participant: two folds of the same events, under the rulebooks as they are and as
 * they would be, told difference by difference. Pure; nothing is written. */
#ifndef PROJECTIONS_SIMULATION_H
#define PROJECTIONS_SIMULATION_H

#include "../events/parcours.h"

enum difference_kind {
    DIFFERENT_REFUSAL,      /* an act would be refused (or no longer): an event that stands would be unfounded */
    DIFFERENT_MARK,         /* an event would be marked, or no longer */
    DIFFERENT_DEADLINE,     /* open: its days before and after */
    DIFFERENT_LATE,         /* a deadline settled late */
    DIFFERENT_LIMIT,        /* of the parcours */
    DIFFERENT_EXIT,         /* a criterion of exit: met and the earliest day, before and after */
    DIFFERENCES
};

struct difference {
    enum difference_kind kind;
    int number;                     /* the rule; of an exit its criterion; of a limit parcours-length */
    uint64_t participant, event;    /* event: 0 none */
    bool before, after;             /* there before, there after */
    int32_t day_before, day_after;  /* the day it shows from, falls, is met; DAY_NONE none */
};
typedef void difference_fn(void *context, const struct difference *);

/* `as_is` under `real`, `would_be` under `other`, from the same events, as of `today` for the criteria of exit. */
void simulation_compare(const struct parcours *as_is, const struct rulebooks *real, const struct parcours *would_be, const struct rulebooks *other,
                        int32_t today, difference_fn *, void *context);

/* `real` with `book` in force from its from_day on, as if it had always been known; it takes the place of one from that very day.
 * FAIL_TOO_LARGE beyond RULEBOOKS_MAX. */
int simulation_rulebooks(const struct rulebooks *real, const struct rulebook *book, struct rulebooks *ret);

const char *difference_name(enum difference_kind);

#endif
