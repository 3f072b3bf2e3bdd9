/* Bytes -> requests: each step takes what it can from the connection's input, until it needs more bytes. */

#include <assert.h>
#include <stdlib.h>

#include "http_connection.h"

enum {
    READ_SMALL_BYTES = 4096,        /* what libevent reads at once; less means that the socket is empty */
    READ_LARGE_BYTES = 256 * 1024,  /* what we then read ourselves */
    EXPAND_BYTES_MAX = 1024 * 1024, /* room made at once for a body that is only announced */
    CHUNK_OVERHEAD_BYTES_MAX = 16 * 1024, /* chunk lines beyond what the size of the body excuses */
    GATHERED_KEPT_BYTES_MAX = 64 * 1024
};

enum step {
    STEP_WAIT, /* for more bytes, or nothing more is to be read */
    STEP_ON
};

static struct evbuffer *input_of(struct http_connection *connection)
{
    return bufferevent_get_input(connection->bufferevent);
}

void http_refuse(struct http_connection *connection, struct http_refusal refusal)
{
    connection->is_closing = true;
    connection->is_within_request = false;
    struct http_exchange *exchange = http_exchange_new(connection);
    if (exchange != NULL) {
        exchange->keep_alive = false;
        http_answer_refusal(exchange, refusal);
    }
}

static enum step refuse(struct http_connection *connection, int status, const char *title)
{
    http_refuse(connection, (struct http_refusal){ status, title });
    return STEP_WAIT;
}

/* Hands a complete request to the handler. Afterwards nothing of it is needed. */
static void deliver(struct http_connection *connection, const struct http_request *request)
{
    struct http_server *server = connection->server;
    connection->reading = READING_HEAD;
    connection->is_within_request = false;
    connection->has_skipped_line = false;
    connection->owes_continue = false;
    connection->is_closing = !request->keep_alive || server->is_draining;
    struct http_exchange *exchange = http_exchange_new(connection);
    if (exchange != NULL) {
        exchange->is_head = request->method == HTTP_HEAD;
        exchange->is_old = request->version_minor == 0;
        exchange->keep_alive = request->keep_alive && !server->is_draining;
        server->handler(exchange, request, server->context);
    }
}

static struct http_refusal parse(const struct http_connection *connection, const char *bytes, size_t head_bytes,
                                 struct http_request *ret)
{
    return http_head_parse(bytes, head_bytes, connection->server->limits.headers_max, ret);
}

/*
 * The bytes of the head may have moved since it was parsed: it is then parsed once more, which is cheaper than
 * keeping a copy of each, as nearly all requests arrive whole.
 */
static void parse_again(const struct http_connection *connection, const char *bytes, size_t head_bytes,
                        struct http_request *ret)
{
    struct http_refusal refusal = parse(connection, bytes, head_bytes, ret);
    assert(refusal.status == 0);
    (void)refusal;
}

static bool gather(struct http_connection *connection, size_t count)
{
    struct http_gathered *gathered = &connection->gathered;
    if (gathered->bytes + count > gathered->room_bytes) {
        size_t room_bytes = 2 * gathered->room_bytes + count;
        char *larger = realloc(gathered->at, room_bytes);
        if (larger == NULL) {
            connection->is_broken = true;
            return false;
        }
        gathered->at = larger;
        gathered->room_bytes = room_bytes;
    }
    evbuffer_remove(input_of(connection), gathered->at + gathered->bytes, count);
    gathered->bytes += count;
    return true;
}

static enum step deliver_sized(struct http_connection *connection, const char *parsed_bytes,
                               struct http_request *request)
{
    struct evbuffer *input = input_of(connection);
    size_t whole_bytes = (size_t)connection->awaited_bytes, head_bytes = connection->head_bytes;
    const char *bytes = (const char *)evbuffer_pullup(input, (ev_ssize_t)whole_bytes);
    if (bytes == NULL) {
        connection->is_broken = true;
        return STEP_WAIT;
    }
    if (bytes != parsed_bytes) {
        parse_again(connection, bytes, head_bytes, request);
    }
    request->body = (struct text){ bytes + head_bytes, (uint32_t)(whole_bytes - head_bytes) };
    deliver(connection, request);
    evbuffer_drain(input, whole_bytes);
    return STEP_ON;
}

