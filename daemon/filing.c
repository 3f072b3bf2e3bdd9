#include "filing.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "../events/failure.h"
#include "../projections/adoptions.h"
#include "../projections/views.h"
#include "answers.h"
#include "workers.h"

#define CHUNK_RECORDS 4096      /* of the log, between two looks at the stores */
#define FAR_RECORDS (4 * CHUNK_RECORDS)
#define GATHER_MS 2000          /* at least, unless somebody asks: commits come together */
#define GATHER_TIMES 30         /* as long as it took last: under commands, a thirtieth of the time goes into it at most */
#define PAUSE_MS 100            /* before all is begun anew */
#define LOOK_MS 50              /* how often whoever waits looks whether it is still worth it */
#define READING_BYTES (512u << 20)

struct filing {
    struct service *service;
    pthread_t thread;
    struct filed *filed;        /* the thread's; readers' while it is `still` */
    int64_t took_ms;            /* the thread's: since it was last idle */
    struct arena arena, streams;        /* the thread's: of one file; of the list of all */
    pthread_mutex_t asking;     /* one answer at a time */
    pthread_mutex_t lock;       /* of all below */
    pthread_cond_t wanted, moved;
    uint64_t position;          /* reflected */
    uint64_t files;             /* how many there were when they were all looked at */
    uint64_t answers;           /* given */
    uint64_t aim;               /* how far the thread goes now */
    uint64_t asked;             /* the position that somebody waits for; 0: nobody */
    bool filled, still, large, stopping;
    bool idle;                  /* it wants to be told of a commit */
};

/* ---- looking at the stores ---- */
struct look {
    struct views *held;
    struct store_txn *views, *log;
    struct position at;
};

static bool look_begin(struct filing *f, struct look *l)
{
    int failure;
    l->held = desk_views_hold(f->service->desk);
    l->views = store_read_begin(views_store(l->held), &failure);
    l->log = l->views ? store_read_begin(log_store(desk_log(f->service->desk)), &failure) : NULL;
    if (l->log && views_position(l->views, &l->at))
        return true;
    failure_forget();
    return false;
}

static void look_end(struct look *l)
{
    if (l->log)
        store_read_end(l->log);
    if (l->views)
        store_read_end(l->views);
    views_let_go(l->held);
}

static bool stopping(struct filing *f)
{
    pthread_mutex_lock(&f->lock);
    bool stopping = f->stopping;
    pthread_mutex_unlock(&f->lock);
    return stopping;
}

/* ---- one file ---- */
static bool put(struct filing *f, const struct event *const *events, uint32_t count, const struct rulebooks *books, int sign)
{
    struct dossier d = { .period = filed_period, .books = books };
    if (count == 0 || events[0]->kind->stream != STREAM_participant)
        return true;
    dossier_fold(&d, &f->arena, events, count);
    return filed_add(f->filed, &d, sign);
}

/* Its part as of `from` is taken back (0: it has none), and that as of `to` is put. */
static bool refile(struct filing *f, struct look *l, uint64_t stream, uint64_t from, uint64_t to)
{
    const struct event **events;
    uint32_t count;
    arena_reset(&f->arena);
    if (stream_events(&f->arena, l->log, l->views, stream, NULL, &events, &count) != 0) {
        failure_forget();
        return false;
    }
    const struct rulebooks *books = adoptions_until(&f->arena, desk_rulebooks(f->service->desk), to);    /* the same at both: or all begins anew */
    return put(f, events, from ? events_until(events, count, from) : 0, books, -1) && put(f, events, events_until(events, count, to), books, 1);
}

/* ---- all of them ---- */
static uint32_t list_participants(struct filing *f, struct look *l, uint64_t **ret)
{
    uint8_t from[9] = { STREAM_participant };
    struct text key, value;
    uint32_t n = 0, room = 0;
    void *at = NULL;
    arena_reset(&f->streams);
    struct store_cursor *c = store_cursor(l->views, TABLE_STREAMS);
    bool more = store_seek(c, (struct text){ (const char *)from, sizeof(from) }, &key, &value);
    for (; more && (uint8_t)key.at[0] == STREAM_participant; more = store_next(c, &key, &value)) {
        vector_room(&f->streams, &n, &room, &at, sizeof(uint64_t));
        ((uint64_t *)at)[n++] = store_key_read_u64(key.at + 1);
    }
    store_cursor_close(c);
    *ret = at;
    return n;
}

