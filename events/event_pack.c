/* The data of an event, to bytes and from bytes: a map from a field's position in its row. */
#include "event.h"

#include "days.h"
#include "ids.h"
#include "pack.h"

/* Coarse birth: from the month of turning 55 of the oldest to that of the youngest that a day can bear. */
#define BIRTH_YEARS 55

bool kind_has_content(const struct kind *k)
{
    for (unsigned i = 0; i < k->field_count; i++)
        if (k->fields[i].type == TYPE_CONTENT)
            return true;
    return false;
}

/* ---- out ---- */

static bool sealed_within(const struct field *f, void *data)
{
    const struct content *c = *field_content(f, data);
    return c && data_has_sealed(c->kind, c->data);
}

static bool is_there(const struct field *f, void *data, bool sealed)
{
    if (f->type == TYPE_CONTENT && sealed)
        return sealed_within(f, data);
    if (f->protection == COARSE && !sealed)
        return *field_coarse(f, data) != ABSENT;
    return (f->protection != CLEAR) == sealed && !field_absent(f, data);
}

bool data_has_sealed(const struct kind *k, const void *data)
{
    for (unsigned i = 0; i < k->field_count; i++)
        if (is_there(&k->fields[i], (void *)(uintptr_t)data, true))
            return true;
    return false;
}

static void pack_content(struct pack_out *out, const struct content *c, bool sealed)
{
    if (!sealed) {
        pack_array(out, 3);
        pack_int(out, c->kind->number);
        pack_int(out, c->on);
    }
    data_pack(out, c->kind, c->data, sealed);
}

static void pack_value(struct pack_out *out, const struct field *f, void *data, bool sealed)
{
    if (f->protection == COARSE && !sealed)
        pack_int(out, *field_coarse(f, data));
    else if (field_is_text(f))
        pack_text(out, *field_text(f, data));
    else if (f->type == TYPE_CONTENT)
        pack_content(out, *field_content(f, data), sealed);
    else
        pack_int(out, *field_number(f, data));
}

void data_pack(struct pack_out *out, const struct kind *k, const void *data, bool sealed)
{
    void *at = (void *)(uintptr_t)data;     /* the accessors serve writers too; nothing is written here */
    uint32_t there = 0, count = 0;
    for (unsigned i = 0; i < k->field_count; i++)
        if (is_there(&k->fields[i], at, sealed)) {
            there |= UINT32_C(1) << i;
            count++;
        }
    pack_map(out, count);
    for (unsigned i = 0; i < k->field_count; i++)
        if (there >> i & 1) {
            pack_int(out, i);
            pack_value(out, &k->fields[i], at, sealed);
        }
}

/* ---- in ---- */

struct unpacking {
    struct arena *arena;
    struct pack_in *in;
    bool sealed;
};

/* What printing or a fold would stumble over. A number's bounds are not asked again: a row may have narrowed them since. */
static bool number_holds(const struct field *f, int64_t n)
{
    switch (f->type) {
    case TYPE_CODE:
        return n >= 0 && n < vocabulary_count(f->of);
    case TYPE_CODES:
        return n >= 0 && n >> vocabulary_count(f->of) == 0;
    case TYPE_FLAG:
        return n == 0 || n == 1;
    case TYPE_DAY:
        return n >= DAY_FIRST && n <= DAY_LAST;
    case TYPE_MONTH:
        return n >= month_index(DAY_FIRST) && n <= month_index(DAY_LAST);
    case TYPE_STREAM:
        return n >= 0 && (uint64_t)n < STREAM_NUMBERS;
    case TYPE_EVENT:
        return n >= 1;
    default:
        return n != ABSENT;
    }
}

static bool coarse_holds(const struct field *f, int64_t n)
{
    if (f->coarse == COARSE_birth)
        return n >= month_index(DAY_FIRST) && n <= month_index(DAY_LAST) + BIRTH_YEARS * 12;
    if (f->coarse == COARSE_territory)
        return n == 0 || n == 1;
    return n >= 0 && n < vocabulary_count(VOCABULARY_yes_no);
}

static bool unpack_new_content(struct unpacking *u, struct content **ret)
{
    if (pack_read_array(u->in) != 3)
        return false;
    int64_t number = pack_read_int(u->in), on = pack_read_int(u->in);
    const struct kind *k = number > 0 && number < KIND_NUMBERS ? kind_of((uint16_t)number) : NULL;
    /* A correction within a correction cannot be written; read, it could nest without end. */
    if (k == NULL || kind_has_content(k) || on < DAY_FIRST || on > DAY_LAST)
        return false;
    struct content *c = arena_take(u->arena, sizeof *c);
    *c = (struct content){ k, (int32_t)on, arena_take(u->arena, k->data_bytes) };
    *ret = c;
    return data_unpack(u->arena, u->in, k, c->data, false);
}

static bool unpack_content(struct unpacking *u, struct content **at)
{
    if (!u->sealed)
        return unpack_new_content(u, at);
    return *at && data_unpack(u->arena, u->in, (*at)->kind, (*at)->data, true);
}

static bool unpack_value(struct unpacking *u, const struct field *f, void *data)
{
    if (f->type == TYPE_CONTENT)
        return unpack_content(u, field_content(f, data));
    if (f->protection == COARSE && !u->sealed) {
        *field_coarse(f, data) = pack_read_int(u->in);
        return coarse_holds(f, *field_coarse(f, data));
    }
    if ((f->protection != CLEAR) != u->sealed)
        return false;
    if (field_is_text(f)) {
        *field_text(f, data) = pack_read_text(u->in);
        return !u->in->failed;
    }
    *field_number(f, data) = pack_read_int(u->in);
    return number_holds(f, *field_number(f, data));
}

/* Folds read required fields without asking. */
static bool required_are_there(const struct kind *k, const void *data)
{
    for (unsigned i = 0; i < k->field_count; i++)
        if (k->fields[i].presence == REQUIRED && k->fields[i].protection == CLEAR && field_absent(&k->fields[i], data))
            return false;
    return true;
}

bool data_unpack(struct arena *arena, struct pack_in *in, const struct kind *k, void *data, bool sealed)
{
    struct unpacking u = { arena, in, sealed };
    if (!sealed)
        data_clear(k, data);
    int64_t last = -1;
    for (uint32_t left = pack_read_map(in); left > 0; left--) {
        int64_t index = pack_read_int(in);
        if (in->failed || index <= last || index >= k->field_count || !unpack_value(&u, &k->fields[index], data))
            return false;
        last = index;
    }
    return !in->failed && (sealed || required_are_there(k, data));
}
