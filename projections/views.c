/* Index, command ids and rows, in one transaction. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../events/failure.h"
#include "views_inside.h"

static struct text bytes_of(const void *at, size_t n)
{
    return (struct text){ at, (uint32_t)n };
}

static const char position_key[] = "position", format_key[] = "format", rulebook_key[] = "rulebook";

/* Rows of another shape must not be read: the format is the sum of what shapes them. */
static uint32_t format(void)
{
    uint32_t f = VIEWS_VERSION * 1000u;
    for (unsigned i = 0; i < projection_count; i++)
        f = f * 31 + projections[i]->version;
    /* Rows hold rules and states by their number: another list of them is another format. */
    for (int r = 0; r < RULES; r++)
        for (const char *c = rules[r].name; *c; c++)
            f = f * 31 + (uint8_t)*c;
    return f * 31 + STATES;
}

static const char *const fixed_names[TABLES_FIXED] = { "meta", "stream_events", "commands", "streams", "names" };

static int open_tables(struct store *store)
{
    const char *names[STORE_TABLES_MAX];
    for (unsigned i = 0; i < TABLES_FIXED + projection_count; i++)
        names[i] = views_table_name(i);
    return store_tables(store, names, TABLES_FIXED + projection_count);
}

/* The views reflect this very log: their format is ours, and the leaf at their position is the log's. */
static bool matches_log(struct store *store, struct log *log)
{
    int f;
    bool same = false;
    struct position p;
    struct text record, value;
    struct store_txn *views = store_read_begin(store, &f);
    struct store_txn *records = views ? store_read_begin(log_store(log), &f) : NULL;
    uint32_t ours = format();
    if (records && views_position(views, &p) && log_record(records, p.seq, &record)) {
        struct hash leaf = record_leaf(record);
        same = memcmp(&leaf, &p.leaf, sizeof(leaf)) == 0 &&
               store_get(views, TABLE_META, text_of(format_key), &value) && text_equal(value, bytes_of(&ours, sizeof(ours)));
    }
    if (records)
        store_read_end(records);
    if (views)
        store_read_end(views);
    return same;
}

int views_open_store(const char *path, bool create, struct store **ret)
{
    struct store_options options = { STORE_DISPOSABLE, VIEWS_MAP_BYTES, 0, 126 };
    int f = store_open(path, create, &options, ret);
    if (f)
        return failure_say(f, "open views");
    f = open_tables(*ret);
    if (f) {
        store_close(*ret);
        return failure_say(f, "open views");
    }
    return 0;
}

int views_open(const char *store_directory, struct log *log, struct views **ret, bool *ret_trusted)
{
    char path[4096];
    struct trust trust;
    struct store *store = NULL;
    snprintf(path, sizeof(path), "%s/views", store_directory);
    trust_init(&trust, store_directory);
    bool opened = trust_holds(&trust) && views_open_store(path, false, &store) == 0;
    *ret_trusted = opened && matches_log(store, log);
    int f = trust_delete_aside(&trust);     /* a filling that was not finished */
    if (!f)     /* not clean from now on: said on disk before the first write */
        f = *ret_trusted ? trust_open(&trust) : trust_delete(&trust);
    if (opened && (f || !*ret_trusted))
        store_close(store);
    if (f)
        return f;
    failure_forget();       /* why those on disk could not be opened */
    if (!*ret_trusted)
        return views_aside(store_directory, ret);
    *ret = calloc(1, sizeof(**ret));
    if (!*ret)
        abort();
    (*ret)->store = store;
    (*ret)->trust = trust;
    return 0;
}

void views_close(struct views *v, bool clean)
{
    if (!v)
        return;
    if (v->aside) {
        views_discard(v);
        return;
    }
    bool synced = clean && store_sync(v->store) == 0;
    store_close(v->store);
    if (synced)
        trust_close(&v->trust);
    free(v);
}

struct store *views_store(struct views *v)
{
    return v->store;
}

struct store_txn *views_begin(struct views *v, int *ret_failure)
{
    return store_write_begin(v->store, ret_failure);
}

