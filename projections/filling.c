#include "filling.h"

#include "../events/failure.h"
#include "adoptions.h"
#include "folds.h"

#define INDEX_CHUNK 32768       /* records */
#define ROWS_CHUNK 32768        /* events folded */
#define CATCH_UP_CHUNK 4096     /* records */
#define RECORD_ARENA_BYTES (RECORD_BYTES_MAX * 4)
#define STREAM_ARENA_BYTES (512u << 20)

/* A chunk: what is read and written between two commits. */
struct chunk {
    struct filling *filling;
    struct store_txn *log, *views;
    struct arena arena;
    uint64_t from, until;       /* seqs */
    int failure;
};

static int chunk_begin(struct chunk *c, struct filling *f, size_t arena_bytes)
{
    *c = (struct chunk){ .filling = f };
    c->log = store_read_begin(log_store(f->log), &c->failure);
    if (!c->log)
        return failure_say(c->failure, "read log");
    c->views = views_begin(f->views, &c->failure);
    if (!c->views) {
        store_read_end(c->log);
        return failure_say(c->failure, "write views");
    }
    arena_init(&c->arena, arena_bytes);
    return 0;
}

static int chunk_end(struct chunk *c)
{
    struct filling *f = c->filling;
    int failure = c->failure ? c->failure : store_failed(c->views);
    if (!failure && f->spares_disk && store_wants(c->views) > store_room(views_store(f->views)) / 2)
        failure = failure_say(FAIL_FULL, "fill views: the room that is left is for the log");
    arena_free(&c->arena);
    store_read_end(c->log);
    if (!failure)
        return views_commit(c->views, &f->position);
    store_abort(c->views);
    return failure;
}

static bool goes_on(struct filling *f, uint64_t done, uint64_t all)
{
    return !f->go_on || f->go_on(f->context, done, all);
}

static int stopped(void)
{
    return failure_say(FAIL_STOPPED, "fill views");
}

/* ---- the index ---- */
static bool index_one(void *context, uint64_t seq, struct text record)
{
    struct chunk *c = context;
    struct position *p = &c->filling->position;
    struct event e;
    struct fingerprint f;
    if (seq > c->until)
        return false;
    arena_reset(&c->arena);
    if (!record_read(&c->arena, record, NULL, &e, &f) || e.seq != seq) {
        c->failure = failure_say(FAIL_DAMAGED, "record %llu cannot be read", (unsigned long long)seq);
        return false;
    }
    views_note(c->views, &e, e.kind->stream, f.given ? f.id : NULL);
    p->seq = seq;
    p->leaf = record_leaf(record);
    if (e.version == 1)
        p->streams = e.stream + 1;
    return true;
}

static void index_chunk(struct chunk *c, uint64_t until)
{
    c->from = c->filling->position.seq + 1;
    c->until = until;
    log_walk(c->log, c->from, index_one, c);
    if (!c->failure && c->filling->position.seq != until)
        c->failure = failure_say(FAIL_DAMAGED, "record %llu is missing", (unsigned long long)c->filling->position.seq + 1);
}

static uint64_t chunk_until(const struct filling *f, uint64_t until, uint64_t chunk)
{
    return until - f->position.seq > chunk ? f->position.seq + chunk : until;
}

int filling_index(struct filling *f, uint64_t until_seq)
{
    int failure = 0;
    while (!failure && f->position.seq < until_seq) {
        struct chunk c;
        struct position before = f->position;
        failure = chunk_begin(&c, f, RECORD_ARENA_BYTES);
        if (failure)
            return failure;
        index_chunk(&c, chunk_until(f, until_seq, INDEX_CHUNK));
        failure = chunk_end(&c);
        if (failure)
            f->position = before;
        else if (!goes_on(f, f->position.seq, until_seq * 2))
            failure = stopped();
    }
    return failure;
}

