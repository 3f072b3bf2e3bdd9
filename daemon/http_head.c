/* The head of a request: request line, fields, and what they say about the body and the connection. */

#include "http_head.h"
#include "http_hex.h"

#include <strings.h>

enum {
    IN_TOKEN = 1,  /* methods and field names */
    IN_VALUE = 2,  /* field values: blanks, visible characters, and bytes over 127 */
    IN_TARGET = 4, /* visible ASCII but "#<>\^`{} */
    IN_HOST = 8
};

/* One row for each sixteen bytes. Carriage return is in no class: every scan below ends at the end of its line. */
static const unsigned char classes[256] = {
     0,  0,  0,  0,  0,  0,  0,  0,  0,  2,  0,  0,  0,  0,  0,  0,
     0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
     2, 15,  2,  3, 15, 15, 15, 15, 14, 14, 15, 15, 14, 15, 15,  6,
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 14, 14,  2, 14,  2,  6,
     6, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 14,  2, 14,  3, 15,
     3, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,  2,  7,  2, 15,  0,
     2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
     2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
     2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
     2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
     2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
     2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
     2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
     2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2};

/* What was seen while reading the fields, to be judged together once all are known. */
struct framing {
    unsigned hosts;
    unsigned content_lengths;
    unsigned transfer_encodings;
    bool asked_close;
    bool asked_keep_alive;
};

static const struct http_refusal fine = { 0, NULL };

static struct http_refusal refuse(int status, const char *title)
{
    return (struct http_refusal){ status, title };
}

static bool is_in(char byte, unsigned wanted)
{
    return (classes[(unsigned char)byte] & wanted) != 0;
}

static const char *skip(const char *at, unsigned wanted)
{
    while (is_in(*at, wanted)) {
        at++;
    }
    return at;
}

static struct text between(const char *from, const char *to)
{
    return (struct text){ from, (uint32_t)(to - from) };
}

static bool is_word(struct text text, const char *word, size_t word_bytes)
{
    return text.bytes == word_bytes && strncasecmp(text.at, word, word_bytes) == 0;
}
#define IS_WORD(text, literal) is_word((text), (literal), sizeof(literal) - 1)

size_t http_head_end(const char *bytes, size_t available_bytes, size_t *scanned_bytes, struct http_refusal *refusal)
{
    *refusal = fine;
    /* Noise (a TLS greeting, say) is refused at its first byte instead of being waited on for a line's end. */
    if (*scanned_bytes == 0 && available_bytes > 0 && !is_in(bytes[0], IN_TOKEN)) {
        *refusal = refuse(400, "The request does not start with a method.");
        return 0;
    }
    size_t at = *scanned_bytes;
    while (at < available_bytes) {
        const char *feed = memchr(bytes + at, '\n', available_bytes - at);
        if (feed == NULL) {
            break;
        }
        at = (size_t)(feed - bytes);
        if (at == 0 || bytes[at - 1] != '\r') {
            *refusal = refuse(400, "A line of the head ends with a bare line feed.");
            return 0;
        }
        at++;
        if (at >= 4 && bytes[at - 3] == '\n') {
            *scanned_bytes = at;
            return at;
        }
    }
    *scanned_bytes = available_bytes;
    return 0;
}

struct http_refusal http_head_too_large(const char *bytes, size_t available_bytes)
{
    if (memchr(bytes, '\n', available_bytes) == NULL) {
        return refuse(414, "The request line is too long.");
    }
    return refuse(431, "The head of the request is too large.");
}

static enum http_method method_of(struct text name)
{
    static const struct {
        const char *name;
        enum http_method method;
    } methods[] = {
        { "GET", HTTP_GET },       { "POST", HTTP_POST },       { "HEAD", HTTP_HEAD },   { "PUT", HTTP_PUT },
        { "DELETE", HTTP_DELETE }, { "OPTIONS", HTTP_OPTIONS }, { "PATCH", HTTP_PATCH },
    };
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (text_is(name, methods[i].name)) {
            return methods[i].method;
        }
    }
    return HTTP_OTHER;
}

