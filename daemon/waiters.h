/* Reads that wait for a position: ?min_position=N with Prefer: wait=SECONDS. Whoever wrote, here or elsewhere, and knows the
 * position of what it wrote is answered by a look that holds it; when the time is over, or none was given, 412.
 * A waiter belongs to one loop and is answered by it. It keeps a copy of its request, which is handled anew when its time
 * has come, its token included. All of these on the loop's own thread. */
#ifndef DAEMON_WAITERS_H
#define DAEMON_WAITERS_H

#include "service.h"

#define WAIT_SECONDS_MAX 30     /* longer waits are shortened to this */

/* True: answer now. False: the call was refused, or it waits and is answered later. */
bool waiters_pass(struct call *);
void waiters_committed(struct loop *);  /* those whose position has come are answered */
void waiters_end(struct loop *);        /* the process drains: nobody waits any longer */

#endif
