/* Steps and offers. An event about a step that nobody prescribed changes nothing. */
#include "apply.h"

/* FNV-1a. A participant has a handful of hosts: two names of one number do not happen. */
static uint64_t number_of(struct text name)
{
    uint64_t h = 14695981039346656037ull;
    for (uint32_t i = 0; i < name.bytes; i++)
        h = (h ^ (uint8_t)name.at[i]) * 1099511628211ull;
    return h;
}

uint64_t immersion_host(const struct step_prescribed *d)
{
    if (d->enterprise != ABSENT)
        return (uint64_t)d->enterprise;
    return d->provider.at ? number_of(d->provider) : 0;
}

void apply_step_prescribed(struct parcours *p, const struct event *e)
{
    const struct step_prescribed *d = e->data;
    PUSH(p, steps, (struct step){
        .seq = e->seq, .kind = (int16_t)d->kind, .prescribed_on = e->on, .planned_end = day_told(d->planned_end),
        .started_on = DAY_NONE, .ended_on = DAY_NONE, .reception_on = DAY_NONE, .closing_on = DAY_NONE, .site_on = DAY_NONE,
        .agreed = -1, .contacts = -1, .result = -1, .planned_start = day_told(d->planned_start), .evaluated_on = DAY_NONE,
        .host = immersion_host(d) });
}

void apply_step_dropped(struct parcours *p, const struct event *e)
{
    struct step *s = parcours_find_step(p, (uint64_t)((const struct step_not_started *)e->data)->step);
    if (!s || s->ended_on != DAY_NONE)
        return;     /* a step closes once */
    s->dropped = true;
    if (s->started_on != DAY_NONE) {
        s->ended_on = e->on;
        s->ended_seq = e->seq;
    }
}

void apply_step_started(struct parcours *p, const struct event *e)
{
    const struct step_started *d = e->data;
    struct step *s = parcours_find_step(p, (uint64_t)d->step);
    if (!s || s->started_on != DAY_NONE || s->ended_on != DAY_NONE || s->dropped)
        return;
    s->started_on = e->on;
    s->started_seq = e->seq;
    s->agreed = word_told(d->interviews_a_month);
    s->contacts = word_told(d->contacts_a_month);
    if (d->planned_end != ABSENT)
        s->planned_end = (int32_t)d->planned_end;
}

void apply_step_reviewed(struct parcours *p, const struct event *e)
{
    const struct step_reviewed *d = e->data;
    struct step *s = parcours_find_step(p, (uint64_t)d->step);
    if (!s)
        return;
    parcours_await_signature(p, e);
    if (d->result != ABSENT)
        s->result = (int8_t)d->result;
    if (told(d->participant_present) && d->review == step_review_kind_closing)
        s->evaluated_on = e->on;
    if (!told(d->referent_present))
        return;
    if (d->review == step_review_kind_reception)
        s->reception_on = e->on;
    else if (d->review == step_review_kind_closing)
        s->closing_on = e->on;
}

static struct step *ended(struct parcours *p, const struct event *e, int64_t step)
{
    struct step *s = parcours_find_step(p, (uint64_t)step);
    if (!s || s->ended_on != DAY_NONE)
        return NULL;
    s->ended_on = e->on;
    s->ended_seq = e->seq;
    return s;
}

void apply_step_ended(struct parcours *p, const struct event *e)
{
    const struct step_ended *d = e->data;
    struct step *s = ended(p, e, d->step);
    if (s && d->result != ABSENT)
        s->result = (int8_t)d->result;
    if (s && told(d->participant_present))
        s->evaluated_on = e->on;
}

void apply_step_ended_early(struct parcours *p, const struct event *e)
{
    struct step *s = ended(p, e, ((const struct step_abandoned *)e->data)->step);
    if (s)
        s->abandoned = true;
}

void apply_offer(struct parcours *p, const struct event *e)
{
    PUSH(p, offers, (struct offer){ .seq = e->seq, .on = e->on });
}

void apply_offer_answered(struct parcours *p, const struct event *e)
{
    const struct offer_answered *d = e->data;
    for (uint32_t i = 0; i < p->offers.n; i++)
        if (p->offers.at[i].seq == (uint64_t)d->offer) {
            p->offers.at[i].answered = true;
            p->offers.at[i].explained = d->outcome == offer_outcome_hired || d->reason_bytes > 0;
        }
}
