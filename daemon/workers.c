/* The threads, their queue, and the way back to the loop. */
#include "workers.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../events/failure.h"
#include "bell.h"
#include "routes.h"
#include "timer.h"

#define LOOK_MS 100             /* how often a loop looks whether its tasks' clients are still there */
#define WORKERS_MAX 16

struct task {
    struct call call;
    struct http_request request;
    struct http_exchange *exchange;     /* the loop's business alone */
    struct arena arena;
    struct json_out out;
    struct tasks *home;
    atomic_bool cancelled;
    struct task *next;                   /* in the queue, then in the box */
    struct task *older;                  /* among the loop's */
    /* the answer */
    int status;
    const char *headers, *content_type, *body;
    size_t body_bytes;
    int fd;                              /* where the body goes on; -1: nowhere */
    uint64_t file_bytes;
};

struct tasks {
    struct bell *bell;
    struct timer *look;
    struct task *newest;                 /* every task of this loop; the loop's alone */
    pthread_mutex_t lock;
    struct task *done;                   /* the box */
};

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct task *first, **last;
    unsigned waiting;
    bool stopping;
    unsigned count;
    pthread_t threads[WORKERS_MAX];
};

/* ---- a task's memory ---- */
static struct text copy(struct arena *a, struct text t)
{
    return t.at ? arena_text(a, t.at, t.bytes) : t;
}

/* The request is the connection's, and gone when the handler returns. */
static void copy_request(struct task *t, const struct http_request *r)
{
    t->request = *r;
    t->request.method_name = copy(&t->arena, r->method_name);
    t->request.path = copy(&t->arena, r->path);
    t->request.query = copy(&t->arena, r->query);
    t->request.body = copy(&t->arena, r->body);
    for (unsigned i = 0; i < r->header_count; i++)
        t->request.headers[i] = (struct http_field){ copy(&t->arena, r->headers[i].name), copy(&t->arena, r->headers[i].value) };
}

static struct task *task_new(struct call *c)
{
    struct task *t = calloc(1, sizeof(*t));
    if (!t)
        abort();
    arena_init(&t->arena, REQUEST_ARENA_BYTES);
    json_out_init(&t->out, ANSWER_BYTES_MAX);
    copy_request(t, c->request);
    t->exchange = c->exchange;
    t->home = c->loop->tasks;
    t->call = *c;
    t->call.task = t;
    t->call.arena = &t->arena;
    t->call.out = &t->out;
    t->call.request = &t->request;
    t->call.exchange = NULL;
    t->call.loop = NULL;
    t->fd = -1;
    return t;
}

static void task_free(struct task *t)
{
    arena_free(&t->arena);
    json_out_free(&t->out);
    if (t->fd >= 0)
        close(t->fd);
    free(t);
}

bool task_cancelled(const struct task *t)
{
    return atomic_load(&t->cancelled);
}

void task_keep(struct task *t, int status, const char *headers, const char *content_type, const void *body, size_t body_bytes)
{
    t->status = status;
    t->headers = headers ? arena_copy(&t->arena, headers, strlen(headers) + 1) : NULL;
    t->content_type = content_type;
    t->body = body == t->out.at || body_bytes == 0 ? body : arena_copy(&t->arena, body, body_bytes);
    t->body_bytes = body_bytes;
}

void task_keep_file(struct task *t, int status, const char *headers, const char *content_type, const void *head, size_t head_bytes, int fd, uint64_t bytes)
{
    task_keep(t, status, headers, content_type, head, head_bytes);
    t->fd = fd;
    t->file_bytes = bytes;
}

/* ---- in the loop ---- */
static void answer(struct task *t)
{
    if (t->fd < 0) {
        http_answer(t->exchange, t->status, t->headers, t->content_type, t->body, t->body_bytes);
        return;
    }
    http_answer_file(t->exchange, t->status, t->headers, t->content_type, t->body, t->body_bytes, t->fd, t->file_bytes);
    t->fd = -1;
}

static void forget(struct tasks *home, struct task *t)
{
    struct task **at = &home->newest;
    while (*at != t)
        at = &(*at)->older;
    *at = t->older;
}

