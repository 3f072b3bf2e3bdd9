/* Steps one after another. */
#include <stdio.h>
#include <string.h>

#include "../events/catalogue.h"
#include "sim.h"

#define DROPPED_PERCENT 6
#define ABANDONED_PERCENT 8
#define CLOSING_SIGNED_PERCENT 84
enum { SOURCE_SIAE = 1, SOURCE_REGION = 3 };
enum { STEP_TRAINING = 2, STEP_PRE_QUALIFYING, STEP_QUALIFYING, STEP_CLEA, STEP_IMMERSION, STEP_IAE, STEP_COLLECTIVE = 11 };   /* places in the list of kinds below */
#define UNSHARED_PERMILLE 6         /* prescribed without the objective that is due: refused, then put right */

bool may_prolong(const struct sim *s, const struct person *p, int32_t on)
{
    const struct ledger_row *r = &s->ledger.rows[person_index(s, p)];
    return r->phase == LEDGER_running && !r->exit_proposed && !(p->flags & FLAG_SILENT) && on <= ledger_limit(r);
}

int32_t when_prescribed(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    if (planned(p, ACT_close_step))
        return WHEN_LATER;      /* the objective of the last one is measured first */
    bool works = s->ledger.rows[person_index(s, p)].consolidation_on != DAY_NONE;
    int32_t on = happened_lately(s, p);
    return may_prolong(s, p, on) && !works && !(p->flags & FLAG_STEP_OPEN) ? on : WHEN_NEVER;
}

static const char *const kinds[] = { "remobilisation", "orientation", "training", "pre_qualifying_training", "qualifying_training",
    "clea", "immersion", "iae", "temporary_work", "social", "job_search", "collective" };
static const char *const functions[] = { "exploration", "verification", "evaluation", "recruitment" };

/* Not where one of the last was: a host takes the same person sixty days a year at most. */
static const char *host_for(struct sim *s, struct person *p)
{
    if (s->enterprise_count < 2 * HOSTS_KEPT)
        return NULL;
    uint16_t one;
    bool lately;
    do {
        one = (uint16_t)dice_below(&p->dice, s->enterprise_count);
        lately = false;
        for (unsigned i = 0; i < HOSTS_KEPT; i++)
            lately = lately || p->hosts[i] == one + 1;
    } while (lately);
    memmove(p->hosts + 1, p->hosts, sizeof(p->hosts) - sizeof(p->hosts[0]));
    p->hosts[0] = (uint16_t)(one + 1);
    return enterprise_for(s, one);
}

static void describe_immersion(struct sim *s, struct person *p)
{
    static const uint8_t shares[] = { 36, 40, 15, 9 };
    p->step_function = (uint8_t)dice_weighted(&p->dice, shares, 4);
    const char *host = host_for(s, p);
    if (host)
        say_word(s, "enterprise", host);
    say_word(s, "function", functions[p->step_function]);
    say_day(s, "planned_start", workday_from(s->today + 10));
}

static void describe_step(struct sim *s, struct person *p)
{
    static const uint8_t shares[] = { 9, 10, 12, 8, 6, 4, 16, 13, 4, 6, 9, 3 };
    static const char *const sources[] = { "plie", "siae", "common_law", "region" };
    char provider[40];
    unsigned kind = dice_weighted(&p->dice, shares, 12);
    int32_t days = kind == STEP_IMMERSION ? dice_between(&p->dice, 8, 26) : dice_between(&p->dice, 40, 125);
    p->step_kind = (uint8_t)kind;
    p->step_end = workday_from(s->today + 10 + days);
    snprintf(provider, sizeof(provider), "organisme-%02u", dice_below(&p->dice, 38));
    say_word(s, "kind", kinds[kind]);
    if (kind != STEP_IMMERSION)
        say_word(s, "provider", provider);
    unsigned source = kind == STEP_IAE ? SOURCE_SIAE : dice_below(&p->dice, 4);
    p->step_regional = source == SOURCE_REGION && (kind == STEP_QUALIFYING || kind == STEP_PRE_QUALIFYING);
    say_word(s, "source", sources[source]);
    if (kind == STEP_IMMERSION)
        describe_immersion(s, p);
    if (kind == STEP_COLLECTIVE)
        say_flag(s, "collective", true);
    say_day(s, "planned_end", p->step_end);
    say_flag(s, "contractualised", dice_percent(&p->dice, 95));
    say_word(s, "objective", "Valider le projet en situation de travail.");
}

