/* GET /v1/explain?of=figure:NAME: what it counts, over what, its target's rule, and each event that counted. */
#include "dossiers.h"
#include "explain.h"
#include "figure_json.h"
#include "figures_asked.h"

#define SHOWN 1000      /* contributions, when it is not said how many; ?after= goes on */

static void put_target(struct call *call, const struct measuring *m, const struct measured *x)
{
    struct json_out *out = call->out;
    int64_t target = figure_target_json(out, m, x, NULL);
    json_key(out, "rule");
    if (target == ABSENT)
        json_null(out);
    else
        rule_json(out, x->figure->target, rulebook_on(call->books, m->asked.period.to, UINT64_MAX), call->french);
}

static void put_event(void *context, const struct contribution *c)
{
    struct explaining *x = context;
    json_key(x->call->out, "event"), explain_event(x, c->seq);
}

static void put_figure(struct call *call, const struct measuring *m)
{
    struct json_out *out = call->out;
    const struct measured *x = &m->at[0];
    json_open(out);
    json_key(out, "of"), json_text(out, arena_print(call->arena, "figure:%s", x->figure->name));
    json_key(out, "sentence"), json_string(out, call->french ? x->figure->fr : x->figure->en);
    json_key(out, "over"), json_string(out, call->french ? x->figure->over_fr : x->figure->over_en);
    json_key(out, "unit"), json_string(out, figure_unit_name(x->figure->unit));
    period_json(call, &m->asked.period);
    figure_value_json(out, x->figure->unit, &x->whole);
    put_target(call, m, x);
    contributions_json(out, m, put_event, &(struct explaining){ .call = call });
    json_close(out);
}

static void look(void *context, const struct dossier *d)
{
    figures_look(context, d);
}

void explain_figure(struct call *call, struct text name)
{
    struct figures_asked asked = { .referent = ABSENT };
    struct measuring *m = ARENA_ARRAY(call->arena, struct measuring, 1);
    int64_t limit = SHOWN, after = 0;
    if (figure_named(name) < 0) {
        call_refuse_parameter(call, "of", "there is no such figure: GET /v1/figures lists them");
        return;
    }
    asked.only[figure_named(name)] = true;
    if (!call_figures_period(call, &asked) || !call_period_known(call, &asked.period) || !call_number(call, "limit", 1, DETAIL_MAX, &limit) ||
        !call_number(call, "after", 0, UINT32_MAX, &after) || !call_look(call))
        return;
    asked.detail = (uint32_t)limit;
    asked.skip = (uint32_t)after;
    call_know(call, asked.period.known_at);
    asked.books = call->books;
    figures_begin(m, call->arena, &asked);
    if (walk_dossiers(call, figures_walks(m), &asked.period, look, m))
        put_figure(call, m);
}
