/* What the tests of store.h share. */
#ifndef TESTS_UNIT_STORE_H
#define TESTS_UNIT_STORE_H

#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../events/failure.h"
#include "../events/store.h"

static const struct store_options durable = { .mode = STORE_DURABLE, .map_bytes = 16 << 20, .readers_max = 16 };
static const struct store_options disposable = { .mode = STORE_DISPOSABLE, .map_bytes = 16 << 20, .readers_max = 16 };
static const struct store_options read_only = { .mode = STORE_READ_ONLY, .map_bytes = 16 << 20 };
static const char *const names[] = { "first", "second" };

static inline struct store *open_in(const char *directory, const struct store_options *options)
{
    struct store *s = NULL;
    if (!CHECK_INT(store_open(directory, options->mode != STORE_READ_ONLY, options, &s), 0) || !CHECK_INT(store_tables(s, names, 2), 0)) {
        printf("    %s\n", failure_sentence());
        abort();
    }
    return s;
}

static inline struct store_txn *begin(struct store *s)
{
    int failure;
    struct store_txn *t = store_write_begin(s, &failure);
    if (t == NULL)
        abort();
    return t;
}

static inline struct store_txn *begin_read(struct store *s)
{
    int failure;
    struct store_txn *t = store_read_begin(s, &failure);
    if (t == NULL)
        abort();
    return t;
}

static inline void check_value(struct store *s, const char *key, const char *wanted)
{
    struct store_txn *t = begin_read(s);
    struct text v;
    if (store_get(t, 0, text_of(key), &v))
        CHECK(wanted != NULL && text_is(v, wanted));
    else
        CHECK(wanted == NULL);
    store_read_end(t);
}

static inline int open_in_child(const char *directory, const struct store_options *options)
{
    pid_t child = fork();
    if (child == 0) {
        struct store *s;
        _exit(store_open(directory, false, options, &s));
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline int open_once(const char *directory, const struct store_options *options)
{
    struct store *s;
    int failure = store_open(directory, false, options, &s);
    if (failure == 0)
        store_close(s);
    failure_forget();
    return failure;
}

#endif
