#include "difference.h"

#include <stdlib.h>
#include <string.h>

#define WEIGHING_BYTES (512u << 20)

static const struct figure *figure_asked(const struct figures_asked *a)
{
    unsigned i = 0;
    while (!a->only[i])
        i++;
    return &figures[i];
}

void difference_begin(struct difference *x, struct arena *arena, const struct figures_asked *asked, const struct knowing *before, const struct knowing *after)
{
    uint32_t wanted = asked->detail, skip = asked->skip;
    *x = (struct difference){ .asked = *asked, .before = *before, .after = *after, .wanted = wanted, .skip = skip, .arena = arena };
    x->asked.detail = UINT32_MAX;
    x->asked.skip = 0;
    x->shape = ARENA_ARRAY(arena, struct measuring, 1);
    figures_begin(x->shape, arena, &x->asked);
    x->before.whole = x->after.whole = x->shape->at[0].whole;
    arena_init(&x->weighing, WEIGHING_BYTES);
}

void difference_end(struct difference *x)
{
    arena_free(&x->weighing);
}

uint32_t difference_walks(const struct difference *x)
{
    return figure_asked(&x->asked)->walks;
}

bool difference_explained(const struct difference *x)
{
    return x->moved.numerator == x->after.whole.numerator - x->before.whole.numerator &&
           x->moved.denominator == x->after.whole.denominator - x->before.whole.denominator;
}

/* ---- one stream, as known at an instant ---- */
static int by_content(const void *a, const void *b)
{
    const struct contribution *x = a, *y = b;
    const int64_t one[] = { (int64_t)x->seq, x->day, x->group.tally.numerator, x->group.tally.denominator };
    const int64_t other[] = { (int64_t)y->seq, y->day, y->group.tally.numerator, y->group.tally.denominator };
    for (unsigned i = 0; i < sizeof(one) / sizeof(one[0]); i++)
        if (one[i] != other[i])
            return one[i] < other[i] ? -1 : 1;
    int order = group_keys_compare(&x->group.key[0], &y->group.key[0]);
    return order ? order : group_keys_compare(&x->group.key[1], &y->group.key[1]);
}

/* Its contributions, in an order of their own. */
static const struct measuring *contributions(const struct difference *x, struct arena *arena, const struct event *const *events, uint32_t count,
                                             const struct knowing *k)
{
    struct measuring *m = ARENA_ARRAY(arena, struct measuring, 1);
    struct figures_asked asked = x->asked;
    struct dossier d = { .period = x->asked.period, .books = k->books };
    asked.books = k->books;
    d.period.known_at = k->at;
    figures_begin(m, arena, &asked);
    if (count == 0)
        return m;
    dossier_fold(&d, arena, events, count);
    figures_look(m, &d);
    if (m->detail_count)
        qsort(m->details, m->detail_count, sizeof(*m->details), by_content);
    return m;
}

static bool same(const struct measuring *a, const struct measuring *b)
{
    bool same = a->detail_count == b->detail_count;
    for (uint32_t i = 0; same && i < a->detail_count; i++)
        same = by_content(&a->details[i], &b->details[i]) == 0;
    return same;
}

/* ---- what went and what came ---- */
static struct contribution kept(struct arena *arena, const struct contribution *c)
{
    struct contribution copy = *c;
    for (unsigned b = 0; b < BY_MAX; b++)
        if (copy.group.key[b].text.at)
            copy.group.key[b].text = arena_text(arena, copy.group.key[b].text.at, copy.group.key[b].text.bytes);
    return copy;
}

/* Those of `from` that `other` has not, both being in order. */
static struct contribution *less(struct arena *arena, const struct measuring *from, const struct measuring *other, uint32_t *ret_count)
{
    struct contribution *left = ARENA_ARRAY(arena, struct contribution, from->detail_count + 1);
    uint32_t n = 0, k = 0;
    for (uint32_t i = 0; i < from->detail_count; i++) {
        int order = -1;
        while (k < other->detail_count && (order = by_content(&from->details[i], &other->details[k])) > 0)
            k++;
        if (k < other->detail_count && order == 0)
            k++;
        else
            left[n++] = kept(arena, &from->details[i]);
    }
    *ret_count = n;
    return left;
}

/* ---- because of what ---- */
static bool between(const struct difference *x, const struct event *e)
{
    return e->recorded_ms > x->before.at && e->recorded_ms <= x->after.at;
}

