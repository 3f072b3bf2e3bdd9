/* A referent, and a committee session: streams that are short and read whole. Caseloads are read here, too. */
#include <string.h>

#include "../projections/portfolios.h"
#include "answers.h"

int64_t caseload_on(struct call *call, uint64_t referent, int32_t day)
{
    uint8_t prefix[8];
    struct text key, value;
    int64_t n = 0;
    store_key_u64(prefix, referent);
    struct store_cursor *c = store_cursor(call->views, projection_table(&caseloads));
    bool more = store_seek(c, (struct text){ (const char *)prefix, 8 }, &key, &value);
    for (; more && memcmp(key.at, prefix, 8) == 0 && key_read_day(key.at + 8) <= day; more = store_next(c, &key, &value)) {
        int32_t by;
        memcpy(&by, value.at, sizeof(by));
        n += by;
    }
    store_cursor_close(c);
    return n;
}

int64_t caseload_target(struct call *call, int64_t share_percent, int32_t day)
{
    const struct rulebook *b = rulebook_on(call->books, day, UINT64_MAX);
    if (!rule_applies(b, RULE_caseload))
        return ABSENT;
    return b->rule[RULE_caseload].value.at[0] * (share_percent == ABSENT ? 100 : share_percent) / 100;
}

bool call_knows(struct call *call, enum stream_type type, uint64_t stream)
{
    if (call_has_stream(call, type, stream))
        return true;
    call_refuse(call, REFUSED_unknown, NULL, NULL);
    return false;
}

static void put_number(struct json_out *out, int64_t n)
{
    if (n == ABSENT)
        json_null(out);
    else
        json_number(out, n);
}

void answer_referent(struct call *call)
{
    struct card card;
    const struct event **events;
    uint32_t count;
    struct json_out *out = call->out;
    int32_t on = call->today;
    if (!call_day(call, "on", &on) || !call_look(call) ||
        !call_card(call, call->arena, call->stream, STREAM_referent, (struct moment){ on, INT64_MAX }, &card, &events, &count))
        return;
    json_open(out);
    json_key(out, "referent"), json_id(out, STREAM_referent, call->stream);
    json_key(out, "version"), json_number(out, (int64_t)views_stream_version(call->views, call->stream));
    json_key(out, "on"), json_day(out, on);
    json_key(out, "since"), json_day(out, card.opened_on);
    json_key(out, "left"), json_day(out, card.closed_on);
    json_key(out, "share_percent"), put_number(out, card.share_percent);
    json_key(out, "absent_since"), json_day(out, card.absent_on);
    json_key(out, "substitute"), json_id(out, STREAM_referent, (uint64_t)card.substitute);
    json_key(out, "caseload"), json_number(out, caseload_on(call, call->stream, on));
    json_key(out, "caseload_target"), put_number(out, caseload_target(call, card.share_percent, on));
    json_close(out);
}

static bool was_held(const struct event *const *events, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (events[i]->kind->number == KIND_session_held)
            return true;
    return false;
}

void answer_session(struct call *call)
{
    struct card card;
    const struct event **events;
    uint32_t count;
    struct moment m;
    struct json_out *out = call->out;
    if (!call_moment(call, &m) || !call_look(call) || !call_card(call, call->arena, call->stream, STREAM_session, m, &card, &events, &count))
        return;
    json_open(out);
    json_key(out, "session"), json_id(out, STREAM_session, call->stream);
    json_key(out, "version"), json_number(out, (int64_t)views_stream_version(call->views, call->stream));
    json_key(out, "kind"), json_word(out, VOCABULARY_session_kind, card.kind);
    json_key(out, "day"), json_day(out, card.day);
    json_key(out, "held"), json_bool(out, was_held(events, count));
    json_key(out, "members"), put_number(out, card.members);
    json_close(out);
}
