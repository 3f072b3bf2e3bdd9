/* Records to bytes and back. */
#include "record.h"

#include <assert.h>
#include <string.h>

#include "failure.h"

#define MAGIC "parcours/event/v1\n"
#define MAGIC_BYTES 18
#define BODY_ITEMS 9            /* one more with `from` */
/* Where things stand in E. */
enum { AT_SID = 18, AT_STREAM = 34, AT_VERSION = 42, AT_SEQ = 50, AT_RECORDED = 58, AT_ON = 66, AT_KIND = 70, AT_ACTOR = 72,
       AT_PREV = 88, AT_KC = 120, AT_CONTENT = 152, AT_BODY_BYTES = RECORD_HEADER_BYTES, AT_BODY = RECORD_HEADER_BYTES + 4 };

static void put(uint8_t *at, uint64_t n, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--, n >>= 8)
        at[i] = (uint8_t)n;
}

static uint64_t get(const uint8_t *at, int bytes)
{
    uint64_t n = 0;
    for (int i = 0; i < bytes; i++)
        n = n << 8 | at[i];
    return n;
}

void recorder_init(struct recorder *r, const uint8_t sid[SID_BYTES])
{
    pack_out_init(&r->record, RECORD_BYTES_MAX);
    pack_out_init(&r->sealed, RECORD_BYTES_MAX);
    memcpy(r->sid, sid, SID_BYTES);
}

void recorder_free(struct recorder *r)
{
    pack_out_free(&r->record);
    pack_out_free(&r->sealed);
}

static void pack_optional(struct pack_out *out, int64_t n, int64_t none)
{
    if (n == none)
        pack_nil(out);
    else
        pack_int(out, n);
}

static void pack_waivers(struct pack_out *out, const struct event *e, bool reasons)
{
    if (e->waiver_count == 0) {
        pack_nil(out);
        return;
    }
    pack_array(out, e->waiver_count);
    for (uint32_t i = 0; i < e->waiver_count; i++)
        pack_text(out, reasons ? e->waivers[i].reason : e->waivers[i].rule);
}

static void pack_body(struct pack_out *out, const struct event *e, const struct fingerprint *f)
{
    pack_array(out, BODY_ITEMS + (e->from != 0));
    pack_int(out, e->recorded_on);
    if (f->given) {
        pack_bytes(out, f->id, MAC_BYTES);
        pack_bytes(out, f->content, MAC_BYTES);
    } else {
        pack_nil(out);
        pack_nil(out);
    }
    pack_int(out, (int64_t)e->rulebook);
    pack_waivers(out, e, false);
    pack_optional(out, (int64_t)e->after, 0);
    pack_optional(out, e->performed_by, ABSENT);
    pack_bool(out, e->imported);
    data_pack(out, e->kind, e->data, false);
    if (e->from)
        pack_int(out, (int64_t)e->from);
}

static void header_write(uint8_t *at, const struct recorder *r, const struct event *e, const struct hash *prev)
{
    memcpy(at, MAGIC, MAGIC_BYTES);
    memcpy(at + AT_SID, r->sid, SID_BYTES);
    put(at + AT_STREAM, e->stream, 8);
    put(at + AT_VERSION, e->version, 8);
    put(at + AT_SEQ, e->seq, 8);
    put(at + AT_RECORDED, (uint64_t)e->recorded_ms, 8);
    put(at + AT_ON, (uint32_t)e->on, 4);
    put(at + AT_KIND, e->kind->number, 2);
    memcpy(at + AT_ACTOR, e->actor.at, ACTOR_BYTES);
    memcpy(at + AT_PREV, prev->at, HASH_BYTES);
    memset(at + AT_KC, 0, 2 * HASH_BYTES);
}

/* Room for `bytes` more at the end of the buffer, without msgpack's framing. */
static uint8_t *extend(struct pack_out *out, size_t bytes)
{
    if (!pack_out_reserve(out, bytes))
        return NULL;
    uint8_t *at = out->at + out->bytes;
    out->bytes += bytes;
    return at;
}

