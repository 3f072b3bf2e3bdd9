/* Filling an environment of views from the log, in chunks: each reads the log and writes the views in transactions of its own,
 * so that it may go on beside whoever appends to the log. Everything it writes is a function of the log and the rulebooks.
 *
 * Order of use: filling_index, then filling_rows (by then the index tells the rulebooks, adoptions.h), then filling_catch_up as
 * often as the log goes on. One thread at a time. All rows are under the same rulebooks, `books`: those under which filling_rows
 * made them. An adoption that comes later changes nothing until filling_rows is called anew. */
#ifndef PROJECTIONS_FILLING_H
#define PROJECTIONS_FILLING_H

#include "views.h"

struct filling {
    struct log *log;
    struct views *views;
    const struct rulebooks *books;
    struct position position;       /* that it reflects so far */
    bool spares_disk;               /* takes at most half of what the disk has left: others need it more */
    /* Asked between chunks: `done` of `all` steps. False: FAIL_STOPPED. NULL: never asked. */
    bool (*go_on)(void *context, uint64_t done, uint64_t all);
    void *context;
};

int filling_index(struct filling *, uint64_t until_seq);
int filling_rows(struct filling *, const struct rulebooks *);
/* The index and the rows of the streams that have events after its position. Also for views that serve, at the start. */
int filling_catch_up(struct filling *, uint64_t until_seq);

#endif
