/* The keys: one per stream, each wrapped by the store's generation key, itself wrapped by a master key held outside the
 * store (a file of 32 bytes as hex, mode 0600). Destroying a stream's key is what erasure means.
 * Order of use: vault_open, vault_key/vault_create..., vault_commit before the log's commit, vault_close. One thread at a time writes; any thread reads. */
#ifndef EVENTS_VAULT_H
#define EVENTS_VAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "chain.h"

struct vault;

/* FAIL_KEY when the master key is not the one; FAIL_MISSING; FAIL_PERMISSION when the key file is readable by others. */
int vault_make(const char *directory, const char *master_key_path);        /* creates both; the key file when it is absent */
int vault_open(const char *directory, const char *master_key_path, struct vault **ret);
void vault_close(struct vault *);
int vault_look(const char *directory, const char *master_key_path);     /* what vault_open would say, but for a lock; writes nothing */

/* The stream's key: 0, or FAIL_ERASED when it was destroyed, FAIL_MISSING when it never existed. Thread-safe. */
int vault_key(struct vault *, uint64_t stream, struct key *ret);
/* Makes a key for a new stream; on disk only after vault_commit (which the writer calls before it commits the log).
 * A key that was committed for a stream whose events never were is simply replaced. */
int vault_create(struct vault *, uint64_t stream, struct key *ret);
uint64_t vault_wants(const struct vault *);     /* what vault_commit may ask of the disk at most */
int vault_commit(struct vault *);
void vault_abort(struct vault *);
/* A key for keyed MACs, derived from the vault's own secret; `purpose` is exactly 8 characters ("command_"). */
void vault_mac_key(struct vault *, const char *purpose, struct key *ret);
/* Destroys the stream's key: marks it gone, writes a new generation, compacts the file so that no old byte stays. */
int vault_destroy(struct vault *, uint64_t stream);
uint64_t vault_destroy_wants(struct vault *);   /* room for the new file beside the old one */

struct store *vault_store(struct vault *);      /* to ask how much it uses; another after each vault_destroy */

/* Tokens: only the hash is kept. */
struct token {
    uint8_t hash[HASH_BYTES];   /* SHA-256 of the whole token text */
    uint8_t role;               /* enum role, see daemon/tokens.h */
    uint64_t number;            /* the token owner's number, or the stream of the referent */
    int64_t expires_ms;         /* 0: never */
    bool revoked;
};
int vault_token_add(struct vault *, const struct token *);      /* then vault_commit */
bool vault_token(struct vault *, const uint8_t hash[HASH_BYTES], struct token *ret);
uint64_t vault_token_count(struct vault *);

#endif
