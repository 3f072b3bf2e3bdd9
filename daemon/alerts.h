/* The alerts of a day, for whoever tells them: the route, deliveries, calendars. Today and later: the deadlines that are open, read by
 * référent and by the day they show from, so that only what is due is touched. A past day: those, and the ones settled since, each as it was
 * heeded by then. What was known at an instant is folded anew. Duties of the other streams (a référent's, a session's...) are few and folded.
 *
 * Order of use, after call_look: alerts_of, then alerts_view_of, then alert_json or alert_routed for each. */
#ifndef DAEMON_ALERTS_H
#define DAEMON_ALERTS_H

#include "../projections/routing.h"
#include "call.h"

#define ALERT_STATUS(s) (1u << ALERT_##s)
#define ALERTS_STANDING (ALERT_STATUS(open) | ALERT_STATUS(seen) | ALERT_STATUS(put_off))
#define TO_COORDINATOR UINT64_MAX

struct alerts_asked {
    int32_t on;
    int64_t known_at;           /* INT64_MAX: all that is known */
    uint64_t referent, participant; /* of whose portfolio, about whom; NOBODY: any */
    uint64_t to;                /* whom it goes to on that day: a référent; TO_COORDINATOR, escalated ones among them; NOBODY: anybody */
    int rule;                   /* -1: any */
    unsigned statuses;          /* set of ALERT_STATUS; settled: on that very day */
    bool escalated;             /* those alone */
    const struct alert *only;   /* of that id; NULL: any */
};
/* Everybody's standing alerts of today. */
struct alerts_asked alerts_of_today(const struct call *);

/* After call_look. In the call's arena, in the order of alert_compare, each id once. False: the call is refused (the store could not be read,
 * or nobody waits any more). Long for a PLIE: a worker's, unless one référent or participant is asked about. */
bool alerts_of(struct call *, const struct alerts_asked *, struct alert **ret, uint32_t *ret_count);
/* One of a fold's deadlines, and what the fold remembers was said of it; not settled. */
struct alert alert_of_participant(const struct parcours *, int rule, int32_t due, int32_t since, int32_t shown_on, uint64_t cause);

/* What alerts are shown with: of one day, as it was known. It reads the référents as they are needed; as long as the call. */
struct alerts_view {
    int32_t on;
    const struct rulebooks *books;
    struct followers *followers;
};
struct alerts_view alerts_view_of(struct call *, int32_t on, int64_t known_at);
struct way alert_routed(const struct alerts_view *, const struct alert *);
/* An object: what the route and a web-hook show. Names no personal data. */
void alert_json(struct json_out *, const struct alert *, const struct alerts_view *, bool french);

#endif
