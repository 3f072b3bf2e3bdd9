/* A report as JSON: its head, its lines as objects, its totals. */
#include "dossiers.h"
#include "report_forms.h"

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

void json_report_line(struct making *m, const struct cell *line)
{
    const struct report *report = &m->shown;
    struct json_out *out = &m->json;
    json_out_reset(out);
    out->comma = m->given > 1;
    json_open(out);
    for (unsigned i = 0; i < report->column_count; i++)
        put_cell(out, &report->columns[i], &line[i]);
    json_close(out);
    spool_put(&m->spool, out->at, out->bytes);
    m->spool.failed = m->spool.failed || json_out_failed(out);
}

static void put_totals(struct making *m)
{
    const struct reporting *r = &m->reporting;
    struct json_out *out = &m->json;
    json_out_reset(out);
    json_close_list(out);
    json_key(out, "counts"), json_open(out);
    for (unsigned i = 0; r->asked.report->totals[i].name; i++)
        json_key(out, r->asked.report->totals[i].name), json_number(out, r->totals[i]);
    json_close(out);
    json_close(out);
    spool_put(&m->spool, out->at, out->bytes);
}

/* Open, still, where the rows follow. */
struct text json_report_end(struct making *m)
{
    const struct reporting *r = &m->reporting;
    const struct report *report = &m->shown;
    struct json_out *out = m->call->out;
    json_open(out);
    json_key(out, "report"), json_string(out, report->name);
    json_key(out, "sentence"), json_string(out, m->call->french ? report->fr : report->en);
    json_key(out, "mention"), json_text(out, r->mention);
    json_key(out, "scope"), json_text(out, making_scope(m));
    period_json(m->call, &r->asked.period);
    json_key(out, "rulebook"), json_text(out, making_rulebook(m));
    json_key(out, "position"), json_number(out, (int64_t)m->call->position.seq);
    put_parameters(out, r);
    put_columns(m->call, report);
    json_key(out, "rows"), json_open_list(out);
    put_totals(m);
    return json_out_failed(out) ? (struct text){ NULL, 0 } : (struct text){ out->at, (uint32_t)out->bytes };
}
