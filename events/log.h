/* The log: every record, in LMDB, key = big-endian seq, appended and never touched again. The only truth.
 * Order of use: log_open; log_begin, log_append..., log_commit (from one thread); log_read within a read transaction. */
#ifndef EVENTS_LOG_H
#define EVENTS_LOG_H

#include "record.h"
#include "store.h"

struct log;

#define LOG_MAP_BYTES (1ull << 40)

int log_open(const char *store_directory, bool create, bool read_only, uint64_t quota_bytes, struct log **ret);
void log_close(struct log *);
struct store *log_store(struct log *);

/* The last seq (0: empty), and its recorded instant. */
int log_last(struct log *, uint64_t *ret_seq, int64_t *ret_recorded_ms);

struct store_txn *log_begin(struct log *, int *ret_failure);
void log_append(struct store_txn *, uint64_t seq, struct text record);
bool log_record(struct store_txn *, uint64_t seq, struct text *ret);     /* reading or writing transaction */

/* Walks records from `seq` on, in order, until `visit` says false. */
typedef bool log_visit(void *context, uint64_t seq, struct text record);
void log_walk(struct store_txn *, uint64_t seq, log_visit *, void *context);

#endif
