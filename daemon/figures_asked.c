#include "figures_asked.h"

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

bool call_figures_period(struct call *call, struct figures_asked *a)
{
    a->period.from = day_of(day_civil(call->today).year, 1, 1);
    a->period.to = call->today;
    return call_day(call, "from", &a->period.from) && call_day(call, "to", &a->period.to);
}

bool call_figures(struct call *call, struct figures_asked *a)
{
    uint64_t referent = (uint64_t)ABSENT;
    if (!read_names(call, a) || !read_having(call, a) || !call_stream(call, "referent", STREAM_referent, &referent))
        return false;
    a->referent = (int64_t)referent;
    return true;
}
