#include "rebuild.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "../events/failure.h"
#include "workers.h"
#include "writer.h"

#define AGAIN_MS 10000          /* after a failure, while lists lag behind */
#define LOOK_MS 100             /* how often whoever waits looks whether it is still worth it */

struct rebuilder {
    struct service *service;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wanted, done;
    uint64_t asked, served;     /* runs: the last that was asked for, the last that is over */
    bool stopping;
    struct rebuilt last;
    atomic_bool stop;
    atomic_uint_least64_t differed;
};

/* ---- one run ---- */
struct run {
    struct rebuilder *rebuilder;
    struct rebuild rebuild;
    struct rebuilt result;
    bool switched;
};

static bool go_on(void *context, uint64_t done, uint64_t all)
{
    struct rebuilder *r = context;
    (void)done, (void)all;
    return !atomic_load(&r->stop) && !atomic_load(&r->service->draining) && !atomic_load(&r->service->failure);
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* By the writer. */
static void switch_views(void *context)
{
    struct run *x = context;
    struct service *s = x->rebuilder->service;
    int64_t before = now_us();
    if (atomic_load(&s->failure))
        x->result.failure = failure_say(FAIL_STOPPED, "rebuild views");
    else
        x->result.failure = desk_rebuild_switch(s->desk, &x->rebuild, &x->switched);
    failure_forget();
    x->result.position = desk_position(s->desk);
    x->result.paused_us += now_us() - before;
}

static void say_differences(const struct comparison *c, const struct position *at)
{
    fprintf(stderr, "parcoursd: the views were not what the log says: %llu rows differed at event %llu; they are recomputed now\n",
            (unsigned long long)c->differ, (unsigned long long)at->seq);
    for (unsigned i = 0; i < c->count; i++)
        if (c->tables[i].differ && (c->rows_equal || i + 1 < TABLES_FIXED))
            fprintf(stderr, "parcoursd: views, %s: %llu rows before, %llu now, %llu differ\n", c->tables[i].table,
                    (unsigned long long)c->tables[i].before, (unsigned long long)c->tables[i].after, (unsigned long long)c->tables[i].differ);
}

static void rebuild_once(struct run *x)
{
    struct rebuilder *r = x->rebuilder;
    struct service *s = r->service;
    int64_t began = now_us();
    desk_rebuild_begin(s->desk, &x->rebuild);
    x->rebuild.go_on = go_on;
    x->rebuild.context = r;
    do {
        x->result.failure = rebuild_fill(&x->rebuild);
        if (!x->result.failure)
            writer_between(s->writer, switch_views, x);
    } while (!x->result.failure && !x->switched);
    x->result.comparison = x->rebuild.comparison;
    x->result.compared_at = x->rebuild.compared_at;
    if (x->switched) {
        if (x->result.comparison.differ)
            say_differences(&x->result.comparison, &x->result.compared_at);
        atomic_fetch_add(&r->differed, x->result.comparison.differ);
        if (desk_rebuild_settle(&x->rebuild) != 0)
            failure_forget();   /* then they are filled again at the next start: slower, never wrong */
    } else {
        if (x->result.failure != FAIL_STOPPED)
            fprintf(stderr, "parcoursd: %s (%s)\n", failure_sentence(), failure_text(x->result.failure));
        failure_forget();
        rebuild_drop(&x->rebuild);
    }
    x->result.took_ms = (now_us() - began) / 1000;
}

/* ---- the thread ---- */
static struct timespec after(int64_t ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000)
        t.tv_sec++, t.tv_nsec -= 1000000000;
    return t;
}

/* With the lock held. False: stopping. The run that begins serves all who have asked by now. */
static bool wait_wanted(struct rebuilder *r, uint64_t *ret_number)
{
    struct timespec again = after(AGAIN_MS);
    bool waited = r->last.failure == 0;
    while (!r->stopping && r->asked == r->served) {
        bool behind = desk_rulebook_pending(r->service->desk) != 0;
        if (behind && waited)
            break;
        if (!behind)
            pthread_cond_wait(&r->wanted, &r->lock);
        else
            waited = pthread_cond_timedwait(&r->wanted, &r->lock, &again) == ETIMEDOUT;
    }
    *ret_number = r->asked;
    return !r->stopping;
}

static void *run(void *context)
{
    struct rebuilder *r = context;
    uint64_t number;
    setpriority(PRIO_PROCESS, 0, NICE);     /* of this thread alone, on Linux */
    pthread_mutex_lock(&r->lock);
    while (wait_wanted(r, &number)) {
        pthread_mutex_unlock(&r->lock);
        struct run x = { .rebuilder = r };
        rebuild_once(&x);
        pthread_mutex_lock(&r->lock);
        r->last = x.result;
        r->served = number;
        pthread_cond_broadcast(&r->done);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

int rebuilder_start(struct service *s, struct rebuilder **ret)
{
    pthread_condattr_t monotonic;
    struct rebuilder *r = calloc(1, sizeof(*r));
    if (!r)
        abort();
    r->service = s;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->wanted, &monotonic);
    pthread_cond_init(&r->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&r->thread, NULL, run, r) != 0) {
        free(r);
        return failure_say(FAIL_SYSTEM, "start the rebuilder");
    }
    *ret = r;
    return 0;
}

void rebuilder_stop(struct rebuilder *r)
{
    if (!r)
        return;
    atomic_store(&r->stop, true);
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_broadcast(&r->wanted);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->wanted);
    pthread_cond_destroy(&r->done);
    free(r);
}

void rebuilder_wake(struct rebuilder *r)
{
    pthread_mutex_lock(&r->lock);
    pthread_cond_signal(&r->wanted);
    pthread_mutex_unlock(&r->lock);
}

bool rebuilder_run(struct rebuilder *r, bool (*waits)(void *), void *context, struct rebuilt *ret)
{
    pthread_mutex_lock(&r->lock);
    uint64_t number = ++r->asked;
    pthread_cond_signal(&r->wanted);
    while (r->served < number && !r->stopping && waits(context)) {
        struct timespec soon = after(LOOK_MS);
        pthread_cond_timedwait(&r->done, &r->lock, &soon);
    }
    bool done = r->served >= number;
    *ret = r->last;
    pthread_mutex_unlock(&r->lock);
    return done;
}

uint64_t rebuilder_differed(struct rebuilder *r)
{
    return atomic_load(&r->differed);
}
