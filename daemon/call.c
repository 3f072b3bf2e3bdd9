/* What answer functions ask of their call: a look at the stores, parameters, folds. */
#include "call.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../events/failure.h"
#include "../events/ids.h"
#include "../projections/adoptions.h"
#include "routes.h"
#include "workers.h"

#define PARAMETER_BYTES_MAX 256

/* ---- looking ---- */
static bool look(struct call *c, struct position *ret)
{
    int f;
    /* The views first: whatever they reflect is in a log looked at later. */
    c->held = desk_views_hold(c->service->desk);
    c->views = store_read_begin(views_store(c->held), &f);
    c->log = c->views ? store_read_begin(log_store(desk_log(c->service->desk)), &f) : NULL;
    if (c->log && views_position(c->views, ret))
        return true;
    failure_forget();
    call_refuse(c, REFUSED_busy, NULL, NULL);
    return false;
}

bool call_look(struct call *c)
{
    if (c->log)
        return true;
    if (!look(c, &c->position))
        return false;
    c->books = adoptions_until(c->arena, desk_rulebooks(c->service->desk), c->position.seq);     /* one may be about to be adopted */
    c->rows_behind = views_rulebook(c->views) < adoptions_last(c->books);
    return true;
}

void call_look_end(struct call *c)
{
    if (c->log)
        store_read_end(c->log);
    if (c->views)
        store_read_end(c->views);
    if (c->held)
        views_let_go(c->held);
    c->log = c->views = NULL;
    c->held = NULL;
}

bool call_go_on(struct call *c)
{
    struct position later;
    if (!c->task)
        return true;
    if (task_cancelled(c->task)) {
        call_refuse(c, REFUSED_busy, "nobody waits for this answer any more", NULL);
        return false;
    }
    if (!c->log)
        return true;
    call_look_end(c);
    return look(c, &later);
}

const char *call_look_headers(const struct call *c, char out[LOOK_HEADERS_BYTES])
{
    out[0] = 0;
    if (!c->log)
        return out;
    int n = snprintf(out, LOOK_HEADERS_BYTES, "Parcours-Position: %llu\r\nCache-Control: private, no-cache\r\n", (unsigned long long)c->position.seq);
    if (c->rows_behind)
        snprintf(out + n, LOOK_HEADERS_BYTES - (size_t)n, "Parcours-Rulebook-Pending: %llu\r\n", (unsigned long long)adoptions_last(c->books));
    return out;
}

bool call_etag(const struct call *c, struct hash h, char out[ETAG_BYTES])
{
    const struct text *known = http_header(c->request, "if-none-match");
    snprintf(out, ETAG_BYTES, "\"%02x%02x%02x%02x%02x%02x%02x%02x\"", h.at[0], h.at[1], h.at[2], h.at[3], h.at[4], h.at[5], h.at[6], h.at[7]);
    return known && text_is(*known, out);
}

void call_send(struct call *c, int status, const char *headers, const char *content_type, const void *body, size_t body_bytes)
{
    c->answered = true;
    if (c->task)
        task_keep(c->task, status, headers, content_type, body, body_bytes);
    else if (c->exchange)       /* own_call.h: nobody asked */
        http_answer(c->exchange, status, headers, content_type, body, body_bytes);
}

struct text call_last_part(const struct call *c)
{
    struct text path = c->request->path;
    uint32_t first = path.bytes;
    while (first && path.at[first - 1] != '/')
        first--;
    return (struct text){ path.at + first, path.bytes - first };
}

void call_send_file(struct call *c, int status, const char *headers, const char *content_type, const void *head, size_t head_bytes, int fd, uint64_t bytes)
{
    assert(c->task);
    c->answered = true;
    task_keep_file(c->task, status, headers, content_type, head, head_bytes, fd, bytes);
}

/* ---- parameters ---- */
enum parameter { PARAMETER_ABSENT, PARAMETER_THERE, PARAMETER_WRONG };

static void refuse_as(struct call *c, enum refusal refusal, const char *key, const char *why)
{
    struct problems problems = { .count = 0 };
    problem_add(&problems, why, "?%s", key);
    call_refuse(c, refusal, NULL, &problems);
}

