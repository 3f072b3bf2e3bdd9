/* Criteria that add up: hours within a window, months of contracts within a window. */
#include "exits_inside.h"

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

struct exit_check cumulated_hours(const struct parcours *p, int32_t day, const struct rulebook *b)
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

/* ---- months of contracts within a window ---- */
#define DAYS_OF_MONTH 30    /* "30 days make a month" */

/* The last day of the job as far as it is known: a contract that is not renewed ends at its term. */
static int32_t last_day(const struct job *j)
{
    return j->ended_on != DAY_NONE ? j->ended_on : j->planned_end != DAY_NONE ? j->planned_end : DAY_LAST;
}

/* Whole months, then days, of one period; in days. */
static int64_t months_and_days(int32_t from, int32_t until)
{
    int32_t months = 0;
    if (from == DAY_NONE)
        return 0;
    while (day_add_months(from, months + 1) - 1 <= until)
        months++;
    return (int64_t)months * DAYS_OF_MONTH + until - day_add_months(from, months) + 1;
}

/* What the jobs of the criterion add up to within [from, until], days on which two ran counted once. Jobs come by their first day. */
static int64_t served_within(const struct parcours *p, unsigned criterion, const struct rulebook *b, int32_t from, int32_t until)
{
    int32_t first = DAY_NONE, last = DAY_NONE;
    int64_t sum = 0;
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        int32_t begin = j->started_on > from ? j->started_on : from, end = last_day(j) < until ? last_day(j) : until;
        if (!exit_job(j, criterion, b) || end < begin)
            continue;
        if (first != DAY_NONE && begin <= last + 1) {
            last = end > last ? end : last;
            continue;
        }
        sum += months_and_days(first, last);
        first = begin;
        last = end;
    }
    return sum + months_and_days(first, last);
}

/* [months, within so many months], the window ending on the day, inside the parcours. */
static bool months_reached(const struct parcours *p, unsigned criterion, int32_t day, const struct rulebook *b, const struct value *v)
{
    int32_t from = day_add_months(day, -(int32_t)v->at[1]) + 1;
    return served_within(p, criterion, b, from > p->start_on ? from : p->start_on, day) >= v->at[0] * DAYS_OF_MONTH;
}

static struct exit_check cumulated_months(const struct parcours *p, unsigned criterion, int32_t day, const struct rulebook *b)
{
    const struct value *v = &b->rule[exit_rule(criterion)].value;
    int32_t last = day;     /* past the jobs known, nothing can change any more */
    uint64_t cause = 0, short_of_hours = 0;
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (!exit_job(j, criterion, b)) {
            short_of_hours = exit_job_kind(j, criterion, b) ? j->began_seq : short_of_hours;
            continue;
        }
        int32_t begin = j->started_on > day ? j->started_on : day, end = last_day(j), enough = day_add_months(begin, (int32_t)v->at[0]);
        end = end < enough ? end : enough;
        last = end > last ? end : last;
        cause = j->began_seq;
    }
    if (!cause || p->start_on == DAY_NONE)
        return never(short_of_hours ? MISSING_half_time : MISSING_nothing_started, short_of_hours);
    for (int32_t d = day; d <= last; d++)
        if (months_reached(p, criterion, d, b, v))
            return (struct exit_check){ d == day, d, d == day ? 0 : 1u << MISSING_months, cause };
    return never(MISSING_months, cause);
}

struct exit_check cumulated_temporary(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    return cumulated_months(p, exit_criterion_temporary, day, b);
}

struct exit_check cumulated_fixed_term(const struct parcours *p, int32_t day, const struct rulebook *b)
{
    return cumulated_months(p, exit_criterion_fixed_term, day, b);
}
