/* Orientation, profile, référent, appointments, diagnosis, entry, contract. */
#include "apply.h"

void apply_nothing(struct parcours *p, const struct event *e)
{
    (void)p, (void)e;
}

static void learn_birth(struct parcours *p, int64_t senior_month)
{
    if (senior_month != ABSENT)
        p->senior_month = senior_month;
}

void apply_oriented(struct parcours *p, const struct event *e)
{
    const struct participant_oriented *d = e->data;
    if (ENDED & 1u << p->state)
        parcours_begin_again(p);
    if (p->state == STATE_nobody) {
        p->state = STATE_oriented;
        if (p->number < 1)
            p->number = 1;
        p->oriented_on = e->on;
        p->oriented_seq = e->seq;
    }
    if (d->prescriber.at) {
        p->has_prescriber = true;
        memcpy(p->prescriber, d->prescriber.at, d->prescriber.bytes);
        p->prescriber[d->prescriber.bytes] = 0;
    }
    learn_birth(p, d->born.coarse);
    parcours_learn_person(p, d->born.coarse, ABSENT, ABSENT, e);
}

void apply_profile(struct parcours *p, const struct event *e)
{
    const struct profile_recorded *d = e->data;
    learn_birth(p, d->born.coarse);
    if (d->sex != ABSENT)
        p->sex = d->sex;
    if (d->commune.coarse != ABSENT)
        p->in_territory = d->commune.coarse;
    /* Records from before its length was counted tell it only to a PLIE that has set its territory. */
    parcours_learn_person(p, d->born.coarse, d->sex, d->commune_bytes == ABSENT ? d->commune.coarse : d->commune_bytes, e);
}

void parcours_learn_benefits(struct parcours *p, int64_t benefits, const struct event *e)
{
    if (benefits == ABSENT)
        return;
    p->benefits = benefits;
    if (!(benefits >> benefit_rsa & 1)) {
        p->rsa_on = DAY_NONE;
    } else if (p->rsa_on == DAY_NONE) {
        p->rsa_on = e->on;
        p->rsa_seq = e->seq;
    }
}

void apply_consent(struct parcours *p, const struct event *e)
{
    p->consents |= 1ll << ((const struct consent_given *)e->data)->consent;
}

void apply_consent_withdrawn(struct parcours *p, const struct event *e)
{
    p->consents &= ~(1ll << ((const struct consent_withdrawn *)e->data)->consent);
}

static void take_over(struct parcours *p, int64_t referent, int32_t day)
{
    p->referent = referent;
    p->referent_since = day;
    PUSH(p, tenures, (struct tenure){ referent, day, p->number });
}

void apply_referent(struct parcours *p, const struct event *e)
{
    take_over(p, ((const struct referent_assigned *)e->data)->referent, e->on);
}

void apply_hand_over(struct parcours *p, const struct event *e)
{
    take_over(p, ((const struct referent_handed_over *)e->data)->referent, e->on);
}

void apply_appointment(struct parcours *p, const struct event *e)
{
    p->next_appointment = ((const struct appointment_planned *)e->data)->day;
    p->next_appointment_seq = e->seq;
}

static void appointment_over(struct parcours *p, int64_t appointment)
{
    if (appointment == ABSENT || (uint64_t)appointment == p->next_appointment_seq) {
        p->next_appointment = ABSENT;
        p->next_appointment_seq = 0;
    }
}

void apply_appointment_kept(struct parcours *p, const struct event *e)
{
    appointment_over(p, ((const struct appointment_kept *)e->data)->appointment);
}

void apply_appointment_ended(struct parcours *p, const struct event *e)
{
    appointment_over(p, ((const struct appointment_excused *)e->data)->appointment);
}

void apply_appointment_cancelled(struct parcours *p, const struct event *e)
{
    appointment_over(p, ((const struct appointment_cancelled *)e->data)->appointment);
}

void apply_appointment_missed(struct parcours *p, const struct event *e)
{
    appointment_over(p, ((const struct appointment_missed *)e->data)->appointment);
    PUSH(p, missed, (struct missed){ e->seq, e->on });
}

void apply_prescriber_told(struct parcours *p, const struct event *e)
{
    p->told_on = e->on;
    p->told_seq = e->seq;
    p->missed.n = 0;
}

void apply_diagnosis(struct parcours *p, const struct event *e)
{
    const struct diagnosis_recorded *d = e->data;
    if (p->state == STATE_oriented)
        p->state = STATE_in_diagnosis;
    p->diagnosed_on = e->on;
    p->diagnosis_agreed = d->agreed != 0;
    if (d->informed != ABSENT)
        p->informed = told(d->informed);
    if (d->obstacles != ABSENT)
        p->obstacles |= d->obstacles;
}

void apply_obstacle(struct parcours *p, const struct event *e)
{
    p->obstacles |= 1ll << ((const struct obstacle_identified *)e->data)->obstacle;
}

