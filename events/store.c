#include "store_inside.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "failure.h"

static int say_lmdb(int rc, const char *what)
{
    int failure = store_failure_of(rc);
    failure_say(failure, "%s", mdb_strerror(rc));
    return failure_say(failure, "%s", what);
}

/* ---- opening ---- */

static int open_env(struct store *s, const char *directory)
{
    static const unsigned flags[] = { [STORE_DURABLE] = 0, [STORE_DISPOSABLE] = MDB_NOSYNC, [STORE_READ_ONLY] = MDB_RDONLY };
    const struct store_options *o = &s->options;
    s->mapped = o->mode == STORE_DISPOSABLE && store_ground_possible(directory, o->map_bytes);
    int rc = mdb_env_create(&s->env), stale;
    if (rc)
        return say_lmdb(rc, "start LMDB");
    mdb_env_set_maxdbs(s->env, STORE_TABLES_MAX);
    if (o->readers_max > 0)
        mdb_env_set_maxreaders(s->env, o->readers_max);
    if (o->map_bytes > 0)
        mdb_env_set_mapsize(s->env, o->map_bytes);
    rc = mdb_env_open(s->env, directory, MDB_NOTLS | flags[o->mode] | (s->mapped ? MDB_WRITEMAP : 0), 0600);
    if (rc)
        return say_lmdb(rc, "open the store");
    mdb_reader_check(s->env, &stale);   /* readers that died would keep old pages for ever */
    MDB_stat stat;
    mdb_env_stat(s->env, &stat);
    s->page_bytes = stat.ms_psize;
    rc = s->mapped ? store_ground_first(s) : 0;
    return rc ? say_lmdb(rc, "take blocks for the store") : 0;
}

/* How many of the pages from `first` on are in one row of LMDB's list of free pages: a count, then the page numbers. */
static uint64_t free_pages_in(MDB_val row, uint64_t first)
{
    const uint64_t *number = row.mv_data;
    uint64_t held = row.mv_size / sizeof *number, found = 0;
    for (uint64_t i = 1; i < held && i <= number[0]; i++)
        found += number[i] >= first;
    return found;
}

static bool are_free(struct store *s, uint64_t first, uint64_t count)
{
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_val key, row;
    uint64_t found = 0;
    if (mdb_txn_begin(s->env, NULL, MDB_RDONLY, &txn) != 0)
        return false;
    if (mdb_cursor_open(txn, 0, &cursor) == 0) {
        while (mdb_cursor_get(cursor, &key, &row, MDB_NEXT) == 0)
            found += free_pages_in(row, first);
        mdb_cursor_close(cursor);
    }
    mdb_txn_abort(txn);
    return found == count;
}

static int cover_used_pages(struct store *s);

/* LMDB does not write a page that a transaction took at the end of the file and gave back, so a sound file may be shorter
 * than its last page says: only if every page that lacks is a free one. The file is made whole first, so that looking at it
 * cannot end in SIGBUS. */
static int open_short(struct store *s, const char *directory, const struct store_file *f)
{
    char path[STORE_PATH_BYTES + sizeof "/data.mdb"];
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    uint64_t whole_pages = f->bytes / f->page_bytes, lacking = f->last_page + 1 - whole_pages;
    if (s->options.mode == STORE_READ_ONLY || lacking > f->last_page / 2 + 16)
        return failure_say(FAIL_DAMAGED, "the data file in %s is cut short", directory);
    if (truncate(path, (off_t)((f->last_page + 1) * f->page_bytes)) < 0)
        return say_lmdb(errno, "make the data file whole");
    int failure = open_env(s, directory);
    if (!failure && are_free(s, whole_pages, lacking))
        return 0;
    if (truncate(path, (off_t)f->bytes) < 0)
        failure_say(FAIL_SYSTEM, "%s", strerror(errno));
    return failure_say(FAIL_DAMAGED, "the data file in %s is cut short", directory);
}

static int open_checked(struct store *s, const char *directory, bool create)
{
    struct store_file f;
    int failure = s->options.mode == STORE_READ_ONLY ? 0 : store_lock(directory, &s->lock_fd);
    if (!failure)
        failure = store_file_look(directory, create, &f);
    if (failure)
        return failure;
    if (!f.fresh && f.bytes / f.page_bytes <= f.last_page)
        return open_short(s, directory, &f);
    failure = open_env(s, directory);
    if (failure || !f.fresh)
        return failure;
    int rc = mdb_env_sync(s->env, 1);
    return rc ? say_lmdb(rc, "sync the new store") : store_file_sync_directory(directory);
}

