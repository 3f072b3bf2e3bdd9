/* Every kind of the catalogue, with made values in every field: JSON to data to bytes and back. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "../events/days.h"
#include "../events/event.h"
#include "../events/ids.h"
#include "../events/pack.h"

#define ROUNDS 20
#define MUTATIONS 200
#define ARENA_BYTES ((size_t)16 << 20)
#define OUT_BYTES ((size_t)1 << 20)

static const struct json_limits limits = { 1 << 20, 8, 4096 };
static uint64_t dice_state = 1;

static uint64_t dice(uint64_t sides)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return dice_state % sides;
}

static int64_t between(int64_t low, int64_t high)
{
    uint64_t edge = dice(4);
    return edge == 0 ? low : edge == 1 ? high : low + (int64_t)dice((uint64_t)(high - low) + 1);
}

/* ---- made values ---- */

static void make_text(struct json_out *out, int64_t bytes_max)
{
    static const char letters[] = "abc DEF 0\t\n\"\\'{}\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80/=";
    static char text[8192];
    uint32_t n = 0, wanted = (uint32_t)between(1, bytes_max);
    for (; n + 4 <= wanted || n == 0; n++)
        text[n] = letters[dice(16)];
    if (n + 9 <= wanted)
        memcpy(text + n, letters + 16, 9), n += 9;
    json_text(out, (struct text){ text, n });
}

static void make_checked(struct json_out *out, enum check check)
{
    static const char *const good[] = { [CHECK_nir] = "192102A13112357", [CHECK_commune] = "2A004", [CHECK_rome] = "K2204",
        [CHECK_rncp] = "RNCP35419", [CHECK_naf] = "8559A", [CHECK_siret] = "35600000009075",
        [CHECK_siren] = "356000000", [CHECK_rna] = "W212001234", [CHECK_country] = "99352", [CHECK_qpv] = "QN02101M", [CHECK_rulebook] = "{\"rules\":{}}",
        [CHECK_url] = "https://agenda.example.org:8443/alertes?plie=3", [CHECK_address] = "o.quentin+plie@example.org" };
    json_string(out, good[check]);
}

static void make_codes(struct json_out *out, unsigned vocabulary)
{
    json_open_list(out);
    for (unsigned w = 0; w < vocabulary_count(vocabulary); w++)
        if (dice(2))
            json_string(out, word_name(vocabulary, w));
    json_close_list(out);
}

static void make_data(struct json_out *, const struct kind *, const struct kind *content_kind, unsigned everything);

static void make_content(struct json_out *out, const struct kind *k)
{
    json_open(out);
    json_key(out, "kind");
    json_string(out, k->name);
    json_key(out, "on");
    json_day(out, (int32_t)between(DAY_FIRST, DAY_LAST));
    json_key(out, "data");
    make_data(out, k, NULL, true);
    json_close(out);
}

static void make_value(struct json_out *out, const struct field *f, const struct kind *content_kind)
{
    char text[ID_TEXT_BYTES];
    switch (f->type) {
    case TYPE_CODE: json_string(out, word_name(f->of, (int64_t)dice(vocabulary_count(f->of)))); return;
    case TYPE_CODES: make_codes(out, f->of); return;
    case TYPE_FLAG: json_bool(out, dice(2)); return;
    case TYPE_DAY: json_day(out, (int32_t)between(DAY_FIRST, DAY_LAST)); return;
    case TYPE_MONTH: json_string(out, month_print((int32_t)between(-840, 1559), text)); return;
    case TYPE_NUMBER: json_number(out, between(f->min, f->max)); return;
    case TYPE_HOURS: json_hundredths(out, between(f->min, f->max)); return;
    case TYPE_STREAM: json_string(out, id_print(f->of, (uint64_t)between(1, STREAM_NUMBERS - 1), text)); return;
    case TYPE_EVENT: json_number(out, between(1, 1000000)); return;
    case TYPE_TEXT: make_text(out, f->max); return;
    case TYPE_SLUG: json_string(out, dice(2) ? "Europe/Paris" : "qn08301m"); return;
    case TYPE_CHECKED: make_checked(out, f->check); return;
    case TYPE_CONTENT: make_content(out, content_kind); return;
    }
}

static void make_data(struct json_out *out, const struct kind *k, const struct kind *content_kind, unsigned everything)
{
    json_open(out);
    for (unsigned i = 0; i < k->field_count; i++) {
        const struct field *f = &k->fields[i];
        if (f->presence <= OPTIONAL && (everything || f->presence == REQUIRED || dice(2))) {
            json_key(out, f->name);
            make_value(out, f, content_kind);
        }
    }
    json_close(out);
}

