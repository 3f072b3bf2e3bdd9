/* From a request to the answer function of its route: who is asking, which route, which id. */
#ifndef DAEMON_ROUTES_H
#define DAEMON_ROUTES_H

#include "service.h"

struct route {
    enum http_method method;
    const char *path;
    unsigned roles;             /* set of roles; ANYBODY needs no token */
    answer_fn *answer;
    const char *fr, *en;
};

extern const struct route routes[];
extern const unsigned route_count;

void routes_handle(struct http_exchange *, const struct http_request *, void *loop);    /* http_handler */
size_t routes_body_bytes_max(const struct http_request *, void *loop);                  /* http_on_head */

#endif
