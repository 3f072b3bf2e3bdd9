/* The writer: one thread that takes whatever orders have arrived since its last commit, has the desk judge them, commits
 * once for all of them, and only then leaves the answers in the mailboxes of the loops that own the connections. The
 * batches form by themselves: what arrives during one sync is the next batch. */
#ifndef DAEMON_WRITER_H
#define DAEMON_WRITER_H

#include "service.h"

#define TICKETS_WAITING_MAX 4096        /* then 503 and Retry-After */
#define BATCH_COMMANDS_MAX 8192         /* judged between two commits; a single order may be larger */

enum answer_form { FORM_ONE, FORM_ARRAY, FORM_LINES };

/* An order on its way: made by a loop, judged by the writer, answered by the loop. It owns its memory. */
struct ticket {
    struct order order;
    struct arena arena;
    enum answer_form form;
    bool french, minimal;
    int32_t today;
    struct http_exchange *exchange;
    struct mailbox *home;   /* NULL: a thread that is no loop waits for it (writer_record) */
    bool decided;           /* with no home: the writer has done with it */
    uint64_t position;      /* of the log, once committed */
    struct ticket *next;
};

struct ticket *ticket_take(struct loop *);      /* from the loop's own pool */
void ticket_give_back(struct loop *, struct ticket *);

/* A mailbox belongs to a loop; `deliver` is called in that loop for each ticket that comes back, `committed` once after
 * any commit (for followers of the feed). */
struct mailbox *mailbox_new(struct loop *, void (*deliver)(struct loop *, struct ticket *), void (*committed)(struct loop *));
void mailbox_free(struct mailbox *);

int writer_start(struct service *, struct mailbox *const *mailboxes, unsigned count, struct writer **ret);
/* From the loop that owns the connection. What one turn of the loop submits goes to the writer together, at the turn's end.
 * False: too many are waiting. */
bool writer_submit(struct loop *, struct ticket *);
/* From a thread that is no loop, with a ticket of its own: submits it and returns once it was decided. False: too many are waiting. */
bool writer_record(struct writer *, struct ticket *);
/* Has the writer call `run` between two batches, and returns when it did. From one thread at a time, which is no loop. */
void writer_between(struct writer *, void (*run)(void *context), void *context);
void writer_stop(struct writer *);      /* finishes what was submitted, then ends the thread */
unsigned writer_waiting(struct writer *);
/* Why the clock cannot be right, so that no command is taken, in the arena; NULL: it can be. From any thread. */
const char *writer_clock(struct writer *, struct arena *, bool french);

#endif
