/* What is subscribed to, how it goes, and what was sent: from the log, and what the thread knows besides (deliveries.h). */
#include <stdio.h>

#include "../events/days.h"
#include "../events/failure.h"
#include "../events/roles.h"
#include "answers.h"
#include "deliveries.h"
#include "message.h"
#include "out/hook.h"
#include "settings.h"
#include "subscription.h"

#define SENT_PAGE_MAX 1000

static const char *const ways[] = { [WAY_webhook] = "webhook", [WAY_digest] = "digest", [WAY_calendar] = "calendar" };

/* ---- one ---- */
static void put_words(struct json_out *out, const char *key, unsigned vocabulary, uint64_t set)
{
    json_key(out, key), json_open_list(out);
    for (int64_t word = 0; word < WORDS_MAX; word++)
        if (set >> word & 1)
            json_word(out, vocabulary, word);
    json_close_list(out);
}

static void put_settings(struct json_out *out, const struct subscription *s)
{
    char time[8];
    json_key(out, "kind"), json_string(out, ways[s->way]);
    json_key(out, "referent"), json_id(out, STREAM_referent, (uint64_t)s->referent);
    if (s->way == WAY_webhook)
        put_words(out, "topics", VOCABULARY_delivery_topic, s->topics);
    if (s->way == WAY_digest) {
        snprintf(time, sizeof(time), "%02d:%02d", s->minute / 60 % 24, s->minute % 60);
        json_key(out, "time"), json_string(out, time);
        put_words(out, "weekdays", VOCABULARY_weekday, s->weekdays);
        json_key(out, "even_empty"), json_bool(out, s->even_empty);
    }
    json_key(out, "language"), json_word(out, VOCABULARY_language, s->english ? language_en : language_fr);
    if (s->way != WAY_webhook)
        json_key(out, "names"), json_bool(out, s->names);
}

static void put_instant(struct json_out *out, const char *key, int64_t ms)
{
    char instant[INSTANT_TEXT_BYTES];
    json_key(out, key);
    if (ms)
        json_string(out, instant_print(ms, instant));
    else
        json_null(out);
}

/* How it goes: stopped, failing, running. What the thread has not come to yet is running. */
static void put_state(struct call *c, const struct subscription *s)
{
    struct json_out *out = c->out;
    struct deliveries *deliveries = c->service->deliveries;
    struct delivery_state state = { .through = s->opened_seq };
    bool known = deliveries && deliveries_state(deliveries, s->stream, &state), stopped = s->stopped_on != DAY_NONE;
    json_key(out, "state"), json_string(out, stopped ? "stopped" : state.attempts ? "failing" : "running");
    if (stopped) {
        json_key(out, "stopped_on"), json_day(out, s->stopped_on);
        json_key(out, "reason"), json_word(out, VOCABULARY_stop_reason, s->stopped_why);
    }
    if (s->way == WAY_calendar)
        return;
    if (state.attempts) {
        put_instant(out, "failing_since", state.failing_ms);
        put_instant(out, "next_attempt", stopped ? 0 : state.next_ms);
    }
    json_key(out, "attempts"), json_number(out, state.attempts);
    if (state.said[0])
        json_key(out, "said"), json_string(out, state.said);
    put_instant(out, "last_sent", state.last_sent_ms);
    json_key(out, "waiting");
    if (known)
        json_number(out, state.waiting);
    else
        json_null(out);
    json_key(out, "through"), json_seq(out, state.through);
}

static struct text calendar_address(struct call *c, const struct subscription *s)
{
    char id[ID_TEXT_BYTES];
    const char *base = c->service->settings->public_url;
    return arena_print(c->arena, "%s/v1/calendars/%s/%.*s", base ? base : "", id_print(STREAM_delivery, s->stream, id), TEXT_ARGS(s->secret));
}

/* Where it goes and by which key: the coordinator's alone. */
static void put_secrets(struct call *c, const struct subscription *s)
{
    struct json_out *out = c->out;
    char secret[HOOK_SECRET_TEXT_BYTES];
    if (s->way == WAY_calendar && s->secret.at) {
        json_key(out, "feed"), json_text(out, calendar_address(c, s));
        return;
    }
    json_key(out, s->way == WAY_webhook ? "url" : "address"), json_text(out, s->address);
    if (s->way == WAY_webhook && s->secret.at)
        json_key(out, "secret"), json_string(out, hook_secret(s->secret, secret));
}

