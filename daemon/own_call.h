/* A call that nobody asked: for threads of the daemon that read as an answer does. Refused, it only knows that it was (call.answered).
 * Order of use: own_call_init; then again and again own_call_begin, reading, own_call_end, after which what was read is gone; own_call_free.
 * One thread. It looks at the stores from its first call_look to own_call_end: keep that short, for no page is used anew meanwhile. */
#ifndef DAEMON_OWN_CALL_H
#define DAEMON_OWN_CALL_H

#include "call.h"

struct own_call {
    struct call call;
    struct arena arena;
    struct json_out out;
};

void own_call_init(struct own_call *, struct service *);
struct call *own_call_begin(struct own_call *, bool french);
void own_call_end(struct own_call *);
void own_call_free(struct own_call *);

#endif
