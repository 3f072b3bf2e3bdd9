/* Rules of how facts are told: once, in the order of their days, within what is likely. They mark; a fact is never refused. */
#include "apply.h"
#include "exits.h"

static const struct step *step_named(const struct parcours *p, int64_t seq)
{
    for (uint32_t i = p->steps.n; i-- > 0;)
        if (p->steps.at[i].seq == (uint64_t)seq)
            return &p->steps.at[i];
    return NULL;
}

/* A step closes once, and does not begin any more then. */
static bool closed(const struct parcours *p, int64_t step)
{
    const struct step *s = step_named(p, step);
    return s && (s->dropped || s->ended_on != DAY_NONE);
}

static bool begun(const struct parcours *p, int64_t step)
{
    const struct step *s = step_named(p, step);
    return s && s->started_on != DAY_NONE;
}

static bool job_ended(const struct parcours *p, int64_t job)
{
    for (uint32_t i = p->jobs.n; i-- > 0;)      /* the last entry of a name is the job as it is now */
        if (p->jobs.at[i].seq == (uint64_t)job)
            return p->jobs.at[i].ended_on != DAY_NONE;
    return false;
}

static bool span_over(const struct parcours *p, int64_t span)
{
    for (uint32_t i = 0; i < p->spans.n; i++)
        if (p->spans.at[i].seq == (uint64_t)span)
            return p->spans.at[i].ended_on != DAY_NONE;
    return false;
}

static bool told_before(const struct parcours *p, const struct event *e)
{
    switch (e->kind->number) {
    case KIND_step_started:
        return begun(p, ((const struct step_started *)e->data)->step) || closed(p, ((const struct step_started *)e->data)->step);
    case KIND_step_refused:
        return closed(p, ((const struct step_refused *)e->data)->step);
    case KIND_step_not_started:
        return closed(p, ((const struct step_not_started *)e->data)->step);
    case KIND_step_ended:
        return closed(p, ((const struct step_ended *)e->data)->step);
    case KIND_step_abandoned:
        return closed(p, ((const struct step_abandoned *)e->data)->step);
    case KIND_employment_ended:
        return job_ended(p, ((const struct employment_ended *)e->data)->employment);
    case KIND_business_ended:
        return span_over(p, ((const struct business_ended *)e->data)->business);
    case KIND_long_training_ended:
        return span_over(p, ((const struct long_training_ended *)e->data)->training);
    case KIND_chosen_situation_ended:
        return span_over(p, ((const struct chosen_situation_ended *)e->data)->situation);
    case KIND_hours_recorded:
        return hours_told(p, e->data);
    }
    return false;
}

bool told_first(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    return !told_before(p, e);
}

/* ---- days ---- */
static bool comes_before(int64_t planned_end, int64_t first)
{
    return planned_end != ABSENT && first != ABSENT && planned_end < first;
}

static bool on_its_day(int64_t session_day, int32_t on)
{
    return session_day == ABSENT || session_day == on;
}

bool days_follow(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    switch (e->kind->number) {
    case KIND_step_prescribed:
        return !comes_before(((const struct step_prescribed *)e->data)->planned_end, ((const struct step_prescribed *)e->data)->planned_start);
    case KIND_step_started:
        return !e->names_later_day && !comes_before(((const struct step_started *)e->data)->planned_end, e->on);
    case KIND_entry_decided:
        return on_its_day(((const struct entry_decided *)e->data)->session_day, e->on);
    case KIND_exit_decided:
        return on_its_day(((const struct exit_decided *)e->data)->session_day, e->on) && !(p->start_on != DAY_NONE && exit_effective_on(e) < p->start_on);
    case KIND_employment_started:
        return !comes_before(((const struct employment_started *)e->data)->planned_end, e->on);
    }
    return !e->names_later_day;
}

/* ---- hours ---- */
#define DAYS_OF_WEEK 7

bool hours_likely(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    const struct hours_recorded *d = e->data;
    return d->hours * DAYS_OF_WEEK <= v->at[0] * (d->until_day - d->from_day + 1);
}
