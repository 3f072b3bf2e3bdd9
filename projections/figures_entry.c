/* Figures of the entry: who comes, from where, how long it takes, and who does not enter. */
#include "figures.h"

#include "../events/parcours.h"

void figure_orientations(struct measure *m)
{
    const struct dossier *d = m->dossier;
    for (uint32_t i = 0; i < d->count; i++)
        if (d->standing[i]->kind->number == KIND_participant_oriented && dossier_within(d, d->standing[i]->on))
            measure_add(m, 1, 0, d->standing[i]->on, d->standing[i]->seq, ((const struct participant_oriented *)d->standing[i]->data)->origin);
}

/* The non-entry that an orientation ended in; NULL when it did not, or not yet. */
static const struct event *non_entry_after(const struct dossier *d, uint32_t orientation)
{
    for (uint32_t i = orientation + 1; i < d->count; i++) {
        if (d->standing[i]->kind->number == KIND_non_entry_recorded)
            return d->standing[i];
        if (d->standing[i]->kind->number == KIND_participant_oriented)
            return NULL;
    }
    return NULL;
}

void figure_non_entries(struct measure *m)
{
    const struct dossier *d = m->dossier;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        if (e->kind->number != KIND_participant_oriented || !dossier_within(d, e->on))
            continue;
        const struct event *end = non_entry_after(d, i);
        measure_add(m, end != NULL, 1, e->on, end ? end->seq : e->seq, end ? ((const struct non_entry_recorded *)end->data)->reason : ABSENT);
    }
}

/* ---- how long it takes ---- */
/* The orientation that opened a parcours; one that is told in the middle of it opens nothing. */
static bool opens_parcours(const struct dossier *d, const struct event *e)
{
    bool opens = e->seq == d->p->oriented_seq;
    for (uint32_t i = 0; !opens && i < d->p->past.n; i++)
        opens = e->seq == d->p->past.at[i].oriented_seq;
    return opens;
}

/* The first time somebody met them or was answered, after each orientation, in the order of the fold. */
void figure_first_meeting_delay(struct measure *m)
{
    const struct dossier *d = m->dossier;
    int32_t since = DAY_NONE;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        bool met = e->kind->number == KIND_appointment_kept || e->kind->number == KIND_contact_recorded;
        if (opens_parcours(d, e))
            since = e->on;
        if (!met || since == DAY_NONE)
            continue;
        if (dossier_within(d, e->on))
            measure_add(m, e->on - since, 1, e->on, e->seq, ABSENT);
        since = DAY_NONE;
    }
}

/* From the last proposal: what was put off decides nothing, and is proposed again. */
void figure_decision_delay(struct measure *m)
{
    const struct dossier *d = m->dossier;
    int32_t since = DAY_NONE;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        bool decided = e->kind->number == KIND_entry_decided && ((const struct entry_decided *)e->data)->outcome != entry_outcome_deferred;
        if (opens_parcours(d, e))
            since = DAY_NONE;
        if (e->kind->number == KIND_entry_proposed)
            since = e->on;
        if (!decided || since == DAY_NONE)
            continue;
        if (dossier_within(d, e->on))
            measure_add(m, e->on - since, 1, e->on, e->seq, ABSENT);
        since = DAY_NONE;
    }
}

static void entry_after(struct measure *m, int32_t oriented_on, int32_t started_on, uint64_t start_seq)
{
    if (oriented_on != DAY_NONE && dossier_within(m->dossier, started_on))
        measure_add(m, started_on - oriented_on, 1, started_on, start_seq, ABSENT);
}

void figure_entry_delay(struct measure *m)
{
    const struct parcours *p = m->dossier->p;
    for (uint32_t i = 0; i < p->past.n; i++)
        entry_after(m, p->past.at[i].oriented_on, p->past.at[i].started_on, p->past.at[i].start_seq);
    entry_after(m, p->oriented_on, p->start_on, p->start_seq);
}
