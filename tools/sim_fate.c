/* The contract that starts a parcours, and how that parcours will go: its length, its rhythm, its end. */
#include "../events/catalogue.h"
#include "sim.h"

#define POSITIVE_PERCENT 53         /* 49 % of the exits once broken jobs are counted */
#define LENGTH_DAYS 522             /* gives 16 months, as published (DB-26): they are counted whole, and a job that broke ends sooner */
#define SPREAD_DAYS 150
#define SHORTEST_DAYS 130
#define SHORTEST_POSITIVE_DAYS 250  /* six months served, the weeks before, and the committee's */
#define LONGEST_DAYS 880
#define SERVED_DAYS 205             /* from the start of the situation to the committee, mostly */
#define FILLING_DAYS 240            /* the first persons are taken on the way, so that they do not all leave together */
#define LIMIT_MONTHS 18
#define SENT_PERCENT 70             /* sent to the events of the territory, now and then */

static int32_t draw_length(struct sim *s, struct person *p)
{
    int32_t days = LENGTH_DAYS;
    for (int i = 0; i < 3; i++)
        days += dice_between(&p->dice, -SPREAD_DAYS, SPREAD_DAYS);
    if (s->today - s->first_day < FILLING_DAYS)
        days = days * dice_between(&p->dice, 25, 100) / 100;
    int32_t shortest = p->fate.positive ? SHORTEST_POSITIVE_DAYS : SHORTEST_DAYS;
    return days < shortest ? shortest : days > LONGEST_DAYS ? LONGEST_DAYS : days;
}

static void plan_fate(struct person *p)
{
    static const uint8_t criteria[] = { 62, 10, 6, 7, 3, 8, 4 };
    static const uint8_t reasons[] = { 14, 1, 8, 1, 3, 25, 6, 6, 20, 5, 6, 5 };
    p->fate.positive = dice_percent(&p->dice, POSITIVE_PERCENT);
    p->fate.word = (uint8_t)(p->fate.positive ? dice_weighted(&p->dice, criteria, 7) : dice_weighted(&p->dice, reasons, 12));
    p->flags &= (uint8_t)~FLAG_UNPROVED;
    if (p->fate.positive && dice_percent(&p->dice, 4))
        p->flags |= FLAG_UNPROVED;
}

/* What leads to the exit, `days` before it. */
static void plan_end(struct sim *s, struct person *p, int32_t days)
{
    static const struct {
        enum act act;
        uint8_t detail;
    } situations[] = {
        [exit_criterion_employment] = { ACT_start_job, 0 },         [exit_criterion_hours] = { ACT_start_job, 3 },
        [exit_criterion_business] = { ACT_start_business, 0 },      [exit_criterion_aided_contract] = { ACT_start_job, 2 },
        [exit_criterion_atypical] = { ACT_start_chosen, 0 },        [exit_criterion_qualification] = { ACT_qualify, 0 },
        [exit_criterion_long_training] = { ACT_start_training, 0 },
    };
    int32_t end = s->today + days;
    if (p->fate.positive) {
        unsigned detail = situations[p->fate.word].detail;
        if (p->fate.word == exit_criterion_employment)
            detail = dice_percent(&p->dice, 30);
        bool at_once = p->fate.word == exit_criterion_qualification;
        plan(s, p, end - (at_once ? 30 : SERVED_DAYS), situations[p->fate.word].act, detail);
    } else if (p->fate.word == exit_reason_no_news) {
        if (dice_percent(&p->dice, 5))
            plan(s, p, end - 42, ACT_exit_too_soon, 0);
        plan(s, p, end - 38, ACT_letter, 0);
    } else {
        plan(s, p, end - 15, ACT_propose_exit, 0);
    }
}

/* After a job that broke: another end, sooner. */
void plan_situation(struct sim *s, struct person *p)
{
    plan_fate(p);
    plan_end(s, p, p->fate.positive ? SERVED_DAYS + dice_between(&p->dice, 25, 100) : dice_between(&p->dice, 60, 160));
}

static void plan_reviews(struct sim *s, struct person *p, int32_t days)
{
    plan_in(s, p, 125, 158, ACT_review, review_kind_progress);
    plan_in(s, p, 70, 95, ACT_review, review_kind_plie);
    plan_in(s, p, 65, 95, ACT_review, review_kind_partners);
    plan_in(s, p, 160, 185, ACT_review, review_kind_long_parcours);
    if (dice_percent(&p->dice, 6))
        plan_in(s, p, 30, days, ACT_change, dice_below(&p->dice, 2));
    if (dice_percent(&p->dice, 7))
        plan_in(s, p, 30, days, ACT_hand_over, 0);
}

static void plan_limit(struct sim *s, struct person *p, int32_t days)
{
    int32_t limit = day_add_months(p->started_on, LIMIT_MONTHS);
    if (s->today + days < limit - 20)
        return;
    if (dice_percent(&p->dice, 70))
        plan(s, p, limit - dice_between(&p->dice, 12, 40), ACT_ask_extension, 0);
    else if (dice_percent(&p->dice, 50))
        plan(s, p, limit + dice_between(&p->dice, 3, 25), ACT_prescribe_late, 0);
}

void say_contract(struct sim *s, struct person *p, struct saying *saying)
{
    (void)p, (void)saying;
    say_flag(s, "by_participant", true);
    say_flag(s, "by_referent", true);
    say_flag(s, "by_animation_team", true);
    say_word(s, "expectations", "Se rendre aux rendez-vous ; prévenir d'un changement de situation.");
}

void then_signed(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    ledger_contract(&s->ledger, saying->person, saying->on);
    count_publics(s, p);
    s->waiting--;
    s->running++;
    p->started_on = saying->on;
    p->contract_seq = (uint32_t)a->seq;
    plan_fate(p);
    int32_t days = draw_length(s, p);
    plan_end(s, p, days);
    plan_in(s, p, 0, dice_percent(&p->dice, 90) ? 6 : 35, ACT_transmit, 0);
    plan_in(s, p, 8, 26, ACT_contact, 0);
    plan_in(s, p, 10, dice_percent(&p->dice, 70) ? 60 : 130, ACT_prescribe, 0);
    if (dice_percent(&p->dice, 40))
        plan_in(s, p, 60, 200, ACT_offer, 0);
    if (dice_percent(&p->dice, 3))
        plan_in(s, p, 4, 20, ACT_correct_contract, 0);
    plan_reviews(s, p, days);
    plan_limit(s, p, days);
    plan_mutual(s, p);
    plan_piece(s, p, PIECE_CONTRACT);
    if (dice_percent(&p->dice, 60))
        plan_in(s, p, 10, 120, ACT_piece, PIECE_CV);
    plan_needs(s, p, days);
    if (dice_percent(&p->dice, SENT_PERCENT))
        plan_in(s, p, 30, 180, ACT_present, 0);
}
