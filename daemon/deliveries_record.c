/* What went, failed or ended becomes events: commands like any other, made here, judged by the writer. */
#include <stdio.h>

#include "../events/days.h"
#include "../events/failure.h"
#include "../events/ids.h"
#include "../events/roles.h"
#include "deliveries_inside.h"

#define LINES_MAX 80            /* of one record, ... */
#define LINES_BYTES_MAX 7800    /* ... which is a text of 8,000 bytes; */
#define COUNT_MAX 100000        /* its count's bound in the catalogue */
#define SENDING_EVENTS_MAX 19000        /* then another stream of that month: one holds 20,000 */
/* What was sent is recorded at the latest so long after: killed before, it goes again. One record in that time, at most 14,400 a month and
 * delivery, is the price of a receiver that is told of something now and then; bursts fill their records. */
#define FLUSH_MS 180000
#define BLOCKED_MS 5000
#define COMMANDS_OF_ONE 300     /* in one order; the rest follows */

static const struct json_limits limits = { 16u << 20, 8, 100000 };

/* What the commands of one order are about. */
struct noting {
    struct deliveries *d;
    struct delivery *one;
    struct json_out *out;
    uint32_t commands, lines;           /* so far; of the unrecorded */
    bool opens;
    uint32_t lines_after[COMMANDS_OF_ONE + 4];  /* how many lines are kept once that command is */
    char key[96];                       /* of the command that opens the sending */
};

/* ---- one command ---- */
static void begin_command(struct noting *n, const char *name, bool into_sending)
{
    char id[ID_TEXT_BYTES], instant[INSTANT_TEXT_BYTES];
    struct json_out *out = n->out;
    struct desk *desk = n->d->service->desk;
    json_open(out);
    json_key(out, "command"), json_string(out, name);
    if (into_sending && n->opens) {
        char by_key[100];
        snprintf(by_key, sizeof(by_key), "=%s", n->key);
        json_key(out, "sending"), json_string(out, by_key);
    } else if (into_sending) {
        json_key(out, "sending"), json_string(out, id_print(STREAM_sending, n->one->box.sending, id));
    }
    if (desk_is_demo(desk))
        json_key(out, "recorded"), json_string(out, instant_print(desk_last_recorded_ms(desk), instant));
    n->lines_after[n->commands++] = n->lines;
}

static void open_sending(struct noting *n, int32_t month)
{
    char id[ID_TEXT_BYTES], text[DAY_TEXT_BYTES];
    struct json_out *out = n->out;
    id_print(STREAM_delivery, n->one->box.set.stream, id);
    month_print(month, text);
    begin_command(n, "open_sending", false);
    snprintf(n->key, sizeof(n->key), "sending %s %s %u", id, text, n->one->sending_count);
    json_key(out, "id"), json_string(out, n->key);
    json_key(out, "data");
    json_open(out);
    json_key(out, "delivery"), json_string(out, id);
    json_key(out, "month"), json_string(out, text);
    json_close(out);
    json_close(out);
    n->opens = true;
}

/* From `first` on, as many as fit one record: the same attempts and answer, and the same topic or several. Returns how many. */
static uint32_t lines_of(const struct messages *list, uint32_t first, char text[LINES_BYTES_MAX + 1], uint32_t *ret_count, bool *ret_one_topic)
{
    const struct message *m = &list->at[first];
    uint32_t lines = 0;
    size_t bytes = 0;
    *ret_count = 0;
    *ret_one_topic = true;
    for (uint32_t i = first; i < list->n && lines < LINES_MAX; i++) {
        char line[MESSAGE_LINE_BYTES];
        const struct message *next = &list->at[i];
        message_line(next, line);
        if (next->attempts != m->attempts || next->answered != m->answered || bytes + strlen(line) + 1 > LINES_BYTES_MAX || *ret_count + next->count > COUNT_MAX)
            break;
        bytes += (size_t)snprintf(text + bytes, LINES_BYTES_MAX + 1 - bytes, "%s%s", lines ? "\n" : "", line);
        *ret_one_topic = *ret_one_topic && next->topic == m->topic;
        *ret_count += next->count;
        lines++;
    }
    return lines;
}

