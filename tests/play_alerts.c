/* Alerts of a day, from the rows of the views. */
#include <stdlib.h>

#include "../events/days.h"
#include "../projections/portfolios.h"
#include "play.h"

/* Those open, and those settled since. */
static int in_order(const void *a, const void *b)
{
    const struct shown_alert *x = a, *y = b;
    if (x->participant != y->participant)
        return x->participant < y->participant ? -1 : 1;
    return x->rule - y->rule;
}

static void open_alerts(struct store_txn *txn, int32_t day, struct shown_alert *ret, unsigned max, unsigned *n)
{
    struct text key, value;
    struct store_cursor *c = store_cursor(txn, projection_table(&alerts));
    for (bool more = store_seek(c, (struct text){ "", 0 }, &key, &value); more && *n < max; more = store_next(c, &key, &value)) {
        const char *k = key.at;
        struct alert_row row;
        memcpy(&row, value.at, sizeof(row));
        if (key_read_day(k + 8) <= day)
            ret[(*n)++] = (struct shown_alert){ row.due, row.since, store_key_read_u64(k + 13), (uint8_t)k[12] };
    }
    store_cursor_close(c);
}

static void settled_alerts(struct store_txn *txn, int32_t day, struct shown_alert *ret, unsigned max, unsigned *n)
{
    struct text key, value;
    struct store_cursor *c = store_cursor(txn, projection_table(&late_alerts));
    for (bool more = store_seek(c, (struct text){ "", 0 }, &key, &value); more && *n < max; more = store_next(c, &key, &value)) {
        const char *k = key.at;
        struct late_row row;
        memcpy(&row, value.at, sizeof(row));
        bool month = key_read_u32(k) == ((uint32_t)month_index(day) ^ 0x80000000u);
        if (month && key_read_day(k + 13) <= day && day < row.settled_on)
            ret[(*n)++] = (struct shown_alert){ row.due, row.since, store_key_read_u64(k + 5), (uint8_t)k[4] };
    }
    store_cursor_close(c);
}

unsigned play_alerts_on(struct play *p, int32_t day, struct shown_alert *ret, unsigned max)
{
    unsigned n = 0;
    open_alerts(p->desk->views_txn, day, ret, max, &n);
    settled_alerts(p->desk->views_txn, day, ret, max, &n);
    qsort(ret, n, sizeof(*ret), in_order);
    return n;
}