/* Appends nonce and sealed part; writes kc. The associated data is E with its content hash still zero. */
static bool seal(struct recorder *r, const struct event *e, const struct key *stream_key)
{
    struct pack_out *plain = &r->sealed;
    pack_out_reset(plain);
    pack_array(plain, 2);
    pack_waivers(plain, e, true);
    data_pack(plain, e->kind, e->data, true);
    uint8_t *at = plain->failed ? NULL : extend(&r->record, NONCE_BYTES + plain->bytes + SEAL_EXTRA_BYTES);
    if (!at)
        return false;
    struct key k = chain_record_key(stream_key, e->version);
    struct hash kc = chain_key_commitment(&k);
    memcpy(r->record.at + AT_KC, kc.at, HASH_BYTES);
    chain_random(at, NONCE_BYTES);
    chain_seal(at + NONCE_BYTES, (struct text){ (const char *)plain->at, (uint32_t)plain->bytes },
               (struct text){ (const char *)r->record.at, RECORD_HEADER_BYTES }, at, &k);
    return true;
}

static struct hash content_hash(const uint8_t *at, size_t bytes, size_t body_bytes)
{
    static const uint8_t no_nonce[NONCE_BYTES];
    struct text body = { (const char *)at + AT_BODY, (uint32_t)body_bytes };
    size_t rest = bytes - AT_BODY - body_bytes;
    const uint8_t *nonce = at + AT_BODY + body_bytes;
    if (rest == 0)
        return chain_content(body, no_nonce, (struct text){ NULL, 0 });
    return chain_content(body, nonce, (struct text){ (const char *)nonce + NONCE_BYTES, (uint32_t)(rest - NONCE_BYTES) });
}

int record_write(struct recorder *r, const struct event *e, const struct fingerprint *f, const struct hash *prev,
                 const struct key *stream_key, struct text *ret_bytes, struct hash *ret_leaf)
{
    struct pack_out *out = &r->record;
    pack_out_reset(out);
    uint8_t *at = extend(out, AT_BODY);
    if (!at)
        return failure_say(FAIL_TOO_LARGE, "record");
    header_write(at, r, e, prev);
    pack_body(out, e, f);
    size_t body_bytes = out->bytes - AT_BODY;
    bool sealing = e->waiver_count > 0 || data_has_sealed(e->kind, e->data);
    if (out->failed || (sealing && !seal(r, e, stream_key)))
        return failure_say(FAIL_TOO_LARGE, "a record holds at most %d bytes", RECORD_BYTES_MAX);
    put(out->at + AT_BODY_BYTES, body_bytes, 4);
    struct hash c = content_hash(out->at, out->bytes, body_bytes);
    memcpy(out->at + AT_CONTENT, c.at, HASH_BYTES);
    *ret_bytes = (struct text){ (const char *)out->at, (uint32_t)out->bytes };
    *ret_leaf = record_leaf(*ret_bytes);
    return 0;
}

/* ---- reading ---- */
static bool split(struct text bytes, size_t *ret_body_bytes)
{
    const uint8_t *at = (const uint8_t *)bytes.at;
    if (bytes.bytes < AT_BODY || memcmp(at, MAGIC, MAGIC_BYTES) != 0)
        return false;
    size_t body = (size_t)get(at + AT_BODY_BYTES, 4), rest = bytes.bytes - AT_BODY;
    *ret_body_bytes = body;
    return body <= rest && (body == rest || rest - body >= NONCE_BYTES + SEAL_EXTRA_BYTES);
}

bool record_header(struct text bytes, struct record_header *h)
{
    const uint8_t *at = (const uint8_t *)bytes.at;
    size_t body_bytes;
    if (!split(bytes, &body_bytes))
        return false;
    memcpy(h->sid, at + AT_SID, SID_BYTES);
    h->stream = get(at + AT_STREAM, 8);
    h->version = get(at + AT_VERSION, 8);
    h->seq = get(at + AT_SEQ, 8);
    h->recorded_ms = (int64_t)get(at + AT_RECORDED, 8);
    h->on = (int32_t)get(at + AT_ON, 4);
    h->kind = (uint16_t)get(at + AT_KIND, 2);
    memcpy(h->actor.at, at + AT_ACTOR, ACTOR_BYTES);
    memcpy(h->prev.at, at + AT_PREV, HASH_BYTES);
    memcpy(h->kc.at, at + AT_KC, HASH_BYTES);
    memcpy(h->content.at, at + AT_CONTENT, HASH_BYTES);
    return true;
}

struct hash record_leaf(struct text bytes)
{
    assert(bytes.bytes >= RECORD_HEADER_BYTES);
    return chain_leaf(bytes.at, RECORD_HEADER_BYTES);
}

bool record_intact(struct text bytes)
{
    size_t body_bytes;
    if (!split(bytes, &body_bytes))
        return false;
    struct hash c = content_hash((const uint8_t *)bytes.at, bytes.bytes, body_bytes);
    return memcmp(c.at, bytes.at + AT_CONTENT, HASH_BYTES) == 0;
}

