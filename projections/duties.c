/* The three rules about referents: absence-substitute, activity-report, step-report. */
#include "duties.h"

/* `base` is the first day of an absence, or the month that is reported on. */
static int32_t due_of(enum rule_number r, int32_t base, const struct value *v)
{
    if (r == RULE_absence_substitute)
        return base + (int32_t)v->at[0];
    return month_first(base + 1) + (int32_t)v->at[0] - 1;
}

static struct deadline falls(const struct rulebooks *books, enum rule_number r, int32_t base, uint64_t cause)
{
    for (uint32_t i = 0; i < books->regime_count; i++) {
        const struct regime *g = &books->regimes[i];
        if (!rule_applies(g->book, r))
            continue;
        int32_t due = due_of(r, base, &g->book->rule[r].value), since = due + 1;
        if (since < g->from_day) {
            since = g->from_day;
            due = since - 1;
        }
        if (since < g->before_day)
            return (struct deadline){ due, since, cause, DAY_NONE };
    }
    return NO_DEADLINE;
}

static void add(struct duty *at, unsigned *n, const struct rulebooks *books, enum rule_number r, int32_t base, uint64_t cause)
{
    struct deadline d = falls(books, r, base, cause);
    if (d.due != DAY_NONE)
        at[(*n)++] = (struct duty){ r, d };
}

/* The report of the last month told; the registration when there is none. */
static uint64_t report_cause(const struct event *const *events, uint32_t count, int report, int32_t month)
{
    for (uint32_t i = count; i-- > 0;)
        if (events[i]->kind->number == KIND_report_sent && ((const struct report_sent *)events[i]->data)->report == report &&
            ((const struct report_sent *)events[i]->data)->month == month)
            return events[i]->seq;
    return events[0]->seq;
}

/* Only the earliest month that was not reported: the next one shows once it is. False when none is owed any more. */
static bool month_owed(const struct card *card, int report, int32_t *ret)
{
    int32_t last = card->reported[report];
    *ret = month_index(card->opened_on);
    if (last != DAY_NONE)
        *ret = last + 1;
    return card->closed_on == DAY_NONE || *ret <= month_index(card->closed_on);
}

unsigned duties_of(const struct card *card, const struct event *const *events, uint32_t count, const struct rulebooks *books,
                   struct duty ret[DUTIES_MAX])
{
    static const struct {
        int report;
        enum rule_number rule;
    } reports[] = { { report_kind_activity, RULE_activity_report }, { report_kind_steps, RULE_step_report } };
    unsigned n = 0;
    int32_t month;
    if (count == 0)
        return 0;
    if (card->absent_on != DAY_NONE && card->substitute == ABSENT && card->closed_on == DAY_NONE)
        add(ret, &n, books, RULE_absence_substitute, card->absent_on, card->absent_seq);
    for (unsigned i = 0; i < sizeof(reports) / sizeof(reports[0]); i++)
        if (month_owed(card, reports[i].report, &month))
            add(ret, &n, books, reports[i].rule, month, report_cause(events, count, reports[i].report, card->reported[reports[i].report]));
    return n;
}
