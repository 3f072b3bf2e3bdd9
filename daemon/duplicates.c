#include "duplicates.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "../events/failure.h"
#include "../projections/views.h"
#include "answers.h"
#include "workers.h"

#define CHUNK_RECORDS 4096      /* of the log, between two looks at the stores */
#define PAIRS_STREAMS 512       /* asked under one hold of the lock */
#define PAUSE_MS 20             /* between two chunks that caught up: commits come together */
#define LOOK_MS 50              /* how often whoever waits looks whether it is still worth it */
#define READING_BYTES (512u << 20)

struct duplicates {
    struct service *service;
    struct key key;
    pthread_t thread;
    pthread_mutex_t lock;       /* of all below */
    pthread_cond_t wanted, moved;
    struct people *people;
    uint64_t position;          /* reflected */
    bool stopping;
    struct arena arena;         /* the thread's */
};

/* ---- one file ---- */
static bool tells(uint16_t kind)
{
    return identity_kind(kind) || kind == KIND_event_corrected || kind == KIND_event_voided || kind == KIND_participant_merged ||
           kind == KIND_duplicate_dismissed || kind == KIND_participant_erased;
}

/* What tells something, opened. False: the key is gone, or the file cannot be read. */
static bool read_file(struct duplicates *d, struct store_txn *log, struct store_txn *views, uint64_t stream, const struct event ***ret, uint32_t *ret_count)
{
    struct key key;
    struct text record;
    struct record_header h;
    uint64_t version = views_stream_version(views, stream);
    uint64_t *seqs = ARENA_ARRAY(&d->arena, uint64_t, version + 1);
    uint32_t n = views_stream(views, stream, seqs, (uint32_t)version), count = 0;
    *ret = ARENA_ARRAY(&d->arena, const struct event *, n + 1);
    if (vault_key(desk_vault(d->service->desk), stream, &key) != 0)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        if (!log_record(log, seqs[i], &record) || !record_header(record, &h))
            return false;
        if (!tells(h.kind))
            continue;
        struct event *e = ARENA_ARRAY(&d->arena, struct event, 1);
        if (!record_read(&d->arena, arena_text(&d->arena, record.at, record.bytes), &key, e, NULL))
            return false;
        (*ret)[count++] = e;
    }
    *ret_count = count;
    return true;
}

static void keep_person(struct duplicates *d, uint64_t stream, const struct event *const *events, uint32_t count)
{
    struct identity identity = NO_IDENTITY;
    struct features f;
    struct key key;
    const struct event **standing;
    uint32_t n = parcours_standing(&d->arena, events, count, INT32_MAX, INT64_MAX, &standing), other_count = 0;
    uint64_t *others = ARENA_ARRAY(&d->arena, uint64_t, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        identity_learn(&identity, standing[i]);
        if (standing[i]->kind->number == KIND_duplicate_dismissed)
            others[other_count++] = (uint64_t)((const struct duplicate_dismissed *)standing[i]->data)->other;
    }
    features_of(&d->key, &identity, &f);
    pthread_mutex_lock(&d->lock);
    if (f.block_count && vault_key(desk_vault(d->service->desk), stream, &key) == 0)
        people_put(d->people, stream, &f, others, other_count);
    else
        people_remove(d->people, stream);
    pthread_mutex_unlock(&d->lock);
}

static void look_at(struct duplicates *d, struct store_txn *log, struct store_txn *views, uint64_t stream)
{
    const struct event **events;
    uint32_t count;
    arena_reset(&d->arena);
    if (read_file(d, log, views, stream, &events, &count)) {
        keep_person(d, stream, events, count);
    } else {
        failure_forget();
        duplicates_forget(d, stream);
    }
}

/* ---- along the log ---- */
struct chunk {
    uint64_t last, end;         /* seqs */
    uint64_t streams[CHUNK_RECORDS];
    uint32_t count;
};

