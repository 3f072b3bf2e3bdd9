#include "unit_vault.h"

TEST(vault_make_and_open)
{
    struct place p = place();
    struct stat st;
    CHECK_INT(open_once(&p), FAIL_MISSING);
    CHECK_INT(vault_make(p.vault, p.master), 0);
    CHECK_INT(vault_make(p.vault, p.master), FAIL_EXISTS);
    CHECK(stat(p.master, &st) == 0 && (st.st_mode & 0777) == 0600 && st.st_size == 65);
    CHECK(!is_there(p.fresh));
    CHECK_INT(open_once(&p), 0);
    chmod(p.master, 0640);
    CHECK_INT(open_once(&p), FAIL_PERMISSION);
    chmod(p.master, 0600);
    FILE *f = fopen(p.master, "w");
    fputs("short\n", f);
    fclose(f);
    CHECK_INT(open_once(&p), FAIL_KEY);
    f = fopen(p.master, "w");
    fputs("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n", f);
    fclose(f);
    CHECK_INT(open_once(&p), FAIL_KEY);
    unlink(p.master);
    CHECK_INT(open_once(&p), FAIL_MISSING);
    /* A key that is there is used: two vaults may share one. */
    struct place q = place();
    f = fopen(q.master, "w");
    fputs("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n", f);
    fclose(f);
    chmod(q.master, 0600);
    CHECK_INT(vault_make(q.vault, q.master), 0);
    CHECK_INT(open_once(&q), 0);
}

TEST(vault_keys)
{
    struct place p = place();
    struct key a, b, got;
    CHECK_INT(vault_make(p.vault, p.master), 0);
    struct vault *v = open_at(&p);
    CHECK_INT(vault_key(v, 0, &got), FAIL_MISSING);
    CHECK_INT(vault_create(v, 0, &a), 0);
    CHECK_INT(vault_create(v, 65536, &b), 0);       /* the same slot */
    CHECK_INT(vault_key(v, 0, &got), 0);
    CHECK(same(&got, &a));
    CHECK_INT(vault_commit(v), 0);
    CHECK_INT(vault_commit(v), 0);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(vault_key(v, 0, &got), 0);
        CHECK(same(&got, &a));
        CHECK_INT(vault_key(v, 65536, &got), 0);
        CHECK(same(&got, &b));
    }
    CHECK_INT(vault_create(v, 7, &got), 0);
    vault_abort(v);
    CHECK_INT(vault_key(v, 7, &got), FAIL_MISSING);
    CHECK_INT(vault_create(v, 0, &got), 0);         /* never used: replaced */
    CHECK(!same(&got, &a));
    vault_abort(v);
    CHECK_INT(vault_key(v, 0, &got), 0);
    CHECK(same(&got, &a));
    CHECK_INT(vault_create(v, 0, &a), 0);
    CHECK_INT(vault_commit(v), 0);
    CHECK_INT(vault_create(v, 9, &got), 0);         /* not committed when it closes */
    vault_close(v);
    v = open_at(&p);
    CHECK_INT(vault_key(v, 0, &got), 0);
    CHECK(same(&got, &a));
    CHECK_INT(vault_key(v, 9, &got), FAIL_MISSING);
    vault_close(v);
}

TEST(vault_mac_keys)
{
    struct place p = place();
    struct key a, b, c;
    CHECK_INT(vault_make(p.vault, p.master), 0);
    struct vault *v = open_at(&p);
    vault_mac_key(v, "command_", &a);
    vault_mac_key(v, "finger__", &b);
    CHECK(!same(&a, &b));
    CHECK_INT(vault_create(v, 1, &c), 0);
    CHECK_INT(vault_commit(v), 0);
    CHECK_INT(vault_destroy(v, 1), 0);
    vault_mac_key(v, "command_", &c);
    CHECK(same(&a, &c));
    vault_close(v);
    v = open_at(&p);
    vault_mac_key(v, "command_", &c);
    CHECK(same(&a, &c));
    vault_close(v);
}

TEST(vault_tokens)
{
    struct place p = place();
    struct token t = { .hash = { 1, 2, 3 }, .role = 4, .number = 99, .expires_ms = -5 }, got;
    struct key k;
    CHECK_INT(vault_make(p.vault, p.master), 0);
    struct vault *v = open_at(&p);
    CHECK(!vault_token(v, t.hash, &got));
    CHECK_INT(vault_token_add(v, &t), 0);
    CHECK_INT(vault_create(v, 1, &k), 0);
    CHECK_INT(vault_commit(v), 0);
    CHECK_INT(vault_destroy(v, 1), 0);
    CHECK(vault_token(v, t.hash, &got));
    CHECK_INT(got.role, 4);
    CHECK_INT(got.number, 99);
    CHECK_INT(got.expires_ms, -5);
    CHECK(!got.revoked && memcmp(got.hash, t.hash, HASH_BYTES) == 0);
    t.revoked = true;
    CHECK_INT(vault_token_add(v, &t), 0);
    t.hash[0] = 9;
    CHECK_INT(vault_token_add(v, &t), 0);
    CHECK_INT(vault_commit(v), 0);
    CHECK_INT(vault_token_count(v), 2);
    CHECK(vault_token(v, t.hash, &got) && got.revoked);
    vault_close(v);
}

