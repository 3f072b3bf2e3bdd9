/* The calendar of a référent: of whom they follow, and of those for whom they stand in that day. */
#ifndef DAEMON_CALENDARS_H
#define DAEMON_CALENDARS_H

#include "../projections/calendar.h"
#include "call.h"

/* As of the answer's position, seen from `day`; sorted, in the call's arena. After call_look. False: the call is refused (the store could
 * not be read, or nobody waits any more). Long. */
bool calendar_read(struct call *, uint64_t referent, int32_t day, struct calendar *ret);

#endif
