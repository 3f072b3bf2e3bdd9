#include "vault_inside.h"

#include <assert.h>

#include <sodium.h>

#include "failure.h"

struct rewrite {
    struct store_txn *from, *to;
    const struct key *old_generation, *new_generation;
};

static int rewrite_keys(const struct rewrite *r, uint64_t gone)
{
    struct store_cursor *c = store_cursor(r->from, VAULT_KEYS);
    struct text name, row;
    struct key key;
    int failure = 0;
    for (bool more = store_seek(c, (struct text){ 0 }, &name, &row); more && !failure; more = store_next(c, &name, &row)) {
        if (name.bytes != 8)
            return failure_say(FAIL_DAMAGED, "a key's row has no number");
        uint64_t stream = store_key_read_u64(name.at);
        if (stream == gone || vault_is_destroyed(row)) {
            vault_put_destroyed(r->to, stream);
            continue;
        }
        failure = vault_read_key(row, stream, r->old_generation, &key);
        if (!failure)
            vault_put_key(r->to, stream, &key, r->new_generation);
    }
    sodium_memzero(&key, sizeof key);
    return failure ? failure : store_failed(r->from);
}

static int copy_tokens(const struct rewrite *r)
{
    struct store_cursor *c = store_cursor(r->from, VAULT_TOKENS);
    struct text name, row;
    for (bool more = store_seek(c, (struct text){ 0 }, &name, &row); more; more = store_next(c, &name, &row))
        store_append(r->to, VAULT_TOKENS, name, row);
    return store_failed(r->from);
}

/* Everything but the one key, under a new generation key, into a file that never held anything else. */
static int rewrite_all(struct vault *v, struct store *fresh, const struct vault_secrets *next, uint64_t gone)
{
    struct rewrite r = { .old_generation = &v->secrets->generation, .new_generation = &next->generation };
    int failure;
    if ((r.from = store_read_begin(v->store, &failure)) == NULL)
        return failure;
    if ((r.to = store_write_begin(fresh, &failure)) == NULL) {
        store_read_end(r.from);
        return failure;
    }
    failure = rewrite_keys(&r, gone);
    if (!failure)
        failure = copy_tokens(&r);
    store_read_end(r.from);
    if (failure) {
        store_abort(r.to);
        return failure;
    }
    vault_put_meta(r.to, next, v->generation + 1);
    return store_commit(r.to);
}

/* From here on everybody reads the new one; the old one is returned. */
static struct store *change_over(struct vault *v, struct store *fresh, const struct key *generation, uint64_t gone)
{
    struct store *old = v->store;
    v->store = fresh;
    v->secrets->generation = *generation;
    v->generation++;
    vault_forget(v, gone);
    return old;
}

/* The new file is open while it is renamed: nobody else can begin to serve it in between. */
static int replace(struct vault *v, struct store *fresh, const struct key *generation, uint64_t gone)
{
    bool done;
    pthread_rwlock_wrlock(&v->store_lock);
    int failure = vault_put_in_place(v, true, &done);
    struct store *useless = done ? change_over(v, fresh, generation, gone) : fresh;
    v->displaced = !done && !vault_is_in_place(v);
    pthread_rwlock_unlock(&v->store_lock);
    store_close(useless);
    /* After a failed sync it is not known which names a crash would leave: then nothing is wiped before the next start. */
    return failure ? failure : vault_clean(v);
}

static int rewrite_and_replace(struct vault *v, const struct vault_secrets *next, uint64_t gone)
{
    char path[VAULT_PATH_BYTES];
    struct store *fresh;
    int failure = vault_clean(v);
    if (!failure)
        failure = vault_path(v, ".new", path);
    if (!failure)
        failure = vault_store_open(path, true, &fresh);
    if (failure)
        return failure;
    failure = rewrite_all(v, fresh, next, gone);
    if (!failure)
        return replace(v, fresh, &next->generation, gone);
    store_close(fresh);
    vault_clean(v);
    return failure;
}

#define FRESH_BYTES (128u << 10)    /* of a file with next to nothing in it */

/* Written row by row, its pages may be half full. */
uint64_t vault_destroy_wants(struct vault *v)
{
    struct store_stat stat;
    store_stat(v->store, &stat);
    return 2 * stat.used_bytes + FRESH_BYTES;
}

int vault_destroy(struct vault *v, uint64_t stream)
{
    struct key key;
    assert(v->writing == NULL);     /* what is pending would be lost with the old file */
    int failure = vault_key(v, stream, &key);
    sodium_memzero(&key, sizeof key);
    if (failure)
        return failure == FAIL_ERASED ? 0 : failure;
    struct vault_secrets *next = sodium_malloc(sizeof *next);
    if (next == NULL)
        return failure_say(FAIL_MEMORY, "destroy a key");
    next->master = v->secrets->master;
    next->mac = v->secrets->mac;
    chain_random(next->generation.at, KEY_BYTES);
    failure = rewrite_and_replace(v, next, stream);
    sodium_free(next);
    return failure ? failure_say(failure, "destroy the key of stream %llu", (unsigned long long)stream) : 0;
}
