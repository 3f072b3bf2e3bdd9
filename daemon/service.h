/* What all loops of the daemon share, and what each has of its own. */
#ifndef DAEMON_SERVICE_H
#define DAEMON_SERVICE_H

#include <event2/event.h>
#include <stdatomic.h>

#include "call.h"

#define REQUEST_ARENA_BYTES (512u << 20)
#define ANSWER_BYTES_MAX (64u << 20)
#define LOOPS_MAX 8

struct writer;
struct workers;
struct tasks;
struct rebuilder;
struct duplicates;
struct filing;
struct deliveries;
struct settings;

struct service {
    const struct settings *settings;
    struct desk *desk;
    struct writer *writer;
    struct workers *workers;
    struct rebuilder *rebuilder;
    struct duplicates *duplicates;
    struct filing *filing;
    _Atomic(struct deliveries *) deliveries;    /* NULL: nothing leaves, or it starts or stops */
    struct key mac_key;
    atomic_bool draining, read_only;
    atomic_int failure;         /* why the process must stop; 0 */
    char failure_sentence[512]; /* written before `failure` */
    int64_t started_ms;
};

/* A loop owns its connections, an arena for the request being answered, and the list of followers of the feed. */
struct loop {
    struct service *service;
    struct event_base *base;
    struct http_server *http;
    struct arena arena;
    struct json_out out;
    struct mailbox *mailbox;            /* where the writer leaves what is decided; writer.h */
    struct tasks *tasks;                /* its long answers under way; workers.h */
    struct follower *followers;         /* event streams waiting for the next commit; feed.c */
    struct waiter *waiters;             /* reads waiting for a position; waiters.c */
    unsigned number;
    bool ending;
};

int64_t service_now_ms(void);
int64_t service_elapsed_ms(void);                       /* since the machine started, sleep included; nobody sets it */
int64_t service_worked_ms(void);                        /* by the thread that asks: what it had of a processor */
int64_t service_clock(void *context);                   /* the same, for the desk */
int32_t service_day_of(void *context, int64_t ms);      /* in the process's zone (TZ), which is the PLIE's */
int64_t service_clock_ms(struct service *);             /* what is due is due by this one: a demonstration's is its last record */
int32_t service_today(struct service *);                /* the day of service_clock_ms */
int32_t service_minute_of(int64_t ms);                  /* of its day, in the process's zone: 0 to 1439 */
/* When a minute (0 to 1439) of a day is, in the process's zone. One that the clock jumps over in March: the next that exists;
 * one that comes twice in October: the first. */
int64_t service_instant_of(int32_t day, int32_t minute);
#define SERVICE_INSTANT_BYTES 48
/* RFC 3339 in the process's zone, whole seconds: "2026-01-16T00:00:00+01:00". Returns out. */
const char *service_instant_print(int64_t ms, char out[SERVICE_INSTANT_BYTES]);

#endif
