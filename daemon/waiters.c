#include "waiters.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "routes.h"
#include "timer.h"

#define POSITION_MAX (INT64_C(1) << 53)

struct waiter {
    struct waiter *next;
    struct loop *loop;
    struct http_exchange *exchange;
    struct timer *over;
    uint64_t position;
    struct http_request request;
    char bytes[];           /* what the request's texts point to */
};

/* ---- asking ---- */

/* The seconds of a preference "wait=5" (RFC 7240); 0: none, or not one. */
static unsigned seconds_of(const char *at, const char *end)
{
    unsigned n = 0;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (end - at < 6 || strncasecmp(at, "wait=", 5) != 0)
        return 0;
    for (at += 5; at < end && *at >= '0' && *at <= '9'; at++)
        n = n > WAIT_SECONDS_MAX ? n : n * 10 + (unsigned)(*at - '0');
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at < end && *at != ';' ? 0 : n > WAIT_SECONDS_MAX ? WAIT_SECONDS_MAX : n;
}

static unsigned seconds_preferred(const struct http_request *r)
{
    const struct text *prefer = http_header(r, "prefer");
    unsigned seconds = 0;
    const char *at = prefer ? prefer->at : NULL, *end = prefer ? prefer->at + prefer->bytes : NULL;
    while (at < end && seconds == 0) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        seconds = seconds_of(at, comma ? comma : end);
        at = comma ? comma + 1 : end;
    }
    return seconds;
}

/* ---- keeping the request ---- */
static size_t bytes_of(const struct http_request *r)
{
    size_t bytes = r->method_name.bytes + r->path.bytes + r->query.bytes;
    for (unsigned i = 0; i < r->header_count; i++)
        bytes += r->headers[i].name.bytes + r->headers[i].value.bytes;
    return bytes;
}

static struct text copy(char **to, struct text t)
{
    char *at = *to;
    if (t.bytes)
        memcpy(at, t.at, t.bytes);
    *to += t.bytes;
    return (struct text){ at, t.bytes };
}

/* Without its preferences: handled anew, it is answered or refused, and waits no more. */
static void copy_request(struct waiter *w, const struct http_request *r)
{
    char *to = w->bytes;
    w->request = *r;
    w->request.body = (struct text){ NULL, 0 };
    w->request.method_name = copy(&to, r->method_name);
    w->request.path = copy(&to, r->path);
    w->request.query = copy(&to, r->query);
    w->request.header_count = 0;
    for (unsigned i = 0; i < r->header_count; i++) {
        const struct http_field *from = &r->headers[i];
        if (from->name.bytes != 6 || strncasecmp(from->name.at, "prefer", 6) != 0)
            w->request.headers[w->request.header_count++] = (struct http_field){ copy(&to, from->name), copy(&to, from->value) };
    }
}

/* ---- waiting ---- */
static void answer(struct waiter *w)
{
    struct waiter **at = &w->loop->waiters;
    while (*at != w)
        at = &(*at)->next;
    *at = w->next;
    timer_free(w->over);
    routes_handle(w->exchange, &w->request, w->loop);
    free(w);
}

static void on_over(void *context)
{
    answer(context);
}

static void wait_for(struct call *c, uint64_t position, unsigned seconds)
{
    struct waiter *w = malloc(sizeof(*w) + bytes_of(c->request));
    if (!w)
        abort();
    *w = (struct waiter){ .next = c->loop->waiters, .loop = c->loop, .exchange = c->exchange, .position = position };
    copy_request(w, c->request);
    w->over = timer_new(c->loop->base, on_over, w);
    timer_set(w->over, seconds * 1000);
    c->loop->waiters = w;
    c->answered = true;
}

bool waiters_pass(struct call *c)
{
    int64_t wanted = 0;
    if (!call_number(c, "min_position", 0, POSITION_MAX, &wanted))
        return false;
    if (desk_position(c->service->desk) >= (uint64_t)wanted)
        return true;
    unsigned seconds = c->loop->ending ? 0 : seconds_preferred(c->request);
    if (seconds)
        wait_for(c, (uint64_t)wanted, seconds);
    else
        call_refuse(c, REFUSED_position, NULL, NULL);
    return false;
}

void waiters_committed(struct loop *loop)
{
    uint64_t position = desk_position(loop->service->desk);
    for (struct waiter *w = loop->waiters, *next; w; w = next) {
        next = w->next;
        if (w->position <= position)
            answer(w);
    }
}

void waiters_end(struct loop *loop)
{
    while (loop->waiters)
        answer(loop->waiters);
}
