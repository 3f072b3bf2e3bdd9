/* Answers and streams -> bytes. */

#include <assert.h>
#include <stdio.h>

#include "http_connection.h"

enum {
    ANSWER_BYTES = 4096,         /* an answer that fits is put together on the stack and added in one go */
    CONTENT_TYPE_BYTES_MAX = 256 /* what the fixed lines and this need is far below ANSWER_BYTES */
};

struct lines {
    size_t count;
    char bytes[ANSWER_BYTES];
};

static void put(struct lines *lines, const char *bytes, size_t count)
{
    assert(count <= sizeof lines->bytes - lines->count);
    memcpy(lines->bytes + lines->count, bytes, count);
    lines->count += count;
}
#define PUT(lines, literal) put((lines), (literal), sizeof(literal) - 1)

static void put_number(struct lines *lines, size_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put(lines, digits + at, sizeof digits - at);
}

static const char *reason_of(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        { 200, "OK" },
        { 201, "Created" },
        { 202, "Accepted" },
        { 204, "No Content" },
        { 207, "Multi-Status" },
        { 304, "Not Modified" },
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 403, "Forbidden" },
        { 308, "Permanent Redirect" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 406, "Not Acceptable" },
        { 408, "Request Timeout" },
        { 409, "Conflict" },
        { 410, "Gone" },
        { 412, "Precondition Failed" },
        { 413, "Content Too Large" },
        { 414, "URI Too Long" },
        { 415, "Unsupported Media Type" },
        { 417, "Expectation Failed" },
        { 422, "Unprocessable Content" },
        { 428, "Precondition Required" },
        { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" },
        { 500, "Internal Server Error" },
        { 501, "Not Implemented" },
        { 503, "Service Unavailable" },
        { 504, "Gateway Timeout" },
        { 505, "HTTP Version Not Supported" },
        { 507, "Insufficient Storage" },
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return "Other"; /* the number is what counts */
}

/* strftime() would follow the locale. */
static void put_date(struct lines *lines, struct http_server *server)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != server->date_s) {
        struct tm utc;
        gmtime_r(&now.tv_sec, &utc);
        char line[64];
        snprintf(line, sizeof line, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n", days + 3 * utc.tm_wday,
                 utc.tm_mday, months + 3 * utc.tm_mon, utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
        memcpy(server->date_line, line, HTTP_DATE_LINE_BYTES);
        server->date_s = now.tv_sec;
    }
    put(lines, server->date_line, HTTP_DATE_LINE_BYTES);
}

static void put_status_line(struct lines *lines, int status)
{
    assert(status >= 200 && status <= 599);
    if (status == 200) {
        PUT(lines, "HTTP/1.1 200 OK\r\n");
        return;
    }
    const char *reason = reason_of(status);
    PUT(lines, "HTTP/1.1 ");
    put_number(lines, (size_t)status);
    PUT(lines, " ");
    put(lines, reason, strlen(reason));
    PUT(lines, "\r\n");
}

static void put_connection(struct lines *lines, struct http_exchange *exchange)
{
    struct http_connection *connection = exchange->connection;
    /* While draining, the last answer owed is the one that says so. */
    bool is_last = connection->is_closing && TAILQ_NEXT(exchange, link) == NULL;
    if (!exchange->keep_alive || is_last) {
        PUT(lines, "Connection: close\r\n");
    } else if (exchange->is_old) {
        PUT(lines, "Connection: keep-alive\r\n");
    }
}

static void put_head(struct lines *lines, struct http_exchange *exchange, int status, const char *content_type)
{
    put_status_line(lines, status);
    put_date(lines, exchange->server);
    if (content_type != NULL) {
        size_t bytes = strlen(content_type);
        assert(bytes <= CONTENT_TYPE_BYTES_MAX);
        PUT(lines, "Content-Type: ");
        put(lines, content_type, bytes);
        PUT(lines, "\r\n");
    }
    put_connection(lines, exchange);
}

