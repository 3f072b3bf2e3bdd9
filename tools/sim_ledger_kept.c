/* The figures that the ledger keeps: counted as things are accepted, and from the parcours once the life is over. */
#include <stdlib.h>
#include <string.h>

#include "../events/days.h"
#include "sim_ledger.h"

#define NEAR_MONTHS 3
#define GAP_MONTHS 4            /* the longest time without a step, DA-04 */

static void word(struct ledger_tally *t, const char *name, int64_t n)
{
    unsigned i = 0;
    while (i < t->words && t->word[i].name != name && strcmp(t->word[i].name, name) != 0)
        i++;
    if (i == LEDGER_WORDS)
        return;     /* the words then do not add up, and the comparison says so */
    if (i == t->words)
        t->word[t->words++].name = name;
    t->word[i].n += n;
}

static void count(struct ledger_tally *t, int64_t numerator, int64_t denominator)
{
    t->numerator += numerator;
    t->denominator += denominator;
}

void ledger_word(struct ledger *l, enum ledger_kept which, const char *name, int64_t n)
{
    word(&l->kept[which], name, n);
}

void ledger_count(struct ledger *l, enum ledger_kept which, const char *name, int64_t numerator, int64_t denominator)
{
    count(&l->kept[which], numerator, denominator);
    if (name)
        word(&l->kept[which], name, numerator);
}

void ledger_contact(struct ledger *l, const char *channel, bool meeting, bool is_signed, int times)
{
    l->totals.contacts += (uint64_t)(int64_t)times;
    ledger_count(l, KEPT_contacts, channel, times, 0);
    if (!meeting)
        return;
    ledger_count(l, KEPT_interviews, channel, times, 0);
    ledger_count(l, KEPT_signatures, NULL, is_signed ? times : 0, times);
}

/* ---- obstacles: found once until they are lifted, and anew by who comes back ---- */
void ledger_found(struct ledger *l, uint32_t person, unsigned obstacle, const char *word)
{
    struct ledger_row *r = &l->rows[person];
    if (r->obstacles >> obstacle & 1)
        return;
    r->obstacles |= (uint16_t)(1u << obstacle);
    ledger_count(l, KEPT_obstacles, word, 1, 0);
    ledger_count(l, KEPT_obstacles_lifted, NULL, 0, 1);
}

void ledger_lifted(struct ledger *l, uint32_t person, unsigned obstacle)
{
    struct ledger_row *r = &l->rows[person];
    if (r->obstacles >> obstacle & 1)
        ledger_count(l, KEPT_obstacles_lifted, NULL, 1, 0);
    r->obstacles &= (uint16_t)~(1u << obstacle);
}

/* ---- who is accompanied ---- */
void ledger_traits(struct ledger *l, uint32_t person, int32_t born_on, unsigned traits)
{
    l->rows[person].born_on = born_on;
    l->rows[person].traits = (uint8_t)traits;
}

static int32_t month_of(int32_t day)
{
    struct civil c = day_civil(day);
    return c.year * 12 + c.month - 1;
}

/* In whole years, reached on the first of the month of birth. */
static void count_person(const struct ledger_row *r, int32_t to, struct ledger_tally kept[LEDGER_KEPT])
{
    static const enum ledger_kept shares[] = { KEPT_women, KEPT_rsa, KEPT_qpv, KEPT_low_level };
    count(&kept[KEPT_accompanied], 1, 0);
    for (unsigned i = 0; i < 4; i++)
        count(&kept[shares[i]], r->traits >> i & 1, 1);
    count(&kept[KEPT_mean_age], (month_of(to) - month_of(r->born_on)) / 12, 1);
}

/* A day of the month that the later month has not is not reached in it. */
static int32_t months_between(int32_t from, int32_t to)
{
    struct civil a = day_civil(from), b = day_civil(to);
    bool last = month_of(to + 1) != month_of(to);
    return month_of(to) - month_of(from) - (b.day < a.day && !last);
}

static bool within(int32_t day, int32_t from, int32_t to)
{
    return day != DAY_NONE && from <= day && day <= to;
}

