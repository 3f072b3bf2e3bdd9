/* What is owed to an enterprise: a convention, when it employs people under aided contracts. */
#include "duties.h"

static int32_t later(int32_t a, int32_t b)
{
    return a == DAY_NONE || b > a ? b : a;
}

/* Posts are offered from a day on, until none is any more. */
static const struct event *offered(const struct owing *o)
{
    const struct event *since = NULL;
    for (uint32_t i = 0; i < o->count; i++) {
        if (o->events[i]->kind->number != KIND_aided_posts_offered)
            continue;
        bool some = ((const struct aided_posts_offered *)o->events[i]->data)->posts > 0;
        since = some ? (since ? since : o->events[i]) : NULL;
    }
    return since;
}

/* The last day on which a convention about aided contracts was in force, until the day; that day itself when one is. */
static int32_t convention_until(const struct owing *o)
{
    int32_t last = DAY_NONE;
    for (uint32_t i = 0; i < o->count; i++) {
        const struct event *e = o->events[i];
        const struct convention_signed *c = e->data;
        if (e->kind->number != KIND_convention_signed || c->kind != convention_kind_aided)
            continue;
        int32_t from = c->from_day == ABSENT ? e->on : (int32_t)c->from_day;
        if (from <= o->day)
            last = later(last, (int32_t)c->until_day);
    }
    return last;
}

struct deadline convention_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct event *e = offered(o);
    int32_t until = convention_until(o);
    if (!e || (until != DAY_NONE && until >= o->day))
        return NO_DEADLINE;
    return (struct deadline){ later(until, e->on) + (int32_t)v->at[0], DAY_NONE, e->seq, DAY_NONE };
}
