/*
 * A server for the conformance cases and for measuring: http_echo ADDRESS|unix:PATH [limit=value ...]
 * It prints its port, then answers each request with what it understood of it. Some paths do more:
 *
 *   /null          the shortest useful answer (to measure)
 *   /empty         204
 *   /bytes/N       N bytes
 *   /later/MS/...  the echo, MS milliseconds later
 *   /lines/N       a stream of N lines, as fast as the client reads
 *   /file/N        a head line, then N bytes out of a file; /short/N: the file has half of them
 *   /ticks         a stream without end, one line each 20 ms
 *   /gone          how many streams were left by their clients
 *   /decode/TEXT?value=...   the decoded segment and parameter
 *   /large...      takes bodies of 64 MiB; /nobody... takes none
 *   /drain         drains the server, then the program ends
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../daemon/http.h"

struct echo {
    struct event_base *base;
    struct http_server *server;
    unsigned gone;
};

struct later {
    struct echo *echo;
    struct http_exchange *exchange;
    size_t bytes;
    struct event *timer;
    char answer[];
};

struct flow {
    struct echo *echo;
    struct http_exchange *exchange;
    struct event *timer;
    unsigned long next;
    unsigned long count;
};

static bool starts_with(struct text text, const char *start)
{
    return text.bytes >= strlen(start) && memcmp(text.at, start, strlen(start)) == 0;
}

static unsigned long number_after(struct text path, const char *start)
{
    char digits[16] = { 0 };
    size_t from = strlen(start);
    for (size_t i = 0; i + 1 < sizeof digits && from + i < path.bytes; i++) {
        digits[i] = path.at[from + i];
    }
    return strtoul(digits, NULL, 10);
}

static size_t describe(const struct http_request *request, char *buffer, size_t buffer_bytes)
{
    int bytes = snprintf(buffer, buffer_bytes, "%.*s %.*s ?%.*s 1.%d %u %u\n", (int)request->method_name.bytes,
                         request->method_name.at, (int)request->path.bytes, request->path.at,
                         (int)request->query.bytes, request->query.at, request->version_minor, request->header_count,
                         request->body.bytes);
    return (size_t)bytes;
}

static void answer_text(struct http_exchange *exchange, const char *text, size_t bytes)
{
    http_answer(exchange, 200, NULL, "text/plain", text, bytes);
}

static void answer_echo(struct http_exchange *exchange, const struct http_request *request)
{
    size_t room_bytes = 20000 + (size_t)request->body.bytes;
    char *echo = malloc(room_bytes);
    size_t bytes = describe(request, echo, room_bytes);
    if (request->body.bytes > 0) {
        memcpy(echo + bytes, request->body.at, request->body.bytes);
    }
    answer_text(exchange, echo, bytes + request->body.bytes);
    free(echo);
}

static void answer_bytes(struct http_exchange *exchange, size_t bytes)
{
    char *body = malloc(bytes + 1);
    memset(body, 'x', bytes);
    answer_text(exchange, body, bytes);
    free(body);
}

static void on_later(evutil_socket_t fd, short what, void *context)
{
    struct later *later = context;
    (void)fd;
    (void)what;
    answer_text(later->exchange, later->answer, later->bytes);
    event_free(later->timer);
    free(later);
}

static void answer_later(struct echo *echo, struct http_exchange *exchange, const struct http_request *request)
{
    struct later *later = malloc(sizeof *later + 20000);
    unsigned long ms = number_after(request->path, "/later/");
    struct timeval delay = { .tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000) };
    later->echo = echo;
    later->exchange = exchange;
    later->bytes = describe(request, later->answer, 20000);
    later->timer = evtimer_new(echo->base, on_later, later);
    evtimer_add(later->timer, &delay);
}

static void flow_free(struct flow *flow)
{
    if (flow->timer != NULL) {
        event_free(flow->timer);
    }
    free(flow);
}

static void on_gone(void *context)
{
    struct flow *flow = context;
    flow->echo->gone++;
    flow_free(flow);
}

static void on_drained(struct http_exchange *exchange, void *context)
{
    struct flow *flow = context;
    bool has_room = true;
    while (flow->next < flow->count && has_room) {
        char line[64];
        int bytes = snprintf(line, sizeof line, "line %lu\n", flow->next++);
        has_room = http_stream_write(exchange, line, (size_t)bytes);
    }
    if (has_room && flow->count > 0) {
        http_stream_end(exchange);
        flow_free(flow);
    }
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
    struct flow *flow = context;
    (void)fd;
    (void)what;
    http_stream_write(flow->exchange, "tick\n", 5);
}

static void answer_stream(struct echo *echo, struct http_exchange *exchange, unsigned long count)
{
    struct flow *flow = calloc(1, sizeof *flow);
    flow->echo = echo;
    flow->exchange = exchange;
    flow->count = count;
    http_stream_start(exchange, 200, "Cache-Control: no-store\r\n", "text/plain", -1, on_drained, on_gone, flow);
    if (count > 0) {
        on_drained(exchange, flow);
        return;
    }
    const struct timeval each = { .tv_usec = 20000 };
    flow->timer = event_new(echo->base, -1, EV_PERSIST, on_tick, flow);
    evtimer_add(flow->timer, &each);
}

static void answer_file(struct http_exchange *exchange, unsigned long bytes, unsigned long there)
{
    int fd = memfd_create("body", MFD_CLOEXEC);
    char block[4096];
    for (unsigned long at = 0; at < there; at += sizeof block) {
        memset(block, 'a' + (int)(at / sizeof block % 26), sizeof block);
        unsigned long count = there - at < sizeof block ? there - at : sizeof block;
        if (write(fd, block, count) != (ssize_t)count) {
            abort();
        }
    }
    http_answer_file(exchange, 200, NULL, "text/plain", "head\n", 5, fd, bytes);
}

static void answer_decoded(struct http_exchange *exchange, const struct http_request *request)
{
    char segment[32], value[32], text[128];
    struct text raw = { request->path.at + 8, request->path.bytes - 8 };
    int segment_bytes = http_decode(raw, segment, sizeof segment);
    int value_bytes = http_query(request->query, "value", value, sizeof value);
    int bytes = snprintf(text, sizeof text, "%d [%s] %d [%s]\n", segment_bytes, segment_bytes < 0 ? "" : segment,
                         value_bytes, value_bytes < 0 ? "" : value);
    answer_text(exchange, text, (size_t)bytes);
}

static void stop(void *context)
{
    struct echo *echo = context;
    event_base_loopbreak(echo->base);
}

static void handle(struct http_exchange *exchange, const struct http_request *request, void *context)
{
    struct echo *echo = context;
    char text[64];
    if (text_is(request->path, "/null")) {
        http_answer(exchange, 201, NULL, "application/json", "{\"seq\":\"1\"}", 11);
    } else if (text_is(request->path, "/empty")) {
        http_answer(exchange, 204, "ETag: \"1\"\r\n", NULL, NULL, 0);
    } else if (starts_with(request->path, "/bytes/")) {
        answer_bytes(exchange, number_after(request->path, "/bytes/"));
    } else if (starts_with(request->path, "/later/")) {
        answer_later(echo, exchange, request);
    } else if (starts_with(request->path, "/lines/")) {
        answer_stream(echo, exchange, number_after(request->path, "/lines/"));
    } else if (starts_with(request->path, "/file/")) {
        answer_file(exchange, number_after(request->path, "/file/"), number_after(request->path, "/file/"));
    } else if (starts_with(request->path, "/short/")) {
        answer_file(exchange, number_after(request->path, "/short/"), number_after(request->path, "/short/") / 2);
    } else if (text_is(request->path, "/ticks")) {
        answer_stream(echo, exchange, 0);
    } else if (text_is(request->path, "/gone")) {
        answer_text(exchange, text, (size_t)snprintf(text, sizeof text, "%u\n", echo->gone));
    } else if (starts_with(request->path, "/decode/")) {
        answer_decoded(exchange, request);
    } else if (text_is(request->path, "/drain")) {
        answer_text(exchange, "draining\n", 9);
        http_server_drain(echo->server, stop, echo);
    } else {
        answer_echo(exchange, request);
    }
}

static size_t body_bytes_max(const struct http_request *request, void *context)
{
    (void)context;
    if (starts_with(request->path, "/large")) {
        return 64 * 1024 * 1024;
    }
    return starts_with(request->path, "/nobody") ? 0 : http_limits_default.body_bytes_max;
}

static bool set_limit(struct http_limits *limits, const char *setting)
{
    static const char *const names[] = { "connections_max", "pipeline_max", "request_ms",      "idle_ms",
                                         "stall_ms",        "linger_ms",    "answer_bytes_max" };
    unsigned *const numbers[] = { &limits->connections_max, &limits->pipeline_max, &limits->request_ms,
                                  &limits->idle_ms,         &limits->stall_ms,     &limits->linger_ms };
    const char *equals = strchr(setting, '=');
    for (size_t i = 0; equals != NULL && i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) != (size_t)(equals - setting) || strncmp(names[i], setting, strlen(names[i])) != 0) {
            continue;
        }
        unsigned long value = strtoul(equals + 1, NULL, 10);
        if (i < sizeof numbers / sizeof numbers[0]) {
            *numbers[i] = (unsigned)value;
        } else {
            limits->answer_bytes_max = value;
        }
        return true;
    }
    return false;
}

int main(int count, char **arguments)
{
    struct http_limits limits = http_limits_default;
    struct echo echo = { .base = event_base_new() };
    for (int i = 2; i < count; i++) {
        if (!set_limit(&limits, arguments[i])) {
            fprintf(stderr, "http_echo: unknown limit: %s\n", arguments[i]);
            return 2;
        }
    }
    signal(SIGPIPE, SIG_IGN);
    const char *where = count > 1 ? arguments[1] : "127.0.0.1:0";
    echo.server = http_server_new(echo.base, &limits, handle, &echo);
    http_server_on_head(echo.server, body_bytes_max);
    int error = strncmp(where, "unix:", 5) == 0 ? http_listen_unix(echo.server, where + 5, 0600)
                                                : http_listen_tcp(echo.server, where, false);
    if (error) {
        fprintf(stderr, "http_echo: %s: %s\n", where, strerror(error));
        return 1;
    }
    printf("%d\n", http_server_port(echo.server));
    fflush(stdout);
    event_base_dispatch(echo.base);
    http_server_free(echo.server);
    event_base_free(echo.base);
    return 0;
}
