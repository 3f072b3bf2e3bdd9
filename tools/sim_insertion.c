/* Insertion contracts, under a social clause or not, and what follows them. */
#include "../events/catalogue.h"
#include "sim.h"

#define CLAUSE_PERCENT 40       /* of them work on a public contract that demands it */
#define PAY_DAYS 30
enum { IAE_CLAUSE = 1, IAE_BTP = 2 };

int32_t when_insertion(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    return p->flags & FLAG_STEP_OPEN ? when_after_last(s, p, detail) : WHEN_NEVER;
}

void say_iae_job(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const kinds[] = { "iae_aci", "iae_ei", "iae_ai", "etti" };
    static const uint8_t shares[] = { 48, 20, 22, 10 };
    static const char *const activities[] = { "8130Z", "4399C", "8121Z", "3832Z" };
    const char *market = dice_percent(&p->dice, CLAUSE_PERCENT) ? market_for(s, &p->dice) : NULL;
    saying->subject = market != NULL ? IAE_CLAUSE : 0;
    say_word(s, "kind", kinds[dice_weighted(&p->dice, shares, 4)]);
    say_word(s, "purpose", "step");
    say_number(s, "weekly_hours", dice_percent(&p->dice, 70) ? 26 : 20);
    const char *naf = activities[dice_below(&p->dice, 4)];
    saying->subject |= in_btp(naf) ? IAE_BTP : 0u;
    say_word(s, "naf", naf);
    if (market)
        say_word(s, "market", market);
}

void then_iae_job(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    p->iae_seq = (uint32_t)a->seq;
    p->iae_on = saying->on;
    ledger_job(&s->ledger, saying->person, saying->on, true);
    if (saying->subject & IAE_BTP)
        ledger_count(&s->ledger, KEPT_btp_actions, "job", 1, 0);
    if (saying->subject & IAE_CLAUSE)
        plan(s, p, p->iae_on + PAY_DAYS + dice_between(&p->dice, 0, 5), ACT_iae_hours, 0);
}

/* Those under a clause alone are told: the market counts them. */
int32_t when_iae_hours(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    int32_t on = happened_lately(s, p), end = p->iae_on + PAY_DAYS - 1;
    return !p->iae_seq || when_running(s, p, detail) == WHEN_NEVER ? WHEN_NEVER : s->today < end ? WHEN_LATER : on > end ? on : end;
}

void say_iae_hours(struct sim *s, struct person *p, struct saying *saying)
{
    saying->subject = (uint32_t)dice_between(&p->dice, 7000, 11300);
    say_number(s, "employment", p->iae_seq);
    say_day(s, "from_day", p->iae_on);
    say_day(s, "until_day", p->iae_on + PAY_DAYS - 1);
    json_key(&s->out, "hours");
    json_hundredths(&s->out, saying->subject);
}

void then_iae_hours(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_count(&s->ledger, KEPT_market_hours, NULL, saying->subject, 0);
    ledger_count(&s->ledger, KEPT_market_hours_done, NULL, saying->subject, 0);
    p->iae_on += PAY_DAYS;
    plan(s, p, p->iae_on + PAY_DAYS + dice_between(&p->dice, 0, 5), ACT_iae_hours, 0);
}

int32_t when_iae_ended(struct sim *s, struct person *p, unsigned detail)
{
    return p->iae_seq ? when_running(s, p, detail) : WHEN_NEVER;
}

void say_iae_ended(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_number(s, "employment", p->iae_seq);
    say_word(s, "reason", "term");
}

void then_iae_ended(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    p->iae_seq = 0;
    forget(p, ACT_iae_hours);
    ledger_insertion_ended(&s->ledger, saying->person, saying->on);
    plan_in(s, p, 10, 28, ACT_post_iae, 0);
}

/* ---- what follows: a contact about it, two or three times ---- */
void say_post_iae(struct sim *s, struct person *p, struct saying *saying)
{
    bool met = dice_percent(&p->dice, 55);
    const char *channel = met ? "interview" : "telephone";
    saying->subject = contact_said(channel, met);
    say_word(s, "channel", channel);
    if (met)
        say_flag(s, "signed", true);
    say_number(s, "minutes", met ? 45 : 15);
    say_word(s, "topic", "post_iae");
}

void then_post_iae(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    count_contact(s, saying->subject, 1);
    ledger_count(&s->ledger, KEPT_post_iae, saying->subject & SAID_SIGNED ? "interview" : "telephone", 1, 0);
    if (saying->detail < 2)
        plan_in(s, p, 55, 85, ACT_post_iae, saying->detail + 1u);
}
