/* What one subscription was told and what it is still to be told. Pure: events, alerts and instants come in, messages come out; the thread
 * (deliveries.h) reads, sends and records.
 *
 * The outbox keeps no state of its own on disk: what must go is a difference, what is derived now less what the log says went. So a crash,
 * a late correction, a rebuild or a stop of a week lose nothing, and what goes twice has the same id.
 *
 * Order of use: outbox_init; outbox_set and outbox_told for what the log holds; then again and again outbox_difference, outbox_begin, and
 * outbox_sent or outbox_failed for what was begun; outbox_free. One thread. */
#ifndef DAEMON_OUTBOX_H
#define DAEMON_OUTBOX_H

#include "../events/event.h"
#include "message.h"
#include "subscription.h"

#define MESSAGES_WAITING_MAX 20000      /* of one subscription; beyond, the next difference finds the rest */
#define RETRY_AFTER_S_MAX 3600          /* what a receiver asks for is kept to so far */
#define GIVE_UP_MS 86400000ll           /* after the first failure */

/* An alert of today, whoever it is about. */
struct alert_today {
    struct alert alert;
    int64_t to;                 /* a référent; ABSENT: the coordinator */
    bool escalated;             /* the coordinator sees it, too, ... */
    int32_t escalates_on;       /* ... since that day; DAY_NONE: never */
};

struct told;
struct outbox {
    const uint8_t *sid;         /* of the store: ids depend on it */
    struct subscription set;
    uint64_t through;           /* every event until this one was offered: the durable position */
    struct told *told;          /* a hash map */
    uint32_t told_n, told_room, scan;
    struct messages tests;      /* asked for, not sent */
    struct messages again;      /* to be replayed */
    struct messages waiting;    /* the last difference */
    struct messages unrecorded; /* sent, and the log does not say so yet */
    struct message current;     /* being sent, when `flying`; or the one that failed last */
    bool flying;
    int32_t digest_day;         /* the last occurrence that was decided; DAY_NONE */
    int32_t refused_day;        /* the last one that was refused for good, and none went since; DAY_NONE */
    int64_t last_sent_ms;       /* 0: never */
    /* since it fails; cleared by a success */
    unsigned attempts;          /* 0: it does not */
    int64_t first_ms, next_ms;
    /* where it is recorded */
    uint64_t sending;           /* stream; 0 none yet */
    int32_t month;
    uint64_t sending_events;
};

void outbox_init(struct outbox *, const uint8_t *sid, uint64_t stream);
void outbox_free(struct outbox *);

/* The id of a message of this subscription: the same for ever. For alerts it depends on how often they were told as settled before. */
void outbox_name(const struct outbox *, struct message *);
/* It went, now or long ago, in the order of the log. Said twice, it counts once. */
void outbox_told(struct outbox *, const struct message *);
void outbox_test(struct outbox *, uint64_t seq);
/* It is to go again, under the id that it had. */
void outbox_again(struct outbox *, const struct message *);

/* ---- from the log (deliveries_fold.c) ---- */
/* What an event of the delivery or of one of its sendings says: sent, failed, tested, resumed. In the order of the log. */
void outbox_learn(struct outbox *, const struct event *);
/* A replay was asked: whatever `past` (of its sendings, in the order of the log) says went on `from_day` or later goes again. */
void outbox_replay(struct outbox *, const struct event *const *past, uint32_t count, int32_t from_day);

/* What is to be told of all alerts that stand today (put off and seen ones, too) replaces what waited. */
void outbox_difference(struct outbox *, const struct alert_today *all, uint32_t count, int32_t today);

/* The next one that may go now, which is `current` until outbox_sent or outbox_failed; NULL: none. Tests go before all else, and also when it
 * is stopped or fails. */
const struct message *outbox_begin(struct outbox *, int64_t now_ms);
/* Whether anything but a test could go now: runs, and no failure is waited for. */
bool outbox_ready(const struct outbox *, int64_t now_ms);
void outbox_begin_one(struct outbox *, const struct message *);         /* one that the difference does not know: an event, a digest */
void outbox_sent(struct outbox *, int64_t now_ms, int answered);
void outbox_decided(struct outbox *, int64_t now_ms);   /* the digest that was begun says nothing: it is noted, and nothing goes */
/* When it is to be tried again. `dice` is random; a test is not tried again. True: it failed for a day, and is given up. */
bool outbox_failed(struct outbox *, int64_t now_ms, int retry_after_s, uint32_t dice);
void outbox_forgive(struct outbox *);   /* what failed before is over: it was resumed, or set otherwise */

#endif