void say_step(struct sim *s, struct person *p, struct saying *saying)
{
    describe_step(s, p);
    if (dice_permille(&p->dice, UNSHARED_PERMILLE))
        saying->expect = "step-objective";
    else
        say_flag(s, "objective_shared", true);
}

void then_prescribed(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    if (saying->expect) {
        plan_in(s, p, 0, 3, ACT_prescribe, 0);
        return;
    }
    p->step_seq = (uint32_t)a->seq;
    p->flags |= FLAG_STEP_OPEN;
    ledger_count(&s->ledger, KEPT_steps_prescribed, kinds[p->step_kind], 1, 0);
    ledger_count(&s->ledger, KEPT_region_training, NULL, 0, p->step_regional);
    if (p->step_kind >= STEP_TRAINING && p->step_kind <= STEP_QUALIFYING)
        plan_fund(s, p);
    plan_in(s, p, 3, 14, dice_percent(&p->dice, DROPPED_PERCENT) ? ACT_drop : ACT_start_step, 0);
}

/* Beyond the limit, with nothing that keeps the parcours open: must be refused. */
int32_t when_beyond(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    const struct ledger_row *r = &s->ledger.rows[person_index(s, p)];
    bool beyond = r->phase == LEDGER_running && r->consolidation_on == DAY_NONE && s->today > ledger_limit(r);
    return beyond && !planned(p, ACT_decide_extension) ? s->today : WHEN_NEVER;
}

void say_step_refused(struct sim *s, struct person *p, struct saying *saying)
{
    int32_t end = p->step_end;
    uint8_t kind = p->step_kind, function = p->step_function;
    bool regional = p->step_regional;
    describe_step(s, p);
    say_flag(s, "objective_shared", true);
    p->step_end = end;
    p->step_kind = kind;
    p->step_function = function;
    p->step_regional = regional;
    saying->expect = "parcours-length";
}

void say_which_step(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_number(s, "step", p->step_seq);
}

static void plan_next_step(struct sim *s, struct person *p)
{
    p->flags &= (uint8_t)~FLAG_STEP_OPEN;
    plan_in(s, p, 8, dice_percent(&p->dice, 68) ? 50 : 150, ACT_prescribe, 0);
}

void then_dropped(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying, (void)a;
    plan_next_step(s, p);
}

void say_step_started(struct sim *s, struct person *p, struct saying *saying)
{
    say_which_step(s, p, saying);
    say_number(s, "interviews_a_month", dice_between(&p->dice, 0, 2));
}

void then_step_started(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying, (void)a;
    s->ledger.totals.steps_started++;
    ledger_count(&s->ledger, KEPT_steps_started, kinds[p->step_kind], 1, 0);
    ledger_count(&s->ledger, KEPT_region_training, NULL, p->step_regional, 0);
    if (p->step_kind == STEP_IMMERSION) {
        ledger_count(&s->ledger, KEPT_immersions, functions[p->step_function], 1, 0);
        ledger_count(&s->ledger, KEPT_placements, "immersion", 1, 0);
        s->ledger.rows[saying->person].ever.immersed = true;
    }
    if (p->step_kind == STEP_CLEA)
        plan_in(s, p, 0, 6, ACT_clea, CLEA_BEFORE);
    if (p->step_kind == STEP_IAE)
        plan_in(s, p, 0, 4, ACT_iae_job, 0);
    ledger_training_step(&s->ledger, saying->person, p->step_kind == STEP_QUALIFYING);
    plan_in(s, p, 1, 13, ACT_welcome, 0);
    plan_in(s, p, 12, 26, ACT_visit, 0);
    if (dice_percent(&p->dice, ABANDONED_PERCENT))
        plan_in(s, p, 4, 40, ACT_abandon_step, 0);
    plan(s, p, p->step_end + dice_between(&p->dice, 0, 4), ACT_end_step, 0);
}

int32_t when_in_step(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    return p->flags & FLAG_STEP_OPEN ? happened_lately(s, p) : WHEN_NEVER;
}

/* A visit is a contact: it would answer the reminder. */
int32_t when_visited(struct sim *s, struct person *p, unsigned detail)
{
    return p->flags & FLAG_SILENT ? WHEN_NEVER : when_in_step(s, p, detail);
}