bool call_refuse_parameter(struct call *c, const char *key, const char *why)
{
    refuse_as(c, REFUSED_malformed, key, why);
    return false;
}

static enum parameter read(struct call *c, const char *name, char out[PARAMETER_BYTES_MAX], struct text *ret)
{
    assert(query_key_known(c, name));       /* its row in routes.def has it */
    int n = http_query(c->request->query, name, out, PARAMETER_BYTES_MAX);
    if (n == HTTP_ABSENT)
        return PARAMETER_ABSENT;
    if (n >= 0) {
        *ret = (struct text){ out, (uint32_t)n };
        return PARAMETER_THERE;
    }
    call_refuse_parameter(c, name, "too long");
    return PARAMETER_WRONG;
}

/* The value once read, or a return from the caller. */
#define READ_OR_RETURN(c, name) \
    char buffer[PARAMETER_BYTES_MAX]; \
    struct text t; \
    enum parameter there = read(c, name, buffer, &t); \
    if (there != PARAMETER_THERE) \
        return there == PARAMETER_ABSENT

bool call_day(struct call *c, const char *name, int32_t *ret)
{
    READ_OR_RETURN(c, name);
    if (day_parse(t, ret))
        return true;
    return call_refuse_parameter(c, name, "there is no such day (YYYY-MM-DD)");
}

bool call_instant(struct call *c, const char *name, int64_t *ret_ms)
{
    READ_OR_RETURN(c, name);
    if (instant_parse(t, ret_ms))
        return true;
    return call_refuse_parameter(c, name, "an instant is written in RFC 3339, 2026-01-31T09:15:02Z");
}

bool call_number(struct call *c, const char *name, int64_t min, int64_t max, int64_t *ret)
{
    int64_t n = 0;
    READ_OR_RETURN(c, name);
    bool digits = t.bytes >= 1 && t.bytes <= 18;
    for (uint32_t i = 0; digits && i < t.bytes; i++) {
        digits = t.at[i] >= '0' && t.at[i] <= '9';
        n = n * 10 + (t.at[i] - '0');
    }
    if (!digits || n < min || n > max)
        return call_refuse_parameter(c, name, arena_print(c->arena, "a whole number from %" PRId64 " to %" PRId64 " is expected", min, max).at);
    *ret = n;
    return true;
}

bool call_text(struct call *c, const char *name, struct text *ret)
{
    READ_OR_RETURN(c, name);
    *ret = arena_text(c->arena, t.at, t.bytes);
    return true;
}

bool call_cursor(struct call *c, const char *name, enum stream_type type, uint64_t *ret)
{
    enum stream_type named;
    READ_OR_RETURN(c, name);
    return (id_parse(t, &named, ret) && named == type) || call_refuse_parameter(c, name, "not a cursor that was given");
}

bool call_has_stream(struct call *c, enum stream_type type, uint64_t stream)
{
    uint8_t key[9] = { (uint8_t)type };
    struct text value;
    store_key_u64(key + 1, stream);
    return store_get(c->views, TABLE_STREAMS, (struct text){ (const char *)key, sizeof(key) }, &value);
}

bool call_stream(struct call *c, const char *name, enum stream_type type, uint64_t *ret)
{
    enum stream_type named;
    READ_OR_RETURN(c, name);
    if (!call_look(c))
        return false;
    if (id_parse(t, &named, ret) && named == type && call_has_stream(c, type, *ret))
        return true;
    refuse_as(c, REFUSED_unknown, name, "there is nobody of that id");
    return false;
}

bool call_rule(struct call *c, const char *name, int *ret_rule)
{
    READ_OR_RETURN(c, name);
    *ret_rule = rule_named(t);
    if (*ret_rule >= 0)
        return true;
    return call_refuse_parameter(c, name, "there is no such rule: GET /v1/rulebooks lists them");
}

/* ---- what was known ---- */

