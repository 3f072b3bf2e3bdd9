/* What there is to say, by which rules, and what can be asked: the kinds with their schema, the rulebooks adopted, the reports
 * and the figures. */
#include "../projections/figures.h"
#include "../projections/reports.h"
#include "answers.h"

static void put_kind(struct json_out *out, const struct kind *k, bool french)
{
    static const char *const natures[] = { [FACT] = "fact", [ACT] = "act", [META] = "meta" };
    json_open(out);
    json_key(out, "command"), json_string(out, k->command);
    json_key(out, "event"), json_string(out, k->name);
    json_key(out, "stream"), json_string(out, stream_name(k->stream));
    if (kind_of_any_stream(k)) {
        json_key(out, "streams"), json_open_list(out);      /* of any: `stream` is the one they were made for */
        for (int type = 0; type < STREAM_TYPES; type++)
            json_string(out, stream_name((enum stream_type)type));
        json_close_list(out);
    }
    json_key(out, "nature"), json_string(out, natures[k->nature]);
    json_key(out, "opens"), json_bool(out, k->states & IN(nobody));
    json_key(out, "states"), states_json(out, k->stream == STREAM_participant ? k->states & ~IN(nobody) : 0);
    json_key(out, "sentence"), json_string(out, french ? k->fr : k->en);
    json_key(out, "schema"), kind_to_schema(out, k, french);
    json_close(out);
}

void answer_kinds(struct call *call)
{
    struct text command = { NULL, 0 };
    struct json_out *out = call->out;
    if (!call_text(call, "command", &command))
        return;
    const struct kind *only = command.at ? kind_commanded(command) : NULL;
    if (command.at && !only) {
        call_refuse(call, REFUSED_unknown, "there is no such command", NULL);
        return;
    }
    json_open(out);
    json_key(out, "commands"), json_open_list(out);
    for (unsigned i = 0; i < catalogue_count(); i++)
        if (!only || only == catalogue_at(i))
            put_kind(out, catalogue_at(i), call->french);
    json_close_list(out);
    json_close(out);
}

static void put_rulebook(struct json_out *out, const struct rulebook *b, bool french)
{
    json_open(out);
    json_key(out, "seq"), json_seq(out, b->seq);
    json_key(out, "from_day"), json_day(out, b->from_day);
    json_key(out, "name"), json_text(out, b->name);
    json_key(out, "title"), json_text(out, b->title);
    json_key(out, "document"), json_text(out, b->document);
    json_key(out, "rules"), json_open(out);
    for (int r = 0; r < RULES; r++) {
        json_key(out, rules[r].name);
        json_open(out);
        json_key(out, "sentence"), json_string(out, rule_sentence((enum rule_number)r, french));
        rule_members_json(out, (enum rule_number)r, &b->rule[r]);
        json_close(out);
    }
    json_close(out);
    json_close(out);
}

void answer_rulebooks(struct call *call)
{
    struct json_out *out = call->out;
    if (!call_look(call))
        return;
    const struct rulebook *today = rulebook_on(call->books, call->today, UINT64_MAX);
    json_open(out);
    json_key(out, "in_force"), json_seq(out, today ? today->seq : 0);
    json_key(out, "rulebooks"), json_open_list(out);
    for (uint32_t i = 0; i < call->books->count; i++)
        put_rulebook(out, call->books->at[i], call->french);
    json_close_list(out);
    json_close(out);
}

/* ---- reports ---- */
static void put_parameter(struct json_out *out, enum parameter_number p, bool french)
{
    json_open(out);
    json_key(out, "name"), json_string(out, parameters[p].name);
    json_key(out, "written"), json_string(out, parameter_written(p, french));
    json_key(out, "sentence"), json_string(out, french ? parameters[p].fr : parameters[p].en);
    json_close(out);
}

static void put_report(struct json_out *out, const struct report *r, bool french)
{
    json_open(out);
    json_key(out, "name"), json_string(out, r->name);
    json_key(out, "sentence"), json_string(out, french ? r->fr : r->en);
    json_key(out, "parameters"), json_open_list(out);
    for (unsigned p = 0; p < PARAMETERS; p++)
        if (report_takes(r, (enum parameter_number)p))
            put_parameter(out, (enum parameter_number)p, french);
    json_close_list(out);
    json_close(out);
}

void answer_reports(struct call *call)
{
    struct json_out *out = call->out;
    json_open(out);
    json_key(out, "reports"), json_open_list(out);
    for (unsigned i = 0; i < REPORTS; i++)
        put_report(out, &reports[i], call->french);
    json_close_list(out);
    json_close(out);
}

/* ---- figures ---- */
static void put_words(struct json_out *out, const struct keyed *k)
{
    if (k->type != BY_WORD)
        return;
    json_key(out, "words"), json_open_list(out);
    for (unsigned w = 0; w < keyed_words(k); w++)
        json_string(out, keyed_word(k, w));
    json_close_list(out);
}

static void put_figure(struct json_out *out, const struct figure *f, bool french)
{
    json_open(out);
    json_key(out, "name"), json_string(out, f->name);
    json_key(out, "unit"), json_string(out, figure_unit_name(f->unit));
    json_key(out, "target"), json_string(out, f->target < 0 ? NULL : rules[f->target].name);
    json_key(out, "by"), json_open_list(out);
    for (unsigned o = 0; o < OWN_MAX && f->own[o].name; o++)
        json_string(out, f->own[o].name);
    json_close_list(out);
    json_key(out, "sentence"), json_string(out, french ? f->fr : f->en);
    json_key(out, "over"), json_string(out, french ? f->over_fr : f->over_en);
    json_close(out);
}

void answer_figures(struct call *call)
{
    struct json_out *out = call->out;
    json_open(out);
    json_key(out, "figures"), json_open_list(out);
    for (unsigned i = 0; i < FIGURES; i++)
        put_figure(out, &figures[i], call->french);
    json_close_list(out);
    json_key(out, "dimensions"), json_open_list(out);
    for (unsigned d = 0; d < DIMENSIONS; d++) {
        json_open(out);
        json_key(out, "name"), json_string(out, dimensions[d].name);
        json_key(out, "sentence"), json_string(out, call->french ? dimensions[d].fr : dimensions[d].en);
        put_words(out, &dimensions[d].keyed);
        json_close(out);
    }
    json_close_list(out);
    json_close(out);
}