static void note_sent(struct noting *n, int32_t today)
{
    char text[LINES_BYTES_MAX + 1];
    uint32_t count;
    bool one_topic;
    struct json_out *out = n->out;
    const struct message *m = &n->one->box.unrecorded.at[n->lines];
    n->lines += lines_of(&n->one->box.unrecorded, n->lines, text, &count, &one_topic);
    begin_command(n, "note_sent", true);
    json_key(out, "data");
    json_open(out);
    if (one_topic && m->topic <= MESSAGE_event)
        json_key(out, "topic"), json_string(out, message_topic_name(m->topic));
    json_key(out, "messages"), json_string(out, text);
    json_key(out, "count"), json_number(out, count);
    json_key(out, "through"), json_number(out, (int64_t)n->one->box.through);
    json_key(out, "day"), json_day(out, m->topic == MESSAGE_digest ? m->day : today);
    json_key(out, "attempts"), json_number(out, m->attempts < 99 ? m->attempts : 99);
    json_key(out, "answered"), json_number(out, m->answered);
    if (m->topic == MESSAGE_digest && m->count)     /* one at a time (digest_may_go) */
        json_key(out, "digest_of"), json_string(out, n->one->mail_hash);
    json_close(out);
    json_close(out);
}

static void note_failed(struct noting *n)
{
    static const int kinds[] = { [TRANSFER_refused] = failure_kind_refused, [TRANSFER_unreachable] = failure_kind_unreachable, [TRANSFER_timeout] = failure_kind_timeout,
                                 [TRANSFER_tls] = failure_kind_tls, [TRANSFER_authentication] = failure_kind_authentication, [TRANSFER_address] = failure_kind_address };
    char line[MESSAGE_LINE_BYTES];
    const struct delivery *one = n->one;
    struct json_out *out = n->out;
    begin_command(n, "note_failed", true);
    json_key(out, "data");
    json_open(out);
    json_key(out, "message"), json_string(out, message_line(&one->failed_message, line));
    json_key(out, "failure"), json_string(out, word_name(VOCABULARY_failure_kind, kinds[one->failed_end]));
    if (one->failed_answered > 0)
        json_key(out, "answered"), json_number(out, one->failed_answered);
    json_key(out, "attempts"), json_number(out, one->failed_attempts < 99 ? one->failed_attempts : 99);
    if (one->given_up)
        json_key(out, "given_up"), json_bool(out, true);
    json_key(out, "through"), json_number(out, (int64_t)one->box.through);
    json_close(out);
    json_close(out);
}

static void stop_delivery(struct noting *n)
{
    char id[ID_TEXT_BYTES];
    struct json_out *out = n->out;
    begin_command(n, "stop_delivery", false);
    json_key(out, "delivery"), json_string(out, id_print(STREAM_delivery, n->one->box.set.stream, id));
    json_key(out, "data");
    json_open(out);
    json_key(out, "reason"), json_string(out, word_name(VOCABULARY_stop_reason, n->one->stop_why));
    json_close(out);
    json_close(out);
}

static void make_commands(struct noting *n)
{
    struct delivery *one = n->one;
    struct outbox *o = &one->box;
    int32_t today = service_today(n->d->service);
    bool sends = o->unrecorded.n || one->failed;
    json_out_reset(n->out);
    json_open_list(n->out);
    if (sends && (o->sending == 0 || o->month != month_index(today) || o->sending_events >= SENDING_EVENTS_MAX))
        open_sending(n, month_index(today));
    while (n->lines < o->unrecorded.n && n->commands < COMMANDS_OF_ONE)
        note_sent(n, today);
    if (one->failed && n->lines == o->unrecorded.n)
        note_failed(n);
    if (one->stop_why >= 0 && n->lines == o->unrecorded.n)
        stop_delivery(n);
    json_close_list(n->out);
}

