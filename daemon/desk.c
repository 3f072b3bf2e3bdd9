/* Opening, batches and orders. */
#include "desk_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../events/failure.h"
#include "../events/ids.h"
#include "../projections/adoptions.h"
#include "../projections/portfolios.h"

static int open_parts(struct desk *d, bool *ret_trusted)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/vault", d->options.directory);
    int f = log_open(d->options.directory, false, false, d->options.log_quota_bytes, &d->log);
    if (!f)
        f = vault_open(path, d->options.master_key, &d->vault);
    if (!f)
        f = views_open(d->options.directory, d->log, &d->views, ret_trusted);
    return f;
}

static int know_store(struct desk *d)
{
    int f;
    struct text record;
    struct record_header h;
    struct store_txn *txn = store_read_begin(log_store(d->log), &f);
    if (!txn)
        return failure_say(f, "read log");
    if (!log_record(txn, 1, &record) || !record_header(record, &h) || h.kind != KIND_plie_created)
        f = failure_say(FAIL_DAMAGED, "the first record is not the opening of a PLIE's log");
    else
        memcpy(d->sid, h.sid, SID_BYTES);
    store_read_end(txn);
    return f;
}

static void finish_erasures(struct desk *d)
{
    struct key ignored;
    struct text key, value;
    uint8_t from = STATE_erased;
    struct store_cursor *c = store_cursor(d->views_txn, projection_table(&states));
    bool more = store_seek(c, (struct text){ (const char *)&from, 1 }, &key, &value);
    for (; more && (uint8_t)key.at[0] == STATE_erased && d->erased_count < ERASED_MAX; more = store_next(c, &key, &value))
        if (vault_key(d->vault, store_key_read_u64(key.at + 1), &ignored) == 0)
            d->erased[d->erased_count++] = store_key_read_u64(key.at + 1);
    store_cursor_close(c);
}

static int bring_up_to_date(struct desk *d, bool trusted)
{
    int f = views_up_to_date(d, trusted);
    if (!f)
        f = desk_begin(d);
    if (f)
        return f;
    finish_erasures(d);
    return desk_commit(d);
}

int desk_open(const struct desk_options *options, struct desk **ret)
{
    struct desk *d = calloc(1, sizeof(*d));
    bool trusted = false;
    if (!d)
        abort();
    d->options = *options;
    arena_init(&d->arena, DESK_ARENA_BYTES);
    arena_init(&d->folds_arenas[0], DESK_ARENA_BYTES);
    arena_init(&d->folds_arenas[1], DESK_ARENA_BYTES);
    arena_init(&d->scratch, DESK_ARENA_BYTES);
    arena_init(&d->lasting, DESK_ARENA_BYTES);
    pthread_mutex_init(&d->views_lock, NULL);
    atomic_store(&d->books, ARENA_ARRAY(&d->lasting, struct rulebooks, 1));
    d->folds = folds_new(options->folds_bytes_max ? options->folds_bytes_max : FOLDS_BYTES_DEFAULT);
    d->refold = refold_new();
    int f = open_parts(d, &trusted);
    if (!f)
        f = know_store(d);
    if (!f) {
        ids_start(d->sid);
        recorder_init(&d->recorder, d->sid);
        f = bring_up_to_date(d, trusted);
    }
    if (f) {
        desk_close(d, false);
        return failure_say(f, "open %s", options->directory);
    }
    *ret = d;
    return 0;
}

void desk_close(struct desk *d, bool clean)
{
    if (!d)
        return;
    views_close(d->views, clean);
    log_close(d->log);
    vault_close(d->vault);
    folds_free(d->folds);
    refold_free(d->refold);
    recorder_free(&d->recorder);
    arena_free(&d->arena);
    arena_free(&d->folds_arenas[0]);
    arena_free(&d->folds_arenas[1]);
    arena_free(&d->scratch);
    arena_free(&d->lasting);
    pthread_mutex_destroy(&d->views_lock);
    free(d);
}

/* ---- batches ---- */
static int read_last(struct desk *d)
{
    int64_t ms;
    uint64_t seq;
    int f = log_last(d->log, &seq, &ms);
    d->last_ms = ms;
    return f;
}

