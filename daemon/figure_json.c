#include "figure_json.h"

void figure_amount_json(struct json_out *out, const char *key, enum figure_unit unit, int64_t n)
{
    json_key(out, key);
    if (unit == HOURS)
        json_hundredths(out, n);
    else
        json_number(out, n);
}

void figure_value_json(struct json_out *out, enum figure_unit unit, const struct tally *t)
{
    int64_t value;
    json_key(out, "value");
    if (!tally_value(unit, t, &value))
        json_null(out);     /* a share of nothing */
    else if (unit != CENTS_EACH && (figure_unit_divides(unit) || unit == HOURS))
        json_hundredths(out, value);
    else
        json_number(out, value);
    figure_amount_json(out, "numerator", unit, t->numerator);
    json_key(out, "denominator");
    if (figure_unit_divides(unit))
        json_number(out, t->denominator);
    else
        json_null(out);
}

void group_key_json(struct json_out *out, const struct measuring *m, const struct measured *x, const struct group *g, unsigned which)
{
    char name[32], text[GROUP_TEXT_BYTES];
    json_key(out, figures_by_name(&m->asked, which, name));
    if (g->key[which].known && group_keyed(m, x, which))
        json_string(out, group_print(m, x, g, which, text));
    else
        json_null(out);
}

void contribution_json(struct json_out *out, const struct measuring *m, const struct contribution *c)
{
    json_key(out, "seq"), json_seq(out, c->seq);
    json_key(out, "day"), json_day(out, c->day);
    figure_amount_json(out, "numerator", m->at[0].figure->unit, c->group.tally.numerator);
    json_key(out, "denominator"), json_number(out, c->group.tally.denominator);
    for (unsigned b = 0; b < m->asked.by_count; b++)
        group_key_json(out, m, &m->at[0], &c->group, b);
}

void contributions_json(struct json_out *out, const struct measuring *m, void (*more)(void *context, const struct contribution *), void *context)
{
    uint64_t told = (uint64_t)m->asked.skip + m->detail_count;
    json_key(out, "contributions"), json_open_list(out);
    for (uint32_t i = 0; i < m->detail_count; i++) {
        const struct contribution *c = &m->details[i];
        json_open(out);
        json_key(out, stream_name(c->type)), json_id(out, c->type, c->stream);
        contribution_json(out, m, c);
        if (more)
            more(context, c);
        json_close(out);
    }
    json_close_list(out);
    json_key(out, "count"), json_number(out, (int64_t)m->detail_all);
    json_key(out, "next");
    if (told < m->detail_all)
        json_number(out, (int64_t)told);
    else
        json_null(out);
}

int64_t figure_target_json(struct json_out *out, const struct measuring *m, const struct measured *x, const struct group *g)
{
    int64_t target = figures_target(m, x, g);
    json_key(out, "target");
    if (target == ABSENT)
        json_null(out);
    else if (rules[x->figure->target].unit == UNIT_HOURS)
        json_hundredths(out, target);
    else
        json_number(out, target);
    return target;
}
