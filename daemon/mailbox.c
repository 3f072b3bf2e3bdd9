/* The way there and back: tickets of a loop, handed to the writer once a turn and heard of by a bell. */
#include "mailbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define TICKET_ARENA_BYTES (768u << 20)
#define POOL_MAX 256

static void on_bell(evutil_socket_t fd, short what, void *context)
{
    struct mailbox *m = context;
    uint64_t rung;
    (void)what;
    if (read(fd, &rung, sizeof(rung)) < 0)
        return;
    pthread_mutex_lock(&m->lock);
    struct ticket *t = m->first;
    m->first = NULL;
    m->last = &m->first;
    pthread_mutex_unlock(&m->lock);
    while (t) {
        struct ticket *next = t->next;
        m->deliver(m->loop, t);
        t = next;
    }
    m->committed(m->loop);
}

void mailbox_ring(struct mailbox *m)
{
    uint64_t one = 1;
    if (write(m->bell, &one, sizeof(one)) < 0) {
        /* EAGAIN: 2^64 - 1 rings unheard; it will be heard all the same */
    }
}

/* The turn ends: the writer is woken once, and finds a batch. */
static void on_turn_end(evutil_socket_t fd, short what, void *context)
{
    struct mailbox *m = context;
    (void)fd, (void)what;
    writer_take_over(m->loop->service->writer, m->out, m->out_last);
    m->out = NULL;
    m->out_last = &m->out;
}

void mailbox_put(struct mailbox *m, struct ticket *t)
{
    pthread_mutex_lock(&m->lock);
    *m->last = t;
    m->last = &t->next;
    pthread_mutex_unlock(&m->lock);
}

struct mailbox *mailbox_new(struct loop *loop, void (*deliver)(struct loop *, struct ticket *), void (*committed)(struct loop *))
{
    struct mailbox *m = calloc(1, sizeof(*m));
    if (!m)
        abort();
    m->loop = loop;
    m->deliver = deliver;
    m->committed = committed;
    m->last = &m->first;
    m->out_last = &m->out;
    pthread_mutex_init(&m->lock, NULL);
    m->flush = event_new(loop->base, -1, 0, on_turn_end, m);
    m->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    m->heard = event_new(loop->base, m->bell, EV_READ | EV_PERSIST, on_bell, m);
    if (m->bell < 0 || !m->flush || !m->heard || event_add(m->heard, NULL) != 0)
        abort();
    return m;
}

void mailbox_free(struct mailbox *m)
{
    if (!m)
        return;
    while (m->pool) {
        struct ticket *t = m->pool;
        m->pool = t->next;
        arena_free(&t->arena);
        free(t);
    }
    event_free(m->heard);
    event_free(m->flush);
    close(m->bell);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

/* The pool is the loop's: no lock. */
struct ticket *ticket_take(struct loop *loop)
{
    struct mailbox *m = loop->mailbox;
    struct ticket *t = m->pool;
    if (t) {
        m->pool = t->next;
        m->pooled--;
    } else {
        t = calloc(1, sizeof(*t));
        if (!t)
            abort();
        arena_init(&t->arena, TICKET_ARENA_BYTES);
    }
    struct arena arena = t->arena;
    *t = (struct ticket){ .arena = arena, .home = m };
    t->order.arena = &t->arena;
    return t;
}

void ticket_give_back(struct loop *loop, struct ticket *t)
{
    struct mailbox *m = loop->mailbox;
    arena_reset(&t->arena);
    if (m->pooled == POOL_MAX) {
        arena_free(&t->arena);
        free(t);
        return;
    }
    t->next = m->pool;
    m->pool = t;
    m->pooled++;
}
