/* The data of an event, to JSON: one small function a field type, in a table. Nothing here knows a kind. */
#include "event.h"

#include <inttypes.h>
#include <stdio.h>

#include "days.h"
#include "ids.h"

typedef void write_fn(struct json_out *, const struct field *, void *data);

static void write_number(struct json_out *out, const struct field *f, void *data)
{
    int64_t n = *field_number(f, data);
    char digits[24];
    if (n >= -SAFE_WHOLE && n <= SAFE_WHOLE) {
        json_number(out, n);
    } else {
        snprintf(digits, sizeof digits, "%" PRId64, n);
        json_string(out, digits);
    }
}

static void write_hours(struct json_out *out, const struct field *f, void *data)
{
    json_hundredths(out, *field_number(f, data));
}

static void write_flag(struct json_out *out, const struct field *f, void *data)
{
    json_bool(out, *field_number(f, data) != 0);
}

static void write_code(struct json_out *out, const struct field *f, void *data)
{
    json_string(out, word_name(f->of, *field_number(f, data)));
}

static void write_codes(struct json_out *out, const struct field *f, void *data)
{
    int64_t set = *field_number(f, data);
    json_open_list(out);
    for (unsigned word = 0; word < vocabulary_count(f->of); word++)
        if (set >> word & 1)
            json_string(out, word_name(f->of, word));
    json_close_list(out);
}

static void write_day(struct json_out *out, const struct field *f, void *data)
{
    json_day(out, (int32_t)*field_number(f, data));
}

static void write_month(struct json_out *out, const struct field *f, void *data)
{
    char text[DAY_TEXT_BYTES];
    json_string(out, month_print((int32_t)*field_number(f, data), text));
}

static void write_stream(struct json_out *out, const struct field *f, void *data)
{
    char text[ID_TEXT_BYTES];
    json_string(out, id_print(f->of, (uint64_t)*field_number(f, data), text));
}

static void write_text(struct json_out *out, const struct field *f, void *data)
{
    json_text(out, *field_text(f, data));
}

/* Alone in having parts of both protections. */
static void write_content(struct json_out *out, const struct content *c, bool sealed)
{
    json_open(out);
    json_key(out, "kind");
    json_string(out, c->kind->name);
    json_key(out, "on");
    json_day(out, c->on);
    json_key(out, "data");
    data_to_json(out, c->kind, c->data, sealed);
    json_close(out);
}

static write_fn *const writers[] = {
    [TYPE_CODE] = write_code, [TYPE_CODES] = write_codes, [TYPE_FLAG] = write_flag, [TYPE_DAY] = write_day,
    [TYPE_MONTH] = write_month, [TYPE_NUMBER] = write_number, [TYPE_HOURS] = write_hours, [TYPE_STREAM] = write_stream,
    [TYPE_EVENT] = write_number, [TYPE_TEXT] = write_text, [TYPE_SLUG] = write_text, [TYPE_CHECKED] = write_text,
};

static void write_coarse(struct json_out *out, const struct field *f, int64_t coarse)
{
    char text[64];
    snprintf(text, sizeof text, "%s_coarse", f->name);
    json_key(out, text);
    if (f->coarse == COARSE_birth)
        json_string(out, month_print((int32_t)coarse, text));
    else if (f->coarse == COARSE_territory)
        json_bool(out, coarse != 0);
    else
        json_string(out, word_name(VOCABULARY_yes_no, coarse));
}

void data_to_json(struct json_out *out, const struct kind *k, const void *data, bool sealed)
{
    void *at = (void *)(uintptr_t)data;     /* the accessors serve writers too; nothing is written here */
    json_open(out);
    for (unsigned i = 0; i < k->field_count; i++) {
        const struct field *f = &k->fields[i];
        if ((sealed || f->protection == CLEAR) && !field_absent(f, data)) {
            json_key(out, f->name);
            if (f->type == TYPE_CONTENT)
                write_content(out, *field_content(f, at), sealed);
            else
                writers[f->type](out, f, at);
        }
        if (f->protection == COARSE && *field_coarse(f, at) != ABSENT)
            write_coarse(out, f, *field_coarse(f, at));
    }
    json_close(out);
}
