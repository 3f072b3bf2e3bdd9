/* What the apply functions share (apply_entry.c, apply_follow_up.c, apply_steps.c, apply_employment.c, apply_exit.c): each
 * remembers what its event says, in any state; rules and states are settled by parcours_step. */
#ifndef EVENTS_APPLY_H
#define EVENTS_APPLY_H

#include "parcours.h"

static inline bool told(int64_t flag)
{
    return flag == 1;
}
static inline int32_t day_told(int64_t day)
{
    return day == ABSENT ? DAY_NONE : (int32_t)day;
}
static inline int16_t word_told(int64_t word)
{
    return word == ABSENT ? -1 : (int16_t)word;
}

void parcours_learn_benefits(struct parcours *, int64_t benefits, const struct event *);   /* ABSENT: nothing was said */
/* What is known of the person now, for the items that must be told; each ABSENT when it was not said. */
void parcours_learn_person(struct parcours *, int64_t birth, int64_t sex, int64_t commune, const struct event *);
/* Hours of that job (or of the one that nobody named) count already for one of these days. */
bool hours_told(const struct parcours *, const struct hours_recorded *);
/* Who receives an immersion, as a number: the enterprise when it is told, else the provider's name. 0: nobody told. */
uint64_t immersion_host(const struct step_prescribed *);

void parcours_begin_again(struct parcours *);   /* the person comes back: a new number, the old one remembered as past */
void parcours_await_signature(struct parcours *, const struct event *);     /* when the event asks for one that was not given */
void apply_job_contact(struct parcours *, const struct event *);    /* a contact, about a job perhaps (apply_employment.c) */

#endif
