/* The alerts of a day, for whoever tells them: the route, deliveries, calendars. Today and later: the deadlines that are open, read by
 * référent and by the day they show from, so that only what is due is touched. A past day: those, and the ones settled since. What was known
 * at an instant is folded anew. Duties of the other streams (a référent's, a session's...) are few and folded. */
#ifndef DAEMON_ALERTS_H
#define DAEMON_ALERTS_H

#include "../projections/alert.h"
#include "call.h"

#define ALERT_STATUS(s) (1u << ALERT_##s)
#define ALERTS_STANDING (ALERT_STATUS(open) | ALERT_STATUS(seen) | ALERT_STATUS(put_off))

struct alerts_asked {
    int32_t on;
    int64_t known_at;           /* INT64_MAX: all that is known */
    uint64_t referent, participant; /* of whose portfolio, about whom; NOBODY: any */
    int rule;                   /* -1: any */
    unsigned statuses;          /* set of ALERT_STATUS */
};
/* Everybody's standing alerts of today. */
struct alerts_asked alerts_of_today(const struct call *);

/* After call_look. In the call's arena, in the order of alert_compare. False: the call is refused (the store could not be read, or nobody waits
 * any more). Long for a PLIE: a worker's, unless one référent or participant is asked about. */
bool alerts_of(struct call *, const struct alerts_asked *, struct alert **ret, uint32_t *ret_count);

/* What an alert is shown with: of one day, as it was known. */
struct alerts_view {
    int32_t on;
};
/* An object: what the route and a web-hook show. Names no personal data. */
void alert_json(struct json_out *, const struct alert *, const struct alerts_view *, bool french);

#endif
