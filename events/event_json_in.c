/* The data of an event, from JSON: one small function a field type, in a table. Nothing here knows a kind. */
#include "event.h"

#include <inttypes.h>
#include <stdio.h>

#include "checks.h"
#include "days.h"
#include "ids.h"

#define POINTER_BYTES sizeof(((struct problem *)0)->pointer)

struct reading {
    struct arena *arena;
    const struct kind *content_kind;
    const char *pointer;            /* of the object that holds the field */
    const struct field *field;
    struct problems *problems;
};

static bool refuse(const struct reading *r, const char *why)
{
    problem_add(r->problems, why, "%s/%s", r->pointer, r->field->name);
    return false;
}

/* ---- numbers ---- */

/* Canonical decimal only: "007", "+7" and "-0" would make two texts of one number. */
static bool parse_long(struct text t, int64_t *ret)
{
    bool negative = t.bytes > 0 && t.at[0] == '-';
    int64_t n = 0;
    for (uint32_t i = negative; i < t.bytes; i++) {
        if (t.at[i] < '0' || t.at[i] > '9' || (t.at[i] == '0' && i == (uint32_t)negative))
            return false;
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, t.at[i] - '0', &n))
            return false;
    }
    *ret = negative ? -n : n;
    return n > SAFE_WHOLE;
}

static bool parse_whole(const struct json *j, int64_t *ret)
{
    if (j->type == JSON_STRING)
        return parse_long(j->string, ret);
    *ret = j->hundredths / 100;
    return j->type == JSON_NUMBER && j->whole;
}

static bool read_number(const struct reading *r, const struct json *j, void *data)
{
    const struct field *f = r->field;
    int64_t n;
    if (!parse_whole(j, &n) || n < f->min || n > f->max)
        return refuse(r, arena_print(r->arena, "a whole number from %" PRId64 " to %" PRId64 " is expected", f->min, f->max).at);
    *field_number(f, data) = n;
    return true;
}

static bool read_event(const struct reading *r, const struct json *j, void *data)
{
    int64_t n;
    if (j->type == JSON_STRING && j->string.bytes && j->string.at[0] == '=')
        n = EVENT_BY_KEY;
    else if (!parse_whole(j, &n) || n < 1)
        return refuse(r, "the number of an event is expected");
    *field_number(r->field, data) = n;
    return true;
}

static bool read_hours(const struct reading *r, const struct json *j, void *data)
{
    const struct field *f = r->field;
    if (j->type != JSON_NUMBER || j->hundredths < f->min || j->hundredths > f->max)
        return refuse(r, arena_print(r->arena, "hours from %" PRId64 " to %" PRId64 " are expected, with two decimals at most",
                                     f->min / 100, f->max / 100).at);
    *field_number(f, data) = j->hundredths;
    return true;
}

static bool read_flag(const struct reading *r, const struct json *j, void *data)
{
    if (j->type != JSON_BOOL)
        return refuse(r, "true or false is expected");
    *field_number(r->field, data) = j->truth;
    return true;
}

/* ---- words ---- */

static bool read_code(const struct reading *r, const struct json *j, void *data)
{
    int64_t word = j->type == JSON_STRING ? word_numbered(r->field->of, j->string) : ABSENT;
    if (word == ABSENT)
        return refuse(r, "a word of the field's list is expected");
    *field_number(r->field, data) = word;
    return true;
}

static bool read_codes(const struct reading *r, const struct json *j, void *data)
{
    if (j->type != JSON_ARRAY)
        return refuse(r, "a list of words is expected");
    int64_t set = 0;
    for (const struct json *one = j->first; one; one = one->next) {
        int64_t word = one->type == JSON_STRING ? word_numbered(r->field->of, one->string) : ABSENT;
        if (word == ABSENT)
            return refuse(r, "one of these is not a word of the field's list");
        if (set >> word & 1)
            return refuse(r, "a word is there twice");
        set |= INT64_C(1) << word;
    }
    *field_number(r->field, data) = set;
    return true;
}

/* ---- days, streams ---- */

