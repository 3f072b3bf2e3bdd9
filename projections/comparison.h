/* Two environments of views, table by table and row by row. */
#ifndef PROJECTIONS_COMPARISON_H
#define PROJECTIONS_COMPARISON_H

#include "views.h"

struct comparison {
    struct compared {
        const char *table;
        uint64_t before, after;     /* rows of each */
        uint64_t differ;            /* only in one of them, or with another value */
    } tables[STORE_TABLES_MAX];
    unsigned count;
    uint64_t differ;                /* of the tables that must be equal */
    bool rows_equal;                /* the projections' rows must be, too: both were made under the same rulebooks */
};

/* Both at the same position. The index, the command ids and the list of streams are functions of the log alone and must be
 * equal; the projections' rows only if they were made under the same rulebooks, and are merely counted otherwise.
 * False: `go_on` said so. */
bool views_compare(struct store_txn *before, struct store_txn *after, bool (*go_on)(void *context), void *context, struct comparison *ret);

#endif
