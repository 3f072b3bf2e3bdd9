#include "outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../events/chain.h"
#include "../events/days.h"
#include "../events/tokens.h"

#define ID_CHARACTERS 26
#define TOLD_FIRST 64

/* What was told of one alert. Kept for ever: one that comes back after a correction is told under another id. */
struct told {
    bool used, shown, escalated;        /* shown, escalated: since it was settled last */
    uint8_t owes;
    int16_t rule;
    int32_t since, shown_until;         /* shown_until: it was shown again after having been put off until then */
    uint32_t settled, scan;             /* how often told as settled; the last difference in which it stood */
    uint64_t owner;
};

/* ---- what was told of alerts ---- */
static bool is_of(const struct told *t, const struct alert *a)
{
    return t->owner == a->owner && t->since == a->since && t->rule == a->rule && t->owes == a->owes;
}

static uint32_t slot_of(const struct alert *a, uint32_t room)
{
    uint64_t h = a->owner * 0x9e3779b97f4a7c15ull ^ (uint64_t)(uint32_t)a->since * 0xc2b2ae3d27d4eb4full ^ (uint64_t)a->rule << 7 ^ (uint64_t)a->owes;
    return (uint32_t)(h * 0x9e3779b97f4a7c15ull >> 33) & (room - 1);
}

static struct told *find_in(struct told *at, uint32_t room, const struct alert *a)
{
    uint32_t i = slot_of(a, room);
    while (at[i].used && !is_of(&at[i], a))
        i = (i + 1) & (room - 1);
    return &at[i];
}

static void grow(struct outbox *o)
{
    uint32_t room = o->told_room ? o->told_room * 2 : TOLD_FIRST;
    struct told *more = calloc(room, sizeof(*more));
    if (!more)
        abort();
    for (uint32_t i = 0; i < o->told_room; i++)
        if (o->told[i].used) {
            const struct told *t = &o->told[i];
            struct alert a = { .owes = (enum stream_type)t->owes, .owner = t->owner, .rule = t->rule, .since = t->since };
            *find_in(more, room, &a) = *t;
        }
    free(o->told);
    o->told = more;
    o->told_room = room;
}

/* NULL: nothing was ever told of it. */
static struct told *find(const struct outbox *o, const struct alert *a)
{
    struct told *t = o->told_room ? find_in(o->told, o->told_room, a) : NULL;
    return t && t->used ? t : NULL;
}

static struct told *find_or_add(struct outbox *o, const struct alert *a)
{
    if (o->told_n * 2 >= o->told_room)
        grow(o);
    struct told *t = find_in(o->told, o->told_room, a);
    if (!t->used) {
        *t = (struct told){ .used = true, .owes = (uint8_t)a->owes, .rule = (int16_t)a->rule, .since = a->since, .owner = a->owner, .shown_until = DAY_NONE };
        o->told_n++;
    }
    return t;
}

void outbox_name(const struct outbox *o, struct message *m)
{
    if (m->topic == MESSAGE_digest) {   /* what its Message-ID begins with */
        char stream[ID_TEXT_BYTES], day[DAY_TEXT_BYTES];
        snprintf(m->id, sizeof(m->id), "digest.%s.%s", day_print(m->day, day), id_print(STREAM_delivery, o->set.stream, stream));
        return;
    }
    char subject[MESSAGE_LINE_BYTES], text[2 * MESSAGE_LINE_BYTES];
    const struct told *t = message_of_alert(m) ? find(o, &m->alert) : NULL;
    uint8_t bytes[SID_BYTES + 8 + sizeof(text)];
    memcpy(bytes, o->sid, SID_BYTES);
    for (int i = 0; i < 8; i++)
        bytes[SID_BYTES + i] = (uint8_t)(o->set.stream >> (56 - 8 * i));
    int n = snprintf(text, sizeof(text), "%s %s %u", message_topic_name(m->topic), message_subject(m, subject), t ? t->settled : 0);
    memcpy(bytes + SID_BYTES + 8, text, (size_t)n);
    struct hash h = chain_hash(bytes, SID_BYTES + 8 + (size_t)n);
    memcpy(m->id, "msg_", 4);
    token_characters(h.at, HASH_BYTES, ID_CHARACTERS, m->id + 4);
}

