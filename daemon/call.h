/* One request being answered: what every answer function is given. It lives until the function returns; commands and
 * streams, which answer later, copy what they keep.
 *
 * An answer function writes one JSON value into call->out and returns, or calls call_refuse (call_send, for another form) and
 * returns. The wrapper (routes.c) sends it with the position it reflects, an ETag and 304 when it did not change.
 * A route that is long (routes.def) runs in a worker: it may not touch the loop or the exchange, and it goes through many
 * streams by walk_participants, which lets go of the stores now and then. */
#ifndef DAEMON_CALL_H
#define DAEMON_CALL_H

#include "../events/gate.h"
#include "desk.h"
#include "http.h"

struct service;     /* what all loops share: service.h */
struct task;         /* workers.h */

struct call {
    struct service *service;
    struct loop *loop;                  /* in a worker: NULL */
    struct http_exchange *exchange;     /* in a worker: NULL */
    struct task *task;                    /* in a worker */
    const struct http_request *request;
    const struct route *route;
    struct arena *arena;
    struct json_out *out;
    struct actor actor;
    unsigned role;
    bool french;            /* Accept-Language; French unless English is asked for */
    int64_t now_ms;
    int32_t today;          /* in the PLIE's zone; of the last record's instant in a demonstration store */
    /* the id in the path, when the route has one: {participant}, {referent}... */
    enum stream_type type;
    uint64_t stream;
    /* a consistent look: `position` and everything before it is in both */
    struct store_txn *log, *views;
    struct views *held;
    struct position position;
    const struct rulebooks *books;
    bool rows_behind;                   /* rows of lists do not reflect the last of them yet */
    bool answered;
};

/* Opens call->log and call->views; false when it could not (the call is refused then). Ended by the wrapper. */
bool call_look(struct call *);
void call_look_end(struct call *);
/* Between two chunks of a long answer. In a worker the stores are let go of and looked at anew: call->position stays, and
 * events after it are to be passed over. False: nobody waits for the answer any more, or the stores could not be read, and the
 * call is refused. */
bool call_go_on(struct call *);
/* The answer, now; in a worker it is kept for the loop. `content_type` is a constant; the rest is copied. */
void call_send(struct call *, int status, const char *headers, const char *content_type, const void *body, size_t body_bytes);
/* 200 with what the look says and an ETag, or 304 when the client has these very bytes. */
void call_send_looked(struct call *, const char *content_type, const void *body, size_t body_bytes);
/* The last part of the path: what a route's {report} or {secret} stands for. As it came, not decoded. */
struct text call_last_part(const struct call *);
/* call_send of a body that goes on in a file (spool.h); the descriptor is taken. In a worker alone. */
void call_send_file(struct call *, int status, const char *headers, const char *content_type, const void *head, size_t head_bytes, int fd, uint64_t bytes);
#define LOOK_HEADERS_BYTES 160
/* Which position is reflected, whether rows lag behind a rulebook, and that it is nobody else's; "" when nothing was looked at. */
const char *call_look_headers(const struct call *, char out[LOOK_HEADERS_BYTES]);
#define ETAG_BYTES 24
bool call_etag(const struct call *, struct hash, char out[ETAG_BYTES]);     /* quoted; true: the client has just that (If-None-Match) */
/* application/problem+json. `why` may be NULL; problems may be NULL. */
void call_refuse(struct call *, enum refusal, const char *why, const struct problems *);
#define TRACE_ID_BYTES 17
const char *trace_id_new(char out[TRACE_ID_BYTES]);       /* random; in the answer and, one day, in the journal */
void problems_json(struct json_out *, const struct problems *, bool french);    /* the member "errors"; nothing when there are none */
void refusal_to_json(struct json_out *, enum refusal, const char *why, const struct problems *, bool french, const char *trace_id);

/* Query parameters. False when it was there and wrong: the call is refused then. Absent leaves *ret as it was. */
bool call_day(struct call *, const char *name, int32_t *ret);
bool call_instant(struct call *, const char *name, int64_t *ret_ms);
bool call_number(struct call *, const char *name, int64_t min, int64_t max, int64_t *ret);
bool call_text(struct call *, const char *name, struct text *ret);      /* in the arena */
bool call_has_stream(struct call *, enum stream_type, uint64_t stream);     /* after call_look */
/* The id of a stream that is there; 404 otherwise. Looks first (call_look). */
bool call_stream(struct call *, const char *name, enum stream_type, uint64_t *ret);
bool call_cursor(struct call *, const char *name, enum stream_type, uint64_t *ret);     /* an id, of where a page ended */
bool call_rule(struct call *, const char *name, int *ret_rule);
bool call_refuse_parameter(struct call *, const char *key, const char *why);        /* 400, which names the key; always false */

/* From here on call->books are those that had been adopted by that instant. After call_look; call_fold does it by itself. */
void call_know(struct call *, int64_t known_at);

/* The fold of call->stream as of a day and as known at an instant (INT32_MAX, INT64_MAX: now), in the arena. NULL: refused
 * (unknown, erased), or 308 to the file it was merged into. Events with their sealed fields opened when `open`; either of the two last may be NULL. */
const struct parcours *call_fold(struct call *, uint64_t stream, int32_t as_of, int64_t known_at, bool open, const struct event *const **ret_events, uint32_t *ret_count);
void json_id(struct json_out *, enum stream_type, uint64_t stream);     /* as a string; null for ABSENT */

/* Answers, one a route: declared by its row. */
typedef void answer_fn(struct call *);
#define ROUTE(method, path, roles, length, answer, ...) answer_fn answer;
#include "routes.def"
#undef ROUTE

/* Shared by answers and by the results of commands (answer_parcours.c). */
void parcours_deadlines_json(struct json_out *, const struct parcours *, bool french, bool brief);   /* a list, soonest first; brief: no sentences */
void parcours_allowed_json(struct json_out *, const struct parcours *, int32_t day, const struct rulebooks *);    /* names of commands */
void rule_value_json(struct json_out *, enum rule_number, const struct value *);

#endif
