/* Dispatch. */
#include "routes.h"

#include <stdio.h>
#include <string.h>

#include "../events/ids.h"
#include "../events/roles.h"
#include "../events/sentences.h"
#include "../events/tokens.h"
#include "waiters.h"
#include "workers.h"
#include "writer.h"

#define POST HTTP_POST
#define GET HTTP_GET
#define ROLE(name) (1u << ROLE_##name)
#define ANYBODY (1u << 0)
#define EVERYBODY (~ANYBODY)
/* Roles whose rows must be filtered first (referents, tools...) come with their filter. */
#define WRITERS (ROLE(coordinator) | ROLE(officer))
#define READERS (ROLE(coordinator) | ROLE(officer))
#define FEEDERS ROLE(coordinator)
#define COORDINATORS ROLE(coordinator)
#define IMPORT_BYTES_MAX (32u << 20)    /* body of many commands */
#define MADE_BYTES_MAX (4u << 20)       /* of their keys */
#define RULEBOOK_TEXT_BYTES_MAX (1u << 20)     /* a rulebook, quoted */
#define ELSEWHERE_BYTES_MAX (1u << 20)  /* of what is refused for its path or its method: a body is no reason to say less */
#define SEGMENTS_MAX 8
#define KEYS(...) (const char *const[]){ __VA_ARGS__, NULL }
#define NO_KEYS (const char *const[]){ NULL }
#define HEADERS_BYTES 256

const struct route routes[] = {
#define ROUTE(method, path, roles, length, answer, keys, fr, en) { method, path, roles, length, answer, keys, fr, en },
#include "routes.def"
#undef ROUTE
};
const unsigned route_count = sizeof(routes) / sizeof(routes[0]);

/* ---- matching ---- */
static struct text segment(const char **at, const char *end)
{
    const char *start = *at < end && **at == '/' ? *at + 1 : *at, *stop = start;
    while (stop < end && *stop != '/')
        stop++;
    *at = stop;
    return (struct text){ start, (uint32_t)(stop - start) };
}

/* Whether the path is the route's; *ret_id is the segment that stands for its {id}, *ret_type whose id it is. */
static bool path_matches(const struct route *r, struct text path, struct text *ret_id, int *ret_type)
{
    const char *p = path.at, *p_end = path.at + path.bytes, *q = r->path, *q_end = r->path + strlen(r->path);
    *ret_type = -1;
    while (p < p_end && q < q_end) {
        struct text have = segment(&p, p_end), want = segment(&q, q_end);
        if (want.bytes > 2 && want.at[0] == '{') {
            int type = stream_type_named((struct text){ want.at + 1, want.bytes - 2 });
            if (type < 0)
                continue;       /* a name, or a secret: its answer reads it */
            *ret_type = type;
            *ret_id = have;
        } else if (!text_equal(have, want)) {
            return false;
        }
    }
    return p == p_end && q == q_end;
}

static const struct route *find_route(const struct http_request *r, struct text *ret_id, int *ret_type, bool *ret_path_known)
{
    enum http_method wanted = r->method == HTTP_HEAD ? HTTP_GET : r->method;
    *ret_path_known = false;
    for (unsigned i = 0; i < route_count; i++) {
        if (!path_matches(&routes[i], r->path, ret_id, ret_type))
            continue;
        *ret_path_known = true;
        if (routes[i].method == wanted)
            return &routes[i];
    }
    return NULL;
}

/* "Allow: GET, HEAD, POST, OPTIONS\r\n", of what the path takes. */
static void allow_header(const struct http_request *r, char out[HEADERS_BYTES])
{
    struct text id;
    int type;
    bool get = false, post = false;
    for (unsigned i = 0; i < route_count; i++)
        if (path_matches(&routes[i], r->path, &id, &type)) {
            get = get || routes[i].method == HTTP_GET;
            post = post || routes[i].method == HTTP_POST;
        }
    snprintf(out, HEADERS_BYTES, "Allow: %s%sOPTIONS\r\n", get ? "GET, HEAD, " : "", post ? "POST, " : "");
}

