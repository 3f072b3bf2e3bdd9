#include "refold.h"

#include <stdlib.h>
#include <string.h>

#define REFOLD_ARENA_BYTES (512u << 20)
#define LANDINGS_MAX 32         /* folds kept of one file */
#define EVENTS_APART_MIN 32     /* between two of them: packing one costs about as much as some events */

/* What tells two standing events apart: the same event, uncorrected or corrected alike, in the same place. */
struct print {
    uint64_t seq;
    const void *data;           /* as long as it lives, no other has its address; NULL: made for one fold, and equal to nothing */
    const void *names_later;    /* the data of the one it names */
    int32_t on;
    bool names_later_day;
};
struct landing {
    uint32_t after;             /* so many of the events that stood */
    struct packed *packed;
};

struct refold {
    uint64_t stream;
    struct arena arena;         /* of `events` */
    const struct event **events;
    uint32_t count, room;
    /* of the last fold; the first `logged` are of events that the log holds, and whose data is in the arena */
    const struct rulebooks *books;
    struct print *prints;
    uint32_t print_count, print_room, logged;
    struct landing landings[LANDINGS_MAX];
    uint32_t landing_count;
};

struct refold *refold_new(void)
{
    struct refold *r = calloc(1, sizeof(*r));
    if (!r)
        abort();
    arena_init(&r->arena, REFOLD_ARENA_BYTES);
    return r;
}

static void drop_landings(struct refold *r, uint32_t beyond)
{
    while (r->landing_count && r->landings[r->landing_count - 1].after > beyond)
        free(r->landings[--r->landing_count].packed);
}

void refold_forget(struct refold *r)
{
    drop_landings(r, 0);
    arena_reset(&r->arena);
    r->count = r->print_count = r->logged = 0;
    r->stream = 0;
    r->books = NULL;
}

void refold_forget_judged(struct refold *r)
{
    drop_landings(r, r->logged);
    r->print_count = r->logged;
}

void refold_free(struct refold *r)
{
    if (!r)
        return;
    refold_forget(r);
    arena_free(&r->arena);
    free(r->events);
    free(r->prints);
    free(r);
}

/* ---- events ---- */
static void *grown(void *at, uint32_t *room, uint32_t wanted, size_t each_bytes)
{
    if (wanted <= *room)
        return at;
    *room = wanted > *room * 2 ? wanted : *room * 2;
    at = realloc(at, *room * each_bytes);
    if (!at)
        abort();    /* the kernel is out of memory: nothing sensible is left to do, and the log is safe */
    return at;
}

int refold_events(struct refold *r, struct store_txn *log, struct store_txn *views, uint64_t stream, const struct event *const **ret, uint32_t *ret_count)
{
    const struct event **more;
    uint32_t n;
    if (r->stream != stream)
        refold_forget(r);
    r->stream = stream;
    int f = stream_events_after(&r->arena, log, views, stream, r->count, NULL, &more, &n);
    if (f)
        return f;
    r->events = grown(r->events, &r->room, r->count + n + 1, sizeof(*r->events));
    memcpy(r->events + r->count, more, n * sizeof(*more));
    *ret_count = r->count += n;
    *ret = r->events;
    return 0;
}

/* ---- folding ---- */
static struct print print_of(const struct event *e, const struct arena *fold)
{
    const void *later = e->names_later ? e->names_later->data : NULL;
    bool made_here = arena_holds(fold, e->data) || (later && arena_holds(fold, later));
    return (struct print){ e->seq, made_here ? NULL : e->data, later, e->on, e->names_later_day };
}

/* How many of the first ones stood as they do now. */
static uint32_t unchanged(const struct refold *r, const struct arena *fold, const struct event *const *standing, uint32_t n)
{
    uint32_t same = 0;
    for (; same < n && same < r->print_count; same++) {
        const struct print was = r->prints[same], is = print_of(standing[same], fold);
        if (!is.data || was.seq != is.seq || was.data != is.data || was.on != is.on || was.names_later != is.names_later ||
            was.names_later_day != is.names_later_day)
            break;
    }
    return same;
}

static void remember(struct refold *r, const struct arena *fold, const struct event *const *standing, uint32_t from, uint32_t n)
{
    r->prints = grown(r->prints, &r->print_room, n + 1, sizeof(*r->prints));
    for (uint32_t i = from; i < n; i++)
        r->prints[i] = print_of(standing[i], fold);
    r->print_count = n;
    r->logged = from < r->logged ? from : r->logged;
    while (r->logged < n && arena_holds(&r->arena, r->prints[r->logged].data))
        r->logged++;
}

static void land(struct refold *r, const struct parcours *p, uint32_t after, uint32_t apart)
{
    uint32_t last = r->landing_count ? r->landings[r->landing_count - 1].after : 0;
    if (after >= last + apart && r->landing_count < LANDINGS_MAX)
        r->landings[r->landing_count++] = (struct landing){ after, parcours_pack(p) };
}

const struct event *refold_fold(struct refold *r, struct parcours *p, struct arena *arena, const struct event *const *events, uint32_t count,
                                const struct rulebooks *books)
{
    const struct event **standing;
    uint32_t n = parcours_standing(arena, events, count, INT32_MAX, INT64_MAX, &standing);
    uint32_t same = r->books == books ? unchanged(r, arena, standing, n) : 0, apart = n / LANDINGS_MAX + 1, from = 0;
    drop_landings(r, same);
    r->books = books;
    remember(r, arena, standing, same, n);
    if (apart < EVENTS_APART_MIN)
        apart = EVENTS_APART_MIN;
    if (r->landing_count) {
        from = r->landings[r->landing_count - 1].after;
        parcours_unpack(p, arena, r->landings[r->landing_count - 1].packed);
    } else {
        parcours_begin(p, arena, r->stream);
    }
    for (uint32_t i = from; i < n; i++) {
        parcours_step(p, standing[i], books);
        land(r, p, i + 1, apart);
    }
    for (uint32_t i = 0; i < count; i++)
        p->version = events[i]->version;
    return n ? standing[n - 1] : NULL;
}
