/* What desk*.c share. */
#ifndef DAEMON_DESK_INSIDE_H
#define DAEMON_DESK_INSIDE_H

#include <pthread.h>

#include "../projections/refold.h"
#include "desk.h"

#define DESK_ARENA_BYTES (512u << 20)
#define ORDER_FOLDS_BYTES_MAX (64u << 20)   /* of one order, its commands included: beyond, answers are brief */
#define ERASED_MAX 256             /* in one batch */
#define TERRITORY_BYTES_MAX 8192
#define TEXT_BYTES_MAX 256

/* A stream as the commands of the present lot would leave it. */
struct draft {
    struct fold fold;           /* packed: NULL; see `work` */
    bool is_new, changed;
    struct parcours work;       /* participants */
    struct pending *first, **last;      /* accepted of this stream */
    struct pending *following, **following_last;
    struct draft *next, *chain;
};

/* An event accepted in the present lot, not yet appended. */
struct pending {
    struct event *event;
    struct fingerprint fingerprint;
    struct draft *draft;
    struct pending *next, *of_draft;    /* of the lot, of the same draft */
};

/* One command, an atomic order or a dry run: kept or dropped as a whole. */
struct lot {
    struct draft *drafts, **slots;      /* slots: heads of chains, by stream */
    uint32_t draft_count, slot_count;
    struct pending *first, **last, **at;        /* at: in the order of their seqs */
    uint32_t count, room;
    uint64_t streams;           /* opened so far */
    int64_t last_ms;            /* recorded, of its last event */
    size_t folds_bytes;         /* of the drafts' folds when they were moved last */
    struct pending *following, **following_last;    /* what the command being judged brings with it, elsewhere (desk_merge.c) */
    uint32_t following_count;
    uint32_t looked;            /* files that were looked at for copies */
};

struct desk {
    struct desk_options options;
    struct log *log;
    struct views *views;
    struct vault *vault;
    struct folds *folds;
    struct refold *refold;
    struct recorder recorder;
    struct arena arena;         /* of the lot */
    struct arena folds_arenas[2];       /* of the folds of its drafts: they lie in one of them, desk_lot.c */
    unsigned folds_arena;
    struct arena scratch;       /* of one refold */
    struct arena lasting;       /* rulebooks, names: as long as the desk */
    uint8_t sid[SID_BYTES];
    bool demo, refilled, vault_touched, territory_changed, only_reads;
    bool interrupted;           /* go_on of the options said no: nothing more is judged */
    char name[TEXT_BYTES_MAX], zone[64];
    char territory[TERRITORY_BYTES_MAX], territory_before[TERRITORY_BYTES_MAX];
    const struct rulebooks *books_before;   /* of the batch: what a failed commit goes back to */
    _Atomic(const struct rulebooks *) books;
    const struct rulebooks *row_books;      /* those that the rows of the views reflect */
    atomic_uint_least64_t rulebook_pending;
    pthread_mutex_t views_lock; /* of `views` itself: which environment serves */
    /* the batch */
    struct store_txn *log_txn, *views_txn;
    struct position position;
    int64_t last_ms;            /* recorded, of the last event */
    uint64_t erased[ERASED_MAX];        /* streams whose key goes once the log says so */
    uint32_t erased_count;
    int failure;                /* of keeping: the batch cannot be committed */
    atomic_uint_least64_t committed;
    atomic_int_least64_t committed_ms;
};

/* desk_lot.c */
struct lot *new_lot(struct desk *, struct lot *);
struct draft *draft_of(struct desk *, struct lot *, uint64_t stream);
struct draft *new_draft(struct desk *, struct lot *, const struct kind *);
struct draft *find_draft(struct lot *, uint64_t stream);        /* NULL: the lot has not touched it */
void replace_work(struct desk *, struct lot *, struct draft *, const struct parcours *anew);    /* nobody may hold a part of any draft's fold */
bool lot_full(struct desk *, struct lot *);     /* it takes so much that nothing more is judged in it */
size_t lot_bytes(const struct desk *);
void add_pending(struct desk *, struct lot *, struct pending *);
const struct event *pending_event(const struct desk *, const struct lot *, int64_t seq);
void add_following(struct lot *, struct pending *);
void forget_following(struct lot *);
/* desk_judge.c */
void judge(struct desk *, struct lot *, struct order *, const struct command *, struct outcome *);
/* What may take long asks at each file. False: the daemon stops, and what is being judged is dropped; the outcome says so. */
bool may_go_on(struct desk *);
bool refuse_unfounded(const struct parcours *before, const struct parcours *after, const struct command *, struct outcome *);
/* desk_events.c */
/* Folded anew, in scratch: what is stored, what the lot holds, `e` (of this stream; NULL none) and what follows it. False: it could
 * not be read, and the batch fails. */
