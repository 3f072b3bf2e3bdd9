/* What the tests of vault.h share. */
#ifndef TESTS_UNIT_VAULT_H
#define TESTS_UNIT_VAULT_H

#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../events/failure.h"
#include "../events/vault.h"

struct place {
    char vault[128], fresh[128], old[128], master[128];
};

static inline struct place place(void)
{
    const char *directory = unit_directory();
    struct place p;
    snprintf(p.vault, sizeof p.vault, "%s/vault", directory);
    snprintf(p.fresh, sizeof p.fresh, "%s/vault.new", directory);
    snprintf(p.old, sizeof p.old, "%s/vault.old", directory);
    snprintf(p.master, sizeof p.master, "%s/master.key", directory);
    chain_start();
    failure_forget();
    return p;
}

static inline struct vault *open_at(const struct place *p)
{
    struct vault *v = NULL;
    if (!CHECK_INT(vault_open(p->vault, p->master, &v), 0)) {
        printf("    %s\n", failure_sentence());
        abort();
    }
    return v;
}

static inline int open_once(const struct place *p)
{
    struct vault *v;
    int failure = vault_open(p->vault, p->master, &v);
    if (failure == 0)
        vault_close(v);
    failure_forget();
    return failure;
}

static inline bool is_there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static inline bool same(const struct key *a, const struct key *b)
{
    return memcmp(a->at, b->at, KEY_BYTES) == 0;
}

#endif