int desk_begin(struct desk *d)
{
    int f = 0;
    d->failure = 0;
    d->only_reads = false;
    d->books_before = atomic_load(&d->books);
    d->territory_changed = false;
    if (atomic_load(&d->committed) == 0 && (f = read_last(d)) != 0)
        return f;
    d->log_txn = log_begin(d->log, &f);
    if (!d->log_txn)
        return failure_say(f, "write log");
    d->views_txn = views_begin(d->views, &f);
    if (!d->views_txn) {
        store_abort(d->log_txn);
        return failure_say(f, "write views");
    }
    return 0;
}

void desk_only_read(struct desk *d)
{
    d->only_reads = true;
}

static void drop_transactions(struct desk *d)
{
    if (d->log_txn)
        store_abort(d->log_txn);
    if (d->views_txn)
        store_abort(d->views_txn);
    d->log_txn = d->views_txn = NULL;
}

static void give_up(struct desk *d)
{
    if (d->vault_touched)
        vault_abort(d->vault);
    drop_transactions(d);
    d->vault_touched = false;
    folds_forget(d->folds);     /* they hold what was just dropped */
    refold_forget(d->refold);
    atomic_store(&d->books, d->books_before);
    if (d->territory_changed)
        memcpy(d->territory, d->territory_before, sizeof(d->territory));
    d->erased_count = 0;
    d->position.seq = 0;
}

/* The position in memory follows what is on disk again. */
static void look_again(struct desk *d)
{
    int f;
    struct store_txn *txn = store_read_begin(views_store(d->views), &f);
    if (!txn)
        return;
    views_position(txn, &d->position);
    store_read_end(txn);
    read_last(d);
}

/* What is asked before the first commit, so that no later one is refused: room on the disk, and within the limit of a file. */
static int look_for_room(struct desk *d)
{
    uint64_t log = store_wants(d->log_txn), views = store_wants(d->views_txn), vault = vault_wants(d->vault), limit = d->options.file_bytes_max;
    uint64_t erasure = d->erased_count ? vault_destroy_wants(d->vault) : 0;
    if (log + views + vault + erasure > store_room(log_store(d->log)))
        return failure_say(FAIL_FULL, "commit: %llu bytes may be needed", (unsigned long long)(log + views + vault + erasure));
    if (!store_may_grow(log_store(d->log), log, limit) || !store_may_grow(views_store(d->views), views, limit) ||
        !store_may_grow(vault_store(d->vault), vault, limit) || (limit && erasure > limit))
        return failure_say(FAIL_FULL, "commit: no file may exceed %llu bytes", (unsigned long long)limit);
    /* The log's commit says by itself that the disk is full; the views' comes after it, when it is too late to say no. */
    return log ? store_take_room(views_store(d->views), views) : 0;
}

static bool wrote_nothing(const struct desk *d)
{
    return !store_wrote(d->log_txn) && !store_wrote(d->views_txn);
}

static int commit_parts(struct desk *d)
{
    int f = store_failed(d->log_txn);
    if (!f)
        f = store_failed(d->views_txn);
    if (!f && wrote_nothing(d)) {       /* dry runs, repeats and refusals are for a full disk, too */
        drop_transactions(d);
        return 0;
    }
    if (!f)
        f = look_for_room(d);
    if (!f && d->vault_touched)
        f = vault_commit(d->vault);
    if (f)
        return f;
    d->vault_touched = false;
    f = store_commit(d->log_txn);
    d->log_txn = NULL;
    /* LMDB says "full" before it writes anything; after any other failure the log may or may not hold the batch. */
    if (f)
        return f == FAIL_FULL ? f : failure_say(FAIL_UNKNOWN, "commit log");
    f = views_commit(d->views_txn, &d->position);
    d->views_txn = NULL;
    return f ? failure_say(FAIL_UNKNOWN, "commit views") : 0;
}

/* Once the log says that a file is erased, its key goes; a crash in between is made good at the next start. */
static int destroy_keys(struct desk *d)
{
    int f = 0;
    for (uint32_t i = 0; i < d->erased_count && !f; i++)
        f = vault_destroy(d->vault, d->erased[i]);
    d->erased_count = 0;
    return f ? failure_say(FAIL_UNKNOWN, "destroy a key") : 0;
}