int store_open(const char *directory, bool create, const struct store_options *options, struct store **ret)
{
    assert(!create || options->mode != STORE_READ_ONLY);
    struct store *s = calloc(1, sizeof *s);
    if (s == NULL)
        return failure_say(FAIL_MEMORY, "open %s", directory);
    s->options = *options;
    s->lock_fd = -1;
    pthread_mutex_init(&s->pool_mutex, NULL);
    int failure = store_file_prepare(directory, create);
    bool alone = !failure && (failure = store_register(directory, s)) == 0;
    if (alone)
        failure = open_checked(s, directory, create);
    if (!failure) {
        *ret = s;
        return 0;
    }
    if (!alone) {
        pthread_mutex_destroy(&s->pool_mutex);
        free(s);
    } else {
        store_close(s);
    }
    return failure;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    while (s->pool) {
        struct store_txn *t = s->pool;
        s->pool = t->next;
        mdb_txn_abort(t->txn);
        free(t);
    }
    if (s->env)
        mdb_env_close(s->env);
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    store_unregister(s);
    pthread_mutex_destroy(&s->pool_mutex);
    free(s);
}

int store_sync(struct store *s)
{
    int rc = mdb_env_sync(s->env, 1);
    return rc ? say_lmdb(rc, "sync the store") : 0;
}

int store_copy(struct store *s, int fd)
{
    int rc = mdb_env_copyfd2(s->env, fd, MDB_CP_COMPACT);
    return rc ? say_lmdb(rc, "copy the store") : 0;
}

static uint64_t used_bytes(struct store *s)
{
    MDB_envinfo info;
    mdb_env_info(s->env, &info);
    return (uint64_t)(info.me_last_pgno + 1) * s->page_bytes;
}

void store_stat(struct store *s, struct store_stat *ret)
{
    MDB_envinfo info;
    int failure;
    mdb_env_info(s->env, &info);
    *ret = (struct store_stat){ .map_bytes = info.me_mapsize, .used_bytes = used_bytes(s) };
    struct store_txn *t = store_read_begin(s, &failure);
    for (unsigned i = 0; t && i < s->tables; i++) {
        MDB_stat stat;
        if (mdb_stat(t->txn, s->table[i], &stat) == 0 && stat.ms_entries > ret->entries_max_table)
            ret->entries_max_table = stat.ms_entries;
    }
    if (t)
        store_read_end(t);
}

int store_tables(struct store *s, const char *const *names, unsigned count)
{
    bool reads = s->options.mode == STORE_READ_ONLY;
    MDB_txn *txn;
    assert(s->tables == 0 && count <= STORE_TABLES_MAX);
    int rc = mdb_txn_begin(s->env, NULL, reads ? MDB_RDONLY : 0, &txn);
    if (rc)
        return say_lmdb(rc, "open the tables");
    for (unsigned i = 0; i < count && rc == 0; i++) {
        rc = mdb_dbi_open(txn, names[i], reads ? 0 : MDB_CREATE, &s->table[i]);
        rc = rc == MDB_NOTFOUND ? MDB_CORRUPTED : rc;   /* a store is made with all of its tables */
        if (rc)
            say_lmdb(rc, names[i]);
    }
    if (rc) {
        mdb_txn_abort(txn);
        return failure_say(store_failure_of(rc), "open the tables");
    }
    rc = mdb_txn_commit(txn);
    if (rc)
        return say_lmdb(rc, "open the tables");
    s->tables = count;
    return reads ? 0 : cover_used_pages(s);
}

/* ---- transactions ---- */

static struct store_txn *from_pool(struct store *s)
{
    pthread_mutex_lock(&s->pool_mutex);
    struct store_txn *t = s->pool;
    if (t)
        s->pool = t->next;
    pthread_mutex_unlock(&s->pool_mutex);
    return t;
}

static struct store_txn *begin(struct store *s, bool writes, int *ret_failure)
{
    struct store_txn *t = calloc(1, sizeof *t);
    int rc = t ? mdb_txn_begin(s->env, NULL, writes ? 0 : MDB_RDONLY, &t->txn) : ENOMEM;
    if (rc) {
        free(t);
        *ret_failure = say_lmdb(rc, writes ? "begin to write" : "begin to read");
        return NULL;
    }
    t->store = s;
    t->writes = writes;
    t->pages_before = writes ? used_bytes(s) / s->page_bytes : 0;
    *ret_failure = 0;
    return t;
}

/* Beginning anew takes LMDB's lock of readers; renewing one that was reset does not. */
struct store_txn *store_read_begin(struct store *s, int *ret_failure)
{
    struct store_txn *t = from_pool(s);
    if (t == NULL)
        return begin(s, false, ret_failure);
    int rc = mdb_txn_renew(t->txn);
    *ret_failure = rc ? say_lmdb(rc, "begin to read") : 0;
    if (rc == 0)
        return t;
    mdb_txn_abort(t->txn);
    free(t);
    return NULL;
}

