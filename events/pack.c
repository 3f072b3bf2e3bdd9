#include "pack.h"

#include <assert.h>
#include <stdlib.h>

#include <msgpack.h>

#define NESTING_MAX 16
#define FIRST_ROOM 256

/* ---- out ---- */

void pack_out_init(struct pack_out *out, size_t bytes_max)
{
    *out = (struct pack_out){ .bytes_max = bytes_max };
}

void pack_out_reset(struct pack_out *out)
{
    out->bytes = 0;
    out->failed = false;
}

void pack_out_free(struct pack_out *out)
{
    free(out->at);
    pack_out_init(out, out->bytes_max);
}

static bool grow(struct pack_out *out, size_t more)
{
    if (more > out->bytes_max - out->bytes)
        return false;
    size_t room = out->room ? out->room : FIRST_ROOM;
    while (room < out->bytes + more)
        room *= 2;
    if (room > out->bytes_max)
        room = out->bytes_max;
    uint8_t *at = realloc(out->at, room);
    if (at == NULL)
        return false;
    out->at = at;
    out->room = room;
    return true;
}

bool pack_out_reserve(struct pack_out *out, size_t bytes)
{
    if (!out->failed && bytes > out->room - out->bytes && !grow(out, bytes))
        out->failed = true;
    return !out->failed;
}

static int append(void *to, const char *bytes, size_t count)
{
    struct pack_out *out = to;
    if (out->failed || (count > out->room - out->bytes && !grow(out, count))) {
        out->failed = true;
        return -1;
    }
    if (count > 0)
        memcpy(out->at + out->bytes, bytes, count);
    out->bytes += count;
    return 0;
}

static msgpack_packer packer(struct pack_out *out)
{
    return (msgpack_packer){ .data = out, .callback = append };
}

void pack_nil(struct pack_out *out)
{
    msgpack_packer p = packer(out);
    msgpack_pack_nil(&p);
}

void pack_bool(struct pack_out *out, bool truth)
{
    msgpack_packer p = packer(out);
    if (truth)
        msgpack_pack_true(&p);
    else
        msgpack_pack_false(&p);
}

void pack_int(struct pack_out *out, int64_t n)
{
    msgpack_packer p = packer(out);
    msgpack_pack_int64(&p, n);
}

void pack_text(struct pack_out *out, struct text t)
{
    msgpack_packer p = packer(out);
    msgpack_pack_str(&p, t.bytes);
    msgpack_pack_str_body(&p, t.at, t.bytes);
}

void pack_bytes(struct pack_out *out, const void *at, uint32_t bytes)
{
    msgpack_packer p = packer(out);
    msgpack_pack_bin(&p, bytes);
    msgpack_pack_bin_body(&p, at, bytes);
}

void pack_array(struct pack_out *out, uint32_t count)
{
    msgpack_packer p = packer(out);
    msgpack_pack_array(&p, count);
}

void pack_map(struct pack_out *out, uint32_t count)
{
    msgpack_packer p = packer(out);
    msgpack_pack_map(&p, count);
}

/* ---- in ----
 * Headers are read by hand: msgpack-c's unpacker allocates objects for whole values, sized by counts that it does not
 * compare with the bytes at hand, and has no reader over a bounded view. */

struct head {
    enum pack_type type;
    uint32_t bytes;     /* of the header itself */
    uint64_t number;    /* the integer's bits, the truth, or the count of bytes or elements */
};

struct form {
    bool ours;
    uint8_t type, width;
    bool is_signed;
};

/* First bytes 0xc0 to 0xdf. Floats, extensions and 0xc1 are not there: we never write them. */
static const struct form forms[32] = {
    [0x00] = { true, PACK_NIL, 0, false },
    [0x02] = { true, PACK_BOOL, 0, false }, [0x03] = { true, PACK_BOOL, 0, false },
    [0x04] = { true, PACK_BYTES, 1, false }, [0x05] = { true, PACK_BYTES, 2, false }, [0x06] = { true, PACK_BYTES, 4, false },
    [0x0c] = { true, PACK_INT, 1, false }, [0x0d] = { true, PACK_INT, 2, false }, [0x0e] = { true, PACK_INT, 4, false },
    [0x0f] = { true, PACK_INT, 8, false },
    [0x10] = { true, PACK_INT, 1, true }, [0x11] = { true, PACK_INT, 2, true }, [0x12] = { true, PACK_INT, 4, true },
    [0x13] = { true, PACK_INT, 8, true },
    [0x19] = { true, PACK_TEXT, 1, false }, [0x1a] = { true, PACK_TEXT, 2, false }, [0x1b] = { true, PACK_TEXT, 4, false },
    [0x1c] = { true, PACK_ARRAY, 2, false }, [0x1d] = { true, PACK_ARRAY, 4, false },
    [0x1e] = { true, PACK_MAP, 2, false }, [0x1f] = { true, PACK_MAP, 4, false },
};

