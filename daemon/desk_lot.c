/* The present lot: the streams it touches, what was accepted of each, and the memory of their folds.
 *
 * A fold that is made anew leaves its memory behind in the arena, and a lot may make ten thousand of one file. So folds have two
 * arenas of their own: when what lies there is much more than what stands, what stands moves to the other one. */
#include <stdlib.h>
#include <string.h>

#include "desk_inside.h"

#define SLOTS_FIRST 16          /* a power of two */
#define FOLDS_SLACK_BYTES (16u << 20)
#define LOT_FOLDS_BYTES_MAX (128u << 20)                /* that stand */
#define LOT_BYTES_MAX (DESK_ARENA_BYTES / 8 * 3)        /* of everything else; what is left is for one command */

struct lot *new_lot(struct desk *d, struct lot *lot)
{
    refold_forget_judged(d->refold);
    arena_reset(&d->arena);
    arena_reset(&d->folds_arenas[0]);
    arena_reset(&d->folds_arenas[1]);
    *lot = (struct lot){ .streams = d->position.streams, .last_ms = d->last_ms };
    lot->last = &lot->first;
    lot->following_last = &lot->following;
    return lot;
}

/* ---- the memory of folds ---- */
static struct arena *folds_arena(struct desk *d)
{
    return &d->folds_arenas[d->folds_arena];
}

static void move_folds(struct desk *d, struct lot *lot)
{
    struct arena *left = folds_arena(d), *to = &d->folds_arenas[!d->folds_arena];
    for (struct draft *w = lot->drafts; w; w = w->next)
        if (w->fold.type == STREAM_participant)
            parcours_copy(&w->work, to, &w->work);
    arena_reset(left);
    d->folds_arena = !d->folds_arena;
    lot->folds_bytes = to->taken_bytes;
}

void replace_work(struct desk *d, struct lot *lot, struct draft *w, const struct parcours *anew)
{
    if (folds_arena(d)->taken_bytes > 2 * lot->folds_bytes + FOLDS_SLACK_BYTES)
        move_folds(d, lot);
    parcours_copy(&w->work, folds_arena(d), anew);
}

size_t lot_bytes(const struct desk *d)
{
    return d->arena.taken_bytes + d->folds_arenas[d->folds_arena].taken_bytes;
}

bool lot_full(struct desk *d, struct lot *lot)
{
    if (folds_arena(d)->taken_bytes > LOT_FOLDS_BYTES_MAX)
        move_folds(d, lot);
    return d->arena.taken_bytes > LOT_BYTES_MAX || folds_arena(d)->taken_bytes > LOT_FOLDS_BYTES_MAX;
}

/* ---- drafts ---- */
static struct draft **slot_of(struct lot *lot, uint64_t stream)
{
    return &lot->slots[(stream * 0x9e3779b97f4a7c15u) >> 32 & (lot->slot_count - 1)];
}

struct draft *find_draft(struct lot *lot, uint64_t stream)
{
    struct draft *w = lot->slot_count ? *slot_of(lot, stream) : NULL;
    while (w && w->fold.stream != stream)
        w = w->chain;
    return w;
}

static void chain(struct lot *lot, struct draft *w)
{
    struct draft **slot = slot_of(lot, w->fold.stream);
    w->chain = *slot;
    *slot = w;
}

static struct draft *add_draft(struct desk *d, struct lot *lot, const struct fold *fold)
{
    struct draft *w = ARENA_ARRAY(&d->arena, struct draft, 1);
    w->fold = *fold;
    w->last = &w->first;
    w->following_last = &w->following;
    if (lot->draft_count++ >= lot->slot_count) {
        lot->slot_count = lot->slot_count ? lot->slot_count * 4 : SLOTS_FIRST;
        lot->slots = ARENA_ARRAY(&d->arena, struct draft *, lot->slot_count);
        for (struct draft *other = lot->drafts; other; other = other->next)
            chain(lot, other);
    }
    chain(lot, w);
    w->next = lot->drafts;
    lot->drafts = w;
    return w;
}

struct draft *draft_of(struct desk *d, struct lot *lot, uint64_t stream)
{
    struct draft *w = find_draft(lot, stream);
    if (w)
        return w;
    const struct fold *known = folds_get(d->folds, d->log_txn, d->views_txn, stream, atomic_load(&d->books));
    if (!known)
        return NULL;
    w = add_draft(d, lot, known);
    w->fold.packed = NULL;
    if (known->packed)
        parcours_unpack(&w->work, folds_arena(d), known->packed);
    return w;
}

struct draft *new_draft(struct desk *d, struct lot *lot, const struct kind *kind)
{
    struct draft *w = add_draft(d, lot, &(struct fold){ .stream = lot->streams++, .type = kind->stream, .last = { .on = DAY_NONE } });
    w->is_new = true;
    if (kind->stream == STREAM_participant)
        parcours_begin(&w->work, folds_arena(d), w->fold.stream);
    return w;
}

/* ---- what is accepted, and what comes with it ---- */
void add_pending(struct desk *d, struct lot *lot, struct pending *p)
{
    struct draft *w = p->draft;
    *lot->last = p;
    lot->last = &p->next;
    *w->last = p;
    w->last = &p->of_draft;
    vector_room(&d->arena, &lot->count, &lot->room, (void **)&lot->at, sizeof(*lot->at));
    lot->at[lot->count++] = p;
}

/* Seqs are given one after the other. */
const struct event *pending_event(const struct desk *d, const struct lot *lot, int64_t seq)
{
    uint64_t place = (uint64_t)seq - d->position.seq - 1;
    return place < lot->count ? lot->at[place]->event : NULL;
}

void add_following(struct lot *lot, struct pending *p)
{
    struct draft *w = p->draft;
    *lot->following_last = p;
    lot->following_last = &p->next;
    *w->following_last = p;
    w->following_last = &p->of_draft;
    lot->following_count++;
}

void forget_following(struct lot *lot)
{
    for (struct pending *p = lot->following; p; p = p->next) {
        p->draft->following = NULL;
        p->draft->following_last = &p->draft->following;
    }
    lot->following = NULL;
    lot->following_last = &lot->following;
    lot->following_count = 0;
}
