#ifndef DAEMON_HTTP_H
#define DAEMON_HTTP_H

/*
 * A strict HTTP/1.1 server on one libevent loop.
 *
 * Order of use:
 *   1. http_server_new(), perhaps http_server_on_head(), then one or several http_listen_*();
 *   2. the loop calls the handler for each complete request; each exchange is answered exactly once, now or later,
 *      by http_answer() or by http_stream_start() ... http_stream_end();
 *   3. http_server_drain() to stop gently, then http_server_free().
 *
 * Threads: one server for each event loop, and every call only from the thread of that loop, whose base needs no
 * locks. With reuse_port, several loops can listen on the same address. The program ignores SIGPIPE.
 * None of these functions calls the handler, `drained` or `gone` before it returns; none closes a connection before
 * the caller is back in the loop. http_server_free() is the exception: it calls `gone`.
 *
 * Memory: a request and all it points to live until the handler returns. An exchange lives until it is answered, even
 * when its client has gone; answers to those who have gone are dropped. Bodies and headers of answers are copied.
 * Units: _ms milliseconds, _bytes bytes. Errors of http_listen_*(): 0, or a value of errno.
 *
 * Why not evhttp: it takes two Content-Length, folded headers, bare line feeds and "+5" as a chunk size, and knows
 * neither a limit on connections nor a deadline for a request.
 */

#include <event2/event.h>
#include <sys/types.h>

#include "http_head.h"

struct http_limits {
    size_t head_bytes_max;    /* request line and headers; more is 431 (or 414) */
    unsigned headers_max;     /* at most HTTP_HEADERS_MAX; more is 431 */
    size_t body_bytes_max;    /* more is 413; http_server_on_head() can say otherwise for a request; < 4 GiB */
    unsigned connections_max; /* one more waits in the kernel until another closes */
    unsigned pipeline_max;    /* requests of one connection in the handler at once */
    size_t answer_bytes_max;  /* unsent bytes of one connection: beyond, it is no longer read, its streams pause */
    unsigned request_ms;      /* from the first byte of a request to its last; then 408 */
    unsigned idle_ms;         /* without a request; then closed */
    unsigned stall_ms;        /* unsent bytes of which the client takes none; then closed */
    unsigned linger_ms;       /* after our last byte, for the client to close first and so to see that byte */
};

/* 8 KiB, 64, 1 MiB, 1000, 16, 1 MiB, 30 s, 60 s, 30 s, 2 s. Times are checked each second. */
extern const struct http_limits http_limits_default;

struct http_server;
struct http_exchange; /* one request, waiting for its answer */

typedef void http_handler(struct http_exchange *exchange, const struct http_request *request, void *context);

/* Called once the head of a request with a body is known: the largest body taken for it (0: none, it gets 413). */
typedef size_t http_on_head(const struct http_request *request, void *context);

/* NULL when memory is lacking. The limits are copied. */
struct http_server *http_server_new(struct event_base *base, const struct http_limits *limits, http_handler *handler,
                                    void *context);

/* An answer to larger (or smaller) bodies than body_bytes_max; called with the handler's context. */
void http_server_on_head(struct http_server *server, http_on_head *on_head);

enum { HTTP_LISTENERS_MAX = 4 }; /* for one server; more is ENOSPC */

/* "127.0.0.1:8421" or "[::1]:8421"; port 0 takes any free one. EINVAL: not such an address. EADDRINUSE, EACCES... */
int http_listen_tcp(struct http_server *server, const char *address, bool reuse_port);

/*
 * A Unix socket with these permissions (0600, 0660), removed again when the server stops listening.
 * A socket left behind by a dead daemon is replaced; EADDRINUSE: somebody answers there, or it is no socket.
 */
int http_listen_unix(struct http_server *server, const char *path, mode_t mode);

/* A socket that already listens (handed over by a service supervisor); closed with the server. */
int http_listen_fd(struct http_server *server, int fd);

/* The port of the first TCP listener, or 0. */
int http_server_port(const struct http_server *server);

/*
 * Answers. extra_headers: complete "Name: value\r\n" lines or NULL. content_type: NULL when there is no body.
 * Date, Content-Length and Connection are added here; for HEAD, answer as for GET: the body is dropped here.
 */
void http_answer(struct http_exchange *exchange, int status, const char *extra_headers, const char *content_type,
                 const void *body, size_t body_bytes);

/* True once the client has gone: the work for its answer may be saved, but http_answer() is still due. */
bool http_exchange_is_orphan(const struct http_exchange *exchange);

/*
 * True also when the client has shut its sending side, which most do only by closing: TCP does not tell the two apart
 * until something is written. For work that is long, and not worth doing for nobody.
 */
bool http_exchange_is_left(const struct http_exchange *exchange);

/*
 * Streams: an answer written in pieces. body_bytes: how long it will be, -1 when nobody knows (Server-Sent Events, JSON
 * Lines): then chunked on 1.1, until close on 1.0. Ended before its length, it breaks the connection.
 *
 * The exchange ends with http_stream_end(), or when `gone` is called: nobody reads any further (the client left, or
 * asked with HEAD). After either it must not be used again. A client that only shuts its own writing side still
 * reads; one that left is noticed when something is written, so an idle stream wants a comment now and then.
 */
void http_stream_start(struct http_exchange *exchange, int status, const char *extra_headers, const char *content_type,
                       int64_t body_bytes, void (*drained)(struct http_exchange *exchange, void *context),
                       void (*gone)(void *context), void *context);

/* False: more than answer_bytes_max wait to be sent; nothing is lost, but pause until `drained` is called. */
bool http_stream_write(struct http_exchange *exchange, const void *bytes, size_t count);

void http_stream_end(struct http_exchange *exchange);

/*
 * Answers with a head (copied) and the first body_bytes of a file, which is read as the client reads and closed in the
 * end, whatever happens (http_file.c). For what is too long to be copied at once.
 */
void http_answer_file(struct http_exchange *exchange, int status, const char *extra_headers, const char *content_type,
                      const void *head, size_t head_bytes, int fd, uint64_t body_bytes);

/*
 * Stops listening, closes idle connections, lets requests that have begun be finished and answered (with
 * Connection: close), then calls `done` once, from the loop; `done` may free the server. Streams go on until whoever
 * writes them ends them.
 */
void http_server_drain(struct http_server *server, void (*done)(void *context), void *context);

/*
 * Closes everything now; not from the handler, `drained` or `gone`. Exchanges that are not answered yet must still be
 * (by http_answer(): a stream begun now would never be told that it is over), and stay valid until then.
 */
void http_server_free(struct http_server *server);

size_t http_connections(const struct http_server *server);

#endif