bool fold_anew(struct desk *, struct lot *, const struct draft *, const struct event *e, struct parcours *ret, const struct event **ret_last);
/* The events of a stream as they would be, in the arena and in the order of recording, opened with the key (NULL: sealed): as fold_anew. */
bool events_anew(struct desk *, struct arena *, struct lot *, uint64_t stream, const struct key *, const struct event *e,
                 const struct event ***ret, uint32_t *ret_count);
/* The same, sealed, in scratch; those of the stream that was asked for last are not read again. */
bool events_again(struct desk *, struct lot *, uint64_t stream, const struct event *e, const struct event ***ret, uint32_t *ret_count);
/* desk_outside.c: streams that are not a participant's. The draft's card follows a correction or a void. */
bool judge_outside(struct desk *, struct lot *, struct draft *, const struct event *, const struct command *, struct outcome *);
/* desk_copies.c: what was copied from a session or an operation. Copies of an event that stands: what it copies from (ABSENT: nothing);
 * whether its copies are what they would be, were they made of what stands there. */
int64_t copy_source(const struct event *, enum stream_type *ret_type);
bool copies_hold(struct arena *, const struct event *, const struct event *const *source_standing, uint32_t count, void **ret_data);
/* False: refused, or unreadable, and the batch fails. */
bool follow_copies(struct desk *, struct lot *, const struct draft *source, const struct event *, const struct command *, struct outcome *);
bool restore_copies(struct desk *, struct lot *, struct draft *, const struct event *, struct outcome *);     /* of a participant's file in which something is restored */
bool list_namers(struct desk *, struct lot *, uint64_t stream, struct outcome *);           /* the events that name a stream, as those that would be unfounded */
/* desk_merge.c: duplicates. What is judged here is kept, with all that follows it, by keep_following, once `e` itself was accepted. */
bool tied_to_merge(struct desk *, struct lot *, const struct event *e, struct problems *);      /* a correction or a void of what only a merge makes or takes back */
bool judge_merge(struct desk *, struct lot *, struct draft *, const struct event *, struct outcome *);
bool judge_merged(struct desk *, struct lot *, struct draft *, const struct event *, const struct command *, struct outcome *);  /* of a merged file: it may be un-merged */
bool erase_duplicates(struct desk *, struct lot *, const struct draft *, const struct event *);
void keep_following(struct desk *, struct lot *);
/* An event of w's stream that comes with the leader; its data are to be filled. */
struct event *follow(struct desk *, struct lot *, struct draft *w, const struct event *leader, const struct kind *, int32_t on);
bool record_is(struct desk *, struct lot *, int64_t seq, struct event *ret);      /* of this lot or of the log, sealed; false: there is none */
/* desk_fill.c */
bool resolve(struct desk *, const struct lot *, const struct command *, uint64_t *ret_stream, struct problems *);
enum refusal refuse_references(struct desk *, struct lot *, const struct draft *, const struct event *, struct problems *);    /* named, and not there; or not for that */
void fill_event(struct desk *, struct lot *, struct event *);
bool fill_copied(const struct kind *, void *data, enum stream_type from, const struct card *);      /* whether something is another now; card NULL: nothing is named */
/* desk_keep.c */
int keep_lot(struct desk *, struct lot *);
int read_plie(struct desk *, const struct event *);
/* desk_views.c */
int views_up_to_date(struct desk *, bool trusted);
bool rows_behind(const struct desk *);              /* a rulebook was adopted that the views' rows do not reflect */
int change_rows_as_they_are(struct desk *, const struct draft *);

#endif
