/* Evidence, the exit before the committee, and what is known afterwards. */
#include "../events/catalogue.h"
#include "sim.h"

#define SILENCE_DAYS 16             /* the reminder stays unanswered for 15 full days */
#define FILED_DAYS_AHEAD 3          /* before the session */
#define AGAIN_PERCENT 5             /* who come back */
#define UNASKED_PERCENT 1           /* whose situation after the exit nobody asks for */
#define UNANSWERED_PERCENT 14
#define AWAITED_DAYS_MAX 190        /* no longer, for who comes back after 215 */
#define UNANSWERED 2                /* beside the point, in the detail of a situation */
#define PROOF_OF_SITUATION 0        /* what a proof is for: its detail in the agenda */
#define PROOF_OF_THE_DAY 1

static const struct {
    const char *word, *proof, *today, *rule;    /* the rule that refuses the exit while the proof is missing */
} criteria[] = {
    [exit_criterion_employment] = { "employment", "employment_contract", "employer_certificate", "exit-evidence-employment" },
    [exit_criterion_hours] = { "hours", "hours_statement", "payslip", "exit-evidence-hours" },
    [exit_criterion_business] = { "business", "business_registration", "activity_proof", "exit-evidence-business" },
    [exit_criterion_aided_contract] = { "aided_contract", "employment_contract", "payslip", "exit-evidence-employment" },
    [exit_criterion_atypical] = { "atypical", "participant_agreement", "employer_certificate", "exit-evidence-atypical" },
    [exit_criterion_qualification] = { "qualification", "training_certificate", "diploma", "exit-evidence-training" },
    [exit_criterion_long_training] = { "long_training", "training_certificate", "training_entry", "exit-evidence-training" },
};
static const char *const categories[] = { "administrative", "administrative", "unavailability", "unavailability", "administrative", "participant",
                                          "participant", "participant", "participant", "plie", "plie", "plie" };    /* of each reason */
static const char *const reasons[] = { "move", "death", "long_illness", "imprisonment", "retirement", "abandonment", "motivation",
                                       "refusal", "no_news", "interruption", "rebound", "limit" };

/* ---- evidence ---- */
void say_proof(struct sim *s, struct person *p, struct saying *saying)
{
    say_word(s, "evidence", saying->detail == PROOF_OF_THE_DAY ? criteria[p->fate.word].today : criteria[p->fate.word].proof);
    say_day(s, "dated", saying->on);
    if (p->job_seq && p->fate.word == exit_criterion_employment)
        say_number(s, "employment", p->job_seq);
}

void then_proved(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    p->proof_seq = (uint32_t)a->seq;
    if (dice_percent(&p->dice, 90) && !planned(p, ACT_accept_proof))
        plan(s, p, s->today + (saying->detail == PROOF_OF_THE_DAY ? 0 : dice_between(&p->dice, 0, 6)), ACT_accept_proof, 0);
}

void say_which_proof(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_number(s, "evidence", p->proof_seq);
}

void then_proof_accepted(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)p, (void)a;
    ledger_proved(&s->ledger, saying->person);
}

/* ---- without news ---- */
void say_letter(struct sim *s, struct person *p, struct saying *saying)
{
    (void)p, (void)saying;
    say_word(s, "letter", "reminder");
    say_word(s, "content", "Sans nouvelles de votre part sous quinze jours, votre sortie du PLIE sera proposée au comité.");
}

void then_letter(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    p->letter_on = saying->on;
    p->flags |= FLAG_SILENT;
    plan_in(s, p, SILENCE_DAYS + 1, SILENCE_DAYS + 10, ACT_propose_exit, 0);
}

void say_exit_too_soon(struct sim *s, struct person *p, struct saying *saying)
{
    (void)p;
    say_word(s, "outcome", "other");
    say_word(s, "reason", "no_news");
    saying->expect = "reminder-letter";
}

/* ---- the exit ---- */
int32_t when_exit(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    if (p->flags & FLAG_STEP_OPEN) {
        finish_step(s, p);
        plan(s, p, s->today, ACT_propose_exit, 0);
        return WHEN_NEVER;
    }
    int32_t on = happened_lately(s, p);
    if (p->fate.positive || p->fate.word != exit_reason_no_news)
        return on;
    int32_t earliest = p->letter_on + SILENCE_DAYS;
    return s->today < earliest ? WHEN_LATER : on > earliest ? on : earliest;
}

void say_exit(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_word(s, "outcome", p->fate.positive ? "positive" : "other");
    if (p->fate.positive) {
        say_word(s, "criterion", criteria[p->fate.word].word);
        say_flag(s, "participant_agrees", true);
    } else {
        say_word(s, "reason", reasons[p->fate.word]);
        say_flag(s, "relay_searched", true);
    }
}

