/* Streams that are not a participant's. Everything in them is a fact, which no rule judges; but an event may be corrected or taken
 * out there as anywhere, and then what the stream says is folded again. Of the PLIE's own, what every record or answer was made
 * under is not corrected afterwards: it is said anew, from a day on. */
#include <string.h>

#include "desk_inside.h"

static bool refuse_fixed(const struct event *about, struct outcome *out)
{
    struct problems *p = &out->problems;
    switch (about->kind->number) {
    case KIND_plie_created:
        problem_add(p, "the opening of the log is what every record rests on", "/data/event");
        break;
    case KIND_rulebook_adopted:
        problem_add(p, "what was recorded since was judged by it: adopt a rulebook again, from whatever day, and it follows at once", "/data/event");
        break;
    case KIND_territory_set:
        problem_add(p, "whether an address lies within was told under it: set_territory again, and correct the addresses told meanwhile", "/data/event");
        break;
    case KIND_import_noted:
        problem_add(p, "it says which events an import made: undo the import (parcoursctl import undo)", "/data/event");
        break;
    default:
        return false;
    }
    out->refusal = REFUSED_state;
    return true;
}

/* A stream whose opening is taken out was opened by mistake: nothing else may stand there, nor elsewhere name it. */
static bool refuse_without_opening(struct desk *d, struct lot *lot, const struct draft *w, const struct event *const *standing, uint32_t count,
                                   struct outcome *out)
{
    for (uint32_t i = 0; i < count; i++)
        if (standing[i]->kind->states & IN(nobody))
            return false;
    for (uint32_t i = 0; i < count && i < UNFOUNDED_LISTED_MAX; i++)
        out->unfounded[out->unfounded_count++] = standing[i]->seq;
    if (count == 0 && !list_namers(d, lot, w->fold.stream, out))
        return true;
    if (out->unfounded_count) {
        out->refusal = REFUSED_unfounded;
        problem_add(&out->problems, "it opens what these are about: correct them or take them out first", "/data/event");
    }
    return out->unfounded_count > 0;
}

/* The same values again from the day on which they came into force: it is so already, and the answer is that of their adoption. */
static bool in_force_already(struct desk *d, struct lot *lot, const struct event *e, struct outcome *out)
{
    const struct rulebook_adopted *a = e->data;
    const struct rulebook *now = rulebook_on(atomic_load(&d->books), (int32_t)a->from_day, UINT64_MAX);
    struct rulebook *again = ARENA_ARRAY(&d->arena, struct rulebook, 1);
    struct problems none = { .count = 0 };
    struct event adoption;
    if (!now || now->from_day != a->from_day || rulebook_read(&d->arena, a->values, again, &none) != 0 || !rulebook_same(now, again) ||
        !record_is(d, lot, (int64_t)now->seq, &adoption))
        return false;
    out->refusal = REFUSED_repeated;
    out->seq = adoption.seq;
    out->version = adoption.version;
    out->stream = 0;
    out->type = STREAM_plie;
    return true;
}

bool judge_outside(struct desk *d, struct lot *lot, struct draft *w, const struct event *e, const struct command *c, struct outcome *out)
{
    struct event about;
    struct card card;
    const struct event **events;
    uint32_t count;
    if (e->kind->number == KIND_rulebook_adopted && in_force_already(d, lot, e, out))
        return false;
    if (e->kind->nature != META) {
        bool closed = w->fold.version > 0 && w->fold.card.opened_on == DAY_NONE;
        if (closed) {
            out->refusal = REFUSED_state;
            problem_add(&out->problems, "its opening was taken out; voiding that restores it", "/%s", stream_name(w->fold.type));
        }
        return !closed;
    }
    if (!record_is(d, lot, meta_target(e), &about) || refuse_fixed(&about, out))
        return false;
    if (!events_again(d, lot, w->fold.stream, e, &events, &count))
        return false;
    count = parcours_standing(&d->scratch, events, count, INT32_MAX, INT64_MAX, &events);
    card_fold(&card, events, count);
    if (refuse_without_opening(d, lot, w, events, count, out))
        return false;
    bool copied = w->fold.type == STREAM_session || w->fold.type == STREAM_operation;
    if (copied && !follow_copies(d, lot, w, e, c, out))
        return false;
    w->fold.card = card;
    return true;
}
