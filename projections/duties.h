/* What a référent owes themselves, not a participant: reports of the months, a substitute when absent. Pure: from the card and
 * the events of their stream until a day, oldest first. */
#ifndef PROJECTIONS_DUTIES_H
#define PROJECTIONS_DUTIES_H

#include "folds.h"

#define DUTIES_MAX 3

struct duty {
    enum rule_number rule;
    struct deadline deadline;   /* shown from `since` on; its cause is an event of the referent's stream */
};

/* Returns how many. Each is judged by the rulebook in force on the day it falls, as the participants' deadlines are. */
unsigned duties_of(const struct card *, const struct event *const *events, uint32_t count, const struct rulebooks *, struct duty ret[DUTIES_MAX]);

#endif