/* Where the bytes of an answer go: to the socket, or aside while an earlier request waits for its own. */
static struct evbuffer *sink_of(struct http_exchange *exchange)
{
    struct http_connection *connection = exchange->connection;
    if (exchange == TAILQ_FIRST(&connection->exchanges)) {
        return bufferevent_get_output(connection->bufferevent);
    }
    if (exchange->held == NULL && (exchange->held = evbuffer_new()) == NULL) {
        connection->is_broken = true;
    }
    return exchange->held;
}

static void emit(struct http_exchange *exchange, const void *bytes, size_t count)
{
    struct evbuffer *sink = sink_of(exchange);
    if (sink == NULL || (count > 0 && evbuffer_add(sink, bytes, count) != 0)) {
        exchange->connection->is_broken = true;
    } else if (sink == exchange->held) {
        exchange->connection->held_bytes += count;
    }
}

/* Extra headers, the empty line and the body: with the rest if they fit, or else piece by piece. */
static void emit_rest(struct http_exchange *exchange, struct lines *lines, const char *extra_headers,
                      const void *body, size_t body_bytes)
{
    size_t extra_bytes = extra_headers ? strlen(extra_headers) : 0;
    assert(extra_bytes == 0 || (extra_bytes > 4 && memcmp(extra_headers + extra_bytes - 2, "\r\n", 2) == 0));
    if (lines->count + extra_bytes + 2 > sizeof lines->bytes) {
        emit(exchange, lines->bytes, lines->count);
        emit(exchange, extra_headers, extra_bytes);
        lines->count = 0;
    } else if (extra_bytes > 0) {
        put(lines, extra_headers, extra_bytes);
    }
    PUT(lines, "\r\n");
    if (body_bytes > sizeof lines->bytes - lines->count) {
        emit(exchange, lines->bytes, lines->count);
        emit(exchange, body, body_bytes);
        return;
    }
    if (body_bytes > 0) {
        put(lines, body, body_bytes);
    }
    emit(exchange, lines->bytes, lines->count);
}

/* The answers that are next in turn go to the output; an interim answer follows when none is owed any more. */
void http_settle(struct http_connection *connection)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct evbuffer *output = bufferevent_get_output(connection->bufferevent);
    struct http_exchange *first;
    while ((first = TAILQ_FIRST(&connection->exchanges)) != NULL) {
        if (first->held != NULL && evbuffer_get_length(first->held) > 0) {
            connection->held_bytes -= evbuffer_get_length(first->held);
            connection->is_broken |= evbuffer_add_buffer(output, first->held) != 0;
        }
        if (!first->is_answered) {
            break;
        }
        http_exchange_release(first);
    }
    if (connection->owes_continue && first == NULL) {
        connection->owes_continue = false;
        connection->is_broken |= evbuffer_add(output, go_on, sizeof go_on - 1) != 0;
    }
    http_connection_mark(connection);
}

void http_answer(struct http_exchange *exchange, int status, const char *extra_headers, const char *content_type,
                 const void *body, size_t body_bytes)
{
    assert(!exchange->is_answered && !exchange->is_stream);
    struct http_connection *connection = exchange->connection;
    if (connection == NULL) {
        http_exchange_release(exchange);
        return;
    }
    struct lines lines;
    lines.count = 0;
    bool has_body = status != 204 && status != 304;
    put_head(&lines, exchange, status, has_body ? content_type : NULL);
    if (has_body) {
        PUT(&lines, "Content-Length: ");
        put_number(&lines, body_bytes);
        PUT(&lines, "\r\n");
    }
    emit_rest(exchange, &lines, extra_headers, body, has_body && !exchange->is_head ? body_bytes : 0);
    exchange->is_answered = true;
    http_settle(connection);
}

bool http_exchange_is_orphan(const struct http_exchange *exchange)
{
    return exchange->connection == NULL;
}

bool http_exchange_is_left(const struct http_exchange *exchange)
{
    return exchange->connection == NULL || exchange->connection->is_at_end;
}