static void before_committee(struct sim *s, struct person *p)
{
    const struct session *session = session_from(s, SESSION_FOLLOW_UP, s->today + FILED_DAYS_AHEAD);
    if (!session)
        return;
    if (p->fate.positive)
        plan(s, p, session->day - dice_between(&p->dice, 1, 3), ACT_proof, PROOF_OF_THE_DAY);
    plan(s, p, session->day + dice_between(&p->dice, 0, 3), ACT_decide_exit, 0);
}

void then_exit_proposed(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_exit_proposed(&s->ledger, saying->person);
    finish_offer(s, p);
    if (p->fate.positive || dice_percent(&p->dice, 50))
        plan_in(s, p, 0, 3, ACT_review, review_kind_closing);
    before_committee(s, p);
}

void say_exit_decision(struct sim *s, struct person *p, struct saying *saying)
{
    const struct session *session = session_before(s, SESSION_FOLLOW_UP, s->today);
    say_word(s, "outcome", p->fate.positive ? "positive" : "other");
    if (p->fate.positive)
        say_word(s, "criterion", criteria[p->fate.word].word);
    else
        say_word(s, "reason", reasons[p->fate.word]);
    if (session)
        say_word(s, "session", session->id);
    if (p->fate.positive && p->fate.word == exit_criterion_atypical)
        say_flag(s, "case_by_case", true);
    if (p->fate.positive && p->flags & FLAG_UNPROVED)
        saying->expect = criteria[p->fate.word].rule;
}

void then_left(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)s, (void)saying, (void)a;
    p->joined = false;
}

void parcours_over(struct sim *s, struct person *p)
{
    bool documents = planned(p, ACT_fund_document) && p->fund_documents != 0;
    forget_all(p);
    keep_fund_documents(s, p, documents);
    if (p->joined)
        plan_in(s, p, 0, 20, ACT_leave, 0);
    p->flags &= (uint8_t)(FLAG_QPV | FLAG_SINGLE_PARENT | FLAG_RQTH);
    p->started_on = p->letter_on = p->decided_on = p->job_on = DAY_NONE;
    p->contract_seq = p->contact_seq = p->unsigned_seq = 0;
    if (dice_percent(&p->dice, AGAIN_PERCENT))
        plan_in(s, p, 215, 420, ACT_orient, 0);     /* after the situation at six months */
}

/* Who does not answer is asked again, and is said to be unknown in the end; a few are forgotten. */
static void plan_situation_at(struct sim *s, struct person *p, int32_t exit_on, unsigned point, int32_t days)
{
    if (dice_percent(&p->dice, UNASKED_PERCENT))
        return;
    bool unanswered = dice_percent(&p->dice, UNANSWERED_PERCENT);
    plan(s, p, exit_on + days + (unanswered && days < AWAITED_DAYS_MAX ? dice_between(&p->dice, 5, 20) : 0), ACT_situation, point | (unanswered ? UNANSWERED : 0));
}

void then_exit_decided(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    if (saying->expect) {
        p->flags &= (uint8_t)~FLAG_UNPROVED;
        plan_in(s, p, 0, 5, ACT_proof, PROOF_OF_SITUATION);
        before_committee(s, p);
        return;
    }
    ledger_count(&s->ledger, KEPT_exits, p->fate.positive ? "positive" : "other", 1, 0);
    if (!p->fate.positive) {
        ledger_count(&s->ledger, KEPT_reasons, reasons[p->fate.word], 1, 0);
        ledger_count(&s->ledger, KEPT_other_exits, categories[p->fate.word], 1, 0);
    }
    ledger_count(&s->ledger, KEPT_rebounds, NULL, !p->fate.positive && p->fate.word == exit_reason_rebound, 1);
    ledger_exited(&s->ledger, saying->person, saying->on, p->fate.positive, p->fate.word);
    s->running--;
    s->referents[p->referent].load--;
    parcours_over(s, p);
    if (!p->fate.positive && p->fate.word == exit_reason_death) {
        forget_all(p);
        return;
    }
    plan_situation_at(s, p, saying->on, 0, dice_punctual(&p->dice, (struct days){ 21, 27 }, (struct days){ 29, 50 }, (struct days){ 51, 90 }));
    plan_situation_at(s, p, saying->on, 1, dice_punctual(&p->dice, (struct days){ 165, 179 }, (struct days){ 184, 200 }, (struct days){ 201, 210 }));
}

void say_situation(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const points[] = { "four_weeks", "six_months" };
    static const char *const others[] = { "job_search", "inactive", "job_search", "employment", "training" };
    say_word(s, "point", points[saying->detail & 1]);
    say_word(s, "situation", saying->detail & UNANSWERED ? "unknown" : p->fate.positive && dice_percent(&p->dice, 85) ? "employment" : others[dice_below(&p->dice, 5)]);
}
