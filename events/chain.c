#include "chain.h"

#include <nettle/sha2.h>
#include <sodium.h>

#include "failure.h"

_Static_assert(HASH_BYTES == SHA256_DIGEST_SIZE, "a hash is SHA-256");
_Static_assert(KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES && KEY_BYTES == crypto_kdf_KEYBYTES, "one size of key");
_Static_assert(NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "the nonce of XChaCha20");
_Static_assert(SEAL_EXTRA_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES, "the tag of Poly1305");

#define LEAF 0x00
#define NODE 0x01
#define CONTENT 0x02
#define KEY_COMMITMENT "parcours/kc/v1"
#define KDF_CONTEXT "parcours"

int chain_start(void)
{
    return sodium_init() < 0 ? failure_say(FAIL_SYSTEM, "no source of randomness") : 0;
}

void chain_random(void *out, size_t bytes)
{
    randombytes_buf(out, bytes);
}

static void begin(struct sha256_ctx *state, uint8_t prefix)
{
    sha256_init(state);
    sha256_update(state, 1, &prefix);
}

static struct hash end(struct sha256_ctx *state)
{
    struct hash h;
    sha256_digest(state, HASH_BYTES, h.at);
    return h;
}

static void add(struct sha256_ctx *state, const void *at, size_t bytes)
{
    if (bytes > 0)
        sha256_update(state, bytes, at);
}

static void add_u64(struct sha256_ctx *state, uint64_t n)
{
    uint8_t at[8];
    for (int i = 7; i >= 0; i--, n >>= 8)
        at[i] = (uint8_t)n;
    sha256_update(state, sizeof at, at);
}

struct hash chain_hash(const void *bytes, size_t count)
{
    struct sha256_ctx state;
    sha256_init(&state);
    add(&state, bytes, count);
    return end(&state);
}

struct hash chain_leaf(const void *bytes, size_t count)
{
    struct sha256_ctx state;
    begin(&state, LEAF);
    add(&state, bytes, count);
    return end(&state);
}

struct hash chain_node(const struct hash *left, const struct hash *right)
{
    struct sha256_ctx state;
    begin(&state, NODE);
    add(&state, left->at, HASH_BYTES);
    add(&state, right->at, HASH_BYTES);
    return end(&state);
}

/* Whole subtrees wait until their right neighbour is as large as they are, like the digits of a binary counter: that
 * splits at the largest power of two, without recursion. What waits at the end is joined from the right. */
struct hash chain_tree(const struct hash *leaves, size_t count)
{
    struct hash waiting[64];
    unsigned depth = 0;
    if (count == 0)
        return chain_hash("", 0);
    for (size_t i = 0; i < count; i++) {
        waiting[depth++] = leaves[i];
        for (size_t n = i + 1; n % 2 == 0; n /= 2, depth--)
            waiting[depth - 2] = chain_node(&waiting[depth - 2], &waiting[depth - 1]);
    }
    for (; depth > 1; depth--)
        waiting[depth - 2] = chain_node(&waiting[depth - 2], &waiting[depth - 1]);
    return waiting[0];
}

struct hash chain_content(struct text body, const uint8_t nonce[NONCE_BYTES], struct text sealed)
{
    struct sha256_ctx state;
    begin(&state, CONTENT);
    add_u64(&state, body.bytes);
    add(&state, body.at, body.bytes);
    add_u64(&state, sealed.bytes);
    add(&state, nonce, NONCE_BYTES);
    add(&state, sealed.at, sealed.bytes);
    return end(&state);
}

struct hash chain_key_commitment(const struct key *key)
{
    struct sha256_ctx state;
    sha256_init(&state);
    add(&state, KEY_COMMITMENT, sizeof KEY_COMMITMENT - 1);
    add(&state, key->at, KEY_BYTES);
    return end(&state);
}

struct key chain_record_key(const struct key *stream_key, uint64_t version)
{
    struct key k;
    crypto_kdf_derive_from_key(k.at, KEY_BYTES, version, KDF_CONTEXT, stream_key->at);
    return k;
}

void chain_seal(uint8_t *sealed, struct text plain, struct text associated, const uint8_t nonce[NONCE_BYTES], const struct key *key)
{
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, NULL, (const uint8_t *)plain.at, plain.bytes,
        (const uint8_t *)associated.at, associated.bytes, NULL, nonce, key->at);
}

bool chain_open(uint8_t *plain, struct text sealed, struct text associated, const uint8_t nonce[NONCE_BYTES], const struct key *key)
{
    return crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, (const uint8_t *)sealed.at, sealed.bytes,
        (const uint8_t *)associated.at, associated.bytes, nonce, key->at) == 0;
}

void chain_mac(uint8_t out[MAC_BYTES], const struct key *key, struct text first, struct text second)
{
    /* The length keeps ("ab", "c") apart from ("a", "bc"). */
    uint8_t length[4] = { (uint8_t)(first.bytes >> 24), (uint8_t)(first.bytes >> 16), (uint8_t)(first.bytes >> 8), (uint8_t)first.bytes };
    crypto_generichash_state state;
    crypto_generichash_init(&state, key->at, KEY_BYTES, MAC_BYTES);
    crypto_generichash_update(&state, length, sizeof length);
    if (first.bytes > 0)
        crypto_generichash_update(&state, (const uint8_t *)first.at, first.bytes);
    if (second.bytes > 0)
        crypto_generichash_update(&state, (const uint8_t *)second.at, second.bytes);
    crypto_generichash_final(&state, out, MAC_BYTES);
}

bool chain_same(const void *a, const void *b, size_t bytes)
{
    return sodium_memcmp(a, b, bytes) == 0;
}

struct hash chain_hmac(struct text key, const struct text *parts, unsigned count)
{
    struct hash h;
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const uint8_t *)key.at, key.bytes);
    for (unsigned i = 0; i < count; i++)
        if (parts[i].bytes > 0)
            crypto_auth_hmacsha256_update(&state, (const uint8_t *)parts[i].at, parts[i].bytes);
    crypto_auth_hmacsha256_final(&state, h.at);
    return h;
}

const char *chain_base64(const void *bytes, size_t count, char *out)
{
    return sodium_bin2base64(out, BASE64_TEXT_BYTES(count), bytes, count, sodium_base64_VARIANT_ORIGINAL);
}