void http_answer_refusal(struct http_exchange *exchange, struct http_refusal refusal)
{
    char body[512];
    const char *code = refusal.status == 408 ? "too_slow" : refusal.status == 400 ? "malformed" : "not_accepted";
    int bytes = snprintf(body, sizeof body,
                         "{\"code\":\"%s\",\"title\":\"%s\",\"status\":%d,\"errors\":[],\"retryable\":%s}\n", code,
                         refusal.title, refusal.status, refusal.status == 408 ? "true" : "false");
    assert(bytes > 0 && (size_t)bytes < sizeof body);
    http_answer(exchange, refusal.status, NULL, "application/problem+json", body, (size_t)bytes);
}

void http_stream_start(struct http_exchange *exchange, int status, const char *extra_headers, const char *content_type,
                       int64_t body_bytes, void (*drained)(struct http_exchange *, void *), void (*gone)(void *),
                       void *context)
{
    assert(!exchange->is_answered && !exchange->is_stream && status != 204 && status != 304);
    exchange->is_stream = true;
    exchange->drained = drained;
    exchange->gone = gone;
    exchange->context = context;
    exchange->left_bytes = body_bytes;
    struct http_connection *connection = exchange->connection;
    if (connection == NULL) {
        if (exchange->server != NULL) {
            exchange->server->has_orphan_streams = true;
            event_active(exchange->server->flush, EV_TIMEOUT, 0);
        }
        return;
    }
    struct lines lines;
    lines.count = 0;
    if (exchange->is_old && !exchange->is_head && body_bytes < 0) {
        exchange->keep_alive = false; /* the end of the connection is the end of the stream */
        connection->is_closing = true;
    }
    put_head(&lines, exchange, status, content_type);
    if (body_bytes >= 0) {
        PUT(&lines, "Content-Length: ");
        put_number(&lines, (size_t)body_bytes);
        PUT(&lines, "\r\n");
    } else if (!exchange->is_old) {
        PUT(&lines, "Transfer-Encoding: chunked\r\n");
    }
    emit_rest(exchange, &lines, extra_headers, NULL, 0);
    http_connection_mark(connection);
}

static void emit_chunk(struct http_exchange *exchange, const void *bytes, size_t count)
{
    struct lines lines;
    lines.count = (size_t)snprintf(lines.bytes, sizeof lines.bytes, "%zx\r\n", count);
    if (count <= sizeof lines.bytes - lines.count - 2) {
        put(&lines, bytes, count);
        PUT(&lines, "\r\n");
        emit(exchange, lines.bytes, lines.count);
        return;
    }
    emit(exchange, lines.bytes, lines.count);
    emit(exchange, bytes, count);
    emit(exchange, "\r\n", 2);
}

bool http_stream_write(struct http_exchange *exchange, const void *bytes, size_t count)
{
    assert(exchange->is_stream && !exchange->is_answered);
    struct http_connection *connection = exchange->connection;
    /* A chunk of no bytes would be the end of the stream. */
    if (connection == NULL || count == 0 || exchange->is_head) {
        return connection != NULL && !exchange->is_head;
    }
    if (exchange->left_bytes >= 0) {
        assert(count <= (uint64_t)exchange->left_bytes);
        exchange->left_bytes -= (int64_t)count;
        emit(exchange, bytes, count);
    } else if (exchange->is_old) {
        emit(exchange, bytes, count);
    } else {
        emit_chunk(exchange, bytes, count);
    }
    http_connection_mark(connection);
    size_t unsent_bytes = connection->held_bytes + evbuffer_get_length(bufferevent_get_output(connection->bufferevent));
    exchange->is_paused = unsent_bytes > exchange->server->limits.answer_bytes_max;
    return !exchange->is_paused;
}

void http_stream_end(struct http_exchange *exchange)
{
    assert(exchange->is_stream && !exchange->is_answered);
    struct http_connection *connection = exchange->connection;
    if (connection == NULL) {
        http_exchange_release(exchange);
        return;
    }
    if (exchange->left_bytes > 0 && !exchange->is_head) {
        connection->is_broken = true; /* the client must not take another answer for the rest of this one */
    } else if (exchange->left_bytes < 0 && !exchange->is_old && !exchange->is_head) {
        emit(exchange, "0\r\n\r\n", 5);
    }
    exchange->is_answered = true;
    http_settle(connection);
}
