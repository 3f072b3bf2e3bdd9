/* From the words of a line to the JSON object that a program would send: values are typed through the catalogue, and what
 * does not fit travels as a text, so that the reader of JSON has something to refuse. */
#include "play.h"

#include "../events/ids.h"

#define COMMAND_BYTES_MAX 65536

static bool is_number(struct text t)
{
    uint32_t digits = 0;
    for (uint32_t i = 0; i < t.bytes; i++) {
        if (t.at[i] >= '0' && t.at[i] <= '9')
            digits++;
        else if (!(t.at[i] == '.' && digits) && !(t.at[i] == '-' && i == 0))
            return false;
    }
    return digits > 0 && t.at[t.bytes - 1] != '.';
}

static void put_list(struct json_out *out, struct text t)
{
    json_open_list(out);
    while (t.bytes) {
        const char *comma = memchr(t.at, ',', t.bytes);
        uint32_t n = comma ? (uint32_t)(comma - t.at) : t.bytes;
        json_text(out, (struct text){ t.at, n });
        t.at += n;
        t.bytes -= n;
        if (t.bytes)
            t.at++, t.bytes--;
    }
    json_close_list(out);
}

static void put_stream(struct play *p, struct json_out *out, struct text name)
{
    char id[ID_TEXT_BYTES];
    struct named *n = play_named(p, name);
    if (n)
        json_string(out, id_print(n->type, n->stream, id));
    else
        json_text(out, name);
}

static void put_event(struct play *p, struct json_out *out, struct text name)
{
    struct label *l = play_labelled(p, name);
    if (l)
        json_number(out, (int64_t)l->seq);
    else if (is_number(name))
        json_raw(out, name);
    else
        json_text(out, name);
}

static void put_flag(struct json_out *out, struct text t)
{
    if (text_is(t, "yes") || text_is(t, "no"))
        json_bool(out, text_is(t, "yes"));
    else
        json_text(out, t);
}

void play_put_value(struct play *p, struct json_out *out, const struct field *f, struct text value)
{
    enum field_type type = f ? f->type : TYPE_TEXT;
    if (type == TYPE_CODES)
        put_list(out, value);
    else if (type == TYPE_FLAG)
        put_flag(out, value);
    else if (type == TYPE_STREAM)
        put_stream(p, out, value);
    else if (type == TYPE_EVENT)
        put_event(p, out, value);
    else if ((type == TYPE_NUMBER || type == TYPE_HOURS) && is_number(value))
        json_raw(out, value);
    else
        json_text(out, value);
}

static const struct field *field_of(const struct kind *k, struct text key)
{
    for (unsigned i = 0; i < k->field_count; i++)
        if (text_is(key, k->fields[i].name))
            return &k->fields[i];
    return NULL;
}

static void put_field(struct play *p, struct json_out *out, const struct kind *k, const struct word *w)
{
    json_key_text(out, w->key);
    play_put_value(p, out, field_of(k, w->key), w->value);
}

/* ---- what is around the data ---- */
static void put_waiver(struct json_out *out, struct text t)
{
    const char *colon = memchr(t.at, ':', t.bytes);
    uint32_t n = colon ? (uint32_t)(colon - t.at) : t.bytes;
    json_open(out);
    json_key(out, "rule");
    json_text(out, (struct text){ t.at, n });
    json_key(out, "reason");
    json_text(out, colon ? (struct text){ colon + 1, t.bytes - n - 1 } : TEXT("motif"));
    json_close(out);
}

static void put_waivers(struct json_out *out, const struct line *l)
{
    if (!line_value(l, "waive").at)
        return;
    json_key(out, "waive");
    json_open_list(out);
    for (unsigned i = 0; i < l->count; i++)
        if (l->words[i].key.at && text_is(l->words[i].key, "waive"))
            put_waiver(out, l->words[i].value);
    json_close_list(out);
}

