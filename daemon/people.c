#include "people.h"

#include <stdlib.h>
#include <string.h>

#include "../events/parcours.h"

#define SLOTS_FIRST 4096        /* powers of two */

/* A person under one of their blocks. */
struct spot {
    uint64_t block;
    struct person *person;
    struct spot *next, **here;  /* here: what points to it, so that it goes at once from a chain of thousands */
};

struct person {
    uint64_t stream, seen;      /* seen: by which question last */
    struct features features;
    uint64_t *others;
    uint32_t other_count;
    struct spot spots[];        /* then the others */
};

struct people {
    struct person **at;         /* by stream */
    uint64_t room, questions;
    uint32_t count;
    struct spot **slots;
    size_t slot_count, spot_count;
};

static void *must(void *at)
{
    if (!at)
        abort();
    return at;
}

struct people *people_new(void)
{
    struct people *p = must(calloc(1, sizeof(*p)));
    p->slot_count = SLOTS_FIRST;
    p->slots = must(calloc(p->slot_count, sizeof(*p->slots)));
    return p;
}

void people_free(struct people *p)
{
    if (!p)
        return;
    for (uint64_t stream = 0; stream < p->room; stream++)
        people_remove(p, stream);
    free(p->at);
    free(p->slots);
    free(p);
}

/* ---- spots ---- */
static struct spot **slot_of(struct people *p, uint64_t block)
{
    return &p->slots[block & (p->slot_count - 1)];      /* blocks are hashes already */
}

static void link_spot(struct people *p, struct spot *at)
{
    struct spot **slot = slot_of(p, at->block);
    at->next = *slot;
    at->here = slot;
    if (*slot)
        (*slot)->here = &at->next;
    *slot = at;
}

static void unlink_spot(struct spot *at)
{
    *at->here = at->next;
    if (at->next)
        at->next->here = at->here;
}

static void grow(struct people *p)
{
    struct spot **before = p->slots;
    size_t count = p->slot_count;
    p->slot_count *= 2;
    p->slots = must(calloc(p->slot_count, sizeof(*p->slots)));
    for (size_t i = 0; i < count; i++)
        for (struct spot *at = before[i], *next; at; at = next) {
            next = at->next;
            link_spot(p, at);
        }
    free(before);
}

/* ---- people ---- */
void people_remove(struct people *p, uint64_t stream)
{
    struct person *who = stream < p->room ? p->at[stream] : NULL;
    if (!who)
        return;
    for (unsigned i = 0; i < who->features.block_count; i++)
        unlink_spot(&who->spots[i]);
    p->spot_count -= who->features.block_count;
    memset(&who->features, 0, sizeof(who->features));
    free(who);
    p->at[stream] = NULL;
    p->count--;
}

static void make_room(struct people *p, uint64_t stream)
{
    uint64_t room = stream < 512 ? 1024 : stream * 2;
    if (stream < p->room)
        return;
    p->at = must(realloc(p->at, room * sizeof(*p->at)));
    memset(p->at + p->room, 0, (room - p->room) * sizeof(*p->at));
    p->room = room;
}

void people_put(struct people *p, uint64_t stream, const struct features *f, const uint64_t *others, uint32_t other_count)
{
    people_remove(p, stream);
    make_room(p, stream);
    struct person *who = must(calloc(1, sizeof(*who) + f->block_count * sizeof(struct spot) + other_count * sizeof(uint64_t)));
    who->stream = stream;
    who->features = *f;
    who->others = (uint64_t *)(void *)(who->spots + f->block_count);
    who->other_count = other_count;
    if (other_count)
        memcpy(who->others, others, other_count * sizeof(uint64_t));
    p->at[stream] = who;
    p->count++;
    p->spot_count += f->block_count;
    if (p->spot_count > p->slot_count)
        grow(p);
    for (unsigned i = 0; i < f->block_count; i++) {
        who->spots[i] = (struct spot){ .block = f->blocks[i], .person = who };
        link_spot(p, &who->spots[i]);
    }
}

uint32_t people_count(const struct people *p)
{
    return p->count;
}

uint64_t people_streams(const struct people *p)
{
    return p->room;
}

/* ---- questions ---- */
static bool says_other(const struct person *a, const struct person *b)
{
    for (uint32_t i = 0; i < a->other_count; i++)
        if (a->others[i] == b->stream)
            return true;
    return false;
}

static int likeliest_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->likeness.score != y->likeness.score)
        return y->likeness.score - x->likeness.score;
    return (x->stream > y->stream) - (x->stream < y->stream);
}

struct found {
    struct arena *arena;
    struct candidate *at;
    uint32_t n, room;
};

static void weigh(struct found *f, const struct person *who, const struct person *other, int least)
{
    struct likeness l;
    likeness(&who->features, &other->features, &l);
    if (l.score < least || says_other(who, other) || says_other(other, who))
        return;
    void *at = f->at;
    vector_room(f->arena, &f->n, &f->room, &at, sizeof(*f->at));
    f->at = at;
    f->at[f->n++] = (struct candidate){ other->stream, l };
}

uint32_t people_like(struct people *p, struct arena *arena, uint64_t stream, int least, bool later_only, struct candidate **ret)
{
    struct found f = { .arena = arena };
    struct person *who = stream < p->room ? p->at[stream] : NULL;
    p->questions++;
    for (unsigned i = 0; who && i < who->features.match_count; i++)
        for (struct spot *at = *slot_of(p, who->features.blocks[i]); at; at = at->next) {
            struct person *other = at->person;
            if (at->block != who->features.blocks[i] || other == who || other->seen == p->questions || (later_only && other->stream < stream))
                continue;
            other->seen = p->questions;
            weigh(&f, who, other, least);
        }
    if (f.n > 1)
        qsort(f.at, f.n, sizeof(*f.at), likeliest_first);
    *ret = f.at;
    return f.n;
}

static bool has_words(const struct features *f, const uint64_t *words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        bool has = false;
        for (unsigned b = f->match_count; b < f->block_count; b++)
            has = has || f->blocks[b] == words[i];
        if (!has)
            return false;
    }
    return true;
}

static int by_stream(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

uint32_t people_named(struct people *p, struct arena *arena, const uint64_t *words, uint32_t count, uint64_t **ret)
{
    uint64_t *found = NULL;
    uint32_t n = 0, room = 0;
    p->questions++;
    for (struct spot *at = count ? *slot_of(p, words[0]) : NULL; at; at = at->next) {
        if (at->block != words[0] || at->person->seen == p->questions || !has_words(&at->person->features, words, count))
            continue;
        at->person->seen = p->questions;
        void *grown = found;
        vector_room(arena, &n, &room, &grown, sizeof(*found));
        found = grown;
        found[n++] = at->person->stream;
    }
    if (n > 1)
        qsort(found, n, sizeof(*found), by_stream);
    *ret = found;
    return n;
}