/* The interim answer must not overtake the answers to earlier requests: http_settle() sends it in its turn. */
static void promise_continue(struct http_connection *connection, const struct http_request *request)
{
    connection->owes_continue = request->expects_continue;
    http_settle(connection);
}

static enum step begin_sized_body(struct http_connection *connection, const char *bytes, struct http_request *request)
{
    if (request->content_bytes > connection->body_bytes_max) {
        return refuse(connection, 413, "The body is larger than what is taken here.");
    }
    connection->awaited_bytes = connection->head_bytes + request->content_bytes;
    size_t available_bytes = evbuffer_get_length(input_of(connection));
    if (available_bytes >= connection->awaited_bytes) {
        return deliver_sized(connection, bytes, request);
    }
    promise_continue(connection, request);
    connection->reading = READING_SIZED_BODY;
    size_t missing_bytes = (size_t)connection->awaited_bytes - available_bytes;
    /* Room in one piece now spares moving the body when it is complete. Failing is harmless. */
    evbuffer_expand(input_of(connection), missing_bytes < EXPAND_BYTES_MAX ? missing_bytes : EXPAND_BYTES_MAX);
    return STEP_WAIT;
}

static enum step begin_chunked_body(struct http_connection *connection, const struct http_request *request)
{
    connection->gathered.bytes = 0;
    connection->chunk_overhead_bytes = 0;
    connection->reading = READING_CHUNK_LINE;
    if (evbuffer_get_length(input_of(connection)) == connection->head_bytes) {
        promise_continue(connection, request);
    }
    return gather(connection, connection->head_bytes) ? STEP_ON : STEP_WAIT;
}

static enum step begin_body(struct http_connection *connection, const char *bytes, size_t head_bytes,
                            struct http_request *request)
{
    const struct http_server *server = connection->server;
    connection->scanned_bytes = 0;
    connection->head_bytes = head_bytes;
    connection->body_bytes_max = server->limits.body_bytes_max;
    if (request->body_kind != HTTP_BODY_NONE && server->on_head != NULL) {
        connection->body_bytes_max = server->on_head(request, server->context);
    }
    if (request->body_kind == HTTP_BODY_CHUNKED) {
        return begin_chunked_body(connection, request);
    }
    return begin_sized_body(connection, bytes, request);
}

/* RFC 9112, 2.2: one empty line before a request is forgiven, as some clients end their bodies with one. */
static bool skip_empty_line(struct http_connection *connection, struct evbuffer *input, size_t *available_bytes)
{
    char line[2] = { 0 };
    ev_ssize_t copied_bytes = evbuffer_copyout(input, line, sizeof line);
    if (connection->has_skipped_line || line[0] != '\r') {
        return true;
    }
    if (copied_bytes < 2) {
        return false;
    }
    if (line[1] == '\n') {
        connection->has_skipped_line = true;
        evbuffer_drain(input, 2);
        *available_bytes -= 2;
    }
    return *available_bytes > 0;
}

