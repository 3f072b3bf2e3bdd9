/* The thread and its queue. */
#include "writer.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../events/failure.h"
#include "clock_look.h"
#include "deliveries.h"
#include "duplicates.h"
#include "filing.h"
#include "mailbox.h"
#include "rebuild.h"
#include "standstill.h"

struct writer {
    struct service *service;
    struct mailbox *const *mailboxes;
    unsigned mailbox_count;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct ticket *first, **last;
    atomic_uint waiting;
    bool stopping;
    void (*between)(void *context);     /* to be run between two batches; NULL none */
    void *between_context;
    pthread_cond_t between_done;
    pthread_cond_t decided;     /* a ticket without a home was */
    int64_t clock_offset_ms;    /* wall clock less time elapsed, at the start */
    struct standstill full, clock;
};

/* ---- the thread ---- */
void writer_take_over(struct writer *w, struct ticket *first, struct ticket **last)
{
    pthread_mutex_lock(&w->lock);
    *w->last = first;
    w->last = last;
    pthread_cond_signal(&w->arrived);
    pthread_mutex_unlock(&w->lock);
}

/* With the lock held; loops that submit meanwhile must not wait for it. */
static void run_between(struct writer *w)
{
    if (!w->between)
        return;
    pthread_mutex_unlock(&w->lock);
    w->between(w->between_context);
    pthread_mutex_lock(&w->lock);
    w->between = NULL;
    pthread_cond_signal(&w->between_done);
}