/* True when it held a day of the period. */
static bool count_stay(const struct ledger_stay *s, int32_t from, int32_t to, struct ledger_tally kept[LEDGER_KEPT])
{
    if (within(s->exit_on, from, to)) {
        count(&kept[KEPT_mean_months], months_between(s->start_on, s->exit_on), 1);
        count(&kept[KEPT_positive_exit_rate], s->positive, 1);
    }
    if (within(s->busy_on, from, to) && s->busy_on > s->start_on)
        count(&kept[KEPT_idle_days], s->busy_on - s->start_on, 1);
    if (within(s->start_on, from, to))
        count(&kept[KEPT_entry_delay], s->start_on - s->oriented_on, 1);
    for (int32_t day = from; day <= to; day++) {
        bool month_ends = month_of(day + 1) != month_of(day);
        if (month_ends && s->start_on <= day && (s->exit_on == DAY_NONE || day <= s->exit_on))
            count(&kept[KEPT_stock_mean], 1, 0);
    }
    return s->start_on <= to && (s->exit_on == DAY_NONE || s->exit_on >= from);
}

void ledger_people(const struct ledger *l, int32_t from, int32_t to, struct ledger_tally kept[LEDGER_KEPT])
{
    bool *there = calloc(l->count + 1, sizeof(*there));
    if (!there)
        return;     /* nothing is counted then, and the comparison says so */
    for (uint32_t i = 0; i < l->stay_count; i++)
        if (count_stay(&l->stays[i], from, to, kept))
            there[l->stays[i].person] = true;
    for (uint32_t i = 0; i < l->count; i++) {
        const struct ledger_row *r = &l->rows[i];
        struct ledger_stay last = { i, r->oriented_on, r->start_on, r->exit_on, r->busy_on, r->positive };
        if (r->start_on != DAY_NONE && count_stay(&last, from, to, kept))
            there[i] = true;
        if (there[i])
            count_person(r, to, kept);
    }
    for (int32_t day = from; day <= to; day++)
        count(&kept[KEPT_stock_mean], 0, month_of(day + 1) != month_of(day));
    free(there);
}

/* Those who are there on the last day. */
static void close_last_day(struct ledger *l, const struct ledger_row *r, int32_t to)
{
    if (!ledger_in_caseload(r, to))
        return;
    int32_t limit = ledger_limit(r);
    ledger_count(l, KEPT_event_reach, NULL, r->ever.present, 1);
    ledger_count(l, KEPT_idle_share, NULL, r->busy == 0, 1);
    int32_t since = r->busy_on != DAY_NONE && r->idle_on - 1 > r->start_on ? r->idle_on - 1 : r->start_on;
    ledger_count(l, KEPT_over_gap, NULL, r->phase == LEDGER_running && r->busy == 0 && ledger_months_after(since, GAP_MONTHS) < to, 1);
    /* Who leaves on that day is one of them, in consolidation or not. */
    if ((ledger_bites(r) || r->phase != LEDGER_running) && limit <= ledger_months_after(to, NEAR_MONTHS))
        ledger_count(l, KEPT_near_limit, limit < to ? "over" : "within_3_months", 1, 0);
}

/* In the whole life everybody who started was there. */
static void close_person(struct ledger *l, const struct ledger_row *r)
{
    ledger_count(l, KEPT_aided_followed, NULL, r->ever.aided, 0);
    if (r->ever.aided)
        ledger_count(l, KEPT_aided_exit_rate, NULL, r->ever.positives, 1);
    ledger_count(l, KEPT_immersion_reach, NULL, r->ever.immersed, 0);
}

void ledger_close(struct ledger *l, int32_t from, int32_t to)
{
    for (uint32_t i = 0; i < l->count; i++) {
        close_last_day(l, &l->rows[i], to);
        close_person(l, &l->rows[i]);
    }
    ledger_close_rhythm(l);
    ledger_people(l, from, to, l->kept);
    l->kept[KEPT_immersion_reach].denominator = l->kept[KEPT_mean_cost].denominator = l->kept[KEPT_accompanied].numerator;
}