/* The last seq recorded by an instant: instants never decrease along the log. */
static uint64_t seq_at(struct call *c, int64_t known_at)
{
    uint64_t low = 0, high = c->position.seq;
    while (low < high) {
        uint64_t middle = high - (high - low) / 2;
        struct text record;
        struct record_header h;
        if (log_record(c->log, middle, &record) && record_header(record, &h) && h.recorded_ms <= known_at)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

void call_know(struct call *c, int64_t known_at)
{
    if (known_at == INT64_MAX)
        return;
    struct rulebooks *known = ARENA_ARRAY(c->arena, struct rulebooks, 1);
    rulebooks_until(c->books, seq_at(c, known_at), known);
    c->books = known;
}

/* ---- folds ---- */
#define LOCATION_BYTES_MAX 2048     /* of a target, which is a part of a head */

/* A duplicate that was merged: the same question of the file that stays; that file, when the question named the duplicate elsewhere than in its path. */
static void send_elsewhere(struct call *c, const struct parcours *p)
{
    static const char before[] = "/v1/participants/";
    char headers[LOCATION_BYTES_MAX + 64], into[ID_TEXT_BYTES], looked[LOOK_HEADERS_BYTES];
    struct text path = c->request->path, query = c->request->query;
    bool in_path = path.bytes > sizeof(before) && memcmp(path.at, before, sizeof(before) - 1) == 0;
    const char *rest = in_path ? memchr(path.at + sizeof(before) - 1, '/', path.bytes - sizeof(before) + 1) : NULL;
    struct text after = { rest, rest ? (uint32_t)(path.at + path.bytes - rest) : 0 };
    id_print(STREAM_participant, (uint64_t)p->merged_into, into);
    snprintf(headers, sizeof(headers), "%sLocation: %s%s%.*s%s%.*s\r\n", call_look_headers(c, looked), before, into, TEXT_ARGS(after),
             in_path && query.bytes ? "?" : "", in_path && query.bytes < LOCATION_BYTES_MAX / 2 ? (int)query.bytes : 0, query.at);
    json_out_reset(c->out);
    json_open(c->out);
    json_key(c->out, "status"), json_number(c->out, 308);
    json_key(c->out, "code"), json_string(c->out, "merged");
    json_key(c->out, "title"), json_string(c->out, c->french ? "ce dossier était un doublon : voir l'autre" : "this file was a duplicate: see the other");
    json_key(c->out, "why");
    json_text(c->out, arena_print(c->arena, c->french ? "c'est %s ; la fusion est l'événement %llu" : "it is %s; the merge is event %llu", into, (unsigned long long)p->last_seq));
    json_key(c->out, "participant"), json_id(c->out, STREAM_participant, p->stream);
    json_key(c->out, "into"), json_string(c->out, into);
    json_key(c->out, "on"), json_day(c->out, p->gone_on);
    json_key(c->out, "event"), json_number(c->out, (int64_t)p->last_seq);
    json_close(c->out);
    call_send(c, 308, headers, "application/problem+json", c->out->at, c->out->bytes);
}

const struct parcours *call_fold(struct call *c, uint64_t stream, int32_t as_of, int64_t known_at, bool open,
                                 const struct event *const **ret_events, uint32_t *ret_count)
{
    struct key key;
    const struct event **events;
    uint32_t count;
    struct parcours *p = ARENA_ARRAY(c->arena, struct parcours, 1);
    bool opened = open && vault_key(desk_vault(c->service->desk), stream, &key) == 0;
    int f = stream_events(c->arena, c->log, c->views, stream, opened ? &key : NULL, &events, &count);
    if (f || count == 0 || events[0]->kind->stream != STREAM_participant) {
        failure_forget();
        call_refuse(c, f ? REFUSED_outcome : REFUSED_unknown, NULL, NULL);
        return NULL;
    }
    call_know(c, known_at);
    parcours_fold(p, c->arena, stream, events, count, as_of, known_at, c->books);
    if (p->state == STATE_erased && known_at == INT64_MAX && as_of == INT32_MAX) {
        call_refuse(c, REFUSED_erased, NULL, NULL);
        return NULL;
    }
    if (p->state == STATE_merged) {
        send_elsewhere(c, p);
        return NULL;
    }
    if (ret_events)
        *ret_events = events;
    if (ret_count)
        *ret_count = count;
    return p;
}

void json_id(struct json_out *out, enum stream_type type, uint64_t stream)
{
    char id[ID_TEXT_BYTES];
    if ((int64_t)stream == ABSENT || stream == UINT64_MAX)
        json_null(out);
    else
        json_string(out, id_print(type, stream, id));
}