int views_commit(struct store_txn *txn, const struct position *p)
{
    uint32_t ours = format();
    store_put(txn, TABLE_META, text_of(position_key), bytes_of(p, sizeof(*p)));
    store_put(txn, TABLE_META, text_of(format_key), bytes_of(&ours, sizeof(ours)));
    return store_commit(txn);
}

bool views_position(struct store_txn *txn, struct position *ret)
{
    struct text value;
    if (!store_get(txn, TABLE_META, text_of(position_key), &value) || value.bytes != sizeof(*ret))
        return false;
    memcpy(ret, value.at, sizeof(*ret));
    return true;
}

void views_say_rulebook(struct store_txn *txn, uint64_t seq)
{
    uint8_t number[8];
    store_key_u64(number, seq);
    store_put(txn, TABLE_META, text_of(rulebook_key), bytes_of(number, sizeof(number)));
}

uint64_t views_rulebook(struct store_txn *txn)
{
    struct text value;
    return store_get(txn, TABLE_META, text_of(rulebook_key), &value) && value.bytes == 8 ? store_key_read_u64(value.at) : 0;
}

const char *views_table_name(unsigned table)
{
    return table < TABLES_FIXED ? fixed_names[table] : projections[table - TABLES_FIXED]->name;
}

/* ---- the index ---- */
#define STREAM_KEY_BYTES 12

static struct text stream_key(uint8_t out[STREAM_KEY_BYTES], uint64_t stream, uint64_t version)
{
    store_key_u64(out, stream);
    for (int i = 3; i >= 0; i--, version >>= 8)
        out[8 + i] = (uint8_t)version;
    return bytes_of(out, STREAM_KEY_BYTES);
}

#define NAME_KEY_BYTES 16

static void note_name(struct store_txn *txn, uint64_t named, uint64_t by)
{
    uint8_t key[NAME_KEY_BYTES];
    struct text known;
    store_key_u64(key, named);
    store_key_u64(key + 8, by);
    if (!store_get(txn, TABLE_NAMES, bytes_of(key, sizeof(key)), &known))
        store_put(txn, TABLE_NAMES, bytes_of(key, sizeof(key)), bytes_of("", 0));
}

uint64_t views_named_by(struct store_txn *txn, uint64_t stream, uint64_t from)
{
    uint8_t first[NAME_KEY_BYTES];
    struct text key, value;
    store_key_u64(first, stream);
    store_key_u64(first + 8, from + 1);
    struct store_cursor *c = store_cursor(txn, TABLE_NAMES);
    bool there = store_seek(c, bytes_of(first, sizeof(first)), &key, &value) && store_key_read_u64(key.at) == stream;
    uint64_t by = there ? store_key_read_u64(key.at + 8) : 0;
    store_cursor_close(c);
    return by;
}

void views_note(struct store_txn *txn, const struct event *e, enum stream_type type, const uint8_t *command_id)
{
    uint8_t key[STREAM_KEY_BYTES], number[8], typed[9];
    uint64_t names[NAMES_OF_EVENT_MAX], stream = e->stream, version = e->version, seq = e->seq;
    unsigned n = event_names(e, names);
    for (unsigned i = 0; i < n; i++)
        note_name(txn, names[i], stream);
    store_key_u64(number, seq);
    store_put(txn, TABLE_STREAM_EVENTS, stream_key(key, stream, version), bytes_of(number, 8));
    if (command_id)
        store_put(txn, TABLE_COMMANDS, bytes_of(command_id, MAC_BYTES), bytes_of(number, 8));
    if (version == 1) {
        typed[0] = (uint8_t)type;
        store_key_u64(typed + 1, stream);
        store_put(txn, TABLE_STREAMS, bytes_of(typed, sizeof(typed)), bytes_of("", 0));
    }
}

bool views_command(struct store_txn *txn, const uint8_t id[MAC_BYTES], uint64_t *ret_seq)
{
    struct text value;
    if (!store_get(txn, TABLE_COMMANDS, bytes_of(id, MAC_BYTES), &value))
        return false;
    *ret_seq = store_key_read_u64(value.at);
    return true;
}

