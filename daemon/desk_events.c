/* The events of a stream as they would be: what the log holds of it, what the present lot does, the one that is judged, and what comes
 * with that one. */
#include <string.h>

#include "../events/failure.h"
#include "desk_inside.h"

/* What is stored of a stream, then what the lot holds of it, `e` and what follows it. */
static uint32_t with_pending(struct arena *arena, struct lot *lot, uint64_t stream, const struct event *const *stored, uint32_t count,
                             const struct event *e, const struct event ***ret)
{
    const struct draft *w = find_draft(lot, stream);
    uint32_t more = e && e->stream == stream;
    for (const struct pending *p = w ? w->first : NULL; p; p = p->of_draft)
        more++;
    for (const struct pending *p = w ? w->following : NULL; p; p = p->of_draft)
        more++;
    const struct event **events = ARENA_ARRAY(arena, const struct event *, count + more + 1);
    if (count)
        memcpy(events, stored, count * sizeof(*events));
    for (const struct pending *p = w ? w->first : NULL; p; p = p->of_draft)
        events[count++] = p->event;
    if (e && e->stream == stream)
        events[count++] = e;
    for (const struct pending *p = w ? w->following : NULL; p; p = p->of_draft)
        events[count++] = p->event;
    *ret = events;
    return count;
}

bool events_anew(struct desk *d, struct arena *arena, struct lot *lot, uint64_t stream, const struct key *key, const struct event *e,
                 const struct event ***ret, uint32_t *ret_count)
{
    const struct event **stored;
    uint32_t count;
    if (stream_events(arena, d->log_txn, d->views_txn, stream, key, &stored, &count) != 0) {
        d->failure = FAIL_DAMAGED;
        return false;
    }
    *ret_count = with_pending(arena, lot, stream, stored, count, e, ret);
    return true;
}

bool events_again(struct desk *d, struct lot *lot, uint64_t stream, const struct event *e, const struct event ***ret, uint32_t *ret_count)
{
    const struct event *const *stored;
    uint32_t count;
    arena_reset(&d->scratch);
    if (refold_events(d->refold, d->log_txn, d->views_txn, stream, &stored, &count) != 0) {
        d->failure = FAIL_DAMAGED;
        return false;
    }
    *ret_count = with_pending(&d->scratch, lot, stream, stored, count, e, ret);
    return true;
}

bool fold_anew(struct desk *d, struct lot *lot, const struct draft *w, const struct event *e, struct parcours *ret, const struct event **ret_last)
{
    const struct event **events;
    uint32_t count;
    if (!events_again(d, lot, w->fold.stream, e, &events, &count))
        return false;
    *ret_last = refold_fold(d->refold, ret, &d->scratch, events, count, atomic_load(&d->books));
    return true;
}
