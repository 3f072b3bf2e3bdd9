/* How a person reads the cells of a report: the sentence behind a word of the program, days and amounts as they are written. */
#include <inttypes.h>
#include <stdio.h>

#include "../events/ids.h"
#include "figures.h"
#include "reports.h"

static struct text constant(const char *fr, const char *en, bool french)
{
    return text_of(french ? fr : en);
}

/* ---- texts that stand for something ---- */
static struct text cell_named(const struct report *r, const struct cell *line, const char *column)
{
    int at = report_column(r, text_of(column));
    return at < 0 ? (struct text){ NULL, 0 } : line[at].text;
}

static struct text said_figure(struct text name, bool french)
{
    int figure = figure_named(name);
    return figure < 0 ? name : constant(figures[figure].fr, figures[figure].en, french);
}

static struct text said_unit(struct text name, bool french)
{
    static const struct { const char *name, *fr, *en; } units[] = {
        { "count", "", "" }, { "percent", "%", "%" }, { "days", "jours", "days" }, { "hours", "heures", "hours" }, { "cents", "€", "€" },
        { "mean", "en moyenne", "on average" }, { "cents_each", "€ en moyenne", "€ on average" },
    };
    for (unsigned i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (text_is(name, units[i].name))
            return constant(units[i].fr, units[i].en, french);
    return name;
}

static struct text said_dimension(struct text name, bool french)
{
    for (unsigned d = 0; d < DIMENSIONS; d++)
        if (text_is(name, dimensions[d].name))
            return constant(dimensions[d].fr, dimensions[d].en, french);
    return name;
}

/* The vocabulary that a figure's groups are words of; -1: they are none. */
static int words_of(struct text figure, struct text by)
{
    int f = figure_named(figure);
    for (unsigned d = 0; d < DIMENSIONS; d++)
        if (text_is(by, dimensions[d].name) && dimensions[d].keyed.type == BY_WORD)
            return dimensions[d].keyed.of;
    for (unsigned o = 0; f >= 0 && o < OWN_MAX && figures[f].own[o].name; o++)
        if (text_is(by, figures[f].own[o].name) && figures[f].own[o].keyed.type == BY_WORD)
            return figures[f].own[o].keyed.of;
    return -1;
}

static struct text said_group(const struct report *r, const struct cell *line, struct text group, bool french)
{
    int vocabulary = words_of(cell_named(r, line, "figure"), cell_named(r, line, "by"));
    int64_t word = vocabulary < 0 ? ABSENT : word_numbered((unsigned)vocabulary, group);
    return word == ABSENT ? group : text_of(word_sentence((unsigned)vocabulary, word, french));
}

static struct text said_state(struct text name, bool french)
{
    for (int s = 0; s < STATES; s++)
        if (text_is(name, state_name((enum state)s)))
            return text_of(state_sentence((enum state)s, french));
    return name;
}

static struct text said_why(struct text name, bool french)
{
    static const struct { const char *name, *fr, *en; } whys[] = {
        { "difficulty", "en difficulté", "in difficulty" }, { "idle", "sans étape", "without a step" },
        { "long-review", "bilan de parcours à faire", "review of the parcours to hold" }, { "near-limit", "proche de la limite du parcours", "near the limit of the parcours" },
    };
    for (unsigned i = 0; i < sizeof(whys) / sizeof(whys[0]); i++)
        if (text_is(name, whys[i].name))
            return constant(whys[i].fr, whys[i].en, french);
    return name;
}

static struct text said_word(unsigned vocabulary, struct text name, bool french)
{
    int64_t word = word_numbered(vocabulary, name);
    return word == ABSENT ? name : text_of(word_sentence(vocabulary, word, french));
}

/* A decision's words depend on what was decided. */
static struct text said_outcome(const struct report *r, const struct cell *line, struct text name, bool french)
{
    int at = report_column(r, TEXT("matter"));
    switch (at < 0 ? ABSENT : line[at].number) {
    case committee_matter_entry:
        return said_word(VOCABULARY_entry_outcome, name, french);
    case committee_matter_exit:
        return said_word(VOCABULARY_exit_outcome, name, french);
    }
    return said_word(VOCABULARY_training_outcome, name, french);
}

static struct text said_reason(struct text name, bool french)
{
    bool criterion = word_numbered(VOCABULARY_exit_criterion, name) != ABSENT;
    return said_word(criterion ? VOCABULARY_exit_criterion : VOCABULARY_exit_reason, name, french);
}

/* What a control would want, and what it finds instead. */
static struct text said_to_do(struct text t, bool french, struct arena *arena)
{
    static const struct { const char *column, *fr, *en; } wanted[] = {
        { "eligibility", "justificatif d'éligibilité daté de l'entrée au plus tard", "proof of eligibility dated on the day of the entry at the latest" },
        { "entry_data", "données d'entrée du FSE, complètes le jour de l'entrée", "the Fund's entry data, complete on the day of the entry" },
        { "contract", "contrat d'engagement signé", "signed engagement contract" },
        { "signatures", "émargement de chaque rencontre", "signature of each meeting" },
        { "agenda", "chaque rencontre à l'agenda du référent", "each meeting in the referent's agenda" },
        { "steps", "une pièce pour chaque étape (feuille d'émargement, attestation, diplôme, bilan, fiche de suivi)",
          "a piece for each step (attendance sheet, certificate, diploma, review, follow-up record)" },
        { "exit", "pièce probante qui couvre le jour de la sortie", "piece that covers the day of the exit" },
        { "result", "situation dans les quatre semaines de la sortie", "situation within four weeks of the exit" },
        { "late", "saisie dans le délai", "recorded in time" },
    };
    const char *colon = memchr(t.at, ':', t.bytes);
    struct text column = { t.at, colon ? (uint32_t)(colon - t.at) : t.bytes };
    struct text finding = { t.at + column.bytes + 1, colon ? t.bytes - column.bytes - 1 : 0 };
    for (unsigned i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        if (colon && text_is(column, wanted[i].column))
            return arena_print(arena, french ? "%s : %.*s" : "%s: %.*s", french ? wanted[i].fr : wanted[i].en,
                               TEXT_ARGS(said_word(VOCABULARY_control_finding, finding, french)));
    return t;
}

static struct text said_one(unsigned of, struct text name, bool french, struct arena *arena)
{
    if (of == SAID_to_do)
        return said_to_do(name, french, arena);
    int rule = of == SAID_rules ? rule_named(name) : -1;
    if (of != SAID_rules)
        return said_word(of - SAID_words, name, french);
    return rule < 0 ? name : constant(rules[rule].fr, rules[rule].en, french);
}

/* Names separated by commas; sentences by semicolons, for they have commas of their own. */
static struct text said_list(unsigned of, struct text names, bool french, struct arena *arena)
{
    struct text all = { NULL, 0 };
    uint32_t from = 0;
    for (uint32_t i = 0; i <= names.bytes; i++) {
        if (i < names.bytes && names.at[i] != ',')
            continue;
        struct text one = said_one(of, (struct text){ names.at + from, i - from }, french, arena);
        all = all.at ? arena_print(arena, french ? "%.*s ; %.*s" : "%.*s; %.*s", TEXT_ARGS(all), TEXT_ARGS(one)) : one;
        from = i + 1;
    }
    return all;
}

static struct text said_text(const struct report *r, const struct cell *line, unsigned column, bool french, struct arena *arena)
{
    struct text t = line[column].text;
    unsigned of = r->columns[column].of;
    if (!t.at || t.bytes == 0)
        return TEXT("");
    switch (of) {
    case SAID_plain:
        return t;
    case SAID_figure:
        return said_figure(t, french);
    case SAID_unit:
        return said_unit(t, french);
    case SAID_dimension:
        return said_dimension(t, french);
    case SAID_group:
        return said_group(r, line, t, french);
    case SAID_state:
        return said_state(t, french);
    case SAID_why:
        return said_why(t, french);
    case SAID_outcome:
        return said_outcome(r, line, t, french);
    case SAID_reason:
        return said_reason(t, french);
    }
    return said_list(of, t, french, arena);
}

/* ---- numbers and days ---- */
static struct text said_day(int32_t day, bool french, struct arena *arena)
{
    struct civil c = day_civil(day);
    if (french)
        return arena_print(arena, "%02d/%02d/%d", (int)c.day, (int)c.month, (int)c.year);
    return arena_print(arena, "%d-%02d-%02d", (int)c.year, (int)c.month, (int)c.day);
}

static struct text said_hundredths(int64_t n, const char *unit, bool french, struct arena *arena)
{
    int64_t whole = n < 0 ? -(n / 100) : n / 100;
    int part = (int)(n < 0 ? -(n % 100) : n % 100);
    if (part == 0 && !unit[0])
        return arena_print(arena, "%s%" PRId64, n < 0 ? "-" : "", whole);
    return arena_print(arena, "%s%" PRId64 "%s%02d%s", n < 0 ? "-" : "", whole, french ? "," : ".", part, unit);
}

struct text cell_said(const struct report *r, const struct cell *line, unsigned column, bool french, struct arena *arena)
{
    char id[CELL_TEXT_BYTES];
    const struct column *c = &r->columns[column];
    int64_t n = line[column].number;
    if (c->type == CELL_text)
        return said_text(r, line, column, french, arena);
    if (n == ABSENT)
        return TEXT("");
    switch (c->type) {
    case CELL_word:
        return text_of(word_sentence(c->of, n, french));
    case CELL_flag:
        return n ? constant("oui", "yes", french) : constant("non", "no", french);
    case CELL_day:
        return said_day((int32_t)n, french, arena);
    case CELL_month:
        return arena_print(arena, "%02d/%d", (int)day_civil(month_first((int32_t)n)).month, (int)day_civil(month_first((int32_t)n)).year);
    case CELL_cents:
        return said_hundredths(n, " €", french, arena);
    case CELL_hundredths:
        return said_hundredths(n, "", french, arena);
    case CELL_id:
    case CELL_number:
    case CELL_event:
    case CELL_text:
        break;
    }
    return arena_print(arena, "%s", cell_print(c, &line[column], id));
}
