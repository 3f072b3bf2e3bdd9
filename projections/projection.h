/* A projection turns the fold of one participant into rows. What it keeps is the contribution of each fold: when a fold
 * changes, its old rows are taken back and the new ones put, whatever changed it (a plain event, a late one, a correction,
 * a new rulebook). A projection therefore never has to know which event came, and equals its own recomputation.
 *
 * Adding one: a file with a const struct projection, and one line in list.c. */
#ifndef PROJECTIONS_PROJECTION_H
#define PROJECTIONS_PROJECTION_H

#include "../events/parcours.h"
#include "../events/store.h"

#define ROW_KEY_BYTES_MAX 32
#define ROW_VALUE_BYTES_MAX 64

struct row {
    uint8_t table;      /* index of the projection in the list */
    uint8_t key_bytes, value_bytes;
    uint8_t key[ROW_KEY_BYTES_MAX], value[ROW_VALUE_BYTES_MAX];
};

struct rows {
    struct row *at;
    uint32_t count, room;
    uint8_t table;      /* of the projection that is emitting */
    struct arena *arena;
};

struct projection {
    const char *name;           /* of its table, too */
    uint32_t version;           /* one more when the rows of the same fold change: views are then rebuilt */
    void (*rows)(const struct parcours *, struct rows *);
};

extern const struct projection *const projections[];
extern const unsigned projection_count;
unsigned projection_table(const struct projection *);   /* its table in the views */

/* Emits one row: the key's parts, then the value's, are appended to the row that row_begin returns. */
struct row *row_begin(struct rows *);
void key_u64(struct row *, uint64_t);
void key_u32(struct row *, uint32_t);
void key_u8(struct row *, uint8_t);
void key_day(struct row *, int32_t);        /* orders as days do */
void value_bytes(struct row *, const void *, size_t);

/* Reading keys back. */
int32_t key_read_day(const void *at);
uint32_t key_read_u32(const void *at);

#endif
