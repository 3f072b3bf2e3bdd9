#include "report_forms.h"

#include <stdio.h>
#include <string.h>

#include "../events/failure.h"
#include "answers.h"
#include "service.h"

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define LINE_BYTES_MAX ((size_t)16 << 20)

#define A_FILE "Content-Disposition: attachment; filename=\"NAME\"\r\n"
/* Shown, not downloaded; and were something in it a script after all, it would not run. */
#define A_PAGE "Content-Disposition: inline; filename=\"NAME\"\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n" \
    "X-Content-Type-Options: nosniff\r\n"

const struct form forms[] = {
    { "json", "application/json", "application/json", NULL, NULL, json_report_line, json_report_end },
    { "csv", "text/csv; charset=utf-8", "text/csv", A_FILE, NULL, csv_report_line, csv_report_end },
    { "xlsx", XLSX_TYPE, XLSX_TYPE, A_FILE, xlsx_report_begin, xlsx_report_line, xlsx_report_end },
    { "html", "text/html; charset=utf-8", "text/html", A_PAGE, NULL, html_report_line, html_report_end },
    { .name = NULL },
};

/* ---- names ---- */
static const struct column name_columns[] = { { "name", CELL_text, SAID_plain, "nom", "family name" }, { "first_name", CELL_text, SAID_plain, "prénom", "first name" } };

static bool is_participant(const struct column *c)
{
    return c->type == CELL_id && c->of == STREAM_participant;
}

bool report_has_participants(const struct report *r)
{
    bool has = false;
    for (unsigned i = 0; i < r->column_count; i++)
        has = has || is_participant(&r->columns[i]);
    return has;
}

static void show_columns(struct making *m, const struct report *r)
{
    unsigned n = 0;
    struct column *columns = ARENA_ARRAY(m->call->arena, struct column, r->column_count * 3 + 1);
    for (unsigned i = 0; i < r->column_count; i++) {
        columns[n++] = r->columns[i];
        for (unsigned k = 0; m->names && is_participant(&r->columns[i]) && k < 2; k++)
            columns[n++] = name_columns[k];
    }
    m->shown = *r;
    m->shown.columns = columns;
    m->shown.column_count = n;
    m->cells = ARENA_ARRAY(m->call->arena, struct cell, n);
}

/* The last names that were told, as known then. Of who was erased: none. */
static void open_names(struct making *m, int64_t stream)
{
    struct key key;
    struct call *call = m->call;
    const struct event **events, **standing;
    const struct period *p = &m->reporting.asked.period;
    uint32_t count = 0;
    if (m->named == (uint64_t)stream)
        return;
    arena_reset(&m->name_arena);
    m->named = (uint64_t)stream;
    m->identity = NO_IDENTITY;
    if (stream == ABSENT || vault_key(desk_vault(call->service->desk), (uint64_t)stream, &key) != 0 ||
        stream_events(&m->name_arena, call->log, call->views, (uint64_t)stream, &key, &events, &count) != 0) {
        failure_forget();
        return;
    }
    count = events_until(events, count, call->position.seq);
    count = parcours_standing(&m->name_arena, events, count, p->as_of, p->known_at, &standing);
    for (uint32_t i = 0; i < count; i++)
        identity_learn(&m->identity, standing[i]);
}

static void take_line(void *context, const struct cell *line)
{
    unsigned n = 0;
    struct making *m = context;
    const struct report *r = m->reporting.asked.report;
    for (unsigned i = 0; i < r->column_count; i++) {
        m->cells[n++] = line[i];
        if (!m->names || !is_participant(&r->columns[i]))
            continue;
        open_names(m, line[i].number);
        m->cells[n++] = (struct cell){ ABSENT, m->identity.name };
        m->cells[n++] = (struct cell){ ABSENT, m->identity.first_name };
    }
    m->given++;
    m->form->line(m, m->cells);
}

/* ---- making ---- */
bool making_begin(struct making *m, struct call *call, const struct form *form, const struct reports_asked *asked, bool names)
{
    *m = (struct making){ .call = call, .form = form, .spool = { .fd = -1 }, .names = names, .named = (uint64_t)ABSENT, .identity = NO_IDENTITY };
    arena_init(&m->line_arena, REQUEST_ARENA_BYTES);
    arena_init(&m->name_arena, REQUEST_ARENA_BYTES);
    json_out_init(&m->json, LINE_BYTES_MAX);
    csv_begin(&m->csv, LINE_BYTES_MAX);
    written_begin(&m->page, LINE_BYTES_MAX);
    show_columns(m, asked->report);
    reports_begin(&m->reporting, call->arena, asked);
    m->reporting.sink = take_line;
    m->reporting.sink_context = m;
    m->reporting.line_arena = &m->line_arena;
    if (spool_open(&m->spool) && (!form->begin || form->begin(m)))
        return true;
    call_refuse(call, REFUSED_busy, NULL, NULL);
    return false;
}

void making_look(void *making, const struct dossier *d)
{
    reports_look(&((struct making *)making)->reporting, d);
}

/* "steps-2026-01.csv"; of another period, its two days. */
static struct text file_name(const struct making *m)
{
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
    const struct report *report = m->reporting.asked.report;
    const struct period *p = &m->reporting.asked.period;
    if (report_takes(report, PARAMETER_month))
        return arena_print(m->call->arena, "%s-%s.%s", report->name, month_print(month_index(p->from), first), m->form->name);
    return arena_print(m->call->arena, "%s-%s-%s.%s", report->name, day_print(p->from, first), day_print(p->to, last), m->form->name);
}

static const char *extra_headers(struct making *m, const char *etag)
{
    struct call *call = m->call;
    char looked[LOOK_HEADERS_BYTES];
    struct text name = file_name(m);
    call_look_headers(call, looked);
    if (!m->form->headers)
        return arena_print(call->arena, "%sETag: %s\r\n", looked, etag).at;
    const char *at = strstr(m->form->headers, "NAME");
    struct text before = { m->form->headers, (uint32_t)(at - m->form->headers) };
    return arena_print(call->arena, "%s%.*s%.*s%s", looked, TEXT_ARGS(before), TEXT_ARGS(name), at + 4).at;
}

/* JSON has an ETag, as other answers have; the others are files with a name. */
static void send_report(struct making *m, struct text head)
{
    char etag[ETAG_BYTES];
    struct hash both[2] = { chain_hash(head.at, head.bytes), m->spool.hash };
    bool had = call_etag(m->call, chain_hash(both, sizeof(both)), etag);
    const char *headers = extra_headers(m, etag);
    if (had && !m->form->headers)
        call_send(m->call, 304, headers, NULL, NULL, 0);
    else
        call_send_file(m->call, 200, headers, m->form->type, head.at, head.bytes, spool_take(&m->spool), m->spool.bytes);
}

void making_end(struct making *m)
{
    reports_end(&m->reporting);
    struct text head = m->form->end(m);
    bool made = spool_end(&m->spool) && head.at;
    if (made)
        send_report(m, head);
    else
        call_refuse(m->call, REFUSED_too_large, "the report is too large: ask for one referent", NULL);
}

void making_free(struct making *m)
{
    if (m->workbook)
        xlsx_close(m->workbook);
    spool_close(&m->spool);
    arena_free(&m->line_arena);
    arena_free(&m->name_arena);
    json_out_free(&m->json);
    csv_end(&m->csv);
    written_end(&m->page);
}
