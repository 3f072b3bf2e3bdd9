/* The table of the duties, and the rulebook that each falls under. */
#include "duties.h"

static const struct {
    enum rule_number rule;
    enum stream_type stream;
    duty_fn *owed;
} duties[] = {
#define DUTY(rule, stream, function) { RULE_##rule, stream, function },
#include "duties.def"
#undef DUTY
};

/* As for participants: the first regime under which it falls; what fell before the regime is shown from its first day. */
static struct deadline falls(const struct owing *o, unsigned duty, const struct rulebooks *books)
{
    enum rule_number r = duties[duty].rule;
    for (uint32_t i = 0; i < books->regime_count; i++) {
        const struct regime *g = &books->regimes[i];
        if (!rule_applies(g->book, r))
            continue;
        struct deadline d = duties[duty].owed(o, g->book, &g->book->rule[r].value);
        if (d.due == DAY_NONE)
            continue;
        d.since = d.due + 1;
        if (d.since < g->from_day) {
            d.since = g->from_day;
            d.due = d.since - 1;
        }
        if (d.since < g->before_day)
            return d;
    }
    return NO_DEADLINE;
}

unsigned duties_of(enum stream_type stream, const struct owing *o, const struct rulebooks *books, struct duty ret[DUTIES_MAX])
{
    unsigned n = 0;
    for (unsigned i = 0; o->count && i < DUTIES_MAX; i++) {
        if (duties[i].stream != stream)
            continue;
        struct deadline d = falls(o, i, books);
        if (d.due != DAY_NONE)
            ret[n++] = (struct duty){ duties[i].rule, d };
    }
    return n;
}

bool stream_has_duties(enum stream_type stream)
{
    for (unsigned i = 0; i < DUTIES_MAX; i++)
        if (duties[i].stream == stream)
            return true;
    return false;
}
