/* What one delivery's stream says of it: a web-hook, a digest or a calendar as it is set today. Folded from its standing events, so
 * that a correction or a void counts like everywhere else. */
#ifndef DAEMON_SUBSCRIPTION_H
#define DAEMON_SUBSCRIPTION_H

#include "call.h"

enum delivery_way { WAY_webhook, WAY_digest, WAY_calendar };

struct subscription {
    uint64_t stream;
    enum delivery_way way;
    struct text address;        /* a web-hook's URL, a digest's address; sealed: absent when it was read without its key */
    struct text secret;         /* 52 characters: a web-hook's signing key, the end of a calendar's address; sealed */
    struct text secret_before;  /* the one that was renewed, absent when there is none */
    int64_t before_until_ms;    /* it counts until then */
    uint64_t topics;            /* set of delivery_topic; a web-hook's */
    int64_t referent;           /* only what is routed to them; ABSENT: everything (a web-hook), the coordinator's own (a digest) */
    bool english, names, even_empty;
    int32_t minute;             /* of the day, in the PLIE's zone; a digest's */
    uint64_t weekdays;          /* set of weekday; a digest's */
    uint64_t opened_seq;
    int64_t opened_ms;
    int32_t stopped_on;         /* DAY_NONE: it runs */
    int stopped_why;            /* stop_reason */
    uint64_t stopped_seq;
};

/* Of the standing events of one stream, in the order of the fold. False: they open nothing. Texts are the events'. */
bool subscription_fold(struct subscription *, const struct event *const *standing, uint32_t count);
/* After call_look: of one stream, with its sealed fields when `open`; in the arena. False: there is none, or it cannot be read, and
 * nothing was refused. */
bool subscription_read(struct call *, struct arena *, uint64_t stream, bool open, struct subscription *ret);

#endif
