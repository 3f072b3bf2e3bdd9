#include "vault_inside.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <sodium.h>

#include "failure.h"

#define TOKEN_ROW_BYTES 18      /* role, number, expiry, revoked */

/* ---- making, opening ---- */

static void free_memory(struct vault *v)
{
    sodium_free(v->secrets);
    sodium_free(v->slots);
    free(v->pending);
    free(v);
}

static struct vault *allocate(const char *directory)
{
    size_t bytes = strlen(directory);
    while (bytes > 1 && directory[bytes - 1] == '/')
        bytes--;
    struct vault *v = bytes < VAULT_PATH_BYTES - 8 ? calloc(1, sizeof *v) : NULL;
    if (v) {
        v->secrets = sodium_malloc(sizeof *v->secrets);
        v->slots = sodium_allocarray(VAULT_SLOTS, sizeof *v->slots);
    }
    if (v == NULL || v->secrets == NULL || v->slots == NULL) {
        failure_say(FAIL_MEMORY, "open the vault %s", directory);
        if (v)
            free_memory(v);
        return NULL;
    }
    memset(v->secrets, 0, sizeof *v->secrets);
    memset(v->slots, 0, VAULT_SLOTS * sizeof *v->slots);
    memcpy(v->directory, directory, bytes);
    pthread_rwlock_init(&v->store_lock, NULL);
    pthread_mutex_init(&v->slots_mutex, NULL);
    return v;
}

void vault_close(struct vault *v)
{
    if (v == NULL)
        return;
    vault_abort(v);
    store_close(v->store);
    pthread_rwlock_destroy(&v->store_lock);
    pthread_mutex_destroy(&v->slots_mutex);
    free_memory(v);
}

static int write_first(struct store *store, struct vault_secrets *secrets)
{
    int failure;
    struct store_txn *t = store_write_begin(store, &failure);
    if (t == NULL)
        return failure;
    chain_random(secrets->generation.at, KEY_BYTES);
    chain_random(secrets->mac.at, KEY_BYTES);
    vault_put_meta(t, secrets, 1);
    return store_commit(t);
}

/* Made aside and then renamed, so that there never is half a vault. */
static int make(struct vault *v, const char *master_key_path)
{
    char fresh[VAULT_PATH_BYTES];
    struct stat st;
    struct store *store;
    bool done;
    int failure = vault_find_place(v, fresh);
    if (!failure)
        failure = lstat(master_key_path, &st) == 0 ? vault_master_read(master_key_path, &v->secrets->master)
            : vault_master_make(master_key_path, &v->secrets->master);
    if (!failure)
        failure = vault_store_open(fresh, true, &store);
    if (failure)
        return failure;
    failure = write_first(store, v->secrets);
    store_close(store);
    return failure ? failure : vault_put_in_place(v, false, &done);
}

int vault_make(const char *directory, const char *master_key_path)
{
    struct vault *v = allocate(directory);
    if (v == NULL)
        return FAIL_MEMORY;
    int failure = make(v, master_key_path);
    vault_close(v);
    return failure ? failure_say(failure, "make the vault") : 0;
}

static int read_first(struct vault *v)
{
    int failure;
    struct store_txn *t = store_read_begin(v->store, &failure);
    if (t == NULL)
        return failure;
    failure = vault_read_meta(t, v->secrets, &v->generation);
    store_read_end(t);
    return failure;
}

int vault_open(const char *directory, const char *master_key_path, struct vault **ret)
{
    struct vault *v = allocate(directory);
    if (v == NULL)
        return FAIL_MEMORY;
    int failure = vault_master_read(master_key_path, &v->secrets->master);
    if (!failure)
        failure = vault_recover(v);
    if (!failure)
        failure = vault_store_open(v->directory, false, &v->store);
    if (!failure)
        failure = read_first(v);
    if (!failure)
        failure = vault_clean(v);
    if (failure) {
        vault_close(v);
        return failure_say(failure, "open the vault");
    }
    *ret = v;
    return 0;
}

int vault_look(const char *directory, const char *master_key_path)
{
    struct vault *v = allocate(directory);
    if (v == NULL)
        return FAIL_MEMORY;
    int failure = vault_master_read(master_key_path, &v->secrets->master);
    if (!failure)
        failure = vault_store_look(v->directory, &v->store);
    if (!failure)
        failure = read_first(v);
    vault_close(v);
    return failure ? failure_say(failure, "look at the vault") : 0;
}

