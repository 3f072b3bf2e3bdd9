/* The rulebooks of a store, read from the PLIE's stream. Lists are immutable: an adoption makes another, and readers keep the one they have. */
#ifndef PROJECTIONS_ADOPTIONS_H
#define PROJECTIONS_ADOPTIONS_H

#include "views.h"

/* `before` and what the event adopts; in the arena, which lasts as long as the lists. 0 or FAIL_DAMAGED. */
int adoptions_add(struct arena *, const struct rulebooks *before, const struct event *, const struct rulebooks **ret);
/* All of the PLIE's stream that the views reflect. */
int adoptions_read(struct arena *, struct store_txn *log, struct store_txn *views, const struct rulebooks **ret);
uint64_t adoptions_last(const struct rulebooks *);      /* seq; 0 when there is none */
const struct rulebooks *adoptions_until(struct arena *, const struct rulebooks *, uint64_t seq);

#endif
