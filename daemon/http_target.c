/* Looking into a target: percent-escapes and query parameters. */

#include "http_head.h"
#include "http_hex.h"

/* One decoded byte at *offset, which moves past it; a negative value on a bad escape. */
static int decoded_byte(struct text raw, uint32_t *offset, bool plus_is_space)
{
    char byte = raw.at[(*offset)++];
    if (byte == '+' && plus_is_space) {
        return ' ';
    }
    if (byte != '%') {
        return (unsigned char)byte;
    }
    if (raw.bytes - *offset < 2) {
        return HTTP_BAD_ESCAPE;
    }
    int high = http_hex_value(raw.at[*offset]), low = http_hex_value(raw.at[*offset + 1]);
    *offset += 2;
    /* NUL would cut the text short for whoever reads it as a C string. */
    return high < 0 || low < 0 || high + low == 0 ? HTTP_BAD_ESCAPE : high * 16 + low;
}

static int decode(struct text raw, bool plus_is_space, char *buffer, size_t buffer_bytes)
{
    size_t length = 0;
    for (uint32_t offset = 0; offset < raw.bytes;) {
        int byte = decoded_byte(raw, &offset, plus_is_space);
        if (byte < 0) {
            return byte;
        }
        if (length + 1 >= buffer_bytes) {
            return HTTP_TOO_LONG;
        }
        buffer[length++] = (char)byte;
    }
    if (length >= buffer_bytes) {
        return HTTP_TOO_LONG;
    }
    buffer[length] = '\0';
    return (int)length;
}

int http_decode(struct text raw, char *buffer, size_t buffer_bytes)
{
    return decode(raw, false, buffer, buffer_bytes);
}

bool http_query_next(struct text *rest, struct text *ret_name, struct text *ret_value)
{
    if (rest->bytes == 0) {
        return false;
    }
    const char *from = rest->at, *end = from + rest->bytes;
    const char *ampersand = memchr(from, '&', rest->bytes);
    const char *to = ampersand ? ampersand : end;
    const char *equals = memchr(from, '=', (size_t)(to - from));
    *ret_name = (struct text){ from, (uint32_t)((equals ? equals : to) - from) };
    *ret_value = equals ? (struct text){ equals + 1, (uint32_t)(to - equals - 1) } : (struct text){ to, 0 };
    const char *next = ampersand ? ampersand + 1 : end;
    *rest = (struct text){ next, (uint32_t)(end - next) };
    return true;
}

/* "as%5Fof" must not slip past a check of repeated names. */
bool http_query_named(struct text raw, const char *name)
{
    for (uint32_t offset = 0; offset < raw.bytes; name++) {
        int byte = decoded_byte(raw, &offset, true);
        if (*name == '\0' || byte != (unsigned char)*name) {
            return false;
        }
    }
    return *name == '\0';
}

int http_query(struct text query, const char *name, char *buffer, size_t buffer_bytes)
{
    struct text rest = query, raw_name, raw_value, found = { NULL, 0 };
    while (http_query_next(&rest, &raw_name, &raw_value)) {
        if (!http_query_named(raw_name, name)) {
            continue;
        }
        if (found.at != NULL) {
            return HTTP_REPEATED;
        }
        found = raw_value;
    }
    return found.at == NULL ? HTTP_ABSENT : decode(found, true, buffer, buffer_bytes);
}
