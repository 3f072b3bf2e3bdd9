/* What a session of a committee owes: its minutes, once it was held; and to be put right when what is told of it does not hold. */
#include "duties.h"

/* When it is told to have been held, the first time after `after` (NULL: ever), in the order of the fold; NULL: not. The first of
 * all is the one that counts. */
static const struct event *held_after(const struct owing *o, const struct event *after)
{
    const struct event *held = NULL;
    for (uint32_t i = 0; i < o->count; i++) {
        const struct event *e = o->events[i];
        if (e->kind->number == KIND_session_held && (!after || event_compare(e, after) > 0) && (!held || event_compare(e, held) < 0))
            held = e;
    }
    return held;
}

struct deadline minutes_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct event *held = held_after(o, NULL);
    for (uint32_t i = 0; i < o->count; i++)
        if (o->events[i]->kind->number == KIND_minutes_filed)
            return NO_DEADLINE;
    return held ? (struct deadline){ held->on + (int32_t)v->at[0], DAY_NONE, held->seq, DAY_NONE } : NO_DEADLINE;
}

struct deadline held_once_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    const struct event *held = held_after(o, NULL), *again = held ? held_after(o, held) : NULL;
    return again ? owed_since(again->on, again->seq) : NO_DEADLINE;
}

struct deadline held_in_order_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    const struct event *held = held_after(o, NULL);
    for (uint32_t i = 0; held && i < o->count; i++)
        if (o->events[i]->kind->number == KIND_session_planned && held->on < ((const struct session_planned *)o->events[i]->data)->day)
            return owed_since(held->on, held->seq);
    return NO_DEADLINE;
}
