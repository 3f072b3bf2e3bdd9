/* Figures of what is done besides the parcours: the référents' time and meetings; collective actions, the participants at
 * events; who is spoken with about them. */
#include "figures.h"

/* ---- référents ---- */
static void add_minutes(struct measure *m, const struct event *e, int32_t day, int64_t minutes, int64_t task, int64_t operation)
{
    if (!dossier_within(m->dossier, day))
        return;
    measure_own_stream(m, 1, operation);
    measure_add(m, minutes, 0, day, e->seq, task);
}

void figure_time(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (e->kind->number == KIND_time_recorded) {
            const struct time_recorded *t = e->data;
            add_minutes(m, e, e->on, t->minutes, t->task_code, t->operation);
        } else if (e->kind->number == KIND_agenda_recorded) {
            const struct agenda_recorded *a = e->data;
            add_minutes(m, e, (int32_t)a->day, a->minutes, a->task, a->operation);
        }
    }
}

void figure_attendance(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (!dossier_within(m->dossier, e->on))
            continue;
        if (e->kind->number == KIND_meeting_attended)
            measure_add(m, 1, 1, e->on, e->seq, ((const struct meeting_attended *)e->data)->meeting);
        else if (e->kind->number == KIND_meeting_missed)
            measure_add(m, 0, 1, e->on, e->seq, ((const struct meeting_missed *)e->data)->meeting);
    }
}

/* ---- participants at events ---- */
static const struct event *presence_within(const struct dossier *d, uint32_t *from)
{
    for (; *from < d->count; (*from)++) {
        const struct event *e = d->standing[*from];
        if (e->kind->number == KIND_presence_recorded && dossier_within(d, e->on))
            return d->standing[(*from)++];
    }
    return NULL;
}

void figure_event_presences(struct measure *m)
{
    const struct event *e;
    for (uint32_t at = 0; (e = presence_within(m->dossier, &at));) {
        const struct presence_recorded *p = e->data;
        measure_own_text(m, 0, p->event);
        measure_own_stream(m, 1, p->action);
        measure_add(m, 1, 0, e->on, e->seq, ABSENT);
    }
}

void figure_event_reach(struct measure *m)
{
    uint32_t at = 0;
    if (!dossier_in_caseload(m->dossier, m->dossier->end))
        return;
    const struct event *e = presence_within(m->dossier, &at);
    measure_add(m, e != NULL, 1, m->dossier->end, e ? e->seq : 0, ABSENT);
}

void figure_collective_actions(struct measure *m)
{
    struct text kind = { NULL, 0 };
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (e->kind->number == KIND_action_planned)
            kind = ((const struct action_planned *)e->data)->kind;
        if (e->kind->number != KIND_action_held || !dossier_within(m->dossier, e->on))
            continue;
        measure_own_text(m, 0, kind);
        measure_add(m, 1, 0, e->on, e->seq, ABSENT);
    }
}

/* ---- partners ---- */
/* With whom an event had the référent work; false: with nobody. */
static bool partner_of(const struct event *e, struct text *ret_structure, int64_t *ret_kind)
{
    *ret_kind = ABSENT;
    switch (e->kind->number) {
    case KIND_partner_contacted:
        *ret_structure = ((const struct partner_contacted *)e->data)->structure;
        *ret_kind = ((const struct partner_contacted *)e->data)->partner;
        return true;
    case KIND_information_shared:
        *ret_structure = ((const struct information_shared *)e->data)->structure;
        return true;
    case KIND_profile_shared:
        *ret_structure = ((const struct profile_shared *)e->data)->structure;
        return true;
    case KIND_relay_found:
        *ret_structure = ((const struct relay_found *)e->data)->structure;
        return true;
    }
    return false;
}

void figure_partners(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        struct text structure;
        int64_t kind;
        if (!dossier_within(m->dossier, e->on) || !partner_of(e, &structure, &kind))
            continue;
        measure_own_text(m, 1, structure);
        measure_add(m, 1, 0, e->on, e->seq, kind);
    }
}
