/* The desk: where commands are judged and what was accepted is kept. Everything but threads and sockets: the writer
 * (writer.c) runs one, the scenario player another.
 *
 * Order of use: desk_open; then again and again desk_begin, desk_take for each order, desk_commit; desk_close. One thread.
 * An order is a group of commands: judged one by one, or all or nothing when atomic; a dry run writes nothing. Commits go
 * to vault, log, views in this order; when the log's commit fails nothing of the batch happened, or nobody knows: see desk_commit. */
#ifndef DAEMON_DESK_H
#define DAEMON_DESK_H

#include <stdatomic.h>

#include "../events/gate.h"
#include "../events/log.h"
#include "../events/vault.h"
#include "../projections/folds.h"
#include "../projections/rebuild.h"

struct desk_options {
    const char *directory, *master_key;
    size_t folds_bytes_max;     /* 0: FOLDS_BYTES_DEFAULT */
    uint64_t log_quota_bytes;   /* 0: none */
    uint64_t file_bytes_max;    /* the system's limit on the size of a file; 0: none */
    int64_t (*now_ms)(void *context);
    int32_t (*day_of)(void *context, int64_t ms);   /* in the PLIE's zone */
    bool (*go_on)(void *context);   /* asked again and again while judging; NULL; false: what is not decided yet is refused as busy */
    bool (*filling)(void *context, uint64_t done, uint64_t all);   /* while views are filled at the start; NULL; false gives up */
    void *context;
};
#define FOLDS_BYTES_DEFAULT (96u << 20)

struct order {
    struct command *commands;
    struct outcome *outcomes;
    uint32_t count;
    bool atomic, dry_run;
    struct arena *arena;        /* outcomes' folds are copied there */
};

struct desk;

int desk_open(const struct desk_options *, struct desk **ret);
/* `clean`: the views may be trusted at the next start whatever happens to the machine. */
void desk_close(struct desk *, bool clean);

int desk_begin(struct desk *);
/* After desk_begin: nothing of this batch is kept; what would have been is REFUSED_full. */
void desk_only_read(struct desk *);
/* An order may be taken again in a later batch: it is judged anew. What was refused before it came here stays as it is. */
void desk_take(struct desk *, struct order *);
/* 0: everything taken since desk_begin is on disk and visible. FAIL_FULL: nothing was kept, the desk may go on reading.
 * A batch in which nothing was written asks nothing of the disk.
 * FAIL_UNKNOWN: nobody knows; the process must stop and look again at the next start. */
int desk_commit(struct desk *);

/* ---- views made anew while others serve (rebuild.h) ----
 * An adoption counts at once for what is judged; the rows of lists reflect it once the views were made anew. Order of use, one at
 * a time: desk_rebuild_begin; rebuild_fill in any thread; desk_rebuild_switch by the desk's own, between batches; until done;
 * desk_rebuild_settle in any thread (it waits for whoever holds the old ones), or rebuild_drop after a failure. */
void desk_rebuild_begin(struct desk *, struct rebuild *);
int desk_rebuild_switch(struct desk *, struct rebuild *, bool *ret_done);
int desk_rebuild_settle(struct rebuild *);
int desk_rebuild(struct desk *, struct comparison *ret);    /* all of it, between two batches */

/* ---- for readers in other threads ---- */
uint64_t desk_rulebook_pending(struct desk *);              /* seq of the last one adopted while lists do not reflect it; else 0 */
struct log *desk_log(struct desk *);
struct views *desk_views_hold(struct desk *);               /* those that serve; then views_let_go */
const char *desk_directory(const struct desk *);         /* the store's */
struct vault *desk_vault(struct desk *);
const struct rulebooks *desk_rulebooks(struct desk *);      /* those that are committed; valid as long as the desk */
const uint8_t *desk_sid(struct desk *);
bool desk_is_demo(struct desk *);
struct text desk_plie_name(struct desk *);
struct text desk_zone(struct desk *);
uint64_t desk_position(struct desk *);                      /* of the last commit */
int64_t desk_last_recorded_ms(struct desk *);
bool desk_refilled(struct desk *);                          /* the views had to be filled again at the start */

#endif
