/* What the vault_*.c files share; nobody else includes this. */
#ifndef EVENTS_VAULT_INSIDE_H
#define EVENTS_VAULT_INSIDE_H

#include <pthread.h>

#include "store.h"
#include "vault.h"

#define VAULT_PATH_BYTES 4000
#define VAULT_SLOTS 65536       /* keys kept open in memory, 3 MiB */
#define WRAP_EXTRA_BYTES (NONCE_BYTES + SEAL_EXTRA_BYTES)

enum vault_table { VAULT_KEYS, VAULT_TOKENS, VAULT_META, VAULT_TABLES };

/* Secrets and slots are allocations of libsodium: guarded, locked where the system lets it, left out of core dumps, wiped when freed. */
struct vault_secrets {
    struct key master, generation, mac;
};

struct vault_slot {
    uint64_t stream_and_1;          /* stream + 1, so that 0 is an empty one */
    struct key key;
};

struct vault_pending {
    uint64_t stream;
    struct key key;
};

struct vault {
    char directory[VAULT_PATH_BYTES];
    uint64_t generation;            /* its number: 1, 2... */
    struct vault_secrets *secrets;
    struct vault_slot *slots;
    /* Held for reading while the store and the generation key are used, for writing while vault_destroy changes them. */
    pthread_rwlock_t store_lock;
    struct store *store;
    pthread_mutex_t slots_mutex;    /* slots, pending ones and the count of commits */
    struct vault_pending *pending;  /* made, not committed yet */
    uint32_t pending_count, pending_room;
    uint64_t commits;
    struct store_txn *writing;      /* the writing thread's own */
    bool displaced;                 /* a failed swap left it under another name: nothing may be written any more */
};

/* ---- vault_wrap.c: what is kept under which key ---- */

/* nonce || XChaCha20-Poly1305; out has room for plain.bytes + WRAP_EXTRA_BYTES. */
void vault_wrap(uint8_t *out, struct text plain, struct text associated, const struct key *);
bool vault_unwrap(uint8_t *out, uint32_t bytes, struct text wrapped, struct text associated, const struct key *);
void vault_put_key(struct store_txn *, uint64_t stream, const struct key *, const struct key *generation);
int vault_read_key(struct text row, uint64_t stream, const struct key *generation, struct key *ret);
bool vault_is_destroyed(struct text row);
void vault_put_destroyed(struct store_txn *, uint64_t stream);
void vault_put_meta(struct store_txn *, const struct vault_secrets *, uint64_t generation);
int vault_read_meta(struct store_txn *, struct vault_secrets *, uint64_t *ret_generation);
int vault_master_read(const char *path, struct key *ret);
int vault_master_make(const char *path, struct key *ret);       /* FAIL_EXISTS when there is one */

/* ---- vault_swap.c: one directory in the place of another, across crashes ---- */

int vault_path(const struct vault *, const char *suffix, char out[VAULT_PATH_BYTES]);
int vault_store_open(const char *directory, bool create, struct store **ret);
int vault_store_look(const char *directory, struct store **ret);    /* read only, and not locked */
int vault_find_place(const struct vault *, char fresh[VAULT_PATH_BYTES]);   /* to make one; FAIL_EXISTS */
bool vault_is_in_place(const struct vault *);
int vault_recover(const struct vault *);        /* before opening: ends a swap that a crash cut short */
int vault_clean(const struct vault *);          /* while open: wipes what an unfinished or finished swap left */
/* directory.new becomes directory, which becomes directory.old; ret_done tells whether it did, failure or not. */
int vault_put_in_place(const struct vault *, bool replaces, bool *ret_done);

/* ---- vault.c ---- */

void vault_forget(struct vault *, uint64_t stream);     /* the copy in memory */

#endif
