/* Whether the clock can be right. An instant recorded wrongly would bar all later ones. Sleeping is not being set: the time elapsed counts it. */
#ifndef DAEMON_CLOCK_LOOK_H
#define DAEMON_CLOCK_LOOK_H

#include "service.h"

struct clock_look {
    int64_t now_ms, expected_ms, last_ms;   /* expected: the start's, and what elapsed since */
};

/* `offset_ms`: the wall clock less the time elapsed, at the start. A demonstration's is never wrong. */
bool clock_wrong(struct service *, int64_t offset_ms, struct clock_look *ret);
const char *clock_said(const struct clock_look *, struct arena *, bool french);

#endif