/* ---- who asks ---- */
static bool authenticate(struct call *c)
{
    const struct text *header = http_header(c->request, "authorization");
    if (!header || header->bytes < 7 || strncasecmp(header->at, "Bearer ", 7) != 0) {
        call_refuse(c, REFUSED_unauthorised, "send \"Authorization: Bearer TOKEN\"", NULL);
        return false;
    }
    static const char *const why[] = { [TOKEN_SHAPE] = "this is not a token (mistyped?)", [TOKEN_UNKNOWN] = "unknown or revoked token",
                                       [TOKEN_EXPIRED] = "this token has expired" };
    struct text token = { header->at + 7, header->bytes - 7 };
    enum token_fault fault = token_read(desk_vault(c->service->desk), token, c->now_ms, &c->actor);
    if (fault != TOKEN_GOOD) {
        call_refuse(c, REFUSED_unauthorised, why[fault], NULL);
        return false;
    }
    c->role = actor_role(&c->actor);
    if (!(c->route->roles & 1u << c->role)) {
        call_refuse(c, REFUSED_forbidden, NULL, NULL);
        return false;
    }
    return true;
}

/* ---- sending ---- */
void call_send_looked(struct call *c, const char *content_type, const void *body, size_t body_bytes)
{
    char headers[HEADERS_BYTES] = "", looked[LOOK_HEADERS_BYTES], etag[ETAG_BYTES];
    bool had = false;
    if (c->log) {
        had = call_etag(c, chain_hash(body, body_bytes), etag);
        snprintf(headers, sizeof(headers), "%sETag: %s\r\n", call_look_headers(c, looked), etag);
    }
    if (had)
        call_send(c, 304, headers, NULL, NULL, 0);
    else
        call_send(c, 200, headers[0] ? headers : NULL, content_type, body, body_bytes);
}

static void send_json(struct call *c)
{
    if (c->answered)
        return;
    if (json_out_failed(c->out))
        call_send(c, 500, NULL, "application/problem+json", "{\"status\":500,\"code\":\"too_large\"}", 34);
    else
        call_send_looked(c, "application/json", c->out->at, c->out->bytes);
}

const char *trace_id_new(char out[TRACE_ID_BYTES])
{
    uint64_t number;
    chain_random(&number, sizeof(number));
    snprintf(out, TRACE_ID_BYTES, "%016llx", (unsigned long long)number);
    return out;
}

void problems_json(struct json_out *out, const struct problems *problems, bool french)
{
    char said[SENTENCE_BYTES];
    if (problems->count == 0)
        return;
    json_key(out, "errors");
    json_open_list(out);
    for (uint32_t i = 0; i < problems->count; i++) {
        json_open(out);
        json_key(out, "pointer"), json_string(out, problems->at[i].pointer);
        json_key(out, "why"), json_string(out, sentence_said(problems->at[i].why, french, said));
        json_close(out);
    }
    json_close_list(out);
}

void refusal_to_json(struct json_out *out, enum refusal why_code, const char *why, const struct problems *problems, bool french, const char *trace_id)
{
    char said[SENTENCE_BYTES];
    json_open(out);
    json_key(out, "status"), json_number(out, refusal_http(why_code));
    json_key(out, "code"), json_string(out, refusal_name(why_code));
    json_key(out, "title"), json_string(out, refusal_sentence(why_code, french));
    if (why)
        json_key(out, "why"), json_string(out, sentence_said(why, french, said));
    json_key(out, "retryable"), json_bool(out, refusal_retryable(why_code));
    if (trace_id)
        json_key(out, "trace_id"), json_string(out, trace_id);
    if (problems)
        problems_json(out, problems, french);
    json_close(out);
}

void call_refuse(struct call *c, enum refusal why_code, const char *why, const struct problems *problems)
{
    char trace_id[TRACE_ID_BYTES], headers[HEADERS_BYTES] = "";
    if (why_code == REFUSED_unauthorised)
        snprintf(headers, sizeof(headers), "WWW-Authenticate: Bearer\r\n");
    else if (why_code == REFUSED_method)
        allow_header(c->request, headers);
    else if (why_code == REFUSED_position)
        snprintf(headers, sizeof(headers), "Parcours-Position: %llu\r\nRetry-After: 1\r\n", (unsigned long long)desk_position(c->service->desk));
    else if (refusal_retryable(why_code))
        snprintf(headers, sizeof(headers), "Retry-After: 1\r\n");
    json_out_reset(c->out);
    refusal_to_json(c->out, why_code, why, problems, c->french, trace_id_new(trace_id));
    call_send(c, refusal_http(why_code), headers[0] ? headers : NULL, "application/problem+json", c->out->at, c->out->bytes);
}

