/* Contacts, letters, reviews, changes, suspension, evidence, extension. */
#include "apply.h"

static void site_interview(struct step *s, const struct event *e)
{
    if (s->started_on == DAY_NONE || s->ended_on != DAY_NONE)
        return;
    if (s->site_on == DAY_NONE || month_index(s->site_on) != month_index(e->on))
        s->site_count = 1;
    else if (s->site_on != e->on)
        s->site_count++;
    s->site_on = e->on;
    s->site_seq = e->seq;
}

/* Nothing can be signed on the telephone. */
static bool is_meeting(int64_t channel)
{
    return channel == channel_interview || channel == channel_tripartite || channel == channel_collective || contact_is_on_site(channel);
}

static bool is_with_them(int64_t review)
{
    return review == review_kind_progress || review == review_kind_intermediate || review == review_kind_closing;
}

struct signing event_signing(const struct event *e)
{
    if (e->kind->number == KIND_contact_recorded) {
        const struct contact_recorded *d = e->data;
        return (struct signing){ is_meeting(d->channel), told(d->is_signed), (int16_t)d->channel };
    }
    if (e->kind->number == KIND_review_held) {
        const struct review_held *d = e->data;
        return (struct signing){ is_with_them(d->review), told(d->is_signed), -1 };
    }
    if (e->kind->number == KIND_step_reviewed) {
        const struct step_reviewed *d = e->data;
        return (struct signing){ d->review == step_review_kind_closing && d->participant_present != 0, told(d->is_signed), -1 };
    }
    return (struct signing){ false, false, -1 };
}

void parcours_await_signature(struct parcours *p, const struct event *e)
{
    struct signing s = event_signing(e);
    if (s.asked && !s.given)
        PUSH(p, to_sign, (struct to_sign){ e->seq, e->on, s.channel });
}

void apply_signature(struct parcours *p, const struct event *e)
{
    for (uint32_t i = p->to_sign.n; i-- > 0;)
        if (p->to_sign.at[i].seq == (uint64_t)((const struct signature_obtained *)e->data)->event)
            DROP(p, to_sign, i);
}

void apply_contact(struct parcours *p, const struct event *e)
{
    const struct contact_recorded *d = e->data;
    if (p->contact_on == DAY_NONE || month_index(p->contact_on) != month_index(e->on))
        p->contact_month_days = 1;
    else if (p->contact_on != e->on)
        p->contact_month_days++;
    p->contact_on = e->on;
    p->contact_seq = e->seq;
    p->contacts++;
    p->reminders.n = 0;
    p->reminder_back_on = DAY_NONE;
    parcours_await_signature(p, e);
    apply_job_contact(p, e);
    if (!contact_is_on_site(d->channel))
        return;
    for (uint32_t i = 0; i < p->steps.n; i++)
        if (d->step == ABSENT || p->steps.at[i].seq == (uint64_t)d->step)
            site_interview(&p->steps.at[i], e);
}

void apply_letter_sent(struct parcours *p, const struct event *e)
{
    if (((const struct letter_sent *)e->data)->letter != letter_kind_reminder)
        return;
    PUSH(p, reminders, (struct letter){ e->seq, e->on });
}

void apply_letter_returned(struct parcours *p, const struct event *e)
{
    for (uint32_t i = 0; i < p->reminders.n; i++)
        if (p->reminders.at[i].seq == (uint64_t)((const struct letter_returned *)e->data)->letter && p->reminder_back_on == DAY_NONE)
            p->reminder_back_on = e->on;
}

void apply_review(struct parcours *p, const struct event *e)
{
    const struct review_held *d = e->data;
    parcours_await_signature(p, e);
    if (d->review == review_kind_intermediate && (told(d->with_prescriber) || told(d->with_funder))) {
        p->shared_review_on = e->on;
        p->shared_review_seq = e->seq;
    }
    if (d->review == review_kind_plie && !told(d->with_plie))
        return;     /* the document wants the head of the PLIE to be there */
    p->reviewed_on[d->review] = e->on;
    p->reviewed_seq[d->review] = e->seq;
}

void apply_difficulty(struct parcours *p, const struct event *e)
{
    PUSH(p, difficulties, (struct difficulty){ e->seq, e->on });
}

void apply_difficulty_answered(struct parcours *p, const struct event *e)
{
    for (uint32_t i = p->difficulties.n; i-- > 0;)
        if (p->difficulties.at[i].seq == (uint64_t)((const struct difficulty_answered *)e->data)->difficulty)
            DROP(p, difficulties, i);
}

void apply_change(struct parcours *p, const struct event *e)
{
    const struct change_recorded *d = e->data;
    p->change_on = e->on;
    p->change_seq = e->seq;
    if (d->commune.coarse != ABSENT)
        p->in_territory = d->commune.coarse;
    parcours_learn_benefits(p, d->benefits, e);
}

void apply_relay(struct parcours *p, const struct event *e)
{
    p->change_on = DAY_NONE;
    p->relay_searched = p->relay_searched || told(((const struct relay_found *)e->data)->searched);
}

void apply_suspension(struct parcours *p, const struct event *e)
{
    PUSH(p, spans, (struct span){ e->seq, e->on, DAY_NONE, SPAN_suspension, false });
}

void apply_resumed(struct parcours *p, const struct event *e)
{
    for (uint32_t i = 0; i < p->spans.n; i++)
        if (p->spans.at[i].kind == SPAN_suspension && p->spans.at[i].ended_on == DAY_NONE)
            p->spans.at[i].ended_on = e->on;
    p->resumed_on = e->on;
}

void apply_evidence(struct parcours *p, const struct event *e)
{
    const struct evidence_filed *d = e->data;
    PUSH(p, evidence, (struct evidence){
        .seq = e->seq, .kind = (int16_t)d->evidence, .filed_on = e->on, .dated = day_told(d->dated),
        .covers_from = day_told(d->covers_from), .covers_until = day_told(d->covers_until),
        .month = day_told(d->month), .valid_until = day_told(d->valid_until),
        .employment = d->employment == ABSENT ? 0 : (uint64_t)d->employment });
}

static void verdict(struct parcours *p, int64_t evidence, int8_t verdict)
{
    for (uint32_t i = 0; i < p->evidence.n; i++)
        if (p->evidence.at[i].seq == (uint64_t)evidence)
            p->evidence.at[i].verdict = verdict;
    for (uint32_t i = 0; i < p->earlier_evidence.n; i++)
        if (p->earlier_evidence.at[i].seq == (uint64_t)evidence)
            p->earlier_evidence.at[i].verdict = verdict;
}

void apply_evidence_accepted(struct parcours *p, const struct event *e)
{
    verdict(p, ((const struct evidence_accepted *)e->data)->evidence, 1);
}

void apply_evidence_rejected(struct parcours *p, const struct event *e)
{
    verdict(p, ((const struct evidence_rejected *)e->data)->evidence, -1);
}

void apply_extension_requested(struct parcours *p, const struct event *e)
{
    int32_t limit = parcours_limit(p, p->book);
    if (p->extension_seq || (limit != DAY_NONE && e->on > limit && !parcours_consolidating(p)))
        return;
    p->extension_seq = e->seq;
    p->extension_asked_on = e->on;
    p->extension_session_day = day_told(((const struct extension_requested *)e->data)->session_day);
}

void apply_extension_decided(struct parcours *p, const struct event *e)
{
    if (told(((const struct extension_decided *)e->data)->granted))
        p->extensions++;
    p->extension_seq = 0;
    p->extension_asked_on = p->extension_session_day = DAY_NONE;
}