/* ---- through the writer ---- */
static bool read_commands(struct noting *n, struct ticket *t)
{
    const struct json *json = NULL;
    struct json_error error;
    struct service *s = n->d->service;
    struct reading reading = { .arena = &t->arena, .actor = actor_of(ROLE_daemon, 1), .today = service_today(s), .demo = desk_is_demo(s->desk), .mac_key = &s->mac_key };
    uint32_t i = 0;
    if (json_out_failed(n->out) || json_read(&t->arena, (struct text){ n->out->at, (uint32_t)n->out->bytes }, &limits, &json, &error) != 0)
        return false;
    t->order.commands = ARENA_ARRAY(&t->arena, struct command, json->count);
    t->order.outcomes = ARENA_ARRAY(&t->arena, struct outcome, json->count);
    t->order.count = json->count;
    for (const struct json *one = json->first; one; one = one->next, i++) {
        struct outcome *out = &t->order.outcomes[i];
        out->refusal = command_read(&reading, one, (struct text){ NULL, 0 }, &t->order.commands[i], &out->problems);
        if (out->refusal != REFUSED_none)
            return false;
    }
    return true;
}

static void keep_rest(struct messages *list, uint32_t done)
{
    if (done == 0)
        return;
    list->n -= done;
    if (list->n)        /* a list that never held anything is nowhere */
        memmove(list->at, list->at + done, list->n * sizeof(*list->at));
}

/* What became of each: the first that was refused ends it. False: nothing can be recorded for now. */
static bool take_outcomes(struct noting *n, const struct order *order)
{
    struct delivery *one = n->one;
    uint32_t done = 0;
    bool good = true;
    for (uint32_t i = 0; i < order->count && good; i++) {
        const struct outcome *out = &order->outcomes[i];
        uint16_t kind = order->commands[i].kind->number;
        good = out->refusal == REFUSED_none || out->refusal == REFUSED_repeated;
        if (!good && out->refusal == REFUSED_too_large)
            one->box.sending_events = SENDING_EVENTS_MAX;       /* another one, next time */
        if (!good)
            break;
        one->box.sending_events++;
        if (kind == KIND_sending_opened)
            delivery_add_sending(one, out->stream, month_index(service_today(n->d->service)));
        else if (kind == KIND_message_failed)
            one->failed = false;
        else if (kind == KIND_delivery_stopped)
            one->stop_why = -1, one->box.set.stopped_on = service_today(n->d->service);     /* at once: the log is read after what may go */
        if (kind == KIND_messages_sent)
            done = i + 1 < n->commands ? n->lines_after[i + 1] : n->lines;
    }
    keep_rest(&one->box.unrecorded, done);
    return good;
}

static bool record_one(struct deliveries *d, struct delivery *one)
{
    struct noting n = { .d = d, .one = one, .out = &d->commands };
    struct ticket *t = &d->ticket;
    struct arena arena = t->arena;
    arena_reset(&arena);
    *t = (struct ticket){ .arena = arena, .form = FORM_ARRAY, .minimal = true, .today = service_today(d->service) };
    t->order.arena = &t->arena;
    make_commands(&n);
    bool good = read_commands(&n, t);
    if (!good)
        fprintf(stderr, "parcoursd: a record of what was sent could not be made: this is a mistake in the program\n");
    good = good && writer_record(d->service->writer, t) && take_outcomes(&n, &t->order);
    failure_forget();
    return good;
}

/* ---- when ---- */
static bool is_due(const struct deliveries *d, const struct delivery *one, bool all)
{
    const struct outbox *o = &one->box;
    int64_t elapsed = service_elapsed_ms();
    if (one->failed || one->stop_why >= 0)
        return true;
    if (o->unrecorded.n == 0)
        return false;
    bool idle = !o->flying && o->tests.n + o->again.n + o->waiting.n == 0;
    bool old = elapsed - one->unrecorded_ms >= FLUSH_MS || service_clock_ms(d->service) - one->unrecorded_clock_ms >= FLUSH_MS;
    return all || one->flush || old || o->unrecorded.n >= LINES_MAX || one->replay_seq || (idle && elapsed - one->recorded_ms >= FLUSH_MS);
}

void deliveries_record(struct deliveries *d, bool all)
{
    if ((service_elapsed_ms() < d->blocked_ms && !all) || atomic_load(&d->service->failure))
        return;
    for (unsigned i = 0; i < d->count; i++) {
        struct delivery *one = d->at[i];
        if (!is_due(d, one, all))
            continue;
        if (!record_one(d, one)) {
            d->blocked_ms = service_elapsed_ms() + BLOCKED_MS;
            return;
        }
        one->flush = one->box.unrecorded.n > 0 && one->flush;
        one->recorded_ms = service_elapsed_ms();
    }
}
