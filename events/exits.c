/* The criteria of a positive exit. Each finds the first day on or after `day` on which it is met if nothing changes. */
#include "exits_inside.h"

#include <assert.h>

/* The last day of so many months served: in post on hiring + months - 1 day. */
static int32_t served_on(int32_t started_on, int32_t months)
{
    return day_add_months(started_on, months) - 1;
}

static struct exit_check from_day(int32_t first, int32_t day, uint64_t cause)
{
    bool met = first <= day;
    return (struct exit_check){ met, met ? day : first, met ? 0 : 1u << MISSING_time, cause };
}

/* The better of two: met, then earlier, then whichever says more than "nothing started". */
static struct exit_check better(struct exit_check a, struct exit_check b)
{
    if (a.earliest == DAY_NONE || b.earliest == DAY_NONE)
        return b.earliest != DAY_NONE || (a.earliest == DAY_NONE && b.cause) ? b : a;
    return b.earliest < a.earliest ? b : a;
}

static struct exit_check serve(int32_t started_on, int32_t ended_on, int32_t months, int32_t day, uint64_t cause)
{
    int32_t served = served_on(started_on, months);
    if (ended_on != DAY_NONE && ended_on < served)
        return never(MISSING_time, cause);
    return from_day(served, day, cause);
}

/* ---- jobs ---- */
bool exit_job_kind(const struct job *j, unsigned criterion, const struct rulebook *b)
{
    switch (criterion) {
    case exit_criterion_employment:     /* where fixed-term contracts have a criterion of their own, they are judged by it */
        return j->kind == employment_kind_cdi || (j->kind == employment_kind_cdd && !is_on(b, RULE_exit_fixed_term));
    case exit_criterion_aided_contract:
        return j->kind == employment_kind_aided_non_market || (j->kind == employment_kind_aided_market && is_on(b, RULE_exit_aided_market));
    case exit_criterion_temporary:
        return j->kind == employment_kind_temporary || j->kind == employment_kind_etti;
    case exit_criterion_fixed_term:
        return j->kind == employment_kind_cdd || j->kind == employment_kind_seasonal;
    case exit_criterion_senior_insertion:
        return j->kind == employment_kind_iae_aci;
    }
    return false;
}

static bool enough_hours(const struct job *j, unsigned criterion, const struct rulebook *b)
{
    bool asked = criterion == exit_criterion_employment || criterion == exit_criterion_fixed_term ||
                 (criterion == exit_criterion_aided_contract && is_on(b, RULE_exit_aided_half_time));
    if (!asked || !is_on(b, RULE_exit_half_time) || j->weekly_hundredths >= b->rule[RULE_exit_half_time].value.at[0])
        return true;
    return j->agrees && is_on(b, RULE_exit_half_time_agreed);
}

bool exit_job(const struct job *j, unsigned criterion, const struct rulebook *b)
{
    return exit_job_kind(j, criterion, b) && enough_hours(j, criterion, b);
}

/* A contract whose end is told and comes before the day does not reach it; one that became permanent has none. */
static bool ends_before(const struct job *j, int32_t day)
{
    return j->kind != employment_kind_cdi && j->planned_end != DAY_NONE && j->planned_end < day;
}

bool exit_job_stands(const struct job *j, unsigned criterion, int32_t day, const struct rulebook *b)
{
    if (!exit_job(j, criterion, b) || j->started_on > day)
        return false;
    bool served = is_on(b, exit_rule(criterion)) && j->ended_on >= served_on(j->started_on, months_of(b, exit_rule(criterion)));
    return j->ended_on == DAY_NONE || j->ended_on >= day || served;
}

/* One job of the criterion's kind that lasts until `months` are served, and `days` more. */
static struct exit_check one_job(const struct parcours *p, unsigned criterion, int32_t months, int32_t days, int32_t day, const struct rulebook *b)
{
    struct exit_check best = never(MISSING_nothing_started, 0);
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (!exit_job_kind(j, criterion, b))
            continue;
        int32_t served = served_on(j->started_on, months) + days;
        bool open_cdd = j->kind == employment_kind_cdd && j->planned_end == DAY_NONE;
        struct exit_check c = from_day(served, day, j->began_seq);
        if (!enough_hours(j, criterion, b))
            c = never(MISSING_half_time, j->began_seq);
        else if (open_cdd || ends_before(j, served))
            c = never(MISSING_contract_end, j->began_seq);
        else if (j->ended_on != DAY_NONE && j->ended_on < served)
            c = never(MISSING_time, j->began_seq);
        best = better(best, c);
    }
    return best;
}