static void read_fingerprint(struct pack_in *in, struct fingerprint *f)
{
    memset(f, 0, sizeof(*f));
    if (pack_read_nil(in)) {
        in->failed = in->failed || !pack_read_nil(in);
        return;
    }
    struct text id = pack_read_bytes(in), content = pack_read_bytes(in);
    if (id.bytes != MAC_BYTES || content.bytes != MAC_BYTES) {
        in->failed = true;
        return;
    }
    f->given = true;
    memcpy(f->id, id.at, MAC_BYTES);
    memcpy(f->content, content.at, MAC_BYTES);
}

static void read_waivers(struct arena *arena, struct pack_in *in, struct event *e, bool reasons)
{
    if (pack_read_nil(in))
        return;
    uint32_t n = pack_read_array(in);
    if (n > WAIVERS_MAX || (reasons && n != e->waiver_count)) {
        in->failed = true;
        return;
    }
    if (!reasons) {
        e->waiver_count = n;
        e->waivers = ARENA_ARRAY(arena, struct waiver, n);
    }
    for (uint32_t i = 0; i < n; i++)
        *(reasons ? &e->waivers[i].reason : &e->waivers[i].rule) = pack_read_text(in);
}

static bool read_body(struct arena *arena, struct pack_in *in, struct event *e, struct fingerprint *f)
{
    uint32_t items = pack_read_array(in);
    if (items != BODY_ITEMS && items != BODY_ITEMS + 1)
        return false;
    e->recorded_on = (int32_t)pack_read_int(in);
    read_fingerprint(in, f);
    e->rulebook = (uint64_t)pack_read_int(in);
    read_waivers(arena, in, e, false);
    e->after = pack_read_nil(in) ? 0 : (uint64_t)pack_read_int(in);
    e->performed_by = pack_read_nil(in) ? ABSENT : pack_read_int(in);
    e->imported = pack_read_bool(in);
    if (!data_unpack(arena, in, e->kind, e->data, false))
        return false;
    e->from = items > BODY_ITEMS ? (uint64_t)pack_read_int(in) : 0;
    return (items == BODY_ITEMS) == (e->from == 0) && pack_done(in);
}

static bool read_sealed(struct arena *arena, struct text bytes, size_t at_nonce, const struct key *stream_key, struct event *e)
{
    uint8_t associated[RECORD_HEADER_BYTES];
    uint32_t sealed_bytes = (uint32_t)(bytes.bytes - at_nonce - NONCE_BYTES);
    uint8_t *plain = arena_take(arena, sealed_bytes);
    struct key k = chain_record_key(stream_key, e->version);
    memcpy(associated, bytes.at, RECORD_HEADER_BYTES);
    memset(associated + AT_CONTENT, 0, HASH_BYTES);
    if (!chain_open(plain, (struct text){ bytes.at + at_nonce + NONCE_BYTES, sealed_bytes },
                    (struct text){ (const char *)associated, sizeof(associated) }, (const uint8_t *)bytes.at + at_nonce, &k))
        return false;
    struct pack_in in;
    pack_in_init(&in, plain, sealed_bytes - SEAL_EXTRA_BYTES);
    if (pack_read_array(&in) != 2)
        return false;
    read_waivers(arena, &in, e, true);
    return data_unpack(arena, &in, e->kind, e->data, true) && pack_done(&in);
}

bool record_read(struct arena *arena, struct text bytes, const struct key *stream_key, struct event *e, struct fingerprint *ret_fingerprint)
{
    struct record_header h;
    struct fingerprint ignored;
    struct pack_in in;
    size_t body_bytes;
    memset(e, 0, sizeof(*e));
    if (!split(bytes, &body_bytes) || !record_header(bytes, &h) || !kind_of(h.kind))
        return false;
    *e = (struct event){ .seq = h.seq, .stream = h.stream, .version = h.version, .recorded_ms = h.recorded_ms, .on = h.on,
                         .kind = kind_of(h.kind), .actor = h.actor };
    e->data = arena_take(arena, e->kind->data_bytes);
    data_clear(e->kind, e->data);
    pack_in_init(&in, bytes.at + AT_BODY, body_bytes);
    if (!read_body(arena, &in, e, ret_fingerprint ? ret_fingerprint : &ignored))
        return false;
    bool sealed = AT_BODY + body_bytes < bytes.bytes;
    return !sealed || !stream_key || read_sealed(arena, bytes, AT_BODY + body_bytes, stream_key, e);
}
