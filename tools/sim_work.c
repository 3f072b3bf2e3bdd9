/* Jobs, hours, businesses, trainings: what leads to a positive exit, or breaks before. */
#include "../events/catalogue.h"
#include "sim.h"

#define BROKEN_PERCENT 12
#define SERVED_MONTHS 6
#define PAY_DAYS 30             /* a period of hours */
#define PAY_PERIODS 7           /* of 135 hours at least: 945, where 910 are asked */

enum job { JOB_CDI, JOB_CDD, JOB_AIDED, JOB_TEMPORARY };

static bool lasting(unsigned detail)
{
    return detail != JOB_TEMPORARY;
}

void say_job(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const kinds[] = { "cdi", "cdd", "aided_non_market", "temporary" };
    static const int8_t weekly[] = { 35, 35, 28, 24, 20 };
    static const char *const activities[] = { "8121Z", "4711D", "5610C", "8810A", "4399C" };
    say_word(s, "kind", kinds[saying->detail]);
    say_word(s, "purpose", lasting(saying->detail) ? "consolidation" : "step");
    if (saying->detail != JOB_CDI)
        say_day(s, "planned_end", day_add_months(saying->on, dice_between(&p->dice, 8, 12)));
    say_number(s, "weekly_hours", weekly[dice_below(&p->dice, 5)]);
    const char *naf = activities[dice_below(&p->dice, 5)];
    saying->subject = in_btp(naf);
    say_word(s, "naf", naf);
    say_flag(s, "participant_agrees", true);
    say_word(s, "employer", "Entreprise du bassin d'emploi");
}

/* The evidence of the situation itself, then the exit, six months later. */
static void plan_service(struct sim *s, struct person *p, int32_t from)
{
    if (!(p->flags & FLAG_UNPROVED))
        plan_in(s, p, 5, 40, ACT_proof, 0);
    plan(s, p, day_add_months(from, SERVED_MONTHS) + dice_between(&p->dice, 2, 9), ACT_propose_exit, 0);
}

void then_job_started(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    p->job_seq = (uint32_t)a->seq;
    p->job_on = saying->on;
    p->hours = 0;
    if (saying->subject)
        ledger_count(&s->ledger, KEPT_btp_actions, "job", 1, 0);
    s->ledger.rows[saying->person].ever.aided |= saying->detail == JOB_AIDED;
    ledger_job(&s->ledger, saying->person, saying->on, false);
    if (!lasting(saying->detail)) {
        plan(s, p, p->job_on + PAY_DAYS + dice_between(&p->dice, 0, 5), ACT_hours, 0);
        return;
    }
    ledger_consolidation(&s->ledger, saying->person, saying->on);
    if (dice_percent(&p->dice, BROKEN_PERCENT))
        plan_in(s, p, 20, 150, ACT_end_job, 1);
    else
        plan_service(s, p, saying->on);
}

/* ---- hours ---- */
static int32_t period_end(const struct person *p)
{
    return p->job_on + PAY_DAYS * (p->hours + 1) - 1;
}

int32_t when_hours(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    int32_t on = happened_lately(s, p), end = period_end(p);
    return s->today < end ? WHEN_LATER : on > end ? on : end;
}

void say_hours(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_number(s, "employment", p->job_seq);
    say_day(s, "from_day", period_end(p) - PAY_DAYS + 1);
    say_day(s, "until_day", period_end(p));
    json_key(&s->out, "hours");
    json_hundredths(&s->out, dice_between(&p->dice, 13500, 15167));
}

void then_hours(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying, (void)a;
    p->hours++;
    if (p->hours < PAY_PERIODS)
        plan(s, p, period_end(p) + dice_between(&p->dice, 1, 6), ACT_hours, 0);
    else
        plan_in(s, p, 0, 3, ACT_end_job, 0);
}

void say_job_ended(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const reasons[] = { "resigned", "dismissed", "trial", "other" };
    say_number(s, "employment", p->job_seq);
    say_word(s, "reason", saying->detail ? reasons[dice_below(&p->dice, 4)] : "term");
}

void then_job_ended(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    if (saying->detail) {
        ledger_consolidation_ended(&s->ledger, saying->person, saying->on);
        plan_situation(s, p);
        if (!planned(p, ACT_prescribe) && !(p->flags & FLAG_STEP_OPEN))
            plan_in(s, p, 10, 40, ACT_prescribe, 0);
        return;
    }
    if (!(p->flags & FLAG_UNPROVED))
        plan_in(s, p, 0, 2, ACT_proof, 0);
    plan_in(s, p, 3, 12, ACT_propose_exit, 0);
}

/* ---- other situations ---- */
void say_business(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_flag(s, "takeover", dice_percent(&p->dice, 20));
}

void say_training(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const titles[] = { "RNCP35506", "RNCP37715", "RNCP34657", "RNCP36004" };
    (void)saying;
    say_word(s, "rncp", titles[dice_below(&p->dice, 4)]);
}

void say_chosen(struct sim *s, struct person *p, struct saying *saying)
{
    (void)p, (void)saying;
    say_word(s, "situation", "Activité réduite choisie, auprès de deux employeurs.");
}

void then_situation_started(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    plan_service(s, p, saying->on);
}

void then_training_started(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    ledger_training(&s->ledger, saying->person);
    then_situation_started(s, p, saying, a);
}

void say_qualification(struct sim *s, struct person *p, struct saying *saying)
{
    say_training(s, p, saying);
    say_word(s, "title", "Titre professionnel");
}

void then_qualified(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying, (void)a;
    if (!(p->flags & FLAG_UNPROVED))
        plan_in(s, p, 0, 2, ACT_proof, 0);
    plan_in(s, p, 3, 14, ACT_propose_exit, 0);      /* after the proof, so that no session comes before it */
}
