/* Why a figure of one period is another as it was known at one instant and at a later one. Pure.
 *
 * Each stream is measured twice, as known at each instant and under the rulebooks known then. Those whose contributions are the
 * same are dropped at once. Of the others is kept what went, what came, and because of which events recorded in between: the fewest
 * that give what came with what was known before. They are found by leaving some out, more and more finely; what changes nothing
 * stays out. When none is needed, it was a rulebook.
 *
 * Order of use: difference_begin; difference_look for each stream of the types of difference_walks; read; difference_end. What is
 * kept lives in the arena given at the start. */
#ifndef PROJECTIONS_DIFFERENCE_H
#define PROJECTIONS_DIFFERENCE_H

#include "figures.h"

#define WEIGHINGS_MAX 400       /* folds spent on one stream's reasons: what is not weighed by then is told as well */

struct knowing {
    int64_t at;                 /* an instant */
    const struct rulebooks *books;      /* known then */
    struct tally whole;
};
struct reason {
    uint64_t seq, of;           /* of: the event that it corrects or takes out; 0 none */
    const struct kind *kind;
    int32_t on;
    int64_t recorded_ms;
};
struct change {                 /* of one stream */
    enum stream_type type;
    uint64_t stream;
    struct contribution *gone, *come;
    uint32_t gone_count, come_count;
    struct reason *because;     /* in the order they were recorded */
    uint32_t because_count;
};
struct difference {
    struct figures_asked asked; /* of one figure; the instant of its period and its rulebooks are not looked at */
    struct knowing before, after;
    struct change *changes;     /* after so many (`skip`), as many as are wanted */
    uint32_t n, room, wanted, skip;
    uint64_t all;               /* how many there are */
    struct tally moved;         /* by all changes together: after less before, or a change was missed */
    struct measuring *shape;    /* what the keys of contributions are read with */
    struct arena *arena, weighing;
};

void difference_begin(struct difference *, struct arena *, const struct figures_asked *, const struct knowing *before, const struct knowing *after);
uint32_t difference_walks(const struct difference *);
/* One stream's events, one at least, oldest first; they and the scratch arena may go afterwards. */
void difference_look(struct difference *, struct arena *scratch, const struct event *const *events, uint32_t count);
bool difference_explained(const struct difference *);
void difference_end(struct difference *);

#endif
