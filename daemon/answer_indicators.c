/* The figures of a period (projections/figures.def), each with its numerator and denominator, whole or by one or two
 * dimensions, and the events behind one of them. All of it is counted from the dossiers, in one walk. */
#include <stdio.h>
#include <string.h>

#include "../events/ids.h"
#include "../projections/figures.h"
#include "dossiers.h"

/* ---- what is asked ---- */
static struct text words_of(struct call *call, const struct keyed *keyed)
{
    struct text all = TEXT("");
    for (unsigned w = 0; w < keyed_words(keyed); w++)
        all = arena_print(call->arena, "%.*s%s%s", TEXT_ARGS(all), w ? ", " : "", keyed_word(keyed, w));
    return all;
}

static struct text dimension_names(struct call *call)
{
    struct text all = TEXT("");
    for (unsigned d = 0; d < DIMENSIONS; d++)
        all = arena_print(call->arena, "%.*s%s%s", TEXT_ARGS(all), d ? ", " : "", dimensions[d].name);
    return all;
}

static bool read_names(struct call *call, struct figures_asked *a)
{
    struct text names = { NULL, 0 }, by = { NULL, 0 };
    if (!call_text(call, "figure", &names) || !call_text(call, "by", &by))
        return false;
    if (names.at && !figures_ask(a, names))
        return call_refuse_parameter(call, "figure", "there is no such figure: GET /v1/figures lists them");
    if (by.at && !figures_ask_by(a, by))
        return call_refuse_parameter(call, "by", arena_print(call->arena, "two dimensions at most, not twice the same, of: %.*s, or a figure's own", TEXT_ARGS(dimension_names(call))).at);
    return true;
}

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

/* ?public=qpv, ?sex=F: only what counts under that word. */
static bool read_having(struct call *call, struct figures_asked *a)
{
    for (unsigned i = 0; i < DIMENSIONS; i++) {
        struct text word = { NULL, 0 };
        if (dimensions[i].keyed.type != BY_WORD)
            continue;
        if (!call_text(call, dimensions[i].name, &word))
            return false;
        if (word.at && !figures_ask_having(a, &dimensions[i], word))
            return call_refuse_parameter(call, dimensions[i].name, arena_print(call->arena, "one word of: %.*s", TEXT_ARGS(words_of(call, &dimensions[i].keyed))).at);
    }
    return true;
}

static bool read_asked(struct call *call, struct figures_asked *a)
{
    uint64_t referent = (uint64_t)ABSENT;
    a->period.from = day_of(day_civil(call->today).year, 1, 1);
    a->period.to = call->today;
    if (!call_day(call, "from", &a->period.from) || !call_day(call, "to", &a->period.to) || !call_period_known(call, &a->period) ||
        !read_names(call, a) || !read_having(call, a) || !read_detail(call, a) || !call_stream(call, "referent", STREAM_referent, &referent))
        return false;
    a->referent = (int64_t)referent;
    return true;
}

/* ---- values ---- */
static void put_amount(struct json_out *out, const char *key, enum figure_unit unit, int64_t n)
{
    json_key(out, key);
    if (unit == HOURS)
        json_hundredths(out, n);
    else
        json_number(out, n);
}

static void put_value(struct json_out *out, enum figure_unit unit, const struct tally *t)
{
    int64_t value;
    json_key(out, "value");
    if (!tally_value(unit, t, &value))
        json_null(out);     /* a share of nothing */
    else if (unit != CENTS_EACH && (figure_unit_divides(unit) || unit == HOURS))
        json_hundredths(out, value);
    else
        json_number(out, value);
    put_amount(out, "numerator", unit, t->numerator);
    json_key(out, "denominator");
    if (figure_unit_divides(unit))
        json_number(out, t->denominator);
    else
        json_null(out);
}

static void put_words(struct json_out *out, const struct figure *f, const struct tally *words)
{
    const struct keyed *own = &f->own[0].keyed;
    json_key(out, "values"), json_open(out);
    for (unsigned w = 0; w < keyed_words(own); w++)
        put_amount(out, keyed_word(own, w), f->unit, words[w].numerator);
    json_close(out);
}

/* Of a group; of the whole when `g` is NULL. */
static void put_measured(struct json_out *out, const struct measuring *m, const struct measured *x, const struct group *g)
{
    const struct tally *words = g ? g->words : x->words;
    int64_t target = figures_target(m, x, g);
    put_value(out, x->figure->unit, g ? &g->tally : &x->whole);
    if (words && !figure_unit_divides(x->figure->unit))
        put_words(out, x->figure, words);
    json_key(out, "target");
    if (target == ABSENT)
        json_null(out);
    else if (rules[x->figure->target].unit == UNIT_HOURS)
        json_hundredths(out, target);
    else
        json_number(out, target);
}

/* ---- groups ---- */
static void put_key(struct json_out *out, const struct measuring *m, const struct measured *x, const struct group *g, unsigned which)
{
    char name[32], text[GROUP_TEXT_BYTES];
    json_key(out, figures_by_name(&m->asked, which, name));
    if (g->key[which].known && group_keyed(m, x, which))
        json_string(out, group_print(m, x, g, which, text));
    else
        json_null(out);
}

static void put_groups(struct json_out *out, const struct measuring *m, const struct measured *x)
{
    json_key(out, "groups"), json_open_list(out);
    for (uint32_t i = 0; i < x->n; i++) {
        json_open(out);
        for (unsigned b = 0; b < m->asked.by_count; b++)
            put_key(out, m, x, &x->groups[i], b);
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

/* ---- the drill-down ---- */
static void put_detail(struct json_out *out, const struct measuring *m)
{
    uint64_t told = (uint64_t)m->asked.skip + m->detail_count;
    json_key(out, "contributions"), json_open_list(out);
    for (uint32_t i = 0; i < m->detail_count; i++) {
        const struct contribution *c = &m->details[i];
        json_open(out);
        json_key(out, stream_name(c->type)), json_id(out, c->type, c->stream);
        json_key(out, "seq"), json_seq(out, c->seq);
        json_key(out, "day"), json_day(out, c->day);
        json_key(out, "numerator"), json_number(out, c->group.tally.numerator);
        json_key(out, "denominator"), json_number(out, c->group.tally.denominator);
        for (unsigned b = 0; b < m->asked.by_count; b++)
            put_key(out, m, &m->at[0], &c->group, b);
        json_close(out);
    }
    json_close_list(out);
    json_key(out, "count"), json_number(out, (int64_t)m->detail_all);
    json_key(out, "next");
    if (told < m->detail_all)
        json_number(out, (int64_t)told);
    else
        json_null(out);
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

void answer_indicators(struct call *call)
{
    struct figures_asked asked = { .referent = ABSENT };
    struct measuring *m = ARENA_ARRAY(call->arena, struct measuring, 1);
    struct json_out *out = call->out;
    if (!read_asked(call, &asked) || !call_look(call))
        return;
    call_know(call, asked.period.known_at);
    asked.books = call->books;
    figures_begin(m, call->arena, &asked);
    if (!walk_dossiers(call, figures_walks(m), &asked.period, look, m))
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
        put_detail(out, m);
    json_close(out);
}
