/* Why an alert: the events and the rule behind it, who saw it, put it off or settled it, and whom it goes to.
 * GET /v1/explain?of=alert:ID tells of one of any stream, open on that day or settled by then; of=figure:NAME of a figure. */
#include <string.h>

#include "explain.h"
#include "owed.h"
#include "service.h"

bool explained_cut(struct text of, const char *prefix, struct text *ret_rest)
{
    size_t n = strlen(prefix);
    if (of.bytes < n || memcmp(of.at, prefix, n) != 0)
        return false;
    *ret_rest = (struct text){ of.at + n, of.bytes - (uint32_t)n };
    return true;
}

/* ---- events ---- */
static const struct event *event_of(const struct explaining *x, uint64_t seq)
{
    struct text record;
    struct event *e = ARENA_ARRAY(x->call->arena, struct event, 1);
    for (uint32_t i = 0; i < x->count; i++)
        if (x->events[i]->seq == seq)
            return x->events[i];
    bool there = seq && seq <= x->call->position.seq && log_record(x->call->log, seq, &record) && record_read(x->call->arena, record, NULL, e, NULL);
    return there ? e : NULL;
}

void explain_event(const struct explaining *x, uint64_t seq)
{
    struct json_out *out = x->call->out;
    const struct event *e = event_of(x, seq);
    if (!e) {
        json_null(out);
        return;
    }
    json_open(out);
    json_key(out, "event"), json_seq(out, seq);
    json_key(out, "on"), json_day(out, e->on);
    json_key(out, "kind"), json_string(out, e->kind->name);
    json_key(out, "sentence"), json_string(out, x->call->french ? e->kind->fr : e->kind->en);
    json_close(out);
}

/* Each once, as they were recorded. */
static void put_events(const struct explaining *x, const struct alert *a, const struct heed *h)
{
    uint64_t seqs[] = { a->cause, h->seen_seq, h->put_off_seq, a->settled }, last = 0;
    unsigned n = sizeof(seqs) / sizeof(seqs[0]);
    json_open_list(x->call->out);
    for (unsigned done = 0; done < n; done++) {
        uint64_t next = UINT64_MAX;
        for (unsigned i = 0; i < n; i++)
            if (seqs[i] > last && seqs[i] < next)
                next = seqs[i];
        if (next == UINT64_MAX)
            break;
        explain_event(x, next);
        last = next;
    }
    json_close_list(x->call->out);
}

/* ---- the alert ---- */
static void put_way(const struct explaining *x, const struct alert *a)
{
    struct json_out *out = x->call->out;
    struct alerts_view view = alerts_view_of(x->call, x->today, x->known_at);
    struct way way = alert_routed(&view, a);
    json_key(out, "to"), json_id(out, STREAM_referent, way.to);
    json_key(out, "routed"), json_string(out, routed_name(way.how));
    json_key(out, "escalates_on"), json_day(out, way.escalates_on);
    json_key(out, "escalated"), json_bool(out, way.escalated);
}

void explain_alert(const struct explaining *x, struct text of, const struct alert *a, const struct heed *h)
{
    struct call *call = x->call;
    struct json_out *out = call->out;
    char id[ALERT_ID_BYTES];
    enum rule_number r = (enum rule_number)a->rule;
    bool any = a->since != DAY_NONE;
    enum alert_status status = alert_status_on(a, x->today);
    json_open(out);
    json_key(out, "of"), json_text(out, of);
    json_key(out, stream_name(a->owes)), json_id(out, a->owes, a->owner);
    json_key(out, "open"), json_bool(out, any && status != ALERT_settled);
    json_key(out, "due"), json_day(out, a->due);
    json_key(out, "since"), json_day(out, a->since);
    json_key(out, "shown_on"), json_day(out, a->shown_on);
    json_key(out, "turn"), json_string(out, turn_name(r));
    json_key(out, "rule"), rule_json(out, r, rulebook_on(call->books, any ? a->since : call->today, UINT64_MAX), call->french);
    json_key(out, "cause"), explain_event(x, a->cause);
    if (any) {
        json_key(out, "alert"), json_string(out, alert_id(a, id));
        json_key(out, "status"), json_string(out, alert_status_name(status));
        json_key(out, "seen_on"), json_day(out, a->seen_on);
        json_key(out, "until"), json_day(out, a->until_day);
        json_key(out, "settled"), explain_event(x, status == ALERT_settled ? a->settled : 0);
        json_key(out, "settled_on"), json_day(out, status == ALERT_settled ? a->settled_on : DAY_NONE);
        put_way(x, a);
        json_key(out, "events"), put_events(x, a, h);
    }
    json_close(out);
}

/* ---- one by its id ---- */
static void refuse_none(struct call *call)
{
    call_refuse(call, REFUSED_unknown, "no such alert was open by that day: nothing of that rule is counted since that day", NULL);
}

