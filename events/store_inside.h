/* What the store_*.c files share; nobody else includes this. */
#ifndef EVENTS_STORE_INSIDE_H
#define EVENTS_STORE_INSIDE_H

#include <lmdb.h>
#include <pthread.h>
#include <sys/types.h>

#include "store.h"

#define STORE_PATH_BYTES 4096

struct store_cursor {
    struct store_txn *txn;
    MDB_cursor *cursor;
    struct store_cursor *next;
    bool beyond;    /* a seek found nothing: what comes before that is the last row */
};

struct store_txn {
    struct store *store;
    MDB_txn *txn;
    struct store_txn *next;         /* in the pool of reading ones */
    struct store_cursor *cursors;   /* open ones */
    size_t put_bytes, puts;
    uint64_t pages_before;          /* in use when it began, if it writes */
    bool writes;
    int failure;                    /* the first */
};

struct store {
    MDB_env *env;
    struct store_options options;
    int lock_fd;                    /* -1 when read only */
    dev_t device;
    ino_t inode;
    unsigned page_bytes;
    uint64_t taken_bytes;           /* of the file, from its beginning: their blocks are there */
    unsigned tables;
    MDB_dbi table[STORE_TABLES_MAX];
    pthread_mutex_t pool_mutex;
    struct store_txn *pool;         /* reading ones, reset */
    bool mapped;                    /* written through the map, on blocks taken ahead: store_ground.c */
    uint64_t ground_bytes;
    bool broken;                    /* a commit failed for another reason than room: see store_commit */
};

/* ---- store_file.c: what is done to files and directories before LMDB sees them ---- */

/* The data file as its two meta pages describe it. */
struct store_file {
    bool fresh;                     /* nothing there yet */
    uint64_t bytes, page_bytes, last_page;
};

int store_file_prepare(const char *directory, bool create);
int store_file_look(const char *directory, bool create, struct store_file *ret);
int store_file_sync_directory(const char *directory);       /* and the one that holds it */
int store_lock(const char *directory, int *ret_fd);         /* FAIL_LOCKED when another process serves it */
/* One open per environment and process; FAIL_LOCKED for the second. */
int store_register(const char *directory, struct store *);
void store_unregister(const struct store *);

/* ---- store_ground.c ---- */

bool store_ground_possible(const char *directory, uint64_t map_bytes);
int store_ground_first(struct store *);     /* an errno; after opening, for the pages in use and the first step */
bool store_ground(struct store_txn *);      /* before a change; false: the disk is full, and the transaction has failed */

/* ---- store_rows.c ---- */

int store_failure_of(int rc);       /* what an LMDB or system error number means */
void store_txn_fail(struct store_txn *, int rc, const char *what);
void store_cursors_close(struct store_txn *);

#endif
