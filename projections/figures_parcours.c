/* Figures of the life of a parcours: who is followed, entries, exits; contacts. */
#include "figures.h"

/* ---- who is followed, who comes ---- */
void figure_caseload(struct measure *m)
{
    int32_t end = m->dossier->end;
    if (dossier_in_caseload(m->dossier, end))
        measure_add(m, 1, 0, end, parcours_in_caseload(m->dossier->p, end) ? m->dossier->p->start_seq : 0, ABSENT);
}

void figure_accompanied(struct measure *m)
{
    int32_t day = dossier_last_there(m->dossier);
    if (day != DAY_NONE)
        measure_add(m, 1, 0, day, m->dossier->p->start_seq, ABSENT);
}

void figure_entries(struct measure *m)
{
    const struct parcours *p = m->dossier->p;
    for (uint32_t i = 0; i < p->past.n; i++)
        if (dossier_within(m->dossier, p->past.at[i].started_on))
            measure_add(m, 1, 0, p->past.at[i].started_on, 0, ABSENT);
    if (dossier_within(m->dossier, p->start_on))
        measure_add(m, 1, 0, p->start_on, p->start_seq, ABSENT);
}

void figure_refusals(struct measure *m)
{
    const struct parcours *p = m->dossier->p;
    for (uint32_t i = 0; i < p->past.n; i++)
        if (p->past.at[i].state == STATE_refused && dossier_within(m->dossier, p->past.at[i].ended_on))
            measure_add(m, 1, 0, p->past.at[i].ended_on, 0, ABSENT);
    if (p->state == STATE_refused && dossier_within(m->dossier, p->decided_on))
        measure_add(m, 1, 0, p->decided_on, p->decided_seq, ABSENT);
}

/* ---- exits: on which side each is depends on pieces that come after it ---- */
bool ending_positive(const struct ending *e)
{
    return e->outcome == exit_outcome_positive && !e->unfounded && e->accepted;
}

void figures_each_exit(struct measure *m, exit_fn *take)
{
    const struct parcours *p = m->dossier->later;
    for (uint32_t i = 0; i < p->past.n; i++)
        if (dossier_within(m->dossier, p->past.at[i].exit.decided_on))
            take(m, &p->past.at[i].exit);
    struct ending now = parcours_ending(p);
    if (dossier_within(m->dossier, now.decided_on))
        take(m, &now);
}

static void any_exit(struct measure *m, const struct ending *e)
{
    measure_add(m, 1, 0, e->decided_on, e->seq, e->outcome);
}

static void positive_exit(struct measure *m, const struct ending *e)
{
    if (ending_positive(e))
        measure_add(m, 1, 0, e->decided_on, e->seq, e->criterion);
}

static void positive_of_all(struct measure *m, const struct ending *e)
{
    measure_add(m, ending_positive(e), 1, e->decided_on, e->seq, e->criterion);
}

static void other_exit(struct measure *m, const struct ending *e)
{
    if (e->outcome != exit_outcome_positive)
        measure_add(m, 1, 0, e->decided_on, e->seq, e->reason);
}

void figure_exits(struct measure *m)
{
    figures_each_exit(m, any_exit);
}

void figure_positive_exits(struct measure *m)
{
    figures_each_exit(m, positive_exit);
}

void figure_positive_exit_rate(struct measure *m)
{
    figures_each_exit(m, positive_of_all);
}

void figure_other_exits(struct measure *m)
{
    figures_each_exit(m, other_exit);
}

/* ---- follow-up ---- */
void figure_contacts(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (e->kind->number == KIND_contact_recorded && dossier_within(m->dossier, e->on))
            measure_add(m, 1, 0, e->on, e->seq, ((const struct contact_recorded *)e->data)->channel);
    }
}
