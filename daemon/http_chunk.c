/* The line before each chunk of a chunked body. */

#include "http_head.h"
#include "http_hex.h"

/* Eight digits cannot overflow, and exceed every limit on bodies; more could only be meant to confuse. */
enum { CHUNK_DIGITS_MAX = 8 };

static bool is_extension_byte(char byte)
{
    return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

struct http_refusal http_chunk_line(const char *bytes, size_t available_bytes, size_t *ret_line_bytes,
                                    uint64_t *ret_chunk_bytes)
{
    const struct http_refusal malformed = { 400, "A chunk does not start with a plain hexadecimal size." };
    const struct http_refusal fine = { 0, NULL };
    size_t at = 0;
    uint64_t chunk_bytes = 0;
    *ret_line_bytes = 0;
    while (at < available_bytes && http_hex_value(bytes[at]) >= 0) {
        if (at == CHUNK_DIGITS_MAX) {
            return malformed;
        }
        chunk_bytes = chunk_bytes * 16 + (uint64_t)http_hex_value(bytes[at++]);
    }
    if (at < available_bytes && (at == 0 || (bytes[at] != ';' && bytes[at] != '\r'))) {
        return malformed;
    }
    while (at < available_bytes && at < HTTP_CHUNK_LINE_BYTES_MAX && is_extension_byte(bytes[at])) {
        at++;
    }
    if (at >= HTTP_CHUNK_LINE_BYTES_MAX - 1) {
        return (struct http_refusal){ 400, "The line before a chunk is too long." };
    }
    if (at == available_bytes || (bytes[at] == '\r' && at + 1 == available_bytes)) {
        return fine;
    }
    if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
        return malformed;
    }
    *ret_line_bytes = at + 2;
    *ret_chunk_bytes = chunk_bytes;
    return fine;
}
