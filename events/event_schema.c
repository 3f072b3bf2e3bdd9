/* JSON Schema of what a command's `data` may hold, one small function a field type. It tells what a form needs; what it
 * cannot tell (keys of codes, existence of events and streams, rules) is judged when the command comes. */
#include "event.h"

#include <stdio.h>

#include "checks.h"

#define DAY_PATTERN "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
#define MONTH_PATTERN "^[0-9]{4}-(0[1-9]|1[0-2])$"

static void put_string(struct json_out *out, const char *key, const char *value)
{
    json_key(out, key);
    json_string(out, value);
}

static void put_number(struct json_out *out, const char *key, int64_t value)
{
    json_key(out, key);
    json_number(out, value);
}

static void put_words(struct json_out *out, unsigned vocabulary)
{
    put_string(out, "type", "string");
    json_key(out, "enum");
    json_open_list(out);
    for (unsigned word = 0; word < vocabulary_count(vocabulary); word++)
        json_string(out, word_name(vocabulary, word));
    json_close_list(out);
}

static void put_code(struct json_out *out, const struct field *f)
{
    put_words(out, f->of);
}

static void put_codes(struct json_out *out, const struct field *f)
{
    put_string(out, "type", "array");
    json_key(out, "uniqueItems");
    json_bool(out, true);
    json_key(out, "items");
    json_open(out);
    put_words(out, f->of);
    json_close(out);
}

static void put_flag(struct json_out *out, const struct field *f)
{
    (void)f;
    put_string(out, "type", "boolean");
}

static void put_day(struct json_out *out, const struct field *f)
{
    (void)f;
    put_string(out, "type", "string");
    put_string(out, "format", "date");
    put_string(out, "pattern", DAY_PATTERN);
}

static void put_month(struct json_out *out, const struct field *f)
{
    (void)f;
    put_string(out, "type", "string");
    put_string(out, "pattern", MONTH_PATTERN);
}

static void put_whole(struct json_out *out, const struct field *f)
{
    put_string(out, "type", "integer");
    put_number(out, "minimum", f->min);
    put_number(out, "maximum", f->max);
}

static void put_hours(struct json_out *out, const struct field *f)
{
    put_string(out, "type", "number");
    json_key(out, "minimum");
    json_hundredths(out, f->min);
    json_key(out, "maximum");
    json_hundredths(out, f->max);
    json_key(out, "multipleOf");
    json_hundredths(out, 1);
}

static void put_stream(struct json_out *out, const struct field *f)
{
    char pattern[48];
    snprintf(pattern, sizeof pattern, f->of == STREAM_plie ? "^%s$" : "^%s_[0-9a-hjkmnp-tv-z]{8}$", stream_prefix(f->of));
    put_string(out, "type", "string");
    put_string(out, "pattern", pattern);
}

static void put_event(struct json_out *out, const struct field *f)
{
    (void)f;
    put_string(out, "type", "integer");
    put_number(out, "minimum", 1);
}

/* A schema counts characters, a row counts bytes: what passes the row passes this, and the row has the last word. */
static void put_text(struct json_out *out, const struct field *f)
{
    put_string(out, "type", "string");
    put_number(out, "minLength", 1);
    put_number(out, "maxLength", f->max);
}

static void put_slug(struct json_out *out, const struct field *f)
{
    (void)f;
    put_string(out, "type", "string");
    put_string(out, "pattern", SLUG_PATTERN);
}

static void put_checked(struct json_out *out, const struct field *f)
{
    put_text(out, f);
    if (check_pattern(f->check))
        put_string(out, "pattern", check_pattern(f->check));
}

static void put_content(struct json_out *out, const struct field *f)
{
    (void)f;
    put_string(out, "type", "object");
    json_key(out, "properties");
    json_open(out);
    json_key(out, "kind");
    json_open(out);
    put_string(out, "type", "string");
    json_close(out);
    json_key(out, "on");
    json_open(out);
    put_day(out, f);
    json_close(out);
    json_key(out, "data");
    json_open(out);
    put_string(out, "type", "object");
    json_close(out);
    json_close(out);
    json_key(out, "required");
    json_open_list(out);
    json_string(out, "on");
    json_close_list(out);
    json_key(out, "additionalProperties");
    json_bool(out, false);
}

static void (*const types[])(struct json_out *, const struct field *) = {
    [TYPE_CODE] = put_code, [TYPE_CODES] = put_codes, [TYPE_FLAG] = put_flag, [TYPE_DAY] = put_day, [TYPE_MONTH] = put_month,
    [TYPE_NUMBER] = put_whole, [TYPE_HOURS] = put_hours, [TYPE_STREAM] = put_stream, [TYPE_EVENT] = put_event,
    [TYPE_TEXT] = put_text, [TYPE_SLUG] = put_slug, [TYPE_CHECKED] = put_checked, [TYPE_CONTENT] = put_content,
};

static void put_properties(struct json_out *out, const struct kind *k, bool french)
{
    json_key(out, "properties");
    json_open(out);
    for (unsigned i = 0; i < k->field_count; i++) {
        const struct field *f = &k->fields[i];
        if (f->presence > OPTIONAL)
            continue;   /* filled from another record: no part of the command */
        json_key(out, f->name);
        json_open(out);
        put_string(out, "title", french ? f->fr : f->en);
        types[f->type](out, f);
        json_close(out);
    }
    json_close(out);
}

static void put_required(struct json_out *out, const struct kind *k)
{
    json_key(out, "required");
    json_open_list(out);
    for (unsigned i = 0; i < k->field_count; i++)
        if (k->fields[i].presence == REQUIRED)
            json_string(out, k->fields[i].name);
    json_close_list(out);
}

void kind_to_schema(struct json_out *out, const struct kind *k, bool french)
{
    json_open(out);
    put_string(out, "$schema", "https://json-schema.org/draft/2020-12/schema");
    put_string(out, "title", french ? k->fr : k->en);
    put_string(out, "type", "object");
    put_properties(out, k, french);
    put_required(out, k);
    json_key(out, "additionalProperties");
    json_bool(out, false);
    json_close(out);
}
