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

/* ---- the figures that the ledger keeps (sim_figures.def) ---- */
static const struct {
    const char *figure, *by;
} kept[LEDGER_KEPT] = {
#define KEPT(name, figure, by) [KEPT_##name] = { figure, by },
#include "sim_figures.def"
#undef KEPT
};

/* Hours are told in hundredths, and kept so. */
static int64_t amount(const struct json *j, bool hours)
{
    return !j || j->type != JSON_NUMBER ? 0 : hours ? j->hundredths : j->hundredths / 100;
}

static void same_amount(struct comparison *c, unsigned which, const char *what, int64_t answered, int64_t expected)
{
    c->compared++;
    if (answered != expected)
        differs(c, "%s%s%s, %s: %" PRId64 ", the ledger has %" PRId64, kept[which].figure, kept[which].by ? " by " : "",
                kept[which].by ? kept[which].by : "", what, answered, expected);
}

/* Of a list of groups, the amount under a word; of a figure's own words, the member of that name. */
static int64_t under_word(const struct json *figure, const char *by, const char *word, bool hours)
{
    if (!by)
        return amount(json_get(json_get(figure, "values"), word), hours);
    for (const struct json *g = json_get(figure, "groups")->first; g; g = g->next)
        if (text_is(text_at(g, by), word))
            return amount(json_get(g, "numerator"), hours);
    return 0;
}

static int64_t all_words(const struct json *figure, const char *by, bool hours)
{
    int64_t sum = 0;
    const struct json *list = json_get(figure, by ? "groups" : "values");
    for (const struct json *one = list ? list->first : NULL; one; one = one->next)
        sum += !by ? amount(one, hours) : text_at(one, by).at ? amount(json_get(one, "numerator"), hours) : 0;
    return sum;
}

static void compare_kept(struct comparison *c, const struct json *list, unsigned which)
{
    const struct ledger_tally *t = &c->sim->ledger.kept[which];
    const struct json *figure = named(list, kept[which].figure);
    if (!figure) {
        differs(c, "indicator %s: not answered", kept[which].figure);
        return;
    }
    bool hours = text_is(text_at(figure, "unit"), "hours");
    int64_t words = 0;
    same_amount(c, which, "numerator", amount(json_get(figure, "numerator"), hours), t->numerator);
    same_amount(c, which, "denominator", amount(json_get(figure, "denominator"), false), t->denominator);
    for (unsigned i = 0; i < t->words; i++) {
        same_amount(c, which, t->word[i].name, under_word(figure, kept[which].by, t->word[i].name, hours), t->word[i].n);
        words += t->word[i].n;
    }
    if (json_get(figure, kept[which].by ? "groups" : "values"))
        same_amount(c, which, "all words", all_words(figure, kept[which].by, hours), words);
}

static const struct json *indicators(struct comparison *c, const char *figure, const char *by)
{
    char path[160], from[DAY_TEXT_BYTES], to[DAY_TEXT_BYTES];
    long status;
    snprintf(path, sizeof(path), "/v1/indicators?from=%s&to=%s%s%s%s%s", day_print(c->sim->first_day, from),
             day_print(c->sim->settings.end_day, to), figure ? "&figure=" : "", figure ? figure : "", by ? "&by=" : "", by ? by : "");
    const struct json *answer = ask(c, path, &status);
    if (!answer) {
        printf("indicators: answered %ld, skipped\n", status);
        c->differ += status != 404;
    }
    return json_get(answer, "indicators");
}

static void close_ledger(struct sim *s)
{
    for (uint32_t i = 0; i < s->person_count; i++)
        if (ledger_in_caseload(&s->ledger.rows[i], s->settings.end_day))
            ledger_count(&s->ledger, KEPT_classes, class_of(&s->persons[i]), 1, 0);
    ledger_close(&s->ledger, s->first_day, s->settings.end_day);
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
    const struct json *list = indicators(c, NULL, NULL);
    if (!list)
        return;
    close_ledger(c->sim);
    const struct {
        const char *name;
        uint64_t expected;
    } figures[] = {
        { "caseload", caseload(c->sim) }, { "entries", t->entries }, { "exits", t->exits }, { "positive_exits", t->proved },
        { "steps_started", t->steps_started }, { "steps_ended", t->steps_ended + t->steps_abandoned },
        { "refusals", t->entry_refusals },
    };
    for (unsigned i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
        compare_figure(c, list, figures[i].name, figures[i].expected);
    compare_criteria(c, list);
    for (unsigned i = 0; i < LEDGER_KEPT; i++)
        if (!kept[i].by)
            compare_kept(c, list, i);
    for (unsigned i = 0; i < LEDGER_KEPT; i++)
        if (kept[i].by && (list = indicators(c, kept[i].figure, kept[i].by)))
            compare_kept(c, list, i);
}