/* As of the position of the first look. The stores are let go of now and then. False: they could not be read, or it is too large. */
static bool fill(struct filing *f, uint64_t *ret_position)
{
    struct look l;
    uint64_t *streams = NULL;
    bool good = look_begin(f, &l);
    uint32_t n = good ? list_participants(f, &l, &streams) : 0;
    *ret_position = good ? l.at.seq : 0;
    f->files = n;
    filed_clear(f->filed);
    for (uint32_t i = 0; good && i < n; i++) {
        good = refile(f, &l, streams[i], 0, *ret_position);
        if (i % (CHUNK_RECORDS / 16) == 0) {
            look_end(&l);
            good = look_begin(f, &l) && good && !stopping(f);
        }
    }
    look_end(&l);
    return good;
}

/* ---- along the log ---- */
struct chunk {
    uint64_t last, end;         /* seqs */
    uint64_t streams[CHUNK_RECORDS];
    uint32_t count;
    bool adopts;
};

static bool take_record(void *context, uint64_t seq, struct text record)
{
    struct chunk *c = context;
    struct record_header h;
    if (seq > c->end)
        return false;
    c->last = seq;
    if (record_header(record, &h)) {
        c->adopts = c->adopts || h.kind == KIND_rulebook_adopted;
        c->streams[c->count++] = h.stream;
    }
    return seq < c->end;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The next records, until `until` at most. False: they change everything, or could not be read. */
static bool follow(struct filing *f, uint64_t until, uint64_t *ret_position)
{
    static struct chunk c;      /* there is one thread */
    struct look l;
    bool good = look_begin(f, &l);
    c = (struct chunk){ .last = f->position };
    c.end = good && l.at.seq < until ? l.at.seq : until;
    c.end = c.end < f->position + CHUNK_RECORDS ? c.end : f->position + CHUNK_RECORDS;
    if (good && c.end > f->position)
        log_walk(l.log, f->position + 1, take_record, &c);
    good = good && !c.adopts;
    qsort(c.streams, c.count, sizeof(c.streams[0]), by_number);
    for (uint32_t i = 0; good && i < c.count; i++)
        if (i == 0 || c.streams[i] != c.streams[i - 1])
            good = refile(f, &l, c.streams[i], f->position, c.last);
    look_end(&l);
    *ret_position = c.last;
    return good;
}

/* ---- the thread ---- */
static void soon(struct timespec *t, long ms)
{
    clock_gettime(CLOCK_MONOTONIC, t);
    t->tv_sec += ms / 1000;
    t->tv_nsec += ms % 1000 * 1000000;
    t->tv_sec += t->tv_nsec / 1000000000;
    t->tv_nsec %= 1000000000;
}

/* Everybody is looked at once in less time than what was written since would take, file after file. */
static bool far_behind(const struct filing *f, uint64_t position)
{
    return position > f->position + f->files + FAR_RECORDS;
}

static bool nothing_to_do(struct filing *f)
{
    if (!f->filled)
        return false;
    return f->large || f->position >= (f->asked ? f->asked : desk_position(f->service->desk));
}

/* Commits come together; what was begun goes on at once, and so does what somebody waits for. */
static void gather(struct filing *f)
{
    struct timespec gathered;
    int late = !f->filled || f->position < f->aim;
    soon(&gathered, f->took_ms * GATHER_TIMES > GATHER_MS ? f->took_ms * GATHER_TIMES : GATHER_MS);
    while (!f->stopping && !f->asked && !late)
        late = pthread_cond_timedwait(&f->wanted, &f->lock, &gathered);
    if (late == ETIMEDOUT)
        f->took_ms = 0;
    if (f->position >= f->aim || f->asked)
        f->aim = f->asked ? f->asked : desk_position(f->service->desk);
    f->filled = f->filled && (f->large || !far_behind(f, f->aim));
}

/* Until there is something to do. False: to stop. */
static bool wait_wanted(struct filing *f)
{
    pthread_mutex_lock(&f->lock);
    f->idle = true;
    while (!f->stopping && nothing_to_do(f))
        pthread_cond_wait(&f->wanted, &f->lock);
    f->idle = false;
    gather(f);
    f->still = false;
    bool stopping = f->stopping;
    pthread_mutex_unlock(&f->lock);
    return !stopping;
}

static void *run(void *context)
{
    struct filing *f = context;
    setpriority(PRIO_PROCESS, 0, NICE);     /* of this thread alone, on Linux */
    while (wait_wanted(f)) {
        uint64_t position = 0;
        int64_t began_ms = service_elapsed_ms();
        bool good = f->filled ? follow(f, f->aim, &position) : fill(f, &position);
        pthread_mutex_lock(&f->lock);
        f->large = filed_large(f->filed);
        f->filled = good || f->large;
        f->position = good ? position : 0;
        f->still = good;
        pthread_cond_broadcast(&f->moved);
        pthread_mutex_unlock(&f->lock);
        f->took_ms += service_elapsed_ms() - began_ms;
        if (!good)
            usleep(PAUSE_MS * 1000);
    }
    return NULL;
}

int filing_start(struct service *s, size_t bytes_max, struct filing **ret)
{
    pthread_condattr_t monotonic;
    struct filing *f = calloc(1, sizeof(*f));
    if (!f)
        abort();
    f->service = s;
    f->filed = filed_new(bytes_max);
    arena_init(&f->arena, READING_BYTES);
    arena_init(&f->streams, READING_BYTES);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&f->lock, NULL);
    pthread_mutex_init(&f->asking, NULL);
    pthread_cond_init(&f->wanted, &monotonic);
    pthread_cond_init(&f->moved, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&f->thread, NULL, run, f) != 0) {
        filed_free(f->filed);
        free(f);
        return failure_say(FAIL_SYSTEM, "start the summing of figures");
    }
    *ret = f;
    return 0;
}

