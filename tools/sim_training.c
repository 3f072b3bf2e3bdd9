/* The training fund: a request, its documents, the committee's decision, and what is owed once the training is over. CléA. */
#include "sim.h"

#define ASKED_PERCENT 45
#define QUOTE_FORGOTTEN_PERCENT 4
#define COFUNDED_PERCENT 38
#define DOCUMENTS 6
#define DOCUMENTS_BEFORE 3      /* the decision: those that follow come after the training */
#define ALL_BEFORE 7u
#define QUOTE 2
#define INVOICE 4
#define CLEA_PASS_PERCENT 75
#define CLEA_DOMAINS 7

enum { FUND_GRANT, FUND_REFUSE, FUND_DEFER };

/* ---- the request ---- */
static const char *const actions[] = { "individual", "collective", "mobility", "module", "skills_review" };

void plan_fund(struct sim *s, struct person *p)
{
    if (dice_percent(&p->dice, ASKED_PERCENT) && !planned(p, ACT_decide_fund) && !planned(p, ACT_fund_document))
        plan_in(s, p, 0, 5, ACT_ask_fund, 0);
}

int32_t when_fund_asked(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    int32_t on = happened_lately(s, p);
    return may_prolong(s, p, on) && p->flags & FLAG_STEP_OPEN ? on : WHEN_NEVER;
}

void say_fund(struct sim *s, struct person *p, struct saying *saying)
{
    static const uint8_t shares[] = { 52, 14, 12, 14, 8 };
    static const char *const cofunders[] = { "region", "france-travail", "departement", "opco" };
    (void)saying;
    p->fund_action = (uint8_t)dice_weighted(&p->dice, shares, 5);
    p->fund_cents = (uint32_t)dice_between(&p->dice, 18, 240) * 1000;
    p->fund_cofunded = dice_percent(&p->dice, COFUNDED_PERCENT) ? p->fund_cents / 100 * (uint32_t)dice_between(&p->dice, 20, 70) : 0;
    say_number(s, "cost_cents", p->fund_cents);
    if (p->fund_cofunded) {
        say_number(s, "cofunded_cents", p->fund_cofunded);
        say_word(s, "cofunder", cofunders[dice_below(&p->dice, 4)]);
    }
    say_flag(s, "cofunding_searched", p->fund_cofunded || dice_percent(&p->dice, 80));
    say_number(s, "step", p->step_seq);
    say_word(s, "action", actions[p->fund_action]);
}

/* At the first committee that the documents can reach. */
static void plan_decision(struct sim *s, struct person *p, int32_t from)
{
    static const uint8_t shares[] = { 82, 11, 7 };
    const struct session *session = session_from(s, SESSION_TRAINING, from);
    if (session)
        plan(s, p, session->day + dice_between(&p->dice, 0, 3), ACT_decide_fund, dice_weighted(&p->dice, shares, 3));
}

void then_fund_asked(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    const char *action = actions[p->fund_action];
    (void)saying;
    p->fund_seq = (uint32_t)a->seq;
    p->fund_documents = 0;
    ledger_count(&s->ledger, KEPT_training_requested, action, p->fund_cents, 0);
    ledger_count(&s->ledger, KEPT_training_cofunded, action, p->fund_cofunded, 0);
    ledger_count(&s->ledger, KEPT_training_cofunding_rate, NULL, p->fund_cofunded, p->fund_cents);
    for (unsigned i = 0; i < DOCUMENTS_BEFORE; i++)
        if (i != QUOTE || !dice_percent(&p->dice, QUOTE_FORGOTTEN_PERCENT))
            plan_in(s, p, 0, 6, ACT_fund_document, i);
    plan_decision(s, p, s->today + 10);
}

/* ---- documents ---- */
void say_fund_document(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const documents[DOCUMENTS] = { "request", "prescription", "quote", "attendance", "invoice", "review" };
    say_number(s, "request", p->fund_seq);
    say_word(s, "document", documents[saying->detail]);
    if (saying->detail == QUOTE || saying->detail == INVOICE)
        say_number(s, "amount_cents", p->fund_cents);
}

