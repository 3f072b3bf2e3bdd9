/* Rules of the exit. */
#include "apply.h"
#include "exits.h"

struct deadline followup_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    if (p->state != STATE_in_consolidation)
        return NO_DEADLINE;
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (j->purpose != employment_purpose_consolidation || j->ended_on != DAY_NONE)
            continue;
        int32_t since = day_add_months(j->started_on, (int32_t)v->at[0]) + (int32_t)v->at[1];
        return (struct deadline){ since - 1, since, j->seq, DAY_NONE };
    }
    return NO_DEADLINE;
}

static bool is_positive(const struct event *e)
{
    return ((const struct exit_decided *)e->data)->outcome == exit_outcome_positive;
}

static int32_t effective(const struct event *e)
{
    const struct exit_decided *d = e->data;
    /* Nobody attests a day to come. */
    return d->effective_on == ABSENT || d->effective_on > e->on ? e->on : (int32_t)d->effective_on;
}

static bool criterion_met(const struct parcours *p, const struct event *e, const struct rulebook *b, unsigned criterion)
{
    const struct exit_decided *d = e->data;
    if (!is_positive(e) || d->criterion != (int64_t)criterion)
        return true;
    return exit_check(p, criterion, effective(e), b).met;
}

bool exit_employment_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    const struct exit_decided *d = e->data;
    /* A positive exit names its criterion, one that this rulebook knows; employment is the first one asked for. */
    if (is_positive(e) && (d->criterion == ABSENT || !rule_applies(b, exit_rule((unsigned)d->criterion))))
        return false;
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

bool exit_atypical_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    const struct exit_decided *d = e->data;
    bool other = !is_positive(e) || d->criterion != exit_criterion_atypical;
    return other || (told(d->case_by_case) && criterion_met(p, e, b, exit_criterion_atypical));
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

/* Of a proposal or of a decision. */
static int64_t said_outcome(const struct event *e)
{
    return e->kind->number == KIND_exit_proposed ? ((const struct exit_proposed *)e->data)->outcome : ((const struct exit_decided *)e->data)->outcome;
}

static int64_t said_reason(const struct event *e)
{
    return e->kind->number == KIND_exit_proposed ? ((const struct exit_proposed *)e->data)->reason : ((const struct exit_decided *)e->data)->reason;
}

bool other_exit_named(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    int64_t outcome = said_outcome(e), reason = said_reason(e);
    return outcome != exit_outcome_other || (reason != ABSENT && (v->at[0] >> reason & 1));
}

bool reminder_unanswered(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    if (said_outcome(e) != exit_outcome_other || said_reason(e) != exit_reason_no_news)
        return true;
    if (p->reminder_on == DAY_NONE || p->reminder_answered)
        return false;
    return p->reminder_back_on != DAY_NONE || e->on > p->reminder_on + v->at[0];
}

/* ---- evidence ---- */
#define FAMILY(...) ((const int16_t[]){ __VA_ARGS__, -1 })

static bool of_family(int64_t criterion, const int16_t *family)
{
    for (; *family >= 0; family++)
        if (criterion == *family)
            return true;
    return false;
}

static int64_t evidence_held(const struct parcours *p)
{
    int64_t held = 0;
    for (uint32_t i = 0; i < p->evidence.n; i++)
        if (p->evidence.at[i].verdict >= 0)
            held |= 1ll << p->evidence.at[i].kind;
    return held;
}

static bool evidence_there(const struct parcours *p, const struct event *e, const struct value *v, const int16_t *family)
{
    const struct exit_decided *d = e->data;
    return !is_positive(e) || !of_family(d->criterion, family) || (evidence_held(p) & v->at[0]) == v->at[0];
}

static struct deadline evidence_due(const struct parcours *p, const struct value *v, const int16_t *family)
{
    bool waiting = p->state == STATE_exit_proposed && p->exit_outcome == exit_outcome_positive && of_family(p->exit_criterion, family);
    if (!waiting || (evidence_held(p) & v->at[0]) == v->at[0])
        return NO_DEADLINE;
    return (struct deadline){ p->exit_proposed_on, p->exit_proposed_on, p->exit_proposed_seq, DAY_NONE };
}

/* A limit and a deadline a family: NAME_evidence and NAME_evidence_due. */
#define EVIDENCE(name, ...) \
    bool name##_evidence(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v) \
    { \
        (void)b; \
        return evidence_there(p, e, v, FAMILY(__VA_ARGS__)); \
    } \
    struct deadline name##_evidence_due(const struct parcours *p, const struct rulebook *b, const struct value *v) \
    { \
        (void)b; \
        return evidence_due(p, v, FAMILY(__VA_ARGS__)); \
    }
EVIDENCE(employment, exit_criterion_employment, exit_criterion_aided_contract)
EVIDENCE(hours, exit_criterion_hours)
EVIDENCE(business, exit_criterion_business)
EVIDENCE(atypical, exit_criterion_atypical)
EVIDENCE(training, exit_criterion_qualification, exit_criterion_long_training)

/* ---- the situation at the moment of the exit ---- */
static bool runs_on(int32_t started_on, int32_t ended_on, int32_t day)
{
    return started_on <= day && (ended_on == DAY_NONE || ended_on >= day);
}

static bool lasting_job(const struct job *j, int64_t criterion, const struct rulebook *b)
{
    if (criterion == exit_criterion_aided_contract)
        return j->kind == employment_kind_aided_non_market;
    bool enough = !rule_applies(b, RULE_exit_half_time) || j->weekly_hundredths >= b->rule[RULE_exit_half_time].value.at[0];
    return criterion == exit_criterion_employment && enough && (j->kind == employment_kind_cdi || j->kind == employment_kind_cdd);
}

/* A situation of the criterion's kind is running on the day. */
static bool still_running(const struct parcours *p, int64_t criterion, int32_t day, const struct rulebook *b)
{
    for (uint32_t i = 0; i < p->jobs.n; i++)
        if (lasting_job(&p->jobs.at[i], criterion, b) && runs_on(p->jobs.at[i].started_on, p->jobs.at[i].ended_on, day))
            return true;
    int kind = criterion == exit_criterion_business ? SPAN_business : criterion == exit_criterion_atypical ? SPAN_chosen
             : criterion == exit_criterion_long_training ? SPAN_long_training : -1;
    for (uint32_t i = 0; i < p->spans.n; i++)
        if (p->spans.at[i].kind == kind && runs_on(p->spans.at[i].started_on, p->spans.at[i].ended_on, day))
            return true;
    return false;
}

bool exit_attested(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    const struct exit_decided *d = e->data;
    if (!is_positive(e) || d->criterion == exit_criterion_hours || d->criterion == exit_criterion_qualification || d->criterion == ABSENT)
        return true;
    if (!still_running(p, d->criterion, effective(e), b))
        return false;
    for (uint32_t i = 0; i < p->evidence.n; i++) {
        const struct evidence *x = &p->evidence.at[i];
        bool recent = x->dated != DAY_NONE && x->dated <= e->on && x->dated >= e->on - v->at[0];
        bool covers = x->covers_from != DAY_NONE && x->covers_until != DAY_NONE && x->covers_from <= effective(e) && effective(e) <= x->covers_until;
        if (x->verdict >= 0 && (recent || covers))
            return true;
    }
    return false;
}
