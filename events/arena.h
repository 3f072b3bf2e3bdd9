/* Memory of one request: taken piece by piece, given back all at once. Nothing in it is freed alone, so no error path
 * has anything to free. Order of use: arena_init, arena_take..., arena_reset after the answer, arena_free at the end.
 * An arena is born with its limit; taking beyond it is a bug or an attack that an earlier limit should have stopped,
 * so arena_take never returns NULL: it ends the process with a sentence. */
#ifndef EVENTS_ARENA_H
#define EVENTS_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

struct arena_block;

struct arena {
    struct arena_block *block;  /* the newest */
    size_t taken_bytes, bytes_max;
};

void arena_init(struct arena *, size_t bytes_max);
void *arena_take(struct arena *, size_t bytes);                        /* zeroed, aligned for any type */
void *arena_copy(struct arena *, const void *from, size_t bytes);
struct text arena_text(struct arena *, const char *at, size_t bytes);  /* a copy */
struct text arena_print(struct arena *, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool arena_holds(const struct arena *, const void *);  /* it was taken there, since the last reset */
void arena_reset(struct arena *);   /* keeps the first block, so a warmed-up arena asks the system for nothing */
void arena_free(struct arena *);

#define ARENA_ARRAY(arena, type, n) ((type *)arena_take((arena), sizeof(type) * (n)))

#endif
