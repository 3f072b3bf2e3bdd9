/* Reading many streams for one answer. Each is folded in an arena of its own, given back before the next: the arena of the
 * request would otherwise grow with the PLIE. */
#include "../events/failure.h"
#include "answers.h"
#include "service.h"

bool call_moment(struct call *call, struct moment *ret)
{
    *ret = NOW;
    return call_day(call, "as_of", &ret->as_of) && call_instant(call, "known_at", &ret->known_at);
}

bool moment_is_now(struct moment m)
{
    return m.as_of == INT32_MAX && m.known_at == INT64_MAX;
}

void streams_add(struct call *call, struct streams *s, uint64_t stream)
{
    void *at = s->at;
    vector_room(call->arena, &s->n, &s->room, &at, sizeof(*s->at));
    s->at = at;
    s->at[s->n++] = stream;
}

struct streams streams_of(struct call *call, enum stream_type type)
{
    uint8_t from[9] = { (uint8_t)type };
    struct text key, value;
    struct streams s = { NULL, 0, 0 };
    struct store_cursor *c = store_cursor(call->views, TABLE_STREAMS);
    bool more = store_seek(c, (struct text){ (const char *)from, sizeof(from) }, &key, &value);
    for (; more && (uint8_t)key.at[0] == type; more = store_next(c, &key, &value))
        streams_add(call, &s, store_key_read_u64(key.at + 1));
    store_cursor_close(c);
    return s;
}

static bool refuse_unreadable(struct call *call)
{
    failure_forget();
    call_refuse(call, REFUSED_outcome, NULL, NULL);
    return false;
}

uint32_t events_until(const struct event *const *events, uint32_t count, uint64_t seq)
{
    while (count && events[count - 1]->seq > seq)
        count--;
    return count;
}

/* Like parcours_fold, but the standing events are handed on, too. */
static const struct event **fold_standing(struct call *call, struct arena *arena, uint64_t stream, struct moment m, struct parcours *p, uint32_t *ret_count)
{
    const struct event **events, **standing;
    uint32_t count;
    if (stream_events(arena, call->log, call->views, stream, NULL, &events, &count) != 0)
        return NULL;
    count = events_until(events, count, call->position.seq);
    *ret_count = parcours_standing(arena, events, count, m.as_of, m.known_at, &standing);
    parcours_begin(p, arena, stream);
    for (uint32_t i = 0; i < *ret_count; i++)
        parcours_step(p, standing[i], call->books);
    return standing;
}

bool walk_participants(struct call *call, const struct streams *streams, struct moment m, visit_fn *visit, void *context)
{
    struct arena scratch;
    bool good = true, more = true, wanted = true;
    uint32_t events = 0;
    arena_init(&scratch, REQUEST_ARENA_BYTES);
    call_know(call, m.known_at);
    for (uint32_t i = 0; good && more && wanted && i < streams->n; i++) {
        struct parcours p;
        uint32_t count;
        arena_reset(&scratch);
        const struct event **standing = fold_standing(call, &scratch, streams->at[i], m, &p, &count);
        good = standing != NULL;
        more = good && visit(context, &p, standing, count);
        events += good ? count + 1 : 0;
        if (events >= CHUNK_EVENTS) {
            events = 0;
            wanted = call_go_on(call);
        }
    }
    arena_free(&scratch);
    return wanted && (good || refuse_unreadable(call));
}

bool call_card(struct call *call, struct arena *arena, uint64_t stream, enum stream_type type, struct moment m, struct card *ret,
               const struct event ***ret_standing, uint32_t *ret_count)
{
    const struct event **events;
    uint32_t count;
    if (stream_events(arena, call->log, call->views, stream, NULL, &events, &count) != 0)
        return refuse_unreadable(call);
    count = events_until(events, count, call->position.seq);
    if (count == 0 || events[0]->kind->stream != type) {
        call_refuse(call, REFUSED_unknown, NULL, NULL);
        return false;
    }
    *ret_count = parcours_standing(arena, events, count, m.as_of, m.known_at, ret_standing);
    card_fold(ret, *ret_standing, *ret_count);
    return true;
}
