/* One participant: where the parcours stands, what is due, what is under way, what does not hold. */
#include "answers.h"

static void put_marks(struct json_out *out, const struct parcours *p)
{
    json_open_list(out);
    for (uint32_t i = 0; i < p->marks.n; i++) {
        const struct mark *m = &p->marks.at[i];
        json_open(out);
        json_key(out, "event"), json_seq(out, m->seq);
        json_key(out, "rule"), json_string(out, m->rule == MARK_STATE ? "state" : rules[m->rule].name);
        json_key(out, "state"), json_string(out, state_name((enum state)m->state));
        json_key(out, "unfounded"), json_bool(out, m->unfounded);
        json_key(out, "waived"), json_bool(out, m->waived);
        json_close(out);
    }
    json_close_list(out);
}

static void put_late(struct json_out *out, const struct parcours *p)
{
    json_open_list(out);
    for (uint32_t i = 0; i < p->episodes.n; i++) {
        const struct episode *e = &p->episodes.at[i];
        json_open(out);
        json_key(out, "rule"), json_string(out, rules[e->rule].name);
        json_key(out, "due"), json_day(out, e->due);
        json_key(out, "since"), json_day(out, e->since);
        json_key(out, "settled_on"), json_day(out, e->settled_on);
        json_key(out, "cause"), json_seq(out, e->cause);
        json_key(out, "settled"), json_seq(out, e->settled);
        json_close(out);
    }
    json_close_list(out);
}

static void put_steps(struct json_out *out, const struct parcours *p)
{
    json_open_list(out);
    for (uint32_t i = 0; i < p->steps.n; i++) {
        const struct step *s = &p->steps.at[i];
        json_open(out);
        json_key(out, "step"), json_seq(out, s->seq);
        json_key(out, "kind"), json_word(out, VOCABULARY_step_kind, s->kind);
        json_key(out, "prescribed"), json_day(out, s->prescribed_on);
        json_key(out, "started"), json_day(out, s->started_on);
        json_key(out, "ended"), json_day(out, s->ended_on);
        json_key(out, "planned_end"), json_day(out, s->planned_end);
        json_key(out, "agreed");
        if (s->agreed < 0)
            json_null(out);
        else
            json_number(out, s->agreed);
        json_key(out, "result"), json_word(out, VOCABULARY_objective_result, s->result);
        json_key(out, "dropped"), json_bool(out, s->dropped);
        json_key(out, "abandoned"), json_bool(out, s->abandoned);
        json_close(out);
    }
    json_close_list(out);
}

static void put_jobs(struct json_out *out, const struct parcours *p)
{
    json_open_list(out);
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        json_open(out);
        json_key(out, "job"), json_seq(out, j->seq);
        json_key(out, "kind"), json_word(out, VOCABULARY_employment_kind, j->kind);
        json_key(out, "purpose"), json_word(out, VOCABULARY_employment_purpose, j->purpose);
        json_key(out, "started"), json_day(out, j->started_on);
        json_key(out, "ended"), json_day(out, j->ended_on);
        json_key(out, "planned_end"), json_day(out, j->planned_end);
        json_key(out, "weekly_hours");
        if (j->weekly_hundredths < 0)
            json_null(out);
        else
            json_hundredths(out, j->weekly_hundredths);
        json_close(out);
    }
    json_close_list(out);
}

static void put_evidence(struct json_out *out, const struct parcours *p)
{
    static const char *const verdicts[] = { "rejected", "filed", "accepted" };
    json_open_list(out);
    for (uint32_t i = 0; i < p->evidence.n; i++) {
        const struct evidence *e = &p->evidence.at[i];
        json_open(out);
        json_key(out, "evidence"), json_seq(out, e->seq);
        json_key(out, "kind"), json_word(out, VOCABULARY_evidence_kind, e->kind);
        json_key(out, "filed"), json_day(out, e->filed_on);
        json_key(out, "dated"), json_day(out, e->dated);
        json_key(out, "verdict"), json_string(out, verdicts[e->verdict + 1]);
        json_close(out);
    }
    json_close_list(out);
}

static void put_open_offers(struct json_out *out, const struct parcours *p)
{
    json_open_list(out);
    for (uint32_t i = 0; i < p->offers.n; i++) {
        if (p->offers.at[i].answered)
            continue;
        json_open(out);
        json_key(out, "offer"), json_seq(out, p->offers.at[i].seq);
        json_key(out, "on"), json_day(out, p->offers.at[i].on);
        json_close(out);
    }
    json_close_list(out);
}

