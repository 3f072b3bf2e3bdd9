/* Deliveries: one thread that sends what is subscribed to. It follows the log, compares the alerts of the day with what each subscription was
 * told (outbox.h), sends (out/transfer.h), and has the writer record what became of it. No loop and not the writer ever waits for a
 * receiver; a receiver that hangs holds its own subscription only.
 *
 * At least once, honestly: a message is recorded after the other side said yes, several by one record. Killed before that, the same messages
 * go again under the same ids; everywhere else once. While nothing can be recorded (no room, a wrong clock), nothing is sent.
 *
 * What is due is due by the service's clock, which in a demonstration stands still between two commands. */
#ifndef DAEMON_DELIVERIES_H
#define DAEMON_DELIVERIES_H

#include "service.h"

#define DELIVERIES_MAX 4096             /* subscriptions; more are not sent to, and said on standard error */

struct deliveries;

int deliveries_start(struct service *, struct deliveries **ret);
void deliveries_stop(struct deliveries *);      /* records what was sent; before the writer stops, which may still wake it */
void deliveries_free(struct deliveries *);      /* once the writer has stopped */
void deliveries_wake(struct deliveries *);      /* after a commit; from any thread */

/* What the thread knows and the log does not. */
struct delivery_state {
    uint64_t stream;
    uint32_t waiting;           /* messages that are due and did not go yet */
    unsigned attempts;          /* since it fails; 0: it does not */
    int64_t failing_ms, next_ms;        /* instants: of the first failure, of the next attempt */
    int64_t last_sent_ms;       /* 0: never */
    uint64_t through;           /* every event until this one was offered */
    char said[256];             /* how the last failure went, in English */
    bool stopped;
};
/* False: it is not there (yet). From any thread. */
bool deliveries_state(struct deliveries *, uint64_t stream, struct delivery_state *ret);
struct deliveries_count {
    unsigned subscriptions, waiting, failing, stopped;
};
struct deliveries_count deliveries_count(struct deliveries *);

#endif