static struct exit_check employment(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    return one_job(p, exit_criterion_employment, months_of(b, RULE_exit_employment), 0, day, b);
}

static struct exit_check aided(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    int32_t days = is_on(b, RULE_exit_aided_days) ? (int32_t)b->rule[RULE_exit_aided_days].value.at[0] : 0;
    return one_job(p, exit_criterion_aided_contract, months_of(b, RULE_exit_aided), days, day, b);
}

/* The first day of the month of that birthday: the day itself is sealed. */
static int32_t aged_on(const struct parcours *p, const struct rulebook *b)
{
    if (!is_on(b, RULE_exit_senior_age))
        return DAY_FIRST;
    if (p->senior_month == ABSENT)
        return DAY_NONE;
    return month_first((int32_t)(p->senior_month + (b->rule[RULE_exit_senior_age].value.at[0] - SENIOR_YEARS) * 12));
}

static struct exit_check senior_insertion(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    struct exit_check best = never(MISSING_nothing_started, 0);
    int32_t aged = aged_on(p, b);
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (!exit_job_kind(j, exit_criterion_senior_insertion, b))
            continue;
        int32_t served = served_on(j->started_on, months_of(b, RULE_exit_senior)), first = served > aged ? served : aged;
        struct exit_check c = from_day(first, day, j->began_seq);
        bool ended = j->ended_on != DAY_NONE && j->ended_on < (first > day ? first : day);
        if (ended || aged == DAY_NONE)
            c = never(ended ? MISSING_time : MISSING_age, j->began_seq);
        else if (!c.met)
            c.missing = (served > day ? 1u << MISSING_time : 0) | (aged > day ? 1u << MISSING_age : 0);
        best = better(best, c);
    }
    return best;
}

/* ---- what lasts: a business, a long training, a chosen situation ---- */
/* Whether a qualification counts that is not registered at the RNCP. */
static bool any_register(const struct rulebook *b)
{
    return is_on(b, RULE_qualification_register) && b->rule[RULE_qualification_register].value.at[0] == 0;
}

static bool counts(const struct span *s, const struct rulebook *b)
{
    return s->kind != SPAN_long_training || s->registered || any_register(b);
}

bool exit_span(const struct span *s, unsigned criterion, const struct rulebook *b)
{
    static const int kinds[] = { [exit_criterion_business] = SPAN_business + 1, [exit_criterion_atypical] = SPAN_chosen + 1,
                                 [exit_criterion_long_training] = SPAN_long_training + 1 };
    return criterion < sizeof kinds / sizeof kinds[0] && kinds[criterion] == s->kind + 1 && counts(s, b);
}

static struct exit_check span(const struct parcours *p, enum span_kind kind, int32_t months, int32_t day, const struct rulebook *b)
{
    struct exit_check best = never(MISSING_nothing_started, 0);
    for (uint32_t i = 0; i < p->spans.n; i++) {
        const struct span *s = &p->spans.at[i];
        if (s->kind != (int16_t)kind)
            continue;
        best = better(best, counts(s, b) ? serve(s->started_on, s->ended_on, months, day, s->seq) : never(MISSING_registered, s->seq));
    }
    return best;
}

static struct exit_check business(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    return span(p, SPAN_business, months_of(b, RULE_exit_business), day, b);
}

static struct exit_check long_training(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    return span(p, SPAN_long_training, months_of(b, RULE_exit_long_training), day, b);
}

static struct exit_check atypical(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    struct exit_check c = span(p, SPAN_chosen, months_of(b, RULE_exit_atypical), day, b);
    if (c.cause && !p->exit_agreed) {
        c.met = false;
        c.earliest = DAY_NONE;
        c.missing |= 1u << MISSING_agreement;
    }
    return c;
}