/* ---- slots: the keys open in memory. All of these with slots_mutex held. ---- */

static void keep(struct vault *v, uint64_t stream, const struct key *key)
{
    v->slots[stream % VAULT_SLOTS] = (struct vault_slot){ stream + 1, *key };
}

static void evict(struct vault *v, uint64_t stream)
{
    struct vault_slot *slot = &v->slots[stream % VAULT_SLOTS];
    if (slot->stream_and_1 == stream + 1)
        sodium_memzero(slot, sizeof *slot);
}

static bool find(struct vault *v, uint64_t stream, struct key *ret)
{
    const struct vault_slot *slot = &v->slots[stream % VAULT_SLOTS];
    if (slot->stream_and_1 == stream + 1) {
        *ret = slot->key;
        return true;
    }
    /* Two streams may share a slot: the one pushed out must be found before it is on disk. */
    for (uint32_t i = v->pending_count; i-- > 0;) {
        if (v->pending[i].stream == stream) {
            *ret = v->pending[i].key;
            return true;
        }
    }
    return false;
}

/* ---- keys of streams ---- */

static int load(struct vault *v, uint64_t stream, struct key *ret)
{
    uint8_t number[8];
    struct text row;
    int failure;
    struct store_txn *t = store_read_begin(v->store, &failure);
    if (t == NULL)
        return failure;
    store_key_u64(number, stream);
    if (store_get(t, VAULT_KEYS, (struct text){ (char *)number, sizeof number }, &row))
        failure = vault_read_key(row, stream, &v->secrets->generation, ret);
    else
        failure = store_failed(t) ? store_failed(t) : FAIL_MISSING;
    store_read_end(t);
    return failure;
}

int vault_key(struct vault *v, uint64_t stream, struct key *ret)
{
    pthread_mutex_lock(&v->slots_mutex);
    uint64_t commits = v->commits;
    bool found = find(v, stream, ret);
    pthread_mutex_unlock(&v->slots_mutex);
    if (found)
        return 0;
    pthread_rwlock_rdlock(&v->store_lock);
    int failure = load(v, stream, ret);
    pthread_mutex_lock(&v->slots_mutex);
    /* Not when the writer committed meanwhile, or is about to: it may have replaced this very key. */
    if (!failure && v->commits == commits && v->pending_count == 0)
        keep(v, stream, ret);
    pthread_mutex_unlock(&v->slots_mutex);
    pthread_rwlock_unlock(&v->store_lock);
    return failure;
}

static int begin_writing(struct vault *v)
{
    int failure = 0;
    if (v->displaced)
        return failure_say(FAIL_SYSTEM, "the vault was moved away by a failure: start again");
    if (v->writing == NULL)
        v->writing = store_write_begin(v->store, &failure);
    return failure;
}

static int remember(struct vault *v, uint64_t stream, const struct key *key)
{
    pthread_mutex_lock(&v->slots_mutex);
    if (v->pending_count == v->pending_room) {
        uint32_t room = v->pending_room ? v->pending_room * 2 : 64;
        struct vault_pending *larger = calloc(room, sizeof *larger);
        if (larger == NULL) {
            pthread_mutex_unlock(&v->slots_mutex);
            return failure_say(FAIL_MEMORY, "make a key");
        }
        if (v->pending_count > 0) {     /* not realloc: it would leave keys behind */
            memcpy(larger, v->pending, v->pending_count * sizeof *larger);
            sodium_memzero(v->pending, v->pending_count * sizeof *larger);
        }
        free(v->pending);
        v->pending = larger;
        v->pending_room = room;
    }
    v->pending[v->pending_count++] = (struct vault_pending){ stream, *key };
    keep(v, stream, key);
    pthread_mutex_unlock(&v->slots_mutex);
    return 0;
}

