/* Rules of the follow-up in a job or a training, of what comes after it, and of the situations after an exit. */
#include "apply.h"
#include "exits.h"

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static struct deadline due_on(int32_t day, uint64_t cause)
{
    return (struct deadline){ day, day + 1, cause, DAY_NONE };
}

/* The day on which a follow-up is over: [months, days] after the start. */
static int32_t followed_until(int32_t started_on, const struct value *v)
{
    return day_add_months(started_on, (int32_t)v->at[0]) + (int32_t)v->at[1];
}

struct deadline followup_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct job *j = parcours_consolidation(p);
    if (p->state != STATE_in_consolidation || !j)
        return NO_DEADLINE;     /* the proposal of the exit is what it asks for */
    return due_on(followed_until(j->started_on, v) - 1, j->began_seq);
}

struct deadline training_followup_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct deadline first = NO_DEADLINE;
    if (p->state == STATE_exit_proposed || !parcours_followed(p))
        return first;
    for (uint32_t i = 0; i < p->steps.n; i++) {
        const struct step *s = &p->steps.at[i];
        bool runs = s->kind == step_kind_qualifying_training && s->started_on != DAY_NONE && s->ended_on == DAY_NONE;
        if (runs && (first.due == DAY_NONE || followed_until(s->started_on, v) <= first.due))
            first = due_on(followed_until(s->started_on, v) - 1, s->started_seq);
    }
    for (uint32_t i = 0; i < p->spans.n; i++) {
        const struct span *s = &p->spans.at[i];
        bool runs = s->kind == SPAN_long_training && s->ended_on == DAY_NONE;
        if (runs && (first.due == DAY_NONE || followed_until(s->started_on, v) <= first.due))
            first = due_on(followed_until(s->started_on, v) - 1, s->seq);
    }
    return first;
}

/* ---- the exit comes after the follow-up ---- */

/* It lasted until its follow-up was over, and that is past; what became of it since is another matter. */
static bool was_followed(int32_t started_on, int32_t ended_on, int32_t day, const struct value *v)
{
    int32_t until = followed_until(started_on, v);
    return until <= day && (ended_on == DAY_NONE || ended_on >= until - 1);
}

static bool job_followed(const struct parcours *p, int64_t criterion, int32_t day, const struct rulebook *b)
{
    if (!rule_applies(b, RULE_employment_followup))
        return true;
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (j->purpose == employment_purpose_consolidation && exit_job(j, (unsigned)criterion, b) &&
            was_followed(j->started_on, j->ended_on, day, &b->rule[RULE_employment_followup].value))
            return true;
    }
    return false;
}

static bool training_followed(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    if (!rule_applies(b, RULE_training_followup))
        return true;
    for (uint32_t i = 0; i < p->spans.n; i++) {
        const struct span *s = &p->spans.at[i];
        if (exit_span(s, exit_criterion_long_training, b) && was_followed(s->started_on, s->ended_on, day, &b->rule[RULE_training_followup].value))
            return true;
    }
    return false;
}

bool followup_was_served(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    int64_t criterion = exit_criterion_said(e);
    if (exit_outcome_said(e) != exit_outcome_positive)
        return true;
    if (criterion == exit_criterion_employment || criterion == exit_criterion_aided_contract)
        return job_followed(p, criterion, e->on, b);
    return criterion != exit_criterion_long_training || training_followed(p, e->on, b);
}

/* ---- clauses, insertion, aided contracts ---- */
/* Amended, it is the same job under the same clause: as it was hired, which is its first piece. */
static const struct job *as_hired(const struct parcours *p, const struct job *j)
{
    const struct job *first = p->jobs.at;
    while (first->seq != j->seq)
        first++;
    return first;
}

struct deadline market_followup_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct deadline first = NO_DEADLINE;
    const struct job *first_hired = NULL;
    if (!parcours_running(p))
        return first;
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i], *hired = as_hired(p, j);
        int32_t due = day_add_months(later(hired->started_on, p->job_contact_on), (int32_t)v->at[0]);
        bool sooner = !first_hired || due < first.due || (due == first.due && hired < first_hired);
        if (!j->market || j->ended_on != DAY_NONE || !sooner)
            continue;
        first = due_on(due, j->seq);
        first_hired = hired;
    }
    return first;
}

static bool of_insertion(const struct job *j)
{
    return j->kind == employment_kind_iae_aci || j->kind == employment_kind_iae_ei || j->kind == employment_kind_iae_ai || j->kind == employment_kind_etti;
}

struct deadline post_iae_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct job *last = NULL;
    if (!parcours_running(p))
        return NO_DEADLINE;
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (of_insertion(j) && j->ended_on == DAY_NONE)
            return NO_DEADLINE;
        if (of_insertion(j) && (!last || j->ended_on >= last->ended_on))
            last = j;
    }
    for (uint32_t i = 0; last && i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (!of_insertion(j) && (j->ended_on == DAY_NONE || j->ended_on > last->ended_on))
            return NO_DEADLINE;     /* the bridge was crossed */
    }
    return last ? due_on(day_add_months(later(last->ended_on, p->post_iae_contact_on), (int32_t)v->at[0]), last->ended_seq) : NO_DEADLINE;
}

static bool aided(const struct job *j)
{
    return j->kind == employment_kind_aided_non_market || j->kind == employment_kind_aided_market;
}

/* The first that runs; NULL: none. */
static const struct job *aided_now(const struct parcours *p)
{
    for (uint32_t i = 0; parcours_running(p) && i < p->jobs.n; i++)
        if (aided(&p->jobs.at[i]) && p->jobs.at[i].ended_on == DAY_NONE)
            return &p->jobs.at[i];
    return NULL;
}

struct deadline aided_workplace_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct job *j = aided_now(p);
    if (!j)
        return NO_DEADLINE;
    return monthly_due(later(p->start_on, j->started_on), p->workplace_on, p->workplace_days, v->at[0], p->workplace_seq ? p->workplace_seq : j->began_seq);
}

static bool aided_on(const struct parcours *p, int32_t day)
{
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (aided(j) && j->started_on <= day && (j->ended_on == DAY_NONE || j->ended_on >= day))
            return true;
    }
    return false;
}

/* Of a month: the days under aided contracts, whichever, make it whole, or a part as reading 4 has it. */
int64_t workplace_meetings_owed(const struct parcours *p, const struct rulebook *b, int32_t last)
{
    int32_t first = month_first(month_index(last)), days = 0;
    bool any = false;
    for (uint32_t i = 0; i < p->jobs.n; i++)
        any = any || aided(&p->jobs.at[i]);
    for (int32_t day = later(first, p->start_on); any && rule_applies(b, RULE_aided_workplace) && parcours_running(p) && day <= last; day++)
        days += aided_on(p, day);
    bool whole = days == month_last(month_index(last)) - first + 1;
    return whole ? b->rule[RULE_aided_workplace].value.at[0] : days >= HALF_MONTH_DAYS;
}

/* ---- after the exit ---- */
static bool situation_awaited(const struct parcours *p, int point)
{
    bool died = p->exit_outcome == exit_outcome_other && p->exit_reason == exit_reason_death;
    return p->state == STATE_exited && !died && !(p->situations >> point & 1);
}

struct deadline situation_weeks_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return situation_awaited(p, situation_point_four_weeks) ? due_on(p->effective_on + (int32_t)v->at[0], p->exit_seq) : NO_DEADLINE;
}

struct deadline situation_months_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return situation_awaited(p, situation_point_six_months) ? due_on(day_add_months(p->effective_on, (int32_t)v->at[0]), p->exit_seq) : NO_DEADLINE;
}
