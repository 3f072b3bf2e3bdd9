/* Workers: a few threads for answers that take long, so that no loop is held up by them. Which do is said in routes.def.
 *
 * A loop hands over a call whose request was read and whose asker is known; the task owns copies of all of it. A worker runs
 * the route's answer function on it; what would be sent is kept in the task, which comes back through its loop's bell and is
 * sent there. A loop alone touches exchanges.
 *
 * One answer reflects one position of the log, however long it takes: that of its first look (call_look). Between chunks
 * (call_go_on) the read transactions are begun anew, so that no page is kept from reuse for longer than a chunk; from then on
 * the stores may hold more, and events after the answer's position are passed over. This holds for what is folded from
 * events, which nothing changes. Rows of views change: an answer reads them in one look, before its first call_go_on.
 *
 * A client that leaves, or shuts its side, while a long answer is being made cancels it: at the end of a chunk. SIGTERM: what has
 * begun is finished, what waits is told to come again. */
#ifndef DAEMON_WORKERS_H
#define DAEMON_WORKERS_H

#include "service.h"

#define NICE 10                         /* of threads that have time: loops and the writer come first */
#define TASKS_WAITING_MAX 64             /* then 503 and Retry-After */

struct workers;
struct tasks;        /* those of one loop */

int workers_start(unsigned count, struct workers **ret);
void workers_stop(struct workers *);    /* once the loops have ended */
unsigned workers_waiting(struct workers *);

struct tasks *tasks_new(struct loop *);
void tasks_free(struct tasks *);

/* From the call's loop. True: the exchange is the task's. False: too many are waiting, and nothing was taken. */
bool workers_submit(struct call *);

/* ---- for call.c, from a worker ---- */
bool task_cancelled(const struct task *);
void task_keep(struct task *, int status, const char *headers, const char *content_type, const void *body, size_t body_bytes);
/* The same, with a body that goes on in a file: its first `bytes`. The descriptor is the task's from here on. */
void task_keep_file(struct task *, int status, const char *headers, const char *content_type, const void *head, size_t head_bytes, int fd, uint64_t bytes);

#endif
