/* Windows-1252, which spreadsheets of the field still speak, to UTF-8 and back. */
#include "ctl.h"

/* 0x80 to 0x9f; 0: Windows-1252 has no such character. The rest is as in ISO-8859-1. */
static const uint16_t high[32] = {
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
};

bool cp1252_read(struct arena *arena, struct text t, struct text *ret)
{
    char *to = arena_take(arena, (size_t)t.bytes * 3 + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < t.bytes; i++) {
        uint8_t b = (uint8_t)t.at[i];
        uint32_t c = b >= 0x80 && b < 0xa0 ? high[b - 0x80] : b;
        if (c == 0)
            return false;
        if (c < 0x80) {
            to[n++] = (char)c;
        } else if (c < 0x800) {
            to[n++] = (char)(0xc0 | c >> 6), to[n++] = (char)(0x80 | (c & 0x3f));
        } else {
            to[n++] = (char)(0xe0 | c >> 12), to[n++] = (char)(0x80 | (c >> 6 & 0x3f)), to[n++] = (char)(0x80 | (c & 0x3f));
        }
    }
    *ret = (struct text){ to, n };
    return true;
}

/* One character; false: it ends too soon. The text is UTF-8 already. */
static bool next_character(struct text t, uint32_t *at, uint32_t *ret)
{
    uint8_t b = (uint8_t)t.at[(*at)++];
    unsigned more = b >= 0xf0 ? 3 : b >= 0xe0 ? 2 : b >= 0xc0 ? 1 : 0;
    uint32_t c = more ? b & (0x3fu >> more) : b;
    for (; more; more--) {
        if (*at == t.bytes)
            return false;
        c = c << 6 | ((uint8_t)t.at[(*at)++] & 0x3f);
    }
    *ret = c;
    return true;
}

static int byte_of(uint32_t c)
{
    if (c < 0x80 || (c >= 0xa0 && c < 0x100))
        return (int)c;
    for (int i = 0; i < 32; i++)
        if (high[i] == c)
            return 0x80 + i;
    return -1;
}

bool cp1252_write(struct arena *arena, struct text t, struct text *ret)
{
    char *to = arena_take(arena, (size_t)t.bytes + 1);
    uint32_t n = 0, c = 0;
    for (uint32_t i = 0; i < t.bytes;) {
        int byte = next_character(t, &i, &c) ? byte_of(c) : -1;
        if (byte < 0)
            return false;
        to[n++] = (char)byte;
    }
    *ret = (struct text){ to, n };
    return true;
}
