#include "csv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../events/days.h"

#define FIRST_ROOM 4096

void csv_begin(struct csv *c, size_t bytes_max)
{
    *c = (struct csv){ .bytes_max = bytes_max, .separator = ',' };
}

void csv_end(struct csv *c)
{
    free(c->at);
    csv_begin(c, c->bytes_max);
}

void csv_reset(struct csv *c)
{
    c->bytes = 0;
    c->inside = false;
}

static bool grow(struct csv *c, size_t more)
{
    size_t room = c->room ? c->room : FIRST_ROOM;
    while (room < c->bytes + more)
        room *= 2;
    char *at = c->bytes + more > c->bytes_max ? NULL : realloc(c->at, room);
    if (!at)
        return false;
    c->at = at;
    c->room = room;
    return true;
}

static void put(struct csv *c, const char *at, size_t bytes)
{
    if (c->failed || (c->bytes + bytes > c->room && !grow(c, bytes))) {
        c->failed = true;
        return;
    }
    if (bytes)
        memcpy(c->at + c->bytes, at, bytes);
    c->bytes += bytes;
}

static void start(struct csv *c)
{
    if (c->inside)
        put(c, &c->separator, 1);
    c->inside = true;
}

static bool looks_like_formula(struct text t)
{
    return t.bytes > 0 && memchr("=+-@\t\r", t.at[0], 6);
}

static bool needs_quotes(const struct csv *c, struct text t)
{
    for (uint32_t i = 0; i < t.bytes; i++)
        if (t.at[i] == c->separator || memchr("\"\r\n", t.at[i], 3))
            return true;
    return false;
}

void csv_cell(struct csv *c, struct text t)
{
    bool quoted = needs_quotes(c, t);
    start(c);
    if (quoted)
        put(c, "\"", 1);
    if (looks_like_formula(t))
        put(c, "'", 1);
    for (uint32_t i = 0; i < t.bytes; i++) {
        if (t.at[i] == '"')
            put(c, "\"", 1);
        put(c, t.at + i, 1);
    }
    if (quoted)
        put(c, "\"", 1);
}

void csv_day(struct csv *c, int32_t day)
{
    char text[DAY_TEXT_BYTES];
    csv_cell(c, day == DAY_NONE ? TEXT("") : text_of(day_print(day, text)));
}

void csv_number(struct csv *c, int64_t n)
{
    char text[24];
    int bytes = snprintf(text, sizeof(text), "%" PRId64, n);
    start(c);
    put(c, text, (size_t)bytes);
}

void csv_row(struct csv *c)
{
    put(c, "\r\n", 2);
    c->inside = false;
}
