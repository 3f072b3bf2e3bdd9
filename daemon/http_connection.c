/* A connection's life: what to do next, writing, closing. */

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>

#include "http_connection.h"

enum {
    SPARE_EXCHANGES_MAX = 1024,
    LINGER_BYTES_MAX = 256 * 1024 /* read and thrown away after our last byte */
};

static struct evbuffer *output_of(const struct http_connection *connection)
{
    return bufferevent_get_output(connection->bufferevent);
}

struct http_exchange *http_exchange_new(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    struct http_exchange *exchange = TAILQ_FIRST(&server->spares);
    if (exchange != NULL) {
        TAILQ_REMOVE(&server->spares, exchange, link);
        server->spare_count--;
    } else if ((exchange = malloc(sizeof *exchange)) == NULL) {
        connection->is_broken = true;
        return NULL;
    }
    *exchange = (struct http_exchange){ .connection = connection, .server = server };
    TAILQ_INSERT_TAIL(&connection->exchanges, exchange, link);
    connection->exchange_count++;
    return exchange;
}

void http_exchange_release(struct http_exchange *exchange)
{
    struct http_server *server = exchange->server;
    if (exchange->connection != NULL) {
        TAILQ_REMOVE(&exchange->connection->exchanges, exchange, link);
        exchange->connection->exchange_count--;
    } else if (server != NULL) {
        TAILQ_REMOVE(&server->orphans, exchange, link);
        server->orphan_count--;
        http_server_wake(server);
    }
    if (exchange->held != NULL) {
        evbuffer_free(exchange->held);
    }
    if (server != NULL && server->spare_count < SPARE_EXCHANGES_MAX) {
        TAILQ_INSERT_HEAD(&server->spares, exchange, link);
        server->spare_count++;
    } else {
        free(exchange);
    }
}

/* The client has gone before its answer: the handler still owes it, to nobody. */
static void make_orphan(struct http_exchange *exchange)
{
    struct http_server *server = exchange->server;
    TAILQ_REMOVE(&exchange->connection->exchanges, exchange, link);
    exchange->connection->exchange_count--;
    exchange->connection = NULL;
    TAILQ_INSERT_TAIL(&server->orphans, exchange, link);
    server->orphan_count++;
}

/* Ends a stream that nobody reads any further. */
void http_abandon_stream(struct http_exchange *exchange)
{
    void (*gone)(void *) = exchange->gone;
    void *context = exchange->context;
    http_exchange_release(exchange);
    if (gone != NULL) {
        gone(context);
    }
}

static void leave_exchanges(struct http_connection *connection)
{
    struct http_exchange *exchange;
    while ((exchange = TAILQ_FIRST(&connection->exchanges)) != NULL) {
        if (exchange->is_answered) {
            http_exchange_release(exchange);
        } else if (exchange->is_stream) {
            http_abandon_stream(exchange);
        } else {
            make_orphan(exchange);
        }
    }
}

void http_connection_close(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    connection->is_busy = true; /* whatever `gone` does, this connection is not marked again */
    if (connection->is_dirty) {
        LIST_REMOVE(connection, dirty_link);
    }
    leave_exchanges(connection);
    TAILQ_REMOVE(&server->connections, connection, link);
    server->connection_count--;
    bufferevent_free(connection->bufferevent);
    free(connection->gathered.at);
    free(connection);
    http_listeners_pause(server, false);
    http_server_wake(server);
}

void http_connection_mark(struct http_connection *connection)
{
    if (!connection->is_busy && !connection->is_dirty) {
        connection->is_dirty = true;
        LIST_INSERT_HEAD(&connection->server->dirty, connection, dirty_link);
        event_active(connection->server->flush, EV_TIMEOUT, 0);
    }
}

bool http_connection_is_blocked(const struct http_connection *connection)
{
    const struct http_limits *limits = &connection->server->limits;
    const struct http_exchange *last = TAILQ_LAST(&connection->exchanges, http_exchanges);
    /* HTTP/1.0 knows no pipelines: its answer may turn out to be a stream, which ends with the connection. */
    return connection->is_closing || (last != NULL && last->is_old) ||
           connection->exchange_count >= limits->pipeline_max ||
           evbuffer_get_length(output_of(connection)) + connection->held_bytes > limits->answer_bytes_max;
}

/*
 * Writes at once instead of waiting for the loop to say that the socket is writable, which it nearly always is: this
 * spares two epoll_ctl and one turn of the loop for each answer. bufferevents keep the front of their output frozen
 * so that nobody writes behind their back; they do not write themselves while EV_WRITE is off.
 */
static void write_out(struct http_connection *connection)
{
    struct evbuffer *output = output_of(connection);
    if (evbuffer_get_length(output) == 0 || bufferevent_get_enabled(connection->bufferevent) & EV_WRITE) {
        return;
    }
    evbuffer_unfreeze(output, 1);
    int written = evbuffer_write(output, bufferevent_getfd(connection->bufferevent));
    int error = errno;
    evbuffer_freeze(output, 1);
    if (written < 0 && error != EAGAIN && error != EINTR) {
        connection->is_broken = true;
    } else if (evbuffer_get_length(output) > 0) {
        bufferevent_enable(connection->bufferevent, EV_WRITE);
    }
}

