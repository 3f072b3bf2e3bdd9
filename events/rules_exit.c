/* Rules of the exit: what is proposed and decided. What must prove it is in rules_evidence.c. */
#include "apply.h"
#include "exits.h"

int64_t exit_outcome_said(const struct event *e)
{
    return e->kind->number == KIND_exit_proposed ? ((const struct exit_proposed *)e->data)->outcome : ((const struct exit_decided *)e->data)->outcome;
}

int64_t exit_criterion_said(const struct event *e)
{
    return e->kind->number == KIND_exit_proposed ? ((const struct exit_proposed *)e->data)->criterion : ((const struct exit_decided *)e->data)->criterion;
}

static int64_t said_reason(const struct event *e)
{
    return e->kind->number == KIND_exit_proposed ? ((const struct exit_proposed *)e->data)->reason : ((const struct exit_decided *)e->data)->reason;
}

int32_t exit_effective_on(const struct event *e)
{
    const struct exit_decided *d = e->data;
    /* Nobody attests a day to come. */
    return d->effective_on == ABSENT || d->effective_on > e->on ? e->on : (int32_t)d->effective_on;
}

/* ---- positive ---- */
bool exit_criterion_known(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    int64_t criterion = exit_criterion_said(e);
    return exit_outcome_said(e) != exit_outcome_positive || (criterion != ABSENT && (v->at[0] >> criterion & 1));
}

static bool criterion_met(const struct parcours *p, const struct event *e, const struct rulebook *b, unsigned criterion)
{
    const struct exit_decided *d = e->data;
    if (d->outcome != exit_outcome_positive || d->criterion != (int64_t)criterion)
        return true;
    return exit_check(p, criterion, exit_effective_on(e), b).met;
}

bool exit_employment_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    return criterion_met(p, e, b, exit_criterion_employment);
}

bool exit_hours_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    return criterion_met(p, e, b, exit_criterion_hours);
}

bool exit_business_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    return criterion_met(p, e, b, exit_criterion_business);
}

bool exit_aided_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    return criterion_met(p, e, b, exit_criterion_aided_contract);
}

/* Validated so by the committee, where the criterion asks for it. */
static bool case_by_case(const struct event *e, unsigned criterion)
{
    const struct exit_decided *d = e->data;
    return d->outcome != exit_outcome_positive || d->criterion != (int64_t)criterion || told(d->case_by_case);
}

bool exit_atypical_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    return case_by_case(e, exit_criterion_atypical) && criterion_met(p, e, b, exit_criterion_atypical);
}

bool exit_qualification_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    return criterion_met(p, e, b, exit_criterion_qualification);
}

bool exit_long_training_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    return criterion_met(p, e, b, exit_criterion_long_training);
}

bool exit_temporary_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    return criterion_met(p, e, b, exit_criterion_temporary);
}

bool exit_fixed_term_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    return criterion_met(p, e, b, exit_criterion_fixed_term);
}

bool exit_senior_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    return case_by_case(e, exit_criterion_senior_insertion) && criterion_met(p, e, b, exit_criterion_senior_insertion);
}

/* ---- other ---- */
bool other_exit_named(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    int64_t outcome = exit_outcome_said(e), reason = said_reason(e);
    return outcome != exit_outcome_other || (reason != ABSENT && (v->at[0] >> reason & 1));
}

bool reminder_unanswered(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    if (exit_outcome_said(e) != exit_outcome_other || said_reason(e) != exit_reason_no_news)
        return true;
    if (p->reminders.n == 0)
        return false;
    return p->reminder_back_on != DAY_NONE || e->on > p->reminders.at[0].on + v->at[0];
}

struct deadline reminder_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    if (p->reminders.n == 0 || !parcours_running(p) || p->exit_proposed_seq)
        return NO_DEADLINE;
    int32_t silent = p->reminders.at[0].on + (int32_t)v->at[0];
    int32_t due = p->reminder_back_on != DAY_NONE && p->reminder_back_on <= silent ? p->reminder_back_on - 1 : silent;
    return (struct deadline){ due, due + 1, p->reminders.at[0].seq, DAY_NONE };
}

bool relay_looked_for(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    if (exit_outcome_said(e) != exit_outcome_other || said_reason(e) == exit_reason_death || p->relay_searched || p->relay_proposed)
        return true;
    return e->kind->number == KIND_exit_proposed && told(((const struct exit_proposed *)e->data)->relay_searched);
}

/* ---- of any exit ---- */
struct deadline exit_decision_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    if (p->state != STATE_exit_proposed)
        return NO_DEADLINE;
    int32_t day = p->exit_session_day != DAY_NONE ? p->exit_session_day : day_add_months(p->exit_proposed_on, (int32_t)v->at[0]);
    return (struct deadline){ day, day + 1, p->exit_proposed_seq, DAY_NONE };
}

bool offers_settled(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)e, (void)b, (void)v;
    for (uint32_t i = 0; i < p->offers.n; i++)
        if (!p->offers.at[i].explained)
            return false;
    return true;
}
