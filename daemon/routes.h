/* From a request to the answer function of its route: who is asking, which route, which id. */
#ifndef DAEMON_ROUTES_H
#define DAEMON_ROUTES_H

#include "service.h"

/* What its answer takes. Long ones run in a worker (workers.h). */
enum route_length {
    SHORT,              /* some pages of the store, whatever the size of the PLIE */
    LONG,               /* grows with the PLIE */
    LONG_WHEN_PAST,     /* ...with ?as_of= or ?known_at=: everybody is folded */
    LONG_WHEN_NAMED,    /* ...with ?q=: the search by name may have to wait for its index */
    LONG_UNLESS_ONE     /* ...that, or with neither ?referent= nor ?participant= */
};

struct route {
    enum http_method method;
    const char *path;
    unsigned roles;             /* set of roles; ANYBODY needs no token */
    enum route_length length;
    answer_fn *answer;
    const char *const *keys;    /* of its query, ended by NULL */
    const char *fr, *en;
};

extern const struct route routes[];
extern const unsigned route_count;

void routes_answer(struct call *);      /* the route's answer, sent or kept: for a worker */
void routes_handle(struct http_exchange *, const struct http_request *, void *loop);    /* http_handler */
size_t routes_body_bytes_max(const struct http_request *, void *loop);                  /* http_on_head */
struct report;
const struct report *report_asked(const struct call *);     /* whom a path of reports names; NULL when there is none */
bool route_may_wait(const struct route *);              /* whether it has min_position */
/* Whether the query has keys of the route alone, each once; refused otherwise, with those there are. Once c->route is known. */
bool query_keys_known(struct call *);
bool query_key_known(const struct call *, const char *key);     /* what an answer reads must be in its row */

#endif