/* A stream that was asked for with HEAD is over as soon as its head is written. */
static void end_streams_without_body(struct http_connection *connection)
{
    struct http_exchange *first;
    while ((first = TAILQ_FIRST(&connection->exchanges)) != NULL && first->is_stream && first->is_head) {
        http_abandon_stream(first);
        http_settle(connection);
    }
}

/*
 * What a paused stream writes now goes out when the loop finds the socket writable, not at once: or else one client
 * that reads fast enough would keep the loop to itself.
 */
static void resume_stream(struct http_connection *connection)
{
    struct http_exchange *first = TAILQ_FIRST(&connection->exchanges);
    if (first == NULL || !first->is_paused || evbuffer_get_length(output_of(connection)) > 0) {
        return;
    }
    first->is_paused = false;
    if (first->drained != NULL) {
        first->drained(first, first->context);
    }
    if (evbuffer_get_length(output_of(connection)) > 0) {
        bufferevent_enable(connection->bufferevent, EV_WRITE);
    }
}

/*
 * Closing while the client still sends would make its kernel throw our last answer away: we shut our side, read what
 * comes for a moment, and let the client close first.
 */
static void linger(struct http_connection *connection)
{
    connection->is_lingering = true;
    connection->since_ms = http_now_ms();
    shutdown(bufferevent_getfd(connection->bufferevent), SHUT_WR);
    struct evbuffer *input = bufferevent_get_input(connection->bufferevent);
    evbuffer_drain(input, evbuffer_get_length(input));
}

static void choose_reading(struct http_connection *connection)
{
    bool wanted = !connection->is_at_end &&
                  (connection->is_lingering || !http_connection_is_blocked(connection));
    bool enabled = (bufferevent_get_enabled(connection->bufferevent) & EV_READ) != 0;
    if (wanted && !enabled) {
        bufferevent_enable(connection->bufferevent, EV_READ);
    } else if (!wanted && enabled) {
        bufferevent_disable(connection->bufferevent, EV_READ);
    }
}

/* Reads, answers and writes as far as can be without waiting. The connection may be closed by it. */
void http_connection_advance(struct http_connection *connection)
{
    bool stopped;
    if (connection->is_lingering) {
        return;
    }
    connection->is_busy = true;
    do {
        http_read_requests(connection);
        end_streams_without_body(connection);
        stopped = http_connection_is_blocked(connection);
        write_out(connection);
    } while (stopped && !connection->is_broken && !http_connection_is_blocked(connection));
    resume_stream(connection);
    connection->is_busy = false;

    /* Not stopped: the input holds no further request; at its end, none will come. */
    connection->is_closing |= connection->is_at_end && !stopped;
    bool idle = TAILQ_EMPTY(&connection->exchanges) && evbuffer_get_length(output_of(connection)) == 0;
    if (connection->is_broken || (idle && connection->is_closing && connection->is_at_end)) {
        http_connection_close(connection);
        return;
    }
    if (idle && connection->is_closing) {
        linger(connection);
    } else if (!connection->is_within_request) {
        connection->since_ms = http_now_ms();
    }
    choose_reading(connection);
}

static void discard(struct http_connection *connection)
{
    struct evbuffer *input = bufferevent_get_input(connection->bufferevent);
    connection->discarded_bytes += evbuffer_get_length(input);
    evbuffer_drain(input, evbuffer_get_length(input));
    if (connection->discarded_bytes > LINGER_BYTES_MAX) {
        http_connection_close(connection);
    }
}

static void on_readable(struct bufferevent *bufferevent, void *context)
{
    struct http_connection *connection = context;
    (void)bufferevent;
    if (connection->is_lingering) {
        discard(connection);
        return;
    }
    http_read_more(connection);
    http_connection_advance(connection);
}

static void on_written(struct bufferevent *bufferevent, void *context)
{
    bufferevent_disable(bufferevent, EV_WRITE);
    http_connection_advance(context);
}

static void on_event(struct bufferevent *bufferevent, short what, void *context)
{
    struct http_connection *connection = context;
    (void)bufferevent;
    connection->is_at_end = true;
    if (!(what & BEV_EVENT_EOF) || connection->is_lingering) {
        http_connection_close(connection);
    } else {
        http_connection_advance(connection);
    }
}

bool http_connection_open(struct http_server *server, evutil_socket_t fd, bool is_tcp)
{
    struct http_connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        return false;
    }
    connection->bufferevent = bufferevent_socket_new(server->base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (connection->bufferevent == NULL) {
        free(connection);
        return false;
    }
    connection->server = server;
    connection->since_ms = http_now_ms();
    TAILQ_INIT(&connection->exchanges);
    TAILQ_INSERT_TAIL(&server->connections, connection, link);
    server->connection_count++;
    int on = 1;
    if (is_tcp) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    unsigned stall_ms = server->limits.stall_ms;
    struct timeval stall = { .tv_sec = stall_ms / 1000, .tv_usec = stall_ms % 1000 * 1000 };
    bufferevent_setcb(connection->bufferevent, on_readable, on_written, on_event, connection);
    bufferevent_set_timeouts(connection->bufferevent, NULL, stall_ms ? &stall : NULL);
    bufferevent_disable(connection->bufferevent, EV_WRITE);
    bufferevent_enable(connection->bufferevent, EV_READ);
    return true;
}
