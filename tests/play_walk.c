/* The dossiers of a scenario, for figures and reports. */
#include "../events/days.h"
#include "play.h"

#define DAY_MS 86400000ll

bool play_known(struct play *p, const struct line *l, struct period *period)
{
    int32_t known_at;
    if (!play_day_of(p, l, "as_of", INT32_MAX, &period->as_of) || !play_day_of(p, l, "known_at", DAY_NONE, &known_at))
        return false;
    period->known_at = known_at == DAY_NONE ? INT64_MAX : (known_at + 1ll) * DAY_MS - 1;
    return true;
}

bool play_walk(struct play *p, uint32_t walks, const struct period *period, play_look *look, void *context)
{
    if (!play_ready(p))
        return false;
    struct dossier d = { .period = *period, .books = play_books(p, period->known_at) };
    for (uint64_t stream = 0; stream < p->desk->position.streams; stream++) {
        uint32_t count;
        const struct fold *f = play_fold(p, stream);
        if (!f || !(walks >> f->type & 1))
            continue;
        const struct event **events = play_events(p, stream, &count);
        if (!events)
            return false;
        dossier_fold(&d, &p->scratch, events, count);
        look(context, &d);
    }
    return true;
}

static void look(void *context, const struct dossier *d)
{
    figures_look(context, d);
}

/* A figure that the mutation empties is looked at by nobody. */
struct measuring *play_measure(struct play *p, struct figures_asked *a)
{
    struct measuring *m = ARENA_ARRAY(&p->scratch, struct measuring, 1);
    if (!play_ready(p))
        return NULL;
    a->books = play_books(p, a->period.known_at);
    figures_begin(m, &p->scratch, a);
    for (unsigned i = 0; i < m->count; i++)
        if (m->at[i].figure == p->tweak->figure)
            return m;
    return play_walk(p, figures_walks(m), &a->period, look, m) ? m : NULL;
}
