/* What was not signed on its day: mostly signed at one of the next meetings. */
#include "sim.h"

#define OBTAINED_PERCENT 70

void plan_signature(struct sim *s, struct person *p, uint64_t seq)
{
    if (planned(p, ACT_sign_later) || !dice_percent(&p->dice, OBTAINED_PERCENT))
        return;
    p->unsigned_seq = (uint32_t)seq;
    plan(s, p, s->today + dice_punctual(&p->dice, (struct days){ 3, 25 }, (struct days){ 26, 60 }, (struct days){ 61, 120 }), ACT_sign_later, 0);
}

/* The event is no longer what was to be signed. */
void forget_signature(struct person *p, uint32_t seq)
{
    if (p->unsigned_seq != seq)
        return;
    p->unsigned_seq = 0;
    forget(p, ACT_sign_later);
}

void say_signature(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_number(s, "event", p->unsigned_seq);
}

void then_signature(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying, (void)a;
    if (p->unsigned_seq == p->contact_seq)
        p->contact_said |= SAID_SIGNED_LATER;
    p->unsigned_seq = 0;
    ledger_count(&s->ledger, KEPT_signatures, NULL, 1, 0);
}