static bool find_in_parcours(const struct parcours *p, struct alert *a)
{
    const struct deadline *d = &p->open[a->rule];
    if (d->since == a->since) {
        *a = alert_of_participant(p, a->rule, d->due, d->since, deadline_shown_on(d), d->cause);
        return true;
    }
    for (uint32_t i = p->episodes.n; i-- > 0;) {
        const struct episode *e = &p->episodes.at[i];
        if (e->rule != a->rule || e->since != a->since)
            continue;
        *a = alert_of_participant(p, a->rule, e->due, e->since, e->shown_on, e->cause);
        a->settled_on = e->settled_on;
        a->settled = e->settled;
        return true;
    }
    return false;
}

static void explain_of_participant(struct explaining *x, struct text of, struct alert a)
{
    struct call *call = x->call;
    int32_t as_of = x->today < call->today ? x->today : INT32_MAX;
    x->p = call_fold(call, a.owner, as_of, x->known_at, false, &x->events, &x->count);
    if (!x->p)
        return;
    if (!find_in_parcours(x->p, &a)) {
        refuse_none(call);
        return;
    }
    struct heed h = parcours_heed(x->p, a.rule, a.since);
    explain_alert(x, of, &a, &h);
}

/* Owed on the day it is counted since, and no more on the one that is asked about: the first day in between on which it is not. What is owed
 * until something is done is not owed before: half of the days are left at each look. */
static bool find_settling(struct explaining *x, struct elsewhere *elsewhere, struct alert *a, int32_t not_owed)
{
    int32_t owed = a->since;
    struct owed o;
    while (not_owed - owed > 1) {
        int32_t middle = owed + (not_owed - owed) / 2;
        if (!call_owed(x->call, x->call->arena, elsewhere, a->owes, a->owner, (struct moment){ middle, x->known_at }, &o))
            return false;
        if (owed_named(&o, a->rule, a->since))
            owed = middle;
        else
            not_owed = middle;
    }
    if (!call_owed(x->call, x->call->arena, elsewhere, a->owes, a->owner, (struct moment){ not_owed, x->known_at }, &o))
        return false;
    const struct event *last = o.count ? o.events[o.count - 1] : NULL;
    a->settled_on = not_owed;
    a->settled = last && last->on == not_owed ? last->seq : 0;
    return true;
}

static void explain_of_other(struct explaining *x, struct text of, struct alert a)
{
    struct call *call = x->call;
    struct owed then, now;
    call_know(call, x->known_at);
    struct elsewhere elsewhere = elsewhere_of_call(call, x->known_at);
    if (!call_knows(call, a.owes, a.owner) || !call_owed(call, call->arena, &elsewhere, a.owes, a.owner, (struct moment){ x->today, x->known_at }, &now))
        return;
    const struct duty *d = owed_named(&now, a.rule, a.since);
    bool open = d;
    if (!d && a.since < x->today) {
        if (!call_owed(call, call->arena, &elsewhere, a.owes, a.owner, (struct moment){ a.since, x->known_at }, &then))
            return;
        d = owed_named(&then, a.rule, a.since);
    }
    if (!d) {
        refuse_none(call);
        return;
    }
    struct heed h = heed_of(now.events, now.count, a.rule, a.since);
    a.referent = a.owes == STREAM_referent ? a.owner : NOBODY;
    a.due = d->deadline.due, a.shown_on = d->deadline.since, a.cause = d->deadline.cause;
    a.seen_on = h.seen_on, a.until_day = h.until_day;
    x->events = now.events;
    x->count = now.count;
    if (open || find_settling(x, &elsewhere, &a, x->today))
        explain_alert(x, of, &a, &h);
}

/* What says nothing of the one that is asked about would be passed over otherwise. */
static bool none_given(struct call *call, const char *const *keys, bool of_figures)
{
    for (; *keys; keys++) {
        struct text given = { NULL, 0 };
        if (!call_text(call, *keys, &given))
            return false;
        if (given.at && of_figures)
            return call_refuse_parameter(call, *keys, "this is asked of a figure: an alert is of one day");
        if (given.at)
            return call_refuse_parameter(call, *keys, "this is asked of an alert: a figure is of a period");
    }
    return true;
}

void answer_explain_any(struct call *call)
{
    static const char *const of_figures[] = { "from", "to", "as_of", "limit", "after", NULL }, *const of_alerts[] = { "on", NULL };
    struct text of = TEXT(""), named;
    struct alert a;
    struct explaining x = { .call = call, .today = call->today, .known_at = INT64_MAX };
    if (!call_text(call, "of", &of))
        return;
    if (explained_cut(of, "figure:", &named)) {
        if (none_given(call, of_alerts, false))
            explain_figure(call, named);
        return;
    }
    if (!none_given(call, of_figures, true) || !call_day(call, "on", &x.today) || !call_instant(call, "known_at", &x.known_at) ||
        !call_look(call))
        return;
    if (!explained_cut(of, "alert:", &named) || !alert_id_read(named, &a)) {
        call_refuse_parameter(call, "of", "figure:NAME is expected, or alert:RULE:STREAM:DAY, an alert and the day it is counted since");
        return;
    }
    call->type = a.owes;
    call->stream = a.owner;
    if (a.owes == STREAM_participant)
        explain_of_participant(&x, of, a);
    else
        explain_of_other(&x, of, a);
}
