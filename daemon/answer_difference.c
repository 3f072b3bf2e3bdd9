/* Why a figure of a period is not what it was: the same period as it was known at one instant and at a later one, and the events that
 * explain it (projections/difference.h). */
#include "../projections/difference.h"
#include "dossiers.h"
#include "figure_json.h"
#include "figures_asked.h"

#define CHANGES_SHOWN 100
#define CHANGES_SHOWN_MAX 1000

/* ---- what is asked ---- */
static bool read_instants(struct call *call, int64_t *from, int64_t *to)
{
    *from = INT64_MIN;
    *to = INT64_MAX;
    if (!call_instant(call, "known_from", from) || !call_instant(call, "known_to", to))
        return false;
    if (*from == INT64_MIN)
        return call_refuse_parameter(call, "known_from", "an instant is expected: what was known then is compared with what is known now");
    return *from <= *to || call_refuse_parameter(call, "known_to", "the second instant is before the first");
}

static bool read_asked(struct call *call, struct figures_asked *a)
{
    int64_t limit = CHANGES_SHOWN, after = 0;
    unsigned named = 0;
    a->period.as_of = INT32_MAX;
    if (!call_figures_period(call, a) || !call_day(call, "as_of", &a->period.as_of) || !call_figures(call, a) ||
        !call_number(call, "limit", 1, CHANGES_SHOWN_MAX, &limit) || !call_number(call, "after", 0, UINT32_MAX, &after))
        return false;
    for (unsigned i = 0; i < FIGURES; i++)
        named += a->only[i];
    if (named != 1)
        return call_refuse_parameter(call, "figure", "the difference is that of one figure: ?figure=NAME");
    a->detail = (uint32_t)limit;
    a->skip = (uint32_t)after;
    return a->period.from <= a->period.to || call_refuse_parameter(call, "to", "the period ends before it begins");
}

static struct knowing known(struct call *call, const struct rulebooks *all, int64_t at)
{
    call->books = all;
    call_know(call, at);
    return (struct knowing){ .at = at, .books = call->books };
}

static void look(void *context, struct arena *scratch, const struct event *const *events, uint32_t count)
{
    difference_look(context, scratch, events, count);
}

/* ---- what is answered ---- */
static void put_contributions(struct json_out *out, const char *key, const struct difference *x, const struct contribution *list, uint32_t count)
{
    json_key(out, key), json_open_list(out);
    for (uint32_t i = 0; i < count; i++) {
        json_open(out);
        contribution_json(out, x->shape, &list[i]);
        json_close(out);
    }
    json_close_list(out);
}

static void put_reasons(struct call *call, const struct change *c)
{
    struct json_out *out = call->out;
    char instant[INSTANT_TEXT_BYTES];
    json_key(out, "because"), json_open_list(out);
    for (uint32_t i = 0; i < c->because_count; i++) {
        const struct reason *r = &c->because[i];
        json_open(out);
        json_key(out, "event"), json_seq(out, r->seq);
        json_key(out, "kind"), json_string(out, r->kind->name);
        json_key(out, "on"), json_day(out, r->on);
        json_key(out, "recorded"), json_string(out, instant_print(r->recorded_ms, instant));
        json_key(out, "of"), json_seq(out, r->of);
        json_key(out, "sentence"), json_string(out, call->french ? r->kind->fr : r->kind->en);
        json_close(out);
    }
    json_close_list(out);
}

static void put_changes(struct call *call, const struct difference *x)
{
    struct json_out *out = call->out;
    uint64_t told = (uint64_t)x->skip + x->n;
    json_key(out, "changes"), json_open_list(out);
    for (uint32_t i = 0; i < x->n; i++) {
        const struct change *c = &x->changes[i];
        json_open(out);
        json_key(out, stream_name(c->type)), json_id(out, c->type, c->stream);
        put_contributions(out, "gone", x, c->gone, c->gone_count);
        put_contributions(out, "come", x, c->come, c->come_count);
        put_reasons(call, c);
        json_close(out);
    }
    json_close_list(out);
    json_key(out, "count"), json_number(out, (int64_t)x->all);
    json_key(out, "next");
    if (told < x->all)
        json_number(out, (int64_t)told);
    else
        json_null(out);
}

/* Those adopted in between: what no event of a stream explains is theirs. */
static void put_rulebooks(struct json_out *out, const struct difference *x)
{
    json_key(out, "rulebooks"), json_open_list(out);
    for (uint32_t i = x->before.books->count; i < x->after.books->count; i++) {
        const struct rulebook *b = x->after.books->at[i];
        json_open(out);
        json_key(out, "seq"), json_seq(out, b->seq);
        json_key(out, "name"), json_text(out, b->name);
        json_key(out, "from_day"), json_day(out, b->from_day);
        json_close(out);
    }
    json_close_list(out);
}

static void put_side(struct json_out *out, const char *key, const struct figure *f, const struct knowing *k)
{
    json_key(out, key), json_open(out);
    figure_value_json(out, f->unit, &k->whole);
    json_close(out);
}

static void put_difference(struct call *call, const struct difference *x)
{
    struct json_out *out = call->out;
    const struct figure *f = x->shape->at[0].figure;
    char instant[INSTANT_TEXT_BYTES];
    json_open(out);
    json_key(out, "figure"), json_string(out, f->name);
    json_key(out, "sentence"), json_string(out, call->french ? f->fr : f->en);
    json_key(out, "from"), json_day(out, x->asked.period.from);
    json_key(out, "to"), json_day(out, x->asked.period.to);
    if (x->asked.period.as_of != INT32_MAX)
        json_key(out, "as_of"), json_day(out, x->asked.period.as_of);
    json_key(out, "known_from"), json_string(out, instant_print(x->before.at, instant));
    json_key(out, "known_to"), json_string(out, x->after.at == INT64_MAX ? NULL : instant_print(x->after.at, instant));
    put_side(out, "before", f, &x->before);
    put_side(out, "after", f, &x->after);
    put_changes(call, x);
    put_rulebooks(out, x);
    json_key(out, "explained"), json_bool(out, difference_explained(x));
    json_close(out);
}

void answer_difference(struct call *call)
{
    struct figures_asked asked = { .referent = ABSENT };
    struct difference *x = ARENA_ARRAY(call->arena, struct difference, 1);
    int64_t from, to;
    if (!read_instants(call, &from, &to) || !read_asked(call, &asked) || !call_look(call))
        return;
    const struct rulebooks *all = call->books;
    struct knowing before = known(call, all, from), after = known(call, all, to);
    difference_begin(x, call->arena, &asked, &before, &after);
    if (walk_streams(call, difference_walks(x), look, x))
        put_difference(call, x);
    difference_end(x);
}
