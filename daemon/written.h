/* Text that is being written: it grows, is born with its limit, and its errors stick. What a page of HTML, a mail and a calendar
 * are made in. Order of use: written_begin; written_... ; look at `failed`; read `at` and `bytes`; written_end.
 * Whoever hands a part of it on before the rest is written sets `bytes` back to 0. */
#ifndef DAEMON_WRITTEN_H
#define DAEMON_WRITTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../events/text.h"

struct written {
    char *at;                       /* not terminated; NULL while nothing was written */
    size_t bytes, room, bytes_max;
    bool failed;                    /* no memory, or beyond bytes_max: what came since is dropped */
};

void written_begin(struct written *, size_t bytes_max);
void written_end(struct written *);
void written_bytes(struct written *, const void *at, size_t bytes);
void written_text(struct written *, struct text);       /* nothing for an absent one */
void written_string(struct written *, const char *);
void written_print(struct written *, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct text written_so_far(const struct written *);     /* until the next piece is written */
/* How many bytes the character at t.at[i] takes, 1 to 4; 1 for what is no UTF-8. Whoever cuts a text cuts it between two of them. */
uint32_t character_bytes(struct text, uint32_t i);

#endif
