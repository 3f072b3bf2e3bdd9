/* The month's reporting of the steps: every one that was waiting, running or ended in the month, of those who were in a
 * caseload during it. */
#include "reports.h"

/* A step that was dropped before it began counts in the month of its prescription only. */
static bool touches(const struct dossier *d, const struct step *s)
{
    if (s->dropped && s->started_on == DAY_NONE)
        return dossier_within(d, s->prescribed_on);
    return s->ended_on == DAY_NONE || s->ended_on >= d->period.from;
}

static struct text provider_of(const struct dossier *d, uint64_t step)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->standing[i]->seq == step && d->standing[i]->kind->number == KIND_step_prescribed)
            return ((const struct step_prescribed *)d->standing[i]->data)->provider;
    return (struct text){ NULL, 0 };
}

static void count_step(struct reporting *r, const struct dossier *d, const struct step *s)
{
    report_count(r, TOTAL_steps_prescribed, dossier_within(d, s->prescribed_on));
    report_count(r, TOTAL_steps_started, dossier_within(d, s->started_on));
    report_count(r, TOTAL_steps_running, s->started_on != DAY_NONE && s->ended_on == DAY_NONE);
    report_count(r, TOTAL_steps_ended, dossier_within(d, s->ended_on) && !s->abandoned);
    report_count(r, TOTAL_steps_abandoned, dossier_within(d, s->ended_on) && s->abandoned);
}

static void put_step(struct reporting *r, const struct dossier *d, const struct step *s)
{
    cell_id(r, (int64_t)d->stream);
    cell_event(r, s->seq);
    cell_word(r, s->kind);
    cell_text(r, provider_of(d, s->seq));
    cell_day(r, s->prescribed_on);
    cell_day(r, s->started_on);
    cell_day(r, s->ended_on);
    cell_day(r, s->planned_end);
    cell_word(r, s->result);
    cell_flag(r, s->abandoned);
}

/* In a caseload on some day of the period: they had started by its end, and left within it or later. */
static bool was_there(const struct dossier *d)
{
    const struct parcours *p = d->p;
    int32_t left_on = parcours_left_on(p);
    for (uint32_t i = 0; i < p->past.n; i++)
        if (p->past.at[i].started_on != DAY_NONE && p->past.at[i].ended_on >= d->period.from)
            return true;
    return p->start_on != DAY_NONE && (left_on == DAY_NONE || left_on >= d->period.from);
}

void report_steps(struct reporting *r, const struct dossier *d)
{
    int64_t referent = report_stream(r, PARAMETER_referent);
    bool left = d->p->exited_on != DAY_NONE && d->p->exited_on < d->period.from;
    bool theirs = referent == ABSENT || d->p->referent == referent;
    for (uint32_t i = 0; theirs && !left && was_there(d) && i < d->p->steps.n; i++) {
        const struct step *s = &d->p->steps.at[i];
        if (!touches(d, s))
            continue;
        put_step(r, d, s);
        count_step(r, d, s);
    }
}
