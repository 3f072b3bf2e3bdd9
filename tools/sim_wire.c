/* Batches of commands as JSON Lines, and the reading of what comes back. Only the few top-level members that matter are
 * read, by a scan of the line: building a tree of each answer would cost more than the daemon takes to give it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim.h"

#define BATCH_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define TRIES 5                     /* a busy daemon (429, 503) is asked again; each command bears its id */
#define DAY_MS INT64_C(86400000)
#define OPENS_MS (7 * INT64_C(3600000))     /* 07:00 and 18:00 UTC are the same civil day in France */
#define CLOSES_MS (18 * INT64_C(3600000))
#define SECOND_MS 1000

bool wire_start(struct sim *s)
{
    json_out_init(&s->out, BATCH_BYTES_MAX);
    s->saying = calloc(s->settings.batch, sizeof(*s->saying));
    return s->saying != NULL;
}

void wire_free(struct sim *s)
{
    json_out_free(&s->out);
    free(s->saying);
}

/* The instant of recording: one second after another through the working day, never back. */
static void put_clock(struct sim *s)
{
    char text[INSTANT_TEXT_BYTES];
    int64_t opens = s->today * DAY_MS + OPENS_MS, closes = s->today * DAY_MS + CLOSES_MS;
    s->clock_ms = s->clock_ms < opens ? opens : s->clock_ms + SECOND_MS > closes ? closes : s->clock_ms + SECOND_MS;
    json_key(&s->out, "recorded");
    json_string(&s->out, instant_print(s->clock_ms, text));
}

static void put_id(struct sim *s)
{
    char text[64];
    snprintf(text, sizeof(text), "sim-%" PRIu64 "-%" PRIu64, s->settings.seed, ++s->said);
    json_key(&s->out, "id");
    json_string(&s->out, text);
}

void wire_open(struct sim *s, const char *command, enum stream of, const char *id, const struct saying *saying,
               const char *performed_by)
{
    static const char *const streams[] = { "participant", "referent", "session", "enterprise", "market", "action" };
    char day[DAY_TEXT_BYTES];
    s->saying[s->saying_count++] = *saying;
    json_open(&s->out);
    json_key(&s->out, "command");
    json_string(&s->out, command);
    if (of != OF_NEW) {
        json_key(&s->out, streams[of]);
        json_string(&s->out, id);
    }
    json_key(&s->out, "on");
    json_string(&s->out, day_print(saying->on, day));
    put_id(s);
    put_clock(s);
    if (performed_by) {
        json_key(&s->out, "performed_by");
        json_string(&s->out, performed_by);
    }
    json_key(&s->out, "data");
    json_open(&s->out);
}

void wire_close(struct sim *s)
{
    json_close(&s->out);
    json_close(&s->out);
    json_line(&s->out);
}

void say_word(struct sim *s, const char *key, const char *word)
{
    json_key(&s->out, key);
    json_string(&s->out, word);
}

void say_text(struct sim *s, const char *key, struct text t)
{
    json_key(&s->out, key);
    json_text(&s->out, t);
}

void say_flag(struct sim *s, const char *key, bool flag)
{
    json_key(&s->out, key);
    json_bool(&s->out, flag);
}

void say_number(struct sim *s, const char *key, int64_t n)
{
    json_key(&s->out, key);
    json_number(&s->out, n);
}

void say_day(struct sim *s, const char *key, int32_t day)
{
    json_key(&s->out, key);
    json_day(&s->out, day);
}

void say_words(struct sim *s, const char *key, const char *const *words, unsigned count)
{
    json_key(&s->out, key);
    json_open_list(&s->out);
    for (unsigned i = 0; i < count; i++)
        json_string(&s->out, words[i]);
    json_close_list(&s->out);
}

bool wire_full(const struct sim *s)
{
    return s->saying_count == s->settings.batch;
}

/* ---- reading ---- */
static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        if (*at == '\\')
            at++;
    return at < end ? at + 1 : end;
}

static const char *skip_value(const char *at, const char *end)
{
    int depth = 0;
    while (at < end) {
        if (*at == '"') {
            at = skip_string(at, end);
        } else {
            if (depth == 0 && (*at == ',' || *at == '}'))
                return at;
            depth += *at == '{' || *at == '[';
            depth -= *at == '}' || *at == ']';
            at++;
        }
        if (depth == 0 && (at == end || *at == ',' || *at == '}'))
            return at;
    }
    return end;
}

