#include "arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_BLOCK_BYTES ((size_t)64 * 1024)
#define BLOCK_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define ALIGNMENT _Alignof(max_align_t)

struct arena_block {
    struct arena_block *older;
    size_t used_bytes, room_bytes;
    max_align_t at[];
};

static _Noreturn void give_up(const char *why, size_t bytes)
{
    fprintf(stderr, "parcoursd: arena: %s (%zu bytes asked)\n", why, bytes);
    abort();
}

void arena_init(struct arena *a, size_t bytes_max)
{
    *a = (struct arena){ .bytes_max = bytes_max };
}

/* Blocks double, so that a large answer costs few of them; a piece larger than that gets a block of its own. */
static void add_block(struct arena *a, size_t bytes)
{
    size_t room = a->block ? a->block->room_bytes * 2 : FIRST_BLOCK_BYTES;
    if (room > BLOCK_BYTES_MAX)
        room = BLOCK_BYTES_MAX;
    if (room < bytes)
        room = bytes;
    struct arena_block *b = malloc(sizeof *b + room);
    if (b == NULL)
        give_up("out of memory", bytes);
    b->older = a->block;
    b->used_bytes = 0;
    b->room_bytes = room;
    a->block = b;
}

static void *take(struct arena *a, size_t bytes)
{
    if (bytes > a->bytes_max - a->taken_bytes)
        give_up("taken beyond its limit", bytes);
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (a->block == NULL || rounded > a->block->room_bytes - a->block->used_bytes)
        add_block(a, rounded);
    void *at = (char *)a->block->at + a->block->used_bytes;
    a->block->used_bytes += rounded;
    a->taken_bytes += bytes;
    return at;
}

void *arena_take(struct arena *a, size_t bytes)
{
    return memset(take(a, bytes), 0, bytes);
}

void *arena_copy(struct arena *a, const void *from, size_t bytes)
{
    void *at = take(a, bytes);
    if (bytes > 0)
        memcpy(at, from, bytes);
    return at;
}

struct text arena_text(struct arena *a, const char *at, size_t bytes)
{
    assert(bytes <= UINT32_MAX);
    return (struct text){ arena_copy(a, at, bytes), (uint32_t)bytes };
}

struct text arena_print(struct arena *a, const char *format, ...)
{
    char small[512];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    assert(n >= 0);
    /* One byte more, because vsnprintf ends what it prints; the text does not count it. */
    char *at = take(a, (size_t)n + 1);
    if ((size_t)n < sizeof small)
        memcpy(at, small, (size_t)n + 1);
    else
        vsnprintf(at, (size_t)n + 1, format, again);
    va_end(again);
    return (struct text){ at, (uint32_t)n };
}

bool arena_holds(const struct arena *a, const void *at)
{
    for (const struct arena_block *b = a->block; b; b = b->older)
        if ((uintptr_t)at >= (uintptr_t)b->at && (uintptr_t)at < (uintptr_t)b->at + b->used_bytes)
            return true;
    return false;
}

static void drop_blocks(struct arena *a, const struct arena_block *keep)
{
    while (a->block != keep) {
        struct arena_block *older = a->block->older;
        free(a->block);
        a->block = older;
    }
}

void arena_reset(struct arena *a)
{
    const struct arena_block *first = a->block;
    while (first && first->older)
        first = first->older;
    drop_blocks(a, first);
    if (a->block)
        a->block->used_bytes = 0;
    a->taken_bytes = 0;
}

void arena_free(struct arena *a)
{
    drop_blocks(a, NULL);
    a->taken_bytes = 0;
}
