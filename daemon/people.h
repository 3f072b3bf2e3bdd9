/* People in memory: the features of each (keyed hashes, projections/likeness.h), found by those that two of them share. It holds no
 * value that could be read, and is on no disk. Not thread-safe: duplicates.c holds a lock over it.
 *
 * Who was said to be somebody else than another is no candidate for them. */
#ifndef DAEMON_PEOPLE_H
#define DAEMON_PEOPLE_H

#include "../events/arena.h"
#include "../projections/likeness.h"

struct people;

struct candidate {
    uint64_t stream;
    struct likeness likeness;
};

struct people *people_new(void);
void people_free(struct people *);
/* In place of what was known of the stream. `others`: who it is not; copied. */
void people_put(struct people *, uint64_t stream, const struct features *, const uint64_t *others, uint32_t other_count);
void people_remove(struct people *, uint64_t stream);
uint32_t people_count(const struct people *);
uint64_t people_streams(const struct people *);     /* one above the largest there may be */
/* Those who reach `least` beside that one, likeliest first, in the arena. Returns how many; with `later_only`, of later streams. */
uint32_t people_like(struct people *, struct arena *, uint64_t stream, int least, bool later_only, struct candidate **ret);
/* Those whose names have all these words, by sound; by stream. */
uint32_t people_named(struct people *, struct arena *, const uint64_t *words, uint32_t count, uint64_t **ret);

#endif