static const struct field numbers = { .name = "", .type = TYPE_NUMBER }, flags = { .name = "", .type = TYPE_FLAG },
                          events = { .name = "", .type = TYPE_EVENT }, streams = { .name = "", .type = TYPE_STREAM }, texts = { .name = "", .type = TYPE_TEXT };
static const struct {
    const char *key;
    const struct field *as;
} around[] = {
    { "on", &texts }, { "id", &texts }, { "after", &events }, { "expected_version", &numbers }, { "performed_by", &streams },
    { "imported", &flags }, { "accept_unfounded", &flags },
};

static bool is_around(struct text key, const struct field **ret)
{
    for (unsigned i = 0; i < sizeof(around) / sizeof(around[0]); i++)
        if (text_is(key, around[i].key)) {
            *ret = around[i].as;
            return true;
        }
    return text_is(key, "waive");
}

static void put_around(struct play *p, struct json_out *out, const struct line *l, unsigned first, unsigned end)
{
    const struct field *as = NULL;
    for (unsigned i = first; i < end; i++) {
        const struct word *w = &l->words[i];
        if (!w->key.at || !is_around(w->key, &as) || text_is(w->key, "waive"))
            continue;
        json_key_text(out, w->key);
        play_put_value(p, out, as, w->value);
    }
    put_waivers(out, l);
}

/* ---- corrections: what follows the word `to` is the new content ---- */
static void put_content(struct play *p, struct json_out *out, const struct line *l, unsigned from)
{
    char text[DAY_TEXT_BYTES];
    struct text on = { NULL, 0 };
    const struct label *of = play_labelled(p, line_value(l, "event"));
    json_key(out, "content");
    json_open(out);
    json_key(out, "data");
    json_open(out);
    for (unsigned i = from; i < l->count; i++) {
        if (l->words[i].key.at && text_is(l->words[i].key, "on"))
            on = l->words[i].value;
        else if (l->words[i].key.at && of)
            put_field(p, out, of->kind, &l->words[i]);
    }
    json_close(out);
    json_key(out, "on");
    json_text(out, on.at || !of ? on : text_of(day_print(of->on, text)));
    json_close(out);
}

static void put_data(struct play *p, struct json_out *out, const struct kind *k, const struct line *l, unsigned first, unsigned end)
{
    const struct field *as;
    json_key(out, "data");
    json_open(out);
    for (unsigned i = first; i < end; i++)
        if (l->words[i].key.at && !is_around(l->words[i].key, &as))
            put_field(p, out, k, &l->words[i]);
    if (end < l->count)
        put_content(p, out, l, end + 1);
    json_close(out);
}

static void put_target(struct play *p, struct json_out *out, const struct kind *k, const struct line *l, unsigned first)
{
    bool opens = k->states & IN(nobody);
    if (k->stream == STREAM_plie || first >= l->count || l->words[first].key.at)
        return;
    if (opens && !play_named(p, l->words[first].value))
        return;     /* somebody new, who is given this name once accepted */
    const struct named *who = play_named(p, l->words[first].value);
    json_key(out, stream_name(kind_of_any_stream(k) && who ? who->type : k->stream));
    put_stream(p, out, l->words[first].value);
}

/* `first` is the index of the word after the command's name. */
struct text play_command_json(struct play *p, const struct kind *k, const struct line *l, unsigned first)
{
    struct json_out out;
    unsigned end = first + (k->stream != STREAM_plie);      /* the target is no `to` */
    json_out_init(&out, COMMAND_BYTES_MAX);
    while (end < l->count && !(!l->words[end].key.at && text_is(l->words[end].value, "to")))
        end++;
    if (end > l->count)
        end = l->count;
    json_open(&out);
    json_key(&out, "command");
    json_string(&out, k->command);
    put_target(p, &out, k, l, first);
    put_around(p, &out, l, first, end);
    put_data(p, &out, k, l, first, end);
    json_close(&out);
    if (json_out_failed(&out))
        play_fail(p, "the command is too long");
    struct text text = arena_text(&p->scratch, out.at, json_out_failed(&out) ? 0 : out.bytes);
    json_out_free(&out);
    return text;
}
