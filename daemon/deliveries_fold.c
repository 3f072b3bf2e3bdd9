/* What the log says went, failed and was asked. */
#include "outbox.h"

static void learn_sent(struct outbox *o, const struct event *e)
{
    const struct messages_sent *d = e->data;
    struct text rest = d->messages, line;
    struct message m;
    while (message_next_line(&rest, &line))
        if (message_read(line, &m))
            outbox_told(o, &m);
    o->through = (uint64_t)d->through;
    if (d->count) {
        o->last_sent_ms = e->recorded_ms;
        o->refused_day = DAY_NONE;
    }
    outbox_forgive(o);
}

static bool is_refusal(const struct message_failed *d)
{
    return d->failure == failure_kind_authentication || d->failure == failure_kind_address || (d->failure == failure_kind_refused && d->answered >= 500);
}

/* The day of trying counts from its first failure, also after a restart; the pause begins anew. */
static void learn_failed(struct outbox *o, const struct event *e)
{
    const struct message_failed *d = e->data;
    struct message m;
    bool read = message_read(d->message, &m);
    if (read && m.topic == MESSAGE_test) {
        outbox_told(o, &m);     /* a test is tried once */
        return;
    }
    if (read && m.topic == MESSAGE_digest && d->given_up == 1)
        outbox_told(o, &m);
    if (read && m.topic == MESSAGE_digest && is_refusal(d))
        o->refused_day = m.day;
    if (d->given_up == 1) {
        outbox_forgive(o);
    } else if (o->attempts == 0) {
        o->attempts = 1;
        o->first_ms = o->next_ms = e->recorded_ms;
        if (read)
            o->current = m;
    }
}

void outbox_learn(struct outbox *o, const struct event *e)
{
    switch (e->kind->number) {
    case KIND_messages_sent:
        learn_sent(o, e);
        break;
    case KIND_message_failed:
        learn_failed(o, e);
        break;
    case KIND_delivery_tested:
        outbox_test(o, e->seq);
        break;
    case KIND_delivery_resumed:
    case KIND_delivery_changed:
        outbox_forgive(o);
        break;
    default:
        break;
    }
}

static void replay_record(struct outbox *o, const struct messages_sent *d)
{
    struct text rest = d->messages, line;
    struct message m;
    uint64_t from, until;
    while (message_next_line(&rest, &line)) {
        if (message_read_run(line, &from, &until))
            o->through = from - 1 < o->through ? from - 1 : o->through;
        else if (message_read(line, &m) && m.topic <= MESSAGE_settled)
            outbox_again(o, &m);
    }
}

void outbox_replay(struct outbox *o, const struct event *const *past, uint32_t count, int32_t from_day)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct messages_sent *d = past[i]->data;
        if (past[i]->kind->number == KIND_messages_sent && d->day >= from_day)
            replay_record(o, d);
    }
}
