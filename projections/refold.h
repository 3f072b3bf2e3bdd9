/* A file that is folded again and again: late facts, corrections, voids in a row. Of the last one that was, its events as they were
 * read are kept, and the fold after every so many of those that stood: what comes before the first difference is not folded again.
 * One thread owns it.
 *
 * Order of use: refold_events, then refold_fold, as often as wished. refold_forget_judged before the memory of what is not in the log
 * yet is given back, refold_forget when what was written to the log was dropped. */
#ifndef PROJECTIONS_REFOLD_H
#define PROJECTIONS_REFOLD_H

#include "folds.h"

struct refold;

struct refold *refold_new(void);
void refold_free(struct refold *);
void refold_forget(struct refold *);
void refold_forget_judged(struct refold *);

/* As stream_events, without sealed fields; they live until another stream is asked for, or forgotten. */
int refold_events(struct refold *, struct store_txn *log, struct store_txn *views, uint64_t stream, const struct event *const **ret, uint32_t *ret_count);
/* As parcours_fold of everything; `events` begin with those of refold_events, of the same stream. */
const struct event *refold_fold(struct refold *, struct parcours *, struct arena *, const struct event *const *events, uint32_t count,
                                const struct rulebooks *);

#endif
