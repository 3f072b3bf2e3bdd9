/* The figures that the ledger keeps: counted as things are accepted, and from the parcours once the life is over. */
#include <string.h>

#include "../events/days.h"
#include "sim_ledger.h"

void ledger_word(struct ledger *l, enum ledger_kept which, const char *word, int64_t n)
{
    struct ledger_tally *t = &l->kept[which];
    unsigned i = 0;
    while (i < t->words && t->word[i].name != word && strcmp(t->word[i].name, word) != 0)
        i++;
    if (i == LEDGER_WORDS)
        return;     /* the words then do not add up, and the comparison says so */
    if (i == t->words)
        t->word[t->words++].name = word;
    t->word[i].n += n;
}

void ledger_count(struct ledger *l, enum ledger_kept which, const char *word, int64_t numerator, int64_t denominator)
{
    l->kept[which].numerator += numerator;
    l->kept[which].denominator += denominator;
    if (word)
        ledger_word(l, which, word, numerator);
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
static void count_person(struct ledger *l, uint32_t person, int32_t to)
{
    const struct ledger_row *r = &l->rows[person];
    static const enum ledger_kept shares[] = { KEPT_women, KEPT_rsa, KEPT_qpv, KEPT_low_level };
    ledger_count(l, KEPT_accompanied, NULL, 1, 0);
    for (unsigned i = 0; i < 4; i++)
        ledger_count(l, shares[i], NULL, r->traits >> i & 1, 1);
    ledger_count(l, KEPT_mean_age, NULL, (month_of(to) - month_of(r->born_on)) / 12, 1);
}

/* A day of the month that the later month has not is not reached in it. */
static int32_t months_between(int32_t from, int32_t to)
{
    struct civil a = day_civil(from), b = day_civil(to);
    bool last = month_of(to + 1) != month_of(to);
    return month_of(to) - month_of(from) - (b.day < a.day && !last);
}

static void count_stay(struct ledger *l, int32_t start, int32_t exit, int32_t from, int32_t to)
{
    if (exit != DAY_NONE)
        ledger_count(l, KEPT_mean_months, NULL, months_between(start, exit), 1);
    for (int32_t day = from; day <= to; day++) {
        bool month_ends = month_of(day + 1) != month_of(day);
        if (month_ends && start <= day && (exit == DAY_NONE || day <= exit))
            ledger_count(l, KEPT_stock_mean, NULL, 1, 0);
    }
}

/* Of the parcours of who came back and has not started again, the last stands for the person. */
static bool person_counts(const struct ledger *l, uint32_t stay)
{
    uint32_t person = l->stays[stay].person;
    for (uint32_t i = stay + 1; i < l->stay_count; i++)
        if (l->stays[i].person == person)
            return false;
    return l->rows[person].start_on == DAY_NONE;
}

void ledger_close(struct ledger *l, int32_t from, int32_t to)
{
    for (uint32_t i = 0; i < l->stay_count; i++) {
        count_stay(l, l->stays[i].start_on, l->stays[i].exit_on, from, to);
        if (person_counts(l, i))
            count_person(l, l->stays[i].person, to);
    }
    for (uint32_t i = 0; i < l->count; i++) {
        if (l->rows[i].start_on == DAY_NONE)
            continue;
        count_stay(l, l->rows[i].start_on, l->rows[i].exit_on, from, to);
        count_person(l, i, to);
    }
    for (int32_t day = from; day <= to; day++)
        l->kept[KEPT_stock_mean].denominator += month_of(day + 1) != month_of(day);
}
