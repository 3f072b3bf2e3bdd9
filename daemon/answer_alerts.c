/* GET /v1/alerts: the alerts of a day, page by page. */
#include "alerts.h"
#include "answers.h"

#define PAGE_MAX 10000

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

void answer_alerts(struct call *call)
{
    struct alerts_asked asked = alerts_of_today(call);
    struct json_out *out = call->out;
    struct text after = { NULL, 0 };
    int64_t limit = PAGE_MAX;
    struct alert *at;
    uint32_t n, first;
    char id[ALERT_ID_BYTES];
    if (!call_day(call, "on", &asked.on) || !call_instant(call, "known_at", &asked.known_at) || !call_stream(call, "referent", STREAM_referent, &asked.referent) ||
        !call_stream(call, "participant", STREAM_participant, &asked.participant) || !call_rule(call, "rule", &asked.rule) ||
        !call_number(call, "limit", 1, PAGE_MAX, &limit) || !call_text(call, "after", &after) || !call_look(call))
        return;
    if (!alerts_of(call, &asked, &at, &n) || !find_page(call, at, n, after, &first))
        return;
    uint32_t end = n - first > limit ? first + (uint32_t)limit : n;
    struct alerts_view view = { asked.on };
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
