/* The one way to make views anew while others serve: filled aside from the log, compared with those that serve, put in their place.
 *
 * Order of use, again and again until rebuild_switch says done:
 *   rebuild_fill    long, in any one thread, beside whoever writes the views that serve and appends to the log;
 *   rebuild_switch  short, by that writer, between two of its batches: the last events, and the new ones take their place.
 * Then rebuild_settle, and the old ones are discarded by whoever knows that nobody looks at them any more. rebuild_drop ends it
 * at any point before: those that serve are as they were. Nothing of it survives the process unless it was switched. */
#ifndef PROJECTIONS_REBUILD_H
#define PROJECTIONS_REBUILD_H

#include "comparison.h"
#include "filling.h"

struct rebuild {
    const char *directory;          /* of the store */
    struct log *log;
    struct views *serving;          /* may be NULL: nothing to compare with */
    /* The rulebooks adopted so far; lists last longer than the rebuild. */
    const struct rulebooks *(*books)(void *context);
    void *books_context;
    bool (*go_on)(void *context, uint64_t done, uint64_t all);      /* see filling.h */
    void *context;
    bool spares_disk;
    /* made */
    struct views *fresh;
    struct filling filling;
    struct arena arena;             /* of the lists of rulebooks made meanwhile */
    struct comparison comparison;
    struct position compared_at;
    unsigned turns;                 /* times that rebuild_switch was called in vain */
};

int rebuild_fill(struct rebuild *);
/* `head`: what the views that serve reflect; `books`: all adopted by then. *ret_done false: too much has come meanwhile, or a
 * rulebook: fill again. After a failure: drop it. */
int rebuild_switch(struct rebuild *, const struct position *head, const struct rulebooks *books, bool *ret_done);
int rebuild_settle(struct rebuild *);
void rebuild_drop(struct rebuild *);        /* the fresh ones, if they were not put in place; and its memory */

#endif