/* Looks for the end of the head; *ret_bytes is then good for *ret_head_bytes. 0 bytes and no refusal: not there yet. */
static struct http_refusal find_head(struct http_connection *connection, size_t available_bytes,
                                     const char **ret_bytes, size_t *ret_head_bytes)
{
    struct evbuffer *input = input_of(connection);
    size_t head_bytes_max = connection->server->limits.head_bytes_max;
    size_t window_bytes = available_bytes < head_bytes_max ? available_bytes : head_bytes_max;
    /* Usually the whole head lies in the first piece of the input; pulling up more would only copy. */
    size_t piece_bytes = evbuffer_get_contiguous_space(input);
    piece_bytes = piece_bytes < window_bytes ? piece_bytes : window_bytes;
    struct http_refusal refusal = { 0, NULL };
    for (;;) {
        *ret_bytes = (const char *)evbuffer_pullup(input, (ev_ssize_t)piece_bytes);
        if (*ret_bytes == NULL) {
            connection->is_broken = true;
            return refusal;
        }
        *ret_head_bytes = http_head_end(*ret_bytes, piece_bytes, &connection->scanned_bytes, &refusal);
        if (*ret_head_bytes > 0 || refusal.status) {
            return refusal;
        }
        if (piece_bytes == window_bytes) {
            break;
        }
        piece_bytes = window_bytes;
    }
    return window_bytes == head_bytes_max ? http_head_too_large(*ret_bytes, window_bytes) : refusal;
}

static enum step read_head(struct http_connection *connection)
{
    struct evbuffer *input = input_of(connection);
    size_t available_bytes = evbuffer_get_length(input), head_bytes = 0;
    if (available_bytes == 0) {
        return STEP_WAIT;
    }
    if (!connection->is_within_request) {
        connection->is_within_request = true;
        connection->since_ms = http_now_ms();
    }
    if (connection->scanned_bytes == 0 && !skip_empty_line(connection, input, &available_bytes)) {
        return STEP_WAIT;
    }
    const char *bytes = NULL;
    struct http_request request;
    struct http_refusal refusal = find_head(connection, available_bytes, &bytes, &head_bytes);
    if (head_bytes > 0) {
        refusal = parse(connection, bytes, head_bytes, &request);
    }
    if (refusal.status) {
        http_refuse(connection, refusal);
        return STEP_WAIT;
    }
    return head_bytes > 0 ? begin_body(connection, bytes, head_bytes, &request) : STEP_WAIT;
}

static enum step read_sized_body(struct http_connection *connection)
{
    if (evbuffer_get_length(input_of(connection)) < connection->awaited_bytes) {
        return STEP_WAIT;
    }
    struct http_request request;
    return deliver_sized(connection, NULL, &request);
}

static enum step read_chunk_line(struct http_connection *connection)
{
    struct evbuffer *input = input_of(connection);
    char line[HTTP_CHUNK_LINE_BYTES_MAX];
    ev_ssize_t copied_bytes = evbuffer_copyout(input, line, sizeof line);
    size_t line_bytes = 0;
    uint64_t chunk_bytes = 0;
    struct http_refusal refusal =
        http_chunk_line(line, copied_bytes > 0 ? (size_t)copied_bytes : 0, &line_bytes, &chunk_bytes);
    if (refusal.status) {
        return refuse(connection, refusal.status, refusal.title);
    }
    if (line_bytes == 0) {
        return STEP_WAIT;
    }
    size_t body_bytes = connection->gathered.bytes - connection->head_bytes;
    if (chunk_bytes > connection->body_bytes_max || body_bytes + chunk_bytes > connection->body_bytes_max) {
        return refuse(connection, 413, "The body is larger than what is taken here.");
    }
    connection->chunk_overhead_bytes += line_bytes;
    if (connection->chunk_overhead_bytes > CHUNK_OVERHEAD_BYTES_MAX + 8 * (uint64_t)body_bytes) {
        return refuse(connection, 400, "The body has more chunk lines than content.");
    }
    evbuffer_drain(input, line_bytes);
    connection->awaited_bytes = chunk_bytes;
    connection->reading = chunk_bytes > 0 ? READING_CHUNK : READING_LAST_LINE;
    return STEP_ON;
}

static enum step read_chunk(struct http_connection *connection)
{
    size_t available_bytes = evbuffer_get_length(input_of(connection));
    size_t count = available_bytes < connection->awaited_bytes ? available_bytes : (size_t)connection->awaited_bytes;
    if (count == 0 || !gather(connection, count)) {
        return STEP_WAIT;
    }
    connection->awaited_bytes -= count;
    if (connection->awaited_bytes == 0) {
        connection->reading = READING_CHUNK_END;
    }
    return STEP_ON;
}

