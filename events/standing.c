/* From the events of a stream, as recorded, to those that stand, in the order of the fold; and the fold itself.
 * Corrections and voids are read from the last to the first, so that voiding a correction restores what was.
 *
 * Of a duplicate, once its merge is known, nothing stands but the merge (and an erasure), whatever the day that is looked at:
 * what was worth keeping stands in the other file, on the days it happened, and must not count twice. Voiding the merge
 * restores what was. */
#include <stdlib.h>
#include <string.h>

#include "parcours.h"

static int in_order(const void *a, const void *b)
{
    return event_compare(*(const struct event *const *)a, *(const struct event *const *)b);
}

int64_t meta_target(const struct event *e)
{
    if (e->kind->number == KIND_event_corrected)
        return ((const struct event_corrected *)e->data)->event;
    if (e->kind->number == KIND_event_voided)
        return ((const struct event_voided *)e->data)->event;
    return 0;
}

static uint32_t index_of(const struct event *const *events, uint32_t count, int64_t seq)
{
    uint32_t low = 0, high = count;     /* events are in seq order */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if ((int64_t)events[middle]->seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && (int64_t)events[low]->seq == seq ? low : count;
}

static const struct event *with_content(struct arena *arena, const struct event *original, const struct content *content)
{
    struct event *e = arena_copy(arena, original, sizeof(*original));
    e->on = content->on;
    e->data = content->data;
    return e;
}

static bool is_merged(const struct event *const *events, const bool *gone, uint32_t count, int64_t known_at)
{
    bool merged = false;
    for (uint32_t i = 0; i < count; i++)
        merged = merged || (events[i]->kind->number == KIND_participant_merged && !gone[i] && events[i]->recorded_ms <= known_at);
    return merged;
}

static bool outlives_merge(const struct kind *kind)
{
    return kind->number == KIND_participant_merged || kind->number == KIND_participant_erased;
}

/* Whether `e` names an event of its stream that, as both stand, comes after it: what ended before it began. `stands` is as
 * `events`, NULL for those that do not stand. Nobody who is judged as the last one can be: what it names was known before. */
static bool names_later(const struct event *e, const struct event *const *events, const struct event *const *stands, uint32_t count)
{
    for (unsigned f = 0; f < e->kind->field_count; f++) {
        const struct field *field = &e->kind->fields[f];
        int64_t named = field->type == TYPE_EVENT ? *field_number(field, e->data) : ABSENT;
        uint32_t at = named == ABSENT ? count : index_of(events, count, named);
        if (at < count && stands[at] && event_compare(e, stands[at]) < 0)
            return true;
    }
    return false;
}

static void mark_out_of_order(struct arena *arena, const struct event *const *events, const struct event *const *stands, uint32_t count,
                              const struct event **standing)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!stands[i])
            continue;
        if (names_later(stands[i], events, stands, count)) {
            struct event *e = arena_copy(arena, stands[i], sizeof(*e));
            e->out_of_order = true;
            standing[n] = e;
        }
        n++;
    }
}

uint32_t parcours_standing(struct arena *arena, const struct event *const *events, uint32_t count, int32_t as_of,
                           int64_t known_at, const struct event ***ret)
{
    bool *gone = ARENA_ARRAY(arena, bool, count + 1);
    const struct event **correction = ARENA_ARRAY(arena, const struct event *, count + 1);
    const struct event **standing = ARENA_ARRAY(arena, const struct event *, count + 1);
    const struct event **stands = ARENA_ARRAY(arena, const struct event *, count + 1);
    uint32_t n = 0;
    for (uint32_t i = count; i-- > 0;) {
        if (gone[i] || events[i]->recorded_ms > known_at || events[i]->kind->nature != META)
            continue;
        uint32_t target = index_of(events, i, meta_target(events[i]));
        if (target == i)
            continue;
        if (events[i]->kind->number == KIND_event_voided)
            gone[target] = true;
        else if (!correction[target] && events[target]->kind == ((const struct event_corrected *)events[i]->data)->content->kind)
            correction[target] = events[i];
    }
    bool merged = is_merged(events, gone, count, known_at);
    for (uint32_t i = 0; i < count; i++) {
        const struct event *e = events[i];
        if (gone[i] || e->kind->nature == META || e->recorded_ms > known_at || (merged && !outlives_merge(e->kind)))
            continue;
        if (correction[i])
            e = with_content(arena, e, ((const struct event_corrected *)correction[i]->data)->content);
        if (e->on <= as_of || e->kind->number == KIND_participant_merged)
            standing[n++] = stands[i] = e;
    }
    mark_out_of_order(arena, events, stands, count, standing);
    qsort(standing, n, sizeof(*standing), in_order);
    *ret = standing;
    return n;
}

const struct event *parcours_fold(struct parcours *p, struct arena *arena, uint64_t stream, const struct event *const *events, uint32_t count,
                   int32_t as_of, int64_t known_at, const struct rulebooks *books)
{
    const struct event **standing;
    uint32_t n = parcours_standing(arena, events, count, as_of, known_at, &standing);
    parcours_begin(p, arena, stream);
    for (uint32_t i = 0; i < n; i++)
        parcours_step(p, standing[i], books);
    for (uint32_t i = 0; i < count; i++)
        if (events[i]->recorded_ms <= known_at)
            p->version = events[i]->version;
    return n ? standing[n - 1] : NULL;
}