static bool take_record(void *context, uint64_t seq, struct text record)
{
    struct chunk *c = context;
    struct record_header h;
    if (seq > c->end)
        return false;
    c->last = seq;
    if (record_header(record, &h) && tells(h.kind) && kind_of(h.kind)->stream == STREAM_participant)
        c->streams[c->count++] = h.stream;
    return seq < c->end;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The next records up to the views' position. False: there are none, or the stores cannot be read now. */
static bool read_chunk(struct duplicates *d)
{
    static struct chunk c;      /* there is one thread */
    int f;
    struct position at = { .seq = 0 };
    struct views *held = desk_views_hold(d->service->desk);
    struct store_txn *views = store_read_begin(views_store(held), &f);
    struct store_txn *log = views ? store_read_begin(log_store(desk_log(d->service->desk)), &f) : NULL;
    c = (struct chunk){ .last = d->position };
    if (log && views_position(views, &at) && at.seq > d->position) {
        c.end = at.seq < d->position + CHUNK_RECORDS ? at.seq : d->position + CHUNK_RECORDS;
        log_walk(log, d->position + 1, take_record, &c);
        qsort(c.streams, c.count, sizeof(c.streams[0]), by_number);
        for (uint32_t i = 0; i < c.count; i++)
            if (i == 0 || c.streams[i] != c.streams[i - 1])
                look_at(d, log, views, c.streams[i]);
    }
    failure_forget();
    if (log)
        store_read_end(log);
    if (views)
        store_read_end(views);
    views_let_go(held);
    bool moved = c.last > d->position;
    pthread_mutex_lock(&d->lock);
    d->position = c.last;
    pthread_cond_broadcast(&d->moved);
    pthread_mutex_unlock(&d->lock);
    return moved;
}

static bool wait_wanted(struct duplicates *d)
{
    pthread_mutex_lock(&d->lock);
    while (!d->stopping && d->position >= desk_position(d->service->desk))
        pthread_cond_wait(&d->wanted, &d->lock);
    bool stopping = d->stopping;
    pthread_mutex_unlock(&d->lock);
    return !stopping;
}

static void *run(void *context)
{
    struct duplicates *d = context;
    setpriority(PRIO_PROCESS, 0, NICE);     /* of this thread alone, on Linux */
    while (wait_wanted(d))
        if (!read_chunk(d) || d->position >= desk_position(d->service->desk))
            usleep(PAUSE_MS * 1000);
    return NULL;
}

int duplicates_start(struct service *s, struct duplicates **ret)
{
    pthread_condattr_t monotonic;
    struct duplicates *d = calloc(1, sizeof(*d));
    if (!d)
        abort();
    d->service = s;
    d->people = people_new();
    chain_random(&d->key, sizeof(d->key));
    arena_init(&d->arena, READING_BYTES);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->wanted, NULL);
    pthread_cond_init(&d->moved, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&d->thread, NULL, run, d) != 0) {
        people_free(d->people);
        free(d);
        return failure_say(FAIL_SYSTEM, "start the search for duplicates");
    }
    *ret = d;
    return 0;
}

void duplicates_stop(struct duplicates *d)
{
    if (!d)
        return;
    pthread_mutex_lock(&d->lock);
    d->stopping = true;
    pthread_cond_broadcast(&d->wanted);
    pthread_mutex_unlock(&d->lock);
    pthread_join(d->thread, NULL);
    pthread_mutex_destroy(&d->lock);
    pthread_cond_destroy(&d->wanted);
    pthread_cond_destroy(&d->moved);
    people_free(d->people);
    arena_free(&d->arena);
    free(d);
}

void duplicates_wake(struct duplicates *d)
{
    pthread_mutex_lock(&d->lock);
    pthread_cond_signal(&d->wanted);
    pthread_mutex_unlock(&d->lock);
}

void duplicates_forget(struct duplicates *d, uint64_t stream)
{
    pthread_mutex_lock(&d->lock);
    people_remove(d->people, stream);
    pthread_mutex_unlock(&d->lock);
}

/* ---- questions ---- */
bool duplicates_wait(struct duplicates *d, uint64_t position, bool (*waits)(void *), void *context)
{
    pthread_mutex_lock(&d->lock);
    while (d->position < position && !d->stopping && waits(context)) {
        struct timespec soon;
        clock_gettime(CLOCK_MONOTONIC, &soon);
        soon.tv_nsec += LOOK_MS * 1000000;
        soon.tv_sec += soon.tv_nsec / 1000000000;
        soon.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&d->moved, &d->lock, &soon);
    }
    bool there = d->position >= position;
    pthread_mutex_unlock(&d->lock);
    return there;
}

uint32_t duplicates_of(struct duplicates *d, struct arena *arena, uint64_t stream, int least, struct candidate **ret)
{
    pthread_mutex_lock(&d->lock);
    uint32_t n = people_like(d->people, arena, stream, least, false, ret);
    pthread_mutex_unlock(&d->lock);
    return n;
}

uint32_t duplicates_named(struct duplicates *d, struct arena *arena, struct text words, uint64_t **ret)
{
    uint64_t hashes[WORDS_OF_NAME_MAX];
    uint32_t count = features_words(&d->key, words, hashes);
    pthread_mutex_lock(&d->lock);
    uint32_t n = people_named(d->people, arena, hashes, count, ret);
    pthread_mutex_unlock(&d->lock);
    return n;
}

static void add_pairs(struct arena *arena, struct pairs *p, uint64_t stream, const struct candidate *found, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        void *at = p->at;
        vector_room(arena, &p->n, &p->room, &at, sizeof(*p->at));
        p->at = at;
        p->at[p->n++] = (struct pair){ stream, found[i] };
    }
}

bool duplicates_pairs(struct duplicates *d, struct arena *arena, int least, uint64_t *next_stream, struct pairs *p)
{
    pthread_mutex_lock(&d->lock);
    uint64_t end = people_streams(d->people), until = *next_stream + PAIRS_STREAMS < end ? *next_stream + PAIRS_STREAMS : end;
    for (uint64_t stream = *next_stream; stream < until; stream++) {
        struct candidate *found;
        uint32_t n = people_like(d->people, arena, stream, least, true, &found);
        add_pairs(arena, p, stream, found, n);
    }
    pthread_mutex_unlock(&d->lock);
    *next_stream = until;
    return until < end;
}