uint32_t views_stream(struct store_txn *txn, uint64_t stream, uint64_t *ret_seqs, uint32_t max)
{
    return views_stream_after(txn, stream, 0, ret_seqs, max);
}

uint32_t views_stream_after(struct store_txn *txn, uint64_t stream, uint64_t version, uint64_t *ret_seqs, uint32_t max)
{
    uint8_t from[STREAM_KEY_BYTES];
    struct text key, value;
    uint32_t n = 0;
    struct store_cursor *c = store_cursor(txn, TABLE_STREAM_EVENTS);
    bool more = store_seek(c, stream_key(from, stream, version + 1), &key, &value);
    while (more && n < max && store_key_read_u64(key.at) == stream) {
        ret_seqs[n++] = store_key_read_u64(value.at);
        more = store_next(c, &key, &value);
    }
    store_cursor_close(c);
    return n;
}

uint64_t views_stream_version(struct store_txn *txn, uint64_t stream)
{
    uint8_t beyond[STREAM_KEY_BYTES];
    struct text key, value;
    uint64_t version = 0;
    struct store_cursor *c = store_cursor(txn, TABLE_STREAM_EVENTS);
    bool there = store_seek(c, stream_key(beyond, stream + 1, 0), &key, &value) ? store_previous(c, &key, &value) : store_last(c, &key, &value);
    if (there && store_key_read_u64(key.at) == stream)
        version = key_read_u32(key.at + 8);
    store_cursor_close(c);
    return version;
}

bool views_stream_type(struct store_txn *txn, const struct event *e, enum stream_type *ret)
{
    uint8_t typed[9];
    struct text value;
    *ret = e->kind->stream;
    if (!kind_of_any_stream(e->kind))
        return true;
    store_key_u64(typed + 1, e->stream);
    for (int type = 0; type < STREAM_TYPES; type++) {
        typed[0] = (uint8_t)type;
        *ret = (enum stream_type)type;
        if (store_get(txn, TABLE_STREAMS, bytes_of(typed, sizeof(typed)), &value))
            return true;
    }
    return false;
}

/* ---- rows ---- */
static struct rows rows_of(struct arena *arena, const struct parcours *p)
{
    struct rows rows = { .arena = arena };
    for (unsigned i = 0; p && i < projection_count; i++) {
        rows.table = (uint8_t)(TABLES_FIXED + i);
        projections[i]->rows(p, &rows);
    }
    return rows;
}

static bool same_key(const struct row *a, const struct row *b)
{
    return a->table == b->table && a->key_bytes == b->key_bytes && memcmp(a->key, b->key, a->key_bytes) == 0;
}

static bool same_value(const struct row *a, const struct row *b)
{
    return a->value_bytes == b->value_bytes && memcmp(a->value, b->value, a->value_bytes) == 0;
}

/* The row of that key, looked for from `from` on, then from the beginning: nearly all are where they were, so that whole
 * lists compare in one pass without being sorted. NULL when there is none. */
static struct row *find_row(const struct rows *rows, uint32_t from, const struct row *wanted)
{
    for (uint32_t i = 0; i < rows->count; i++) {
        struct row *r = &rows->at[(from + i) % rows->count];
        if (same_key(r, wanted))
            return r;
    }
    return NULL;
}

void views_change(struct store_txn *txn, struct arena *arena, const struct parcours *before, const struct parcours *after)
{
    struct rows old = rows_of(arena, before), new = rows_of(arena, after);
    uint32_t next = 0;
    for (uint32_t i = 0; i < old.count; i++) {
        const struct row *now = find_row(&new, next, &old.at[i]);
        if (now)
            next = (uint32_t)(now - new.at) + 1;
        else
            store_delete(txn, old.at[i].table, bytes_of(old.at[i].key, old.at[i].key_bytes));
    }
    next = 0;
    for (uint32_t i = 0; i < new.count; i++) {
        const struct row *r = &new.at[i], *was = find_row(&old, next, r);
        if (was)
            next = (uint32_t)(was - old.at) + 1;
        if (!was || !same_value(was, r))
            store_put(txn, r->table, bytes_of(r->key, r->key_bytes), bytes_of(r->value, r->value_bytes));
    }
}
