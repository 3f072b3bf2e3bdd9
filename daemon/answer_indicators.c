/* The figures of a period (projections/figures.def), each with its numerator and denominator, whole or by one or two
 * dimensions, and the events behind one of them. All of it is counted from the dossiers, in one walk. */
#include <stdio.h>
#include <string.h>

#include "../events/ids.h"
#include "../projections/figures.h"
#include "dossiers.h"
#include "figure_json.h"
#include "figures_asked.h"
#include "filing.h"
#include "workers.h"

/* ---- what is asked ---- */
static bool read_detail(struct call *call, struct figures_asked *a)
{
    int64_t detail = 0, limit = DETAIL_MAX, after = 0;
    unsigned named = 0;
    if (!call_number(call, "detail", 0, 1, &detail) || !call_number(call, "limit", 1, DETAIL_MAX, &limit) ||
        !call_number(call, "after", 0, UINT32_MAX, &after))
        return false;
    for (unsigned i = 0; i < FIGURES; i++)
        named += a->only[i];
    if (detail && named != 1)
        return call_refuse_parameter(call, "detail", "the detail is that of one figure: ?figure=NAME");
    a->detail = detail ? (uint32_t)limit : 0;
    a->skip = (uint32_t)after;
    return true;
}

static bool read_asked(struct call *call, struct figures_asked *a)
{
    return call_figures_period(call, a) && call_period_known(call, &a->period) && call_figures(call, a) && read_detail(call, a);
}

/* ---- values ---- */
static void put_words(struct json_out *out, const struct figure *f, const struct tally *words)
{
    const struct keyed *own = &f->own[0].keyed;
    json_key(out, "values"), json_open(out);
    for (unsigned w = 0; w < keyed_words(own); w++)
        figure_amount_json(out, keyed_word(own, w), f->unit, words[w].numerator);
    json_close(out);
}

/* Of a group; of the whole when `g` is NULL. */
static void put_measured(struct json_out *out, const struct measuring *m, const struct measured *x, const struct group *g)
{
    const struct tally *words = g ? g->words : x->words;
    figure_value_json(out, x->figure->unit, g ? &g->tally : &x->whole);
    if (words && !figure_unit_divides(x->figure->unit))
        put_words(out, x->figure, words);
    figure_target_json(out, m, x, g);
}

/* ---- groups ---- */
static void put_groups(struct json_out *out, const struct measuring *m, const struct measured *x)
{
    json_key(out, "groups"), json_open_list(out);
    for (uint32_t i = 0; i < x->n; i++) {
        json_open(out);
        for (unsigned b = 0; b < m->asked.by_count; b++)
            group_key_json(out, m, x, &x->groups[i], b);
        put_measured(out, m, x, &x->groups[i]);
        json_close(out);
    }
    json_close_list(out);
}

/* Where the events behind a figure are. */
static void put_events(struct call *call, const struct figures_asked *a, const struct figure *f)
{
    char from[DAY_TEXT_BYTES], to[DAY_TEXT_BYTES], as_of[DAY_TEXT_BYTES], instant[INSTANT_TEXT_BYTES], id[ID_TEXT_BYTES];
    struct arena *arena = call->arena;
    struct text t = arena_print(arena, "/v1/indicators?figure=%s&from=%s&to=%s&detail=1", f->name, day_print(a->period.from, from), day_print(a->period.to, to));
    if (a->period.as_of != INT32_MAX)
        t = arena_print(arena, "%.*s&as_of=%s", TEXT_ARGS(t), day_print(a->period.as_of, as_of));
    if (a->period.known_at != INT64_MAX)
        t = arena_print(arena, "%.*s&known_at=%s", TEXT_ARGS(t), instant_print(a->period.known_at, instant));
    if (a->referent != ABSENT)
        t = arena_print(arena, "%.*s&referent=%s", TEXT_ARGS(t), id_print(STREAM_referent, (uint64_t)a->referent, id));
    for (unsigned i = 0; i < DIMENSIONS; i++)
        if (a->having[i].asked)
            t = arena_print(arena, "%.*s&%s=%s", TEXT_ARGS(t), dimensions[i].name, keyed_word(&dimensions[i].keyed, a->having[i].word));
    for (unsigned b = 0; b < a->by_count; b++)
        t = arena_print(arena, b ? "%.*s,%.*s" : "%.*s&by=%.*s", TEXT_ARGS(t), TEXT_ARGS(a->own[b]));
    json_key(call->out, "events"), json_text(call->out, t);
}

static void put_figure(struct call *call, const struct measuring *m, const struct measured *x, const struct group *g)
{
    struct json_out *out = call->out;
    json_open(out);
    json_key(out, "name"), json_string(out, x->figure->name);
    json_key(out, "sentence"), json_string(out, call->french ? x->figure->fr : x->figure->en);
    json_key(out, "over"), json_string(out, call->french ? x->figure->over_fr : x->figure->over_en);
    json_key(out, "unit"), json_string(out, figure_unit_name(x->figure->unit));
    put_measured(out, m, x, g);
    if (!g) {
        put_events(call, &m->asked, x->figure);
        if (m->asked.by_count)
            put_groups(out, m, x);
    }
    json_close(out);
}

