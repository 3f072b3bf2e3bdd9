/* Folds in memory: what is known of each stream that was needed lately. Nothing here is stored: what falls out is folded
 * again from the log. One thread owns it. */
#ifndef PROJECTIONS_FOLDS_H
#define PROJECTIONS_FOLDS_H

#include "views.h"

/* Months or weeks told one after the other: what comes after a hole waits until the hole is filled. */
struct told_run {
    int32_t until;              /* every one until this is told; DAY_NONE: not even the first */
    uint64_t later;             /* set: told, too: this many after the first that is not */
};

/* What the gate and the lists need to know of a stream that is not a participant's. */
struct card {
    int32_t opened_on, closed_on;
    int64_t kind;               /* session_kind */
    int32_t day;                /* of a session or an action */
    int32_t from_day, until_day;    /* of an operation; DAY_NONE not told */
    int64_t members;            /* present at the session; ABSENT until it was held */
    int64_t share_percent;      /* referent: of a full time */
    int32_t absent_on;          /* referent: DAY_NONE when present */
    int32_t absent_until;       /* the last day that was told with it; DAY_NONE: none. Read by routing alone */
    uint64_t absent_seq;
    int64_t substitute;         /* stream; ABSENT */
    struct told_run reported[4];    /* referent: months, by report_kind */
    struct told_run agenda;     /* referent: weeks validated */
};

struct fold {
    uint64_t stream, version, last_seq;
    enum stream_type type;
    uint64_t bytes;             /* of its records */
    struct hash head;           /* leaf of its last record; zero when there is none */
    /* Order of its last standing event: an event that sorts after it is an increment. */
    struct event last;          /* only on, kind, after and seq are set: by fold_ends */
    struct packed *packed;      /* a participant's parcours; NULL for other streams */
    struct card card;
};

void fold_ends(struct fold *, const struct event *last);    /* NULL: no event stands */

/* Events of one stream: the gate refuses more, for folding it must stay a matter of milliseconds. */
#define EVENTS_OF_STREAM_MAX 20000
#define BYTES_OF_STREAM_MAX (16u << 20)

struct folds;

struct folds *folds_new(size_t bytes_max);
void folds_free(struct folds *);
void folds_forget(struct folds *);      /* everything */
/* The fold of `stream`, from memory or the log. Valid until the next call that may evict (folds_get, folds_put). NULL when there is no such stream. */
const struct fold *folds_get(struct folds *, struct store_txn *log, struct store_txn *views, uint64_t stream, const struct rulebooks *);
void folds_put(struct folds *, const struct fold *, const struct parcours *);     /* packs a copy */

/* The events of a stream, oldest first, in the arena, without their sealed fields unless `key`. Texts are copied. 0 or FAIL_DAMAGED. */
int stream_events(struct arena *, struct store_txn *log, struct store_txn *views, uint64_t stream, const struct key *,
                  const struct event ***ret, uint32_t *ret_count);
/* Those beyond a version. */
int stream_events_after(struct arena *, struct store_txn *log, struct store_txn *views, uint64_t stream, uint64_t version, const struct key *,
                        const struct event ***ret, uint32_t *ret_count);
void card_step(struct card *, const struct event *);
/* Of the events that stand, in the order of the fold (parcours_standing): a late absence goes to its place, and what was corrected
 * or taken out counts as if it had always been so. None: opened_on is DAY_NONE, the stream was opened by mistake. */
void card_fold(struct card *, const struct event *const *standing, uint32_t count);

#endif
