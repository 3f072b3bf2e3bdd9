/* The desk's views: brought up to date at the start, changed under the rulebooks their rows were made under, made anew while
 * they serve. */
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "../events/failure.h"
#include "../projections/adoptions.h"
#include "../projections/portfolios.h"
#include "desk_inside.h"

#define HELD_LOOK_US 2000

/* ---- at the start ---- */
/* Rulebooks, name and territory, from the PLIE's events that the views reflect: its stream is short, and read whole. */
static int know_plie(struct desk *d)
{
    int f;
    const struct event **events;
    uint32_t count = 0;
    arena_reset(&d->arena);
    struct store_txn *views = store_read_begin(views_store(d->views), &f);
    struct store_txn *log = views ? store_read_begin(log_store(d->log), &f) : NULL;
    if (log)
        f = stream_events(&d->arena, log, views, 0, NULL, &events, &count);
    atomic_store(&d->books, ARENA_ARRAY(&d->lasting, struct rulebooks, 1));
    for (uint32_t i = 0; !f && i < count; i++)
        f = read_plie(d, events[i]);
    if (log)
        store_read_end(log);
    if (views)
        store_read_end(views);
    return f;
}

static int rows_of(struct desk *d, struct position *ret, uint64_t *ret_rulebook)
{
    int f;
    struct store_txn *views = store_read_begin(views_store(d->views), &f);
    if (!views)
        return f;
    if (!views_position(views, ret))
        f = failure_say(FAIL_DAMAGED, "the views have no position");
    *ret_rulebook = views_rulebook(views);
    store_read_end(views);
    return f;
}

/* The process died between the log's commit and the views', or left them as they were. */
static int catch_up(struct desk *d, struct filling *x, uint64_t head)
{
    uint64_t rulebook = 0;
    int f = rows_of(d, &x->position, &rulebook);
    bool behind = x->position.seq < head;
    if (!f)
        f = know_plie(d);
    x->books = adoptions_until(&d->lasting, atomic_load(&d->books), rulebook);
    if (!f && behind)
        f = filling_catch_up(x, head);
    return !f && behind ? know_plie(d) : f;
}

static int fill(struct desk *d, struct filling *x, uint64_t head)
{
    int f = filling_index(x, head);
    if (!f)
        f = know_plie(d);
    if (!f)
        f = filling_rows(x, atomic_load(&d->books));
    if (!f)
        f = views_put_in_place(d->views);
    return f ? f : views_settle(d->views);
}

int views_up_to_date(struct desk *d, bool trusted)
{
    int64_t ms;
    uint64_t head;
    struct filling x = { .log = d->log, .views = d->views, .go_on = d->options.filling, .context = d->options.context };
    int f = log_last(d->log, &head, &ms);
    d->refilled = !trusted;
    if (!f)
        f = trusted ? catch_up(d, &x, head) : fill(d, &x, head);
    d->position = x.position;
    d->row_books = x.books;
    return f;
}

/* ---- rows, while a rulebook is not in them yet ---- */
bool rows_behind(const struct desk *d)
{
    return adoptions_last(d->row_books) < adoptions_last(atomic_load(&d->books));
}

/* What is taken back must be what was put: both folds are made under the rulebooks of the rows that are there. */
int change_rows_as_they_are(struct desk *d, const struct draft *w)
{
    const struct event **stored = NULL, **events;
    uint32_t before = 0, count;
    struct parcours then, now;
    uint64_t stream = w->fold.stream;
    arena_reset(&d->scratch);
    int f = w->is_new ? 0 : stream_events(&d->scratch, d->log_txn, d->views_txn, stream, NULL, &stored, &before);
    if (f)
        return f;
    count = before;
    for (const struct pending *p = w->first; p; p = p->of_draft)
        count++;
    events = ARENA_ARRAY(&d->scratch, const struct event *, count + 1);
    if (before)
        memcpy(events, stored, before * sizeof(*events));
    count = before;
    for (const struct pending *p = w->first; p; p = p->of_draft)
        events[count++] = p->event;
    parcours_fold(&then, &d->scratch, stream, events, before, INT32_MAX, INT64_MAX, d->row_books);
    parcours_fold(&now, &d->scratch, stream, events, count, INT32_MAX, INT64_MAX, d->row_books);
    views_change(d->views_txn, &d->scratch, before ? &then : NULL, &now);
    return 0;
}

/* ---- for readers ---- */
struct views *desk_views_hold(struct desk *d)
{
    pthread_mutex_lock(&d->views_lock);
    struct views *v = d->views;
    views_hold(v);
    pthread_mutex_unlock(&d->views_lock);
    return v;
}

uint64_t desk_rulebook_pending(struct desk *d)
{
    return atomic_load(&d->rulebook_pending);
}

/* ---- made anew ---- */
static const struct rulebooks *books_of(void *desk)
{
    return desk_rulebooks(desk);
}

void desk_rebuild_begin(struct desk *d, struct rebuild *r)
{
    *r = (struct rebuild){ .directory = d->options.directory, .log = d->log, .serving = d->views, .books = books_of, .books_context = d,
                           .spares_disk = true };
}

int desk_rebuild_switch(struct desk *d, struct rebuild *r, bool *ret_done)
{
    const struct rulebooks *books = atomic_load(&d->books);
    int f = rebuild_switch(r, &d->position, books, ret_done);
    if (f || !*ret_done)
        return f;
    pthread_mutex_lock(&d->views_lock);
    d->views = r->fresh;
    pthread_mutex_unlock(&d->views_lock);
    d->row_books = books;
    atomic_store(&d->rulebook_pending, 0);
    return 0;
}

int desk_rebuild_settle(struct rebuild *r)
{
    int f = rebuild_settle(r);
    while (views_held(r->serving))
        usleep(HELD_LOOK_US);
    views_discard(r->serving);
    rebuild_drop(r);
    return f;
}

int desk_rebuild(struct desk *d, struct comparison *ret)
{
    struct rebuild r;
    bool done = false;
    int f;
    desk_rebuild_begin(d, &r);
    do {
        f = rebuild_fill(&r);
        if (!f)
            f = desk_rebuild_switch(d, &r, &done);
    } while (!f && !done);
    *ret = r.comparison;
    if (!f)
        return desk_rebuild_settle(&r);
    rebuild_drop(&r);
    return f;
}
