/* GET /v1/reports/{report}: any of the reports (projections/reports.def), in any of the forms (report_forms.h).
 * Each says what it is about in itself, for it travels alone: scope, period, rulebook, position, rows. */
#include <string.h>

#include "../events/roles.h"
#include "dossiers.h"
#include "report_forms.h"
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

static const struct form *form_named(struct text name)
{
    const struct form *f = forms;
    while (f->name && !text_is(name, f->name))
        f++;
    return f->name ? f : NULL;
}

static bool has_form(const struct report *report, const struct form *f)
{
    return strcmp(f->name, "html") != 0 || report_printed(report);
}

static const struct form *form_accepted(const struct call *call, const struct report *report)
{
    const struct text *accept = http_header(call->request, "accept");
    for (const struct form *f = forms + 1; accept && f->name; f++)
        if (has_form(report, f) && memmem(accept->at, accept->bytes, f->accepted, strlen(f->accepted)))
            return f;
    return forms;
}

static bool read_form(struct call *call, const struct report *report, const struct form **ret)
{
    struct text format = { NULL, 0 };
    if (!call_text(call, "format", &format))
        return false;
    *ret = format.at ? form_named(format) : form_accepted(call, report);
    if (!*ret)
        return call_refuse_parameter(call, "format", "json, csv, xlsx or html");
    if (has_form(report, *ret))
        return true;
    call_refuse(call, REFUSED_form, "this report is not printed: json, csv or xlsx", NULL);
    return false;
}

/* Names of people travel only when they are asked for. */
static bool read_names(struct call *call, const struct report *report, bool *ret)
{
    int64_t names = 0;
    if (!call_number(call, "names", 0, 1, &names))
        return false;
    *ret = names == 1 && report_column(report, TEXT("name")) < 0;    /* who has one says it anyway */
    return names != 1 || report_has_participants(report) || call_refuse_parameter(call, "names", "this report names no participant");
}

void answer_report(struct call *call)
{
    bool names;
    struct making m;
    const struct form *form;
    const struct report *report = report_asked(call);
    if (!report) {
        call_refuse(call, REFUSED_unknown, "there is no such report: GET /v1/reports lists them", NULL);
        return;
    }
    if (reports_opens(report) >> STREAM_participant & 1 && call->role != ROLE_coordinator) {
        call_refuse(call, REFUSED_forbidden, "it says who people are: the coordinator's alone", NULL);
        return;
    }
    struct reports_asked asked = reports_asked(report, call->today);
    if (!read_asked(call, &asked) || !read_form(call, report, &form) || !read_names(call, report, &names) || !call_look(call))
        return;
    call_know(call, asked.period.known_at);
    asked.books = call->books;
    if (making_begin(&m, call, form, &asked, names) && walk_dossiers_opened(call, reports_walks(report), reports_opens(report), &asked.period, making_look, &m))
        making_end(&m);
    making_free(&m);
}
