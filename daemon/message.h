/* One message of a subscription, how the log names it, and lists of them. Pure. */
#ifndef DAEMON_MESSAGE_H
#define DAEMON_MESSAGE_H

#include "../projections/alert.h"

#define MESSAGE_ID_BYTES 31             /* "msg_", 26 characters, and the end */
#define MESSAGE_LINE_BYTES 200

/* The first four are the words of delivery_topic, in their order. */
enum message_topic { MESSAGE_shown, MESSAGE_escalated, MESSAGE_settled, MESSAGE_event, MESSAGE_test, MESSAGE_digest, MESSAGE_TOPICS };

struct message {
    char id[MESSAGE_ID_BYTES];
    enum message_topic topic;
    struct alert alert;         /* shown, escalated, settled: as it was when it became due; read from the log, only what its id tells */
    int64_t to;                 /* whom the alert is routed to; ABSENT: the coordinator */
    int32_t until_day;          /* shown: it had been put off until then; DAY_NONE */
    int32_t escalated_on;       /* escalated: the day it was; DAY_NONE: not known any more */
    int32_t day;                /* digest: of its occurrence */
    uint64_t seq;               /* event: the event's; test: of what asked for it */
    bool again;                 /* it is replayed */
    /* once it was sent */
    unsigned attempts;
    int answered;
    uint64_t from;              /* event: it stands for a run of `count`, from that one to `seq` */
    uint32_t count;
};
struct messages {
    struct message *at;
    uint32_t n, room;
};

/* "ID TOPIC SUBJECT": how the log names a message. Nothing of a person: an alert's id ("@" and a day when it had been put off until then), an
 * event's number, a day. */
const char *message_subject(const struct message *, char out[MESSAGE_LINE_BYTES]);
const char *message_line(const struct message *, char out[MESSAGE_LINE_BYTES]);
static inline bool message_of_alert(const struct message *m)
{
    return m->topic <= MESSAGE_settled;
}
bool message_read(struct text line, struct message *ret);
/* "- event FROM-TO": a run of events, whose ids follow from their numbers. */
bool message_read_run(struct text line, uint64_t *ret_from, uint64_t *ret_until);
bool message_next_line(struct text *rest, struct text *ret);    /* of a record of several */
const char *message_topic_name(enum message_topic);     /* "alert_shown", as the log has it */

/* Lists: at.. is the list's own memory, freed by who frees the list. */
void messages_add(struct messages *, const struct message *);
void messages_put_first(struct messages *, const struct message *);
int64_t messages_place(const struct messages *, const char *id);       /* -1: it is not there */
void messages_take_out(struct messages *, int64_t place);              /* -1: nothing */

#endif
