/* What a session of a committee owes: its minutes, once it was held. */
#include "duties.h"

struct deadline minutes_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct event *held = NULL;
    for (uint32_t i = 0; i < o->count; i++) {
        if (o->events[i]->kind->number == KIND_minutes_filed)
            return NO_DEADLINE;
        if (o->events[i]->kind->number == KIND_session_held)
            held = o->events[i];
    }
    return held ? (struct deadline){ held->on + (int32_t)v->at[0], DAY_NONE, held->seq, DAY_NONE } : NO_DEADLINE;
}
