/* Every sentence of every table, in both languages: there, not the same, and none with the other language's small words. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "../daemon/routes.h"
#include "../events/catalogue.h"
#include "../events/sentences.h"
#include "../projections/figures.h"
#include "../projections/likeness.h"
#include "../projections/reports.h"

static const char *const english_words[] = { "the", "is", "of", "with", "and", "was", "there", "from", "not", "who", "their", "that" };
static const char *const french_words[] = { "le", "la", "les", "des", "est", "une", "pas", "avec", "qui", "dans", "pour", "du" };

static bool has_word(const char *sentence, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = sentence; (at = strstr(at, word)); at += n) {
        bool begins = at == sentence || at[-1] == ' ', ends = strchr(" .,:;)", at[n]) != NULL;
        if (begins && ends)
            return true;
    }
    return false;
}

static bool none_of(const char *sentence, const char *const *words)
{
    for (unsigned i = 0; i < 12; i++)
        if (has_word(sentence, words[i]))
            return false;
    return true;
}

/* A word alone may be the same in both. */
static bool said_twice(const char *what, const char *fr, const char *en)
{
    bool good = fr && en && *fr && *en && (!strchr(en, ' ') || strcmp(fr, en) != 0) && none_of(fr, english_words) && none_of(en, french_words);
    if (!good)
        printf("%s: \"%s\" and \"%s\" are not a sentence in French and in English\n", what, fr ? fr : "", en ? en : "");
    return good;
}

#define BOTH(what, fr, en) wrong += !said_twice(what, fr, en)

TEST(every_rule_and_refusal_is_said_in_both_languages)
{
    unsigned wrong = 0;
    for (int r = 0; r < RULES; r++)
        BOTH(rules[r].name, rules[r].fr, rules[r].en);
    for (int r = 0; refusal_http((enum refusal)r) != 507; r++)      /* `full` is the last */
        BOTH(refusal_name((enum refusal)r), refusal_sentence((enum refusal)r, true), refusal_sentence((enum refusal)r, false));
    for (unsigned i = 0; i < sentence_count(); i++)
        if (strchr(sentence_at(i, false), ' ') && strncmp(sentence_at(i, false), "%s", 2) != 0)
            BOTH("sentences.def", sentence_at(i, true), sentence_at(i, false));
    CHECK_INT(wrong, 0);
}

TEST(every_kind_state_and_word_is_said_in_both_languages)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < catalogue_count(); i++) {
        const struct kind *k = catalogue_at(i);
        BOTH(k->name, k->fr, k->en);
        for (unsigned f = 0; f < k->field_count; f++)
            BOTH(k->fields[f].name, k->fields[f].fr, k->fields[f].en);
    }
    for (int s = 0; s < STATES; s++)
        BOTH(state_name((enum state)s), state_sentence((enum state)s, true), state_sentence((enum state)s, false));
    for (unsigned v = 0; v < VOCABULARIES; v++)
        for (unsigned w = 0; w < vocabulary_count(v); w++)
            BOTH(word_name(v, w), word_sentence(v, w, true), word_sentence(v, w, false));
    CHECK_INT(wrong, 0);
}

TEST(every_figure_report_and_route_is_said_in_both_languages)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < FIGURES; i++)
        BOTH(figures[i].name, figures[i].fr, figures[i].en);
    for (unsigned i = 0; i < FIGURES; i++)
        if (figures[i].over_fr || figures[i].over_en)
            BOTH(figures[i].name, figures[i].over_fr, figures[i].over_en);
    for (unsigned i = 0; i < DIMENSIONS; i++)
        BOTH(dimensions[i].name, dimensions[i].fr, dimensions[i].en);
    for (unsigned i = 0; i < REPORTS; i++) {
        BOTH(reports[i].name, reports[i].fr, reports[i].en);
        for (unsigned c = 0; c < reports[i].column_count; c++)
            BOTH(reports[i].columns[c].name, reports[i].columns[c].fr, reports[i].columns[c].en);
        for (const struct total *t = reports[i].totals; t->name; t++)
            BOTH(t->name, t->fr, t->en);
    }
    for (unsigned p = 0; p < PARAMETERS; p++) {
        BOTH(parameters[p].name, parameters[p].fr, parameters[p].en);
        BOTH(parameters[p].name, parameter_written((enum parameter_number)p, true), parameter_written((enum parameter_number)p, false));
    }
    for (unsigned i = 0; i < route_count; i++)
        BOTH(routes[i].path, routes[i].fr, routes[i].en);
    CHECK_INT(wrong, 0);
}

TEST(a_sentence_is_said_in_the_language_wanted)
{
    char said[SENTENCE_BYTES];
    CHECK_STR(sentence_said("not UTF-8", true, said), "ce n'est pas de l'UTF-8");
    CHECK_STR(sentence_said("not UTF-8", false, said), "not UTF-8");
    CHECK_STR(sentence_said("a whole number from 1 to 1000 is expected", true, said), "un nombre entier de 1 à 1000 est attendu");
    CHECK_STR(sentence_said("unknown here; known: a, b", true, said), "inconnu ici ; connus : a, b");
    CHECK_STR(sentence_said("not a value (byte 12)", true, said), "ce n'est pas une valeur (octet 12)");
    CHECK_STR(sentence_said("no row has this", true, said), "no row has this");
    CHECK(sentence_said(NULL, true, said) == NULL);
}
