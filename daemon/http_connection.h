#ifndef DAEMON_HTTP_CONNECTION_H
#define DAEMON_HTTP_CONNECTION_H

/*
 * What the files of the HTTP server share; nobody else includes this.
 *
 *   http_listen.c      sockets that listen
 *   http_server.c      the server: accepting, the deadlines' sweep, draining
 *   http_connection.c  a connection's life: what to do next, writing, closing
 *   http_reading.c     bytes -> requests
 *   http_answer.c      answers and streams -> bytes
 *
 * One rule keeps this simple: only http_connection_advance(), and what the loop calls directly, may close a
 * connection. Everything reached from the handler only leaves work behind and marks the connection.
 */

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#include "http.h"

struct http_connection;

struct http_exchange {
    TAILQ_ENTRY(http_exchange) link;    /* in its connection's queue, the server's orphans, or its spares */
    struct http_connection *connection; /* NULL: the client has gone */
    struct http_server *server;         /* NULL: the server was freed */
    struct evbuffer *held;              /* the answer, while an earlier request waits for its own */
    bool is_head;
    bool keep_alive;
    bool is_old; /* HTTP/1.0 */
    bool is_answered;
    bool is_stream;
    bool is_paused;
    int64_t left_bytes; /* of a stream's body; -1: its length was not told */
    void (*drained)(struct http_exchange *exchange, void *context);
    void (*gone)(void *context);
    void *context;
};

TAILQ_HEAD(http_exchanges, http_exchange);

enum http_reading {
    READING_HEAD,
    READING_SIZED_BODY,
    READING_CHUNK_LINE,
    READING_CHUNK,
    READING_CHUNK_END,
    READING_LAST_LINE
};

/* A request with a chunked body is gathered here: its head, then its body without the chunk lines. */
struct http_gathered {
    char *at;
    size_t bytes;
    size_t room_bytes;
};

struct http_connection {
    TAILQ_ENTRY(http_connection) link;
    LIST_ENTRY(http_connection) dirty_link;
    struct http_server *server;
    struct bufferevent *bufferevent;
    struct http_exchanges exchanges; /* in the order of their requests */
    unsigned exchange_count;
    size_t held_bytes;
    /* reading */
    enum http_reading reading;
    size_t scanned_bytes;
    size_t head_bytes;
    size_t body_bytes_max;
    uint64_t awaited_bytes;        /* head and body together, or what is left of a chunk */
    uint64_t chunk_overhead_bytes; /* chunk lines so far */
    struct http_gathered gathered;
    int64_t since_ms; /* the first byte of an unfinished request; else the end of the last answer; or of writing */
    bool is_within_request;
    bool has_skipped_line;
    bool owes_continue;
    /* fate */
    bool is_busy;      /* inside http_connection_advance(): no need to be marked */
    bool is_dirty;     /* marked */
    bool is_at_end;    /* the client will send no more */
    bool is_closing;   /* no more requests are read; closes after the last answer */
    bool is_lingering; /* all is sent and our side is shut */
    bool is_broken;    /* out of memory, or the socket failed */
    size_t discarded_bytes;
};

struct http_listener {
    struct evconnlistener *listener;
    struct sockaddr_un path; /* sun_path is empty when it is no Unix socket */
    dev_t device;
    ino_t inode;
    bool is_tcp;
};

enum { HTTP_DATE_LINE_BYTES = 37 }; /* "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" */

struct http_server {
    struct event_base *base;
    struct http_limits limits;
    http_handler *handler;
    http_on_head *on_head;
    void *context;
    TAILQ_HEAD(, http_connection) connections;
    LIST_HEAD(, http_connection) dirty; /* with something to write, once the loop comes back */
    struct http_exchanges orphans;
    struct http_exchanges spares;
    unsigned connection_count;
    unsigned orphan_count;
    unsigned spare_count;
    struct http_listener listeners[HTTP_LISTENERS_MAX];
    unsigned listener_count;
    struct event *flush;
    struct event *sweep;
    struct event *accept_again;
    bool is_paused; /* listeners */
    bool has_orphan_streams;
    bool is_draining;
    void (*drained)(void *context);
    void *drained_context;
    time_t date_s;
    char date_line[HTTP_DATE_LINE_BYTES + 1];
};

/* http_listen.c */
void http_listeners_close(struct http_server *server);
void http_listeners_pause(struct http_server *server, bool pause);

/* http_server.c */
void http_accepted(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address, int address_bytes,
                   void *context);
void http_accept_failed(struct evconnlistener *listener, void *context);
void http_server_wake(struct http_server *server);
int64_t http_now_ms(void);

/* http_connection.c */
bool http_connection_open(struct http_server *server, evutil_socket_t fd, bool is_tcp);
void http_connection_close(struct http_connection *connection);
void http_connection_advance(struct http_connection *connection);
void http_connection_mark(struct http_connection *connection);
bool http_connection_is_blocked(const struct http_connection *connection);
struct http_exchange *http_exchange_new(struct http_connection *connection);
void http_exchange_release(struct http_exchange *exchange);
void http_abandon_stream(struct http_exchange *exchange);

/* http_reading.c */
void http_read_requests(struct http_connection *connection);
void http_read_more(struct http_connection *connection);
void http_refuse(struct http_connection *connection, struct http_refusal refusal);

/* http_answer.c */
void http_answer_refusal(struct http_exchange *exchange, struct http_refusal refusal);
void http_settle(struct http_connection *connection);

#endif