static bool read_id(struct call *c, struct text id, int type)
{
    enum stream_type named;
    if (type < 0)
        return true;
    c->type = (enum stream_type)type;
    if (id_parse(id, &named, &c->stream) && named == c->type)
        return true;
    call_refuse(c, REFUSED_unknown, NULL, NULL);
    return false;
}

static bool prefers_english(const struct http_request *r)
{
    const struct text *language = http_header(r, "accept-language");
    return language && language->bytes >= 2 && strncasecmp(language->at, "en", 2) == 0;
}

static void refuse_method(struct call *c, bool path_known)
{
    char headers[HEADERS_BYTES];
    if (!path_known) {
        call_refuse(c, REFUSED_unknown, "there is no such path", NULL);
    } else if (c->request->method == HTTP_OPTIONS) {
        allow_header(c->request, headers);
        call_send(c, 204, headers, NULL, NULL, 0);
    } else {
        call_refuse(c, REFUSED_method, NULL, NULL);
    }
}

/* ---- long or not ---- */
static bool asks(const struct http_request *r, const char *name)
{
    char nothing[1];
    return http_query(r->query, name, nothing, sizeof(nothing)) != HTTP_ABSENT;
}

static bool is_long(const struct call *c)
{
    bool past = asks(c->request, "as_of") || asks(c->request, "known_at");
    bool one = asks(c->request, "referent") || asks(c->request, "participant");
    switch (c->route->length) {
    case LONG:
        return true;
    case LONG_WHEN_PAST:
        return past;
    case LONG_WHEN_NAMED:
        return asks(c->request, "q");
    case LONG_UNLESS_ONE:
        return past || !one;
    case SHORT:
        break;
    }
    return false;
}

void routes_answer(struct call *c)
{
    c->route->answer(c);
    send_json(c);
    call_look_end(c);
}

static void answer_or_submit(struct call *c)
{
    if (!is_long(c)) {
        c->route->answer(c);
    } else if (workers_submit(c)) {
        c->answered = true;
    } else {
        call_refuse(c, REFUSED_busy, "too many long answers are waiting", NULL);
    }
}

bool route_may_wait(const struct route *r)
{
    return r->method == GET && r->roles != ANYBODY;
}

void routes_handle(struct http_exchange *exchange, const struct http_request *request, void *context)
{
    struct loop *loop = context;
    struct text id = { NULL, 0 };
    int type;
    bool path_known;
    struct call c = { .service = loop->service, .loop = loop, .exchange = exchange, .request = request, .arena = &loop->arena,
                      .out = &loop->out, .french = !prefers_english(request), .now_ms = service_now_ms() };
    c.route = find_route(request, &id, &type, &path_known);
    c.today = service_today(loop->service);
    if (!c.route)
        refuse_method(&c, path_known);
    else if ((c.route->roles == ANYBODY || authenticate(&c)) && read_id(&c, id, type) && query_keys_known(&c) &&
             (!route_may_wait(c.route) || waiters_pass(&c)))
        answer_or_submit(&c);
    send_json(&c);
    call_look_end(&c);
    arena_reset(&loop->arena);
    json_out_reset(&loop->out);
}

size_t routes_body_bytes_max(const struct http_request *request, void *loop)
{
    (void)loop;
    if (text_is(request->path, "/v1/commands"))
        return IMPORT_BYTES_MAX;
    if (text_is(request->path, "/v1/commands/made"))
        return MADE_BYTES_MAX;
    if (text_is(request->path, "/v1/rulebooks/simulate"))
        return RULEBOOK_TEXT_BYTES_MAX;
    struct text id;
    int type;
    bool path_known;
    return find_route(request, &id, &type, &path_known) ? 0 : ELSEWHERE_BYTES_MAX;
}
