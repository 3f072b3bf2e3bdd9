/* From the log into memory: all of it at the start, then what follows. Events of the sendings are this thread's own: once it runs, it knows
 * them before the log does. */
#include <stdio.h>
#include <stdlib.h>

#include "../events/failure.h"
#include "../projections/folds.h"
#include "answers.h"
#include "deliveries_inside.h"

#define CHUNK_RECORDS 4096      /* of the log, between two looks at the stores */
#define SETTINGS_BYTES (16u << 20)

/* ---- one delivery ---- */
static struct delivery *find(const struct deliveries *d, uint64_t stream)
{
    for (unsigned i = 0; i < d->count; i++)
        if (d->at[i]->box.set.stream == stream)
            return d->at[i];
    return NULL;
}

static struct delivery *add(struct deliveries *d, uint64_t stream)
{
    if (d->count == DELIVERIES_MAX) {
        if (!d->too_many)
            fprintf(stderr, "parcoursd: more than %d deliveries: the last ones are not sent to\n", DELIVERIES_MAX);
        d->too_many = true;
        return NULL;
    }
    struct delivery *one = calloc(1, sizeof(*one));
    if (!one)
        abort();
    one->all = d;
    one->stop_why = -1;
    one->changed = true;
    one->recorded_ms = INT64_MIN / 2;
    arena_init(&one->texts, SETTINGS_BYTES);
    outbox_init(&one->box, desk_sid(d->service->desk), stream);
    one->box.set.stopped_on = DAY_NONE;
    d->at[d->count++] = one;
    return one;
}

/* One whose opening was taken out says nothing any more. */
static void read_settings(struct call *c, struct delivery *one)
{
    uint64_t stream = one->box.set.stream;
    arena_reset(&one->texts);
    if (!subscription_read(c, &one->texts, stream, true, &one->box.set))
        one->box.set = (struct subscription){ .stream = stream, .way = WAY_calendar, .referent = ABSENT, .stopped_on = c->today };
    if (one->box.through < one->box.set.opened_seq)
        one->box.through = one->box.set.opened_seq;
    if (one->box.set.way == WAY_digest)
        one->body_of[0] = 0;        /* it says to whom */
    one->changed = false;
    one->all->scan_wanted = true;
}

static void add_sending(struct delivery *one, uint64_t stream, int32_t month)
{
    if (one->sending_count == one->sending_room) {
        one->sending_room = one->sending_room ? one->sending_room * 2 : 16;
        one->sendings = realloc(one->sendings, one->sending_room * sizeof(*one->sendings));
        if (!one->sendings)
            abort();
    }
    one->sendings[one->sending_count++] = stream;
    one->box.sending = stream;
    one->box.month = month;
}

void delivery_add_sending(struct delivery *one, uint64_t stream, int32_t month)
{
    add_sending(one, stream, month);
    one->box.sending_events = 1;
}

/* What went before a replay was asked for goes again. */
static void replay(struct call *c, struct delivery *one, uint64_t seq, int32_t from_day)
{
    struct arena past;
    arena_init(&past, REQUEST_ARENA_BYTES);
    for (uint32_t i = 0; i < one->sending_count; i++) {
        const struct event **events;
        uint32_t count;
        arena_reset(&past);
        if (stream_events(&past, c->log, c->views, one->sendings[i], NULL, &events, &count) == 0)
            outbox_replay(&one->box, events, events_until(events, count, seq), from_day);
    }
    arena_free(&past);
}

/* ---- all of them, at the start ---- */
static void learn_own(struct call *c, struct delivery *one, const struct event *e)
{
    if (e->kind->number == KIND_replay_asked)
        replay(c, one, e->seq, (int32_t)((const struct replay_asked *)e->data)->from_day);
    else
        outbox_learn(&one->box, e);
}

/* Its own events and those of its sendings, in the order of the log: a sending is opened after the last event of the one before. */
static bool load_one(struct deliveries *d, struct call *c, struct delivery *one)
{
    const struct event **own, **events;
    uint32_t own_count, count, next = 0;
    read_settings(c, one);
    if (stream_events(c->arena, c->log, c->views, one->box.set.stream, NULL, &own, &own_count) != 0)
        return false;
    for (uint32_t i = 0; i < one->sending_count; i++) {
        arena_reset(&d->scratch);
        if (stream_events(&d->scratch, c->log, c->views, one->sendings[i], NULL, &events, &count) != 0)
            return false;
        one->box.sending_events = count;
        for (uint32_t k = 0; k < count; k++) {
            for (; next < own_count && own[next]->seq < events[k]->seq; next++)
                learn_own(c, one, own[next]);
            outbox_learn(&one->box, events[k]);
        }
    }
    for (; next < own_count; next++)
        learn_own(c, one, own[next]);
    return true;
}