/* ---- rows ---- */
static int begin_rows(struct filling *f, const struct rulebooks *books)
{
    struct chunk c;
    int failure = chunk_begin(&c, f, RECORD_ARENA_BYTES);
    if (failure)
        return failure;
    for (unsigned i = 0; i < projection_count; i++)
        store_empty(c.views, TABLES_FIXED + i);
    views_say_rulebook(c.views, adoptions_last(books));
    failure = chunk_end(&c);
    if (!failure)
        f->books = books;
    return failure;
}

/* Returns how many events were folded. */
static uint32_t put_stream(struct chunk *c, uint64_t stream)
{
    const struct event **events;
    struct parcours p;
    uint32_t count;
    arena_reset(&c->arena);
    c->failure = stream_events(&c->arena, c->log, c->views, stream, NULL, &events, &count);
    if (c->failure || count == 0) {
        c->failure = failure_say(FAIL_DAMAGED, "stream %llu cannot be folded", (unsigned long long)stream);
        return 0;
    }
    if (events[0]->kind->stream != STREAM_participant)
        return count;
    parcours_fold(&p, &c->arena, stream, events, count, INT32_MAX, INT64_MAX, c->filling->books);
    views_change(c->views, &c->arena, NULL, &p);
    return count;
}

int filling_rows(struct filling *f, const struct rulebooks *books)
{
    int failure = begin_rows(f, books);
    uint64_t stream = 1, streams = f->position.streams;
    while (!failure && stream < streams) {
        struct chunk c;
        uint64_t events = 0;
        failure = chunk_begin(&c, f, STREAM_ARENA_BYTES);
        if (failure)
            return failure;
        for (; stream < streams && events < ROWS_CHUNK && !c.failure; stream++)
            events += put_stream(&c, stream);
        failure = chunk_end(&c);
        if (!failure && !goes_on(f, f->position.seq + f->position.seq * stream / streams, f->position.seq * 2))
            failure = stopped();
    }
    return failure;
}

/* ---- what came since ---- */
static uint32_t count_before(const struct event *const *events, uint32_t count, uint64_t seq)
{
    while (count && events[count - 1]->seq >= seq)
        count--;
    return count;
}

/* The rows of a stream as it was before the chunk are taken back, and those of what it is now are put. */
static void put_again(struct chunk *c, uint64_t stream, const struct event *const *events, uint32_t count)
{
    struct parcours before, after;
    const struct rulebooks *books = c->filling->books;
    uint32_t known = count_before(events, count, c->from);
    parcours_fold(&before, &c->arena, stream, events, known, INT32_MAX, INT64_MAX, books);
    parcours_fold(&after, &c->arena, stream, events, count, INT32_MAX, INT64_MAX, books);
    views_change(c->views, &c->arena, known ? &before : NULL, &after);
}

/* Once a stream: at the first of its events in the chunk. */
static bool catch_one(void *context, uint64_t seq, struct text record)
{
    struct chunk *c = context;
    struct record_header h;
    const struct event **events;
    uint32_t count;
    if (seq > c->until)
        return false;
    if (!record_header(record, &h)) {
        c->failure = failure_say(FAIL_DAMAGED, "record %llu cannot be read", (unsigned long long)seq);
        return false;
    }
    if (h.stream == 0)
        return true;
    arena_reset(&c->arena);
    c->failure = stream_events(&c->arena, c->log, c->views, h.stream, NULL, &events, &count);
    if (c->failure)
        return false;
    uint32_t first = count_before(events, count, c->from);
    if (first < count && events[first]->seq == seq && events[0]->kind->stream == STREAM_participant)
        put_again(c, h.stream, events, count);
    return true;
}

int filling_catch_up(struct filling *f, uint64_t until_seq)
{
    int failure = 0;
    while (!failure && f->position.seq < until_seq) {
        struct chunk c;
        struct position before = f->position;
        failure = chunk_begin(&c, f, STREAM_ARENA_BYTES);
        if (failure)
            return failure;
        index_chunk(&c, chunk_until(f, until_seq, CATCH_UP_CHUNK));
        if (!c.failure)
            log_walk(c.log, c.from, catch_one, &c);
        failure = chunk_end(&c);
        if (failure)
            f->position = before;
        else if (!goes_on(f, f->position.seq, until_seq))
            failure = stopped();
    }
    return failure;
}
