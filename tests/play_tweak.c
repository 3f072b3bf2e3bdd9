/* Mutations: a rule switched off, its value one more or one less, a word of its set dropped; a field unknown, a
 * figure that counts nothing, a report without lines, a column left blank. */
#include "play.h"

static const struct {
    const char *name;
    enum tweak_how how;
} hows[] = { { "off", TWEAK_off }, { "+1", TWEAK_more }, { "-1", TWEAK_less }, { "other", TWEAK_other_word } };
#define HOWS (sizeof(hows) / sizeof(hows[0]))

bool tweak_parse(const char *text, struct tweak *ret)
{
    const char *equals = strchr(text, '=');
    *ret = (struct tweak){ .rule = -1 };
    if (!equals)
        return false;
    ret->rule = rule_named((struct text){ text, (uint32_t)(equals - text) });
    if (ret->rule < 0)
        return false;
    for (unsigned i = 0; i < HOWS; i++)
        if (strcmp(equals + 1, hows[i].name) == 0) {
            ret->how = hows[i].how;
            return true;
        }
    if (equals[1] != '-' || rules[ret->rule].unit != UNIT_SET_OF)
        return false;
    int64_t word = word_numbered(rules[ret->rule].vocabulary, text_of(equals + 2));
    ret->how = TWEAK_drop_word;
    ret->word = (int)word;
    return word != ABSENT;
}

static struct field *field_named(struct text kind, const char *field)
{
    const struct kind *k = kind_named(kind) ? kind_named(kind) : kind_commanded(kind);
    for (unsigned i = 0; k && i < k->field_count; i++)
        if (strcmp(k->fields[i].name, field) == 0)
            return &k->fields[i];
    return NULL;
}

static const struct column *column_named(struct text report, const char *column)
{
    const struct report *r = report_named(report);
    int at = r ? report_column(r, text_of(column)) : -1;
    return at < 0 ? NULL : &r->columns[at];
}

bool tweak_without(const char *how, const char *what, struct tweak *ret)
{
    const char *dot = strchr(what, '.');
    struct text before = { what, dot ? (uint32_t)(dot - what) : 0 };
    *ret = (struct tweak){ .rule = -1 };
    if (strcmp(how, "figure") == 0) {
        int figure = figure_named(text_of(what));
        ret->figure = figure < 0 ? NULL : &figures[figure];
    } else if (strcmp(how, "report") == 0) {
        ret->report = report_named(text_of(what));
    } else if (strcmp(how, "field") == 0 && dot) {
        ret->without = field_named(before, dot + 1);
    } else if (strcmp(how, "column") == 0 && dot) {
        ret->column = column_named(before, dot + 1);
    }
    return ret->without || ret->figure || ret->report || ret->column;
}

/* Hours are held in hundredths; one more is one more hour. */
static bool add(const struct rule *rule, struct value *v, int64_t by)
{
    bool changed = false;
    if (rule->unit == UNIT_HOURS)
        by *= 100;
    for (uint32_t i = 0; i < v->count; i++)
        if (v->at[i] + by >= rule->min && v->at[i] + by <= rule->max) {
            v->at[i] += by;
            changed = true;
        }
    return changed;
}

static bool drop_word(struct rulebook_rule *r, int word)
{
    int64_t bit = 1ll << word;
    if (!(r->value.at[0] & bit))
        return false;
    r->value.at[0] &= ~bit;
    if (r->value.at[0] == 0)    /* a set has one word at least */
        *r = (struct rulebook_rule){ .mode = MODE_OFF };
    return true;
}

bool tweak_book(const struct tweak *t, struct rulebook *b)
{
    if (t->rule < 0)
        return true;
    struct rulebook_rule *r = &b->rule[t->rule];
    const struct rule *rule = &rules[t->rule];
    bool number = rule->unit != UNIT_YES && rule->unit != UNIT_WORD && rule->unit != UNIT_SET_OF;
    if (r->mode != MODE_FLAG && r->mode != MODE_REFUSE)
        return false;
    switch (t->how) {
    case TWEAK_off:
        *r = (struct rulebook_rule){ .mode = MODE_OFF };
        return true;
    case TWEAK_more:
    case TWEAK_less:
        return number && add(rule, &r->value, t->how == TWEAK_more ? 1 : -1);
    case TWEAK_other_word:
        r->value.at[0] = !r->value.at[0];
        return rule->unit == UNIT_WORD;
    case TWEAK_drop_word:
        return rule->unit == UNIT_SET_OF && drop_word(r, t->word);
    case TWEAK_none:
        break;
    }
    return false;
}

const char *tweak_print(const struct tweak *t, char out[96])
{
    if (t->rule < 0)
        snprintf(out, 96, "without");
    else if (t->how == TWEAK_drop_word)
        snprintf(out, 96, "-%s", word_name(rules[t->rule].vocabulary, t->word));
    else
        for (unsigned i = 0; i < HOWS; i++)
            if (hows[i].how == t->how)
                snprintf(out, 96, "%s", hows[i].name);
    return out;
}