/* What the gate adds: coarse values, and fields filled from another stream. */
static void fill(const struct kind *k, void *data)
{
    for (unsigned i = 0; i < k->field_count; i++) {
        const struct field *f = &k->fields[i];
        if (f->presence == FILL_secret)
            *field_text(f, data) = TEXT("0123456789abcdefghjkmnpqrstvwxyz0123456789abcdefghjk");
        else if (f->presence > OPTIONAL)
            *field_number(f, data) = f->type == TYPE_CODE ? (int64_t)dice(vocabulary_count(f->of)) : between(0, 200);
        if (f->protection == COARSE && !field_absent(f, data))
            *field_coarse(f, data) = (int64_t)dice(2);
        if (f->type == TYPE_CONTENT)
            fill((*field_content(f, data))->kind, (*field_content(f, data))->data);
    }
}

/* ---- round trips ---- */

struct bench {
    struct arena arena;
    struct json_out made, first, second;
    struct pack_out clear, sealed;
};

static void open_bench(struct bench *b)
{
    static const uint8_t sid[16] = { 1 };
    catalogue_start();
    ids_start(sid);
    arena_init(&b->arena, ARENA_BYTES);
    json_out_init(&b->made, OUT_BYTES);
    json_out_init(&b->first, OUT_BYTES);
    json_out_init(&b->second, OUT_BYTES);
    pack_out_init(&b->clear, OUT_BYTES);
    pack_out_init(&b->sealed, OUT_BYTES);
}

static void close_bench(struct bench *b)
{
    arena_free(&b->arena);
    json_out_free(&b->made);
    json_out_free(&b->first);
    json_out_free(&b->second);
    pack_out_free(&b->clear);
    pack_out_free(&b->sealed);
}

static struct text told(const struct json_out *out)
{
    return (struct text){ out->at, (uint32_t)out->bytes };
}

static bool same(const struct bench *b)
{
    return !b->first.failed && !b->second.failed && text_equal(told(&b->first), told(&b->second));
}

static void tell(struct json_out *out, const struct kind *k, const void *data, bool sealed)
{
    json_out_reset(out);
    data_to_json(out, k, data, sealed);
}

/* Made JSON, as data; what it tells is what was made. */
static bool make(struct bench *b, const struct kind *k, const struct kind *content_kind, unsigned everything, void *data)
{
    struct problems problems = { .count = 0 };
    struct json_error error;
    const struct json *json;
    arena_reset(&b->arena);
    json_out_reset(&b->made);
    make_data(&b->made, k, content_kind, everything);
    if (!CHECK_INT(json_read(&b->arena, told(&b->made), &limits, &json, &error), 0))
        return false;
    if (!CHECK(data_from_json(&b->arena, k, content_kind, json, "/data", data, &problems))) {
        CHECK_STR(problems.at[0].pointer, problems.at[0].why);
        return false;
    }
    tell(&b->first, k, data, true);
    fill(k, data);
    return CHECK(text_equal(told(&b->first), told(&b->made)));
}

static void pack_both(struct bench *b, const struct kind *k, const void *data)
{
    pack_out_reset(&b->clear);
    pack_out_reset(&b->sealed);
    data_pack(&b->clear, k, data, false);
    data_pack(&b->sealed, k, data, true);
    CHECK(!b->clear.failed && !b->sealed.failed);
    CHECK_INT(data_has_sealed(k, data), b->sealed.bytes > 1);
}

static bool unpack(struct bench *b, const struct pack_out *from, const struct kind *k, void *data, bool sealed)
{
    struct pack_in in;
    pack_in_init(&in, from->at, from->bytes);
    return data_unpack(&b->arena, &in, k, data, sealed) && pack_done(&in);
}

static void round_trip(struct bench *b, const struct kind *k, const struct kind *content_kind, unsigned everything)
{
    _Alignas(16) char data[DATA_BYTES_MAX], again[DATA_BYTES_MAX];
    if (!make(b, k, content_kind, everything, data))
        return;
    pack_both(b, k, data);
    /* After an erasure only the clear part is left: it tells what whoever may not see the sealed part sees. */
    CHECK(unpack(b, &b->clear, k, again, false));
    tell(&b->first, k, data, false);
    tell(&b->second, k, again, true);
    CHECK(same(b));
    CHECK(unpack(b, &b->sealed, k, again, true));
    tell(&b->first, k, data, true);
    tell(&b->second, k, again, true);
    CHECK(same(b));
    for (int sealed = 0; sealed < 2; sealed++) {
        json_out_reset(&b->first);
        data_to_json(&b->first, k, again, sealed);
        json_out_reset(&b->second);
        data_to_json(&b->second, k, data, sealed);
        CHECK(same(b));
    }
}

static const struct kind *any_content_kind(void)
{
    const struct kind *k;
    do
        k = catalogue_at((unsigned)dice(catalogue_count()));
    while (kind_has_content(k));
    return k;
}

TEST(event_round_trip_of_every_kind)
{
    struct bench b;
    open_bench(&b);
    for (unsigned i = 0; i < catalogue_count(); i++)
        for (unsigned round = 0; round < ROUNDS; round++)
            round_trip(&b, catalogue_at(i), any_content_kind(), round < 2);
    close_bench(&b);
}

