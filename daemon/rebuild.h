/* Views made anew while the daemon serves: one thread that sleeps until somebody asks or a rulebook was adopted, fills, compares,
 * and has the writer switch between two batches (projections/rebuild.h). What comes while it runs is seen by the same run, or by
 * the next: several adoptions in a row cost one filling, or two.
 *
 * A failure (a full disk) leaves the views as they were; while lists lag behind a rulebook it is tried again. Stopping the daemon
 * stops a filling; the next start goes on with the old views, and tries again. */
#ifndef DAEMON_REBUILD_H
#define DAEMON_REBUILD_H

#include "service.h"

struct rebuilder;

struct rebuilt {
    int failure;
    struct comparison comparison;
    struct position compared_at;
    uint64_t position;          /* of the switch */
    int64_t took_ms, paused_us; /* paused: the writer, altogether */
};

int rebuilder_start(struct service *, struct rebuilder **ret);
void rebuilder_stop(struct rebuilder *);        /* before the writer stops */
void rebuilder_wake(struct rebuilder *);        /* from any thread: a rulebook was adopted; returns at once */
/* Asks for a run that begins from now on, and waits for its end; NULL `waits` or false from it: no longer. False: it did not. */
bool rebuilder_run(struct rebuilder *, bool (*waits)(void *context), void *context, struct rebuilt *ret);
uint64_t rebuilder_differed(struct rebuilder *);        /* rows found to differ from their recomputation, since the start */

#endif
