/* Figures of the entry: who comes, from where, and who does not enter. */
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