void writer_between(struct writer *w, void (*run)(void *), void *context)
{
    pthread_mutex_lock(&w->lock);
    w->between_context = context;
    w->between = run;
    pthread_cond_signal(&w->arrived);
    while (w->between)
        pthread_cond_wait(&w->between_done, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

static struct ticket *take_batch(struct writer *w)
{
    uint32_t commands = 0;
    pthread_mutex_lock(&w->lock);
    while ((!w->first && !w->stopping) || w->between) {
        run_between(w);
        if (!w->first && !w->stopping)
            pthread_cond_wait(&w->arrived, &w->lock);
    }
    struct ticket *batch = w->first, **end = &w->first;
    while (*end && (commands == 0 || commands + (*end)->order.count <= BATCH_COMMANDS_MAX)) {
        commands += (*end)->order.count;
        end = &(*end)->next;
    }
    w->first = *end;
    if (!w->first)
        w->last = &w->first;
    *end = NULL;
    pthread_mutex_unlock(&w->lock);
    return batch;
}

/* What was refused when it was read stays refused for that. */
static void refuse(struct ticket *t, enum refusal refusal, const char *why)
{
    for (uint32_t i = 0; i < t->order.count; i++) {
        struct outcome *o = &t->order.outcomes[i];
        if (o->taken || o->refusal == REFUSED_none) {
            o->refusal = refusal;
            o->why = why;
        }
    }
}

static void refuse_all(struct ticket *batch, enum refusal refusal)
{
    for (struct ticket *t = batch; t; t = t->next)
        refuse(t, refusal, NULL);
}

static void refuse_clock(struct writer *w, struct ticket *batch, const struct clock_look *c)
{
    standstill_begins(&w->clock, "no command is taken, the clock cannot be right", clock_said(c, &batch->arena, false));
    for (struct ticket *t = batch; t; t = t->next)
        refuse(t, REFUSED_clock, clock_said(c, &t->arena, t->french));
}

const char *writer_clock(struct writer *w, struct arena *arena, bool french)
{
    struct clock_look clock;
    return clock_wrong(w->service, w->clock_offset_ms, &clock) ? clock_said(&clock, arena, french) : NULL;
}

static int decide(struct desk *desk, struct ticket *batch, bool only_read)
{
    int f = desk_begin(desk);
    if (!f && only_read)
        desk_only_read(desk);
    for (struct ticket *t = batch; t && !f; t = t->next)
        desk_take(desk, &t->order);
    return f ? f : desk_commit(desk);
}

/* Whoever was erased is forgotten before the answer leaves; all else in memory follows soon. Starting: there is nothing yet. */
static void keep_up(struct service *s, const struct ticket *batch)
{
    filing_wake(s->filing);
    for (const struct ticket *t = batch; t && s->duplicates; t = t->next)
        for (uint32_t i = 0; i < t->order.count; i++)
            if (t->order.commands[i].kind && t->order.commands[i].kind->number == KIND_participant_erased && t->order.outcomes[i].refusal == REFUSED_none && !t->order.dry_run)
                duplicates_forget(s->duplicates, t->order.outcomes[i].stream);
    if (s->duplicates)
        duplicates_wake(s->duplicates);
}

/* A full disk drops the whole batch, and with it what its refusals and dry runs were judged by. So all is judged again by what
 * is on disk: refusals are true, dry runs and repeats are answered, and only what wants to be kept is told that there is no room. */
static void judge_batch(struct writer *w, struct ticket *batch)
{
    struct service *s = w->service;
    uint64_t before = desk_position(s->desk);
    int f = decide(s->desk, batch, false);
    if (f == FAIL_FULL) {
        atomic_store(&s->read_only, true);
        standstill_begins(&w->full, "the store only reads", failure_sentence());
        failure_forget();
        f = decide(s->desk, batch, true);
    } else if (!f && desk_position(s->desk) > before) {
        atomic_store(&s->read_only, false);
        standstill_ends(&w->full, "there is room: the store writes again");
    }
    if (f == FAIL_FULL) {
        refuse_all(batch, REFUSED_full);
        failure_forget();
    } else if (f) {
        refuse_all(batch, REFUSED_outcome);
        snprintf(s->failure_sentence, sizeof(s->failure_sentence), "%s", failure_sentence());
        atomic_store(&s->failure, f);
    } else if (desk_rulebook_pending(s->desk)) {
        rebuilder_wake(s->rebuilder);
    }
    if (desk_position(s->desk) > before)
        keep_up(s, batch);
    if (desk_position(s->desk) > before && s->deliveries)
        deliveries_wake(s->deliveries);
}

static void leave(struct writer *w, struct ticket *t)
{
    if (t->home) {
        mailbox_put(t->home, t);
        return;
    }
    pthread_mutex_lock(&w->lock);
    t->decided = true;
    pthread_cond_broadcast(&w->decided);
    pthread_mutex_unlock(&w->lock);
}

static void send_back(struct writer *w, struct ticket *batch)
{
    uint64_t position = desk_position(w->service->desk);
    unsigned done = 0;
    while (batch) {
        struct ticket *t = batch;
        batch = t->next;
        t->next = NULL;
        t->position = position;
        leave(w, t);
        done++;
    }
    atomic_fetch_sub(&w->waiting, done);
    for (unsigned i = 0; i < w->mailbox_count; i++)
        mailbox_ring(w->mailboxes[i]);
}

static void *run(void *context)
{
    struct writer *w = context;
    for (;;) {
        struct ticket *batch = take_batch(w);
        if (!batch)
            return NULL;    /* stopping, and nothing is left */
        struct clock_look clock;
        if (clock_wrong(w->service, w->clock_offset_ms, &clock)) {
            refuse_clock(w, batch, &clock);
        } else {
            standstill_ends(&w->clock, "the clock is right: commands are taken again");
            if (atomic_load(&w->service->failure))
                refuse_all(batch, REFUSED_outcome);
            else
                judge_batch(w, batch);
        }
        send_back(w, batch);
    }
}

int writer_start(struct service *s, struct mailbox *const *mailboxes, unsigned count, struct writer **ret)
{
    struct writer *w = calloc(1, sizeof(*w));
    if (!w)
        abort();
    w->service = s;
    w->mailboxes = mailboxes;
    w->mailbox_count = count;
    w->last = &w->first;
    w->clock_offset_ms = service_now_ms() - service_elapsed_ms();
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->arrived, NULL);
    pthread_cond_init(&w->between_done, NULL);
    pthread_cond_init(&w->decided, NULL);
    if (pthread_create(&w->thread, NULL, run, w) != 0) {
        free(w);
        return failure_say(FAIL_SYSTEM, "start the writer");
    }
    *ret = w;
    return 0;
}

bool writer_submit(struct loop *loop, struct ticket *t)
{
    struct writer *w = loop->service->writer;
    struct mailbox *m = loop->mailbox;
    if (atomic_load(&w->waiting) >= TICKETS_WAITING_MAX)
        return false;
    atomic_fetch_add(&w->waiting, 1);
    if (!m->out)
        event_active(m->flush, EV_TIMEOUT, 0);  /* runs after all that is ready in this turn */
    *m->out_last = t;
    m->out_last = &t->next;
    return true;
}

bool writer_record(struct writer *w, struct ticket *t)
{
    if (atomic_load(&w->waiting) >= TICKETS_WAITING_MAX)
        return false;
    atomic_fetch_add(&w->waiting, 1);
    t->home = NULL;
    t->next = NULL;
    t->decided = false;
    pthread_mutex_lock(&w->lock);
    *w->last = t;
    w->last = &t->next;
    pthread_cond_signal(&w->arrived);
    while (!t->decided)
        pthread_cond_wait(&w->decided, &w->lock);
    pthread_mutex_unlock(&w->lock);
    return true;
}

void writer_stop(struct writer *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_signal(&w->arrived);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->arrived);
    pthread_cond_destroy(&w->between_done);
    pthread_cond_destroy(&w->decided);
    free(w);
}

unsigned writer_waiting(struct writer *w)
{
    return atomic_load(&w->waiting);
}