static bool read_day(const struct reading *r, const struct json *j, void *data)
{
    int32_t day;
    if (j->type != JSON_STRING || !day_parse(j->string, &day))
        return refuse(r, "a day is expected, as YYYY-MM-DD");
    *field_number(r->field, data) = day;
    return true;
}

static bool read_month(const struct reading *r, const struct json *j, void *data)
{
    int32_t month;
    if (j->type != JSON_STRING || !month_parse(j->string, &month))
        return refuse(r, "a month is expected, as YYYY-MM");
    *field_number(r->field, data) = month;
    return true;
}

static bool read_stream(const struct reading *r, const struct json *j, void *data)
{
    enum stream_type type;
    uint64_t stream;
    if (j->type != JSON_STRING || !id_parse(j->string, &type, &stream) || type != r->field->of)
        return refuse(r, arena_print(r->arena, "the id of a stream is expected, of type %s", stream_name(r->field->of)).at);
    *field_number(r->field, data) = (int64_t)stream;
    return true;
}

/* ---- texts ---- */

static bool take_string(const struct reading *r, const struct json *j)
{
    if (j->type != JSON_STRING)
        return refuse(r, "a text is expected");
    if (j->string.bytes == 0)
        return refuse(r, "an empty text: leave it out instead");
    if (j->string.bytes > (uint64_t)r->field->max)
        return refuse(r, arena_print(r->arena, "a text of at most %" PRId64 " bytes is expected", r->field->max).at);
    return true;
}

static bool read_text(const struct reading *r, const struct json *j, void *data)
{
    if (!take_string(r, j))
        return false;
    if (!text_is_plain(j->string))
        return refuse(r, "control characters other than new line and tab are refused");
    *field_text(r->field, data) = j->string;
    return true;
}

static bool read_slug(const struct reading *r, const struct json *j, void *data)
{
    if (!take_string(r, j))
        return false;
    if (!text_is_slug(j->string))
        return refuse(r, "letters, digits, and . / _ - after the first, are expected");
    *field_text(r->field, data) = j->string;
    return true;
}

static bool read_checked(const struct reading *r, const struct json *j, void *data)
{
    const char *why;
    if (!take_string(r, j))
        return false;
    if (!check_text(r->field->check, j->string, &why))
        return refuse(r, why);
    *field_text(r->field, data) = j->string;
    return true;
}

/* ---- the content of a correction ---- */

/* A key is told back only when it is plain: whoever typed a name into the wrong place must not read it in a log. */
static bool refuse_key(const struct reading *r, const char *pointer, struct text key)
{
    bool plain = key.bytes >= 1 && key.bytes <= 40;
    for (uint32_t i = 0; plain && i < key.bytes; i++)
        plain = (key.at[i] >= 'a' && key.at[i] <= 'z') || (key.at[i] >= '0' && key.at[i] <= '9') || key.at[i] == '_';
    if (plain)
        problem_add(r->problems, "unknown field", "%s/%.*s", pointer, TEXT_ARGS(key));
    else
        problem_add(r->problems, "unknown field", "%s", pointer);
    return false;
}

static bool read_content_day(const struct reading *r, const char *pointer, const struct json *j, int32_t *ret)
{
    if (j && j->type == JSON_STRING && day_parse(j->string, ret))
        return true;
    problem_add(r->problems, "a day is expected, as YYYY-MM-DD", "%s/on", pointer);
    return false;
}

static bool read_content_keys(const struct reading *r, const char *pointer, const struct json *j)
{
    bool ok = true;
    for (const struct json *one = j->first; one; one = one->next) {
        if (text_is(one->key, "kind")) {
            /* Told, because what was written can then be read back; but a correction changes no kind. */
            bool same = one->type == JSON_NULL || (one->type == JSON_STRING && text_is(one->string, r->content_kind->name));
            if (!same)
                problem_add(r->problems, "not the kind of the corrected event", "%s/kind", pointer);
            ok &= same;
        } else if (!text_is(one->key, "on") && !text_is(one->key, "data")) {
            ok = refuse_key(r, pointer, one->key);
        }
    }
    return ok;
}

