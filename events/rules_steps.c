/* Rules of steps and offers. */
#include "apply.h"

bool objective_shared(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b, (void)v;
    return told(((const struct step_prescribed *)e->data)->objective_shared);
}

bool objective_measured(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)e, (void)b, (void)v;
    for (uint32_t i = 0; i < p->steps.n; i++)
        if (p->steps.at[i].ended_on != DAY_NONE && !p->steps.at[i].abandoned && !p->steps.at[i].dropped && p->steps.at[i].result < 0)
            return false;
    return true;
}

bool step_contractualised(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b, (void)v;
    const struct step_prescribed *d = e->data;
    return d->planned_end != ABSENT && told(d->contractualised);
}

static bool open_step(const struct step *s)
{
    return s->started_on != DAY_NONE && s->ended_on == DAY_NONE;
}

/* Keeps the earlier of two; the first one found wins a tie. */
static void keep_earlier(struct deadline *first, int32_t due, uint64_t cause)
{
    if (first->due == DAY_NONE || due < first->due)
        *first = (struct deadline){ due, due + 1, cause, DAY_NONE };
}

struct deadline step_overdue(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct deadline first = NO_DEADLINE;
    for (uint32_t i = 0; parcours_running(p) && i < p->steps.n; i++)
        if (open_step(&p->steps.at[i]) && p->steps.at[i].planned_end != DAY_NONE)
            keep_earlier(&first, p->steps.at[i].planned_end + (int32_t)v->at[0], p->steps.at[i].seq);
    return first;
}

struct deadline step_reception_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct deadline first = NO_DEADLINE;
    for (uint32_t i = 0; parcours_running(p) && i < p->steps.n; i++)
        if (open_step(&p->steps.at[i]) && p->steps.at[i].reception_on == DAY_NONE)
            keep_earlier(&first, p->steps.at[i].started_on + (int32_t)v->at[0], p->steps.at[i].started_seq);
    return first;
}

struct deadline step_closing_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct deadline first = NO_DEADLINE;
    for (uint32_t i = 0; parcours_running(p) && i < p->steps.n; i++) {
        const struct step *s = &p->steps.at[i];
        if (s->ended_on != DAY_NONE && !s->abandoned && !s->dropped && s->closing_on == DAY_NONE)
            keep_earlier(&first, s->ended_on + (int32_t)v->at[0], s->ended_seq);
    }
    return first;
}

struct deadline offer_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct deadline first = NO_DEADLINE;
    for (uint32_t i = 0; parcours_running(p) && i < p->offers.n; i++)
        if (!p->offers.at[i].answered)
            keep_earlier(&first, p->offers.at[i].on + (int32_t)v->at[0], p->offers.at[i].seq);
    return first;
}