static bool same_without(struct difference *x, const struct event *const *events, uint32_t count, const bool *out, const struct measuring *after)
{
    uint32_t n = 0;
    arena_reset(&x->weighing);
    const struct event **left = ARENA_ARRAY(&x->weighing, const struct event *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        if (!out[i])
            left[n++] = events[i];
    return same(contributions(x, &x->weighing, left, n, &x->after), after);
}

/* The events at `at`, and which of all are left out. */
struct weighed {
    const struct event *const *events;
    uint32_t count, n, *at;
    bool *out, *tried;
    unsigned weighings;
};

/* Those from `from` until `end` stay out when nothing else follows from it. */
static void leave_out(struct difference *x, struct weighed *w, uint32_t from, uint32_t end, const struct measuring *after)
{
    bool some = false;
    memcpy(w->tried, w->out, w->count * sizeof(*w->out));
    for (uint32_t i = from; i < end; i++) {
        some = some || !w->tried[w->at[i]];
        w->tried[w->at[i]] = true;
    }
    if (!some || w->weighings++ >= WEIGHINGS_MAX || !same_without(x, w->events, w->count, w->tried, after))
        return;
    memcpy(w->out, w->tried, w->count * sizeof(*w->out));
}

/* All of them at once, then half by half, at last one by one; the last ones first. */
static void weigh(struct difference *x, struct weighed *w, const struct measuring *after)
{
    for (uint32_t size = w->n; size; size = size == 1 ? 0 : (size + 1) / 2)
        for (uint32_t end = w->n; end; end = end > size ? end - size : 0)
            leave_out(x, w, end > size ? end - size : 0, end, after);
}

static void find_reasons(struct difference *x, struct arena *scratch, struct change *c, const struct event *const *events, uint32_t count, const struct measuring *after)
{
    struct weighed w = { events, count, 0, ARENA_ARRAY(scratch, uint32_t, count + 1), ARENA_ARRAY(scratch, bool, count + 1), ARENA_ARRAY(scratch, bool, count + 1), 0 };
    for (uint32_t i = 0; i < count; i++)
        if (between(x, events[i]))
            w.at[w.n++] = i;
    weigh(x, &w, after);
    c->because = ARENA_ARRAY(x->arena, struct reason, w.n + 1);
    for (uint32_t i = 0; i < w.n; i++) {
        const struct event *e = events[w.at[i]];
        if (!w.out[w.at[i]])
            c->because[c->because_count++] = (struct reason){ e->seq, (uint64_t)meta_target(e), e->kind, e->on, e->recorded_ms };
    }
}

static void keep_change(struct difference *x, struct arena *scratch, const struct event *const *events, uint32_t count, const struct measuring *before,
                        const struct measuring *after)
{
    void *at = x->changes;
    if (x->all++ < x->skip || x->n >= x->wanted)
        return;
    vector_room(x->arena, &x->n, &x->room, &at, sizeof(*x->changes));
    x->changes = at;
    struct change *c = &x->changes[x->n++];
    *c = (struct change){ .type = events[0]->kind->stream, .stream = events[0]->stream };
    c->gone = less(x->arena, before, after, &c->gone_count);
    c->come = less(x->arena, after, before, &c->come_count);
    find_reasons(x, scratch, c, events, count, after);
}

static void add(struct tally *t, const struct difference *x, const struct measuring *m, int64_t times)
{
    t->numerator += times * (m->at[0].whole.numerator - x->shape->at[0].whole.numerator);
    t->denominator += times * (m->at[0].whole.denominator - x->shape->at[0].whole.denominator);
}

void difference_look(struct difference *x, struct arena *scratch, const struct event *const *events, uint32_t count)
{
    bool moved = x->before.books->count != x->after.books->count;
    for (uint32_t i = 0; i < count; i++)
        moved = moved || between(x, events[i]);
    const struct measuring *before = contributions(x, scratch, events, count, &x->before);
    const struct measuring *after = moved ? contributions(x, scratch, events, count, &x->after) : before;
    add(&x->before.whole, x, before, 1);
    add(&x->after.whole, x, after, 1);
    if (before == after || same(before, after))
        return;
    add(&x->moved, x, before, -1);
    add(&x->moved, x, after, 1);
    keep_change(x, scratch, events, count, before, after);
}
