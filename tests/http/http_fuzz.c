/*
 * The pure parser against arbitrary bytes: as a libFuzzer target, or (with HTTP_REPLAY) as a program that mutates
 * good requests for some seconds: http_replay [SECONDS [SEED]]
 *
 * Beyond not crashing, what is accepted must satisfy what the rest of the daemon relies on.
 */

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../daemon/http_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void check_is_within(struct text text, const char *from, size_t bytes)
{
    assert(text.at >= from && text.at + text.bytes <= from + bytes);
}

static void check_request(const struct http_request *request, const char *head, size_t head_bytes)
{
    assert(request->path.bytes > 0);
    assert(request->path.at[0] == '/' || (request->method == HTTP_OPTIONS && text_is(request->path, "*")));
    assert(request->version_minor == 1 ? http_header(request, "host") != NULL : request->version_minor == 0);
    assert(!(http_header(request, "content-length") && http_header(request, "transfer-encoding")));
    assert((request->body_kind == HTTP_BODY_CHUNKED) == (http_header(request, "transfer-encoding") != NULL));
    assert((request->body_kind == HTTP_BODY_SIZED) == (request->content_bytes > 0));
    check_is_within(request->method_name, head, head_bytes);
    check_is_within(request->path, head, head_bytes);
    check_is_within(request->query, head, head_bytes);
    for (unsigned i = 0; i < request->header_count; i++) {
        struct text name = request->headers[i].name, value = request->headers[i].value;
        check_is_within(name, head, head_bytes);
        check_is_within(value, head, head_bytes);
        assert(name.bytes > 0 && memchr(name.at, ' ', name.bytes) == NULL);
        assert(memchr(value.at, '\r', value.bytes) == NULL && memchr(value.at, '\n', value.bytes) == NULL);
        assert(memchr(value.at, '\0', value.bytes) == NULL);
    }
}

static void check_target(const struct http_request *request)
{
    char buffer[9000];
    struct text rest = request->query, name, value;
    int bytes = http_decode(request->path, buffer, sizeof buffer);
    assert(bytes == HTTP_TOO_LONG || (bytes >= 0 && strlen(buffer) == (size_t)bytes));
    while (http_query_next(&rest, &name, &value)) {
        bytes = http_decode(value, buffer, sizeof buffer);
        assert(bytes == HTTP_TOO_LONG || (bytes >= 0 && strlen(buffer) == (size_t)bytes));
    }
    char small[4];
    bytes = http_query(request->query, "a", small, sizeof small);
    assert(bytes < (int)sizeof small && bytes != HTTP_BAD_ESCAPE);
}

/* The end of the head must not depend on how the bytes were cut. */
static size_t find_end(const char *head, size_t bytes, size_t step_bytes, struct http_refusal *refusal)
{
    size_t scanned_bytes = 0;
    for (size_t available_bytes = step_bytes;; available_bytes += step_bytes) {
        available_bytes = available_bytes < bytes ? available_bytes : bytes;
        size_t end = http_head_end(head, available_bytes, &scanned_bytes, refusal);
        if (end > 0 || refusal->status || available_bytes == bytes) {
            return end;
        }
    }
}

static void check_chunk(const char *bytes, size_t count)
{
    size_t line_bytes = 0;
    uint64_t chunk_bytes = 0;
    struct http_refusal refusal = http_chunk_line(bytes, count, &line_bytes, &chunk_bytes);
    if (refusal.status == 0 && line_bytes > 0) {
        assert(line_bytes <= count && line_bytes <= HTTP_CHUNK_LINE_BYTES_MAX && chunk_bytes <= UINT32_MAX);
        assert(memcmp(bytes + line_bytes - 2, "\r\n", 2) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    /* An exact copy, so that the sanitizer sees each byte read beyond the end. */
    char *head = malloc(bytes ? bytes : 1);
    if (bytes > 0) {
        memcpy(head, data, bytes);
    }
    struct http_refusal whole, dribbled;
    size_t end = find_end(head, bytes, bytes ? bytes : 1, &whole);
    assert(end == find_end(head, bytes, 1, &dribbled) && whole.status == dribbled.status);
    check_chunk(head, bytes);
    if (end > 0) {
        char *exact = malloc(end);
        memcpy(exact, head, end);
        struct http_request request;
        struct http_refusal refusal = http_head_parse(exact, end, HTTP_HEADERS_MAX, &request);
        if (refusal.status == 0) {
            check_request(&request, exact, end);
            check_target(&request);
        } else {
            assert(refusal.status >= 400 && refusal.status <= 599 && refusal.title != NULL);
        }
        free(exact);
    }
    free(head);
    return 0;
}

#ifdef HTTP_REPLAY

static const char *const seeds[] = {
    "GET /v1/events?after=12&limit=%35 HTTP/1.1\r\nHost: x:1\r\nConnection: keep-alive\r\n\r\n",
    "POST /v1/commands?a=b+%C3%A9&a=c HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n",
    "PUT /a HTTP/1.0\r\nTransfer-Encoding: gzip, chunked\r\nConnection: foo, close\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
    "1a;name=value\r\n",
};

static const char *const pieces[] = { "\r\n", "\n",  "\r",  "\r\n\r\n", ":", " ", "\t", "%00", "%", "Host: y\r\n",
                                      "0x",   "+5",  ",",   "chunked",  "*", "?", "/",  "#",   ";",
                                      "Content-Length: 1\r\n",
                                      "HTTP", "1.1", "fff", "\x7f",     "\xc3" };

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t mutate(uint8_t *bytes, size_t count, size_t room_bytes, uint64_t *state)
{
    size_t at = (size_t)(next_random(state) % (count + 1));
    const char *piece = pieces[next_random(state) % (sizeof pieces / sizeof pieces[0])];
    size_t piece_bytes = strlen(piece);
    switch (next_random(state) % 4) {
    case 0:
        if (at < count) {
            bytes[at] = (uint8_t)next_random(state);
        }
        return count;
    case 1:
        if (at < count) {
            memmove(bytes + at, bytes + at + 1, count - at - 1);
            count--;
        }
        return count;
    case 2:
        return next_random(state) % 8 ? count : at;
    default:
        if (count + piece_bytes > room_bytes) {
            return count;
        }
        memmove(bytes + at + piece_bytes, bytes + at, count - at);
        memcpy(bytes + at, piece, piece_bytes);
        return count + piece_bytes;
    }
}

int main(int count, char **arguments)
{
    long seconds = count > 1 ? strtol(arguments[1], NULL, 10) : 5;
    uint64_t state = count > 2 ? strtoull(arguments[2], NULL, 10) | 1 : 88172645463325252u;
    unsigned long runs = 0;
    for (time_t end = time(NULL) + seconds; time(NULL) < end;) {
        for (int i = 0; i < 1000; i++, runs++) {
            uint8_t bytes[512];
            const char *seed = seeds[next_random(&state) % (sizeof seeds / sizeof seeds[0])];
            size_t length = strlen(seed);
            memcpy(bytes, seed, length);
            for (uint64_t changes = next_random(&state) % 6; changes > 0; changes--) {
                length = mutate(bytes, length, sizeof bytes, &state);
            }
            LLVMFuzzerTestOneInput(bytes, length);
        }
    }
    printf("%lu runs passed, 0 failed\n", runs);
    return 0;
}

#endif
