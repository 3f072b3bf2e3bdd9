/* The body of a long answer while it is made: an anonymous file in memory (memfd), for names of people may be in it, and nothing
 * of it is left when the daemon dies. It is no part of the process's own memory, however long the answer.
 *
 * Order of use: spool_open; spool_put... (or whoever writes files by a path: spool_path, then spool_measure); spool_end; spool_take
 * by whom sends it; spool_close in any case. Errors stick: spool_end tells. */
#ifndef DAEMON_SPOOL_H
#define DAEMON_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../events/chain.h"

#define SPOOL_BYTES_MAX ((uint64_t)256 << 20)      /* of one answer; a client takes no more, either */
#define SPOOL_PATH_BYTES 32

struct spool {
    int fd;                     /* -1: taken, or never opened */
    uint64_t bytes;             /* put so far */
    char *block;                /* not written yet */
    size_t held;
    struct hash hash;           /* of all that was written, block after block: equal for equal bytes */
    bool failed, too_large;
};

bool spool_open(struct spool *);        /* false: no descriptor or no memory was left */
void spool_put(struct spool *, const void *, size_t bytes);
const char *spool_path(const struct spool *, char out[SPOOL_PATH_BYTES]);      /* of this process alone */
void spool_measure(struct spool *);     /* `bytes` is what the file has; its hash stays unknown */
bool spool_end(struct spool *);         /* false: something was lost (`too_large`, or no memory) */
int spool_take(struct spool *);         /* the descriptor, the caller's to close */
void spool_close(struct spool *);

#endif
