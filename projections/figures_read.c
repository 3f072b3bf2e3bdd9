/* Figures asked for by name, and read: values, targets, groups in words. */
#include <stdio.h>
#include <string.h>

#include "../events/ids.h"
#include "figures.h"

/* ---- asking ---- */
static struct text next_name(struct text *rest)
{
    const char *comma = rest->bytes ? memchr(rest->at, ',', rest->bytes) : NULL;
    uint32_t n = comma ? (uint32_t)(comma - rest->at) : rest->bytes, skip = comma ? n + 1 : n;
    struct text name = { rest->at, n };
    rest->at += skip;
    rest->bytes -= skip;
    return name;
}

bool figures_ask(struct figures_asked *a, struct text names)
{
    do {
        int figure = figure_named(next_name(&names));
        if (figure < 0)
            return false;
        a->only[figure] = true;
    } while (names.bytes);
    return true;
}

static bool some_own(struct text name)
{
    for (unsigned i = 0; i < FIGURES; i++)
        for (unsigned k = 0; k < OWN_MAX && figures[i].own[k].name; k++)
            if (text_is(name, figures[i].own[k].name))
                return true;
    return text_is(name, "type");
}

bool figures_ask_by(struct figures_asked *a, struct text names)
{
    do {
        struct text name = next_name(&names);
        if (a->by_count == BY_MAX)
            return false;
        a->by[a->by_count] = NULL;
        for (unsigned i = 0; i < DIMENSIONS; i++)
            if (text_is(name, dimensions[i].name))
                a->by[a->by_count] = &dimensions[i];
        if ((!a->by[a->by_count] && !some_own(name)) || (a->by_count && text_equal(name, a->own[0])))
            return false;
        a->own[a->by_count++] = name;
    } while (names.bytes);
    return true;
}

bool figures_ask_having(struct figures_asked *a, const struct dimension *d, struct text word)
{
    for (unsigned i = 0; i < keyed_words(&d->keyed); i++)
        if (text_is(word, keyed_word(&d->keyed, i))) {
            a->having[d - dimensions].asked = true;
            a->having[d - dimensions].word = i;
            return true;
        }
    return false;
}

const char *figures_by_name(const struct figures_asked *a, unsigned which, char out[32])
{
    snprintf(out, 32, "%.*s", TEXT_ARGS(a->own[which]));
    return out;
}

/* ---- values ---- */
const char *figure_unit_name(enum figure_unit unit)
{
    static const char *const names[] = { [COUNT] = "count", [SHARE] = "percent", [CENTS] = "cents", [HOURS] = "hours", [MEAN] = "mean", [DAYS] = "days",
                                        [MONTHLY] = "mean", [CENTS_EACH] = "cents_each" };
    return names[unit];
}

bool figure_unit_divides(enum figure_unit unit)
{
    return unit == SHARE || unit == MEAN || unit == DAYS || unit == MONTHLY || unit == CENTS_EACH;
}

bool tally_value(enum figure_unit unit, const struct tally *t, int64_t *ret)
{
    int64_t times = unit == SHARE ? 10000 : unit == CENTS_EACH ? 1 : 100, d = t->denominator;
    *ret = t->numerator;
    if (!figure_unit_divides(unit))
        return true;
    if (d == 0 || (unit == CENTS_EACH && t->numerator == 0))
        return false;
    *ret = (t->numerator * times + (t->numerator < 0 ? -d : d) / 2) / d;
    return true;
}

static int64_t share_of(const struct measuring *m, int64_t referent)
{
    uint32_t low = 0, high = m->share_count;     /* streams are looked at in their order */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if ((int64_t)m->shares[middle].referent < referent)
            low = middle + 1;
        else
            high = middle;
    }
    bool told = low < m->share_count && (int64_t)m->shares[low].referent == referent && m->shares[low].percent != ABSENT;
    return told ? m->shares[low].percent : 100;
}

/* Whose target: the référent asked for, or the group's. */
static int64_t whose(const struct measuring *m, const struct group *g)
{
    for (unsigned b = 0; g && b < m->asked.by_count; b++)
        if (m->asked.by[b] == &dimensions[DIMENSION_referent] && g->key[b].known)
            return g->key[b].number;
    return m->asked.referent;
}

static bool restricted(const struct measuring *m)
{
    if (m->asked.in_operations)
        return true;
    for (unsigned i = 0; i < DIMENSIONS; i++)
        if (m->asked.having[i].asked)
            return true;
    return false;
}

/* What a count should reach is said of all of it; a share or a mean is aimed at by every group. */
int64_t figures_target(const struct measuring *m, const struct measured *x, const struct group *g)
{
    const struct figure *f = x->figure;
    const struct rulebook *b = rulebook_on(m->asked.books, m->asked.period.to, UINT64_MAX);
    if (f->target < 0 || !rule_applies(b, (enum rule_number)f->target))
        return ABSENT;
    int64_t value = b->rule[f->target].value.at[0], referent = f->target_each ? whose(m, g) : ABSENT;
    if ((g || restricted(m)) && !f->target_each)
        return figure_unit_divides(f->unit) ? value : ABSENT;
    if (f->target_each)
        return referent == ABSENT || restricted(m) ? ABSENT : value * share_of(m, referent) / 100;
    return value;
}

/* ---- groups ---- */
const struct keyed *group_keyed(const struct measuring *m, const struct measured *x, unsigned which)
{
    if (m->asked.by[which])
        return &m->asked.by[which]->keyed;
    return x->own[which] < 0 ? NULL : &x->figure->own[x->own[which]].keyed;
}

const char *group_print(const struct measuring *m, const struct measured *x, const struct group *g, unsigned which, char out[GROUP_TEXT_BYTES])
{
    const struct keyed *keyed = group_keyed(m, x, which);
    const struct group_key *k = &g->key[which];
    char month[DAY_TEXT_BYTES], id[ID_TEXT_BYTES];
    if (!keyed || !k->known)
        return "-";
    switch (keyed->type) {
    case BY_WORD:
        return keyed_word(keyed, k->number);
    case BY_TEXT:
        snprintf(out, GROUP_TEXT_BYTES, "%.*s", TEXT_ARGS(k->text));
        return out;
    case BY_STREAM:
        snprintf(out, GROUP_TEXT_BYTES, "%s", id_print((enum stream_type)keyed->of, (uint64_t)k->number, id));
        return out;
    case BY_MONTH:
        snprintf(out, GROUP_TEXT_BYTES, "%s", month_print((int32_t)k->number, month));
        return out;
    }
    return "?";
}
