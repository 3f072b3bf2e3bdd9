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
    const struct report *report = &m->shown;
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

static void put_cell(struct making *m, unsigned sheet, uint32_t row, uint32_t column, enum cell_type type, const struct cell *cell)
{
    static const enum xlsx_look looks[] = { [CELL_day] = XLSX_DAY, [CELL_month] = XLSX_MONTH, [CELL_cents] = XLSX_EUROS,
                                            [CELL_hundredths] = XLSX_HUNDREDTHS, [CELL_number] = XLSX_NUMBER, [CELL_event] = XLSX_NUMBER };
    if (type == CELL_text && cell->text.bytes)
        xlsx_text(m->workbook, sheet, row, column, cell->text, false);
    else if (type != CELL_text && cell->number != ABSENT)
        xlsx_value(m->workbook, sheet, row, column, looks[type], cell->number);
}

static bool is_said(enum cell_type type)
{
    return type == CELL_text || type == CELL_word || type == CELL_id || type == CELL_flag;
}

/* The first row of the sheet has the names of its columns. */
void xlsx_report_line(struct making *m, const struct cell *line)
{
    const struct report *report = &m->shown;
    m->spool.failed = m->spool.failed || m->given >= XLSX_ROWS_MAX;
    for (unsigned i = 0; !m->spool.failed && i < report->column_count; i++) {
        struct cell said = line[i];
        if (is_said(report->columns[i].type))
            said.text = cell_said(report, line, i, m->call->french, &m->line_arena);
        put_cell(m, m->lines, m->given, i, is_said(report->columns[i].type) ? CELL_text : report->columns[i].type, &said);
    }
}

struct about {
    struct making *m;
    uint32_t row;
};

static void put_about(void *context, struct text label, enum cell_type type, const struct cell *cell)
{
    struct about *a = context;
    xlsx_text(a->m->workbook, a->m->about, a->row, 0, label, true);
    put_cell(a->m, a->m->about, a->row++, 1, type, cell);
}

struct text xlsx_report_end(struct making *m)
{
    const struct report *report = &m->shown;
    struct about a = { m, 0 };
    bool french = m->call->french;
    xlsx_filter(m->workbook, m->lines, report->column_count, m->reporting.n + 1);
    xlsx_width(m->workbook, m->about, 0, 30);
    xlsx_width(m->workbook, m->about, 1, 60);
    making_head(m, put_about, &a);
    for (unsigned i = 0; report->totals[i].name; i++) {
        struct cell cell = { m->reporting.totals[i], { NULL, 0 } };
        put_about(&a, text_of(french ? report->totals[i].fr : report->totals[i].en), CELL_number, &cell);
    }
    if (m->reporting.n == 0)
        xlsx_text(m->workbook, m->lines, 1, 0, french ? TEXT("Aucune ligne.") : TEXT("No row."), false);
    bool made = xlsx_close(m->workbook) && !m->spool.failed;
    m->workbook = NULL;
    spool_measure(&m->spool);
    return made ? TEXT("") : (struct text){ NULL, 0 };
}
