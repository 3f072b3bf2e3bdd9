/* LMDB, the only place that knows it. A transaction remembers its first error: after it every call does nothing, and
 * commit returns it, so that callers write straight lines and check once.
 *
 * One open per environment and process. Values read are views into the map: they live until the transaction ends (for a
 * reading one: until store_read_end) or, in a writing one, until the next write. Keys are bytes compared as bytes:
 * numbers in them are big-endian (see store_key_u64).
 * Never used: NOSYNC (but for STORE_DISPOSABLE), NOMETASYNC, NOLOCK, DUPSORT, MDB_CURRENT. */
#ifndef EVENTS_STORE_H
#define EVENTS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

struct store;       /* an environment: one directory with data and lock */
struct store_txn;

enum store_mode {
    STORE_DURABLE,      /* a commit returns when it is on disk */
    STORE_DISPOSABLE,   /* MDB_NOSYNC: survives the process, not the machine; rebuilt when in doubt */
    STORE_READ_ONLY,
};

#define STORE_TABLES_MAX 32

struct store_options {
    enum store_mode mode;
    size_t map_bytes;       /* address space, sparse on disk */
    size_t quota_bytes;     /* commits fail with FAIL_FULL beyond it; 0: the map's size */
    unsigned readers_max;
};

/* Creates `directory` (0700) and its files (0600) when `create`; syncs the directory. Checks the file's size and format before
 * it is opened (LMDB maps a truncated file and dies by SIGBUS). FAIL_MISSING, FAIL_DAMAGED, FAIL_LOCKED, FAIL_PERMISSION... */
int store_open(const char *directory, bool create, const struct store_options *, struct store **ret);
void store_close(struct store *);
int store_sync(struct store *);
int store_copy(struct store *, int fd);     /* compact, consistent; the caller syncs and renames */

struct store_stat {
    uint64_t map_bytes, used_bytes, entries_max_table;
};
void store_stat(struct store *, struct store_stat *);

/* Opens (creating unless read-only) the named tables, in this order; a table is then named by its index. At most once. */
int store_tables(struct store *, const char *const *names, unsigned count);

/* Reading: cheap, at most a second long (a held reader makes the file grow). One read transaction per thread and store at a time. */
struct store_txn *store_read_begin(struct store *, int *ret_failure);
void store_read_end(struct store_txn *);
/* Writing: one at a time, from one thread. */
struct store_txn *store_write_begin(struct store *, int *ret_failure);
int store_commit(struct store_txn *);       /* the first error of the transaction; then nothing was written */
void store_abort(struct store_txn *);
/* What its commit may ask of the disk at most, and what the disk has: environments that are committed one after the other
 * are asked before the first, so that the last does not find the disk full. */
bool store_wrote(const struct store_txn *);     /* anything at all */
uint64_t store_wants(const struct store_txn *); /* 0 where its blocks were taken ahead: store_ground.c */
uint64_t store_room(struct store *);
/* Whether its file may become so much larger, where files may not exceed so many bytes (0: they may). */
bool store_may_grow(struct store *, uint64_t wanted, uint64_t file_bytes_max);
/* Takes the blocks for so many bytes more now, so that nobody else can use them up before the commit: 0 or FAIL_FULL. Where
 * the file system cannot do that, nothing is taken. */
int store_take_room(struct store *, uint64_t wanted);
int store_failed(const struct store_txn *); /* the first error so far */

bool store_get(struct store_txn *, unsigned table, struct text key, struct text *ret_value);
void store_put(struct store_txn *, unsigned table, struct text key, struct text value);
void store_append(struct store_txn *, unsigned table, struct text key, struct text value);  /* key above all others */
/* Room for a value that the caller fills before the next call; NULL once the transaction has failed. */
void *store_reserve(struct store_txn *, unsigned table, struct text key, size_t bytes);
bool store_delete(struct store_txn *, unsigned table, struct text key);     /* whether it was there */
void store_empty(struct store_txn *, unsigned table);

/* Walking in key order. A cursor ends with its transaction, or earlier by store_cursor_close. */
struct store_cursor;
struct store_cursor *store_cursor(struct store_txn *, unsigned table);
bool store_seek(struct store_cursor *, struct text key, struct text *ret_key, struct text *ret_value);  /* the first >= key */
bool store_next(struct store_cursor *, struct text *ret_key, struct text *ret_value);
bool store_previous(struct store_cursor *, struct text *ret_key, struct text *ret_value);
bool store_last(struct store_cursor *, struct text *ret_key, struct text *ret_value);
void store_cursor_close(struct store_cursor *);

/* Big-endian numbers in keys. */
static inline void store_key_u64(uint8_t out[8], uint64_t n)
{
    for (int i = 7; i >= 0; i--, n >>= 8)
        out[i] = (uint8_t)n;
}
static inline uint64_t store_key_read_u64(const void *at)
{
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
        n = n << 8 | ((const uint8_t *)at)[i];
    return n;
}

#endif
