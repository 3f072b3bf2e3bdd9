#include "dossier.h"

#include <string.h>

/* The fold at the end is a copy only when something came after it. */
static void fold_participant(struct dossier *d)
{
    struct parcours *p = ARENA_ARRAY(d->arena, struct parcours, 1);
    parcours_begin(p, d->arena, d->stream);
    for (uint32_t i = 0; i < d->count; i++)
        parcours_step(p, d->standing[i], d->books);
    d->p = d->later = p;
    if (d->count == d->count_later)
        return;
    struct parcours *later = ARENA_ARRAY(d->arena, struct parcours, 1);
    parcours_copy(later, d->arena, p);
    for (uint32_t i = d->count; i < d->count_later; i++)
        parcours_step(later, d->standing[i], d->books);
    d->later = later;
}

void dossier_fold(struct dossier *d, struct arena *arena, const struct event *const *events, uint32_t count)
{
    const struct event **standing;
    const struct period *period = &d->period;
    d->arena = arena;
    d->type = events[0]->kind->stream;
    d->stream = events[0]->stream;
    d->end = period->to < period->as_of ? period->to : period->as_of;
    d->p = d->later = NULL;
    d->card = NULL;
    d->count_later = parcours_standing(arena, events, count, period->as_of, period->known_at, &standing);
    d->standing = standing;
    for (d->count = d->count_later; d->count && standing[d->count - 1]->on > d->end; d->count--)
        ;
    if (d->type == STREAM_participant) {
        fold_participant(d);
    } else {
        struct card *card = ARENA_ARRAY(arena, struct card, 1);
        card_fold(card, standing, d->count);
        d->card = card;
    }
}

bool dossier_within(const struct dossier *d, int32_t day)
{
    return day != DAY_NONE && d->period.from <= day && day <= d->end;
}

struct stay dossier_stay(const struct dossier *d, int32_t day)
{
    int32_t after = DAY_NONE;
    for (uint32_t i = 0; i < d->later->past.n; i++) {
        const struct past *past = &d->later->past.at[i];
        if (day <= past->ended_on)
            return (struct stay){ past->number, after, past->ended_on, past->started_on };
        after = past->ended_on;
    }
    return (struct stay){ d->later->number, after, INT32_MAX, d->later->start_on };
}

int64_t dossier_referent(const struct dossier *d, int32_t day)
{
    struct stay stay = dossier_stay(d, day);
    int64_t who = ABSENT;
    for (uint32_t i = 0; i < d->later->tenures.n; i++) {
        /* What was recorded before the first orientation happened all the same: it belongs to the first stay. */
        int32_t number = d->later->tenures.at[i].number;
        bool theirs = number == stay.number || (stay.after == DAY_NONE && number < stay.number);
        if (theirs && d->later->tenures.at[i].from_day <= day)
            who = d->later->tenures.at[i].referent;
    }
    return who;
}

int64_t dossier_class(const struct dossier *d, int32_t day)
{
    struct stay stay = dossier_stay(d, day);
    int64_t class = ABSENT;
    for (uint32_t i = 0; i < d->count && d->standing[i]->on <= day; i++)
        if (d->standing[i]->kind->number == KIND_situation_qualified && d->standing[i]->on > stay.after)
            class = ((const struct situation_qualified *)d->standing[i]->data)->class;
    return class;
}

bool dossier_in_caseload(const struct dossier *d, int32_t day)
{
    for (uint32_t i = 0; i < d->p->past.n; i++)
        if (d->p->past.at[i].started_on != DAY_NONE && d->p->past.at[i].started_on <= day && day <= d->p->past.at[i].ended_on)
            return true;
    return parcours_in_caseload(d->p, day);
}

int32_t dossier_last_there(const struct dossier *d)
{
    int32_t last = DAY_NONE, left_on = parcours_left_on(d->p), until;
    for (uint32_t i = 0; i < d->p->past.n; i++) {
        const struct past *past = &d->p->past.at[i];
        until = past->ended_on < d->end ? past->ended_on : d->end;
        if (past->started_on != DAY_NONE && past->started_on <= until && until >= d->period.from)
            last = until;
    }
    until = left_on != DAY_NONE && left_on < d->end ? left_on : d->end;
    bool now = d->p->start_on != DAY_NONE && d->p->start_on <= until && until >= d->period.from;
    return now ? until : last;
}

int32_t whole_months(int32_t from, int32_t to)
{
    int32_t months = month_index(to) - month_index(from);
    return day_add_months(from, months) > to ? months - 1 : months;
}

bool dossier_signed(const struct dossier *d, uint32_t at)
{
    uint64_t seq = d->standing[at]->seq;
    if (event_signing(d->standing[at]).given)
        return true;
    for (at++; at < d->count_later; at++) {
        const struct signature_obtained *s = d->standing[at]->data;
        if (d->standing[at]->kind->number == KIND_signature_obtained && (uint64_t)s->event == seq)
            return true;
    }
    return false;
}
