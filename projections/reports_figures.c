/* Reports whose lines are figures: those named in reports_figures.def, measured in the report's own walk. */
#include "figures.h"
#include "reports.h"

static const struct {
    enum report_number report;
    enum figure_number figure;
} shows[] = {
#define SHOWS(report, figure) { REPORT_##report, FIGURE_##figure },
#include "reports_figures.def"
#undef SHOWS
};
#define SHOWN (sizeof(shows) / sizeof(shows[0]))

static struct measuring *begun(struct reporting *r)
{
    struct figures_asked asked = { .period = r->asked.period, .books = r->asked.books, .referent = report_stream(r, PARAMETER_referent) };
    if (r->figures)
        return r->figures;
    for (unsigned i = 0; i < SHOWN; i++)
        if (&reports[shows[i].report] == r->asked.report)
            asked.only[shows[i].figure] = true;
    r->figures = ARENA_ARRAY(r->arena, struct measuring, 1);
    figures_begin(r->figures, r->arena, &asked);
    return r->figures;
}

void report_figures(struct reporting *r, const struct dossier *d)
{
    figures_look(begun(r), d);
}

/* Everything in hundredths: what is counted in whole ones is made so. */
static int64_t target_hundredths(const struct measured *x, int64_t target)
{
    enum unit unit = x->figure->target < 0 ? UNIT_COUNT : rules[x->figure->target].unit;
    return target == ABSENT || unit == UNIT_HOURS || unit == UNIT_CENTS ? target : target * 100;
}

static void put_figure(struct reporting *r, const struct measuring *m, const struct measured *x)
{
    int64_t value;
    bool some = tally_value(x->figure->unit, &x->whole, &value);
    cell_text(r, text_of(x->figure->name));
    cell_hundredths(r, !some ? ABSENT : x->figure->unit == COUNT ? value * 100 : value);
    cell_text(r, text_of(figure_unit_name(x->figure->unit)));
    cell_number(r, x->whole.numerator);
    cell_number(r, figure_unit_divides(x->figure->unit) ? x->whole.denominator : ABSENT);
    cell_hundredths(r, target_hundredths(x, figures_target(m, x, NULL)));
}

void reports_end(struct reporting *r)
{
    if (r->end)
        r->end(r);
    if (r->asked.report->look != report_figures)
        return;
    const struct measuring *m = begun(r);
    for (unsigned i = 0; i < SHOWN; i++)
        for (unsigned k = 0; &reports[shows[i].report] == r->asked.report && k < m->count; k++)
            if (m->at[k].figure == &figures[shows[i].figure])
                put_figure(r, m, &m->at[k]);
}
