#include "dossiers.h"

#include "../events/failure.h"
#include "service.h"

bool call_period_known(struct call *call, struct period *p)
{
    struct moment m;
    if (!call_moment(call, &m))
        return false;
    p->as_of = m.as_of;
    p->known_at = m.known_at;
    return p->from <= p->to || call_refuse_parameter(call, "to", "the period ends before it begins");
}

/* Events after the answer's position are passed over: the stores may have gone on since. */
static bool walk_type(struct call *call, struct arena *scratch, enum stream_type type, bool open, stream_look *look, void *context)
{
    struct streams streams = streams_of(call, type);
    uint32_t looked = 0;
    for (uint32_t i = 0; i < streams.n; i++) {
        const struct event **events;
        uint32_t count;
        struct key key;
        arena_reset(scratch);
        bool opened = open && vault_key(desk_vault(call->service->desk), streams.at[i], &key) == 0;
        if (stream_events(scratch, call->log, call->views, streams.at[i], opened ? &key : NULL, &events, &count) != 0) {
            failure_forget();
            call_refuse(call, REFUSED_outcome, NULL, NULL);
            return false;
        }
        count = events_until(events, count, call->position.seq);
        if (count == 0)
            continue;
        look(context, scratch, events, count);
        looked += count + 1;
        if (looked >= CHUNK_EVENTS && !call_go_on(call))
            return false;
        looked %= CHUNK_EVENTS;
    }
    return true;
}

static bool walk(struct call *call, uint32_t walks, uint32_t opens, stream_look *look, void *context)
{
    struct arena scratch;
    bool good = true;
    arena_init(&scratch, REQUEST_ARENA_BYTES);
    for (unsigned type = 0; good && type < STREAM_TYPES; type++)
        if (walks >> type & 1)
            good = walk_type(call, &scratch, (enum stream_type)type, opens >> type & 1, look, context);
    arena_free(&scratch);
    failure_forget();           /* a key that was destroyed is no failure here */
    return good;
}

bool walk_streams(struct call *call, uint32_t walks, stream_look *look, void *context)
{
    return walk(call, walks, 0, look, context);
}

struct folding {
    struct dossier dossier;
    dossier_look *look;
    void *context;
};

static void fold(void *context, struct arena *scratch, const struct event *const *events, uint32_t count)
{
    struct folding *f = context;
    dossier_fold(&f->dossier, scratch, events, count);
    f->look(f->context, &f->dossier);
}

bool walk_dossiers_opened(struct call *call, uint32_t walks, uint32_t opens, const struct period *period, dossier_look *look, void *context)
{
    struct folding f = { { .period = *period, .books = call->books }, look, context };
    return walk(call, walks, opens, fold, &f);
}

bool walk_dossiers(struct call *call, uint32_t walks, const struct period *period, dossier_look *look, void *context)
{
    return walk_dossiers_opened(call, walks, 0, period, look, context);
}

void period_json(struct call *call, const struct period *p)
{
    char instant[INSTANT_TEXT_BYTES];
    struct json_out *out = call->out;
    json_key(out, "from"), json_day(out, p->from);
    json_key(out, "to"), json_day(out, p->to);
    if (p->as_of != INT32_MAX)
        json_key(out, "as_of"), json_day(out, p->as_of);
    if (p->known_at != INT64_MAX)
        json_key(out, "known_at"), json_string(out, instant_print(p->known_at, instant));
}