static void put_delivery(struct call *c, const struct subscription *s, bool secrets)
{
    json_open(c->out);
    json_key(c->out, "delivery"), json_id(c->out, STREAM_delivery, s->stream);
    put_settings(c->out, s);
    if (secrets)
        put_secrets(c, s);
    put_state(c, s);
    json_close(c->out);
}

void answer_deliveries(struct call *c)
{
    uint32_t count = 0;
    struct subscription s;
    if (!call_look(c))
        return;
    struct streams all = streams_of(c, STREAM_delivery);
    json_open(c->out);
    json_key(c->out, "deliveries"), json_open_list(c->out);
    for (uint32_t i = 0; i < all.n; i++)
        if (subscription_read(c, c->arena, all.at[i], false, &s)) {
            put_delivery(c, &s, false);
            count++;
        }
    json_close_list(c->out);
    json_key(c->out, "count"), json_number(c->out, count);
    json_close(c->out);
}

void answer_delivery(struct call *c)
{
    struct subscription s;
    bool secrets = c->role == ROLE_coordinator;
    if (!call_look(c))
        return;
    if (subscription_read(c, c->arena, c->stream, secrets, &s))
        put_delivery(c, &s, secrets);
    else
        call_refuse(c, REFUSED_unknown, NULL, NULL);
}

/* ---- what was sent ---- */
struct sent {
    struct call *call;
    int32_t from, to;           /* days they were sent */
    uint64_t after_seq;         /* where the page before ended: a record, ... */
    int64_t after_line;         /* ... a line of it */
    struct text subject;        /* that alone; absent: any */
    int64_t left;
    uint64_t last_seq;
    int64_t last_line;
};

/* Whether the line is of the subject asked for: an alert's id (with "@" and a day or without), an event's number, a day. */
static bool is_about(const struct sent *s, struct text line)
{
    char subject[MESSAGE_LINE_BYTES];
    struct message m;
    if (!s->subject.at)
        return true;
    if (!message_read(line, &m))
        return false;
    message_subject(&m, subject);
    size_t bytes = strlen(subject);
    return bytes >= s->subject.bytes && memcmp(subject, s->subject.at, s->subject.bytes) == 0 && (bytes == s->subject.bytes || subject[s->subject.bytes] == '@');
}

static void put_message(struct sent *s, const struct event *e, struct text line, int64_t attempts, int64_t answered, const struct message_failed *failed)
{
    char subject[MESSAGE_LINE_BYTES], instant[INSTANT_TEXT_BYTES];
    struct json_out *out = s->call->out;
    struct message m;
    uint64_t from, until;
    bool run = message_read_run(line, &from, &until);
    if (!run && !message_read(line, &m))
        return;
    if (run)
        snprintf(subject, sizeof(subject), "%llu-%llu", (unsigned long long)from, (unsigned long long)until);
    json_open(out);
    json_key(out, "id");
    if (run)
        json_null(out);
    else
        json_string(out, m.id);
    json_key(out, "topic"), json_string(out, message_topic_name(run ? MESSAGE_event : m.topic));
    json_key(out, "subject"), json_string(out, run ? subject : message_subject(&m, subject));
    json_key(out, "at"), json_string(out, instant_print(e->recorded_ms, instant));
    json_key(out, "attempts"), json_number(out, attempts);
    json_key(out, "answered");
    if (answered == ABSENT)
        json_null(out);
    else
        json_number(out, answered);
    json_key(out, "failed"), json_word(out, VOCABULARY_failure_kind, failed ? failed->failure : ABSENT);
    if (failed && failed->given_up == 1)
        json_key(out, "given_up"), json_bool(out, true);
    if (!failed && ((const struct messages_sent *)e->data)->digest_of.at)
        json_key(out, "digest_of"), json_text(out, ((const struct messages_sent *)e->data)->digest_of);
    json_key(out, "event"), json_seq(out, e->seq);
    json_close(out);
}

