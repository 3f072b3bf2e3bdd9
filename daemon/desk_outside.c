/* Streams that are not a participant's. Everything in them is a fact, which no rule judges; but an event may be corrected or taken
 * out there as anywhere, and then what the stream says is folded again. Of the PLIE's own, what every record or answer was made
 * under is not corrected afterwards: it is said anew, from a day on. */
#include <string.h>

#include "desk_inside.h"

static const struct {
    uint16_t kind;
    const char *why;
} fixed[] = {
    { KIND_plie_created, "the opening of the log is what every record rests on" },
    { KIND_rulebook_adopted, "what was recorded since was judged by it: adopt a rulebook again, from whatever day, and it follows at once" },
    { KIND_territory_set, "whether an address lies within was told under it: set_territory again, and correct the addresses told meanwhile" },
    { KIND_import_noted, "it says which events an import made: undo the import (parcoursctl import undo)" },
};

static bool refuse_fixed(const struct event *about, struct outcome *out)
{
    for (unsigned i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        if (about->kind->number == fixed[i].kind) {
            out->refusal = REFUSED_state;
            problem_add(&out->problems, fixed[i].why, "/data/event");
            return true;
        }
    return false;
}

static uint32_t standing_anew(struct desk *d, struct lot *lot, const struct draft *w, const struct event *e, const struct event ***ret)
{
    const struct event **events;
    uint32_t count;
    if (!events_anew(d, lot, w->fold.stream, e, &events, &count))
        return 0;
    return parcours_standing(&d->scratch, events, count, INT32_MAX, INT64_MAX, ret);
}

/* A stream whose opening is taken out was opened by mistake: nothing else may stand there. */
static bool refuse_without_opening(const struct event *const *standing, uint32_t count, struct outcome *out)
{
    for (uint32_t i = 0; i < count; i++)
        if (standing[i]->kind->states & IN(nobody))
            return false;
    for (uint32_t i = 0; i < count && i < UNFOUNDED_LISTED_MAX; i++)
        out->unfounded[out->unfounded_count++] = standing[i]->seq;
    if (count) {
        out->refusal = REFUSED_unfounded;
        problem_add(&out->problems, "it opens what the others are about: take these out first", "/data/event");
    }
    return count > 0;
}

bool judge_outside(struct desk *d, struct lot *lot, struct draft *w, const struct event *e, struct outcome *out)
{
    struct event about;
    const struct event **standing;
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
    uint32_t count = standing_anew(d, lot, w, e, &standing);
    if (d->failure || refuse_without_opening(standing, count, out))
        return false;
    card_fold(&w->fold.card, standing, count);
    return true;
}
