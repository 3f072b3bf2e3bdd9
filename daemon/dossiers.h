/* What figures and reports share: the period asked for, and the walk over the dossiers. Long for many participants. */
#ifndef DAEMON_DOSSIERS_H
#define DAEMON_DOSSIERS_H

#include "../projections/dossier.h"
#include "answers.h"

/* ?as_of= and ?known_at=, which both take. False: refused. */
bool call_period_known(struct call *, struct period *);

/* One stream's events at the answer's position, one at least, oldest first; they and the arena last until the next. */
typedef void stream_look(void *context, struct arena *, const struct event *const *events, uint32_t count);
/* Every stream of the types in the set `walks`, type after type, in order of creation. After call_look. False: the store could not be
 * read, or nobody waits any more, and the call is refused. */
bool walk_streams(struct call *, uint32_t walks, stream_look *, void *context);

typedef void dossier_look(void *context, const struct dossier *);
/* The same, folded. After call_look and call_know. */
bool walk_dossiers(struct call *, uint32_t walks, const struct period *, dossier_look *, void *context);
/* The same, with what is sealed in the streams of the set `opens`; nothing of it of who was erased. */
bool walk_dossiers_opened(struct call *, uint32_t walks, uint32_t opens, const struct period *, dossier_look *, void *context);
/* Members of an open object: from, to and, when they were given, as_of and known_at. */
void period_json(struct call *, const struct period *);

#endif