static int64_t whole(struct text t)
{
    int64_t n = 0;
    for (uint32_t i = 0; i < t.bytes; i++)
        if (t.at[i] >= '0' && t.at[i] <= '9')
            n = n * 10 + (t.at[i] - '0');
    return n;
}

static struct text inside(struct text t)
{
    return t.bytes >= 2 && t.at[0] == '"' ? (struct text){ t.at + 1, t.bytes - 2 } : t;
}

static void take_member(struct answer *a, struct text key, struct text value)
{
    if (text_is(key, "status"))
        a->status = whole(value);
    else if (text_is(key, "seq"))
        a->seq = (uint64_t)whole(value);
    else if (text_is(key, "version"))
        a->version = (uint64_t)whole(value);
    else if (text_is(key, "state"))
        a->state = inside(value);
    else if (text_is(key, "rule"))
        a->rule = inside(value);
    else if (text_is(key, "code"))
        a->code = inside(value);
    else if (text_is(key, "why") || (text_is(key, "title") && !a->why.at) || text_is(key, "errors"))
        a->why = inside(value);
    else if (text_is(key, "participant") || text_is(key, "referent") || text_is(key, "session") || text_is(key, "operation") ||
             text_is(key, "enterprise") || text_is(key, "market") || text_is(key, "action"))
        a->id = inside(value);
}

bool answer_read(struct text line, struct answer *ret)
{
    const char *at = line.at, *end = line.at + line.bytes;
    *ret = (struct answer){ 0 };
    if (at == end || *at != '{')
        return false;
    for (at++; at < end && *at != '}'; at += at < end && *at == ',') {
        if (*at != '"')
            return false;
        const char *key = at;
        at = skip_string(at, end);
        struct text name = { key + 1, (uint32_t)(at - key) - 2 };
        if (at == end || *at != ':')
            return false;
        const char *value = ++at;
        at = skip_value(at, end);
        take_member(ret, name, (struct text){ value, (uint32_t)(at - value) });
    }
    return ret->status != 0;
}

/* ---- sending ---- */
static bool post(struct sim *s, struct client_answer *ret)
{
    struct text body = { s->out.at, (uint32_t)s->out.bytes };
    for (int i = 1;; i++) {
        bool came = client_post(s->client, "/v1/commands", "application/x-ndjson", body, ret);
        if (came && ret->status != 429 && ret->status != 503)
            return true;
        if (i == TRIES) {
            fprintf(stderr, "parcours-sim: %s\n", came ? "the daemon stays busy" : client_error(s->client));
            return false;
        }
        nanosleep(&(struct timespec){ i, 0 }, NULL);
    }
}

static bool settle(struct sim *s, struct text *rest, const struct saying *saying)
{
    const char *newline = rest->bytes ? memchr(rest->at, '\n', rest->bytes) : NULL;
    uint32_t bytes = newline ? (uint32_t)(newline - rest->at) : rest->bytes;
    struct answer answer;
    if (!answer_read((struct text){ rest->at, bytes }, &answer))
        return false;
    if (answer.seq > s->last_seq)
        s->last_seq = answer.seq;
    uint32_t taken = newline ? bytes + 1 : bytes;
    *rest = (struct text){ rest->at + taken, rest->bytes - taken };
    if (saying->person == NOBODY)
        settle_organisation(s, saying, &answer);
    else
        settle_person(s, saying, &answer);
    return true;
}

bool wire_send(struct sim *s)
{
    struct client_answer came;
    if (s->saying_count == 0)
        return true;
    if (json_out_failed(&s->out) || !post(s, &came))
        return false;
    struct text rest = came.body;
    bool sound = came.status == 200;
    for (uint32_t i = 0; sound && i < s->saying_count; i++)
        sound = settle(s, &rest, &s->saying[i]);
    if (!sound)
        fprintf(stderr, "parcours-sim: the daemon answered %ld: %.*s\n", came.status,
                (int)(came.body.bytes < 400 ? came.body.bytes : 400), came.body.at);
    s->saying_count = 0;
    s->batches++;
    json_out_reset(&s->out);
    return sound;
}