static void told_of_alert(struct outbox *o, const struct message *m)
{
    struct message now = *m;
    outbox_name(o, &now);
    if (strcmp(now.id, m->id) != 0)
        return;         /* of before it was settled: it was replayed, or is said twice */
    struct told *t = find_or_add(o, &m->alert);
    if (m->topic == MESSAGE_settled) {
        t->settled++;
        t->shown = t->escalated = false;
        t->shown_until = DAY_NONE;
    } else if (m->topic == MESSAGE_shown) {
        t->shown = true;
        t->shown_until = m->until_day;
    } else {
        t->escalated = true;
    }
}

void outbox_told(struct outbox *o, const struct message *m)
{
    if (message_of_alert(m))
        told_of_alert(o, m);
    else if (m->topic == MESSAGE_digest && m->day > o->digest_day)
        o->digest_day = m->day;
    else if (m->topic == MESSAGE_event && m->seq > o->through)
        o->through = m->seq;
    messages_take_out(&o->tests, messages_place(&o->tests, m->id));
    messages_take_out(&o->again, messages_place(&o->again, m->id));
}

void outbox_test(struct outbox *o, uint64_t seq)
{
    struct message m = { .topic = MESSAGE_test, .to = ABSENT, .until_day = DAY_NONE, .day = DAY_NONE, .seq = seq };
    outbox_name(o, &m);
    messages_add(&o->tests, &m);
}

void outbox_again(struct outbox *o, const struct message *m)
{
    if (messages_place(&o->again, m->id) >= 0)
        return;
    messages_add(&o->again, m);
    o->again.at[o->again.n - 1].again = true;
}

void outbox_init(struct outbox *o, const uint8_t *sid, uint64_t stream)
{
    *o = (struct outbox){ .sid = sid, .set = { .stream = stream }, .digest_day = DAY_NONE, .refused_day = DAY_NONE, .month = DAY_NONE };
}

void outbox_free(struct outbox *o)
{
    free(o->told);
    free(o->tests.at);
    free(o->again.at);
    free(o->waiting.at);
    free(o->unrecorded.at);
}

/* ---- the difference ---- */
static void wait_for(struct outbox *o, enum message_topic topic, const struct alert_today *a, int32_t until_day)
{
    struct message m = { .topic = topic, .alert = a->alert, .to = a->to, .until_day = until_day, .escalated_on = a->escalates_on, .day = DAY_NONE };
    if (o->waiting.n == MESSAGES_WAITING_MAX || !(o->set.topics >> topic & 1))
        return;
    outbox_name(o, &m);
    if (!o->flying || strcmp(m.id, o->current.id) != 0)
        messages_add(&o->waiting, &m);
}

static bool concerns(const struct outbox *o, const struct alert_today *r)
{
    bool own = r->alert.owes == STREAM_delivery && r->alert.owner == o->set.stream;     /* a receiver is not told that it does not answer */
    return !own && (o->set.referent == ABSENT || r->to == o->set.referent);
}

/* One that was put off is shown again on its day; one that was seen is not. */
static void show(struct outbox *o, const struct alert_today *r, int32_t today)
{
    const struct told *t = find(o, &r->alert);
    int32_t until = r->alert.until_day != DAY_NONE && r->alert.until_day <= today ? r->alert.until_day : DAY_NONE;
    bool open = alert_status_on(&r->alert, today) == ALERT_open;
    if (open && (!t || !t->shown || (until != DAY_NONE && t->shown_until != until)))
        wait_for(o, MESSAGE_shown, r, until);
}

static int by_place(const void *x, const void *y)
{
    const struct message *a = x, *b = y;
    if (a->topic != b->topic)
        return a->topic < b->topic ? -1 : 1;
    return alert_compare(&a->alert, &b->alert);
}

/* By its id alone. */
static struct alert alert_known(const struct told *t)
{
    return (struct alert){ .owes = (enum stream_type)t->owes, .owner = t->owner, .referent = NOBODY, .rule = t->rule, .since = t->since, .due = DAY_NONE,
                           .shown_on = DAY_NONE, .seen_on = DAY_NONE, .until_day = DAY_NONE, .settled_on = DAY_NONE };
}

