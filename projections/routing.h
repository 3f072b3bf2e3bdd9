/* To whom an alert goes on a day. Rows of alerts stay under whoever follows; absences and substitutes are joined here, when a list is read or
 * something is sent. Pure: the référents are read through a function that the caller gives, each once, for many alerts come after one another. */
#ifndef PROJECTIONS_ROUTING_H
#define PROJECTIONS_ROUTING_H

#include "alert.h"
#include "folds.h"

#define SUBSTITUTES_MAX 3       /* of a substitute of a substitute...: beyond, the coordinator's */

enum routed {
    ROUTED_referent,            /* to who follows */
    ROUTED_substitute,
    ROUTED_absent,              /* nobody stands in: to the coordinator */
    ROUTED_left,                /* the référent left: to the coordinator */
    ROUTED_coordinator,         /* her own turn, or nobody follows */
    ROUTED_WAYS
};

struct way {
    uint64_t to;                /* a référent; NOBODY: the coordinator */
    enum routed how;
    bool escalated;             /* to the coordinator, too */
    int32_t escalates_on;       /* the day it does, or did; DAY_NONE: never */
};

/* Fills a référent's card of the day. False: it cannot be read, and routing goes on as if the référent had left. */
typedef bool card_fn(void *context, uint64_t referent, struct card *ret);

struct follower {
    uint64_t stream;
    int64_t substitute;
    int32_t absent_on, absent_until;
    bool left;
};
/* The référents asked about so far, by stream. */
struct followers {
    struct arena *arena;
    card_fn *card;
    void *context;
    int32_t day;
    struct follower *at;
    uint32_t n, room;
};

/* `day` is that of the followers. A settled alert is routed as it was, and never escalated. */
struct way alert_route(struct followers *, const struct alert *, const struct rulebooks *);
const char *routed_name(enum routed);

/* So many days after it shows, after somebody saw it first, and after the day it was put off to, whichever is last; under the first rulebook in
 * force when that falls. DAY_NONE: no rulebook says so, or it is the coordinator's anyway. */
int32_t alert_escalates_on(const struct alert *, const struct rulebooks *);

#endif
