#include "ids.h"

#include <assert.h>

#define LETTERS 8
#define LETTER_BITS 5
#define HALF_BITS 20
#define HALF ((UINT64_C(1) << HALF_BITS) - 1)
#define ROUNDS 8

/* No i, l, o, u: read aloud or copied by hand, they become 1, 1, 0 and v. */
static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
static uint64_t round_keys[ROUNDS];

static uint64_t mix(uint64_t n)
{
    n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
    return n ^ n >> 31;
}

static uint64_t big_endian(const uint8_t *at)
{
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
        n = n << 8 | at[i];
    return n;
}

void ids_start(const uint8_t sid[16])
{
    uint64_t left = big_endian(sid), right = big_endian(sid + 8);
    for (uint64_t i = 0; i < ROUNDS; i++)
        round_keys[i] = mix(left + mix(right + (i + 1) * UINT64_C(0x9e3779b97f4a7c15)));
}

/* A Feistel network: each round is undone by itself, whatever the mixing function. */
static uint64_t permute(uint64_t n)
{
    uint64_t left = n >> HALF_BITS, right = n & HALF;
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t swapped = left ^ (mix(right ^ round_keys[i]) & HALF);
        left = right;
        right = swapped;
    }
    return left << HALF_BITS | right;
}

static uint64_t unpermute(uint64_t n)
{
    uint64_t left = n >> HALF_BITS, right = n & HALF;
    for (int i = ROUNDS - 1; i >= 0; i--) {
        uint64_t swapped = right ^ (mix(left ^ round_keys[i]) & HALF);
        right = left;
        left = swapped;
    }
    return left << HALF_BITS | right;
}

const char *id_print(enum stream_type type, uint64_t stream, char out[ID_TEXT_BYTES])
{
    assert(stream < STREAM_NUMBERS);
    const char *prefix = stream_prefix(type);
    size_t n = strlen(prefix);
    assert(n + 1 + LETTERS < ID_TEXT_BYTES);
    memcpy(out, prefix, n + 1);
    if (type == STREAM_plie)
        return out;
    uint64_t mixed = permute(stream);
    out[n] = '_';
    for (unsigned i = 0; i < LETTERS; i++)
        out[n + 1 + i] = letters[mixed >> (LETTERS - 1 - i) * LETTER_BITS & 31];
    out[n + 1 + LETTERS] = '\0';
    return out;
}

static int type_prefixed(struct text prefix)
{
    for (int t = 0; t < STREAM_TYPES; t++)
        if (t != STREAM_plie && text_is(prefix, stream_prefix((enum stream_type)t)))
            return t;
    return -1;
}

static bool read_letters(const char *at, uint64_t *ret)
{
    *ret = 0;
    for (int i = 0; i < LETTERS; i++) {
        const char *found = at[i] ? strchr(letters, at[i]) : NULL;
        if (found == NULL)
            return false;
        *ret = *ret << LETTER_BITS | (uint64_t)(found - letters);
    }
    return true;
}

bool id_parse(struct text t, enum stream_type *ret_type, uint64_t *ret_stream)
{
    if (text_is(t, stream_prefix(STREAM_plie))) {
        *ret_type = STREAM_plie;
        *ret_stream = 0;
        return true;
    }
    if (t.bytes < LETTERS + 2 || t.at[t.bytes - LETTERS - 1] != '_')
        return false;
    uint64_t mixed;
    int type = type_prefixed((struct text){ t.at, t.bytes - LETTERS - 1 });
    if (type < 0 || !read_letters(t.at + t.bytes - LETTERS, &mixed))
        return false;
    uint64_t stream = unpermute(mixed);
    if (stream == 0)
        return false;   /* the PLIE's own stream has one name only */
    *ret_type = (enum stream_type)type;
    *ret_stream = stream;
    return true;
}