static struct exit_check qualification(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    int32_t on = any_register(b) ? p->qualified_any_on : p->qualified_on;
    return on == DAY_NONE || on < p->start_on ? never(MISSING_nothing_started, 0)
                                              : from_day(on, day, any_register(b) ? p->qualified_any_seq : p->qualified_seq);
}

/* ---- the table ---- */
#define READS_MAX 3
#define READS(...) { __VA_ARGS__ }

/* `reads`: what its check reads besides, and would be laxer without; ended by 0, when there is room. */
static const struct {
    enum rule_number rule;
    criterion_fn *check;
    enum rule_number reads[READS_MAX];
} criteria[] = {
    [exit_criterion_employment] = { RULE_exit_employment, employment, READS(RULE_exit_half_time) },
    [exit_criterion_hours] = { RULE_exit_hours, cumulated_hours, READS(RULE_exit_hours_window, RULE_exit_hours_age) },
    [exit_criterion_business] = { RULE_exit_business, business, READS(0) },
    [exit_criterion_aided_contract] = { RULE_exit_aided, aided, READS(RULE_exit_aided_days, RULE_exit_aided_half_time, RULE_exit_half_time) },
    [exit_criterion_atypical] = { RULE_exit_atypical, atypical, READS(0) },
    [exit_criterion_qualification] = { RULE_exit_qualification, qualification, READS(RULE_qualification_register) },
    [exit_criterion_long_training] = { RULE_exit_long_training, long_training, READS(RULE_qualification_register) },
    [exit_criterion_temporary] = { RULE_exit_temporary, cumulated_temporary, READS(0) },
    [exit_criterion_fixed_term] = { RULE_exit_fixed_term, cumulated_fixed_term, READS(RULE_exit_half_time) },
    [exit_criterion_senior_insertion] = { RULE_exit_senior, senior_insertion, READS(RULE_exit_senior_age) },
};

static const struct {
    const char *name, *fr, *en;
} missings[] = {
#define X(name, fr, en) { #name, fr, en },
    MISSING(X)
#undef X
};

struct exit_check exit_outlook(const struct parcours *p, unsigned criterion, int32_t day, const struct rulebooks *books)
{
    struct exit_check first = never(MISSING_rule_off, 0);
    bool asked = false;
    for (uint32_t i = 0; i < books->regime_count; i++) {
        const struct regime *g = &books->regimes[i];
        if (g->before_day <= day)
            continue;
        struct exit_check c = exit_check(p, criterion, g->from_day > day ? g->from_day : day, g->book);
        bool reached = c.earliest != DAY_NONE && c.earliest < g->before_day;
        if (!asked || reached)
            first = c;
        first.met = reached && first.earliest == day;
        if (reached)
            return first;
        first.earliest = DAY_NONE;
        asked = true;
    }
    return first;
}

unsigned exit_criteria(void)
{
    return sizeof(criteria) / sizeof(criteria[0]);
}

enum rule_number exit_rule(unsigned criterion)
{
    assert(criterion < exit_criteria());
    return criteria[criterion].rule;
}

/* The rulebook waits for the PLIE to fill in the criterion, or what it reads. */
static bool lost(const struct rulebook *b, unsigned criterion)
{
    bool unknown = b && b->rule[criteria[criterion].rule].mode == MODE_UNKNOWN;
    for (unsigned i = 0; b && i < READS_MAX && criteria[criterion].reads[i]; i++) {
        enum rule_number read = criteria[criterion].reads[i];
        bool asked = read != RULE_exit_half_time || criterion != exit_criterion_aided_contract || is_on(b, RULE_exit_aided_half_time);
        unknown = unknown || (asked && b->rule[read].mode == MODE_UNKNOWN);
    }
    return unknown;
}

struct exit_check exit_check(const struct parcours *p, unsigned criterion, int32_t day, const struct rulebook *b)
{
    assert(criterion < exit_criteria());
    if (lost(b, criterion))
        return never(MISSING_unknown, 0);
    return is_on(b, criteria[criterion].rule) ? criteria[criterion].check(p, day, b) : never(MISSING_rule_off, 0);
}

const char *missing_sentence(enum missing m, bool french)
{
    assert(m < MISSINGS);
    return french ? missings[m].fr : missings[m].en;
}

const char *missing_name(enum missing m)
{
    assert(m < MISSINGS);
    return missings[m].name;
}
