/* A follower is served in turns: some records, from a read transaction of their own, then the loop goes on. Nobody's slow
 * reading holds a transaction or the loop. */
#include "feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../events/failure.h"
#include "../events/roles.h"
#include "service.h"
#include "timer.h"

#define TURN_RECORDS 256
#define TURN_BYTES (512u << 10)
#define TURN_BYTES_MAX (8u << 20)       /* one record more, every byte of it escaped */
#define ONE_ANSWER_BYTES (32u << 20)    /* then `next` goes on, even below the limit */
#define RECORD_ARENA_BYTES (16u << 20)
#define HEARTBEAT_MS 15000
#define LIMIT 1000
#define LIMIT_MAX 10000

enum form { FORM_JSON, FORM_LINES, FORM_EVENTS };

/* ---- reading ---- */
struct batch {
    struct service *service;
    struct json_out *out;
    enum form form;
    bool sealed;            /* opened, where the key still exists */
    uint32_t records_max, count;
    size_t bytes_max;
    uint64_t last;          /* seq of the last record written; 0 none */
    bool more, failed;
    struct arena arena;     /* of one record */
    struct store_txn *views;    /* begun when a stream's type has to be looked for */
    struct views *held;
};

static bool read_event(struct batch *b, struct text record, struct event *e)
{
    struct key key;
    struct record_header h;
    if (!record_header(record, &h))
        return false;
    bool opened = b->sealed && vault_key(desk_vault(b->service->desk), h.stream, &key) == 0;
    return record_read(&b->arena, record, opened ? &key : NULL, e, NULL);
}

/* False: it was kept a moment ago, and the views are about to follow. */
static bool type_of(struct batch *b, const struct event *e, enum stream_type *ret)
{
    int failure;
    if (!kind_of_any_stream(e->kind)) {
        *ret = e->kind->stream;
        return true;
    }
    if (!b->views) {
        b->held = desk_views_hold(b->service->desk);
        b->views = store_read_begin(views_store(b->held), &failure);
    }
    return b->views && views_stream_type(b->views, e, ret);
}

static void let_views_go(struct batch *b)
{
    if (!b->held)
        return;     /* the call's own */
    if (b->views)
        store_read_end(b->views);
    views_let_go(b->held);
}

static void put_event(struct batch *b, const struct event *e, enum stream_type type)
{
    struct json_out *out = b->out;
    if (b->form == FORM_EVENTS) {
        out->comma = false;
        json_raw(out, arena_print(&b->arena, "id: %" PRIu64 "\nevent: %s\ndata: ", e->seq, e->kind->name));
        out->comma = false;     /* the value of a line follows, not another element */
    }
    event_to_json(out, e, type, b->sealed);
    if (b->form != FORM_JSON)
        json_line(out);
    if (b->form == FORM_EVENTS)
        json_line(out);         /* an empty line ends an event */
}

static bool take_record(void *context, uint64_t seq, struct text record)
{
    struct batch *b = context;
    struct event e;
    enum stream_type type;
    if (b->count == b->records_max || b->out->bytes > b->bytes_max) {
        b->more = true;
        return false;
    }
    arena_reset(&b->arena);
    if (!read_event(b, record, &e)) {
        b->failed = true;
        return false;
    }
    if (!type_of(b, &e, &type)) {
        b->more = true;
        return false;
    }
    put_event(b, &e, type);
    b->last = seq;
    b->count++;
    return true;
}

static void read_batch(struct batch *b, struct store_txn *log, uint64_t after)
{
    arena_init(&b->arena, RECORD_ARENA_BYTES);
    log_walk(log, after + 1, take_record, b);
    arena_free(&b->arena);
    let_views_go(b);
    failure_forget();           /* a key that was destroyed is no failure here */
}

/* ---- followers ---- */
struct follower {
    struct follower *next;
    struct loop *loop;
    struct http_exchange *exchange;
    struct timer *turn, *beat;
    enum form form;
    uint64_t after;             /* the last seq sent */
    uint32_t left;              /* records still wanted; FORM_LINES */
    bool sealed, paused, waits; /* paused: too much is unsent; waits: everything was sent */
};

static void let_go(struct follower *f)
{
    struct follower **at = &f->loop->followers;
    while (*at != f)
        at = &(*at)->next;
    *at = f->next;
    timer_free(f->turn);
    timer_free(f->beat);
    free(f);
}

static void end_stream(struct follower *f)
{
    http_stream_end(f->exchange);
    let_go(f);
}

/* What comes after a batch that was written; `room` is false when the client reads too slowly. */
static void go_on(struct follower *f, const struct batch *b, bool room)
{
    bool lines_end = f->form == FORM_LINES && (f->left == 0 || !b->more);
    if (b->failed || json_out_failed(b->out) || lines_end)
        end_stream(f);
    else if (!room)
        f->paused = true;
    else if (b->more)
        timer_set(f->turn, 0);
    else
        f->waits = true;
}

