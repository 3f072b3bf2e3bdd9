/* The views: everything derived that is kept on disk, in one disposable LMDB environment: the stream index, command ids
 * and the projections' rows. Each commit writes the log position it reflects and the leaf hash there. Views that cannot be
 * trusted are deleted unopened and filled again from the log.
 *
 * Order of use: views_open, then one writer: views_begin, views_note/views_change..., views_commit. Any thread reads.
 *
 * Filling never happens in place: views_aside makes an empty environment beside the one that serves, filling.h fills it, and
 * views_put_in_place makes it the one. Whatever happens until then leaves the old one as it was. */
#ifndef PROJECTIONS_VIEWS_H
#define PROJECTIONS_VIEWS_H

#include "../events/log.h"
#include "../events/vault.h"
#include "projection.h"

struct views;

enum {
    TABLE_META,             /* position, format, rulebook */
    TABLE_STREAM_EVENTS,    /* stream u64, version u32 -> seq u64 */
    TABLE_COMMANDS,         /* keyed MAC of actor and id -> seq u64 */
    TABLE_STREAMS,          /* stream type u8, stream u64 -> nothing */
    TABLE_NAMES,            /* stream u64, stream u64 -> nothing: some event of the second names the first, whether it stands or not */
    TABLES_FIXED
};

#define VIEWS_VERSION 4
#define VIEWS_MAP_BYTES (1ull << 36)     /* the file looks that long where it is written through its map; its blocks are few */

/* Where the views stand. */
struct position {
    uint64_t seq;
    struct hash leaf;
    uint64_t streams;       /* how many there are: the next stream's number */
};

/* 0 and *ret_trusted, or a failure. When those on disk are not trusted *ret is an empty environment aside: fill it, then put it
 * in its place. */
int views_open(const char *store_directory, struct log *, struct views **ret, bool *ret_trusted);
void views_close(struct views *, bool clean);
/* An empty environment aside; what was left of an earlier one is deleted. */
int views_aside(const char *store_directory, struct views **ret);
/* `fresh` takes the place of what is on disk there. An older one that is still open goes on serving those who hold it; its files
 * have no name any more, and go with it. The new one is trusted at the next start
 * if it was announced, or after views_settle. */
int views_announce(struct views *fresh);    /* while others serve: synced */
int views_put_in_place(struct views *fresh);
int views_settle(struct views *fresh);      /* says so on disk, synced: no hurry */
void views_discard(struct views *);         /* closes it; deletes it when it is aside */
/* Readers in other threads hold the environment they look at: it is not discarded meanwhile. */
void views_hold(struct views *);
void views_let_go(struct views *);
bool views_held(struct views *);
struct store *views_store(struct views *);

struct store_txn *views_begin(struct views *, int *ret_failure);
int views_commit(struct store_txn *, const struct position *);
bool views_position(struct store_txn *, struct position *ret);
/* The last rulebook adopted (its seq) under which the projections' rows were made: all of one environment under the same. */
void views_say_rulebook(struct store_txn *, uint64_t seq);
uint64_t views_rulebook(struct store_txn *);
const char *views_table_name(unsigned table);

/* One event of the log enters the index. */
void views_note(struct store_txn *, const struct event *, enum stream_type, const uint8_t *command_id);
bool views_command(struct store_txn *, const uint8_t id[MAC_BYTES], uint64_t *ret_seq);
/* The seqs of a stream's events, oldest first, at most `max`; returns how many. */
uint32_t views_stream(struct store_txn *, uint64_t stream, uint64_t *ret_seqs, uint32_t max);
uint32_t views_stream_after(struct store_txn *, uint64_t stream, uint64_t version, uint64_t *ret_seqs, uint32_t max);  /* those beyond that version */
/* The next stream that names `stream`, after `from` (0: the first); 0: no more. The PLIE's own names nobody. */
uint64_t views_named_by(struct store_txn *, uint64_t stream, uint64_t from);
uint64_t views_stream_version(struct store_txn *, uint64_t stream);
/* The type of the event's stream: of its kind, or of the stream's opening when any stream may bear the kind. False: these views do not have the stream yet. */
bool views_stream_type(struct store_txn *, const struct event *, enum stream_type *ret);

/* Takes back the rows of `before` and puts those of `after` (either may be NULL), touching only what differs. */
void views_change(struct store_txn *, struct arena *, const struct parcours *before, const struct parcours *after);

#endif
