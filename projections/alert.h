/* One alert: a deadline that shows, of a participant (a rule's own deadline) or of another stream (a duty). Pure: which day it is comes in.
 *
 * Its id is rule, stream, day it is counted since: "progress-review:p_7kd2m0qx:2026-01-16". The cause is no part of it, for it changes
 * with every contact while the alert does not; a deadline that moves is counted since another day, and is another alert. A rule has
 * at most one open deadline in a stream, so an id names one thing on any day, with no index and no counter, and the same after a rebuild. */
#ifndef PROJECTIONS_ALERT_H
#define PROJECTIONS_ALERT_H

#include "../events/ids.h"
#include "../events/rules.h"

#define NOBODY ((uint64_t)ABSENT)
#define ALERT_ID_BYTES 96       /* a rule's name, ':', an id, ':', a day, and the end */

enum alert_status { ALERT_open, ALERT_seen, ALERT_put_off, ALERT_settled, ALERT_STATUSES };

struct alert {
    enum stream_type owes;      /* what kind of stream it is about */
    uint64_t owner;             /* that stream */
    uint64_t referent;          /* who follows the participant, or the référent who owes; NOBODY */
    int rule;                   /* enum rule_number */
    int32_t due, since;         /* the last good day; the day it is counted since */
    int32_t shown_on;           /* the first day on which it is seen: `since`, or that of the event that opened it when that is later */
    uint64_t cause;             /* seq; 0: it is not filed with the alert, explain tells */
    int32_t seen_on;            /* DAY_NONE: nobody said so */
    int32_t until_day;          /* put off until that day, on which it shows again; DAY_NONE */
    int32_t settled_on;         /* the day of the event that ended its cause; DAY_NONE: open */
    uint64_t settled;           /* seq of that event; 0: open */
};

const char *alert_id(const struct alert *, char out[ALERT_ID_BYTES]);       /* returns out */
/* Rule, owes, owner and since; the rest as in an alert of which nothing is known. False: it is no alert's id. */
bool alert_id_read(struct text, struct alert *ret);
const char *alert_status_name(enum alert_status);
int alert_status_named(struct text);                                        /* -1 when there is none */
/* Put off until the day before until_day. */
enum alert_status alert_status_on(const struct alert *, int32_t day);
/* The order of lists: the one that is late the longest first. */
int alert_compare(const struct alert *, const struct alert *);

#endif
