/* What a reader who may be told names sees beside an id: the first name and the initial of the family name. Opened for one answer, and
 * forgotten with it. Order of use, after call_look: names_begin; names_said...; names_end. */
#ifndef DAEMON_NAMES_H
#define DAEMON_NAMES_H

#include "call.h"

struct said_name {
    uint64_t participant;
    struct text said;
};
struct names {
    struct call *call;
    struct arena scratch;       /* of one file */
    struct said_name *at;       /* those asked for, by participant; in the call's arena */
    uint32_t n, room;
};

void names_begin(struct names *, struct call *);
/* "Alex E."; at NULL: nobody said, or the person was erased. `names` is a struct names: as digests ask for it (digest_told.h). */
struct text names_said(void *names, uint64_t participant);
void names_end(struct names *);

#endif