static void take_turn(void *context)
{
    int failure;
    struct follower *f = context;
    struct json_out out;
    struct service *service = f->loop->service;
    struct store_txn *log = store_read_begin(log_store(desk_log(service->desk)), &failure);
    if (!log) {
        failure_forget();
        end_stream(f);
        return;
    }
    json_out_init(&out, TURN_BYTES_MAX);
    struct batch b = { .service = service, .out = &out, .form = f->form, .sealed = f->sealed, .bytes_max = TURN_BYTES,
                       .records_max = f->form == FORM_LINES && f->left < TURN_RECORDS ? f->left : TURN_RECORDS };
    read_batch(&b, log, f->after);
    store_read_end(log);
    f->after = b.count ? b.last : f->after;
    f->left -= f->form == FORM_LINES ? b.count : 0;
    bool room = out.bytes == 0 || json_out_failed(&out) || http_stream_write(f->exchange, out.at, out.bytes);
    go_on(f, &b, room);
    json_out_free(&out);
}

static void on_drained(struct http_exchange *exchange, void *context)
{
    struct follower *f = context;
    (void)exchange;
    if (!f->paused)
        return;
    f->paused = false;
    timer_set(f->turn, 0);
}

static void on_gone(void *context)
{
    let_go(context);
}

/* A comment now and then: an idle client that left is only noticed when something is written. */
static void on_beat(void *context)
{
    struct follower *f = context;
    timer_set(f->beat, HEARTBEAT_MS);
    if (!f->paused)
        http_stream_write(f->exchange, ":\n\n", 3);
}

void feed_committed(struct loop *loop)
{
    for (struct follower *f = loop->followers; f; f = f->next) {
        if (!f->waits)
            continue;
        f->waits = false;
        timer_set(f->turn, 0);
    }
}

void feed_end(struct loop *loop)
{
    while (loop->followers)
        end_stream(loop->followers);
}

static void follow(struct call *call, enum form form, uint64_t after, uint32_t limit)
{
    static const char headers[] = "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n";
    struct follower *f = calloc(1, sizeof(*f));
    if (!f)
        abort();
    *f = (struct follower){ .next = call->loop->followers, .loop = call->loop, .exchange = call->exchange, .form = form, .after = after,
                            .left = limit, .sealed = call->role == ROLE_coordinator };
    call->loop->followers = f;
    call->answered = true;
    f->turn = timer_new(call->loop->base, take_turn, f);
    http_stream_start(call->exchange, 200, headers, form == FORM_EVENTS ? "text/event-stream" : "application/x-ndjson", -1, on_drained, on_gone, f);
    timer_set(f->turn, 0);
    if (form != FORM_EVENTS)
        return;
    f->beat = timer_new(call->loop->base, on_beat, f);
    timer_set(f->beat, HEARTBEAT_MS);
}

/* ---- the answer ---- */
static enum form form_of(const struct http_request *r)
{
    static const char events[] = "text/event-stream", lines[] = "application/x-ndjson";
    const struct text *accept = http_header(r, "accept");
    if (accept && memmem(accept->at, accept->bytes, events, sizeof(events) - 1))
        return FORM_EVENTS;
    return accept && memmem(accept->at, accept->bytes, lines, sizeof(lines) - 1) ? FORM_LINES : FORM_JSON;
}

/* A client that lost its stream says where it was. */
static bool last_event(struct call *call, int64_t *ret)
{
    const struct text *last = http_header(call->request, "last-event-id");
    int64_t n = 0;
    if (!last || last->bytes == 0)
        return true;
    for (uint32_t i = 0; i < last->bytes; i++) {
        if (last->bytes > 18 || last->at[i] < '0' || last->at[i] > '9') {
            call_refuse(call, REFUSED_malformed, "Last-Event-ID is not the id of one of these events", NULL);
            return false;
        }
        n = n * 10 + (last->at[i] - '0');
    }
    *ret = n;
    return true;
}

static void answer_once(struct call *call, uint64_t after, uint32_t limit)
{
    struct json_out *out = call->out;
    if (!call_look(call))
        return;
    struct batch b = { .service = call->service, .out = out, .form = FORM_JSON, .sealed = call->role == ROLE_coordinator,
                       .records_max = limit, .bytes_max = ONE_ANSWER_BYTES, .views = call->views };
    json_open(out);
    json_key(out, "events"), json_open_list(out);
    read_batch(&b, call->log, after);
    if (b.failed) {
        call_refuse(call, REFUSED_outcome, NULL, NULL);
        return;
    }
    json_close_list(out);
    json_key(out, "next"), json_number(out, (int64_t)(b.count ? b.last : after));
    json_key(out, "more"), json_bool(out, b.more);
    json_close(out);
}

void answer_feed(struct call *call)
{
    enum form form = form_of(call->request);
    int64_t after = 0, limit = LIMIT;
    if (!call_number(call, "after", 0, INT64_C(1) << 53, &after) || !call_number(call, "limit", 1, LIMIT_MAX, &limit) ||
        (form == FORM_EVENTS && !last_event(call, &after)))
        return;
    if (form == FORM_JSON)
        answer_once(call, (uint64_t)after, (uint32_t)limit);
    else
        follow(call, form, (uint64_t)after, (uint32_t)limit);
}
