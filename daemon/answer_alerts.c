/* GET /v1/alerts: the alerts of a day, page by page. */
#include "alerts.h"
#include "answers.h"

#define PAGE_MAX 10000

/* ?to=r_... or coordinator. */
static bool call_to(struct call *call, uint64_t *ret)
{
    struct text to = { NULL, 0 };
    if (!call_text(call, "to", &to))
        return false;
    if (to.at && text_is(to, "coordinator")) {
        *ret = TO_COORDINATOR;
        return true;
    }
    return call_stream(call, "to", STREAM_referent, ret);
}

/* ?status=open,seen */
static bool call_statuses(struct call *call, unsigned *ret)
{
    struct text list = { NULL, 0 };
    if (!call_text(call, "status", &list))
        return false;
    unsigned statuses = 0;
    for (bool more = list.at; more;) {
        const char *comma = memchr(list.at, ',', list.bytes);
        struct text one = { list.at, comma ? (uint32_t)(comma - list.at) : list.bytes };
        int s = alert_status_named(one);
        if (s < 0)
            return call_refuse_parameter(call, "status", "of open, seen, put_off and settled, with commas between them");
        statuses |= 1u << s;
        more = comma;
        list = (struct text){ list.at + one.bytes + 1, list.bytes - one.bytes - (more ? 1 : 0) };
    }
    *ret = statuses ? statuses : *ret;
    return true;
}

/* ?alert=ID, of a stream that is there. */
static bool call_alert(struct call *call, struct alert *one, const struct alert **ret)
{
    struct text id = { NULL, 0 };
    if (!call_text(call, "alert", &id) || !id.at)
        return !call->answered;
    *ret = one;
    if (!alert_id_read(id, one))
        return call_refuse_parameter(call, "alert", "an alert is RULE:STREAM:DAY, the day it is counted since");
    return call_look(call) && call_knows(call, one->owes, one->owner);
}

/* The first alert after the one whose id ended the page before; false: that is none. */
static bool find_page(struct call *call, const struct alert *at, uint32_t n, struct text after, uint32_t *ret_first)
{
    struct alert last;
    *ret_first = 0;
    if (!after.at)
        return true;
    if (!alert_id_read(after, &last))
        return call_refuse_parameter(call, "after", "not a cursor that was given");
    while (*ret_first < n && alert_compare(&at[*ret_first], &last) <= 0)
        (*ret_first)++;
    return true;
}

static bool read_asked(struct call *call, struct alerts_asked *q, struct alert *one)
{
    int64_t escalated = 0;
    bool good = call_day(call, "on", &q->on) && call_instant(call, "known_at", &q->known_at) && call_stream(call, "referent", STREAM_referent, &q->referent) &&
                call_stream(call, "participant", STREAM_participant, &q->participant) && call_rule(call, "rule", &q->rule) && call_to(call, &q->to) &&
                call_statuses(call, &q->statuses) && call_number(call, "escalated", 0, 1, &escalated) && call_alert(call, one, &q->only);
    q->escalated = escalated;
    return good;
}

void answer_alerts(struct call *call)
{
    struct alerts_asked asked = alerts_of_today(call);
    struct json_out *out = call->out;
    struct text after = { NULL, 0 };
    int64_t limit = PAGE_MAX;
    struct alert *at, one;
    uint32_t n, first;
    char id[ALERT_ID_BYTES];
    if (!read_asked(call, &asked, &one) || !call_number(call, "limit", 1, PAGE_MAX, &limit) || !call_text(call, "after", &after) || !call_look(call))
        return;
    if (!alerts_of(call, &asked, &at, &n) || !find_page(call, at, n, after, &first))
        return;
    uint32_t end = n - first > limit ? first + (uint32_t)limit : n;
    struct alerts_view view = alerts_view_of(call, asked.on, asked.known_at);
    json_open(out);
    json_key(out, "on"), json_day(out, asked.on);
    json_key(out, "count"), json_number(out, n);
    json_key(out, "alerts"), json_open_list(out);
    for (uint32_t i = first; i < end; i++)
        alert_json(out, &at[i], &view, call->french);
    json_close_list(out);
    json_key(out, "next_cursor"), json_string(out, end < n ? alert_id(&at[end - 1], id) : NULL);
    json_close(out);
}