int desk_commit(struct desk *d)
{
    int f = d->failure ? d->failure : commit_parts(d);
    if (!f)
        f = destroy_keys(d);
    if (f) {
        give_up(d);
        look_again(d);
        return f;
    }
    atomic_store(&d->committed, d->position.seq);
    atomic_store(&d->committed_ms, d->last_ms);
    atomic_store(&d->rulebook_pending, rows_behind(d) ? adoptions_last(atomic_load(&d->books)) : 0);
    return 0;
}

/* ---- orders ---- */
static bool accepted(const struct outcome *o)
{
    return o->refusal == REFUSED_none || o->refusal == REFUSED_repeated;
}

static void forget_outcomes(struct order *o)
{
    for (uint32_t i = 0; i < o->count; i++)
        if (o->outcomes[i].taken)
            o->outcomes[i] = (struct outcome){ .refusal = REFUSED_none };
}

static void find_no_room(struct order *o)
{
    for (uint32_t i = 0; i < o->count; i++)
        if (o->outcomes[i].taken && o->outcomes[i].refusal == REFUSED_none)
            o->outcomes[i].refusal = REFUSED_full;
}

static void refuse_accepted(struct order *o, enum refusal refusal)
{
    for (uint32_t i = 0; i < o->count; i++)
        if (accepted(&o->outcomes[i]))
            o->outcomes[i].refusal = refusal;
}

static void take_together(struct desk *d, struct order *o)
{
    struct lot lot;
    new_lot(d, &lot);
    bool good = true;
    for (uint32_t i = 0; i < o->count; i++) {
        if (o->outcomes[i].refusal == REFUSED_none) {
            o->outcomes[i].taken = true;
            judge(d, &lot, o, &o->commands[i], &o->outcomes[i]);
        }
        good = good && accepted(&o->outcomes[i]);
    }
    if (d->interrupted)
        refuse_accepted(o, REFUSED_busy);
    else if (o->atomic && !good)
        refuse_accepted(o, REFUSED_batch);
    else if (!o->dry_run && d->only_reads)
        find_no_room(o);
    else if (!o->dry_run && !d->failure)
        d->failure = keep_lot(d, &lot);
}

static void take_one(struct desk *d, struct order *o, uint32_t i)
{
    struct lot lot;
    new_lot(d, &lot);
    o->outcomes[i].taken = true;
    judge(d, &lot, o, &o->commands[i], &o->outcomes[i]);
    if (o->outcomes[i].refusal != REFUSED_none)
        return;
    if (d->only_reads)
        o->outcomes[i].refusal = REFUSED_full;
    else if (!d->failure)
        d->failure = keep_lot(d, &lot);
}

void desk_take(struct desk *d, struct order *o)
{
    forget_outcomes(o);
    if (o->atomic || o->dry_run) {
        if (!d->failure)
            take_together(d, o);
        return;
    }
    for (uint32_t i = 0; i < o->count && !d->failure; i++)
        if (o->outcomes[i].refusal == REFUSED_none)
            take_one(d, o, i);
}

/* ---- for readers ---- */
struct log *desk_log(struct desk *d)
{
    return d->log;
}

const char *desk_directory(const struct desk *d)
{
    return d->options.directory;
}

struct vault *desk_vault(struct desk *d)
{
    return d->vault;
}

const struct rulebooks *desk_rulebooks(struct desk *d)
{
    return atomic_load(&d->books);
}

const uint8_t *desk_sid(struct desk *d)
{
    return d->sid;
}

bool desk_is_demo(struct desk *d)
{
    return d->demo;
}

struct text desk_plie_name(struct desk *d)
{
    return text_of(d->name);
}

struct text desk_zone(struct desk *d)
{
    return text_of(d->zone);
}

uint64_t desk_position(struct desk *d)
{
    return atomic_load(&d->committed);
}

int64_t desk_last_recorded_ms(struct desk *d)
{
    return atomic_load(&d->committed_ms);
}

bool desk_refilled(struct desk *d)
{
    return d->refilled;
}