/* Takes exactly CRLF: 1, 0 when it is not there yet, or -1 when it is something else. */
static int take_line_end(struct http_connection *connection)
{
    char end[2];
    ev_ssize_t copied_bytes = evbuffer_copyout(input_of(connection), end, sizeof end);
    if (copied_bytes < 1) {
        return 0;
    }
    if (end[0] != '\r' || (copied_bytes == 2 && end[1] != '\n')) {
        return -1;
    }
    return copied_bytes == 2 && evbuffer_drain(input_of(connection), 2) == 0;
}

static enum step read_chunk_end(struct http_connection *connection)
{
    int taken = take_line_end(connection);
    if (taken < 0) {
        return refuse(connection, 400, "A chunk is longer than its size.");
    }
    connection->reading = taken ? READING_CHUNK_LINE : READING_CHUNK_END;
    return taken ? STEP_ON : STEP_WAIT;
}

static void trim_gathered(struct http_gathered *gathered)
{
    if (gathered->room_bytes > GATHERED_KEPT_BYTES_MAX) {
        free(gathered->at);
        *gathered = (struct http_gathered){ NULL, 0, 0 };
    }
}

static enum step read_last_line(struct http_connection *connection)
{
    int taken = take_line_end(connection);
    if (taken < 0) {
        return refuse(connection, 400, "A chunked body ends with a trailer, which is not taken here.");
    }
    if (taken == 0) {
        return STEP_WAIT;
    }
    const struct http_gathered *gathered = &connection->gathered;
    size_t head_bytes = connection->head_bytes;
    struct http_request request;
    parse_again(connection, gathered->at, head_bytes, &request);
    request.body = (struct text){ gathered->at + head_bytes, (uint32_t)(gathered->bytes - head_bytes) };
    deliver(connection, &request);
    trim_gathered(&connection->gathered);
    return STEP_ON;
}

void http_read_requests(struct http_connection *connection)
{
    static enum step (*const steps[])(struct http_connection *) = {
        [READING_HEAD] = read_head,
        [READING_SIZED_BODY] = read_sized_body,
        [READING_CHUNK_LINE] = read_chunk_line,
        [READING_CHUNK] = read_chunk,
        [READING_CHUNK_END] = read_chunk_end,
        [READING_LAST_LINE] = read_last_line,
    };
    while (!connection->is_broken && !http_connection_is_blocked(connection) &&
           steps[connection->reading](connection) == STEP_ON) {
    }
}

/*
 * libevent 2.1 reads 4096 bytes each time round the loop. When it got that many, the rest is read here in one go.
 * An end or an error of the socket is left alone: libevent meets it again and reports it.
 */
void http_read_more(struct http_connection *connection)
{
    struct evbuffer *input = input_of(connection);
    size_t available_bytes = evbuffer_get_length(input), count = READ_LARGE_BYTES;
    if (available_bytes < READ_SMALL_BYTES) {
        return;
    }
    if (connection->reading == READING_SIZED_BODY) {
        uint64_t missing_bytes =
            connection->awaited_bytes > available_bytes ? connection->awaited_bytes - available_bytes : 0;
        count = missing_bytes < count ? (size_t)missing_bytes : count;
    } else if (connection->reading != READING_CHUNK) {
        return;
    }
    struct evbuffer_iovec room;
    evbuffer_unfreeze(input, 0);
    if (count > 0 && evbuffer_reserve_space(input, (ev_ssize_t)count, &room, 1) == 1) {
        ssize_t got = recv(bufferevent_getfd(connection->bufferevent), room.iov_base,
                           room.iov_len < count ? room.iov_len : count, MSG_DONTWAIT);
        room.iov_len = got > 0 ? (size_t)got : 0;
        evbuffer_commit_space(input, &room, 1);
    }
    evbuffer_freeze(input, 0);
}
