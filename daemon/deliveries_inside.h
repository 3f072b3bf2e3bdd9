/* What deliveries*.c share. All of it is the thread's, but for what stands under a lock. */
#ifndef DAEMON_DELIVERIES_INSIDE_H
#define DAEMON_DELIVERIES_INSIDE_H

#include <pthread.h>

#include "deliveries.h"
#include "out/transfer.h"
#include "outbox.h"
#include "own_call.h"
#include "writer.h"

/* One subscription under way. It stays where it is: transfers point to it. */
struct delivery {
    struct deliveries *all;
    struct outbox box;
    struct arena texts;         /* of box.set */
    bool changed;               /* its settings are to be read anew */
    uint64_t *sendings;         /* its streams of what was sent, oldest first */
    uint32_t sending_count, sending_room;
    uint64_t replay_seq;        /* a replay that waits until nothing flies; 0 none */
    int32_t replay_from;
    char *body;                 /* of the message that is tried, kept for the next attempt */
    size_t body_bytes;
    char body_of[MESSAGE_ID_BYTES];
    char mail_hash[2 * HASH_BYTES + 1];     /* SHA-256 of it, of a digest */
    /* to be recorded besides box.unrecorded */
    bool failed, given_up;
    struct message failed_message;
    enum transfer_end failed_end;
    int failed_answered;
    unsigned failed_attempts;
    int stop_why;               /* a stop_reason; -1 none */
    bool flush;                 /* what was sent is to be recorded now */
    int64_t unrecorded_ms, unrecorded_clock_ms;     /* since when some is not: time elapsed, the service's clock */
    int64_t recorded_ms;        /* the last time, elapsed */
    char said[256];
};

struct deliveries {
    struct service *service;
    pthread_t thread;
    atomic_bool stopping, rung;
    pthread_mutex_t lock;       /* of `states` */
    struct delivery_state states[DELIVERIES_MAX];
    unsigned state_count;
    struct transfers *transfers;
    struct own_call own;
    struct arena scratch;       /* of one stream being read */
    struct ticket ticket;
    struct json_out commands;
    struct delivery *at[DELIVERIES_MAX];
    unsigned count, turn;       /* turn: with whom the next round begins */
    uint64_t position;          /* followed so far */
    bool scan_wanted, too_many;
    int32_t scanned_day;
    int64_t scanned_ms, scan_pause_ms;  /* elapsed, when it ended; until the next one */
    int64_t blocked_ms;         /* elapsed: nothing is sent until then, for nothing could be recorded; 0 */
};

/* deliveries_read.c */
bool deliveries_load(struct deliveries *);      /* all that the log says; false: it could not be read now */
bool deliveries_follow(struct deliveries *);    /* some more of the log; false: there was nothing */
void delivery_add_sending(struct delivery *, uint64_t stream, int32_t month);
/* deliveries_scan.c: what is to be told, from the alerts of today */
void deliveries_scan(struct deliveries *);
/* deliveries_send.c: whatever may go now begins */
void deliveries_send(struct deliveries *);
void delivery_ended(void *delivery, const struct transfer_result *);
/* deliveries_digest.c */
int32_t digest_occurrence(const struct subscription *, int64_t now_ms);    /* the day of the last one; DAY_NONE: none since it was opened */
bool digest_may_go(struct delivery *, int64_t now_ms);
void digest_begin(struct call *, struct delivery *, int64_t now_ms);        /* after call_look */
bool digest_refused_again(struct delivery *, const struct transfer_result *);   /* a refusal, and so was the occurrence before */
/* message_body.c */
void message_body(struct call *, struct json_out *, const struct outbox *, const struct message *);
/* deliveries_record.c: into the log, by the writer; all of it when the daemon ends */
void deliveries_record(struct deliveries *, bool all);

#endif
