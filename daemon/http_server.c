/* The server: accepting, the deadlines' sweep, draining. */

#include <stdlib.h>
#include <unistd.h>

#include "http_connection.h"

enum { ACCEPT_AGAIN_MS = 100 }; /* after descriptors ran out */

const struct http_limits http_limits_default = {
    .head_bytes_max = 8 * 1024,
    .headers_max = HTTP_HEADERS_MAX,
    .body_bytes_max = 1024 * 1024,
    .connections_max = 1000,
    .pipeline_max = 16,
    .answer_bytes_max = 1024 * 1024,
    .request_ms = 30 * 1000,
    .idle_ms = 60 * 1000,
    .stall_ms = 30 * 1000,
    .linger_ms = 2 * 1000,
};

int64_t http_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void http_server_wake(struct http_server *server)
{
    if (server->is_draining && server->flush != NULL) {
        event_active(server->flush, EV_TIMEOUT, 0);
    }
}

/* Streams begun after their client had gone. */
static void abandon_orphan_streams(struct http_server *server)
{
    struct http_exchange *exchange = TAILQ_FIRST(&server->orphans);
    server->has_orphan_streams = false;
    while (exchange != NULL) {
        if (!exchange->is_stream) {
            exchange = TAILQ_NEXT(exchange, link);
            continue;
        }
        http_abandon_stream(exchange);
        exchange = TAILQ_FIRST(&server->orphans); /* `gone` may have answered any of the others */
    }
}

/* What was left behind since the loop's last turn: answers to write, and the end of draining. */
static void on_flush(evutil_socket_t fd, short what, void *context)
{
    struct http_server *server = context;
    struct http_connection *connection;
    (void)fd;
    (void)what;
    while ((connection = LIST_FIRST(&server->dirty)) != NULL) {
        LIST_REMOVE(connection, dirty_link);
        connection->is_dirty = false;
        http_connection_advance(connection);
    }
    if (server->has_orphan_streams) {
        abandon_orphan_streams(server);
    }
    if (server->is_draining && server->connection_count == 0 && server->orphan_count == 0 && server->drained) {
        void (*drained)(void *) = server->drained;
        server->drained = NULL;
        drained(server->drained_context); /* last, as it may free the server */
    }
}

static void judge(struct http_connection *connection, int64_t now_ms)
{
    const struct http_limits *limits = &connection->server->limits;
    int64_t elapsed_ms = now_ms - connection->since_ms;
    bool is_quiet = TAILQ_EMPTY(&connection->exchanges) &&
                    evbuffer_get_length(bufferevent_get_output(connection->bufferevent)) == 0;
    if (connection->is_lingering) {
        if (elapsed_ms >= limits->linger_ms) {
            http_connection_close(connection);
        }
    } else if (connection->is_within_request) {
        /* The client is not late while it is we who do not read, or who still owe it a "100 Continue". */
        if (http_connection_is_blocked(connection) || connection->owes_continue) {
            connection->since_ms = now_ms;
        } else if (elapsed_ms >= limits->request_ms) {
            http_refuse(connection, (struct http_refusal){ 408, "The request took too long to arrive." });
            http_connection_mark(connection);
        }
    } else if (is_quiet && !connection->is_closing && elapsed_ms >= limits->idle_ms) {
        http_connection_close(connection);
    }
}

/* One timer for all: a timer for each connection would be set again at each request. */
static void on_sweep(evutil_socket_t fd, short what, void *context)
{
    struct http_server *server = context;
    int64_t now_ms = http_now_ms();
    struct http_connection *connection, *next;
    (void)fd;
    (void)what;
    for (connection = TAILQ_FIRST(&server->connections); connection != NULL; connection = next) {
        next = TAILQ_NEXT(connection, link);
        judge(connection, now_ms);
    }
}

static void on_accept_again(evutil_socket_t fd, short what, void *context)
{
    struct http_server *server = context;
    (void)fd;
    (void)what;
    http_listeners_pause(server, server->connection_count >= server->limits.connections_max);
}

void http_accepted(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address, int address_bytes,
                   void *context)
{
    struct http_server *server = context;
    (void)listener;
    (void)address_bytes;
    if (!http_connection_open(server, fd, address->sa_family != AF_UNIX)) {
        close(fd);
    }
    if (server->connection_count >= server->limits.connections_max) {
        http_listeners_pause(server, true);
    }
}

/* The socket stays readable while descriptors are lacking: without a pause the loop would spin. */
void http_accept_failed(struct evconnlistener *listener, void *context)
{
    struct http_server *server = context;
    const struct timeval later = { .tv_usec = ACCEPT_AGAIN_MS * 1000 };
    (void)listener;
    http_listeners_pause(server, true);
    evtimer_add(server->accept_again, &later);
}

static bool make_events(struct http_server *server)
{
    const struct timeval second = { .tv_sec = 1 };
    server->flush = event_new(server->base, -1, 0, on_flush, server);
    server->sweep = event_new(server->base, -1, EV_PERSIST, on_sweep, server);
    server->accept_again = evtimer_new(server->base, on_accept_again, server);
    return server->flush && server->sweep && server->accept_again && evtimer_add(server->sweep, &second) == 0;
}

struct http_server *http_server_new(struct event_base *base, const struct http_limits *limits, http_handler *handler,
                                    void *context)
{
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return NULL;
    }
    server->base = base;
    server->limits = *limits;
    server->handler = handler;
    server->context = context;
    TAILQ_INIT(&server->connections);
    TAILQ_INIT(&server->orphans);
    TAILQ_INIT(&server->spares);
    LIST_INIT(&server->dirty);
    if (server->limits.headers_max > HTTP_HEADERS_MAX) {
        server->limits.headers_max = HTTP_HEADERS_MAX;
    }
    if (!make_events(server)) {
        http_server_free(server);
        return NULL;
    }
    return server;
}

void http_server_on_head(struct http_server *server, http_on_head *on_head)
{
    server->on_head = on_head;
}

void http_server_drain(struct http_server *server, void (*done)(void *), void *context)
{
    http_listeners_close(server);
    server->is_draining = true;
    server->drained = done;
    server->drained_context = context;
    struct http_connection *connection;
    TAILQ_FOREACH(connection, &server->connections, link) {
        /* A request that has begun may still arrive: its answer will be the last. */
        if (!connection->is_within_request) {
            connection->is_closing = true;
            http_connection_mark(connection);
        }
    }
    http_server_wake(server);
}

void http_server_free(struct http_server *server)
{
    struct http_connection *connection;
    struct http_exchange *exchange;
    if (server == NULL) {
        return;
    }
    server->is_draining = false;
    http_listeners_close(server);
    while ((connection = TAILQ_FIRST(&server->connections)) != NULL) {
        http_connection_close(connection);
    }
    TAILQ_FOREACH(exchange, &server->orphans, link) {
        exchange->server = NULL;
    }
    while ((exchange = TAILQ_FIRST(&server->spares)) != NULL) {
        TAILQ_REMOVE(&server->spares, exchange, link);
        free(exchange);
    }
    struct event *const events[] = { server->flush, server->sweep, server->accept_again };
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        if (events[i] != NULL) {
            event_free(events[i]);
        }
    }
    free(server);
}

size_t http_connections(const struct http_server *server)
{
    return server->connection_count;
}
