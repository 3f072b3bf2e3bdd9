/* A new store, step by step. */
#include "founding.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "days.h"
#include "failure.h"
#include "log.h"
#include "roles.h"
#include "rulebook.h"
#include "vault.h"

/* Whoever makes the store is its first coordinator. */
#define FOUNDER 1

struct first {
    struct log *log;
    struct vault *vault;
    struct store_txn *txn;
    struct recorder recorder;
    struct hash head;
    uint64_t seq;
    const struct founding *founding;
};

static int record_first(struct first *x, const struct kind *kind, void *data)
{
    struct key key;
    struct text record;
    struct fingerprint none = { .given = false };
    struct event e = { .seq = ++x->seq, .stream = 0, .version = x->seq, .recorded_ms = x->founding->now_ms, .recorded_on = x->founding->today,
                       .on = x->founding->today, .kind = kind, .actor = actor_of(ROLE_coordinator, FOUNDER), .performed_by = ABSENT, .data = data };
    int f = vault_key(x->vault, 0, &key);
    if (!f)
        f = record_write(&x->recorder, &e, &none, &x->head, &key, &record, &x->head);
    if (!f)
        log_append(x->txn, e.seq, record);
    return f;
}

static int record_all(struct first *x)
{
    struct plie_created created = { .name = x->founding->name, .zone = x->founding->zone, .demo = x->founding->demo ? 1 : ABSENT };
    struct rulebook book;
    struct arena arena;
    struct problems problems = { .count = 0 };
    arena_init(&arena, RULEBOOK_BYTES_MAX * 16);
    int f = rulebook_read(&arena, x->founding->rulebook, &book, &problems);
    if (f)
        f = failure_say(f, "rulebook: %s: %s", problems.count ? problems.at[0].pointer : "", problems.count ? problems.at[0].why : "unreadable");
    else
        f = record_first(x, kind_of(KIND_plie_created), &created);
    if (!f) {
        /* In force since before anything a PLIE could bring in: history is judged by it. */
        struct rulebook_adopted adopted = { .name = book.name, .from_day = DAY_FIRST, .values = x->founding->rulebook };
        f = record_first(x, kind_of(KIND_rulebook_adopted), &adopted);
    }
    arena_free(&arena);
    return f;
}

static int write_first(struct first *x)
{
    int f;
    struct key key;
    uint8_t sid[SID_BYTES];
    chain_random(sid, sizeof(sid));
    recorder_init(&x->recorder, sid);
    x->txn = log_begin(x->log, &f);
    if (!x->txn)
        return f;
    f = vault_create(x->vault, 0, &key);
    if (!f)
        f = record_all(x);
    if (!f)
        f = vault_commit(x->vault);
    if (f)
        store_abort(x->txn);
    else
        f = store_commit(x->txn);
    recorder_free(&x->recorder);
    return f;
}

int store_found(const char *directory, const char *master_key, const struct founding *founding)
{
    char vault[4096], log[4096];
    struct stat s;
    struct first x = { .founding = founding };
    snprintf(vault, sizeof(vault), "%s/vault", directory);
    snprintf(log, sizeof(log), "%s/log", directory);
    if (stat(log, &s) == 0)
        return failure_say(FAIL_EXISTS, "%s", directory);
    if (mkdir(directory, 0700) != 0 && errno != EEXIST)
        return failure_say(errno == EACCES ? FAIL_PERMISSION : FAIL_SYSTEM, "make %s: %s", directory, strerror(errno));
    int f = vault_make(vault, master_key);
    if (!f)
        f = vault_open(vault, master_key, &x.vault);
    if (!f)
        f = log_open(directory, true, false, 0, &x.log);
    if (!f)
        f = write_first(&x);
    log_close(x.log);
    vault_close(x.vault);
    return f ? failure_say(f, "make %s", directory) : 0;
}
