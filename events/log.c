/* The log's one table. */
#include "log.h"

#include <stdio.h>
#include <stdlib.h>

#include "failure.h"
#include "parcours.h"

#define RECORDS 0

struct log {
    struct store *store;
};

int log_open(const char *store_directory, bool create, bool read_only, uint64_t quota_bytes, struct log **ret)
{
    static const char *const tables[] = { "records" };
    char path[4096];
    struct store_options options = { read_only ? STORE_READ_ONLY : STORE_DURABLE, LOG_MAP_BYTES, quota_bytes, 126 };
    struct store *store;
    snprintf(path, sizeof(path), "%s/log", store_directory);
    int f = store_open(path, create, &options, &store);
    if (f)
        return failure_say(f, "open log");
    f = store_tables(store, tables, 1);
    if (f) {
        store_close(store);
        return failure_say(f, "open log");
    }
    *ret = malloc(sizeof(**ret));
    if (!*ret)
        abort();
    (*ret)->store = store;
    return 0;
}

void log_close(struct log *log)
{
    if (!log)
        return;
    store_close(log->store);
    free(log);
}

struct store *log_store(struct log *log)
{
    return log->store;
}

int log_last(struct log *log, uint64_t *ret_seq, int64_t *ret_recorded_ms)
{
    int f;
    struct text key, value;
    struct store_txn *txn = store_read_begin(log->store, &f);
    *ret_seq = 0;
    *ret_recorded_ms = 0;
    if (!txn)
        return failure_say(f, "read log");
    struct store_cursor *c = store_cursor(txn, RECORDS);
    if (store_last(c, &key, &value)) {
        struct record_header h;
        if (!record_header(value, &h))
            f = failure_say(FAIL_DAMAGED, "the last record of the log is not one");
        *ret_seq = store_key_read_u64(key.at);
        *ret_recorded_ms = f ? 0 : h.recorded_ms;
    }
    store_cursor_close(c);
    store_read_end(txn);
    return f;
}

struct store_txn *log_begin(struct log *log, int *ret_failure)
{
    return store_write_begin(log->store, ret_failure);
}

void log_append(struct store_txn *txn, uint64_t seq, struct text record)
{
    uint8_t key[8];
    store_key_u64(key, seq);
    store_append(txn, RECORDS, (struct text){ (const char *)key, 8 }, record);
}

bool log_record(struct store_txn *txn, uint64_t seq, struct text *ret)
{
    uint8_t key[8];
    store_key_u64(key, seq);
    return store_get(txn, RECORDS, (struct text){ (const char *)key, 8 }, ret);
}

void log_walk(struct store_txn *txn, uint64_t seq, log_visit *visit, void *context)
{
    uint8_t start[8];
    struct text key, value;
    store_key_u64(start, seq);
    struct store_cursor *c = store_cursor(txn, RECORDS);
    bool more = store_seek(c, (struct text){ (const char *)start, 8 }, &key, &value);
    while (more && visit(context, store_key_read_u64(key.at), value))
        more = store_next(c, &key, &value);
    store_cursor_close(c);
}
