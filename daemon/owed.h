/* What a stream that is not a participant's owes on a day, read from its events. */
#ifndef DAEMON_OWED_H
#define DAEMON_OWED_H

#include "../projections/duties.h"
#include "answers.h"

struct owed {
    struct duty at[DUTIES_MAX];
    unsigned n;
    const struct event **events;    /* those that stood, in the order of the fold; in the arena */
    uint32_t count;
};

/* After call_look. `elsewhere` is of the call: elsewhere_of_call makes it. False: refused (unknown, unreadable). */
struct elsewhere elsewhere_of_call(const struct call *, int64_t known_at);
bool call_owed(struct call *, struct arena *, struct elsewhere *, enum stream_type, uint64_t stream, struct moment, struct owed *ret);
/* The duty of that rule counted since that day; NULL: none. */
const struct duty *owed_named(const struct owed *, int rule, int32_t since);

#endif
