/* What figures and reports share: the period asked for, and the walk over the dossiers. Long for many participants. */
#ifndef DAEMON_DOSSIERS_H
#define DAEMON_DOSSIERS_H

#include "../projections/dossier.h"
#include "answers.h"

/* ?as_of= and ?known_at=, which both take. False: refused. */
bool call_period_known(struct call *, struct period *);

typedef void dossier_look(void *context, const struct dossier *);
/* Every stream of the types in the set `walks`, type after type, in order of creation. After call_look and call_know. False: the store could
 * not be read, or nobody waits any more, and the call is refused. */
bool walk_dossiers(struct call *, uint32_t walks, const struct period *, dossier_look *, void *context);
/* The same, with what is sealed in the streams of the set `opens`; nothing of it of who was erased. */
bool walk_dossiers_opened(struct call *, uint32_t walks, uint32_t opens, const struct period *, dossier_look *, void *context);
/* Members of an open object: from, to and, when they were given, as_of and known_at. */
void period_json(struct call *, const struct period *);

#endif
