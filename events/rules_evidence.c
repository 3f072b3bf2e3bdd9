/* Rules of the evidence of an exit. */
#include "apply.h"
#include "exits.h"

#define FAMILY(...) ((const int16_t[]){ __VA_ARGS__, -1 })
#define BY_ONE_JOB exit_criterion_employment, exit_criterion_aided_contract, exit_criterion_senior_insertion
#define BY_SUM exit_criterion_hours, exit_criterion_temporary, exit_criterion_fixed_term

static bool of_family(int64_t criterion, const int16_t *family)
{
    for (; *family >= 0; family++)
        if (criterion == *family)
            return true;
    return false;
}

static bool positive_exit(const struct event *e, const int16_t *family)
{
    return exit_outcome_said(e) == exit_outcome_positive && of_family(exit_criterion_said(e), family);
}

static bool positive_proposed(const struct parcours *p, const int16_t *family)
{
    return p->state == STATE_exit_proposed && p->exit_outcome == exit_outcome_positive && of_family(p->exit_criterion, family);
}

/* Missing from the proposal on. */
static struct deadline since_proposal(const struct parcours *p)
{
    return (struct deadline){ p->exit_proposed_on, p->exit_proposed_on, p->exit_proposed_seq, DAY_NONE };
}

/* ---- pieces ---- */

/* Neither rejected nor dated ahead: a paper attests nothing before its own date, nor a payslip before its month begins. */
static bool speaks_on(const struct evidence *x, int32_t day)
{
    bool begun = x->kind != evidence_kind_payslip || x->month == DAY_NONE || month_first(x->month) <= day;
    return x->verdict >= 0 && x->dated <= day && begun;
}

static bool runs_on(int32_t started_on, int32_t ended_on, int32_t day)
{
    return started_on <= day && (ended_on == DAY_NONE || ended_on >= day);
}

/* A piece that names a job speaks for that job: for an exit by one job, it is to be one that counts, and runs on the day. */
static bool speaks_for(const struct parcours *p, const struct evidence *x, int64_t criterion, int32_t day, const struct rulebook *b)
{
    if (!x->employment || !of_family(criterion, FAMILY(BY_ONE_JOB)))
        return true;
    for (uint32_t i = 0; i < p->jobs.n; i++)
        if (p->jobs.at[i].seq == x->employment && exit_job(&p->jobs.at[i], (unsigned)criterion, b) &&
            runs_on(p->jobs.at[i].started_on, p->jobs.at[i].ended_on, day))
            return true;
    return false;
}

/* Those that are there on `day`, for a situation of the day `of`. */
static int64_t evidence_held(const struct parcours *p, int32_t day, int32_t of, int64_t criterion, const struct rulebook *b)
{
    int64_t held = 0;
    for (uint32_t i = 0; i < p->evidence.n; i++)
        if (speaks_on(&p->evidence.at[i], day) && speaks_for(p, &p->evidence.at[i], criterion, of, b))
            held |= 1ll << p->evidence.at[i].kind;
    return held;
}

static int32_t situation_day(const struct event *e)
{
    return e->kind->number == KIND_exit_decided ? exit_effective_on(e) : e->on;
}

static bool evidence_there(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v, const int16_t *family)
{
    return !positive_exit(e, family) || (evidence_held(p, e->on, situation_day(e), exit_criterion_said(e), b) & v->at[0]) == v->at[0];
}

/* What is owed is seen on the day of the last event: a paper dated ahead counts from the first event on or after its date. */
static struct deadline evidence_due(const struct parcours *p, const struct rulebook *b, const struct value *v, const int16_t *family)
{
    bool missing = positive_proposed(p, family) && (evidence_held(p, p->last_on, p->last_on, p->exit_criterion, b) & v->at[0]) != v->at[0];
    return missing ? since_proposal(p) : NO_DEADLINE;
}

/* A limit and a deadline a family: NAME_evidence and NAME_evidence_due. */
#define EVIDENCE(name, ...) \
    bool name##_evidence(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v) \
    { \
        return evidence_there(p, e, b, v, FAMILY(__VA_ARGS__)); \
    } \
    struct deadline name##_evidence_due(const struct parcours *p, const struct rulebook *b, const struct value *v) \
    { \
        return evidence_due(p, b, v, FAMILY(__VA_ARGS__)); \
    }
