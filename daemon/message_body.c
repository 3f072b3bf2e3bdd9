/* What a web-hook's message says: {"type", "timestamp", "data"}. Of an alert nothing that changes with the day, so that each attempt says the same. */
#include "../events/days.h"
#include "../projections/portfolios.h"
#include "alerts.h"
#include "answers.h"
#include "deliveries_inside.h"

static void begin(struct json_out *out, const char *type, int64_t ms)
{
    char instant[SERVICE_INSTANT_BYTES];
    json_open(out);
    json_key(out, "type"), json_string(out, type);
    json_key(out, "timestamp"), json_string(out, service_instant_print(ms, instant));
    json_key(out, "data");
    json_open(out);
}

static void end(struct json_out *out)
{
    json_close(out);
    json_close(out);
}

/* ---- alerts ---- */
static void alert_members(struct json_out *out, const struct message *m, bool french)
{
    char id[ALERT_ID_BYTES];
    const struct alert *a = &m->alert;
    enum rule_number r = (enum rule_number)a->rule;
    json_key(out, "alert"), json_string(out, alert_id(a, id));
    json_key(out, "rule"), json_string(out, rules[r].name);
    json_key(out, "participant"), json_id(out, STREAM_participant, a->owes == STREAM_participant ? a->owner : NOBODY);
    json_key(out, "referent"), json_id(out, STREAM_referent, a->owes == STREAM_referent ? a->owner : a->referent);
    if (a->owes != STREAM_participant && a->owes != STREAM_referent)
        json_key(out, stream_name(a->owes)), json_id(out, a->owes, a->owner);
    json_key(out, "to"), json_id(out, STREAM_referent, (uint64_t)m->to);
    json_key(out, "due"), json_day(out, a->due);
    json_key(out, "since"), json_day(out, a->since);
    json_key(out, "turn"), json_string(out, turn_name(r));
    json_key(out, "sentence"), json_string(out, rule_sentence(r, french));
    json_key(out, "cause"), json_seq(out, a->cause);
}

/* Settled ones are filed under each month in which they showed. */
static bool find_late(struct call *c, const struct alert *a, struct late_row *ret)
{
    bool found = false;
    for (int32_t month = month_index(a->since); !found && month <= month_index(c->today); month++) {
        struct row from = { .key_bytes = 0 };
        struct text key, value;
        key_u32(&from, (uint32_t)month ^ 0x80000000u);
        from.key[from.key_bytes++] = (uint8_t)a->rule;
        store_key_u64(from.key + from.key_bytes, a->owner);
        struct store_cursor *cursor = store_cursor(c->views, projection_table(&late_alerts));
        bool more = store_seek(cursor, (struct text){ (const char *)from.key, 13 }, &key, &value);
        for (; more && !found && memcmp(key.at, from.key, 13) == 0; more = store_next(cursor, &key, &value)) {
            memcpy(ret, value.at, sizeof(*ret));
            found = ret->since == a->since;
        }
        store_cursor_close(cursor);
    }
    return found;
}

/* A participant's that no event settled: what it came from was corrected or taken out. Of duties nothing is filed. */
static void settled_body(struct call *c, struct json_out *out, const struct message *m)
{
    char id[ALERT_ID_BYTES];
    struct late_row row;
    bool filed = m->alert.owes == STREAM_participant && find_late(c, &m->alert, &row);
    begin(out, "alert.settled", service_instant_of(filed ? row.settled_on : c->today, 0));
    json_key(out, "alert"), json_string(out, alert_id(&m->alert, id));
    json_key(out, "settled");
    if (filed) {
        json_open(out);
        json_key(out, "on"), json_day(out, row.settled_on);
        json_key(out, "event"), json_seq(out, row.settled);
        json_close(out);
    } else {
        json_null(out);
        if (m->alert.owes == STREAM_participant)
            json_key(out, "reason"), json_string(out, "void");
    }
    end(out);
}

static void alert_body(struct call *c, struct json_out *out, const struct message *m)
{
    struct message told = *m;
    struct late_row row;
    if (m->alert.due == DAY_NONE && m->alert.owes == STREAM_participant && find_late(c, &m->alert, &row)) {     /* replayed, and settled meanwhile */
        told.alert.due = row.due;
        told.alert.referent = row.referent == NO_REFERENT ? NOBODY : row.referent;
    }
    int32_t day = m->until_day != DAY_NONE ? m->until_day : m->topic == MESSAGE_escalated && m->escalated_on != DAY_NONE ? m->escalated_on : m->alert.since;
    begin(out, m->topic == MESSAGE_shown ? "alert.shown" : "alert.escalated", service_instant_of(day, 0));
    alert_members(out, &told, c->french);
    end(out);
}

/* ---- the others ---- */
static void event_body(struct call *c, struct json_out *out, const struct message *m)
{
    struct text record;
    struct event e;
    enum stream_type type;
    if (!log_record(c->log, m->seq, &record) || !record_read(c->arena, record, NULL, &e, NULL) || !views_stream_type(c->views, &e, &type))
        return;
    char instant[SERVICE_INSTANT_BYTES];
    json_open(out);
    json_key(out, "type"), json_string(out, "event.recorded");
    json_key(out, "timestamp"), json_string(out, service_instant_print(e.recorded_ms, instant));
    json_key(out, "data"), event_to_json(out, &e, type, false);
    json_close(out);
}

static void test_body(struct call *c, struct json_out *out, const struct outbox *o, const struct message *m)
{
    struct text record;
    struct record_header h = { .recorded_ms = 0 };
    if (log_record(c->log, m->seq, &record))
        record_header(record, &h);
    begin(out, "delivery.test", h.recorded_ms);
    json_key(out, "delivery"), json_id(out, STREAM_delivery, o->set.stream);
    json_key(out, "event"), json_seq(out, m->seq);
    end(out);
}

void message_body(struct call *c, struct json_out *out, const struct outbox *o, const struct message *m)
{
    json_out_reset(out);
    if (m->topic == MESSAGE_settled)
        settled_body(c, out, m);
    else if (message_of_alert(m))
        alert_body(c, out, m);
    else if (m->topic == MESSAGE_event)
        event_body(c, out, m);
    else
        test_body(c, out, o, m);
}
