/* The cache: a hash table of folds with the least recently used ones let go. */
#include "folds.h"

#include <stdlib.h>
#include <string.h>

#include "../events/failure.h"

#define SLOTS 65536     /* heads of chains; a power of two */
#define FOLD_ARENA_BYTES (512u << 20)

struct entry {
    struct fold fold;
    size_t bytes;
    struct entry *chain, *newer, *older;
};

struct folds {
    struct entry *slots[SLOTS];
    struct entry *newest, *oldest;
    size_t bytes, bytes_max;
    struct arena arena;
};

struct folds *folds_new(size_t bytes_max)
{
    struct folds *f = calloc(1, sizeof(*f));
    if (!f)
        abort();
    f->bytes_max = bytes_max;
    arena_init(&f->arena, FOLD_ARENA_BYTES);
    return f;
}

static struct entry **slot_of(struct folds *f, uint64_t stream)
{
    return &f->slots[(stream * 0x9e3779b97f4a7c15u) >> 48 & (SLOTS - 1)];
}

static void unlink_age(struct folds *f, struct entry *e)
{
    *(e->newer ? &e->newer->older : &f->newest) = e->older;
    *(e->older ? &e->older->newer : &f->oldest) = e->newer;
    e->newer = e->older = NULL;
}

static void link_newest(struct folds *f, struct entry *e)
{
    e->older = f->newest;
    e->newer = NULL;
    *(f->newest ? &f->newest->newer : &f->oldest) = e;
    f->newest = e;
}

static void drop(struct folds *f, struct entry *e)
{
    struct entry **at = slot_of(f, e->fold.stream);
    while (*at != e)
        at = &(*at)->chain;
    *at = e->chain;
    unlink_age(f, e);
    f->bytes -= e->bytes;
    free(e->fold.packed);
    free(e);
}

void folds_forget(struct folds *f)
{
    while (f->oldest)
        drop(f, f->oldest);
}

void folds_free(struct folds *f)
{
    if (!f)
        return;
    folds_forget(f);
    arena_free(&f->arena);
    free(f);
}

static struct entry *find(struct folds *f, uint64_t stream)
{
    struct entry *e = *slot_of(f, stream);
    while (e && e->fold.stream != stream)
        e = e->chain;
    return e;
}

void folds_put(struct folds *f, const struct fold *fold, const struct parcours *p)
{
    struct entry *e = find(f, fold->stream);
    if (!e) {
        e = calloc(1, sizeof(*e));
        if (!e)
            abort();
        struct entry **slot = slot_of(f, fold->stream);
        e->chain = *slot;
        *slot = e;
    } else {
        unlink_age(f, e);
        f->bytes -= e->bytes;
        free(e->fold.packed);
    }
    e->fold = *fold;
    e->fold.packed = p ? parcours_pack(p) : NULL;
    e->bytes = sizeof(*e) + (p ? packed_bytes(e->fold.packed) : 0);
    f->bytes += e->bytes;
    link_newest(f, e);
    while (f->bytes > f->bytes_max && f->oldest != e)
        drop(f, f->oldest);
}

/* ---- from the log ---- */
struct loading {
    struct arena *arena;
    const struct key *key;
    const struct event **events;
    uint32_t count;
    struct text last;           /* the last record, in the arena */
    uint64_t bytes;
};

static bool load_one(struct loading *l, struct store_txn *log, uint64_t seq)
{
    struct text record;
    struct event *e = ARENA_ARRAY(l->arena, struct event, 1);
    if (!log_record(log, seq, &record))
        return false;
    l->bytes += record.bytes;
    /* Copied: a view into the map would not outlive the next write of the same transaction. */
    l->last = arena_text(l->arena, record.at, record.bytes);
    l->events[l->count++] = e;
    return record_read(l->arena, l->last, l->key, e, NULL);
}

static int load(struct loading *l, struct store_txn *log, struct store_txn *views, uint64_t stream, uint64_t after)
{
    uint64_t version = views_stream_version(views, stream);
    if (version > EVENTS_OF_STREAM_MAX)
        return failure_say(FAIL_TOO_LARGE, "a stream of %llu events", (unsigned long long)version);
    uint32_t room = version > after ? (uint32_t)(version - after) : 0;
    uint64_t *seqs = ARENA_ARRAY(l->arena, uint64_t, room + 1);
    uint32_t n = views_stream_after(views, stream, after, seqs, room);
    l->events = ARENA_ARRAY(l->arena, const struct event *, n + 1);
    for (uint32_t i = 0; i < n; i++)
        if (!load_one(l, log, seqs[i]))
            return failure_say(FAIL_DAMAGED, "record %llu cannot be read", (unsigned long long)seqs[i]);
    return 0;
}

int stream_events(struct arena *arena, struct store_txn *log, struct store_txn *views, uint64_t stream, const struct key *key,
                  const struct event ***ret, uint32_t *ret_count)
{
    return stream_events_after(arena, log, views, stream, 0, key, ret, ret_count);
}

int stream_events_after(struct arena *arena, struct store_txn *log, struct store_txn *views, uint64_t stream, uint64_t version,
                        const struct key *key, const struct event ***ret, uint32_t *ret_count)
{
    struct loading l = { .arena = arena, .key = key };
    int f = load(&l, log, views, stream, version);
    *ret = l.events;
    *ret_count = f ? 0 : l.count;
    return f;
}

void fold_ends(struct fold *f, const struct event *last)
{
    f->last = last ? (struct event){ .on = last->on, .kind = last->kind, .after = last->after, .seq = last->seq } : (struct event){ .on = DAY_NONE };
}

const struct fold *folds_get(struct folds *f, struct store_txn *log, struct store_txn *views, uint64_t stream, const struct rulebooks *books)
{
    struct entry *e = find(f, stream);
    if (e) {
        unlink_age(f, e);
        link_newest(f, e);
        return &e->fold;
    }
    arena_reset(&f->arena);
    struct loading l = { .arena = &f->arena };
    if (load(&l, log, views, stream, 0) != 0 || l.count == 0)
        return NULL;
    struct fold fold = { .stream = stream, .version = l.count, .type = l.events[0]->kind->stream, .head = record_leaf(l.last),
                         .last_seq = l.events[l.count - 1]->seq, .bytes = l.bytes, .last = { .on = DAY_NONE } };
    if (fold.type != STREAM_participant) {
        const struct event **standing;
        uint32_t n = parcours_standing(&f->arena, l.events, l.count, INT32_MAX, INT64_MAX, &standing);
        card_fold(&fold.card, standing, n);
        folds_put(f, &fold, NULL);
        return &f->newest->fold;
    }
    struct parcours p;
    fold_ends(&fold, parcours_fold(&p, &f->arena, stream, l.events, l.count, INT32_MAX, INT64_MAX, books));
    folds_put(f, &fold, &p);
    return &f->newest->fold;
}
