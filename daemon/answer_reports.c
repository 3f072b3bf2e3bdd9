/* GET /v1/reports/{report}: any of the reports (projections/reports.def), as JSON, or as CSV (Accept: text/csv, format=csv).
 * Each says what it is about in itself, for it travels alone: scope, period, rulebook, position, rows. */
#include <stdio.h>
#include <string.h>

#include "../events/ids.h"
#include "../projections/reports.h"
#include "csv.h"
#include "dossiers.h"
#include "routes.h"

/* ---- what is asked ---- */
const struct report *report_asked(const struct call *call)
{
    return report_named(call_last_part(call));
}

static bool read_parameter(struct call *call, struct reports_asked *a, enum parameter_number p)
{
    const struct parameter *parameter = &parameters[p];
    struct text value = { NULL, 0 };
    if (!report_takes(a->report, p))
        return true;
    if (parameter->how < STREAM_TYPES)
        return call_stream(call, parameter->name, (enum stream_type)parameter->how, &a->stream[p]);
    if (!call_text(call, parameter->name, &value))
        return false;
    if (!value.at || reports_ask(a, p, value))
        return true;
    return call_refuse_parameter(call, parameter->name, arena_print(call->arena, "expected: %s", parameter_written(p, call->french)).at);
}

static bool read_asked(struct call *call, struct reports_asked *a)
{
    for (unsigned p = 0; p < PARAMETERS; p++)
        if (!read_parameter(call, a, (enum parameter_number)p))
            return false;
    return call_period_known(call, &a->period);
}

static bool wants_csv(struct call *call, bool *ret)
{
    struct text format = { NULL, 0 };
    const struct text *accept = http_header(call->request, "accept");
    if (!call_text(call, "format", &format))
        return false;
    *ret = format.at ? text_is(format, "csv") : accept && memmem(accept->at, accept->bytes, "text/csv", 8);
    return !format.at || *ret || text_is(format, "json") || call_refuse_parameter(call, "format", "json or csv");
}

/* ---- the header ---- */
/* Of whom: the streams named, else the PLIE. */
static struct text scope_of(struct call *call, const struct reporting *r)
{
    char id[ID_TEXT_BYTES];
    struct text scope = { NULL, 0 };
    for (unsigned p = 0; p < PARAMETERS; p++)
        if ((int64_t)r->asked.stream[p] != ABSENT) {
            id_print((enum stream_type)parameters[p].how, r->asked.stream[p], id);
            scope = scope.at ? arena_print(call->arena, "%.*s %s", TEXT_ARGS(scope), id) : arena_print(call->arena, "%s", id);
        }
    return scope.at ? scope : TEXT("plie");
}

static struct text period_of(struct call *call, const struct reporting *r)
{
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
    return arena_print(call->arena, "%s/%s", day_print(r->asked.period.from, first), day_print(r->asked.period.to, last));
}

static struct text rulebook_of(const struct reporting *r)
{
    const struct rulebook *b = rulebook_on(r->asked.books, r->asked.period.to, UINT64_MAX);
    return b ? b->name : TEXT("");
}

/* ---- JSON ---- */
static void put_cell(struct json_out *out, const struct column *c, const struct cell *cell)
{
    char text[CELL_TEXT_BYTES];
    json_key(out, c->name);
    if (c->type == CELL_text)
        json_text(out, cell->text);
    else if (cell->number == ABSENT)
        json_null(out);
    else if (c->type == CELL_number || c->type == CELL_event || c->type == CELL_cents)
        json_number(out, cell->number);
    else if (c->type == CELL_hundredths)
        json_hundredths(out, cell->number);
    else if (c->type == CELL_flag)
        json_bool(out, cell->number);
    else
        json_string(out, cell_print(c, cell, text));
}

static void put_parameters(struct json_out *out, const struct reporting *r)
{
    char month[DAY_TEXT_BYTES];
    for (unsigned p = 0; p < PARAMETERS; p++) {
        if (!report_takes(r->asked.report, (enum parameter_number)p))
            continue;
        if (parameters[p].how < STREAM_TYPES)
            json_key(out, parameters[p].name), json_id(out, (enum stream_type)parameters[p].how, r->asked.stream[p]);
        else if (parameters[p].how == TAKEN_number && r->asked.number[p] != ABSENT)
            json_key(out, parameters[p].name), json_number(out, r->asked.number[p]);
        else if (p == PARAMETER_month)
            json_key(out, "month"), json_string(out, month_print(month_index(r->asked.period.from), month));
    }
}

static void put_columns(struct call *call, const struct report *report)
{
    struct json_out *out = call->out;
    json_key(out, "columns"), json_open_list(out);
    for (unsigned i = 0; i < report->column_count; i++) {
        json_open(out);
        json_key(out, "name"), json_string(out, report->columns[i].name);
        json_key(out, "header"), json_string(out, call->french ? report->columns[i].fr : report->columns[i].en);
        json_close(out);
    }
    json_close_list(out);
}

