/* Who may be whom: people in memory (people.h), filled from the log and the vault after the start by a thread that has time, and
 * kept up by it after each commit. The key of its hashes is drawn at the start and never leaves the process.
 *
 * Erasure: the writer has the person forgotten before it answers (duplicates_forget); the thread, which may be reading that file at
 * the time, asks the vault again before it keeps anything.
 * A question waits until the index reflects the position that it is asked for. */
#ifndef DAEMON_DUPLICATES_H
#define DAEMON_DUPLICATES_H

#include "people.h"
#include "service.h"

struct duplicates;

int duplicates_start(struct service *, struct duplicates **ret);
void duplicates_stop(struct duplicates *);
void duplicates_wake(struct duplicates *);                      /* after a commit */
void duplicates_forget(struct duplicates *, uint64_t stream);   /* its key was destroyed */

/* From a worker. Waits until everything up to `position` is reflected, as long as `waits` says so; false: it is not. */
bool duplicates_wait(struct duplicates *, uint64_t position, bool (*waits)(void *), void *context);
/* As people_like and people_named. */
uint32_t duplicates_of(struct duplicates *, struct arena *, uint64_t stream, int least, struct candidate **ret);
uint32_t duplicates_named(struct duplicates *, struct arena *, struct text words, uint64_t **ret);
/* Each pair once, in no order, those of streams from *next_stream on; some of them: until it returns false, *next_stream is where to go on. */
struct pair {
    uint64_t stream;
    struct candidate candidate;
};
struct pairs {
    struct pair *at;
    uint32_t n, room;
};
bool duplicates_pairs(struct duplicates *, struct arena *, int least, uint64_t *next_stream, struct pairs *);

#endif