void filing_stop(struct filing *f)
{
    if (!f)
        return;
    pthread_mutex_lock(&f->lock);
    f->stopping = true;
    pthread_cond_broadcast(&f->wanted);
    pthread_mutex_unlock(&f->lock);
    pthread_join(f->thread, NULL);
    pthread_mutex_destroy(&f->lock);
    pthread_mutex_destroy(&f->asking);
    pthread_cond_destroy(&f->wanted);
    pthread_cond_destroy(&f->moved);
    filed_free(f->filed);
    arena_free(&f->arena);
    arena_free(&f->streams);
    free(f);
}

void filing_wake(struct filing *f)
{
    if (!f)
        return;     /* starting: there is none yet */
    pthread_mutex_lock(&f->lock);
    if (f->idle && !f->large)
        pthread_cond_signal(&f->wanted);
    pthread_mutex_unlock(&f->lock);
}

void filing_json(struct filing *f, struct json_out *out)
{
    pthread_mutex_lock(&f->lock);
    json_open(out);
    json_key(out, "state"), json_string(out, f->large ? "too_large" : f->filled ? "ready" : "filling");
    json_key(out, "position"), json_seq(out, f->position);
    json_key(out, "answers"), json_number(out, (int64_t)f->answers);
    json_close(out);
    pthread_mutex_unlock(&f->lock);
}

/* ---- answering ---- */
enum filing_answered filing_answer(struct filing *f, uint64_t position, struct measuring *m, bool (*waits)(void *), void *context)
{
    enum filing_answered answered = FILING_not;
    pthread_mutex_lock(&f->asking);
    pthread_mutex_lock(&f->lock);
    f->asked = far_behind(f, position) ? 0 : position;
    pthread_cond_signal(&f->wanted);
    while (f->asked && f->filled && !f->large && !f->stopping && (!f->still || f->position < position) && waits(context)) {
        struct timespec next;
        soon(&next, LOOK_MS);
        pthread_cond_timedwait(&f->moved, &f->lock, &next);
    }
    if (f->filled && !f->large && f->still)
        answered = f->position == position ? FILING_answered : f->position > position ? FILING_later : FILING_not;
    if (answered == FILING_answered) {
        filed_answer(f->filed, m);      /* under the lock: the thread waits */
        f->answers++;
    }
    f->asked = 0;
    pthread_cond_signal(&f->wanted);
    pthread_mutex_unlock(&f->lock);
    pthread_mutex_unlock(&f->asking);
    return answered;
}
