#include "owed.h"

struct elsewhere elsewhere_of_call(const struct call *call, int64_t known_at)
{
    return (struct elsewhere){ .log = call->log, .views = call->views, .kept = call->arena, .known_at = known_at };
}

bool call_owed(struct call *call, struct arena *arena, struct elsewhere *elsewhere, enum stream_type type, uint64_t stream, struct moment m, struct owed *ret)
{
    struct card card;
    if (!call_card(call, arena, stream, type, m, &card, &ret->events, &ret->count))
        return false;
    elsewhere->scratch = arena;
    struct owing owing = { &card, ret->events, ret->count, m.as_of, stream, elsewhere };
    ret->n = duties_of(type, &owing, call->books, ret->at);
    return true;
}

const struct duty *owed_named(const struct owed *o, int rule, int32_t since)
{
    for (unsigned i = 0; i < o->n; i++)
        if ((int)o->at[i].rule == rule && o->at[i].deadline.since == since)
            return &o->at[i];
    return NULL;
}
