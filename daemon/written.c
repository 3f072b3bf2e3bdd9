#include "written.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_ROOM 4096

void written_begin(struct written *w, size_t bytes_max)
{
    *w = (struct written){ .bytes_max = bytes_max };
}

void written_end(struct written *w)
{
    free(w->at);
    written_begin(w, w->bytes_max);
}

static bool make_room(struct written *w, size_t more)
{
    size_t room = w->room ? w->room : FIRST_ROOM;
    if (w->failed || more > w->bytes_max || w->bytes > w->bytes_max - more)
        return false;
    if (w->bytes + more <= w->room)
        return true;
    while (room < w->bytes + more)
        room *= 2;
    char *at = realloc(w->at, room);
    if (!at)
        return false;
    w->at = at;
    w->room = room;
    return true;
}

void written_bytes(struct written *w, const void *at, size_t bytes)
{
    if (bytes == 0)
        return;
    if (!make_room(w, bytes)) {
        w->failed = true;
        return;
    }
    memcpy(w->at + w->bytes, at, bytes);
    w->bytes += bytes;
}

void written_text(struct written *w, struct text t)
{
    written_bytes(w, t.at, t.bytes);
}

void written_string(struct written *w, const char *s)
{
    written_bytes(w, s, strlen(s));
}

void written_print(struct written *w, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int bytes = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (bytes < 0 || !make_room(w, (size_t)bytes + 1)) {    /* one more: vsnprintf ends what it prints */
        w->failed = true;
    } else {
        vsnprintf(w->at + w->bytes, (size_t)bytes + 1, format, again);
        w->bytes += (size_t)bytes;
    }
    va_end(again);
}

struct text written_so_far(const struct written *w)
{
    return w->at ? (struct text){ w->at, (uint32_t)w->bytes } : TEXT("");
}

uint32_t character_bytes(struct text t, uint32_t i)
{
    uint8_t first = (uint8_t)t.at[i];
    uint32_t bytes = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
    if (bytes > t.bytes - i)
        return 1;
    for (uint32_t k = 1; k < bytes; k++)
        if (((uint8_t)t.at[i + k] & 0xc0) != 0x80)
            return 1;
    return bytes;
}
