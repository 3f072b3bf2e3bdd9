/* Six more months, asked for before the limit and decided by the committee. */
#include "sim.h"

#define GRANTED_PERCENT 84
#define FILED_DAYS_AHEAD 3

static const struct session *examining(const struct sim *s)
{
    return session_from(s, SESSION_FOLLOW_UP, s->today + FILED_DAYS_AHEAD);
}

int32_t when_asked(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    const struct ledger_row *r = &s->ledger.rows[person_index(s, p)];
    int32_t on = happened_lately(s, p);
    bool possible = r->phase == LEDGER_running && !r->exit_proposed && r->extensions == 0 && on <= ledger_limit(r);
    return possible && examining(s) ? on : WHEN_NEVER;
}

void say_extension(struct sim *s, struct person *p, struct saying *saying)
{
    (void)p, (void)saying;
    say_word(s, "session", examining(s)->id);
    say_word(s, "reason", "Formation en cours, à mener à son terme.");
}

void then_extension_asked(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying, (void)a;
    plan(s, p, examining(s)->day + dice_between(&p->dice, 0, 3), ACT_decide_extension, dice_percent(&p->dice, GRANTED_PERCENT));
}

void say_extension_decision(struct sim *s, struct person *p, struct saying *saying)
{
    const struct session *session = session_before(s, SESSION_FOLLOW_UP, s->today);
    (void)p;
    say_flag(s, "granted", saying->detail);
    if (session)
        say_word(s, "session", session->id);
}

void then_extension_decided(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)p, (void)a;
    if (saying->detail)
        ledger_extended(&s->ledger, saying->person);
}
