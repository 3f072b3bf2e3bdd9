/* Rules of steps and offers. */
#include "apply.h"

#define YEAR_MONTHS 12

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

/* ---- what follows, and what the participant says of it ---- */

/* A job, a long training or a business answers for what follows as well as a step does. */
static bool occupied_elsewhere(const struct parcours *p)
{
    for (uint32_t i = 0; i < p->jobs.n; i++)
        if (p->jobs.at[i].ended_on == DAY_NONE)
            return true;
    for (uint32_t i = 0; i < p->spans.n; i++)
        if (p->spans.at[i].kind != SPAN_suspension && p->spans.at[i].ended_on == DAY_NONE)
            return true;
    return false;
}

struct deadline next_step_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct step *only = NULL;
    if (!((IN(active) | IN(in_training)) & 1u << parcours_follows_as(p)) || occupied_elsewhere(p))
        return NO_DEADLINE;
    for (uint32_t i = 0; i < p->steps.n; i++) {
        const struct step *s = &p->steps.at[i];
        if (s->ended_on != DAY_NONE || s->dropped)
            continue;
        if (only || !open_step(s))
            return NO_DEADLINE;
        only = s;
    }
    if (!only || only->planned_end == DAY_NONE)
        return NO_DEADLINE;
    return (struct deadline){ only->planned_end, only->planned_end - (int32_t)v->at[0], only->started_seq, DAY_NONE };
}

struct deadline step_participant_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct deadline first = NO_DEADLINE;
    for (uint32_t i = 0; parcours_running(p) && i < p->steps.n; i++) {
        const struct step *s = &p->steps.at[i];
        if (s->ended_on != DAY_NONE && !s->abandoned && !s->dropped && s->evaluated_on == DAY_NONE)
            keep_earlier(&first, s->ended_on + (int32_t)v->at[0], s->ended_seq);
    }
    return first;
}

/* ---- immersions ---- */
static bool is_immersion(const struct event *e)
{
    return ((const struct step_prescribed *)e->data)->kind == step_kind_immersion;
}

bool function_told(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b, (void)v;
    return !is_immersion(e) || ((const struct step_prescribed *)e->data)->function != ABSENT;
}

static int32_t first_day(const struct event *e)
{
    int64_t start = ((const struct step_prescribed *)e->data)->planned_start;
    return start == ABSENT ? e->on : (int32_t)start;
}

bool immersion_short(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    int64_t end = ((const struct step_prescribed *)e->data)->planned_end;
    return !is_immersion(e) || (end != ABSENT && end - first_day(e) + 1 <= v->at[0]);
}

struct days {
    int32_t from, until;
};

/* Those an immersion took, or is to take. */
static struct days days_of(const struct step *s)
{
    int32_t planned = s->planned_start != DAY_NONE ? s->planned_start : s->prescribed_on;
    return (struct days){ s->started_on != DAY_NONE ? s->started_on : planned, s->ended_on != DAY_NONE ? s->ended_on : s->planned_end };
}

static bool hosted(const struct step *s, uint64_t host)
{
    return s->kind == step_kind_immersion && s->host == host && !s->dropped;
}

static bool has(struct days d, int32_t day)
{
    return d.until != DAY_NONE && d.from <= day && day <= d.until;
}

/* Days of the twelve months that end on `end`: one that several conventions cover is one day at the host. */
static int32_t days_in_year(const struct parcours *p, uint64_t host, struct days this, int32_t end)
{
    int32_t days = 0;
    for (int32_t day = day_add_months(end, -YEAR_MONTHS) + 1; day <= end; day++) {
        bool there = has(this, day);
        for (uint32_t i = 0; !there && i < p->steps.n; i++)
            there = hosted(&p->steps.at[i], host) && has(days_of(&p->steps.at[i]), day);
        days += there;
    }
    return days;
}

/* Looked at on its last day, and on the last day of each later one: they may be prescribed in any order. */
bool immersion_within_year(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct step_prescribed *d = e->data;
    uint64_t host = immersion_host(d);
    if (!is_immersion(e) || !host || d->planned_end == ABSENT)
        return true;
    struct days this = { first_day(e), (int32_t)d->planned_end };
    if (days_in_year(p, host, this, this.until) > v->at[0])
        return false;
    for (uint32_t i = 0; i < p->steps.n; i++) {
        int32_t end = days_of(&p->steps.at[i]).until;
        if (hosted(&p->steps.at[i], host) && end > this.until && day_add_months(end, -YEAR_MONTHS) < this.until && days_in_year(p, host, this, end) > v->at[0])
            return false;
    }
    return true;
}