TEST(event_correction_of_every_kind)
{
    struct bench b;
    open_bench(&b);
    for (unsigned i = 0; i < catalogue_count(); i++)
        if (!kind_has_content(catalogue_at(i)))
            round_trip(&b, kind_of(KIND_event_corrected), catalogue_at(i), true);
    close_bench(&b);
}

/* ---- hostile bytes ---- */

/* In a block of just their size, so that the sanitizer sees one byte too far. */
static void unpack_mutated(struct bench *b, const struct pack_out *from, const struct kind *k, void *data, bool sealed)
{
    size_t bytes = dice(8) == 0 ? dice(from->bytes + 1) : from->bytes;
    uint8_t *at = malloc(bytes + (bytes == 0));
    if (bytes > 0)
        memcpy(at, from->at, bytes);
    for (uint64_t n = dice(4); n > 0 && bytes > 0; n--)
        at[dice(bytes < 24 || dice(2) ? bytes : 24)] = dice(2) ? (uint8_t)dice(256) : (uint8_t)(0xc0 + dice(32));
    struct pack_in in;
    pack_in_init(&in, at, bytes);
    if (data_unpack(&b->arena, &in, k, data, sealed))
        tell(&b->second, k, data, true);
    free(at);
}

TEST(event_mutated_bytes)
{
    _Alignas(16) char data[DATA_BYTES_MAX], again[DATA_BYTES_MAX];
    struct bench b;
    open_bench(&b);
    for (unsigned i = 0; i < catalogue_count(); i++) {
        const struct kind *k = catalogue_at(i);
        if (!make(&b, k, any_content_kind(), true, data))
            continue;
        pack_both(&b, k, data);
        for (unsigned n = 0; n < MUTATIONS; n++) {
            unpack_mutated(&b, &b.clear, k, again, false);
            CHECK(unpack(&b, &b.clear, k, again, false));
            unpack_mutated(&b, &b.sealed, k, again, true);
        }
    }
    close_bench(&b);
}

static bool accepts(struct bench *b, const struct kind *k, const char *bytes, size_t count, bool sealed)
{
    _Alignas(16) char data[DATA_BYTES_MAX];
    struct pack_in in;
    data_clear(k, data);
    pack_in_init(&in, bytes, count);
    return data_unpack(&b->arena, &in, k, data, sealed);
}

#define ACCEPTS(kind, bytes, sealed) accepts(&b, kind_of(KIND_##kind), bytes, sizeof(bytes) - 1, sealed)

TEST(event_bytes_refused)
{
    struct bench b;
    open_bench(&b);
    CHECK(ACCEPTS(contact_recorded, "\x81\x00\x00", false));
    CHECK(ACCEPTS(contact_recorded, "\x82\x00\x00\x02\x2d", false));
    CHECK(ACCEPTS(contact_recorded, "\x80", true));
    CHECK(!ACCEPTS(contact_recorded, "\x80", false));                           /* the channel is required */
    CHECK(!ACCEPTS(contact_recorded, "\x81\x00\x09", false));                   /* no such word */
    CHECK(!ACCEPTS(contact_recorded, "\x82\x00\x00\x01\x02", false));           /* neither true nor false */
    CHECK(!ACCEPTS(contact_recorded, "\x82\x02\x2d\x00\x00", false));           /* out of order */
    CHECK(!ACCEPTS(contact_recorded, "\x82\x00\x00\x00\x00", false));           /* twice */
    CHECK(!ACCEPTS(contact_recorded, "\x82\x00\x00\x08\x00", false));           /* no such field */
    CHECK(!ACCEPTS(contact_recorded, "\x82\x00\x00\x06\xa1x", false));          /* sealed, in the clear part */
    CHECK(!ACCEPTS(contact_recorded, "\x81\x00\x00", true));                    /* clear, in the sealed part */
    CHECK(!ACCEPTS(contact_recorded, "\x82\x00\x00\x04\x00", false));           /* no event has number 0 */
    CHECK(!ACCEPTS(contact_recorded, "\x82\x00\x00\x05\xcf\x00\x00\x01\x00\x00\x00\x00\x00", false));    /* no such stream */
    CHECK(!ACCEPTS(appointment_planned, "\x81\x00\xce\x7f\xff\xff\xff", false));                          /* no such day */
    CHECK(!ACCEPTS(appointment_kept, "\x81\x00\xd3\x80\x00\x00\x00\x00\x00\x00\x00", false));             /* ABSENT, written */
    CHECK(!ACCEPTS(event_corrected, "\x82\x00\x01\x01\x93\xcc\xbe\x00\x80", false));                      /* a correction in one */
    CHECK(!ACCEPTS(event_corrected, "\x82\x00\x01\x01\x93\xcd\x04\x4b\x00\x80", false));                  /* no such kind */
    CHECK(!ACCEPTS(event_corrected, "\x81\x01\x80", true));                     /* sealed content without its clear part */
    close_bench(&b);
}
