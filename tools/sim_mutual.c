/* The mutual engagement contract of who is on RSA, and its renewals. */
#include "../events/catalogue.h"
#include "sim.h"

#define TERM_MONTHS 12
#define SHORT_TERM_MONTHS 6
#define SHORT_TERM_PERCENT 35
#define FORGOTTEN_PERCENT 2

int32_t when_running(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    return s->ledger.rows[person_index(s, p)].phase == LEDGER_running ? happened_lately(s, p) : WHEN_NEVER;
}

void plan_mutual(struct sim *s, struct person *p)
{
    if (p->benefits >> benefit_rsa & 1 && !dice_percent(&p->dice, FORGOTTEN_PERCENT))
        plan(s, p, s->today + dice_punctual(&p->dice, (struct days){ 1, 27 }, (struct days){ 32, 60 }, (struct days){ 61, 160 }), ACT_mutual, 0);
}

void say_mutual(struct sim *s, struct person *p, struct saying *saying)
{
    int32_t until = day_add_months(saying->on, dice_percent(&p->dice, SHORT_TERM_PERCENT) ? SHORT_TERM_MONTHS : TERM_MONTHS) - 1;
    saying->subject = (uint32_t)until;
    say_day(s, "from_day", saying->on);
    say_day(s, "until_day", until);
    if (saying->detail)
        say_day(s, "reviewed_on", saying->on);
}

/* Renewed in the last weeks of its term, mostly. */
void then_mutual(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    int32_t from = (int32_t)saying->subject - 30;
    if (!dice_percent(&p->dice, FORGOTTEN_PERCENT))
        plan(s, p, from + dice_punctual(&p->dice, (struct days){ 0, 27 }, (struct days){ 32, 55 }, (struct days){ 56, 150 }), ACT_mutual, 1);
}
