#include "json_decode.h"

#include <stdbool.h>
#include <stddef.h>

struct refusal {
    const uint8_t *where;
    const char *why;
};

static void refuse(struct refusal *refusal, const uint8_t *where, const char *why)
{
    *refusal = (struct refusal){ where, why };
}

static bool continues(uint8_t c)
{
    return (c & 0xc0) == 0x80;
}

/* Bytes of the well-formed UTF-8 sequence at `at` (Unicode, table 3-7); 0 when there is none. The NUL at the end of the
 * text continues nothing, so no byte behind it is looked at. */
unsigned json_utf8_bytes(const uint8_t *at)
{
    uint8_t a = at[0], low = 0x80, high = 0xbf;
    if (a >= 0xc2 && a <= 0xdf)
        return continues(at[1]) ? 2 : 0;
    if (a >= 0xe0 && a <= 0xef) {
        low = a == 0xe0 ? 0xa0 : low;       /* overlong */
        high = a == 0xed ? 0x9f : high;     /* surrogates */
        return at[1] >= low && at[1] <= high && continues(at[2]) ? 3 : 0;
    }
    if (a >= 0xf0 && a <= 0xf4) {
        low = a == 0xf0 ? 0x90 : low;       /* overlong */
        high = a == 0xf4 ? 0x8f : high;     /* beyond U+10FFFF */
        return at[1] >= low && at[1] <= high && continues(at[2]) && continues(at[3]) ? 4 : 0;
    }
    return 0;
}

static int32_t hex4(const uint8_t *at)
{
    int32_t n = 0;
    for (int i = 0; i < 4; i++) {
        uint8_t c = at[i], lower = c | 0x20;
        if (c >= '0' && c <= '9')
            n = n * 16 + (c - '0');
        else if (lower >= 'a' && lower <= 'f')
            n = n * 16 + (lower - 'a' + 10);
        else
            return -1;
    }
    return n;
}

static uint8_t *put_utf8(uint8_t *out, int32_t c)
{
    if (c < 0x80) {
        *out++ = (uint8_t)c;
    } else if (c < 0x800) {
        *out++ = (uint8_t)(0xc0 | c >> 6);
        *out++ = (uint8_t)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *out++ = (uint8_t)(0xe0 | c >> 12);
        *out++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        *out++ = (uint8_t)(0x80 | (c & 0x3f));
    } else {
        *out++ = (uint8_t)(0xf0 | c >> 18);
        *out++ = (uint8_t)(0x80 | (c >> 12 & 0x3f));
        *out++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        *out++ = (uint8_t)(0x80 | (c & 0x3f));
    }
    return out;
}

/* The XXXX behind \u, with its second half if it is a surrogate; moves *at behind it; -1 when refused. */
static int32_t unicode_escape(struct refusal *refusal, const uint8_t **at)
{
    int32_t c = hex4(*at), second;
    if (c < 0)
        refuse(refusal, *at, "\\u needs four hexadecimal digits");
    else if (c == 0)
        refuse(refusal, *at, "U+0000 is not allowed");
    if (c <= 0)
        return -1;
    *at += 4;
    if (c < 0xd800 || c > 0xdfff)
        return c;
    if (c < 0xdc00 && (*at)[0] == '\\' && (*at)[1] == 'u') {
        second = hex4(*at + 2);
        if (second >= 0xdc00 && second <= 0xdfff) {
            *at += 6;
            return 0x10000 + ((c - 0xd800) << 10) + (second - 0xdc00);
        }
    }
    refuse(refusal, *at - 4, "half a surrogate pair");
    return -1;
}

static int32_t read_escape(struct refusal *refusal, const uint8_t **at)
{
    uint8_t c = *(*at)++;
    switch (c) {
    case '"': case '\\': case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'u':
        return unicode_escape(refusal, at);
    default:
        refuse(refusal, *at - 1, "an unknown escape");
        return -1;
    }
}

const uint8_t *json_decode(const uint8_t *from, const uint8_t *end, uint8_t *out, uint32_t *ret_bytes, const char **ret_why)
{
    struct refusal refusal;
    uint8_t *start = out;
    while (from < end) {
        if (*from != '\\') {
            *out++ = *from++;
            continue;
        }
        from++;
        int32_t c = read_escape(&refusal, &from);
        if (c < 0) {
            *ret_why = refusal.why;
            return refusal.where;
        }
        out = put_utf8(out, c);
    }
    *ret_bytes = (uint32_t)(out - start);
    return NULL;
}
