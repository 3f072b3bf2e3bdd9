#include "store_inside.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "failure.h"

#define KEY_BYTES_MAX 511

int store_failure_of(int rc)
{
    switch (rc) {
    case 0:
        return 0;
    case ENOMEM:
        return FAIL_MEMORY;
    case ENOSPC: case EDQUOT: case EFBIG: case MDB_MAP_FULL: case MDB_TXN_FULL:
        return FAIL_FULL;
    case EACCES: case EPERM: case EROFS:
        return FAIL_PERMISSION;
    case ENOENT: case MDB_NOTFOUND:
        return FAIL_MISSING;
    case MDB_VERSION_MISMATCH: case MDB_INCOMPATIBLE:
        return FAIL_VERSION;
    case MDB_CORRUPTED: case MDB_PAGE_NOTFOUND: case MDB_INVALID: case MDB_CURSOR_FULL: case MDB_PAGE_FULL:
        return FAIL_DAMAGED;
    default:
        return FAIL_SYSTEM;
    }
}

void store_txn_fail(struct store_txn *t, int rc, const char *what)
{
    if (t->failure)
        return;
    t->failure = store_failure_of(rc);
    failure_say(t->failure, "%s", mdb_strerror(rc));
    failure_say(t->failure, "%s", what);
}

int store_failed(const struct store_txn *t)
{
    return t->failure;
}

static MDB_dbi table_of(const struct store_txn *t, unsigned table)
{
    assert(table < t->store->tables);
    return t->store->table[table];
}

static MDB_val key_of(struct text key)
{
    assert(key.bytes > 0 && key.bytes <= KEY_BYTES_MAX);
    return (MDB_val){ key.bytes, (void *)key.at };
}

static struct text view(MDB_val v)
{
    return (struct text){ v.mv_data, (uint32_t)v.mv_size };
}

bool store_get(struct store_txn *t, unsigned table, struct text key, struct text *ret_value)
{
    MDB_val k = key_of(key), v;
    if (t->failure)
        return false;
    int rc = mdb_get(t->txn, table_of(t, table), &k, &v);
    if (rc == 0)
        *ret_value = view(v);
    else if (rc != MDB_NOTFOUND)
        store_txn_fail(t, rc, "read a row");
    return rc == 0;
}

static void *put(struct store_txn *t, unsigned table, struct text key, MDB_val *v, unsigned flags)
{
    MDB_val k = key_of(key);
    assert(t->writes);
    if (t->failure)
        return NULL;
    t->put_bytes += k.mv_size + v->mv_size;
    t->puts++;
    if (t->store->mapped && !store_ground(t))
        return NULL;
    int rc = mdb_put(t->txn, table_of(t, table), &k, v, flags);
    if (rc == 0)
        return v->mv_data;
    /* MDB_APPEND says so of a key that is not above all others. */
    if (rc == MDB_KEYEXIST)
        t->failure = failure_say(FAIL_DAMAGED, "append a row: its key is not above the last");
    else
        store_txn_fail(t, rc, "write a row");
    return NULL;
}

void store_put(struct store_txn *t, unsigned table, struct text key, struct text value)
{
    put(t, table, key, &(MDB_val){ value.bytes, (void *)value.at }, 0);
}

void store_append(struct store_txn *t, unsigned table, struct text key, struct text value)
{
    put(t, table, key, &(MDB_val){ value.bytes, (void *)value.at }, MDB_APPEND);
}

void *store_reserve(struct store_txn *t, unsigned table, struct text key, size_t bytes)
{
    return put(t, table, key, &(MDB_val){ bytes, NULL }, MDB_RESERVE);
}

bool store_delete(struct store_txn *t, unsigned table, struct text key)
{
    MDB_val k = key_of(key);
    assert(t->writes);
    if (t->failure)
        return false;
    t->puts++;
    if (t->store->mapped && !store_ground(t))
        return false;
    int rc = mdb_del(t->txn, table_of(t, table), &k, NULL);
    if (rc != 0 && rc != MDB_NOTFOUND)
        store_txn_fail(t, rc, "delete a row");
    return rc == 0;
}

void store_empty(struct store_txn *t, unsigned table)
{
    assert(t->writes);
    if (t->failure || (t->store->mapped && !store_ground(t)))
        return;
    t->puts++;
    int rc = mdb_drop(t->txn, table_of(t, table), 0);
    if (rc)
        store_txn_fail(t, rc, "empty a table");
    t->puts++;
}

/* ---- walking ---- */

struct store_cursor *store_cursor(struct store_txn *t, unsigned table)
{
    struct store_cursor *c = calloc(1, sizeof *c);
    if (c == NULL) {
        store_txn_fail(t, ENOMEM, "walk a table");
        return NULL;
    }
    c->txn = t;
    c->next = t->cursors;
    t->cursors = c;
    if (t->failure)
        return c;
    int rc = mdb_cursor_open(t->txn, table_of(t, table), &c->cursor);
    if (rc)
        store_txn_fail(t, rc, "walk a table");
    return c;
}

static bool step(struct store_cursor *c, MDB_cursor_op op, MDB_val k, struct text *ret_key, struct text *ret_value)
{
    MDB_val v;
    if (c == NULL || c->txn->failure || c->cursor == NULL)
        return false;
    int rc = mdb_cursor_get(c->cursor, &k, &v, op);
    if (rc == 0) {
        *ret_key = view(k);
        *ret_value = view(v);
    } else if (rc != MDB_NOTFOUND) {
        store_txn_fail(c->txn, rc, "walk a table");
    }
    return rc == 0;
}

bool store_seek(struct store_cursor *c, struct text key, struct text *ret_key, struct text *ret_value)
{
    if (c == NULL)
        return false;
    bool found = key.bytes == 0 ? step(c, MDB_FIRST, (MDB_val){ 0, NULL }, ret_key, ret_value)
        : step(c, MDB_SET_RANGE, key_of(key), ret_key, ret_value);
    c->beyond = !found;
    return found;
}

bool store_next(struct store_cursor *c, struct text *ret_key, struct text *ret_value)
{
    if (c == NULL || c->beyond)
        return false;
    c->beyond = !step(c, MDB_NEXT, (MDB_val){ 0, NULL }, ret_key, ret_value);
    return !c->beyond;
}

bool store_previous(struct store_cursor *c, struct text *ret_key, struct text *ret_value)
{
    if (c == NULL)
        return false;
    /* Where LMDB leaves a cursor that found nothing differs from case to case. */
    MDB_cursor_op op = c->beyond ? MDB_LAST : MDB_PREV;
    c->beyond = false;
    return step(c, op, (MDB_val){ 0, NULL }, ret_key, ret_value);
}

bool store_last(struct store_cursor *c, struct text *ret_key, struct text *ret_value)
{
    if (c == NULL)
        return false;
    c->beyond = false;
    return step(c, MDB_LAST, (MDB_val){ 0, NULL }, ret_key, ret_value);
}

static void close_one(struct store_cursor *c)
{
    if (c->cursor)
        mdb_cursor_close(c->cursor);
    free(c);
}

void store_cursor_close(struct store_cursor *c)
{
    if (c == NULL)
        return;
    struct store_cursor **at = &c->txn->cursors;
    while (*at != c)
        at = &(*at)->next;
    *at = c->next;
    close_one(c);
}

void store_cursors_close(struct store_txn *t)
{
    while (t->cursors) {
        struct store_cursor *next = t->cursors->next;
        close_one(t->cursors);
        t->cursors = next;
    }
}
