/* From the orientation to the decision of entry. */
#include <inttypes.h>
#include <stdio.h>

#include "../events/catalogue.h"
#include "sim.h"

#define NOT_ENTERING_PERCENT 13     /* before the proposal; a refusal or a change of mind comes later */
#define DEFERRED_PERCENT 6
#define REFUSED_PERCENT 6
#define FUND_DATA_PARTLY 1
#define FUND_DATA_PARTLY_PERCENT 12
#define TARGETS 8
#define CONDITIONS 4
#define PROPOSED_DAYS_AHEAD 3       /* the file reaches the committee so long before */

enum { DECIDE_ACCEPT, DECIDE_REFUSE, DECIDE_DEFER, DECIDE_REFUSE_BARELY };   /* barely: without the alternative that is due */

int32_t when_lately(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    return happened_lately(s, p);
}

int32_t when_today(struct sim *s, struct person *p, unsigned detail)
{
    (void)p, (void)detail;
    return s->today;
}

/* Strictly after what came before: it ends what the events of its own day still suppose. */
int32_t when_after_last(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    return s->today > p->last_on ? s->today : WHEN_LATER;
}

int32_t when_oriented(struct sim *s, struct person *p, unsigned detail)
{
    return p->id[0] ? when_after_last(s, p, detail) : s->today;
}

void say_nothing(struct sim *s, struct person *p, struct saying *saying)
{
    (void)s, (void)p, (void)saying;
}

void then_nothing(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)s, (void)p, (void)saying, (void)a;
}

/* ---- orientation ---- */
#define ORIGIN_SELF 2
static const char *const origins[] = { "prescriber", "detected", "self" };
static const uint8_t origin_shares[] = { 82, 11, 7 };

void say_oriented(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const prescribers[] = { "france-travail", "departement", "mission-locale", "ccas" };
    static const uint8_t shares[] = { 46, 34, 8, 12 };
    saying->subject = dice_weighted(&p->dice, origin_shares, 3);
    say_word(s, "origin", origins[saying->subject]);
    if (saying->subject != ORIGIN_SELF)
        say_word(s, "prescriber", prescribers[dice_weighted(&p->dice, shares, 4)]);
    say_text(s, "name", person_name(p));
    say_text(s, "first_name", person_first_name(p));
    say_day(s, "born", p->born);
}

static unsigned traits_of(const struct person *p)
{
    bool low_level = p->education == 0 || (p->education == EDUCATION_MIDDLE && !p->level_4);
    return (p->sex == sex_F ? LEDGER_WOMAN : 0u) | (p->benefits >> benefit_rsa & 1 ? LEDGER_RSA : 0u) |
           (p->flags & FLAG_QPV ? LEDGER_QPV : 0u) | (low_level ? LEDGER_LOW_LEVEL : 0u);
}

void then_oriented(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_traits(&s->ledger, saying->person, p->born, traits_of(p));
    ledger_oriented(&s->ledger, saying->person, saying->on);
    ledger_count(&s->ledger, KEPT_orientations, origins[saying->subject], 1, 0);
    ledger_count(&s->ledger, KEPT_non_entries, NULL, 0, 1);
    s->waiting += s->ledger.rows[saying->person].number > 1;    /* who comes for the first time was counted on arriving */
    p->flags &= (uint8_t)(FLAG_QPV | FLAG_SINGLE_PARENT | FLAG_RQTH);
    p->misses = p->hours = 0;
    p->referent = LEDGER_NO_REFERENT;
    p->contact_seq = p->meeting_seq = p->step_seq = p->job_seq = p->unsigned_seq = 0;
    p->short_seq = p->iae_seq = p->fund_seq = 0;
    p->class = 0;
    plan_in(s, p, 0, 4, ACT_assign, 0);
}

void say_referent(struct sim *s, struct person *p, struct saying *saying)
{
    saying->subject = referent_for(s, &p->dice);
    say_word(s, "referent", s->referents[saying->subject].id);
}

void then_assigned(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    p->referent = (uint16_t)saying->subject;
    s->referents[p->referent].load++;
    ledger_referent(&s->ledger, saying->person, p->referent);
    plan_in(s, p, 0, 3, ACT_profile, 0);
    bool partly = dice_percent(&p->dice, FUND_DATA_PARTLY_PERCENT);
    plan_in(s, p, 0, 3, ACT_fse_entry, partly ? FUND_DATA_PARTLY : 0);
    if (partly)
        plan_in(s, p, 6, 45, ACT_fse_entry, 0);
    plan_in(s, p, 1, 4, ACT_meet, 0);
    if (p->flags & FLAG_QPV)
        plan_in(s, p, 5, 20, ACT_join, 0);
}

