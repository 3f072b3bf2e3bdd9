/* The value of a rule as a person reads it, in their language; words of a set as they are typed, and what each means. */
#include "ctl_rulebook.h"

static const char *days(int64_t n)
{
    return say(n > 1 ? "jours" : "jour", n == 1 ? "day" : "days");
}

static const char *months(int64_t n)
{
    return say("mois", n == 1 ? "month" : "months");
}

/* Several numbers of one unit: 6, 12, 18. */
static struct text numbers(const struct value *v, const char *unit)
{
    struct text t = TEXT("");
    for (uint32_t i = 0; i < v->count; i++)
        t = arena_print(&ctl.arena, "%.*s%s%lld", TEXT_ARGS(t), i ? ", " : "", (long long)v->at[i]);
    return *unit ? arena_print(&ctl.arena, "%.*s %s", TEXT_ARGS(t), unit) : t;
}

static struct text hundredths(int64_t n, const char *unit)
{
    long long whole = n / 100, part = n % 100;
    if (part == 0)
        return arena_print(&ctl.arena, "%lld %s", whole, unit);
    return part % 10 == 0 ? arena_print(&ctl.arena, "%lld%s%lld %s", whole, say(",", "."), part / 10, unit)
                          : arena_print(&ctl.arena, "%lld%s%02lld %s", whole, say(",", "."), part, unit);
}

static struct text pair(enum unit unit, const struct value *v)
{
    long long a = v->at[0], b = v->count > 1 ? v->at[1] : 0;
    switch (unit) {
    case UNIT_MONTHS_TIMES:
        return arena_print(&ctl.arena, "%lld %s, %lld %s", a, months(a), b, say("fois", b == 1 ? "time" : "times"));
    case UNIT_MONTHS_WITHIN:
        return arena_print(&ctl.arena, "%lld %s %s %lld", a, months(a), say("sur", "within"), b);
    default:
        return b ? arena_print(&ctl.arena, "%lld %s %s %lld %s", a, months(a), say("et", "and"), b, days(b))
                 : arena_print(&ctl.arena, "%lld %s", a, months(a));
    }
}

static struct text set(const struct rule *rule, int64_t bits)
{
    struct text t = TEXT("");
    for (unsigned w = 0; w < vocabulary_count(rule->vocabulary); w++)
        if (bits >> w & 1)
            t = arena_print(&ctl.arena, "%.*s%s%s", TEXT_ARGS(t), t.bytes ? ", " : "", word_name(rule->vocabulary, w));
    return t;
}

struct text rule_value_said(const struct rule *rule, const struct rulebook_rule *r)
{
    const struct value *v = &r->value;
    if (r->mode == MODE_UNKNOWN)
        return text_of(say("à renseigner", "to be filled in"));
    if (r->mode == MODE_OFF)
        return TEXT("-");
    switch (rule->unit) {
    case UNIT_DAYS:
        return numbers(v, days(v->at[0]));
    case UNIT_MONTHS:
        return numbers(v, months(v->at[0]));
    case UNIT_YEARS:
        return numbers(v, say(v->at[0] > 1 ? "ans" : "an", v->at[0] == 1 ? "year" : "years"));
    case UNIT_COUNT:
        return numbers(v, "");
    case UNIT_PERCENT:
        return numbers(v, "%");
    case UNIT_CENTS:
        return hundredths(v->at[0], "€");
    case UNIT_HOURS:
        return hundredths(v->at[0], say("heures", "hours"));
    case UNIT_MONTHS_TIMES:
    case UNIT_MONTHS_DAYS:
    case UNIT_MONTHS_WITHIN:
        return pair(rule->unit, v);
    case UNIT_DAY_OF_MONTH:
        return arena_print(&ctl.arena, say("le %lld du mois", "day %lld of the month"), (long long)v->at[0]);
    case UNIT_YES:
        return text_of(say("oui", "yes"));
    case UNIT_WORD:
        return text_of(rule->words[v->at[0] != 0]);
    case UNIT_SET_OF:
        return set(rule, v->at[0]);
    }
    return TEXT("?");
}

void rule_words_print(const struct rule *rule, const struct rulebook_rule *r)
{
    bool on = r->mode == MODE_FLAG || r->mode == MODE_REFUSE;
    for (unsigned w = 0; on && rule->unit == UNIT_SET_OF && w < vocabulary_count(rule->vocabulary); w++)
        if (r->value.at[0] >> w & 1)
            printf("      %s: %s\n", word_name(rule->vocabulary, w), word_sentence(rule->vocabulary, w, ctl.french));
}
