/* The criteria of a positive exit. Each finds the first day on or after `day` on which it is met if nothing changes. */
#include "exits.h"

#include <assert.h>

static bool is_on(const struct rulebook *b, enum rule_number r)
{
    return rule_applies(b, r);
}

static int32_t months_of(const struct rulebook *b, enum rule_number r)
{
    return (int32_t)b->rule[r].value.at[0];
}

/* The last day of so many months served: in post on hiring + months - 1 day. */
static int32_t served_on(int32_t started_on, int32_t months)
{
    return day_add_months(started_on, months) - 1;
}

static struct exit_check never(enum missing why, uint64_t cause)
{
    return (struct exit_check){ false, DAY_NONE, 1u << why, cause };
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

static struct exit_check employment(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    struct exit_check best = never(MISSING_nothing_started, 0);
    int32_t months = months_of(b, RULE_exit_employment);
    int64_t half = is_on(b, RULE_exit_half_time) ? b->rule[RULE_exit_half_time].value.at[0] : -1;
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (j->kind != employment_kind_cdi && j->kind != employment_kind_cdd)
            continue;
        struct exit_check c = serve(j->started_on, j->ended_on, months, day, j->seq);
        if (j->weekly_hundredths < half)
            c = never(MISSING_half_time, j->seq);
        else if (j->kind == employment_kind_cdd &&
                 (j->planned_end == DAY_NONE || j->planned_end < served_on(j->started_on, months)))
            c = never(MISSING_contract_end, j->seq);
        best = better(best, c);
    }
    return best;
}

static struct exit_check aided(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    struct exit_check best = never(MISSING_nothing_started, 0);
    int32_t months = months_of(b, RULE_exit_aided);
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (j->kind != employment_kind_aided_non_market)
            continue;
        struct exit_check c = serve(j->started_on, j->ended_on, months, day, j->seq);
        if (j->planned_end != DAY_NONE && j->planned_end < served_on(j->started_on, months))
            c = never(MISSING_contract_end, j->seq);
        best = better(best, c);
    }
    return best;
}

static struct exit_check span(const struct parcours *p, enum span_kind kind, int32_t months, int32_t day)
{
    struct exit_check best = never(MISSING_nothing_started, 0);
    for (uint32_t i = 0; i < p->spans.n; i++) {
        const struct span *s = &p->spans.at[i];
        if (s->kind != (int16_t)kind)
            continue;
        bool unregistered = kind == SPAN_long_training && !s->registered;
        best = better(best, unregistered ? never(MISSING_registered, s->seq)
                                         : serve(s->started_on, s->ended_on, months, day, s->seq));
    }
    return best;
}

static struct exit_check business(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    return span(p, SPAN_business, months_of(b, RULE_exit_business), day);
}

static struct exit_check long_training(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    return span(p, SPAN_long_training, months_of(b, RULE_exit_long_training), day);
}

static struct exit_check atypical(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    struct exit_check c = span(p, SPAN_chosen, months_of(b, RULE_exit_atypical), day);
    if (c.cause && !p->exit_agreed) {
        c.met = false;
        c.earliest = DAY_NONE;
        c.missing |= 1u << MISSING_agreement;
    }
    return c;
}

static struct exit_check qualification(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    (void)b;
    return p->qualified_on == DAY_NONE || p->qualified_on < p->start_on ? never(MISSING_nothing_started, 0) : from_day(p->qualified_on, day, p->qualified_seq);
}

/* ---- hours within a window ---- */

#define FRACTION_BELOW_MAX ((int64_t)1 << 40)

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* A sum of hundredths of hours and of a fraction of one: exact, for a threshold is met or not. */
struct exact {
    int64_t whole, over, below;
};

static void add_share(struct exact *sum, int64_t hundredths, int64_t inside, int64_t days)
{
    __extension__ typedef __int128 wide;
    wide share = (wide)hundredths * inside;
    sum->whole += (int64_t)(share / days);
    wide over = (wide)sum->over * days + (wide)(share % days) * sum->below;
    int64_t below = sum->below * days, divisor;
    sum->whole += (int64_t)(over / below);
    sum->over = (int64_t)(over % below);
    divisor = common_divisor(below, sum->over);
    sum->over /= divisor;
    sum->below = below / divisor;
    /* Only periods that straddle an edge bring a fraction: two, when they do not overlap. With absurdly many the rest, less than
     * a hundredth of an hour, is dropped. */
    if (sum->below > FRACTION_BELOW_MAX) {
        sum->over = 0;
        sum->below = 1;
    }
}

/* Whether the hours recorded reach `wanted` within [from, until], each period in proportion to its days there. */
static bool hours_reach(const struct parcours *p, int32_t from, int32_t until, int64_t wanted)
{
    struct exact sum = { 0, 0, 1 };
    for (uint32_t i = 0; i < p->hours.n; i++) {
        const struct hours *h = &p->hours.at[i];
        int32_t first = h->from_day > from ? h->from_day : from, last = h->until_day < until ? h->until_day : until;
        if (last >= first && h->until_day >= h->from_day)
            add_share(&sum, h->hundredths, last - first + 1, h->until_day - h->from_day + 1);
    }
    return sum.whole >= wanted;
}

static bool window_met(const struct parcours *p, int32_t exit_day, const struct rulebook *b)
{
    int32_t age = is_on(b, RULE_exit_hours_age) ? months_of(b, RULE_exit_hours_age) : 0;
    for (int32_t end = day_add_months(exit_day, -age); end <= exit_day; end++) {
        int32_t start = is_on(b, RULE_exit_hours_window) ? day_add_months(end, -months_of(b, RULE_exit_hours_window)) + 1 : p->start_on;
        if (hours_reach(p, start > p->start_on ? start : p->start_on, end, b->rule[RULE_exit_hours].value.at[0]))
            return true;
    }
    return false;
}

static struct exit_check cumulated(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    int32_t last = DAY_NONE;
    if (p->hours.n == 0 || p->start_on == DAY_NONE)
        return never(MISSING_nothing_started, 0);
    for (uint32_t i = 0; i < p->hours.n; i++)
        last = p->hours.at[i].until_day > last ? p->hours.at[i].until_day : last;
    uint64_t cause = p->hours.at[p->hours.n - 1].seq;
    /* Hours already recorded may lie after `day`; past the last of them and the window, nothing can change any more. */
    for (int32_t d = day; d <= last || d == day; d++)
        if (window_met(p, d, b))
            return (struct exit_check){ d == day, d, d == day ? 0 : 1u << MISSING_hours, cause };
    return never(MISSING_hours, cause);
}

typedef struct exit_check criterion_fn(const struct parcours *, int32_t day, const struct rulebook *);

static const struct {
    enum rule_number rule;
    criterion_fn *check;
} criteria[] = {
    [exit_criterion_employment] = { RULE_exit_employment, employment },
    [exit_criterion_hours] = { RULE_exit_hours, cumulated },
    [exit_criterion_business] = { RULE_exit_business, business },
    [exit_criterion_aided_contract] = { RULE_exit_aided, aided },
    [exit_criterion_atypical] = { RULE_exit_atypical, atypical },
    [exit_criterion_qualification] = { RULE_exit_qualification, qualification },
    [exit_criterion_long_training] = { RULE_exit_long_training, long_training },
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

struct exit_check exit_check(const struct parcours *p, unsigned criterion, int32_t day, const struct rulebook *b)
{
    assert(criterion < exit_criteria());
    if (b && b->rule[criteria[criterion].rule].mode == MODE_UNKNOWN)
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