int vault_create(struct vault *v, uint64_t stream, struct key *ret)
{
    uint8_t number[8];
    struct text row;
    assert(stream < UINT64_MAX);
    int failure = begin_writing(v);
    if (failure)
        return failure;
    store_key_u64(number, stream);
    if (store_get(v->writing, VAULT_KEYS, (struct text){ (char *)number, sizeof number }, &row) && vault_is_destroyed(row))
        return FAIL_ERASED;
    chain_random(ret->at, KEY_BYTES);
    vault_put_key(v->writing, stream, ret, &v->secrets->generation);
    failure = store_failed(v->writing);
    return failure ? failure : remember(v, stream, ret);
}

void vault_forget(struct vault *v, uint64_t stream)
{
    pthread_mutex_lock(&v->slots_mutex);
    evict(v, stream);
    v->commits++;
    pthread_mutex_unlock(&v->slots_mutex);
}

/* Ends what is pending; those not committed must not be found any more. */
static void settle(struct vault *v, bool committed)
{
    pthread_mutex_lock(&v->slots_mutex);
    for (uint32_t i = 0; i < v->pending_count && !committed; i++)
        evict(v, v->pending[i].stream);
    if (v->pending_count > 0)
        sodium_memzero(v->pending, v->pending_count * sizeof *v->pending);
    v->pending_count = 0;
    v->commits++;
    pthread_mutex_unlock(&v->slots_mutex);
}

uint64_t vault_wants(const struct vault *v)
{
    return v->writing ? store_wants(v->writing) : 0;
}

struct store *vault_store(struct vault *v)
{
    return v->store;
}

int vault_commit(struct vault *v)
{
    if (v->writing == NULL)
        return 0;
    int failure = store_commit(v->writing);
    v->writing = NULL;
    settle(v, failure == 0);
    return failure ? failure_say(failure, "commit the vault") : 0;
}

void vault_abort(struct vault *v)
{
    if (v->writing == NULL)
        return;
    store_abort(v->writing);
    v->writing = NULL;
    settle(v, false);
}

void vault_mac_key(struct vault *v, const char *purpose, struct key *ret)
{
    assert(strlen(purpose) == crypto_kdf_CONTEXTBYTES);
    crypto_kdf_derive_from_key(ret->at, KEY_BYTES, 1, purpose, v->secrets->mac.at);
}

/* ---- tokens ---- */

int vault_token_add(struct vault *v, const struct token *token)
{
    uint8_t row[TOKEN_ROW_BYTES];
    int failure = begin_writing(v);
    if (failure)
        return failure;
    row[0] = token->role;
    store_key_u64(row + 1, token->number);
    store_key_u64(row + 9, (uint64_t)token->expires_ms);
    row[17] = token->revoked;
    store_put(v->writing, VAULT_TOKENS, (struct text){ (const char *)token->hash, HASH_BYTES }, (struct text){ (char *)row, sizeof row });
    return store_failed(v->writing);
}

bool vault_token(struct vault *v, const uint8_t hash[HASH_BYTES], struct token *ret)
{
    struct text row;
    int failure;
    pthread_rwlock_rdlock(&v->store_lock);
    struct store_txn *t = store_read_begin(v->store, &failure);
    bool found = t && store_get(t, VAULT_TOKENS, (struct text){ (const char *)hash, HASH_BYTES }, &row) && row.bytes == TOKEN_ROW_BYTES;
    if (found) {
        const uint8_t *at = (const uint8_t *)row.at;
        *ret = (struct token){ .role = at[0], .number = store_key_read_u64(at + 1),
            .expires_ms = (int64_t)store_key_read_u64(at + 9), .revoked = at[17] != 0 };
        memcpy(ret->hash, hash, HASH_BYTES);
    }
    if (t)
        store_read_end(t);
    pthread_rwlock_unlock(&v->store_lock);
    return found;
}

uint64_t vault_token_count(struct vault *v)
{
    struct text name, row;
    uint64_t count = 0;
    int failure;
    pthread_rwlock_rdlock(&v->store_lock);
    struct store_txn *t = store_read_begin(v->store, &failure);
    struct store_cursor *c = t ? store_cursor(t, VAULT_TOKENS) : NULL;
    for (bool more = store_seek(c, (struct text){ 0 }, &name, &row); more; more = store_next(c, &name, &row))
        count++;
    if (t)
        store_read_end(t);
    pthread_rwlock_unlock(&v->store_lock);
    return count;
}