static void put_json(struct call *call, const struct reporting *r)
{
    const struct report *report = r->asked.report;
    struct json_out *out = call->out;
    json_open(out);
    json_key(out, "report"), json_string(out, report->name);
    json_key(out, "sentence"), json_string(out, call->french ? report->fr : report->en);
    json_key(out, "mention"), json_text(out, r->mention);
    json_key(out, "scope"), json_text(out, scope_of(call, r));
    period_json(call, &r->asked.period);
    json_key(out, "rulebook"), json_text(out, rulebook_of(r));
    json_key(out, "position"), json_number(out, (int64_t)call->position.seq);
    put_parameters(out, r);
    put_columns(call, report);
    json_key(out, "rows"), json_open_list(out);
    for (uint32_t i = 0; i < r->n; i++) {
        json_open(out);
        for (unsigned k = 0; k < report->column_count; k++)
            put_cell(out, &report->columns[k], &r->lines[i][k]);
        json_close(out);
    }
    json_close_list(out);
    json_key(out, "counts"), json_open(out);
    for (unsigned i = 0; report->totals[i].name; i++)
        json_key(out, report->totals[i].name), json_number(out, r->totals[i]);
    json_close(out);
    json_close(out);
}

/* ---- CSV ---- */
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

static void put_csv_head(struct csv *c, struct call *call, const struct reporting *r)
{
    if (r->mention.at)
        csv_pair(c, "# mention", r->mention);
    csv_pair(c, "# scope", scope_of(call, r));
    csv_pair(c, "# period", period_of(call, r));
    for (unsigned p = 0; p < PARAMETERS; p++)
        if (parameters[p].how == TAKEN_number && r->asked.number[p] != ABSENT)
            csv_pair(c, arena_print(call->arena, "# %s", parameters[p].name).at, arena_print(call->arena, "%lld", (long long)r->asked.number[p]));
    csv_pair(c, "# rulebook", rulebook_of(r));
    csv_pair(c, "# position", arena_print(call->arena, "%llu", (unsigned long long)call->position.seq));
    csv_pair(c, "# rows", arena_print(call->arena, "%u", r->n));
}

static void put_csv_rows(struct csv *c, const struct reporting *r)
{
    const struct report *report = r->asked.report;
    for (unsigned k = 0; k < report->column_count; k++)
        csv_cell(c, text_of(report->columns[k].name));
    csv_row(c);
    for (uint32_t i = 0; i < r->n; i++) {
        for (unsigned k = 0; k < report->column_count; k++)
            put_csv_cell(c, &report->columns[k], &r->lines[i][k]);
        csv_row(c);
    }
}

/* "steps-2026-01.csv"; of another period, its two days. */
static struct text file_name(struct call *call, const struct reporting *r)
{
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
    const struct report *report = r->asked.report;
    const struct period *p = &r->asked.period;
    if (report_takes(report, PARAMETER_month))
        return arena_print(call->arena, "%s-%s.csv", report->name, month_print(month_index(p->from), first));
    return arena_print(call->arena, "%s-%s-%s.csv", report->name, day_print(p->from, first), day_print(p->to, last));
}

static void send_csv(struct call *call, const struct reporting *r)
{
    struct csv c;
    csv_begin(&c, ANSWER_BYTES_MAX);
    put_csv_head(&c, call, r);
    if (r->n == 0)
        csv_cell(&c, TEXT("# empty")), csv_row(&c);
    else
        put_csv_rows(&c, r);
    struct text headers = arena_print(call->arena, "Parcours-Position: %llu\r\nCache-Control: private, no-cache\r\n"
                                      "Content-Disposition: attachment; filename=\"%.*s\"\r\n",
                                      (unsigned long long)call->position.seq, TEXT_ARGS(file_name(call, r)));
    if (c.failed) {
        call_refuse(call, REFUSED_too_large, "the report is too large: ask for one referent", NULL);
    } else {
        call_send(call, 200, headers.at, "text/csv; charset=utf-8", c.at, c.bytes);
    }
    csv_end(&c);
}

static void look(void *context, const struct dossier *d)
{
    reports_look(context, d);
}

void answer_report(struct call *call)
{
    bool csv;
    struct reporting r;
    const struct report *report = report_asked(call);
    if (!report) {
        call_refuse(call, REFUSED_unknown, "there is no such report: GET /v1/reports lists them", NULL);
        return;
    }
    struct reports_asked asked = reports_asked(report, call->today);
    if (!read_asked(call, &asked) || !wants_csv(call, &csv) || !call_look(call))
        return;
    call_know(call, asked.period.known_at);
    asked.books = call->books;
    reports_begin(&r, call->arena, &asked);
    if (!walk_dossiers(call, reports_walks(report), &asked.period, look, &r))
        return;
    reports_end(&r);
    if (csv)
        send_csv(call, &r);
    else
        put_json(call, &r);
}