static bool read_content(const struct reading *r, const struct json *j, void *data)
{
    if (r->content_kind == NULL)
        return refuse(r, "the corrected event must exist");
    if (kind_has_content(r->content_kind))
        return refuse(r, "a correction is not corrected: void it");
    if (j->type != JSON_OBJECT)
        return refuse(r, "an object with `on` and `data` is expected");
    char pointer[POINTER_BYTES], below[POINTER_BYTES + 8];
    snprintf(pointer, sizeof pointer, "%s/%s", r->pointer, r->field->name);
    snprintf(below, sizeof below, "%s/data", pointer);
    struct content *c = arena_take(r->arena, sizeof *c);
    c->kind = r->content_kind;
    c->data = arena_take(r->arena, c->kind->data_bytes);
    bool ok = read_content_keys(r, pointer, j);
    ok &= read_content_day(r, pointer, json_get(j, "on"), &c->on);
    ok &= data_from_json(r->arena, c->kind, NULL, json_get(j, "data"), below, c->data, r->problems);
    *field_content(r->field, data) = c;
    return ok;
}

typedef bool read_fn(const struct reading *, const struct json *, void *data);

static read_fn *const readers[] = {
    [TYPE_CODE] = read_code, [TYPE_CODES] = read_codes, [TYPE_FLAG] = read_flag, [TYPE_DAY] = read_day, [TYPE_MONTH] = read_month,
    [TYPE_NUMBER] = read_number, [TYPE_HOURS] = read_hours, [TYPE_STREAM] = read_stream, [TYPE_EVENT] = read_event,
    [TYPE_TEXT] = read_text, [TYPE_SLUG] = read_slug, [TYPE_CHECKED] = read_checked, [TYPE_CONTENT] = read_content,
};

/* ---- the object ---- */

static bool is_named(const struct field *f, struct text key)
{
    return strncmp(f->name, key.at, key.bytes) == 0 && f->name[key.bytes] == '\0';
}

/* From `hint` on and round, because fields mostly come in the row's order. field_count when there is none. */
static unsigned find_field(const struct kind *k, struct text key, unsigned hint)
{
    for (unsigned i = 0; i < k->field_count; i++) {
        unsigned at = hint + i < k->field_count ? hint + i : hint + i - k->field_count;
        if (is_named(&k->fields[at], key))
            return at;
    }
    return k->field_count;
}

static bool add_missing(struct reading *r, const struct kind *k, uint32_t given)
{
    bool ok = true;
    for (unsigned i = 0; i < k->field_count; i++) {
        r->field = &k->fields[i];
        if (r->field->presence == REQUIRED && !(given >> i & 1))
            ok = refuse(r, "this field is required");
    }
    return ok;
}

bool data_from_json(struct arena *arena, const struct kind *k, const struct kind *content_kind, const struct json *json,
                    const char *pointer, void *ret_data, struct problems *problems)
{
    struct reading r = { arena, content_kind, pointer, NULL, problems };
    uint32_t given = 0;
    unsigned at = k->field_count;
    bool ok = true;
    data_clear(k, ret_data);
    if (json && json->type != JSON_OBJECT && json->type != JSON_NULL) {
        problem_add(problems, "an object is expected", "%s", pointer);
        return false;
    }
    for (const struct json *j = json ? json->first : NULL; j; j = j->next) {
        at = find_field(k, j->key, at + 1 < k->field_count ? at + 1 : 0);
        if (at == k->field_count) {
            ok = refuse_key(&r, pointer, j->key);
        } else if (j->type != JSON_NULL) {
            r.field = &k->fields[at];
            given |= UINT32_C(1) << at;
            ok &= r.field->presence > OPTIONAL ? refuse(&r, r.field->presence == FILL_secret ? "made by the daemon: it cannot be given" : "copied from another record: it cannot be given")
                                               : readers[r.field->type](&r, j, ret_data);
        }
    }
    return add_missing(&r, k, given) && ok;
}
