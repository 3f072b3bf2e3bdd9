/* What a delivery owes the coordinator: to be seen when it has stopped by itself. */
#include "duties.h"

/* Until it is resumed, or stopped because somebody asks for it. */
struct deadline stop_seen_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    const struct event *stopped = NULL;
    (void)b;
    for (uint32_t i = 0; i < o->count; i++) {
        const struct event *e = o->events[i];
        const struct delivery_stopped *s = e->data;
        if (e->kind->number == KIND_delivery_resumed || (e->kind->number == KIND_delivery_stopped && (s->reason == ABSENT || s->reason == stop_reason_asked)))
            stopped = NULL;
        else if (e->kind->number == KIND_delivery_stopped && !stopped)
            stopped = e;
    }
    return stopped ? owed_since(stopped->on + (int32_t)v->at[0], stopped->seq) : NO_DEADLINE;
}