/* ---- all figures of each référent ---- */
static const struct group *group_under(const struct measured *x, const struct group_key *key)
{
    for (uint32_t i = 0; i < x->n; i++)
        if (x->groups[i].key[0].known == key->known && x->groups[i].key[0].number == key->number)
            return &x->groups[i];
    return NULL;
}

static void put_referent(struct call *call, const struct measuring *m, const struct group_key *key)
{
    struct json_out *out = call->out;
    json_open(out);
    json_key(out, "referent"), json_id(out, STREAM_referent, key->known ? (uint64_t)key->number : (uint64_t)ABSENT);
    json_key(out, "indicators"), json_open_list(out);
    for (unsigned i = 0; i < m->count; i++) {
        const struct group *g = group_under(&m->at[i], key);
        struct group nothing = figures_empty_group(m, &m->at[i], key);
        put_figure(call, m, &m->at[i], g ? g : &nothing);
    }
    json_close_list(out);
    json_close(out);
}

/* The next one whom some figure counts; those whom nobody followed come last. */
static const struct group_key *next_referent(const struct measuring *m, const struct group_key *last)
{
    const struct group_key *next = NULL;
    for (unsigned i = 0; i < m->count; i++)
        for (uint32_t k = 0; k < m->at[i].n; k++) {
            const struct group_key *key = &m->at[i].groups[k].key[0];
            bool after = !last || group_keys_compare(last, key) < 0;
            if (after && (!next || group_keys_compare(key, next) < 0))
                next = key;
        }
    return next;
}

static void put_referents(struct call *call, const struct measuring *m)
{
    struct json_out *out = call->out;
    json_key(out, "referents"), json_open_list(out);
    for (const struct group_key *key = NULL; (key = next_referent(m, key));)
        put_referent(call, m, key);
    json_close_list(out);
}

static void put_dimensions(struct call *call, const struct figures_asked *a)
{
    struct json_out *out = call->out;
    json_key(out, "by"), json_open_list(out);
    for (unsigned b = 0; b < a->by_count; b++) {
        json_open(out);
        json_key(out, "name"), json_text(out, a->own[b]);
        if (a->by[b])
            json_key(out, "sentence"), json_string(out, call->french ? a->by[b]->fr : a->by[b]->en);
        json_close(out);
    }
    json_close_list(out);
}

static void look(void *context, const struct dossier *d)
{
    figures_look(context, d);
}

/* ---- counting ---- */
#define TRIES 4     /* to find the sums at the position that is looked at: commits go on */

static bool waits(void *context)
{
    struct call *call = context;
    return !task_cancelled(call->task) && !atomic_load(&call->service->draining);
}

/* From what is kept summed, and the référents' shares of time for the targets. False: it cannot be, or the call is refused. */
static bool count_summed(struct call *call, struct figures_asked *asked, struct measuring *m)
{
    enum filing_answered answered = FILING_later;
    for (unsigned i = 0; i < TRIES && answered == FILING_later; i++) {
        if (i > 0)
            call_look_end(call);
        if (!call_look(call))
            return false;
        asked->books = call->books;
        figures_begin(m, call->arena, asked);
        answered = filing_answer(call->service->filing, call->position.seq, m, waits, call);
    }
    return answered == FILING_answered && walk_dossiers(call, figures_walks(m) & 1u << STREAM_referent, &asked->period, look, m);
}

/* False: the call is refused. */
static bool count(struct call *call, struct figures_asked *asked, struct measuring *m)
{
    if (filed_answers(asked, call->today) && count_summed(call, asked, m))
        return true;
    if (call->answered)
        return false;
    call_know(call, asked->period.known_at);
    asked->books = call->books;
    figures_begin(m, call->arena, asked);
    return walk_dossiers(call, figures_walks(m), &asked->period, look, m);
}

void answer_indicators(struct call *call)
{
    struct figures_asked asked = { .referent = ABSENT };
    struct measuring *m = ARENA_ARRAY(call->arena, struct measuring, 1);
    struct json_out *out = call->out;
    if (!read_asked(call, &asked) || !call_look(call) || !count(call, &asked, m))
        return;
    json_open(out);
    period_json(call, &asked.period);
    if (asked.referent != ABSENT)
        json_key(out, "referent"), json_id(out, STREAM_referent, (uint64_t)asked.referent);
    for (unsigned i = 0; i < DIMENSIONS; i++)
        if (asked.having[i].asked)
            json_key(out, dimensions[i].name), json_string(out, keyed_word(&dimensions[i].keyed, asked.having[i].word));
    if (asked.by_count)
        put_dimensions(call, &asked);
    json_key(out, "indicators"), json_open_list(out);
    for (unsigned i = 0; i < m->count; i++)
        put_figure(call, m, &m->at[i], NULL);
    json_close_list(out);
    if (asked.by_count == 1 && asked.by[0] == &dimensions[DIMENSION_referent])
        put_referents(call, m);
    if (asked.detail)
        contributions_json(out, m, NULL, NULL);
    json_close(out);
}
