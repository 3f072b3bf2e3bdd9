/* Rows: made by projections, compared, written. */
#include <assert.h>
#include <endian.h>
#include <string.h>

#include "projection.h"

struct row *row_begin(struct rows *rows)
{
    if (rows->count == rows->room) {
        uint32_t room = rows->room ? rows->room * 2 : 32;
        struct row *grown = ARENA_ARRAY(rows->arena, struct row, room);
        if (rows->count)
            memcpy(grown, rows->at, rows->count * sizeof(struct row));
        rows->at = grown;
        rows->room = room;
    }
    struct row *r = &rows->at[rows->count++];
    r->table = rows->table;
    r->key_bytes = r->value_bytes = 0;
    return r;
}

static void key_part(struct row *r, const void *at, unsigned bytes)
{
    assert(r->key_bytes + bytes <= ROW_KEY_BYTES_MAX);
    memcpy(r->key + r->key_bytes, at, bytes);
    r->key_bytes = (uint8_t)(r->key_bytes + bytes);
}

void key_u64(struct row *r, uint64_t n)
{
    uint64_t big = htobe64(n);
    key_part(r, &big, sizeof big);
}

void key_u32(struct row *r, uint32_t n)
{
    uint32_t big = htobe32(n);
    key_part(r, &big, sizeof big);
}

void key_u8(struct row *r, uint8_t n)
{
    key_part(r, &n, 1);
}

void key_day(struct row *r, int32_t day)
{
    key_u32(r, (uint32_t)day ^ 0x80000000u);     /* days before 1970 sort before */
}

void value_bytes(struct row *r, const void *at, size_t bytes)
{
    assert(r->value_bytes + bytes <= ROW_VALUE_BYTES_MAX);
    memcpy(r->value + r->value_bytes, at, bytes);
    r->value_bytes = (uint8_t)(r->value_bytes + bytes);
}

uint32_t key_read_u32(const void *at)
{
    const uint8_t *b = at;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

int32_t key_read_day(const void *at)
{
    return (int32_t)(key_read_u32(at) ^ 0x80000000u);
}
