/* A parcours in one block, as small as it can be: tens of thousands of them are kept in memory. Most rules have nothing
 * due, so only the deadlines that are open are in it. */
#include "parcours.h"

#include <stdlib.h>
#include <string.h>

struct open_deadline {
    struct deadline deadline;
    uint32_t rule;
};

/* The members of struct parcours before `open`, then the open deadlines, then the vectors. */
struct packed {
    size_t bytes;
    uint32_t open_count;
    _Alignas(uint64_t) char at[];   /* its members are read in place */
};

#define FIXED_BYTES (offsetof(struct parcours, open) / 8 * 8)
_Static_assert(offsetof(struct parcours, open) % 8 == 0, "vectors follow the fixed part, aligned");

static size_t round_up(size_t bytes)
{
    return (bytes + 7) & ~(size_t)7;
}

static uint32_t count_open(const struct parcours *p)
{
    uint32_t n = 0;
    for (int r = 0; r < RULES; r++)
        n += p->open[r].due != DAY_NONE;
    return n;
}

static size_t vectors_bytes(const struct parcours *p)
{
    size_t bytes = 0;
#define V(type, name) bytes += round_up(p->name.n * sizeof(type));
    VECTORS(V)
#undef V
    return bytes;
}

size_t parcours_bytes(const struct parcours *p)
{
    return sizeof(*p) + vectors_bytes(p);
}

size_t packed_bytes(const struct packed *k)
{
    return k->bytes;
}

static char *pack_open(struct packed *k, const struct parcours *p)
{
    struct open_deadline *at = (struct open_deadline *)(void *)(k->at + FIXED_BYTES);
    for (uint32_t r = 0; r < RULES; r++)
        if (p->open[r].due != DAY_NONE)
            *at++ = (struct open_deadline){ p->open[r], r };
    return (char *)at;
}

struct packed *parcours_pack(const struct parcours *p)
{
    uint32_t open = count_open(p);
    size_t bytes = sizeof(struct packed) + FIXED_BYTES + open * sizeof(struct open_deadline) + vectors_bytes(p);
    struct packed *k = malloc(bytes);
    if (!k)
        abort();    /* the kernel is out of memory: nothing sensible is left to do, and the log is safe */
    k->bytes = bytes;
    k->open_count = open;
    memcpy(k->at, p, FIXED_BYTES);
    char *at = pack_open(k, p);
#define V(type, name) \
    if (p->name.n) \
        memcpy(at, p->name.at, p->name.n * sizeof(type)); \
    at += round_up(p->name.n * sizeof(type));
    VECTORS(V)
#undef V
    return k;
}

void parcours_look(struct parcours *p, const struct packed *k)
{
    const struct open_deadline *open = (const struct open_deadline *)(const void *)(k->at + FIXED_BYTES);
    memcpy(p, k->at, FIXED_BYTES);
    p->arena = NULL;
    for (int r = 0; r < RULES; r++)
        p->open[r] = NO_DEADLINE;
    for (uint32_t i = 0; i < k->open_count; i++)
        p->open[open[i].rule] = open[i].deadline;
    char *at = (char *)(uintptr_t)(open + k->open_count);
#define V(type, name) \
    p->name.at = (type *)(void *)at; \
    p->name.room = p->name.n; \
    at += round_up(p->name.n * sizeof(type));
    VECTORS(V)
#undef V
}

void parcours_copy(struct parcours *p, struct arena *arena, const struct parcours *from)
{
    *p = *from;
    p->arena = arena;
#define V(type, name) \
    p->name.room = from->name.n; \
    p->name.at = from->name.n ? arena_copy(arena, from->name.at, from->name.n * sizeof(type)) : NULL;
    VECTORS(V)
#undef V
}

void parcours_unpack(struct parcours *p, struct arena *arena, const struct packed *k)
{
    struct parcours seen;
    parcours_look(&seen, k);
    parcours_copy(p, arena, &seen);
}