EVIDENCE(employment, BY_ONE_JOB)
EVIDENCE(hours, BY_SUM)
EVIDENCE(business, exit_criterion_business)
EVIDENCE(atypical, exit_criterion_atypical)
EVIDENCE(training, exit_criterion_qualification, exit_criterion_long_training)

/* ---- payslips ---- */
static bool payslip_held(const struct parcours *p, const struct job *j, int32_t month, int32_t day)
{
    for (uint32_t i = 0; i < p->evidence.n; i++) {
        const struct evidence *x = &p->evidence.at[i];
        if (x->kind == evidence_kind_payslip && speaks_on(x, day) && x->month == month && (x->employment == 0 || x->employment == j->seq))
            return true;
    }
    return false;
}

/* Those of the hiring month and of the months that follow, all of one job. */
static bool payslips_held(const struct parcours *p, int64_t criterion, int32_t day, const struct rulebook *b, int64_t wanted)
{
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        int64_t n = 0;
        while (exit_job(j, (unsigned)criterion, b) && n < wanted && payslip_held(p, j, month_index(j->started_on) + (int32_t)n, day))
            n++;
        if (n == wanted)
            return true;
    }
    return false;
}

bool payslips_there(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    return !positive_exit(e, FAMILY(BY_ONE_JOB)) || payslips_held(p, exit_criterion_said(e), e->on, b, v->at[0]);
}

struct deadline payslips_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    bool missing = positive_proposed(p, FAMILY(BY_ONE_JOB)) && !payslips_held(p, p->exit_criterion, p->last_on, b, v->at[0]);
    return missing ? since_proposal(p) : NO_DEADLINE;
}

/* ---- what retraces the follow-up ---- */
bool followup_documents_there(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    return evidence_there(p, e, b, v, FAMILY(BY_ONE_JOB, exit_criterion_qualification, exit_criterion_long_training));
}

struct deadline followup_documents_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    struct deadline job = NO_DEADLINE, training = NO_DEADLINE;
    if ((evidence_held(p, p->last_on, p->last_on, ABSENT, b) & v->at[0]) == v->at[0])
        return NO_DEADLINE;
    if (rule_applies(b, RULE_employment_followup))
        job = followup_due(p, b, &b->rule[RULE_employment_followup].value);
    if (rule_applies(b, RULE_training_followup))
        training = training_followup_due(p, b, &b->rule[RULE_training_followup].value);
    /* Both may be followed: the first that ends wants its documents. */
    return job.due == DAY_NONE || (training.due != DAY_NONE && training.due < job.due) ? training : job;
}

/* ---- the situation at the moment of the exit ---- */
/* A situation of the criterion's kind is running on the day. */
static bool still_running(const struct parcours *p, int64_t criterion, int32_t day, const struct rulebook *b)
{
    for (uint32_t i = 0; i < p->jobs.n; i++)
        if (exit_job(&p->jobs.at[i], (unsigned)criterion, b) && runs_on(p->jobs.at[i].started_on, p->jobs.at[i].ended_on, day))
            return true;
    for (uint32_t i = 0; i < p->spans.n; i++)
        if (exit_span(&p->spans.at[i], (unsigned)criterion, b) && runs_on(p->spans.at[i].started_on, p->spans.at[i].ended_on, day))
            return true;
    return false;
}

bool exit_attested(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    const struct exit_decided *d = e->data;
    /* A sum, or what was obtained, is not a situation that runs. */
    if (d->outcome != exit_outcome_positive || d->criterion == ABSENT || of_family(d->criterion, FAMILY(BY_SUM, exit_criterion_qualification)))
        return true;
    if (!still_running(p, d->criterion, exit_effective_on(e), b))
        return false;
    for (uint32_t i = 0; i < p->evidence.n; i++) {
        const struct evidence *x = &p->evidence.at[i];
        bool recent = x->dated != DAY_NONE && x->dated >= e->on - v->at[0];
        bool covers = x->covers_from != DAY_NONE && x->covers_until != DAY_NONE && x->covers_from <= exit_effective_on(e) && exit_effective_on(e) <= x->covers_until;
        if (evidence_of_exit(x) && speaks_on(x, e->on) && speaks_for(p, x, d->criterion, exit_effective_on(e), b) && (recent || covers))
            return true;
    }
    return false;
}
