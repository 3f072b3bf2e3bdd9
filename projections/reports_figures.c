/* Reports whose lines are figures: those named in reports_figures.def, measured in the report's own walk. Figures that are
 * grouped, restricted or counted alike are measured together: a sheet. */
#include "figures.h"
#include "reports.h"

struct shown {
    enum report_number report;
    enum figure_number figure;
    const char *by;             /* a line for each group; NULL: one for the whole */
    int among;                  /* a dimension, and its word; -1: everybody */
    const char *word;
    bool year;                  /* counted from the first of January to the end of the period */
};
static const struct shown shows[] = {
#define SHOWS(report, figure) { REPORT_##report, FIGURE_##figure, NULL, -1, NULL, false },
#define SHOWS_BY(report, figure, by) { REPORT_##report, FIGURE_##figure, by, -1, NULL, false },
#define SHOWS_AMONG(report, figure, dimension, word) { REPORT_##report, FIGURE_##figure, NULL, DIMENSION_##dimension, word, false },
#define SHOWS_YEAR(report, figure) { REPORT_##report, FIGURE_##figure, NULL, -1, NULL, true },
#include "reports_figures.def"
};
#define SHOWN (sizeof(shows) / sizeof(shows[0]))

struct sheet {
    const struct shown *as;     /* the first of its figures */
    struct measuring measuring;
    struct sheet *next;
};

/* ---- measuring ---- */
static bool same_words(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static struct sheet *sheet_of(const struct reporting *r, const struct shown *s)
{
    struct sheet *found = r->sheets;
    while (found && !(same_words(found->as->by, s->by) && found->as->among == s->among && same_words(found->as->word, s->word) && found->as->year == s->year))
        found = found->next;
    return found;
}

static bool of_the_report(const struct reporting *r, const struct shown *s)
{
    return &reports[s->report] == r->asked.report;
}

static void begin_sheet(struct reporting *r, const struct shown *as)
{
    struct figures_asked asked = { .period = r->asked.period, .books = r->asked.books, .referent = ABSENT };
    struct sheet *sheet = ARENA_ARRAY(r->arena, struct sheet, 1);
    sheet->as = as;
    sheet->next = r->sheets;
    r->sheets = sheet;
    if (report_takes(r->asked.report, PARAMETER_referent))
        asked.referent = report_stream(r, PARAMETER_referent);
    asked.in_operations = report_takes(r->asked.report, PARAMETER_operation);
    asked.operation = report_stream(r, PARAMETER_operation);
    if (asked.in_operations)
        asked.period.from = DAY_FIRST;      /* since it was opened: nobody took part before */
    if (as->year)
        asked.period.from = day_of(day_civil(r->asked.period.to).year, 1, 1);
    if (as->by)
        figures_ask_by(&asked, text_of(as->by));
    if (as->among >= 0)
        figures_ask_having(&asked, &dimensions[as->among], text_of(as->word));
    for (unsigned i = 0; i < SHOWN; i++)
        if (of_the_report(r, &shows[i]) && sheet_of(r, &shows[i]) == sheet)
            asked.only[shows[i].figure] = true;
    figures_begin(&sheet->measuring, r->arena, &asked);
}

static void begin(struct reporting *r)
{
    for (unsigned i = 0; !r->begun && i < SHOWN; i++)
        if (of_the_report(r, &shows[i]) && !sheet_of(r, &shows[i]))
            begin_sheet(r, &shows[i]);
    r->begun = true;
}

void report_operation_figures(struct reporting *r, const struct dossier *d)
{
    if (d->type == STREAM_operation)
        report_note_operation(r, d);
    else
        report_figures(r, d);
}

void report_figures(struct reporting *r, const struct dossier *d)
{
    begin(r);
    for (struct sheet *s = r->sheets; s; s = s->next) {
        struct dossier same = *d;       /* all end on the same day */
        same.period.from = s->measuring.asked.period.from;
        figures_look(&s->measuring, &same);
    }
}

/* ---- lines ---- */
/* Everything in hundredths: what is counted in whole ones is made so. */
static int64_t target_hundredths(const struct measured *x, int64_t target)
{
    enum unit unit = x->figure->target < 0 ? UNIT_COUNT : rules[x->figure->target].unit;
    return target == ABSENT || unit == UNIT_HOURS || unit == UNIT_CENTS ? target : target * 100;
}

/* `group` is empty in the line of the whole, and of who did not say: that one has `by`. */
static void put_figure(struct reporting *r, const struct shown *s, const struct measuring *m, const struct measured *x, const struct group *g)
{
    int64_t value;
    char text[GROUP_TEXT_BYTES];
    const struct text none = { NULL, 0 };
    const struct tally *t = g ? &g->tally : &x->whole;
    bool some = tally_value(x->figure->unit, t, &value);
    cell_text(r, text_of(x->figure->name));
    cell_hundredths(r, !some ? ABSENT : x->figure->unit == COUNT ? value * 100 : value);
    cell_text(r, text_of(figure_unit_name(x->figure->unit)));
    cell_number(r, t->numerator);
    cell_number(r, figure_unit_divides(x->figure->unit) ? t->denominator : ABSENT);
    cell_hundredths(r, target_hundredths(x, figures_target(m, x, g)));
    cell_text(r, s->by ? text_of(s->by) : none);
    cell_text(r, g && g->key[0].known ? text_of(group_print(m, x, g, 0, text)) : none);
    cell_text(r, s->word ? text_of(s->word) : none);
    cell_day(r, m->asked.in_operations ? DAY_NONE : m->asked.period.from);
}

static void put_shown(struct reporting *r, const struct shown *s)
{
    const struct measuring *m = &sheet_of(r, s)->measuring;
    for (unsigned i = 0; i < m->count; i++) {
        const struct measured *x = &m->at[i];
        if (x->figure != &figures[s->figure])
            continue;
        if (!s->by)
            put_figure(r, s, m, x, NULL);
        for (uint32_t k = 0; s->by && k < x->n; k++)
            put_figure(r, s, m, x, &x->groups[k]);
    }
}

void reports_end(struct reporting *r)
{
    if (r->end)
        r->end(r);
    reports_hand_over(r);
    begin(r);
    for (unsigned i = 0; i < SHOWN; i++)
        if (of_the_report(r, &shows[i]))
            put_shown(r, &shows[i]);
}
