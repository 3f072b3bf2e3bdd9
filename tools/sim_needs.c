/* What stands in the way and what is done about it: obstacles, needs, difficulties; objectives, partners, the portfolio. */
#include "../events/catalogue.h"
#include "sim.h"

#define FOUND_LATER_PERCENT 28
#define OUTSIDE_PERCENT 55
#define NEED_PERCENT 22
#define UNSERVED_PERCENT 30
#define DIFFICULTY_PERCENT 12
#define MEASURED_PERCENT 80     /* of the objectives: their indicator is set beforehand */

const char *const obstacle_names[OBSTACLES] = { "mobility", "housing", "health", "language", "childcare", "qualification", "digital",
                                                "finances", "justice", "confidence", "family", "project" };

void plan_needs(struct sim *s, struct person *p, int32_t days)
{
    plan_in(s, p, 25, 100, ACT_treat, 0);
    plan_in(s, p, 0, 20, ACT_objective, 0);
    plan_in(s, p, 20, 75, ACT_classify, 0);
    plan_in(s, p, 20, 150, ACT_partner, 0);
    if (dice_percent(&p->dice, FOUND_LATER_PERCENT))
        plan_in(s, p, 40, 220, ACT_identify, dice_below(&p->dice, OBSTACLES));
    if (dice_percent(&p->dice, NEED_PERCENT))
        plan_in(s, p, 30, 300, ACT_need, dice_below(&p->dice, 4));
    if (dice_percent(&p->dice, DIFFICULTY_PERCENT))
        plan_in(s, p, 20, days, ACT_difficulty, dice_below(&p->dice, 4));
}

/* ---- obstacles ---- */
/* Strictly after what came before, as it would be read before a treatment of its own day. */
int32_t when_found(struct sim *s, struct person *p, unsigned detail)
{
    return when_running(s, p, detail) == WHEN_NEVER ? WHEN_NEVER : when_after_last(s, p, detail);
}

void say_identified(struct sim *s, struct person *p, struct saying *saying)
{
    (void)p;
    say_word(s, "obstacle", obstacle_names[saying->detail]);
}

void then_identified(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_found(&s->ledger, saying->person, saying->detail, obstacle_names[saying->detail]);
    if (!planned(p, ACT_treat))
        plan_in(s, p, 15, 60, ACT_treat, 0);
}

static unsigned open_obstacles(const struct sim *s, const struct person *p)
{
    return s->ledger.rows[person_index(s, p)].obstacles;
}

int32_t when_treated(struct sim *s, struct person *p, unsigned detail)
{
    return open_obstacles(s, p) ? when_contact(s, p, detail) : WHEN_NEVER;
}

/* `subject` holds the obstacle and, above it, what became of it, how, and whether it was outside the steps. */
#define TREATED_RESULT 8
#define TREATED_MEAN 12
#define TREATED_OUTSIDE 16
static const char *const means[] = { "referral", "accompaniment", "workshop", "financial_aid", "social_work", "care" };

void say_treatment(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const results[] = { "lifted", "reduced", "unchanged" };
    static const uint8_t shares[] = { 34, 40, 26 };
    unsigned open = open_obstacles(s, p), obstacle = dice_below(&p->dice, OBSTACLES);
    while (!(open >> obstacle & 1))
        obstacle = (obstacle + 1) % OBSTACLES;
    unsigned result = dice_weighted(&p->dice, shares, 3), mean = dice_below(&p->dice, 6);
    bool outside = dice_percent(&p->dice, OUTSIDE_PERCENT);
    saying->subject = obstacle | result << TREATED_RESULT | mean << TREATED_MEAN | (unsigned)outside << TREATED_OUTSIDE;
    say_word(s, "obstacle", obstacle_names[obstacle]);
    say_word(s, "result", results[result]);
    say_words(s, "means", &means[mean], 1);
    if (outside)
        say_flag(s, "outside_steps", true);
    if (mean == 0)
        say_word(s, "structure", "maison-de-sante");
}

void then_treated(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    if ((saying->subject >> TREATED_RESULT & 3) == 0)
        ledger_lifted(&s->ledger, saying->person, saying->subject & 15);
    if (saying->subject >> TREATED_OUTSIDE & 1)
        ledger_count(&s->ledger, KEPT_treatments, means[saying->subject >> TREATED_MEAN & 7], 1, 0);
    if (open_obstacles(s, p))
        plan_in(s, p, 45, 150, ACT_treat, 0);
}

/* ---- needs and difficulties ---- */
static const char *const need_names[] = { "training", "insertion_post", "action", "service" };

void say_need(struct sim *s, struct person *p, struct saying *saying)
{
    saying->subject = dice_percent(&p->dice, UNSERVED_PERCENT);
    say_word(s, "need", need_names[saying->detail]);
    if (saying->subject) {
        say_flag(s, "unserved", true);
        say_flag(s, "team_told", dice_percent(&p->dice, 70));
    }
}