void outbox_difference(struct outbox *o, const struct alert_today *all, uint32_t count, int32_t today)
{
    o->scan++;
    o->waiting.n = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct told *t = find(o, &all[i].alert);
        if (t)
            t->scan = o->scan;
        if (!concerns(o, &all[i]))
            continue;
        show(o, &all[i], today);
        if (all[i].escalated && (!t || !t->escalated))
            wait_for(o, MESSAGE_escalated, &all[i], DAY_NONE);
    }
    for (uint32_t i = 0; i < o->told_room; i++) {
        const struct told *t = &o->told[i];
        if (t->used && t->shown && t->scan != o->scan)
            wait_for(o, MESSAGE_settled, &(struct alert_today){ .alert = alert_known(t), .to = ABSENT, .escalates_on = DAY_NONE }, DAY_NONE);
    }
    if (o->waiting.n > 1)
        qsort(o->waiting.at, o->waiting.n, sizeof(*o->waiting.at), by_place);
    int64_t held = o->attempts ? messages_place(&o->waiting, o->current.id) : -1;
    if (held > 0) {     /* what failed goes first, so that an attempt is one of the same message */
        struct message m = o->waiting.at[held];
        messages_take_out(&o->waiting, held);
        messages_put_first(&o->waiting, &m);
    }
}

/* ---- one after the other ---- */
bool outbox_ready(const struct outbox *o, int64_t now_ms)
{
    return !o->flying && o->set.stopped_on == DAY_NONE && (o->attempts == 0 || o->next_ms <= now_ms);
}

void outbox_begin_one(struct outbox *o, const struct message *m)
{
    o->current = *m;
    o->flying = true;
}

static const struct message *begin_first(struct outbox *o, struct messages *list)
{
    struct message m = list->at[0];
    messages_take_out(list, 0);
    outbox_begin_one(o, &m);
    return &o->current;
}

const struct message *outbox_begin(struct outbox *o, int64_t now_ms)
{
    if (o->flying)
        return NULL;
    if (o->tests.n)
        return begin_first(o, &o->tests);
    if (!outbox_ready(o, now_ms))
        return NULL;
    if (o->again.n)
        return begin_first(o, &o->again);
    return o->waiting.n ? begin_first(o, &o->waiting) : NULL;
}

void outbox_forgive(struct outbox *o)
{
    o->attempts = 0;
}

/* A run of events is one line of the log. */
static void remember_sent(struct outbox *o, const struct message *m)
{
    struct message *last = o->unrecorded.n ? &o->unrecorded.at[o->unrecorded.n - 1] : NULL;
    if (last && m->topic == MESSAGE_event && last->topic == MESSAGE_event && last->attempts == m->attempts && last->answered == m->answered) {
        last->seq = m->seq;
        last->count++;
    } else {
        messages_add(&o->unrecorded, m);
    }
}

void outbox_sent(struct outbox *o, int64_t now_ms, int answered)
{
    o->flying = false;
    o->last_sent_ms = now_ms;
    o->current.attempts = o->current.topic == MESSAGE_test ? 1 : o->attempts + 1;
    o->current.answered = answered;
    o->current.from = o->current.seq;
    o->current.count = 1;
    outbox_told(o, &o->current);
    remember_sent(o, &o->current);
    if (o->current.topic == MESSAGE_digest)
        o->refused_day = DAY_NONE;
    if (o->current.topic != MESSAGE_test)
        outbox_forgive(o);
}

void outbox_decided(struct outbox *o, int64_t now_ms)
{
    int64_t last_sent_ms = o->last_sent_ms;
    int32_t refused_day = o->refused_day;
    outbox_sent(o, now_ms, 0);
    o->unrecorded.at[o->unrecorded.n - 1].count = 0;
    o->last_sent_ms = last_sent_ms;
    o->refused_day = refused_day;
}

/* 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, 8 h and so on, each from eight to twelve tenths of it; the last attempt after a day. */
bool outbox_failed(struct outbox *o, int64_t now_ms, int retry_after_s, uint32_t dice)
{
    static const int32_t pauses_s[] = { 5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800 };
    unsigned last = sizeof(pauses_s) / sizeof(pauses_s[0]) - 1;
    o->flying = false;
    if (o->current.topic == MESSAGE_test)
        return false;
    if (o->attempts++ == 0)
        o->first_ms = now_ms;
    int64_t pause_ms = pauses_s[o->attempts - 1 < last ? o->attempts - 1 : last] * (800 + (int64_t)(dice % 401));
    int64_t asked_ms = (retry_after_s < RETRY_AFTER_S_MAX ? retry_after_s : RETRY_AFTER_S_MAX) * 1000ll;
    int64_t end_ms = o->first_ms + GIVE_UP_MS;
    o->next_ms = now_ms + (asked_ms > pause_ms ? asked_ms : pause_ms);
    if (o->next_ms > end_ms)
        o->next_ms = end_ms;
    if (message_of_alert(&o->current))
        messages_put_first(o->current.again ? &o->again : &o->waiting, &o->current);
    return now_ms >= end_ms;
}