static void read_file(const char *directory, char **ret, size_t *ret_bytes)
{
    char path[160];
    struct stat st;
    snprintf(path, sizeof path, "%s/data.mdb", directory);
    int fd = open(path, O_RDONLY);
    if (fd < 0 || fstat(fd, &st) < 0)
        abort();
    *ret = malloc((size_t)st.st_size);
    *ret_bytes = (size_t)st.st_size;
    CHECK_INT(read(fd, *ret, *ret_bytes), st.st_size);
    close(fd);
}

/* The bytes that follow a stream's number in the file: its wrapped key. */
static const char *wrapped_in(const char *bytes, size_t count, uint64_t stream)
{
    uint8_t name[8];
    for (int i = 0; i < 8; i++)
        name[i] = (uint8_t)(stream >> (56 - 8 * i));
    const char *at = memmem(bytes, count, name, 8);
    return at ? at + 8 : NULL;
}

TEST(vault_destroy_leaves_nothing)
{
    struct place p = place();
    struct key keys[200], got;
    CHECK_INT(vault_make(p.vault, p.master), 0);
    struct vault *v = open_at(&p);
    for (uint64_t i = 0; i < 200; i++)
        CHECK_INT(vault_create(v, 0x1122334455667700 + i, &keys[i]), 0);
    CHECK_INT(vault_commit(v), 0);
    char *before, *after;
    size_t before_bytes, after_bytes;
    read_file(p.vault, &before, &before_bytes);
    const char *wrapped = wrapped_in(before, before_bytes, 0x1122334455667700 + 50);
    CHECK(wrapped != NULL);
    CHECK_INT(vault_destroy(v, 5), FAIL_MISSING);
    CHECK_INT(vault_destroy(v, 0x1122334455667700 + 50), 0);
    CHECK(!is_there(p.old) && !is_there(p.fresh));
    for (int round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < 200; i++) {
            CHECK_INT(vault_key(v, 0x1122334455667700 + i, &got), i == 50 ? FAIL_ERASED : 0);
            CHECK(i == 50 || same(&got, &keys[i]));
        }
        CHECK_INT(vault_create(v, 0x1122334455667700 + 50, &got), FAIL_ERASED);
        vault_abort(v);
        CHECK_INT(vault_destroy(v, 0x1122334455667700 + 50), 0);    /* again: nothing to do */
        vault_close(v);
        v = open_at(&p);
    }
    read_file(p.vault, &after, &after_bytes);
    for (uint64_t i = 0; i < 200 && wrapped; i++) {     /* no row of the old generation is left */
        wrapped = wrapped_in(before, before_bytes, 0x1122334455667700 + i);
        CHECK(wrapped != NULL && memmem(after, after_bytes, wrapped, 72) == NULL);
    }
    free(before);
    free(after);
    CHECK_INT(vault_create(v, 1, &got), 0);             /* and it goes on */
    CHECK_INT(vault_commit(v), 0);
    CHECK_INT(vault_destroy(v, 1), 0);
    CHECK_INT(vault_key(v, 1, &got), FAIL_ERASED);
    vault_close(v);
}

TEST(vault_finds_swapped_rows)
{
    struct place p = place();
    struct key k;
    CHECK_INT(vault_make(p.vault, p.master), 0);
    struct vault *v = open_at(&p);
    CHECK_INT(vault_create(v, 0x1122334455667701, &k), 0);
    CHECK_INT(vault_commit(v), 0);
    vault_close(v);
    char *bytes, path[160];
    size_t count;
    read_file(p.vault, &bytes, &count);
    snprintf(path, sizeof path, "%s/data.mdb", p.vault);
    int fd = open(path, O_WRONLY);
    /* The same row under another number. */
    for (char *at = bytes; (at = (char *)wrapped_in(at, count - (size_t)(at - bytes), 0x1122334455667701)) != NULL;)
        CHECK_INT(pwrite(fd, "\2", 1, at - 1 - bytes), 1);
    close(fd);
    free(bytes);
    v = open_at(&p);
    CHECK_INT(vault_key(v, 0x1122334455667702, &k), FAIL_DAMAGED);
    vault_close(v);
    failure_forget();
}
