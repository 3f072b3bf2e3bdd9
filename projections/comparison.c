#include "comparison.h"

#define ROWS_BETWEEN 65536      /* compared before asking whether to go on */

struct side {
    struct store_cursor *cursor;
    struct text key, value;
    bool more;
};

static struct side side_of(struct store_txn *txn, unsigned table)
{
    struct side s = { .cursor = store_cursor(txn, table) };
    s.more = store_seek(s.cursor, (struct text){ "", 0 }, &s.key, &s.value);
    return s;
}

static void next(struct side *s)
{
    s->more = store_next(s->cursor, &s->key, &s->value);
}

static int by_key(const struct side *a, const struct side *b)
{
    if (!a->more || !b->more)
        return a->more ? -1 : 1;
    uint32_t shorter = a->key.bytes < b->key.bytes ? a->key.bytes : b->key.bytes;
    int order = memcmp(a->key.at, b->key.at, shorter);
    return order ? order : (int)a->key.bytes - (int)b->key.bytes;
}

static bool compare_table(struct side *a, struct side *b, bool (*go_on)(void *), void *context, struct compared *t)
{
    for (uint64_t i = 1; a->more || b->more; i++) {
        int order = by_key(a, b);
        t->differ += order != 0 || !text_equal(a->value, b->value);
        t->before += order <= 0;
        t->after += order >= 0;
        if (order <= 0)
            next(a);
        if (order >= 0)
            next(b);
        if (i % ROWS_BETWEEN == 0 && go_on && !go_on(context))
            return false;
    }
    return true;
}

bool views_compare(struct store_txn *before, struct store_txn *after, bool (*go_on)(void *), void *context, struct comparison *ret)
{
    bool good = true;
    *ret = (struct comparison){ .rows_equal = views_rulebook(before) == views_rulebook(after) };
    for (unsigned table = TABLE_META + 1; table < TABLES_FIXED + projection_count && good; table++) {
        struct compared *t = &ret->tables[ret->count++];
        struct side a = side_of(before, table), b = side_of(after, table);
        t->table = views_table_name(table);
        good = compare_table(&a, &b, go_on, context, t);
        if (table < TABLES_FIXED || ret->rows_equal)
            ret->differ += t->differ;
        store_cursor_close(a.cursor);
        store_cursor_close(b.cursor);
    }
    return good;
}