void say_welcome(struct sim *s, struct person *p, struct saying *saying)
{
    say_which_step(s, p, saying);
    say_word(s, "review", "reception");
    say_flag(s, "referent_present", dice_percent(&p->dice, 85));
    say_flag(s, "participant_present", true);
}

void say_visit(struct sim *s, struct person *p, struct saying *saying)
{
    saying->subject = contact_said("on_site", true);
    say_word(s, "channel", "on_site");
    say_flag(s, "signed", true);
    say_number(s, "minutes", 45);
    say_word(s, "topic", "step");
    say_which_step(s, p, saying);
}

void then_visited(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    count_contact(s, saying->subject, 1);
    plan_in(s, p, 16, 32, ACT_visit, 0);
}

static void over(struct person *p)
{
    p->flags &= (uint8_t)~FLAG_STEP_OPEN;
    forget(p, ACT_welcome);
    forget(p, ACT_visit);
    forget(p, ACT_abandon_step);
    forget(p, ACT_end_step);
}

static void say_result(struct sim *s, struct person *p)
{
    static const char *const results[] = { "met", "partly", "not_met" };
    static const uint8_t shares[] = { 52, 31, 17 };
    say_word(s, "result", results[dice_weighted(&p->dice, shares, 3)]);
}

void say_step_ended(struct sim *s, struct person *p, struct saying *saying)
{
    say_which_step(s, p, saying);
    if (dice_percent(&p->dice, 50))
        say_result(s, p);
    say_number(s, "attendance_percent", dice_between(&p->dice, 55, 100));
    say_flag(s, "participant_present", dice_percent(&p->dice, 85));
}

static void count_end(struct sim *s, struct person *p)
{
    ledger_count(&s->ledger, KEPT_steps_ended, kinds[p->step_kind], 1, 0);
    if (p->step_kind == STEP_IAE && p->iae_seq)
        plan_in(s, p, 0, 2, ACT_end_iae, 0);
}

void then_step_ended(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying, (void)a;
    s->ledger.totals.steps_ended++;
    ledger_count(&s->ledger, KEPT_steps_done, kinds[p->step_kind], 1, 0);
    count_end(s, p);
    if (p->step_kind == STEP_CLEA)
        plan_in(s, p, 0, 10, ACT_clea, CLEA_FINAL);
    ledger_training_step(&s->ledger, saying->person, false);
    over(p);
    plan_in(s, p, 0, 18, ACT_close_step, 0);
}

void then_step_abandoned(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying, (void)a;
    s->ledger.totals.steps_abandoned++;
    count_end(s, p);
    ledger_training_step(&s->ledger, saying->person, false);
    over(p);
    plan_next_step(s, p);
}

enum { CLOSING_PRESENT = 1, CLOSING_SIGNED = 2 };

void say_closing(struct sim *s, struct person *p, struct saying *saying)
{
    say_which_step(s, p, saying);
    say_word(s, "review", "closing");
    say_flag(s, "referent_present", true);
    bool present = dice_percent(&p->dice, 92), is_signed = present && dice_percent(&p->dice, CLOSING_SIGNED_PERCENT);
    saying->subject = (present ? CLOSING_PRESENT : 0u) | (is_signed ? CLOSING_SIGNED : 0u);
    say_flag(s, "participant_present", present);
    if (present)
        say_flag(s, "signed", is_signed);
    say_result(s, p);
}

void then_closed(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    if (saying->subject & CLOSING_PRESENT)
        ledger_count(&s->ledger, KEPT_signatures, NULL, saying->subject & CLOSING_SIGNED ? 1 : 0, 1);
    if (saying->subject == CLOSING_PRESENT)
        plan_signature(s, p, a->seq);
    plan_next_step(s, p);
}

void finish_step(struct sim *s, struct person *p)
{
    if (planned(p, ACT_start_step) || planned(p, ACT_drop)) {
        forget(p, ACT_start_step);
        forget(p, ACT_drop);
        plan(s, p, s->today, ACT_drop, 0);
    } else if (planned(p, ACT_end_step)) {
        forget(p, ACT_end_step);
        plan(s, p, s->today, ACT_end_step, 0);
    } else {
        p->flags &= (uint8_t)~FLAG_STEP_OPEN;
    }
}
