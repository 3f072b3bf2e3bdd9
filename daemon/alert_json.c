/* One alert as it is told: whom it goes to, what became of it. */
#include "alerts.h"
#include "answers.h"
#include "service.h"

/* ---- the référents of that day ---- */
struct card_reading {
    struct call *call;
    struct moment moment;
};

static bool read_card(void *context, uint64_t referent, struct card *ret)
{
    struct card_reading *x = context;
    const struct event **events;
    struct arena scratch;
    uint32_t count;
    arena_init(&scratch, REQUEST_ARENA_BYTES);
    bool good = call_card(x->call, &scratch, referent, STREAM_referent, x->moment, ret, &events, &count);
    arena_free(&scratch);
    return good;
}

struct alerts_view alerts_view_of(struct call *call, int32_t on, int64_t known_at)
{
    struct card_reading *x = ARENA_ARRAY(call->arena, struct card_reading, 1);
    struct followers *f = ARENA_ARRAY(call->arena, struct followers, 1);
    *x = (struct card_reading){ call, { on, known_at } };
    *f = (struct followers){ .arena = call->arena, .card = read_card, .context = x, .day = on };
    return (struct alerts_view){ on, call->books, f };
}

struct way alert_routed(const struct alerts_view *view, const struct alert *a)
{
    return alert_route(view->followers, a, view->books);
}

/* ---- JSON ---- */
static void put_settled(struct json_out *out, const struct alert *a, int32_t on)
{
    if (alert_status_on(a, on) != ALERT_settled) {
        json_null(out);
        return;
    }
    json_open(out);
    json_key(out, "on"), json_day(out, a->settled_on);
    json_key(out, "event"), json_seq(out, a->settled);
    json_close(out);
}

/* The command that says it was seen, ready to be sent; putting it off takes `until_day` and `reason` besides. */
static void put_heed(struct json_out *out, const struct alert *a)
{
    json_open(out);
    json_key(out, "command"), json_string(out, kind_of(KIND_alert_acknowledged)->command);
    json_key(out, stream_name(a->owes)), json_id(out, a->owes, a->owner);
    json_key(out, "data"), json_open(out);
    json_key(out, "rule"), json_string(out, rules[a->rule].name);
    json_key(out, "since"), json_day(out, a->since);
    json_close(out);
    json_close(out);
}

void alert_json(struct json_out *out, const struct alert *a, const struct alerts_view *view, bool french)
{
    char id[ALERT_ID_BYTES];
    enum rule_number r = (enum rule_number)a->rule;
    struct way way = alert_routed(view, a);
    bool standing = alert_status_on(a, view->on) != ALERT_settled;
    json_open(out);
    json_key(out, "alert"), json_string(out, alert_id(a, id));
    json_key(out, "rule"), json_string(out, rules[r].name);
    json_key(out, "participant"), json_id(out, STREAM_participant, a->owes == STREAM_participant ? a->owner : NOBODY);
    json_key(out, "referent"), json_id(out, STREAM_referent, a->referent);
    if (a->owes != STREAM_participant && a->owes != STREAM_referent)
        json_key(out, stream_name(a->owes)), json_id(out, a->owes, a->owner);
    json_key(out, "due"), json_day(out, a->due);
    json_key(out, "since"), json_day(out, a->since);
    json_key(out, "late_days"), json_number(out, view->on > a->due ? view->on - a->due : 0);
    json_key(out, "turn"), json_string(out, turn_name(r));
    json_key(out, "status"), json_string(out, alert_status_name(alert_status_on(a, view->on)));
    json_key(out, "seen_on"), json_day(out, a->seen_on);
    json_key(out, "until"), json_day(out, a->until_day);
    json_key(out, "to"), json_id(out, STREAM_referent, way.to);
    json_key(out, "escalates_on"), json_day(out, way.escalates_on);
    json_key(out, "escalated"), json_bool(out, way.escalated);
    json_key(out, "settled"), put_settled(out, a, view->on);
    json_key(out, "sentence"), json_string(out, rule_sentence(r, french));
    json_key(out, "cause"), json_seq(out, a->cause);
    if (standing)
        json_key(out, "heed"), put_heed(out, a);
    json_close(out);
}
