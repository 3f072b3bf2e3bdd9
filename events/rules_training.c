/* Rules of the training fund. */
#include "apply.h"

#define GRANT_MONTHS 6      /* a training of which neither step nor end is known is over by then */

bool cofunding_searched(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b, (void)v;
    const struct training_requested *d = e->data;
    return told(d->cofunding_searched) || (d->cofunded_cents != ABSENT && d->cofunded_cents > 0);
}

static bool holds(const struct training_request *r, const struct value *v)
{
    return (r->documents & v->at[0]) == v->at[0];
}

bool training_documents_held(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct training_decided *d = e->data;
    if (d->outcome != training_outcome_granted)
        return true;
    for (uint32_t i = 0; i < p->requests.n; i++)
        if (p->requests.at[i].seq == (uint64_t)d->request)
            return holds(&p->requests.at[i], v);
    return false;
}

/* A grant is an amount; what is co-funded was told with the request. */
bool grant_within_cost(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    const struct training_decided *d = e->data;
    for (uint32_t i = 0; d->outcome == training_outcome_granted && d->granted_cents != ABSENT && i < p->requests.n; i++)
        if (p->requests.at[i].seq == (uint64_t)d->request)
            return d->granted_cents + p->requests.at[i].cofunded_cents <= p->requests.at[i].cost_cents;
    return true;
}

bool training_collegial(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    const struct training_decided *d = e->data;
    return d->outcome == training_outcome_deferred ||
           (d->session_kind == session_kind_training && d->session_members != ABSENT && d->session_members >= v->at[0]);
}

/* The day a granted training is over; DAY_NONE: it never was. */
static int32_t over_on(const struct parcours *p, const struct training_request *r)
{
    for (uint32_t i = 0; r->step && i < p->steps.n; i++) {
        const struct step *s = &p->steps.at[i];
        if (s->seq != r->step)
            continue;
        if (s->dropped)
            return DAY_NONE;
        if (s->ended_on != DAY_NONE || s->planned_end != DAY_NONE)
            return s->ended_on != DAY_NONE ? s->ended_on : s->planned_end;
    }
    return day_add_months(r->granted_on, GRANT_MONTHS);
}

/* The money was spent: the documents are owed after the exit as well. */
struct deadline training_after_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    struct deadline first = NO_DEADLINE;
    int32_t days = rule_applies(b, RULE_training_after_days) ? (int32_t)b->rule[RULE_training_after_days].value.at[0] : 0;
    for (uint32_t i = 0; p->gone_on == DAY_NONE && i < p->requests.n; i++) {
        const struct training_request *r = &p->requests.at[i];
        int32_t over = r->granted_on == DAY_NONE || holds(r, v) ? DAY_NONE : over_on(p, r);
        if (over != DAY_NONE && (first.due == DAY_NONE || over + days < first.due))
            first = (struct deadline){ over + days, over + days + 1, r->granted_seq, DAY_NONE };
    }
    return first;
}