static void put_exit(struct json_out *out, const struct ending *e)
{
    if (e->decided_on == DAY_NONE) {
        json_null(out);
        return;
    }
    json_open(out);
    json_key(out, "event"), json_seq(out, e->seq);
    json_key(out, "decided_on"), json_day(out, e->decided_on);
    json_key(out, "effective_on"), json_day(out, e->effective_on);
    json_key(out, "outcome"), json_word(out, VOCABULARY_exit_outcome, e->outcome);
    json_key(out, "criterion"), json_word(out, VOCABULARY_exit_criterion, e->criterion);
    json_key(out, "reason"), json_word(out, VOCABULARY_exit_reason, e->reason);
    json_key(out, "unfounded"), json_bool(out, e->unfounded);
    json_key(out, "evidence_accepted"), json_bool(out, e->accepted);
    json_close(out);
}

static void put_past(struct json_out *out, const struct parcours *p)
{
    json_open_list(out);
    for (uint32_t i = 0; i < p->past.n; i++) {
        const struct past *b = &p->past.at[i];
        json_open(out);
        json_key(out, "parcours"), json_number(out, b->number);
        json_key(out, "started"), json_day(out, b->started_on);
        json_key(out, "ended"), json_day(out, b->ended_on);
        json_key(out, "state"), json_string(out, state_name((enum state)b->state));
        json_key(out, "exit"), put_exit(out, &b->exit);
        json_close(out);
    }
    json_close_list(out);
}

static void put_standing(struct call *call, const struct parcours *p, int32_t today)
{
    struct json_out *out = call->out;
    struct shown_limit limit = parcours_limit_shown(p, call->books, today);
    json_key(out, "participant"), json_id(out, STREAM_participant, call->stream);
    json_key(out, "state"), json_string(out, state_name(p->state));
    json_key(out, "state_sentence"), json_string(out, state_sentence(p->state, call->french));
    json_key(out, "parcours"), json_number(out, p->number);
    json_key(out, "version"), json_number(out, (int64_t)p->version);
    json_key(out, "started"), json_day(out, p->start_on);
    json_key(out, "limit"), json_day(out, limit.day);
    json_key(out, "limit_bites"), json_bool(out, limit.bites);
    json_key(out, "uncounted_days"), json_number(out, limit.uncounted_days);
    json_key(out, "extensions"), json_number(out, p->extensions);
    json_key(out, "referent"), json_id(out, STREAM_referent, (uint64_t)p->referent);
    json_key(out, "prescriber"), json_string(out, p->has_prescriber ? p->prescriber : NULL);
    json_key(out, "contacts"), json_number(out, p->contacts);
    json_key(out, "last_contact"), json_day(out, p->contact_on);
    json_key(out, "next_appointment"), json_day(out, p->next_appointment == ABSENT ? DAY_NONE : (int32_t)p->next_appointment);
}

/* Files that were merged into this one. */
static void put_merged(struct call *call, const struct event *const *events, uint32_t count, struct moment m)
{
    struct json_out *out = call->out;
    const struct event **standing;
    bool any = false;
    for (uint32_t i = 0; i < count; i++)
        any = any || events[i]->kind->number == KIND_duplicate_received;
    uint32_t n = any ? parcours_standing(call->arena, events, count, m.as_of, m.known_at, &standing) : 0;
    json_open_list(out);
    for (uint32_t i = 0; i < n; i++) {
        if (standing[i]->kind->number != KIND_duplicate_received)
            continue;
        json_open(out);
        json_key(out, "participant"), json_id(out, STREAM_participant, (uint64_t)((const struct duplicate_received *)standing[i]->data)->duplicate);
        json_key(out, "on"), json_day(out, standing[i]->on);
        json_key(out, "event"), json_seq(out, standing[i]->seq);
        json_close(out);
    }
    json_close_list(out);
}

void answer_participant(struct call *call)
{
    struct moment at;
    const struct parcours *p;
    const struct event *const *events;
    uint32_t count;
    struct json_out *out = call->out;
    if (!call_moment(call, &at) || !call_look(call) || !(p = call_fold(call, call->stream, at.as_of, at.known_at, false, &events, &count)))
        return;
    struct ending ending = parcours_ending(p);
    json_open(out);
    put_standing(call, p, at.as_of == INT32_MAX ? call->today : at.as_of);
    json_key(out, "deadlines"), parcours_deadlines_json(out, p, call->french, false);
    json_key(out, "marks"), put_marks(out, p);
    json_key(out, "late"), put_late(out, p);
    json_key(out, "steps"), put_steps(out, p);
    json_key(out, "jobs"), put_jobs(out, p);
    json_key(out, "evidence"), put_evidence(out, p);
    json_key(out, "offers"), put_open_offers(out, p);
    json_key(out, "exit"), put_exit(out, &ending);
    json_key(out, "past"), put_past(out, p);
    json_key(out, "merged"), put_merged(call, events, count, at);
    json_close(out);
}