void say_profile(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const sexes[] = { "F", "M", "X" };
    static const char *const ways[] = { "rue des Tanneries", "avenue du Lac", "allée des Érables", "rue de la Minoterie", "place du Marché" };
    char text[64];
    (void)saying;
    say_word(s, "sex", sexes[p->sex]);
    snprintf(text, sizeof(text), "%d %s", dice_between(&p->dice, 1, 98), ways[dice_below(&p->dice, 5)]);
    say_word(s, "address", text);
    say_text(s, "commune", commune_code(p));
    snprintf(text, sizeof(text), "06 00 %02u %02u %02u", dice_below(&p->dice, 100), dice_below(&p->dice, 100), dice_below(&p->dice, 100));
    say_word(s, "telephone", text);
}

static const char *training_level(struct person *p)
{
    static const char *const levels[][2] = { { "level_6", "level_5_bis" }, { "level_5", "level_4" }, { "level_3", "level_2_1" } };
    static const uint8_t shares[][2] = { { 60, 40 }, { 100, 0 }, { 70, 30 } };
    bool higher = p->education == EDUCATION_MIDDLE ? p->level_4 : dice_weighted(&p->dice, shares[p->education], 2) == 1;
    return levels[p->education][higher];
}

/* What the Fund asks of everybody; some is put off to another day. */
static void say_fund_data(struct sim *s, struct person *p)
{
    say_word(s, "third_country", dice_percent(&p->dice, 9) ? "yes" : "no");
    say_word(s, "foreign_background", dice_percent(&p->dice, 12) ? "prefers_not" : dice_percent(&p->dice, 24) ? "yes" : "no");
    say_word(s, "minority", dice_percent(&p->dice, 15) ? "prefers_not" : dice_percent(&p->dice, 6) ? "yes" : "no");
    say_word(s, "homeless", dice_percent(&p->dice, 5) ? "yes" : "no");
    say_flag(s, "rural", dice_percent(&p->dice, 7));
}

void say_fse_entry(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const levels[] = { "isced_0_2", "isced_3_4", "isced_5_8" };
    static const char *const benefits[] = { "rsa", "ass", "aah", "are" };
    const char *mine[4];
    unsigned n = 0;
    for (unsigned i = 0; i < 4; i++)
        if (p->benefits >> i & 1)
            mine[n++] = benefits[i];
    say_word(s, "labour_status", dice_percent(&p->dice, 72) ? "unemployed_long" : "unemployed");
    say_number(s, "unemployed_months", dice_between(&p->dice, 3, 70));
    say_word(s, "education", levels[p->education]);
    say_word(s, "level", training_level(p));
    say_words(s, "benefits", mine, n);
    say_word(s, "disability", p->flags & FLAG_RQTH ? "rqth" : dice_percent(&p->dice, 5) ? "prefers_not" : "none");
    if (saying->detail != FUND_DATA_PARTLY)
        say_fund_data(s, p);
    say_flag(s, "single_parent", p->flags & FLAG_SINGLE_PARENT);
    say_flag(s, "qpv", p->flags & FLAG_QPV);
    if (p->flags & FLAG_QPV)
        say_word(s, "neighbourhood", "QN02101M");
}

void say_operation(struct sim *s, struct person *p, struct saying *saying)
{
    (void)p, (void)saying;
    say_word(s, "operation", s->operation);
}

void then_joined(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)s, (void)saying, (void)a;
    p->joined = true;
}

/* ---- the pieces of the file ---- */
void say_piece(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const pieces[] = { "eligibility", "engagement_contract", "cv" };
    (void)p;
    say_word(s, "evidence", pieces[saying->detail]);
    say_day(s, "dated", saying->on);
}

void plan_piece(struct sim *s, struct person *p, unsigned piece)
{
    plan(s, p, s->today + dice_punctual(&p->dice, (struct days){ 0, 25 }, (struct days){ 32, 60 }, (struct days){ 61, 150 }), ACT_piece, piece);
}

/* ---- proposal and decision ---- */
static const char *const target_words[] = { "rsa", "ass", "aah", "qpv", "rqth", "single_parent", "senior", "unemployed_12_months" };
static const char *const conditions[] = { "in_territory", "work_permit", "difficulties", "wish" };

static unsigned target_publics(const struct person *p, int32_t day)
{
    const bool met[] = { p->benefits >> benefit_rsa & 1, p->benefits >> benefit_ass & 1, p->benefits >> benefit_aah & 1,
                         p->flags & FLAG_QPV, p->flags & FLAG_RQTH, p->flags & FLAG_SINGLE_PARENT, age_on(p, day) >= 55, true };
    unsigned set = 0;
    for (unsigned i = 0; i < TARGETS; i++)
        set |= (unsigned)met[i] << i;
    return set;
}

void say_eligibility(struct sim *s, struct person *p, struct saying *saying)
{
    const char *criteria[CONDITIONS + TARGETS];
    unsigned n = 0;
    p->publics = (uint8_t)target_publics(p, saying->on);
    for (; n < CONDITIONS; n++)
        criteria[n] = conditions[n];
    for (unsigned i = 0; i < TARGETS; i++)
        if (p->publics >> i & 1)
            criteria[n++] = target_words[i];
    say_words(s, "criteria", criteria, n);
}

