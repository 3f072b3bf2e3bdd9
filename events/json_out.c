#include "json.h"

#include <stdlib.h>

#include "days.h"

#define FIRST_ROOM 1024

void json_out_init(struct json_out *out, size_t bytes_max)
{
    *out = (struct json_out){ .bytes_max = bytes_max };
}

void json_out_reset(struct json_out *out)
{
    out->bytes = 0;
    out->failed = out->comma = false;
}

void json_out_free(struct json_out *out)
{
    free(out->at);
    json_out_init(out, out->bytes_max);
}

bool json_out_failed(const struct json_out *out)
{
    return out->failed;
}

static bool grow(struct json_out *out, size_t more)
{
    if (more > out->bytes_max - out->bytes)
        return false;
    size_t room = out->room ? out->room : FIRST_ROOM;
    while (room < out->bytes + more)
        room *= 2;
    if (room > out->bytes_max)
        room = out->bytes_max;
    char *at = realloc(out->at, room);
    if (at == NULL)
        return false;
    out->at = at;
    out->room = room;
    return true;
}

static void put(struct json_out *out, const char *at, size_t bytes)
{
    if (out->failed || (bytes > out->room - out->bytes && !grow(out, bytes))) {
        out->failed = true;
        return;
    }
    if (bytes > 0)
        memcpy(out->at + out->bytes, at, bytes);
    out->bytes += bytes;
}

/* Before an element; whatever was written last says whether it needs a comma. */
static void start(struct json_out *out)
{
    if (out->comma)
        put(out, ",", 1);
    out->comma = true;
}

static void open_with(struct json_out *out, const char *bracket)
{
    start(out);
    put(out, bracket, 1);
    out->comma = false;
}

static void close_with(struct json_out *out, const char *bracket)
{
    put(out, bracket, 1);
    out->comma = true;
}

void json_open(struct json_out *out)
{
    open_with(out, "{");
}

void json_close(struct json_out *out)
{
    close_with(out, "}");
}

void json_open_list(struct json_out *out)
{
    open_with(out, "[");
}

void json_close_list(struct json_out *out)
{
    close_with(out, "]");
}

/* How many bytes at `at` cannot stay as they are: 1, 3 for U+2028 and U+2029 (which end a line in older JavaScript), or 0. */
static unsigned must_escape(const uint8_t *at, const uint8_t *end)
{
    if (*at < 0x20 || *at == '"' || *at == '\\')
        return 1;
    if (*at == 0xe2 && end - at >= 3 && at[1] == 0x80 && (at[2] == 0xa8 || at[2] == 0xa9))
        return 3;
    return 0;
}

static void put_escape(struct json_out *out, const uint8_t *at)
{
    static const char short_ones[][3] = { ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r",
        ['"'] = "\\\"", ['\\'] = "\\\\" };
    if (*at < sizeof short_ones / sizeof short_ones[0] && short_ones[*at][0] != '\0') {
        put(out, short_ones[*at], 2);
        return;
    }
    static const char hex[] = "0123456789abcdef";
    char escape[6] = { '\\', 'u', '0', '0', hex[*at >> 4], hex[*at & 15] };
    if (*at == 0xe2)
        memcpy(escape + 2, at[2] == 0xa8 ? "2028" : "2029", 4);
    put(out, escape, 6);
}

/* Nearly all of what is written needs no escape: eight bytes are looked at together, and some may be reported in vain. */
static bool eight_plain(const uint8_t *at)
{
    const uint64_t ones = 0x0101010101010101, high = ones << 7;
    uint64_t w;
    memcpy(&w, at, sizeof w);
    uint64_t quote = w ^ ones * '"', backslash = w ^ ones * '\\';
    return ((w | (w - ones * 0x20) | (quote - ones) | (backslash - ones)) & high) == 0;
}

static void put_quoted(struct json_out *out, struct text t)
{
    put(out, "\"", 1);
    const uint8_t *at = (const uint8_t *)t.at, *end = at + t.bytes, *run = at;
    while (at < end) {
        if (end - at >= 8 && eight_plain(at)) {
            at += 8;
            continue;
        }
        unsigned n = must_escape(at, end);
        if (n == 0) {
            at++;
            continue;
        }
        put(out, (const char *)run, (size_t)(at - run));
        put_escape(out, at);
        at += n;
        run = at;
    }
    put(out, (const char *)run, (size_t)(end - run));
    put(out, "\"", 1);
}

static void end_key(struct json_out *out)
{
    put(out, ":", 1);
    out->comma = false;
}

/* Keys are most of what is written: one check of the room for the comma, the quotes and the colon. */
void json_key(struct json_out *out, const char *key)
{
    size_t bytes = strlen(key), most = bytes + 4;
    if (out->failed || (most > out->room - out->bytes && !grow(out, most))) {
        out->failed = true;
        return;
    }
    char *at = out->at + out->bytes;
    if (out->comma)
        *at++ = ',';
    *at++ = '"';
    memcpy(at, key, bytes);
    at += bytes;
    *at++ = '"';
    *at++ = ':';
    out->bytes = (size_t)(at - out->at);
    out->comma = false;
}

void json_key_text(struct json_out *out, struct text key)
{
    start(out);
    put_quoted(out, key.at ? key : TEXT(""));
    end_key(out);
}

void json_text(struct json_out *out, struct text t)
{
    start(out);
    if (t.at == NULL)
        put(out, "null", 4);
    else
        put_quoted(out, t);
}

void json_string(struct json_out *out, const char *s)
{
    json_text(out, text_of(s));
}

/* At the end of `end`, backwards; the sign is the caller's. */
static char *digits_before(char *end, uint64_t n)
{
    do
        *--end = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    return end;
}

static uint64_t magnitude(int64_t n)
{
    return n < 0 ? -(uint64_t)n : (uint64_t)n;
}

void json_number(struct json_out *out, int64_t n)
{
    char digits[24], *end = digits + sizeof digits, *at = digits_before(end, magnitude(n));
    if (n < 0)
        *--at = '-';
    start(out);
    put(out, at, (size_t)(end - at));
}

void json_hundredths(struct json_out *out, int64_t n)
{
    char digits[24], *end = digits + sizeof digits - 3, *at = digits_before(end, magnitude(n) / 100);
    unsigned fraction = (unsigned)(magnitude(n) % 100);
    if (n < 0)
        *--at = '-';
    if (fraction > 0) {
        *end++ = '.';
        *end++ = (char)('0' + fraction / 10);
        if (fraction % 10 > 0)
            *end++ = (char)('0' + fraction % 10);
    }
    start(out);
    put(out, at, (size_t)(end - at));
}

void json_bool(struct json_out *out, bool truth)
{
    start(out);
    put(out, truth ? "true" : "false", truth ? 4 : 5);
}

void json_null(struct json_out *out)
{
    start(out);
    put(out, "null", 4);
}

void json_day(struct json_out *out, int32_t day)
{
    char text[DAY_TEXT_BYTES];
    json_string(out, day == DAY_NONE ? NULL : day_print(day, text));
}

void json_raw(struct json_out *out, struct text t)
{
    start(out);
    put(out, t.at, t.bytes);
}

void json_line(struct json_out *out)
{
    put(out, "\n", 1);
    out->comma = false;
}