static bool load_sendings(struct deliveries *d, struct call *c)
{
    struct streams all = streams_of(c, STREAM_sending);
    for (uint32_t i = 0; i < all.n; i++) {
        uint64_t seq;
        struct text record;
        struct event e;
        if (views_stream(c->views, all.at[i], &seq, 1) != 1 || !log_record(c->log, seq, &record) || !record_read(c->arena, record, NULL, &e, NULL))
            return false;
        if (e.kind->number != KIND_sending_opened)
            continue;
        const struct sending_opened *opened = e.data;
        struct delivery *one = find(d, (uint64_t)opened->delivery);
        if (one)
            add_sending(one, all.at[i], (int32_t)opened->month);
    }
    return true;
}

bool deliveries_load(struct deliveries *d)
{
    struct call *c = own_call_begin(&d->own, true);
    bool good = call_look(c);
    if (good) {
        struct streams all = streams_of(c, STREAM_delivery);
        for (uint32_t i = 0; i < all.n; i++)
            if (!find(d, all.at[i]))
                add(d, all.at[i]);
        for (unsigned i = 0; i < d->count; i++)
            d->at[i]->sending_count = 0;
        good = load_sendings(d, c);
        for (unsigned i = 0; good && i < d->count; i++)
            good = load_one(d, c, d->at[i]);
        d->position = c->position.seq;
    }
    own_call_end(&d->own);
    return good;
}

/* ---- what follows ---- */
struct chunk {
    struct deliveries *d;
    struct call *call;
    uint64_t last, end;
};

static void take_asked(struct chunk *k, struct delivery *one, const struct record_header *h, struct text record)
{
    struct event e;
    one->changed = true;
    if (h->kind != KIND_replay_asked) {
        e = (struct event){ .seq = h->seq, .kind = kind_of(h->kind) };
        outbox_learn(&one->box, &e);
    } else if (record_read(k->call->arena, record, NULL, &e, NULL)) {
        one->replay_seq = h->seq;
        one->replay_from = (int32_t)((const struct replay_asked *)e.data)->from_day;
    }
}

static bool take_record(void *context, uint64_t seq, struct text record)
{
    struct chunk *k = context;
    struct record_header h;
    if (seq > k->end)
        return false;
    k->last = seq;
    if (!record_header(record, &h) || kind_of(h.kind)->stream == STREAM_sending)
        return seq < k->end;
    struct delivery *one = find(k->d, h.stream);
    if (!one && kind_of(h.kind)->stream == STREAM_delivery)
        one = add(k->d, h.stream);
    if (one)
        take_asked(k, one, &h, record);
    else
        k->d->scan_wanted = true;
    return seq < k->end;
}

/* A replay waits until nothing of that subscription flies: its result would be taken for one of the replay. */
static void keep_up(struct deliveries *d, struct call *c)
{
    for (unsigned i = 0; i < d->count; i++) {
        struct delivery *one = d->at[i];
        if (one->changed)
            read_settings(c, one);
        if (one->replay_seq && !one->box.flying && one->box.unrecorded.n == 0) {
            replay(c, one, one->replay_seq, one->replay_from);
            one->replay_seq = 0;
        }
    }
}

static bool wants_look(const struct deliveries *d)
{
    bool wants = d->position < desk_position(d->service->desk);
    for (unsigned i = 0; i < d->count && !wants; i++)
        wants = d->at[i]->replay_seq != 0;
    return wants;
}

bool deliveries_follow(struct deliveries *d)
{
    if (!wants_look(d))
        return false;
    struct call *c = own_call_begin(&d->own, true);
    struct chunk k = { d, c, d->position, 0 };
    if (call_look(c)) {
        k.end = c->position.seq < d->position + CHUNK_RECORDS ? c->position.seq : d->position + CHUNK_RECORDS;
        if (k.end > d->position)
            log_walk(c->log, d->position + 1, take_record, &k);
        keep_up(d, c);
    }
    bool moved = k.last > d->position;
    d->position = k.last;
    own_call_end(&d->own);
    return moved;
}
