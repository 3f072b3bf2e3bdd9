#include "unit_vault.h"

static void copy_directory(const char *from, const char *to)
{
    char command[400];
    snprintf(command, sizeof command, "cp -r %s %s", from, to);
    if (system(command) != 0)
        abort();
}

/* Every state that a crash can leave between the steps of a destruction, each made by hand. */
TEST(vault_recovers_from_every_step)
{
    struct place p = place();
    struct key a, b, got;
    char kept_old[160], kept_new[160];
    snprintf(kept_old, sizeof kept_old, "%s.kept_old", p.vault);
    snprintf(kept_new, sizeof kept_new, "%s.kept_new", p.vault);
    CHECK_INT(vault_make(p.vault, p.master), 0);
    struct vault *v = open_at(&p);
    CHECK_INT(vault_create(v, 1, &a), 0);
    CHECK_INT(vault_create(v, 2, &b), 0);
    CHECK_INT(vault_commit(v), 0);
    vault_close(v);
    copy_directory(p.vault, kept_old);
    v = open_at(&p);
    CHECK_INT(vault_destroy(v, 1), 0);
    vault_close(v);
    copy_directory(p.vault, kept_new);
    for (int crash = 0; crash < 5; crash++) {
        char command[400];
        snprintf(command, sizeof command, "rm -rf %s %s %s", p.vault, p.fresh, p.old);
        CHECK_INT(system(command), 0);
        if (crash == 0) {               /* .new only begun */
            copy_directory(kept_old, p.vault);
            mkdir(p.fresh, 0700);
        } else if (crash == 1) {        /* .new whole, nothing renamed */
            copy_directory(kept_old, p.vault);
            copy_directory(kept_new, p.fresh);
        } else if (crash == 2) {        /* between the renames */
            copy_directory(kept_old, p.old);
            copy_directory(kept_new, p.fresh);
            CHECK_INT(vault_make(p.vault, p.master), FAIL_EXISTS);
        } else if (crash == 3) {        /* renamed, not wiped */
            copy_directory(kept_new, p.vault);
            copy_directory(kept_old, p.old);
        } else {                        /* half wiped */
            copy_directory(kept_new, p.vault);
            mkdir(p.old, 0700);
        }
        v = open_at(&p);
        CHECK_INT(vault_key(v, 1, &got), crash < 2 ? 0 : FAIL_ERASED);
        CHECK_INT(vault_key(v, 2, &got), 0);
        CHECK(same(&got, &b));
        CHECK(!is_there(p.old) && !is_there(p.fresh));
        vault_close(v);
    }
    failure_forget();
}

/* Killed at random while it destroys; whatever was acknowledged is gone, whatever was not destroyed is there. */
TEST(vault_destroy_survives_kills)
{
    struct place p = place();
    struct key keys[40], got;
    CHECK_INT(vault_make(p.vault, p.master), 0);
    struct vault *v = open_at(&p);
    for (uint64_t i = 0; i < 40; i++)
        CHECK_INT(vault_create(v, i, &keys[i]), 0);
    CHECK_INT(vault_commit(v), 0);
    vault_close(v);
    uint64_t done = 0;
    unsigned patience_us = 20000;   /* a busy machine may need longer before anything was destroyed */
    for (unsigned round = 0; round < 40 && done < 30; round++) {
        uint64_t before = done;
        int to_parent[2];
        if (pipe(to_parent) < 0)
            abort();
        pid_t child = fork();
        if (child == 0) {
            if (vault_open(p.vault, p.master, &v) != 0)
                _exit(1);
            for (uint64_t i = done; i < 30; i++)
                if (vault_destroy(v, i) != 0 || write(to_parent[1], "x", 1) != 1)
                    _exit(1);
            _exit(0);
        }
        close(to_parent[1]);
        usleep(1000 + round * 1777 % patience_us);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        char byte;
        while (read(to_parent[0], &byte, 1) == 1)
            done++;
        close(to_parent[0]);
        v = open_at(&p);
        for (uint64_t i = 0; i < 40; i++) {
            int failure = vault_key(v, i, &got);
            CHECK(i < done ? failure == FAIL_ERASED : i == done && failure == FAIL_ERASED ? true : failure == 0 && same(&got, &keys[i]));
            if (i == done && failure == FAIL_ERASED)
                done++;
        }
        vault_close(v);
        if (done == before && patience_us < 2000000)
            patience_us *= 2;
    }
    CHECK(done > 0);
    failure_forget();
}

struct reading {
    struct vault *vault;
    const struct key *keys;
    _Atomic bool *stop;
    unsigned wrong;
};

static void *read_on(void *at)
{
    struct reading *r = at;
    struct key got;
    for (uint64_t i = 0; !*r->stop; i++) {
        uint64_t stream = i % 50;
        int failure = vault_key(r->vault, stream * 65536, &got);    /* all in one slot: always from the store */
        r->wrong += !(failure == FAIL_ERASED && stream < 10) && !(failure == 0 && same(&got, &r->keys[stream]));
    }
    return NULL;
}

TEST(vault_is_read_while_it_destroys)
{
    struct place p = place();
    struct key keys[50], got;
    CHECK_INT(vault_make(p.vault, p.master), 0);
    struct vault *v = open_at(&p);
    for (uint64_t i = 0; i < 50; i++)
        CHECK_INT(vault_create(v, i * 65536, &keys[i]), 0);
    CHECK_INT(vault_commit(v), 0);
    _Atomic bool stop = false;
    struct reading readings[2] = { { v, keys, &stop, 0 }, { v, keys, &stop, 0 } };
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, read_on, &readings[i]);
    for (uint64_t i = 0; i < 10; i++) {
        CHECK_INT(vault_destroy(v, i * 65536), 0);
        CHECK_INT(vault_key(v, i * 65536, &got), FAIL_ERASED);
    }
    stop = true;
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(readings[i].wrong, 0);
    }
    vault_close(v);
}