void then_need(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)p, (void)a;
    ledger_count(&s->ledger, KEPT_needs, need_names[saying->detail], 1, 0);
    if (saying->subject)
        ledger_count(&s->ledger, KEPT_gaps, need_names[saying->detail], 1, 0);
}

void say_difficulty(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const about[] = { "behaviour", "obstacle", "partner", "provider" };
    (void)p;
    say_word(s, "about", about[saying->detail]);
    say_word(s, "detail", "Rendez-vous difficiles à tenir ; à revoir avec la coordinatrice.");
}

void then_difficulty(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying;
    p->difficulty_seq = (uint32_t)a->seq;
    plan(s, p, s->today + dice_punctual(&p->dice, (struct days){ 0, 6 }, (struct days){ 8, 20 }, (struct days){ 21, 60 }), ACT_answer_difficulty, 0);
}

void say_difficulty_answered(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_number(s, "difficulty", p->difficulty_seq);
    say_word(s, "answer", "Vu ensemble ; point à trois fixé.");
}

/* ---- objectives, partners ---- */
void say_objective(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const objectives[] = { "Passer le permis.", "Valider un métier en immersion.", "Refaire le CV.", "Entrer en formation." };
    saying->subject = dice_percent(&p->dice, MEASURED_PERCENT);
    say_word(s, "objective", objectives[dice_below(&p->dice, 4)]);
    say_flag(s, "short_term", dice_percent(&p->dice, 60));
    if (saying->subject)
        say_word(s, "indicator", "Fait ou non à la date convenue.");
}

void then_objective(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_count(&s->ledger, KEPT_indicators, NULL, saying->subject, 1);
    plan_in(s, p, 120, 240, ACT_objective, 0);
}

static const char *const partner_names[] = { "prescriber", "provider", "employer", "social_worker", "facilitator", "health" };

void say_partner(struct sim *s, struct person *p, struct saying *saying)
{
    static const uint8_t shares[] = { 26, 30, 12, 20, 5, 7 };
    static const char *const structures[] = { "france-travail", "organisme-04", "entreprise", "departement", "facilitateur-clauses", "maison-de-sante" };
    saying->subject = dice_weighted(&p->dice, shares, 6);
    say_word(s, "partner", partner_names[saying->subject]);
    say_word(s, "structure", structures[saying->subject]);
    say_word(s, "channel", dice_percent(&p->dice, 60) ? "telephone" : "mail");
    say_number(s, "minutes", dice_between(&p->dice, 1, 6) * 10);
}

void then_partner(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_count(&s->ledger, KEPT_partners, partner_names[saying->subject], 1, 0);
    plan_in(s, p, 60, 170, ACT_partner, 0);
}

/* ---- the portfolio, before each quarter's support interview ---- */
static const char *const class_names[] = { "starting", "progressing", "blocked", "ready", "employed", "to_exit", "out_of_reach" };
enum { CLASS_STARTING, CLASS_PROGRESSING, CLASS_BLOCKED, CLASS_READY, CLASS_EMPLOYED, CLASS_TO_EXIT, CLASS_OUT_OF_REACH };

void say_class(struct sim *s, struct person *p, struct saying *saying)
{
    static const uint8_t shares[] = { 0, 58, 24, 18 };
    const struct ledger_row *r = &s->ledger.rows[person_index(s, p)];
    unsigned drawn = dice_weighted(&p->dice, shares, 4);
    saying->subject = r->exit_proposed ? CLASS_TO_EXIT : p->flags & FLAG_SILENT ? CLASS_OUT_OF_REACH : r->consolidation_on != DAY_NONE ? CLASS_EMPLOYED
                      : s->today - p->started_on < 60 ? CLASS_STARTING : drawn;
    say_word(s, "class", class_names[saying->subject]);
}

void then_classified(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    p->class = (uint8_t)(saying->subject + 1);
    plan_in(s, p, 80, 110, ACT_classify, 0);
}

const char *class_of(const struct person *p)
{
    return p->class ? class_names[p->class - 1] : NULL;
}

/* ---- what helped ---- */
static const char *const factor_names[] = { "network", "mobility_gained", "qualification_gained", "immersion", "confidence_gained",
                                            "family_support", "employer_link" };
#define FACTORS 7

void say_factors(struct sim *s, struct person *p)
{
    const char *mine[2];
    unsigned first = dice_below(&p->dice, FACTORS), n = dice_below(&p->dice, 3);
    p->factors = 0;
    for (unsigned i = 0; i < n; i++) {
        unsigned factor = (first + i * 3) % FACTORS;
        mine[i] = factor_names[factor];
        p->factors |= (uint8_t)(1u << factor);
    }
    if (n)
        say_words(s, "factors", mine, n);
}

void count_factors(struct sim *s, struct person *p)
{
    if (p->factors == 0)
        return;
    ledger_count(&s->ledger, KEPT_success_factors, NULL, 1, 0);
    for (unsigned i = 0; i < FACTORS; i++)
        if (p->factors >> i & 1)
            ledger_word(&s->ledger, KEPT_success_factors, factor_names[i], 1);
}