/* Reads path and query; *at is left on the first byte that cannot belong to them. */
static struct http_refusal read_target(const char **at, struct http_request *ret)
{
    const char *start = *at, *question = NULL, *end = start;
    for (; is_in(*end, IN_TARGET); end++) {
        if (*end == '?' && question == NULL) {
            question = end;
        } else if (*end == '%') {
            int high = http_hex_value(end[1]);
            int low = high < 0 ? -1 : http_hex_value(end[2]);
            if (low < 0 || high + low == 0) {
                return refuse(400, "The target has a percent-escape that is not two hexadecimal digits, or is NUL.");
            }
        }
    }
    ret->path = between(start, question ? question : end);
    ret->query = question ? between(question + 1, end) : between(end, end);
    *at = end;
    bool asterisk = ret->method == HTTP_OPTIONS && end - start == 1 && *start == '*';
    if (*start != '/' && !asterisk) {
        return refuse(400, "The target does not start with a slash.");
    }
    return fine;
}

static struct http_refusal read_version(const char **at, struct http_request *ret)
{
    const char *version = *at;
    if (strncmp(version, "HTTP/", 5) != 0 || version[5] < '0' || version[5] > '9' || version[6] != '.' ||
        version[7] < '0' || version[7] > '9' || version[8] != '\r' || version[9] != '\n') {
        return refuse(400, "The request line does not end with a version of HTTP.");
    }
    if (version[5] != '1' || version[7] > '1') {
        return refuse(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    }
    ret->version_minor = version[7] - '0';
    *at = version + 10;
    return fine;
}

static struct http_refusal read_request_line(const char **at, struct http_request *ret)
{
    const char *method_end = skip(*at, IN_TOKEN);
    if (method_end == *at || *method_end != ' ') {
        return refuse(400, "The request does not start with a method and one space.");
    }
    ret->method_name = between(*at, method_end);
    ret->method = method_of(ret->method_name);
    *at = method_end + 1;
    struct http_refusal refusal = read_target(at, ret);
    if (refusal.status) {
        return refusal;
    }
    if (**at != ' ') {
        return refuse(400, "The target has a byte that must be percent-escaped, or no version follows it.");
    }
    ++*at;
    return read_version(at, ret);
}

static struct http_refusal read_field(const char **at, struct http_field *ret)
{
    const char *name = *at, *name_end = skip(name, IN_TOKEN);
    if (*name == ' ' || *name == '\t') {
        return refuse(400, "A header is folded over several lines.");
    }
    if (*name_end != ':' || name_end == name) {
        return refuse(400, "A header has no proper name followed by a colon.");
    }
    const char *value = name_end + 1;
    while (*value == ' ' || *value == '\t') {
        value++;
    }
    const char *value_end = skip(value, IN_VALUE);
    if (value_end[0] != '\r' || value_end[1] != '\n') {
        return refuse(400, "A header has a control character in its value.");
    }
    *at = value_end + 2;
    while (value_end > value && (value_end[-1] == ' ' || value_end[-1] == '\t')) {
        value_end--;
    }
    ret->name = between(name, name_end);
    ret->value = between(value, value_end);
    return fine;
}

static struct http_refusal read_host(struct text value)
{
    if (value.bytes == 0) {
        return refuse(400, "The Host header is empty.");
    }
    for (uint32_t i = 0; i < value.bytes; i++) {
        if (!is_in(value.at[i], IN_HOST)) {
            return refuse(400, "The Host header is not a host with an optional port.");
        }
    }
    return fine;
}

static struct http_refusal read_content_length(struct text value, uint64_t *ret)
{
    /* Eighteen digits cannot overflow, and no limit here is anywhere near. */
    if (value.bytes == 0 || value.bytes > 18) {
        return refuse(400, "Content-Length is empty or too long a number.");
    }
    uint64_t number = 0;
    for (uint32_t i = 0; i < value.bytes; i++) {
        if (value.at[i] < '0' || value.at[i] > '9') {
            return refuse(400, "Content-Length is not a plain decimal number.");
        }
        number = number * 10 + (uint64_t)(value.at[i] - '0');
    }
    *ret = number;
    return fine;
}

/* Cuts the next item off a comma-separated list. */
static bool next_item(struct text *rest, struct text *ret)
{
    if (rest->at == NULL) {
        return false;
    }
    const char *end = rest->at + rest->bytes, *comma = memchr(rest->at, ',', rest->bytes);
    const char *from = rest->at, *to = comma ? comma : end;
    *rest = comma ? between(comma + 1, end) : (struct text){ NULL, 0 };
    while (from < to && (*from == ' ' || *from == '\t')) {
        from++;
    }
    while (to > from && (to[-1] == ' ' || to[-1] == '\t')) {
        to--;
    }
    *ret = between(from, to);
    return true;
}

static struct http_refusal read_transfer_encoding(struct text value)
{
    if (IS_WORD(value, "chunked")) {
        return fine;
    }
    struct text rest = value, item;
    while (next_item(&rest, &item)) {
        if (item.bytes > 0 && !IS_WORD(item, "chunked") && skip(item.at, IN_TOKEN) >= item.at + item.bytes) {
            return refuse(501, "The only transfer coding known here is chunked.");
        }
    }
    return refuse(400, "Transfer-Encoding is not exactly one chunked.");
}

static void read_connection(struct text value, struct framing *framing)
{
    struct text rest = value, item;
    while (next_item(&rest, &item)) {
        framing->asked_close |= IS_WORD(item, "close");
        framing->asked_keep_alive |= IS_WORD(item, "keep-alive");
    }
}

/* The five fields that matter to the reader itself; all others are the handler's. */
static struct http_refusal weigh_field(const struct http_field *field, struct framing *framing,
                                       struct http_request *request)
{
    struct text name = field->name;
    if (IS_WORD(name, "host")) {
        return framing->hosts++ ? refuse(400, "There are two Host headers.") : read_host(field->value);
    }
    if (IS_WORD(name, "connection")) {
        read_connection(field->value, framing);
    } else if (IS_WORD(name, "content-length")) {
        return framing->content_lengths++ ? refuse(400, "There are two Content-Length headers.")
                                          : read_content_length(field->value, &request->content_bytes);
    } else if (IS_WORD(name, "transfer-encoding")) {
        return framing->transfer_encodings++ ? refuse(400, "There are two Transfer-Encoding headers.")
                                             : read_transfer_encoding(field->value);
    } else if (IS_WORD(name, "expect")) {
        if (!IS_WORD(field->value, "100-continue")) {
            return refuse(417, "The only expectation known here is 100-continue.");
        }
        request->expects_continue = true;
    }
    return fine;
}

static struct http_refusal settle_framing(const struct framing *framing, struct http_request *ret)
{
    if (framing->hosts == 0 && ret->version_minor == 1) {
        return refuse(400, "The Host header is missing.");
    }
    if (framing->transfer_encodings && framing->content_lengths) {
        return refuse(400, "Content-Length and Transfer-Encoding contradict each other.");
    }
    if (framing->transfer_encodings && ret->version_minor == 0) {
        return refuse(400, "HTTP/1.0 has no Transfer-Encoding.");
    }
    ret->body_kind = framing->transfer_encodings ? HTTP_BODY_CHUNKED
                     : ret->content_bytes > 0    ? HTTP_BODY_SIZED
                                                 : HTTP_BODY_NONE;
    ret->keep_alive = !framing->asked_close && (ret->version_minor == 1 || framing->asked_keep_alive);
    /* RFC 9110, 10.1.1: an expectation of an HTTP/1.0 client is ignored. */
    ret->expects_continue = ret->expects_continue && ret->version_minor == 1 && ret->body_kind != HTTP_BODY_NONE;
    return fine;
}

struct http_refusal http_head_parse(const char *bytes, size_t head_bytes, unsigned headers_max,
                                    struct http_request *ret)
{
    ret->content_bytes = 0;
    ret->expects_continue = false;
    ret->header_count = 0;
    ret->body = (struct text){ NULL, 0 };
    /* Every scan below stops at the carriage returns; this makes sure that the last one is there. */
    if (head_bytes < 4 || head_bytes > UINT32_MAX || memcmp(bytes + head_bytes - 4, "\r\n\r\n", 4) != 0) {
        return refuse(400, "The head does not end with an empty line.");
    }
    const char *at = bytes, *end = bytes + head_bytes - 2;
    struct framing framing = { 0 };
    struct http_refusal refusal = read_request_line(&at, ret);
    while (refusal.status == 0 && at < end) {
        if (ret->header_count >= headers_max) {
            return refuse(431, "The request has too many headers.");
        }
        struct http_field *field = &ret->headers[ret->header_count];
        refusal = read_field(&at, field);
        if (refusal.status == 0) {
            ret->header_count++;
            refusal = weigh_field(field, &framing, ret);
        }
    }
    return refusal.status ? refusal : settle_framing(&framing, ret);
}

const struct text *http_header(const struct http_request *request, const char *lower_case_name)
{
    size_t bytes = strlen(lower_case_name);
    for (unsigned i = 0; i < request->header_count; i++) {
        if (is_word(request->headers[i].name, lower_case_name, bytes)) {
            return &request->headers[i].value;
        }
    }
    return NULL;
}