void apply_obstacle_treated(struct parcours *p, const struct event *e)
{
    const struct obstacle_treated *d = e->data;
    if (d->result == obstacle_result_lifted)
        p->obstacles &= ~(1ll << d->obstacle);
}

static struct criterion *find_criterion(struct parcours *p, int word)
{
    for (uint32_t i = 0; i < p->criteria.n; i++)
        if (p->criteria.at[i].word == word)
            return &p->criteria.at[i];
    PUSH(p, criteria, (struct criterion){ .word = (int16_t)word });
    return &p->criteria.at[p->criteria.n - 1];
}

/* A piece that is named and is neither here nor to come was taken out. */
static uint64_t piece_named(const struct parcours *p, const struct event *e)
{
    int64_t piece = ((const struct eligibility_checked *)e->data)->evidence;
    bool stands = piece != ABSENT && (e->names_later || parcours_piece(p, (uint64_t)piece));
    return stands ? (uint64_t)piece : 0;
}

static void note_to_come(struct criterion *c, const struct event *piece)
{
    const struct evidence_filed *d = piece->data;
    c->to_come.on = piece->on;
    c->to_come.dated = day_told(d->dated);
    c->to_come.valid_until = day_told(d->valid_until);
}

/* Each criterion has the validity and the piece of its own last check. */
void apply_eligibility(struct parcours *p, const struct event *e)
{
    const struct eligibility_checked *d = e->data;
    p->eligibility |= d->criteria;
    p->eligible_on = e->on;
    for (int word = 0; d->criteria >> word; word++) {
        if (!(d->criteria >> word & 1))
            continue;
        struct criterion *c = find_criterion(p, word);
        c->seq = e->seq;
        c->evidence = piece_named(p, e);
        if (e->names_later)
            note_to_come(c, e->names_later);
        c->valid_until = day_told(d->valid_until);
    }
}

void apply_entry_proposed(struct parcours *p, const struct event *e)
{
    if (!((IN(oriented) | IN(in_diagnosis) | IN(proposed) | IN(deferred)) & 1u << p->state))
        return;
    p->state = STATE_proposed;
    p->proposed_on = e->on;
}

static void begin_at(struct parcours *p, const struct event *e)
{
    p->start_on = e->on;
    p->start_seq = e->seq;
    p->entered = true;
}

void apply_entry_decided(struct parcours *p, const struct event *e)
{
    const struct entry_decided *d = e->data;
    if (p->entered || !((BEFORE_ENTRY | IN(refused) | IN(not_entered)) & 1u << p->state))
        return;
    p->decided_on = e->on;
    p->decided_seq = e->seq;
    if (d->outcome == entry_outcome_deferred) {
        p->state = STATE_deferred;
        p->decided_on = DAY_NONE;   /* nothing was decided yet */
    } else if (d->outcome == entry_outcome_refused) {
        p->state = STATE_refused;
    } else {
        p->state = STATE_admitted;
        bool at_decision = rule_applies(p->book, RULE_parcours_start) && p->book->rule[RULE_parcours_start].value.at[0] == 1;
        if (at_decision || p->contract_on != DAY_NONE)
            begin_at(p, e);
    }
}

void apply_recommendation(struct parcours *p, const struct event *e)
{
    PUSH(p, recommendations, (struct recommendation){ e->seq, e->on, day_told(((const struct recommendation_made *)e->data)->by_day), false });
}

void apply_recommendation_followed(struct parcours *p, const struct event *e)
{
    for (uint32_t i = 0; i < p->recommendations.n; i++)
        if (p->recommendations.at[i].seq == (uint64_t)((const struct recommendation_followed *)e->data)->recommendation)
            p->recommendations.at[i].followed = true;
}

void apply_non_entry(struct parcours *p, const struct event *e)
{
    if (p->entered || !(BEFORE_ENTRY & 1u << p->state))
        return;
    p->state = STATE_not_entered;
    p->decided_on = e->on;
    p->decided_seq = e->seq;
}

static int64_t signatories(const struct contract_signed *d)
{
    return (int64_t)told(d->by_participant) << signatory_participant | (int64_t)told(d->by_referent) << signatory_referent |
           (int64_t)told(d->by_animation_team) << signatory_animation_team;
}

void apply_contract_signed(struct parcours *p, const struct event *e)
{
    if (p->contract_on == DAY_NONE) {
        p->contract_on = e->on;
        p->contract_seq = e->seq;
    }
    p->signed_by |= signatories(e->data);
    if (!p->entered && p->state == STATE_admitted)
        begin_at(p, e);
}

void apply_contract_transmitted(struct parcours *p, const struct event *e)
{
    p->transmitted_on = e->on;
}

void apply_mutual_contract(struct parcours *p, const struct event *e)
{
    p->mutual_on = e->on;
    p->mutual_seq = e->seq;
    p->mutual_until = day_told(((const struct mutual_contract_recorded *)e->data)->until_day);
}
