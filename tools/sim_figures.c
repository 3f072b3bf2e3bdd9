/* The daemon's figures of the whole time, against the ledger's totals. */
#include <inttypes.h>
#include <stdio.h>

#include "sim_compare.h"

static const struct json *named(const struct json *list, const char *name)
{
    for (const struct json *one = list ? list->first : NULL; one; one = one->next)
        if (text_is(text_at(one, "name"), name))
            return one;
    return NULL;
}

static void compare_figure(struct comparison *c, const struct json *list, const char *name, uint64_t expected)
{
    const struct json *figure = named(list, name);
    if (!figure) {
        printf("indicator %s: not answered, skipped\n", name);
        return;
    }
    c->compared++;
    if (number_at(figure, "value") != (int64_t)expected)
        differs(c, "indicator %s: %" PRId64 ", the ledger has %" PRIu64, name, number_at(figure, "value"), expected);
}

static void compare_criteria(struct comparison *c, const struct json *list)
{
    static const char *const criteria[] = { "employment", "hours", "business", "aided_contract", "atypical", "qualification", "long_training" };
    const struct json *values = json_get(named(list, "by_criterion"), "values");
    for (unsigned i = 0; values && i < LEDGER_CRITERIA; i++) {
        int64_t answered = number_at(values, criteria[i]);
        c->compared++;
        if (answered != (int64_t)c->sim->ledger.totals.proved_by[i])
            differs(c, "positive exits by %s: %" PRId64 ", the ledger has %" PRIu64, criteria[i], answered, c->sim->ledger.totals.proved_by[i]);
    }
}

static uint64_t caseload(const struct sim *s)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < s->person_count; i++)
        n += ledger_in_caseload(&s->ledger.rows[i], s->settings.end_day);
    return n;
}

void compare_figures(struct comparison *c)
{
    const struct ledger_totals *t = &c->sim->ledger.totals;
    char path[96], from[DAY_TEXT_BYTES], to[DAY_TEXT_BYTES];
    long status;
    snprintf(path, sizeof(path), "/v1/indicators?from=%s&to=%s", day_print(c->sim->first_day, from), day_print(c->sim->settings.end_day, to));
    const struct json *answer = ask(c, path, &status);
    if (!answer) {
        printf("indicators: answered %ld, skipped\n", status);
        c->differ += status != 404;
        return;
    }
    const struct json *list = json_get(answer, "indicators");
    const struct {
        const char *name;
        uint64_t expected;
    } figures[] = {
        { "caseload", caseload(c->sim) }, { "entries", t->entries }, { "exits", t->exits }, { "positive_exits", t->proved },
        { "contacts", t->contacts }, { "steps_started", t->steps_started }, { "steps_ended", t->steps_ended + t->steps_abandoned },
        { "refusals", t->entry_refusals },
    };
    for (unsigned i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
        compare_figure(c, list, figures[i].name, figures[i].expected);
    compare_criteria(c, list);
}
