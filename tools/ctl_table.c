/* Tables, aligned by what a terminal shows and not by bytes; colours only there. */
#include <assert.h>
#include <string.h>
#include <wchar.h>

#include "ctl.h"

#define GAP 2

struct table {
    unsigned columns;
    bool head;
    uint32_t cells, room;
    struct text *at;
};

const char *bold(void)
{
    return ctl.colour ? "\033[1m" : "";
}

const char *red(void)
{
    return ctl.colour ? "\033[31m" : "";
}

const char *plain(void)
{
    return ctl.colour ? "\033[0m" : "";
}

/* A locale without UTF-8 makes mbrtowc fail: then each character counts for one column. */
unsigned columns_wide(struct text t)
{
    unsigned wide = 0;
    mbstate_t state = { 0 };
    for (uint32_t i = 0; i < t.bytes;) {
        wchar_t c;
        size_t n = mbrtowc(&c, t.at + i, t.bytes - i, &state);
        if (n == 0 || n == (size_t)-1 || n == (size_t)-2) {
            memset(&state, 0, sizeof(state));
            wide += ((unsigned char)t.at[i] & 0xc0) != 0x80;
            i++;
            continue;
        }
        int columns = wcwidth(c);
        wide += columns > 0 ? (unsigned)columns : 0;
        i += (uint32_t)n;
    }
    return wide;
}

struct table *table_new(unsigned columns, bool head)
{
    struct table *t = arena_take(&ctl.arena, sizeof(*t));
    t->columns = columns;
    t->head = head;
    return t;
}

/* What others typed must neither break a row nor speak to the terminal. */
static struct text on_one_line(struct text t)
{
    uint32_t i = 0;
    while (i < t.bytes && (unsigned char)t.at[i] >= 0x20 && t.at[i] != 0x7f)
        i++;
    if (i == t.bytes)
        return t;
    char *clean = arena_copy(&ctl.arena, t.at, t.bytes);
    for (; i < t.bytes; i++)
        if ((unsigned char)clean[i] < 0x20 || clean[i] == 0x7f)
            clean[i] = ' ';
    return (struct text){ clean, t.bytes };
}

struct text cut(struct text t, unsigned columns)
{
    if (columns_wide(t) <= columns)
        return on_one_line(t);
    uint32_t bytes = t.bytes;
    while (bytes > 0 && (columns_wide((struct text){ t.at, bytes }) > columns - 1 || (t.at[bytes] & 0xc0) == 0x80))
        bytes--;
    return on_one_line(arena_print(&ctl.arena, "%.*s…", (int)bytes, t.at));
}

void table_cell(struct table *t, struct text cell)
{
    if (t->cells == t->room) {
        uint32_t room = t->room ? t->room * 2 : 64;
        struct text *at = ARENA_ARRAY(&ctl.arena, struct text, room);
        if (t->cells)
            memcpy(at, t->at, t->cells * sizeof(*at));
        t->at = at;
        t->room = room;
    }
    t->at[t->cells++] = on_one_line(cell);
}

static unsigned widest(const struct table *t, unsigned column)
{
    unsigned wide = 0;
    for (uint32_t i = column; i < t->cells; i += t->columns)
        if (columns_wide(t->at[i]) > wide)
            wide = columns_wide(t->at[i]);
    return wide;
}

static void print_row(const struct table *t, uint32_t first, const unsigned *wide, unsigned indent)
{
    const char *before = t->head && first == 0 ? bold() : "", *after = t->head && first == 0 ? plain() : "";
    printf("%*s", (int)indent, "");
    for (unsigned c = 0; c < t->columns && first + c < t->cells; c++) {
        struct text cell = t->at[first + c];
        bool last = c + 1 == t->columns;
        printf("%s%.*s%s", before, TEXT_ARGS(cell), after);
        if (!last)
            printf("%*s", (int)(wide[c] - columns_wide(cell) + GAP), "");
    }
    printf("\n");
}

void table_print(const struct table *t, unsigned indent)
{
    assert(t->columns > 0);
    unsigned *wide = ARENA_ARRAY(&ctl.arena, unsigned, t->columns);
    for (unsigned c = 0; c < t->columns; c++)
        wide[c] = widest(t, c);
    for (uint32_t first = 0; first < t->cells; first += t->columns)
        print_row(t, first, wide, indent);
}