/* Under each public that was checked, once the parcours starts. */
void count_publics(struct sim *s, const struct person *p)
{
    ledger_count(&s->ledger, KEPT_publics, NULL, 1, 0);
    for (unsigned i = 0; i < CONDITIONS; i++)
        ledger_word(&s->ledger, KEPT_publics, conditions[i], 1);
    for (unsigned i = 0; i < TARGETS; i++)
        if (p->publics >> i & 1)
            ledger_word(&s->ledger, KEPT_publics, target_words[i], 1);
}

static void propose_for(struct sim *s, struct person *p, int32_t from)
{
    const struct session *session = session_from(s, SESSION_INTEGRATION, from + PROPOSED_DAYS_AHEAD + 2);
    if (session)
        plan(s, p, session->day - PROPOSED_DAYS_AHEAD - dice_between(&p->dice, 0, 2), ACT_propose, 0);
}

void then_checked(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying, (void)a;
    plan_piece(s, p, PIECE_ELIGIBILITY);
    if (dice_percent(&p->dice, NOT_ENTERING_PERCENT))
        plan_in(s, p, 3, 30, ACT_not_enter, dice_below(&p->dice, 2) ? 0 : 2);
    else
        propose_for(s, p, s->today + 4);
}

void say_proposal(struct sim *s, struct person *p, struct saying *saying)
{
    const struct session *session = session_from(s, SESSION_INTEGRATION, s->today + 1);
    (void)p, (void)saying;
    if (session)
        say_word(s, "session", session->id);
    say_word(s, "file", "Dossier de candidature remis au comité.");
}

void then_proposed(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    static const uint8_t outcomes[] = { 100 - DEFERRED_PERCENT - REFUSED_PERCENT, REFUSED_PERCENT - 1, DEFERRED_PERCENT, 1 };
    (void)a;
    ledger_proposed(&s->ledger, saying->person, saying->on);
    const struct session *session = session_from(s, SESSION_INTEGRATION, s->today + 1);
    if (session)
        plan(s, p, session->day + dice_between(&p->dice, 0, 4), ACT_decide, dice_weighted(&p->dice, outcomes, 4));
}

/* The day of the session, even when it is recorded some days later. */
int32_t at_session(struct sim *s, struct person *p, int sort)
{
    const struct session *session = session_before(s, sort, s->today);
    if (!session || session->day < p->last_on)
        return p->last_on > s->today ? WHEN_LATER : p->last_on;
    return session->day;
}

int32_t when_integration(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    return at_session(s, p, SESSION_INTEGRATION);
}

int32_t when_follow_up(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    return at_session(s, p, SESSION_FOLLOW_UP);
}

void say_decision(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const outcomes[] = { "accepted", "refused", "deferred", "refused" };
    const struct session *session = session_before(s, SESSION_INTEGRATION, s->today);
    (void)p;
    say_word(s, "outcome", outcomes[saying->detail]);
    if (session)
        say_word(s, "session", session->id);
    if (saying->detail == DECIDE_REFUSE)
        say_word(s, "alternative", "mission-locale");
    if (saying->detail == DECIDE_REFUSE_BARELY)
        saying->expect = "refusal-alternative";
}

static void entered_not(struct sim *s, struct person *p)
{
    s->waiting--;
    if (p->referent != LEDGER_NO_REFERENT)
        s->referents[p->referent].load--;
    parcours_over(s, p);
    plan_in(s, p, 1, 14, ACT_tell, 0);
}

void then_decided(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    static const enum ledger_phase phases[] = { LEDGER_admitted, LEDGER_refused, LEDGER_deferred };
    (void)a;
    if (saying->expect) {
        plan(s, p, s->today, ACT_decide, DECIDE_REFUSE);
        return;
    }
    ledger_decided(&s->ledger, saying->person, phases[saying->detail], saying->on);
    if (saying->detail == DECIDE_ACCEPT) {
        p->decided_on = saying->on;
        if (dice_permille(&p->dice, 15))
            plan_in(s, p, 5, 20, ACT_not_enter, 1);
        else
            plan_in(s, p, 1, 11, ACT_sign, 0);
        plan_in(s, p, 1, dice_percent(&p->dice, 92) ? 10 : 40, ACT_tell, 0);
    } else if (saying->detail == DECIDE_DEFER) {
        propose_for(s, p, s->today + 10);
    } else {
        entered_not(s, p);
    }
}

void say_not_entered(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const reasons[] = { "declined", "employed", "not_eligible", "missed", "moved", "reoriented" };
    (void)p;
    say_word(s, "reason", reasons[saying->detail % 6]);
    if (saying->detail == 2)
        say_word(s, "alternative", "france-travail");
}

void then_not_entered(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_not_entered(&s->ledger, saying->person);
    ledger_count(&s->ledger, KEPT_non_entries, NULL, 1, 0);
    entered_not(s, p);
}