static struct head short_head(uint8_t b)
{
    if (b < 0x80)
        return (struct head){ PACK_INT, 1, b };
    if (b < 0x90)
        return (struct head){ PACK_MAP, 1, b & 0x0f };
    if (b < 0xa0)
        return (struct head){ PACK_ARRAY, 1, b & 0x0f };
    if (b < 0xc0)
        return (struct head){ PACK_TEXT, 1, b & 0x1f };
    return (struct head){ PACK_INT, 1, (uint64_t)(int64_t)(int8_t)b };
}

/* Whether what the header promises can be there at all: an element takes one byte at least. */
static bool fits(const struct head *h, size_t left)
{
    switch (h->type) {
    case PACK_TEXT:
    case PACK_BYTES:
    case PACK_ARRAY:
        return h->number <= left;
    case PACK_MAP:
        return h->number <= left / 2;
    default:
        return true;
    }
}

static struct head long_head(const struct pack_in *in, uint8_t b)
{
    static const struct head bad = { PACK_BAD, 0, 0 };
    struct form f = forms[b - 0xc0];
    if (!f.ours || in->left < 1u + f.width)
        return bad;
    uint64_t n = f.type == PACK_BOOL ? b & 1 : 0;
    for (unsigned i = 0; i < f.width; i++)
        n = n << 8 | in->at[1 + i];
    unsigned unused_bits = 64 - 8u * f.width;
    if (f.is_signed)
        n = (uint64_t)((int64_t)(n << unused_bits) >> unused_bits);
    else if (f.type == PACK_INT && n > INT64_MAX)
        return bad;
    return (struct head){ f.type, 1u + f.width, n };
}

static struct head read_head(const struct pack_in *in)
{
    static const struct head bad = { PACK_BAD, 0, 0 };
    if (in->failed || in->left == 0)
        return bad;
    uint8_t b = in->at[0];
    struct head h = b < 0xc0 || b >= 0xe0 ? short_head(b) : long_head(in, b);
    return h.type != PACK_BAD && fits(&h, in->left - h.bytes) ? h : bad;
}

void pack_in_init(struct pack_in *in, const void *bytes, size_t count)
{
    *in = (struct pack_in){ .at = bytes, .left = count };
}

enum pack_type pack_peek(const struct pack_in *in)
{
    return read_head(in).type;
}

static void advance(struct pack_in *in, size_t bytes)
{
    assert(bytes <= in->left);
    in->at += bytes;
    in->left -= bytes;
}

/* Consumes the header when it is of the wanted type; fails otherwise. */
static uint64_t expect(struct pack_in *in, enum pack_type wanted)
{
    struct head h = read_head(in);
    if (h.type != wanted) {
        in->failed = true;
        return 0;
    }
    advance(in, h.bytes);
    return h.number;
}

bool pack_read_nil(struct pack_in *in)
{
    if (in->failed || in->left == 0 || in->at[0] != 0xc0)
        return false;
    advance(in, 1);
    return true;
}

bool pack_read_bool(struct pack_in *in)
{
    return expect(in, PACK_BOOL) != 0;
}

int64_t pack_read_int(struct pack_in *in)
{
    return (int64_t)expect(in, PACK_INT);
}

static struct text read_view(struct pack_in *in, enum pack_type wanted)
{
    uint32_t bytes = (uint32_t)expect(in, wanted);
    if (in->failed)
        return (struct text){ NULL, 0 };
    struct text t = { (const char *)in->at, bytes };
    advance(in, bytes);
    return t;
}

struct text pack_read_text(struct pack_in *in)
{
    return read_view(in, PACK_TEXT);
}

struct text pack_read_bytes(struct pack_in *in)
{
    return read_view(in, PACK_BYTES);
}

uint32_t pack_read_array(struct pack_in *in)
{
    return (uint32_t)expect(in, PACK_ARRAY);
}

uint32_t pack_read_map(struct pack_in *in)
{
    return (uint32_t)expect(in, PACK_MAP);
}

static void skip(struct pack_in *in, unsigned depth)
{
    struct head h = read_head(in);
    bool nests = h.type == PACK_ARRAY || h.type == PACK_MAP;
    if (h.type == PACK_BAD || (nests && depth == NESTING_MAX)) {
        in->failed = true;
        return;
    }
    advance(in, h.bytes);
    if (h.type == PACK_TEXT || h.type == PACK_BYTES)
        advance(in, h.number);
    uint64_t values = !nests ? 0 : h.type == PACK_MAP ? 2 * h.number : h.number;
    for (uint64_t i = 0; i < values && !in->failed; i++)
        skip(in, depth + 1);
}

void pack_skip(struct pack_in *in)
{
    skip(in, 0);
}

bool pack_done(const struct pack_in *in)
{
    return !in->failed && in->left == 0;
}