/* False: the page is full. */
static bool take_line(struct sent *s, const struct event *e, int64_t number, struct text line)
{
    if (!is_about(s, line) || e->seq < s->after_seq || (e->seq == s->after_seq && number <= s->after_line))
        return true;
    if (s->left == 0)
        return false;
    const struct messages_sent *sent = e->data;
    const struct message_failed *failed = e->data;
    bool good = e->kind->number == KIND_messages_sent;
    put_message(s, e, line, good ? sent->attempts : failed->attempts, good ? sent->answered : failed->answered, good ? NULL : failed);
    s->left--;
    s->last_seq = e->seq;
    s->last_line = number;
    return true;
}

static bool take_event(struct sent *s, const struct event *e)
{
    bool sent = e->kind->number == KIND_messages_sent, within = e->on >= s->from && e->on <= s->to;
    if (!within || (!sent && e->kind->number != KIND_message_failed))
        return true;
    if (!sent)
        return take_line(s, e, 0, ((const struct message_failed *)e->data)->message);
    struct text rest = ((const struct messages_sent *)e->data)->messages, line;
    bool more = true;
    for (int64_t number = 0; more && message_next_line(&rest, &line); number++)
        more = take_line(s, e, number, line);
    return more;
}

/* Whether the stream holds what was sent for this delivery, in a month of those asked for. */
static bool is_of(struct sent *s, uint64_t stream)
{
    uint64_t seq;
    struct text record;
    struct event e;
    struct call *c = s->call;
    if (views_stream(c->views, stream, &seq, 1) != 1 || !log_record(c->log, seq, &record) || !record_read(c->arena, record, NULL, &e, NULL) ||
        e.kind->number != KIND_sending_opened)
        return false;
    const struct sending_opened *opened = e.data;
    return opened->delivery == (int64_t)c->stream && opened->month >= month_index(s->from) && opened->month <= month_index(s->to);
}

static bool walk_sent(struct sent *s)
{
    struct call *c = s->call;
    struct arena scratch;
    bool more = true, good = true;
    struct streams all = streams_of(c, STREAM_sending);
    arena_init(&scratch, REQUEST_ARENA_BYTES);
    for (uint32_t i = 0; i < all.n && more && good; i++) {
        const struct event **events;
        uint32_t count;
        if (!is_of(s, all.at[i]))
            continue;
        arena_reset(&scratch);
        good = stream_events(&scratch, c->log, c->views, all.at[i], NULL, &events, &count) == 0;
        for (uint32_t k = 0; good && more && k < count; k++)
            more = take_event(s, events[k]);
    }
    arena_free(&scratch);
    if (!good) {
        failure_forget();
        call_refuse(c, REFUSED_outcome, NULL, NULL);
    }
    return good;
}

static bool read_cursor(struct sent *s, struct text after)
{
    char text[64];
    unsigned long long seq;
    long long line;
    if (!after.at)
        return true;
    snprintf(text, sizeof(text), "%.*s", TEXT_ARGS(after));
    if (sscanf(text, "%llu.%lld", &seq, &line) != 2)
        return call_refuse_parameter(s->call, "after", "not a cursor that was given");
    s->after_seq = seq;
    s->after_line = line;
    return true;
}

void answer_sent(struct call *c)
{
    struct sent s = { .call = c, .from = DAY_FIRST, .to = DAY_LAST, .after_line = -1, .left = SENT_PAGE_MAX };
    struct text after = { NULL, 0 };
    char cursor[64];
    if (!call_day(c, "from", &s.from) || !call_day(c, "to", &s.to) || !call_number(c, "limit", 1, SENT_PAGE_MAX, &s.left) || !call_text(c, "after", &after) ||
        !call_text(c, "subject", &s.subject) || !call_look(c) || !call_knows(c, STREAM_delivery, c->stream) || !read_cursor(&s, after))
        return;
    json_open(c->out);
    json_key(c->out, "delivery"), json_id(c->out, STREAM_delivery, c->stream);
    json_key(c->out, "messages"), json_open_list(c->out);
    if (!walk_sent(&s))
        return;
    json_close_list(c->out);
    snprintf(cursor, sizeof(cursor), "%llu.%lld", (unsigned long long)s.last_seq, (long long)s.last_line);
    json_key(c->out, "next_cursor");
    if (s.left == 0)
        json_string(c->out, cursor);
    else
        json_null(c->out);
    json_close(c->out);
}
