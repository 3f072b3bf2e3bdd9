/* Job offers: placements, introductions, results; and the short jobs that some lead to. */
#include <stdio.h>

#include "../events/catalogue.h"
#include "sim.h"

#define INTRODUCED_PERCENT 55
#define NAMED_PERCENT 40            /* the offer of an enterprise that is known */
#define ANSWERED_PERCENT 98

static const char *const outcomes[] = { "hired", "not_chosen", "declined", "no_answer", "withdrawn" };
static const char *const trades[] = { "K1304", "K2204", "N1103", "G1602", "F1704", "D1507", "J1501", "N4105" };

/* What is still awaited is asked for before the exit. */
void finish_offer(struct sim *s, struct person *p)
{
    if (!planned(p, ACT_answer_offer))
        return;
    forget(p, ACT_answer_offer);
    plan(s, p, s->today, ACT_answer_offer, 0);
}

int32_t when_offered(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    int32_t on = happened_lately(s, p);
    return may_prolong(s, p, on) ? on : WHEN_NEVER;
}

enum { OFFER_INTRODUCED = 1, OFFER_NAMED = 2, OFFER_BTP = 4 };

void say_offer(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const sources[] = { "public_service", "prospecting", "enterprise_officer", "partner", "participant" };
    static const uint8_t shares[] = { 38, 17, 22, 11, 12 };
    char offer[40];
    const char *enterprise = dice_percent(&p->dice, NAMED_PERCENT) ? enterprise_for(s, dice_below(&p->dice, 10000)) : NULL;
    saying->subject = (dice_percent(&p->dice, INTRODUCED_PERCENT) ? OFFER_INTRODUCED : 0u) | (enterprise ? OFFER_NAMED : 0u);
    snprintf(offer, sizeof(offer), "offre-%06u", dice_below(&p->dice, 1000000));
    say_word(s, "offer", offer);
    unsigned trade = dice_below(&p->dice, 8);
    saying->subject |= trades[trade][0] == 'F' ? OFFER_BTP : 0u;
    say_word(s, "rome", trades[trade]);
    say_word(s, "source", sources[dice_weighted(&p->dice, shares, 5)]);
    if (enterprise)
        say_word(s, "enterprise", enterprise);
    if (saying->subject & OFFER_INTRODUCED)
        say_flag(s, "introduced", true);
}

void then_offered(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    p->offer_seq = (uint32_t)a->seq;
    p->introduced = saying->subject & OFFER_INTRODUCED;
    if (saying->subject & OFFER_NAMED)
        ledger_count(&s->ledger, KEPT_placements, "offer", 1, 0);
    if (saying->subject & OFFER_BTP)
        ledger_count(&s->ledger, KEPT_btp_actions, "offer", 1, 0);
    ledger_count(&s->ledger, KEPT_offers, NULL, 1, 0);
    ledger_count(&s->ledger, KEPT_introductions, NULL, p->introduced, 0);
    if (dice_percent(&p->dice, ANSWERED_PERCENT))
        plan_in(s, p, 4, 20, ACT_answer_offer, 0);
    plan_in(s, p, 45, 110, ACT_offer, 0);
}

void say_offer_answer(struct sim *s, struct person *p, struct saying *saying)
{
    static const uint8_t shares[] = { 11, 40, 14, 26, 9 };
    saying->subject = dice_weighted(&p->dice, shares, 5);
    say_number(s, "offer", p->offer_seq);
    say_word(s, "outcome", outcomes[saying->subject]);
    say_word(s, "reason", saying->subject == 0 ? "Essai concluant." : "Profil jugé trop éloigné du poste.");
}

void then_offer_answered(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_word(&s->ledger, KEPT_offers, outcomes[saying->subject], 1);
    if (p->introduced)
        ledger_word(&s->ledger, KEPT_introductions, outcomes[saying->subject], 1);
    if (saying->subject == 0 && !p->short_seq)
        plan_in(s, p, 1, 12, ACT_short_job, 0);
}

/* ---- a short job on the way ---- */
void say_short_job(struct sim *s, struct person *p, struct saying *saying)
{
    say_word(s, "kind", dice_percent(&p->dice, 75) ? "cdd" : "seasonal");
    say_word(s, "purpose", "step");
    say_day(s, "planned_end", saying->on + dice_between(&p->dice, 25, 85));
    say_number(s, "weekly_hours", dice_percent(&p->dice, 60) ? 35 : 24);
    unsigned trade = dice_below(&p->dice, 8);
    saying->subject = trades[trade][0] == 'F';
    say_word(s, "rome", trades[trade]);
}

void then_short_job(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    if (saying->subject)
        ledger_count(&s->ledger, KEPT_btp_actions, "job", 1, 0);
    p->short_seq = (uint32_t)a->seq;
    ledger_job(&s->ledger, saying->person, saying->on, false);
    plan_in(s, p, 20, 85, ACT_end_short, 0);
}

void say_short_ended(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_number(s, "employment", p->short_seq);
    say_word(s, "reason", dice_percent(&p->dice, 85) ? "term" : "trial");
}

void then_short_ended(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)s, (void)saying, (void)a;
    p->short_seq = 0;
}