void store_read_end(struct store_txn *t)
{
    struct store *s = t->store;
    assert(!t->writes);
    store_cursors_close(t);
    mdb_txn_reset(t->txn);
    t->failure = 0;
    pthread_mutex_lock(&s->pool_mutex);
    t->next = s->pool;
    s->pool = t;
    pthread_mutex_unlock(&s->pool_mutex);
}

struct store_txn *store_write_begin(struct store *s, int *ret_failure)
{
    assert(s->options.mode != STORE_READ_ONLY);
    if (s->broken) {
        *ret_failure = failure_say(FAIL_SYSTEM, "an earlier commit failed: the store must be opened again");
        return NULL;
    }
    return begin(s, true, ret_failure);
}

void store_abort(struct store_txn *t)
{
    assert(t->writes);
    store_cursors_close(t);
    mdb_txn_abort(t->txn);
    free(t);
}

/* See open_short; costs one fstat. Its own failure does no harm now. */
static int cover_used_pages(struct store *s)
{
    struct stat st;
    int fd;
    off_t wanted = (off_t)used_bytes(s);
    mdb_env_get_fd(s->env, &fd);
    if (fstat(fd, &st) == 0 && st.st_size < wanted && ftruncate(fd, wanted) < 0)
        return failure_say(store_failure_of(errno), "make the data file whole");
    return 0;
}

/* LMDB tells how many pages are used only after a commit; what this transaction put is added, so that a batch does not go
 * far beyond. A transaction that only deletes may always commit. */
static bool beyond_quota(const struct store_txn *t)
{
    size_t quota = t->store->options.quota_bytes;
    return quota > 0 && t->put_bytes > 0 && used_bytes(t->store) + t->put_bytes > quota;
}

/* Every row changed may copy its page and those above it, but none twice, and new pages are half full at worst. */
#define SPARE_PAGES 16
bool store_wrote(const struct store_txn *t)
{
    return t->puts > 0;
}

uint64_t store_wants(const struct store_txn *t)
{
    if (t->store->mapped)
        return 0;   /* its blocks are taken already */
    uint64_t pages = t->puts * 3, all = used_bytes(t->store) / t->store->page_bytes;
    return t->puts == 0 ? 0 : (pages < all ? pages : all) * t->store->page_bytes + 2 * t->put_bytes + SPARE_PAGES * t->store->page_bytes;
}

uint64_t store_room(struct store *s)
{
    struct statvfs v;
    int fd;
    mdb_env_get_fd(s->env, &fd);
    return fstatvfs(fd, &v) == 0 ? (uint64_t)v.f_bavail * v.f_frsize : UINT64_MAX;
}

bool store_may_grow(struct store *s, uint64_t wanted, uint64_t file_bytes_max)
{
    return file_bytes_max == 0 || wanted == 0 || used_bytes(s) + wanted <= file_bytes_max;
}

/* In large steps, for it is asked at every commit; the size stays, so that LMDB finds its file as it left it. Holes within
 * the file (see cover_used_pages) are filled, too. */
#define TAKEN_STEP_BYTES (1u << 20)
int store_take_room(struct store *s, uint64_t wanted)
{
    uint64_t end = used_bytes(s) + wanted;
    int fd, rc;
    if (s->mapped || end <= s->taken_bytes)     /* mapped: taken already, before each change */
        return 0;
    mdb_env_get_fd(s->env, &fd);
    rc = fallocate(fd, FALLOC_FL_KEEP_SIZE, (off_t)s->taken_bytes, (off_t)(end + TAKEN_STEP_BYTES - s->taken_bytes));
    if (rc == 0)
        end += TAKEN_STEP_BYTES;
    else
        rc = fallocate(fd, FALLOC_FL_KEEP_SIZE, (off_t)s->taken_bytes, (off_t)(end - s->taken_bytes));
    if (rc != 0 && store_failure_of(errno) == FAIL_FULL)
        return failure_say(FAIL_FULL, "take %llu bytes of the disk", (unsigned long long)(end - s->taken_bytes));
    s->taken_bytes = rc == 0 ? end : UINT64_MAX;
    return 0;
}

int store_commit(struct store_txn *t)
{
    struct store *s = t->store;
    assert(t->writes);
    if (!t->failure && beyond_quota(t))
        t->failure = failure_say(FAIL_FULL, "commit: the store's quota is used up");
    int failure = t->failure;
    if (failure) {
        store_abort(t);
        return failure;
    }
    store_cursors_close(t);
    errno = 0;
    int rc = mdb_txn_commit(t->txn);
    /* LMDB says EIO of a write that was cut short: no system call failed, and no meta page was written. */
    if (rc == EIO && errno != EIO)
        rc = ENOSPC;
    free(t);
    if (rc == 0) {
        cover_used_pages(s);
        return 0;
    }
    failure = say_lmdb(rc, "commit");
    /* After a failed fdatasync LMDB would let the next commit pass, over pages that may never have reached the disk. */
    s->broken = failure != FAIL_FULL;
    return failure;
}
