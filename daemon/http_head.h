#ifndef DAEMON_HTTP_HEAD_H
#define DAEMON_HTTP_HEAD_H

/*
 * The strict reader of HTTP/1.x request heads: bytes in, a request or a refusal out.
 *
 * Pure: no input or output, no allocation, no clock, no state of its own. Order of use:
 *   1. http_head_end() on each arrival of bytes, until it tells where the head ends;
 *   2. http_head_parse() once, on exactly those bytes;
 *   3. for a chunked body, http_chunk_line() before each chunk;
 *   4. http_header(), http_decode() and http_query*() to look into the request.
 *
 * Memory: every `struct text` of a request points into the caller's bytes and lives as long as they do.
 * Errors: a struct http_refusal by value. status 0 means "nothing to refuse"; otherwise it is the HTTP status to
 * answer, with a constant English sentence that never repeats what the client sent. After a refusal the connection
 * must be closed: where the next request begins is no longer known, and guessing is how requests are smuggled.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../events/text.h"

enum {
    HTTP_HEADERS_MAX = 64,          /* room in struct http_request */
    HTTP_CHUNK_LINE_BYTES_MAX = 256 /* size, extensions and CRLF */
};

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_PATCH,
    HTTP_OTHER
};

enum http_body {
    HTTP_BODY_NONE,
    HTTP_BODY_SIZED,
    HTTP_BODY_CHUNKED
};

struct http_refusal {
    int status;
    const char *title;
};

struct http_field {
    struct text name;  /* as sent: compare without case */
    struct text value; /* without the blanks around it */
};

struct http_request {
    enum http_method method;
    struct text method_name;
    struct text path;  /* raw: starts with '/' (or is "*" for OPTIONS); its percent-escapes are known to be good */
    struct text query; /* raw, without the '?' */
    int version_minor;
    bool keep_alive;
    bool expects_continue;
    enum http_body body_kind;
    uint64_t content_bytes; /* what Content-Length announced */
    struct text body;       /* set by the server, not by the parser */
    unsigned header_count;
    struct http_field headers[HTTP_HEADERS_MAX];
};

/*
 * Where the head ends: its size with the empty line, or 0 when more bytes are needed (or *refusal is set).
 * *scanned_bytes remembers what was already looked at; start with 0 and keep it while bytes are only appended.
 */
size_t http_head_end(const char *bytes, size_t available_bytes, size_t *scanned_bytes, struct http_refusal *refusal);

/* The refusal for a head that did not end within the limit: 414 when already the first line is too long, or 431. */
struct http_refusal http_head_too_large(const char *bytes, size_t available_bytes);

/* Reads a whole head. *ret is complete only when the refusal's status is 0. headers_max <= HTTP_HEADERS_MAX. */
struct http_refusal http_head_parse(const char *bytes, size_t head_bytes, unsigned headers_max,
                                    struct http_request *ret);

/*
 * Reads "SIZE[;extensions]CRLF". *ret_line_bytes is 0 when more bytes are needed.
 * A size of 0 announces the end: exactly CRLF must follow, as no trailer field is accepted.
 */
struct http_refusal http_chunk_line(const char *bytes, size_t available_bytes, size_t *ret_line_bytes,
                                    uint64_t *ret_chunk_bytes);

/* The first header of that name, or NULL. */
const struct text *http_header(const struct http_request *request, const char *lower_case_name);

enum {
    HTTP_ABSENT = -1,
    HTTP_TOO_LONG = -2, /* for the buffer, its NUL included */
    HTTP_REPEATED = -3,
    HTTP_BAD_ESCAPE = -4 /* impossible on the path or query of an accepted request */
};

/* Decodes the percent-escapes of a path segment; ends it with NUL. Its length, or one of the above. */
int http_decode(struct text raw, char *buffer, size_t buffer_bytes);

/* Decodes the value of one query parameter ('+' is a space); ends it with NUL. Its length, or one of the above. */
int http_query(struct text query, const char *name, char *buffer, size_t buffer_bytes);

/* Cuts the next "name=value" off *rest, both still raw; false at the end. To refuse unknown parameters. */
bool http_query_next(struct text *rest, struct text *ret_name, struct text *ret_value);
bool http_query_named(struct text raw_name, const char *name);     /* compares while decoding: "as%5Fof" is "as_of" */

#endif
