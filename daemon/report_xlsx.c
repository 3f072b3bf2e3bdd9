/* A report as a workbook: what it is about and its totals on one sheet, its lines on another. */
#include <unistd.h>

#include "report_forms.h"
#include "service.h"

#define MEMORY "/dev/shm"

/* Temporary files have no name, and are memory where there is some to be had so; else they lie beside the log. */
static const char *directory(const struct call *call)
{
    return access(MEMORY, W_OK) == 0 ? MEMORY : desk_directory(call->service->desk);
}

static double width_of(const struct column *c)
{
    switch (c->type) {
    case CELL_text:
    case CELL_word:
        return 30;
    case CELL_id:
    case CELL_cents:
        return 14;
    case CELL_day:
    case CELL_month:
    case CELL_number:
    case CELL_hundredths:
    case CELL_event:
    case CELL_flag:
        break;
    }
    return 12;
}

bool xlsx_report_begin(struct making *m)
{
    char path[SPOOL_PATH_BYTES];
    const struct report *report = m->reporting.asked.report;
    bool french = m->call->french;
    m->workbook = xlsx_open(spool_path(&m->spool, path), directory(m->call), text_of(french ? report->fr : report->en), (struct text){ NULL, 0 });
    if (!m->workbook)
        return false;
    m->about = xlsx_sheet(m->workbook, french ? TEXT("À propos") : TEXT("About"));
    m->lines = xlsx_sheet(m->workbook, text_of(report->name));
    for (unsigned i = 0; i < report->column_count; i++) {
        xlsx_width(m->workbook, m->lines, i, width_of(&report->columns[i]));
        xlsx_text(m->workbook, m->lines, 0, i, text_of(french ? report->columns[i].fr : report->columns[i].en), true);
    }
    return true;
}

static const enum xlsx_look looks[] = { [CELL_day] = XLSX_DAY, [CELL_month] = XLSX_MONTH, [CELL_cents] = XLSX_EUROS, [CELL_hundredths] = XLSX_HUNDREDTHS,
                                        [CELL_number] = XLSX_NUMBER, [CELL_event] = XLSX_NUMBER };

static void put_cell(struct making *m, unsigned sheet, uint32_t row, uint32_t column, const struct column *c, const struct cell *cell)
{
    char text[CELL_TEXT_BYTES];
    bool french = m->call->french;
    if (c->type == CELL_text) {
        if (cell->text.at)
            xlsx_text(m->workbook, sheet, row, column, cell->text, false);
        return;
    }
    if (cell->number == ABSENT)
        return;
    if (c->type == CELL_word)
        xlsx_text(m->workbook, sheet, row, column, text_of(word_sentence(c->of, cell->number, french)), false);
    else if (c->type == CELL_flag)
        xlsx_text(m->workbook, sheet, row, column, text_of(cell->number ? (french ? "oui" : "yes") : french ? "non" : "no"), false);
    else if (c->type == CELL_id)
        xlsx_text(m->workbook, sheet, row, column, text_of(cell_print(c, cell, text)), false);
    else
        xlsx_value(m->workbook, sheet, row, column, looks[c->type], cell->number);
}

/* The first row of the sheet has the names of its columns. */
void xlsx_report_line(struct making *m, const struct cell *line)
{
    const struct report *report = m->reporting.asked.report;
    for (unsigned i = 0; m->reporting.n < XLSX_ROWS_MAX && i < report->column_count; i++)
        put_cell(m, m->lines, m->reporting.n, i, &report->columns[i], &line[i]);
    m->spool.failed = m->spool.failed || m->reporting.n >= XLSX_ROWS_MAX;
}

struct about {
    struct making *m;
    uint32_t row;
};

static void put_about(void *context, struct text label, const struct column *c, const struct cell *cell)
{
    struct about *a = context;
    xlsx_text(a->m->workbook, a->m->about, a->row, 0, label, true);
    put_cell(a->m, a->m->about, a->row++, 1, c, cell);
}

struct text xlsx_report_end(struct making *m)
{
    const struct report *report = m->reporting.asked.report;
    struct about a = { m, 0 };
    static const struct column number = { "total", CELL_number, 0, "", "" };
    bool french = m->call->french;
    xlsx_filter(m->workbook, m->lines, report->column_count, m->reporting.n + 1);
    xlsx_width(m->workbook, m->about, 0, 30);
    xlsx_width(m->workbook, m->about, 1, 60);
    making_head(m, put_about, &a);
    for (unsigned i = 0; report->totals[i].name; i++) {
        struct cell cell = { m->reporting.totals[i], { NULL, 0 } };
        put_about(&a, text_of(french ? report->totals[i].fr : report->totals[i].en), &number, &cell);
    }
    if (m->reporting.n == 0)
        xlsx_text(m->workbook, m->lines, 1, 0, french ? TEXT("Aucune ligne.") : TEXT("No row."), false);
    bool made = xlsx_close(m->workbook) && !m->spool.failed;
    m->workbook = NULL;
    spool_measure(&m->spool);
    return made ? TEXT("") : (struct text){ NULL, 0 };
}
