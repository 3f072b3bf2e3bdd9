/* A report as CSV: what it is about in lines that begin with #, then the columns and the lines. */
#include "report_forms.h"

static void put_csv_cell(struct csv *c, const struct column *column, const struct cell *cell)
{
    char text[CELL_TEXT_BYTES];
    if (column->type == CELL_text)
        csv_cell(c, cell->text);
    else if ((column->type == CELL_number || column->type == CELL_event) && cell->number != ABSENT)
        csv_number(c, cell->number);
    else
        csv_cell(c, text_of(cell_print(column, cell, text)));
}

static void csv_pair(struct csv *c, const char *name, struct text value)
{
    csv_cell(c, text_of(name));
    csv_cell(c, value);
    csv_row(c);
}

static void spool_csv(struct making *m)
{
    spool_put(&m->spool, m->csv.at, m->csv.bytes);
    m->spool.failed = m->spool.failed || m->csv.failed;
    csv_reset(&m->csv);
}

static void put_names(struct csv *c, const struct report *report)
{
    for (unsigned i = 0; i < report->column_count; i++)
        csv_cell(c, text_of(report->columns[i].name));
    csv_row(c);
}

void csv_report_line(struct making *m, const struct cell *line)
{
    const struct report *report = &m->shown;
    if (m->given == 1)
        put_names(&m->csv, report);
    for (unsigned i = 0; i < report->column_count; i++)
        put_csv_cell(&m->csv, &report->columns[i], &line[i]);
    csv_row(&m->csv);
    spool_csv(m);
}

/* Of another moment than now, only when it was asked for. */
static void put_moment(struct making *m)
{
    char day[DAY_TEXT_BYTES], instant[INSTANT_TEXT_BYTES];
    const struct period *p = &m->reporting.asked.period;
    if (p->as_of != INT32_MAX)
        csv_pair(&m->csv, "# as_of", text_of(day_print(p->as_of, day)));
    if (p->known_at != INT64_MAX)
        csv_pair(&m->csv, "# known_at", text_of(instant_print(p->known_at, instant)));
}

static void put_numbers(struct making *m)
{
    struct arena *arena = m->call->arena;
    const struct reports_asked *a = &m->reporting.asked;
    for (unsigned p = 0; p < PARAMETERS; p++)
        if (parameters[p].how == TAKEN_number && a->number[p] != ABSENT)
            csv_pair(&m->csv, arena_print(arena, "# %s", parameters[p].name).at, arena_print(arena, "%lld", (long long)a->number[p]));
}

struct text csv_report_end(struct making *m)
{
    struct csv *c = &m->csv;
    const struct reporting *r = &m->reporting;
    struct arena *arena = m->call->arena;
    if (r->n == 0) {
        csv_cell(c, TEXT("# empty")), csv_row(c);
        spool_csv(m);
    }
    if (r->mention.at)
        csv_pair(c, "# mention", r->mention);
    csv_pair(c, "# scope", making_scope(m));
    csv_pair(c, "# period", making_period(m));
    put_moment(m);
    put_numbers(m);
    csv_pair(c, "# rulebook", making_rulebook(m));
    csv_pair(c, "# position", arena_print(arena, "%llu", (unsigned long long)m->call->position.seq));
    csv_pair(c, "# rows", arena_print(arena, "%u", r->n));
    return c->failed ? (struct text){ NULL, 0 } : (struct text){ c->at, (uint32_t)c->bytes };
}
