/* From the events of a stream, as recorded, to those that stand, in the order of the fold; and the fold itself.
 * Corrections and voids are read from the last to the first, so that voiding a correction restores what was. A correction that
 * follows that of another stream (`from`) gives what is copied from there, and nothing else.
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

static struct event *with_content(struct arena *arena, const struct event *original, const struct content *content)
{
    struct event *e = arena_copy(arena, original, sizeof(*original));
    e->on = content->on;
    e->data = content->data;
    return e;
}

/* What was copied anew, where it was copied from the same stream. */
static const struct event *with_copies(struct arena *arena, const struct event *original, const struct content *content)
{
    struct event *e = arena_copy(arena, original, sizeof(*original));
    e->data = arena_copy(arena, original->data, e->kind->data_bytes);
    for (unsigned i = 0; i < e->kind->field_count; i++) {
        const struct field *f = &e->kind->fields[i];
        enum stream_type type = copied_from(f->presence);
        if (type != STREAM_TYPES && stream_named(e->kind, e->data, type) == stream_named(e->kind, content->data, type))
            *field_number(f, e->data) = *field_number(f, content->data);
    }
    return e;
}

static const struct event *corrected(struct arena *arena, const struct event *original, const struct event *correction, const struct event *copies)
{
    if (correction) {
        struct event *e = with_content(arena, original, ((const struct event_corrected *)correction->data)->content);
        e->told = correction->seq;
        original = e;
    }
    /* A later correction was given what is to be copied by then. */
    return copies && (!correction || correction->seq < copies->seq) ? with_copies(arena, original, ((const struct event_corrected *)copies->data)->content) : original;
}

/* They are read from the last to the first. */
static void keep_last(const struct event **at, const struct event *e)
{
    if (!*at)
        *at = e;
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

/* The event of its stream that a field of `e` names; NULL when the field does not, or that one does not stand. `stands` is as
 * `events`, NULL for those that do not. */
static const struct event *named_by(const struct event *e, const struct field *field, const struct event *const *events,
                                    const struct event *const *stands, uint32_t count)
{
    int64_t named = field->type == TYPE_EVENT ? *field_number(field, e->data) : ABSENT;
    uint32_t at = named == ABSENT ? count : index_of(events, count, named);
    return at < count ? stands[at] : NULL;
}

/* What names an event that comes after it, as both stand, is copied and says so. Nobody who is judged as the last one can do
 * so: what it names was known before. */
static const struct event *with_order(struct arena *arena, const struct event *e, const struct event *const *events,
                                      const struct event *const *stands, uint32_t count)
{
    const struct event *later = NULL;
    bool later_day = false;
    for (unsigned f = 0; f < e->kind->field_count; f++) {
        const struct event *named = named_by(e, &e->kind->fields[f], events, stands, count);
        later = named && event_compare(e, named) < 0 ? named : later;
        later_day = later_day || (named && e->on < named->on);
    }
    if (!later && !later_day)
        return e;
    struct event *copy = arena_copy(arena, e, sizeof(*copy));
    copy->names_later = later;
    copy->names_later_day = later_day;
    return copy;
}

uint32_t parcours_standing(struct arena *arena, const struct event *const *events, uint32_t count, int32_t as_of,
                           int64_t known_at, const struct event ***ret)
{
    bool *gone = ARENA_ARRAY(arena, bool, count + 1);
    const struct event **correction = ARENA_ARRAY(arena, const struct event *, count + 1);
    const struct event **copies = ARENA_ARRAY(arena, const struct event *, count + 1);
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
        else if (events[target]->kind == ((const struct event_corrected *)events[i]->data)->content->kind)
            keep_last(events[i]->from ? &copies[target] : &correction[target], events[i]);
    }
    bool merged = is_merged(events, gone, count, known_at);
    for (uint32_t i = 0; i < count; i++) {
        const struct event *e = events[i];
        if (gone[i] || e->kind->nature == META || e->recorded_ms > known_at || (merged && !outlives_merge(e->kind)))
            continue;
        e = corrected(arena, e, correction[i], copies[i]);
        if (e->on <= as_of || e->kind->number == KIND_participant_merged)
            stands[i] = e;
    }
    n = 0;
    for (uint32_t i = 0; i < count; i++)
        if (stands[i])
            standing[n++] = with_order(arena, stands[i], events, stands, count);
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
