/* What the writer and the mailboxes of the loops share; for these two files alone. */
#ifndef DAEMON_MAILBOX_H
#define DAEMON_MAILBOX_H

#include <pthread.h>

#include "writer.h"

struct mailbox {
    struct loop *loop;
    pthread_mutex_t lock;
    struct ticket *first, **last;
    struct ticket *pool;
    unsigned pooled;
    struct ticket *out, **out_last;     /* submitted in this turn of the loop */
    struct event *flush;        /* active when there are any */
    int bell;                   /* eventfd: rung when something came into an empty box */
    struct event *heard;
    void (*deliver)(struct loop *, struct ticket *);
    void (*committed)(struct loop *);
};

void mailbox_put(struct mailbox *, struct ticket *);    /* by the writer, when it is decided */
void mailbox_ring(struct mailbox *);
/* The tickets of one turn of a loop, a list whose last `next` is at `last`. */
void writer_take_over(struct writer *, struct ticket *first, struct ticket **last);

#endif
