/* Hashes and seals of records: SHA-256, RFC 6962 trees, XChaCha20-Poly1305; with vault.c the only place that knows libsodium.
 * Layouts are those of the README's "Proof": integers big-endian, || is concatenation. Pure but for chain_random. */
#ifndef EVENTS_CHAIN_H
#define EVENTS_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

#define HASH_BYTES 32
#define KEY_BYTES 32
#define NONCE_BYTES 24
#define SEAL_EXTRA_BYTES 16     /* a sealed text is this much longer than the plain one */
#define MAC_BYTES 16

struct hash { uint8_t at[HASH_BYTES]; };
struct key { uint8_t at[KEY_BYTES]; };

int chain_start(void);          /* once, before anything else here; FAIL_SYSTEM when there is no randomness */
void chain_random(void *out, size_t bytes);

struct hash chain_hash(const void *bytes, size_t count);
struct hash chain_leaf(const void *bytes, size_t count);                        /* H(0x00 || d) */
struct hash chain_node(const struct hash *left, const struct hash *right);      /* H(0x01 || l || r) */
struct hash chain_tree(const struct hash *leaves, size_t count);                /* MTH of RFC 6962; H("") for none */
/* c = H(0x02 || u64 len(body) || body || u64 len(ct) || nonce24 || ct); nonce is 24 zero bytes when nothing is sealed. */
struct hash chain_content(struct text body, const uint8_t nonce[NONCE_BYTES], struct text sealed);
/* kc = H("parcours/kc/v1" || k). */
struct hash chain_key_commitment(const struct key *);

/* k = kdf(stream key, version): the key of one record. */
struct key chain_record_key(const struct key *stream_key, uint64_t version);
/* sealed must have room for plain.bytes + SEAL_EXTRA_BYTES. */
void chain_seal(uint8_t *sealed, struct text plain, struct text associated, const uint8_t nonce[NONCE_BYTES], const struct key *);
bool chain_open(uint8_t *plain, struct text sealed, struct text associated, const uint8_t nonce[NONCE_BYTES], const struct key *);
/* Keyed MAC, 16 bytes: command ids and fingerprints, never plain hashes of personal data. */
void chain_mac(uint8_t out[MAC_BYTES], const struct key *, struct text first, struct text second);
bool chain_same(const void *a, const void *b, size_t bytes);    /* in constant time */

/* ---- what others verify ---- */
/* HMAC-SHA256 (RFC 2104) of the parts, one after the other; a key of any length. */
struct hash chain_hmac(struct text key, const struct text *parts, unsigned count);
/* RFC 4648, with padding. */
#define BASE64_TEXT_BYTES(count) (((count) + 2) / 3 * 4 + 1)
const char *chain_base64(const void *bytes, size_t count, char *out);   /* out has BASE64_TEXT_BYTES(count) */

#endif
