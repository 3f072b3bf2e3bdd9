/* Timelines: every event as recorded, with what became of it: marked, corrected, taken out. */
#include "../events/failure.h"
#include "../events/roles.h"
#include "answers.h"
#include "service.h"

/* What later events say of each, by its place in the stream. */
struct fates {
    uint64_t *voided_by, *corrected_by;
};

static uint32_t place_of(const struct event *const *events, uint32_t count, int64_t seq)
{
    for (uint32_t i = 0; i < count; i++)
        if ((int64_t)events[i]->seq == seq)
            return i;
    return count;
}

/* From the last to the first, as the fold reads them: voiding a correction restores what was. */
static struct fates fates_of(struct call *call, const struct event *const *events, uint32_t count)
{
    struct fates f = { ARENA_ARRAY(call->arena, uint64_t, count + 1), ARENA_ARRAY(call->arena, uint64_t, count + 1) };
    for (uint32_t i = count; i-- > 0;) {
        const struct event *e = events[i];
        if (f.voided_by[i] || e->kind->nature != META)
            continue;
        bool voids = e->kind->number == KIND_event_voided;
        uint32_t at = place_of(events, i, voids ? ((const struct event_voided *)e->data)->event : ((const struct event_corrected *)e->data)->event);
        if (at < i && voids)
            f.voided_by[at] = e->seq;
        else if (at < i && !f.corrected_by[at])
            f.corrected_by[at] = e->seq;
    }
    return f;
}

static void put_marks(struct json_out *out, const struct parcours *p, uint64_t seq)
{
    bool any = false;
    for (uint32_t i = 0; i < p->marks.n; i++) {
        const struct mark *m = &p->marks.at[i];
        if (m->seq != seq)
            continue;
        if (!any)
            json_key(out, "marks"), json_open_list(out);
        any = true;
        json_open(out);
        json_key(out, "rule"), json_string(out, m->rule == MARK_STATE ? "state" : rules[m->rule].name);
        json_key(out, "state"), json_string(out, state_name((enum state)m->state));
        json_key(out, "unfounded"), json_bool(out, m->unfounded);
        json_key(out, "waived"), json_bool(out, m->waived);
        json_close(out);
    }
    if (any)
        json_close_list(out);
}

/* Goes on with the object that was just closed. */
static void reopen(struct json_out *out)
{
    if (!out->failed)
        out->bytes--;
}

static void put_event(struct call *call, enum stream_type type, const struct parcours *p, const struct event *e, uint64_t voided_by, uint64_t corrected_by)
{
    struct json_out *out = call->out;
    event_to_json(out, e, type, true);
    reopen(out);
    json_key(out, "sentence"), json_string(out, call->french ? e->kind->fr : e->kind->en);
    json_key(out, "details"), json_text(out, event_words(call->arena, e, call->french));
    if (p)
        put_marks(out, p, e->seq);
    json_key(out, "standing"), json_bool(out, voided_by == 0);
    json_key(out, "corrected_by"), json_seq(out, corrected_by);
    json_key(out, "voided_by"), json_seq(out, voided_by);
    json_close(out);
}

/* `p`: whose marks are told; NULL: nothing is judged there. */
static void put_timeline(struct call *call, enum stream_type type, const struct parcours *p, const struct event *const *events, uint32_t count, struct moment m)
{
    struct json_out *out = call->out;
    uint32_t known = 0;
    while (known < count && events[known]->recorded_ms <= m.known_at)   /* recorded instants never decrease */
        known++;
    struct fates f = fates_of(call, events, known);
    json_open(out);
    json_key(out, stream_name(type)), json_id(out, type, call->stream);
    json_key(out, "events"), json_open_list(out);
    for (uint32_t i = 0; i < known; i++)
        if (events[i]->on <= m.as_of)
            put_event(call, type, p, events[i], f.voided_by[i], f.corrected_by[i]);
    json_close_list(out);
    json_close(out);
}

void answer_events(struct call *call)
{
    struct moment m;
    const struct event *const *events;
    uint32_t count;
    if (!call_moment(call, &m) || !call_look(call))
        return;
    const struct parcours *p = call_fold(call, call->stream, m.as_of, m.known_at, true, &events, &count);
    if (p)
        put_timeline(call, STREAM_participant, p, events, count, m);
}

void answer_events_outside(struct call *call)
{
    struct moment m;
    struct key key;
    const struct event **events;
    uint32_t count;
    if (!call_moment(call, &m) || !call_look(call))
        return;
    bool theirs = call->type != STREAM_delivery || call->role == ROLE_coordinator;      /* addresses and secrets */
    bool opened = theirs && vault_key(desk_vault(call->service->desk), call->stream, &key) == 0;
    int f = stream_events(call->arena, call->log, call->views, call->stream, opened ? &key : NULL, &events, &count);
    failure_forget();
    if (f || count == 0 || events[0]->kind->stream != call->type)
        call_refuse(call, f ? REFUSED_outcome : REFUSED_unknown, NULL, NULL);
    else
        put_timeline(call, call->type, NULL, events, count, m);
}
