/* Rules of reception and entry. */
#include "apply.h"

static bool accepts(const struct event *e)
{
    return ((const struct entry_decided *)e->data)->outcome == entry_outcome_accepted;
}

static bool unknown_or_gone(const struct parcours *p)
{
    return (IN(nobody) | IN(merged) | IN(erased)) & 1u << p->state;
}

/* Shown on the very day: `since` is `due`. */
static struct deadline at_once(int32_t day, uint64_t cause)
{
    return (struct deadline){ day, day, cause, DAY_NONE };
}

static struct deadline within_days(int32_t day, const struct value *v, uint64_t cause)
{
    int32_t due = day + (int32_t)v->at[0];
    return (struct deadline){ due, due + 1, cause, DAY_NONE };
}

struct deadline referent_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    bool admitted = p->state == STATE_admitted || parcours_running(p);
    return admitted && p->referent == ABSENT ? at_once(p->decided_on, p->decided_seq) : NO_DEADLINE;
}

bool reception_done(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    return told(((const struct entry_proposed *)e->data)->reorientation) ||
           (p->diagnosed_on != DAY_NONE && p->diagnosis_agreed && p->eligible_on != DAY_NONE);
}

static bool still_valid(const struct parcours *p, int32_t day)
{
    return p->eligible_until == DAY_NONE || p->eligible_until >= day;
}

bool target_public_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return !accepts(e) || ((p->eligibility & v->at[0]) && still_valid(p, e->on));
}

bool entry_conditions_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return !accepts(e) || ((p->eligibility & v->at[0]) == v->at[0] && still_valid(p, e->on));
}

bool collegial(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    const struct entry_decided *d = e->data;
    return d->outcome == entry_outcome_deferred || (d->session_members != ABSENT && d->session_members >= v->at[0]);
}

bool alternative_given(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b, (void)v;
    const struct entry_decided *d = e->data;
    return d->outcome != entry_outcome_refused || d->alternative.at;
}

struct deadline missed_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    uint32_t n = (uint32_t)v->at[0];
    bool before_decision = (IN(oriented) | IN(in_diagnosis) | IN(proposed) | IN(deferred)) & 1u << p->state;
    if (!before_decision || p->missed.n < n)
        return NO_DEADLINE;
    return at_once(p->missed.at[n - 1].on, p->missed.at[n - 1].seq);
}

struct deadline feedback_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    bool waiting = p->has_prescriber && p->decided_on != DAY_NONE && (p->told_on == DAY_NONE || p->told_on < p->decided_on);
    return waiting && !unknown_or_gone(p) ? within_days(p->decided_on, v, p->decided_seq) : NO_DEADLINE;
}

struct deadline contract_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    bool admitted = p->state == STATE_admitted || parcours_running(p);
    return admitted && p->transmitted_on == DAY_NONE ? within_days(p->decided_on, v, p->decided_seq) : NO_DEADLINE;
}

bool recorded_in_time(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    return e->imported || e->recorded_on - e->on <= v->at[0];
}
