/* A report as a page that people print and sign: what it is about, its lines under the headers of their columns, what was written about
 * it, a box for each who signs. Nothing in it comes from elsewhere. */
#include <string.h>

#include "../events/ids.h"
#include "html.h"
#include "report_forms.h"
#include "service.h"

#define NUMBER_STYLE "text-align:right;white-space:nowrap"
static const char sheet[] =
    "@page{size:A4 landscape;margin:12mm}"
    "body{font:10pt/1.35 sans-serif;color:#000}h1{font-size:15pt}h2{font-size:12pt;break-after:avoid}"
    "table{border-collapse:collapse;width:100%;margin:0 0 5mm}thead{display:table-header-group}tr{break-inside:avoid}"
    "th,td{border:1px solid #888;padding:1mm 1.5mm;text-align:left;vertical-align:top}th{background:#eee}";
#define ABOUT_STYLE "width:auto"
#define NOTE_STYLE "white-space:pre-wrap"
#define BOX_STYLE "height:25mm"
#define SHEET_STYLE "break-before:page"

static void spool_page(struct making *m)
{
    struct written *w = &m->page;
    spool_put(&m->spool, w->at, w->bytes);
    m->spool.failed = m->spool.failed || w->failed;
    w->bytes = 0;
}

/* ---- what comes below lines ---- */
/* Of one stream; ABSENT: all that were not told yet. */
static void put_notes(struct making *m, int64_t stream)
{
    char id[ID_TEXT_BYTES];
    for (struct note *n = m->reporting.notes; n; n = n->next) {
        if (n->told || (stream != ABSENT && n->stream != (uint64_t)stream))
            continue;
        struct text title = arena_print(m->call->arena, "%s, %s", m->call->french ? n->fr : n->en, id_print(n->type, n->stream, id));
        html_heading(&m->page, 2, title, NULL);
        html_paragraph(&m->page, n->text, NOTE_STYLE);
        n->told = true;
    }
}

static void put_boxes(struct making *m)
{
    struct written *w = &m->page;
    const struct signatory *s = m->shown.signatories;
    if (!s->fr)
        return;
    html_table(w, NULL);
    html_row(w, NULL);
    for (unsigned i = 0; s[i].fr; i++)
        html_cell_heading(w, text_of(m->call->french ? s[i].fr : s[i].en), NULL);
    html_row_end(w);
    html_row(w, NULL);
    for (unsigned i = 0; s[i].fr; i++)
        html_cell(w, m->call->french ? TEXT("Nom, date et signature :") : TEXT("Name, date and signature:"), BOX_STYLE);
    html_row_end(w);
    html_table_end(w);
}

static void put_totals(struct making *m)
{
    struct written *w = &m->page;
    const struct report *report = &m->shown;
    if (!report->totals[0].name)
        return;
    html_table(w, ABOUT_STYLE);
    for (unsigned i = 0; report->totals[i].name; i++) {
        html_row(w, NULL);
        html_cell(w, text_of(m->call->french ? report->totals[i].fr : report->totals[i].en), NULL);
        html_cell(w, arena_print(m->call->arena, "%lld", (long long)m->reporting.totals[i]), NUMBER_STYLE);
        html_row_end(w);
    }
    html_table_end(w);
}

/* ---- the lines ---- */
static bool is_number(enum cell_type type)
{
    return type == CELL_number || type == CELL_cents || type == CELL_hundredths || type == CELL_event;
}

/* Each on a sheet of paper of its own: who signs it has nothing to do with the others. */
static bool apart(const struct report *report, int section)
{
    return section >= 0 && report->columns[section].type == CELL_id;
}

static void open_table(struct making *m, const struct cell *line, int section)
{
    struct written *w = &m->page;
    const struct report *report = &m->shown;
    struct text of = section < 0 ? TEXT("") : cell_said(report, line, (unsigned)section, m->call->french, &m->line_arena);
    if (of.bytes)
        html_heading(w, 2, of, apart(report, section) && m->given > 1 ? SHEET_STYLE : NULL);
    html_table(w, NULL);
    html_table_head(w);
    html_row(w, NULL);
    for (int i = 0; i < (int)report->column_count; i++)
        if (i != section)
            html_cell_heading(w, text_of(m->call->french ? report->columns[i].fr : report->columns[i].en), NULL);
    html_row_end(w);
    html_table_body(w);
    m->table = true;
}

static void close_table(struct making *m, int section)
{
    if (!m->table)
        return;
    html_table_end(&m->page);
    m->table = false;
    if (!apart(&m->shown, section))
        return;
    put_notes(m, m->section);
    put_boxes(m);
}

/* Equal for equal cells; texts by their bytes. */
static int64_t section_of(const struct report *report, const struct cell *line, int section)
{
    struct hash h;
    int64_t n;
    if (section < 0)
        return 0;
    if (report->columns[section].type != CELL_text)
        return line[section].number;
    h = chain_hash(line[section].text.at, line[section].text.bytes);
    memcpy(&n, h.at, sizeof(n));
    return n;
}

void html_report_line(struct making *m, const struct cell *line)
{
    struct written *w = &m->page;
    const struct report *report = &m->shown;
    int section = report_section(report);
    int64_t of = section_of(report, line, section);
    if (of != m->section)
        close_table(m, section);
    m->section = of;
    if (!m->table)
        open_table(m, line, section);
    html_row(w, NULL);
    for (int i = 0; i < (int)report->column_count; i++)
        if (i != section)
            html_cell(w, cell_said(report, line, (unsigned)i, m->call->french, &m->line_arena), is_number(report->columns[i].type) ? NUMBER_STYLE : NULL);
    html_row_end(w);
    spool_page(m);
}

/* ---- above them ---- */
struct about {
    struct making *m;
    struct written *page;
};

static void put_about(void *context, struct text label, enum cell_type type, const struct cell *cell)
{
    static const struct column day = { "day", CELL_day, 0, "", "" }, number = { "number", CELL_number, 0, "", "" };
    const struct report alone = { .columns = type == CELL_day ? &day : &number, .column_count = 1 };
    struct about *a = context;
    bool french = a->m->call->french;
    html_row(a->page, NULL);
    html_cell_heading(a->page, label, NULL);
    html_cell(a->page, type == CELL_text ? cell->text : cell_said(&alone, cell, 0, french, a->m->call->arena), NULL);
    html_row_end(a->page);
}

struct text html_report_end(struct making *m)
{
    struct written head;
    struct about a = { m, &head };
    const struct report *report = &m->shown;
    struct text title = text_of(m->call->french ? report->fr : report->en);
    int section = report_section(report);
    close_table(m, section);
    if (m->reporting.n == 0)
        html_paragraph(&m->page, m->call->french ? TEXT("Aucune ligne.") : TEXT("No row."), NULL);
    put_totals(m);
    put_notes(m, ABSENT);
    if (m->reporting.n == 0 || !apart(report, section))
        put_boxes(m);
    html_page_end(&m->page);
    spool_page(m);
    written_begin(&head, ANSWER_BYTES_MAX);
    html_page(&head, title, m->call->french, sheet);
    html_heading(&head, 1, title, NULL);
    html_table(&head, ABOUT_STYLE);
    making_head(m, put_about, &a);
    html_table_end(&head);
    struct text copy = head.failed ? (struct text){ NULL, 0 } : arena_text(m->call->arena, head.at, head.bytes);
    written_end(&head);
    return copy;
}
