/* Figures of what is done with enterprises: visits, partnerships, needs; by pair and by sector. */
#include "figures.h"

/* The sector of the PLIE, told when the enterprise was registered. */
static int64_t sector_of(const struct dossier *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->standing[i]->kind->number == KIND_enterprise_registered)
            return ((const struct enterprise_registered *)d->standing[i]->data)->sector;
    return ABSENT;
}

void figure_visits(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        const struct enterprise_visited *v = e->data;
        if (e->kind->number != KIND_enterprise_visited || !dossier_within(m->dossier, e->on))
            continue;
        measure_own_word(m, 1, sector_of(m->dossier));
        measure_own_text(m, 2, v->pair);
        measure_add(m, 1, 0, e->on, e->seq, v->purpose);
    }
}

/* Each enterprise once, on the day of its first visit of the period. */
void figure_enterprises_met(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (e->kind->number != KIND_enterprise_visited || !dossier_within(m->dossier, e->on))
            continue;
        measure_own_text(m, 1, ((const struct enterprise_visited *)e->data)->pair);
        measure_add(m, 1, 0, e->on, e->seq, sector_of(m->dossier));
        return;
    }
}

void figure_partnerships(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        const struct partnership_opened *o = e->data;
        if (e->kind->number != KIND_partnership_opened || o->lasting != 1)
            continue;
        int32_t from = o->from_day == ABSENT ? e->on : (int32_t)o->from_day;
        if (!dossier_within(m->dossier, from))
            continue;
        measure_own_text(m, 1, o->pair);
        measure_add(m, 1, 0, from, e->seq, sector_of(m->dossier));
    }
}

void figure_enterprise_needs(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        const struct enterprise_need_recorded *n = e->data;
        if (e->kind->number != KIND_enterprise_need_recorded || !dossier_within(m->dossier, e->on))
            continue;
        measure_own_text(m, 1, n->rome);
        measure_add(m, n->posts == ABSENT ? 1 : n->posts, 0, e->on, e->seq, sector_of(m->dossier));
    }
}
