/* What may go now begins; what ended is judged. */
#include <stdlib.h>
#include <string.h>

#include "../events/catalogue.h"
#include "deliveries_inside.h"
#include "out/hook.h"
#include "settings.h"

#define GONE 410

/* ---- how one ended ---- */
static void note_failure(struct delivery *one, bool given_up)
{
    const struct outbox *o = &one->box;
    one->failed = true;
    one->given_up = given_up;
    one->failed_message = o->current;
    one->failed_attempts = o->current.topic == MESSAGE_test ? 1 : o->attempts;
}

static void failed(struct delivery *one, const struct transfer_result *r)
{
    struct outbox *o = &one->box;
    uint32_t dice;
    bool test = o->current.topic == MESSAGE_test, mail = o->set.way == WAY_digest, gone = r->answered == GONE && !test && !mail;
    bool refused = digest_refused_again(one, r);
    chain_random(&dice, sizeof(dice));
    one->failed_end = r->end;
    one->failed_answered = r->answered;
    bool gives_up = outbox_failed(o, service_clock_ms(one->all->service), r->retry_after_s, dice);
    if (r->sentence[0])
        memcpy(one->said, r->sentence, sizeof(one->said));
    else
        snprintf(one->said, sizeof(one->said), "answered %d", r->answered);
    if (test || gone || gives_up || refused || o->attempts == 1)
        note_failure(one, test || gone || gives_up || refused);
    if (gone || refused || (gives_up && !mail))
        one->stop_why = gone ? stop_reason_gone : refused ? stop_reason_refused : stop_reason_unreachable;
    if (mail && !test && (gives_up || refused)) {       /* the next one begins anew */
        outbox_told(o, &o->current);
        outbox_forgive(o);
    }
    one->flush = true;
}

void delivery_ended(void *context, const struct transfer_result *r)
{
    struct delivery *one = context;
    struct outbox *o = &one->box;
    if (r->end != TRANSFER_sent) {
        failed(one, r);
        return;
    }
    if (o->unrecorded.n == 0) {
        one->unrecorded_ms = service_elapsed_ms();
        one->unrecorded_clock_ms = service_clock_ms(one->all->service);
    }
    one->flush = one->flush || o->attempts > 0 || o->current.topic == MESSAGE_test || o->current.topic == MESSAGE_digest;
    one->said[0] = 0;
    one->body_of[0] = 0;
    outbox_sent(o, service_clock_ms(one->all->service), r->answered);
}

/* ---- one begins ---- */
/* The same bytes at each attempt, as long as the process lives. */
static void make_body(struct deliveries *d, struct call *c, struct delivery *one)
{
    if (strcmp(one->body_of, one->box.current.id) == 0)
        return;
    message_body(c, c->out, &one->box, &one->box.current);
    one->body = realloc(one->body, c->out->bytes + 1);
    if (!one->body)
        abort();
    memcpy(one->body, c->out->at, c->out->bytes);
    one->body_bytes = c->out->bytes;
    memcpy(one->body_of, one->box.current.id, MESSAGE_ID_BYTES);
    (void)d;
}

static void post(struct deliveries *d, struct call *c, struct delivery *one)
{
    const struct subscription *s = &one->box.set;
    const char *headers[HOOK_HEADERS];
    bool both = s->secret_before.bytes && service_clock_ms(d->service) < s->before_until_ms;
    make_body(d, c, one);
    /* The receiver compares the instant with its own clock, in a demonstration, too. */
    hook_headers(c->arena, text_of(one->box.current.id), service_now_ms() / 1000, (struct text){ one->body, (uint32_t)one->body_bytes }, s->secret,
                 both ? s->secret_before : (struct text){ NULL, 0 }, headers);
    transfers_begin(d->transfers, &(struct transfer){ .kind = TRANSFER_post, .url = arena_print(c->arena, "%.*s", TEXT_ARGS(s->address)).at, .headers = headers,
                    .header_count = HOOK_HEADERS, .body = one->body, .body_bytes = one->body_bytes, .ca_file = d->service->settings->ca_file,
                    .done = delivery_ended, .context = one });
}

/* ---- events ---- */
struct search {
    struct call *call;
    uint64_t last, end, found;      /* found: 0 none */
};

/* Never what is said of deliveries: that would go round for ever. */
static bool look_at(void *context, uint64_t seq, struct text record)
{
    struct search *s = context;
    enum stream_type type;
    struct record_header h;
    if (seq > s->end)
        return false;
    s->last = seq;
    if (!record_header(record, &h))
        return true;
    struct event e = { .stream = h.stream, .kind = kind_of(h.kind) };
    if (views_stream_type(s->call->views, &e, &type) && type != STREAM_delivery && type != STREAM_sending)
        s->found = seq;
    return !s->found && seq < s->end;
}

/* The next event that was not offered, once no alert waits. */
static bool begin_event(struct deliveries *d, struct call *c, struct delivery *one)
{
    struct outbox *o = &one->box;
    struct search s = { c, o->through, d->position < c->position.seq ? d->position : c->position.seq, 0 };
    if (s.last >= s.end)
        return false;
    log_walk(c->log, o->through + 1, look_at, &s);
    if (!s.found) {
        o->through = s.last;
        return false;
    }
    struct message m = { .topic = MESSAGE_event, .to = ABSENT, .until_day = DAY_NONE, .day = DAY_NONE, .seq = s.found };
    outbox_name(o, &m);
    outbox_begin_one(o, &m);
    return true;
}

static bool wants_events(const struct delivery *one)
{
    const struct subscription *s = &one->box.set;
    return s->topics >> MESSAGE_event & 1 && s->referent == ABSENT;     /* an event is routed to nobody */
}

/* ---- whoever's turn it is ---- */
static bool may_send(struct delivery *one, int64_t now)
{
    const struct outbox *o = &one->box;
    if (o->set.way == WAY_calendar || o->flying || o->set.address.bytes == 0 || one->failed || one->stop_why >= 0 || one->replay_seq)
        return false;
    if (o->set.way == WAY_digest)
        return digest_may_go(one, now);
    bool more = o->again.n || o->waiting.n || (wants_events(one) && o->through < one->all->position);
    return o->tests.n || (more && outbox_ready(o, now));
}

static void send_one(struct deliveries *d, struct delivery *one, int64_t now)
{
    struct call *c = own_call_begin(&d->own, !one->box.set.english);
    if (one->box.set.way == WAY_digest) {
        if (call_look(c))
            digest_begin(c, one, now);
    } else if (call_look(c) && (outbox_begin(&one->box, now) || (wants_events(one) && outbox_ready(&one->box, now) && begin_event(d, c, one)))) {
        post(d, c, one);
    }
    own_call_end(&d->own);
}

void deliveries_send(struct deliveries *d)
{
    int64_t now = service_clock_ms(d->service);
    if (service_elapsed_ms() < d->blocked_ms || atomic_load(&d->service->read_only) || atomic_load(&d->service->failure))
        return;
    for (unsigned i = 0; i < d->count && transfers_under_way(d->transfers) < TRANSFERS_MAX; i++) {
        struct delivery *one = d->at[(d->turn + i) % d->count];
        if (may_send(one, now))
            send_one(d, one, now);
    }
    d->turn = d->count ? (d->turn + 1) % d->count : 0;
}