static void on_done(void *context)
{
    struct tasks *home = context;
    pthread_mutex_lock(&home->lock);
    struct task *t = home->done;
    home->done = NULL;
    pthread_mutex_unlock(&home->lock);
    while (t) {
        struct task *next = t->next;
        answer(t);
        forget(home, t);
        task_free(t);
        t = next;
    }
}

static void on_look(void *context)
{
    struct tasks *home = context;
    for (struct task *t = home->newest; t; t = t->older)
        if (http_exchange_is_left(t->exchange))
            atomic_store(&t->cancelled, true);
    if (home->newest)
        timer_set(home->look, LOOK_MS);
}

struct tasks *tasks_new(struct loop *loop)
{
    struct tasks *home = calloc(1, sizeof(*home));
    if (!home)
        abort();
    pthread_mutex_init(&home->lock, NULL);
    home->bell = bell_new(loop->base, on_done, home);
    home->look = timer_new(loop->base, on_look, home);
    return home;
}

void tasks_free(struct tasks *home)
{
    if (!home)
        return;
    on_done(home);
    bell_free(home->bell);
    timer_free(home->look);
    pthread_mutex_destroy(&home->lock);
    free(home);
}

bool workers_submit(struct call *c)
{
    struct workers *w = c->service->workers;
    struct tasks *home = c->loop->tasks;
    pthread_mutex_lock(&w->lock);
    bool room = w->waiting < TASKS_WAITING_MAX;
    w->waiting += room;
    pthread_mutex_unlock(&w->lock);
    if (!room)
        return false;
    struct task *t = task_new(c);
    if (!home->newest)
        timer_set(home->look, LOOK_MS);
    t->older = home->newest;
    home->newest = t;
    pthread_mutex_lock(&w->lock);
    *w->last = t;
    w->last = &t->next;
    pthread_cond_signal(&w->arrived);
    pthread_mutex_unlock(&w->lock);
    return true;
}

/* ---- in a worker ---- */
static struct task *take(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->stopping)
        pthread_cond_wait(&w->arrived, &w->lock);
    struct task *t = w->first;
    if (t) {
        w->first = t->next;
        if (!w->first)
            w->last = &w->first;
        w->waiting--;
        t->next = NULL;
    }
    pthread_mutex_unlock(&w->lock);
    return t;
}

/* Once it is in the box the loop may free it at any moment, but not its home: the workers end first. */
static void give_back(struct task *t)
{
    struct tasks *home = t->home;
    pthread_mutex_lock(&home->lock);
    t->next = home->done;
    home->done = t;
    pthread_mutex_unlock(&home->lock);
    bell_ring(home->bell);
}

static void *run(void *context)
{
    struct workers *w = context;
    struct task *t;
    setpriority(PRIO_PROCESS, 0, NICE);     /* of this thread alone, on Linux */
    while ((t = take(w)) != NULL) {
        if (atomic_load(&t->call.service->draining))
            call_refuse(&t->call, REFUSED_busy, "stopping", NULL);
        else if (call_go_on(&t->call))
            routes_answer(&t->call);
        failure_forget();
        give_back(t);
    }
    return NULL;
}

int workers_start(unsigned count, struct workers **ret)
{
    struct workers *w = calloc(1, sizeof(*w));
    if (!w)
        abort();
    w->last = &w->first;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->arrived, NULL);
    for (; w->count < count && w->count < WORKERS_MAX; w->count++)
        if (pthread_create(&w->threads[w->count], NULL, run, w) != 0) {
            workers_stop(w);
            return failure_say(FAIL_SYSTEM, "start the workers");
        }
    *ret = w;
    return 0;
}

void workers_stop(struct workers *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->arrived);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->count; i++)
        pthread_join(w->threads[i], NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->arrived);
    free(w);
}

unsigned workers_waiting(struct workers *w)
{
    pthread_mutex_lock(&w->lock);
    unsigned n = w->waiting;
    pthread_mutex_unlock(&w->lock);
    return n;
}
