/* The rows of one référent's caseload, and the events of the enterprises. */
#include "elsewhere.h"

#include <stdlib.h>
#include <string.h>

#include "../events/failure.h"
#include "portfolios.h"

/* Somebody comes (by > 0) or has left, on a day. */
struct coming {
    uint64_t participant;
    int32_t day, by;
    bool begins;
};
typedef void coming_fn(void *context, const struct coming *);

static void comings_until(struct elsewhere *x, uint64_t referent, int32_t to, coming_fn *take, void *context)
{
    uint8_t first[8];
    struct text key, value;
    store_key_u64(first, referent);
    struct store_cursor *c = store_cursor(x->views, projection_table(&caseloads));
    bool more = store_seek(c, (struct text){ (const char *)first, 8 }, &key, &value);
    for (; more && memcmp(key.at, first, 8) == 0 && key_read_day(key.at + 8) <= to; more = store_next(c, &key, &value)) {
        struct caseload_row row;
        memcpy(&row, value.at, sizeof(row));
        take(context, &(struct coming){ store_key_read_u64(key.at + 12), key_read_day(key.at + 8), row.by, row.begins });
    }
    store_cursor_close(c);
}

static void add_there(void *context, const struct coming *c)
{
    *(int64_t *)context += c->by;
}

int64_t elsewhere_followed(struct elsewhere *x, uint64_t referent, int32_t on)
{
    int64_t n = 0;
    comings_until(x, referent, on, add_there, &n);
    return n;
}

/* ---- entries ---- */
struct beginnings {
    int32_t from;
    int64_t n;
};

static void add_beginning(void *context, const struct coming *c)
{
    struct beginnings *b = context;
    b->n += c->begins && c->day >= b->from;
}

int64_t elsewhere_entries(struct elsewhere *x, uint64_t referent, int32_t from, int32_t to)
{
    struct beginnings b = { from, 0 };
    comings_until(x, referent, to, add_beginning, &b);
    return b.n;
}

/* ---- people ---- */
struct comings {
    struct arena *arena;
    struct coming *at;
    uint32_t n, room;
};

static void keep_coming(void *context, const struct coming *c)
{
    struct comings *all = context;
    void *at = all->at;
    vector_room(all->arena, &all->n, &all->room, &at, sizeof(*all->at));
    all->at = at;
    all->at[all->n++] = *c;
}

static int by_person(const void *a, const void *b)
{
    const struct coming *x = a, *y = b;
    if (x->participant != y->participant)
        return x->participant < y->participant ? -1 : 1;
    return (x->day > y->day) - (x->day < y->day);
}

/* A person counts once, however often they came: whoever was there on the first day, and whoever came later. */
int64_t elsewhere_accompanied(struct elsewhere *x, uint64_t referent, int32_t from, int32_t to)
{
    int64_t n = 0;
    struct comings all = { .arena = x->scratch };
    comings_until(x, referent, to, keep_coming, &all);
    if (all.n > 1)
        qsort(all.at, all.n, sizeof(*all.at), by_person);
    for (uint32_t i = 0, next; i < all.n; i = next) {
        int32_t there = 0;
        bool came = false;
        for (next = i; next < all.n && all.at[next].participant == all.at[i].participant; next++) {
            there += all.at[next].day <= from ? all.at[next].by : 0;
            came = came || (all.at[next].day > from && all.at[next].by > 0);
        }
        n += there > 0 || came;
    }
    return n;
}

/* ---- enterprises ---- */
static void add_partnership(struct elsewhere *x, const struct event *e)
{
    const struct partnership_opened *o = e->data;
    void *at = x->partnerships;
    if (o->lasting != 1)
        return;
    vector_room(x->kept, &x->count, &x->room, &at, sizeof(*x->partnerships));
    x->partnerships = at;
    x->partnerships[x->count++] = (struct partnership){ arena_text(x->kept, o->pair.at, o->pair.bytes), o->from_day == ABSENT ? e->on : (int32_t)o->from_day };
}

/* An enterprise that cannot be read counts for nothing here; whoever asks for it is told. */
static void read_enterprise(struct elsewhere *x, uint64_t stream)
{
    const struct event **events, **standing;
    uint32_t count;
    if (stream_events(x->scratch, x->log, x->views, stream, NULL, &events, &count) != 0) {
        failure_forget();
        return;
    }
    count = parcours_standing(x->scratch, events, count, INT32_MAX, x->known_at, &standing);
    for (uint32_t i = 0; i < count; i++)
        if (standing[i]->kind->number == KIND_partnership_opened)
            add_partnership(x, standing[i]);
}

static void read_partnerships(struct elsewhere *x)
{
    uint8_t from[9] = { STREAM_enterprise };
    struct text key, value;
    struct store_cursor *c = store_cursor(x->views, TABLE_STREAMS);
    bool more = store_seek(c, (struct text){ (const char *)from, sizeof(from) }, &key, &value);
    for (; more && (uint8_t)key.at[0] == STREAM_enterprise; more = store_next(c, &key, &value))
        read_enterprise(x, store_key_read_u64(key.at + 1));
    store_cursor_close(c);
    x->read = true;
}

int64_t elsewhere_partnerships(struct elsewhere *x, struct text pair, int32_t from, int32_t to)
{
    int64_t n = 0;
    if (!x->read)
        read_partnerships(x);
    for (uint32_t i = 0; i < x->count; i++) {
        const struct partnership *p = &x->partnerships[i];
        n += text_equal(p->pair, pair) && p->from_day >= from && p->from_day <= to;
    }
    return n;
}