void then_fund_document(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)s, (void)a;
    p->fund_documents |= (uint8_t)(1u << saying->detail);
}

/* The parcours is over and its agenda empty: what the fund is owed comes all the same. */
void keep_fund_documents(struct sim *s, struct person *p, bool awaited)
{
    for (unsigned i = DOCUMENTS_BEFORE; awaited && i < DOCUMENTS; i++)
        if (!(p->fund_documents >> i & 1))
            plan_in(s, p, 1, 20, ACT_fund_document, i);
}

/* ---- the decision ---- */
int32_t when_fund_decided(struct sim *s, struct person *p, unsigned detail)
{
    return when_running(s, p, detail) == WHEN_NEVER ? WHEN_NEVER : at_session(s, p, SESSION_TRAINING);
}

void say_fund_decision(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const outcomes[] = { "granted", "refused", "deferred" };
    const struct session *session = session_before(s, SESSION_TRAINING, s->today);
    say_number(s, "request", p->fund_seq);
    say_word(s, "outcome", outcomes[saying->detail]);
    if (session)
        say_word(s, "session", session->id);
    if (saying->detail == FUND_GRANT)
        say_number(s, "granted_cents", p->fund_cents - p->fund_cofunded);
    if (saying->detail == FUND_GRANT && (p->fund_documents & ALL_BEFORE) != ALL_BEFORE)
        saying->expect = "training-documents";
}

void then_fund_decided(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    if (saying->expect)
        plan_in(s, p, 0, 5, ACT_fund_document, QUOTE);
    if (saying->expect || saying->detail == FUND_DEFER)
        plan_decision(s, p, s->today + 10);
    if (!saying->expect && saying->detail != FUND_DEFER)
        ledger_count(&s->ledger, KEPT_training_granted_rate, NULL, saying->detail == FUND_GRANT, 1);
    if (saying->expect || saying->detail != FUND_GRANT)
        return;
    ledger_count(&s->ledger, KEPT_training_granted, actions[p->fund_action], (int64_t)p->fund_cents - p->fund_cofunded, 0);
    int32_t over = p->step_end > s->today ? p->step_end : s->today;
    for (unsigned i = DOCUMENTS_BEFORE; i < DOCUMENTS; i++)
        plan(s, p, over + dice_punctual(&p->dice, (struct days){ 2, 26 }, (struct days){ 31, 55 }, (struct days){ 56, 120 }), ACT_fund_document, i);
}

/* ---- CléA: an evaluation before and another after, of seven domains ---- */
static const char *const domains[CLEA_DOMAINS] = { "french", "maths", "digital", "teamwork", "autonomy", "learning", "safety" };

void say_clea(struct sim *s, struct person *p, struct saying *saying)
{
    bool final = saying->detail == CLEA_FINAL;
    const char *mine[CLEA_DOMAINS];
    unsigned n = 0, percent = (unsigned)(final ? dice_between(&p->dice, 52, 100) : dice_between(&p->dice, 20, 70));
    saying->subject = percent << CLEA_DOMAINS;
    for (unsigned i = 0; i < CLEA_DOMAINS; i++) {
        if (!dice_percent(&p->dice, percent))
            continue;
        saying->subject |= 1u << i;
        mine[n++] = domains[i];
    }
    say_flag(s, "final", final);
    say_number(s, "percent", percent);
    say_words(s, "validated", mine, n);
}

void then_clea(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    if (saying->detail == CLEA_FINAL)
        ledger_count(&s->ledger, KEPT_clea_certified, NULL, saying->subject >> CLEA_DOMAINS >= CLEA_PASS_PERCENT, 1);
    else
        ledger_count(&s->ledger, KEPT_clea_started, NULL, 1, 0);
    for (unsigned i = 0; i < CLEA_DOMAINS; i++)
        if (saying->subject >> i & 1 && !(p->clea >> i & 1))
            ledger_count(&s->ledger, KEPT_clea_domains, domains[i], 1, 0);
    p->clea |= (uint8_t)(saying->subject & 127);
}
