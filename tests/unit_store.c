#include "unit_store.h"

TEST(store_rows)
{
    const char *directory = unit_directory();
    struct store *s = open_in(directory, &durable);
    struct text v;
    struct store_txn *t = begin(s);
    store_put(t, 0, TEXT("a"), TEXT("1"));
    store_append(t, 0, TEXT("b"), TEXT("2"));
    memcpy(store_reserve(t, 1, TEXT("c"), 3), "333", 3);
    CHECK(store_get(t, 1, TEXT("c"), &v) && text_is(v, "333"));
    CHECK(!store_get(t, 0, TEXT("c"), &v));
    CHECK_INT(store_commit(t), 0);
    t = begin(s);
    CHECK(store_delete(t, 0, TEXT("a")));
    CHECK(!store_delete(t, 0, TEXT("a")));
    CHECK_INT(store_commit(t), 0);
    t = begin(s);
    store_put(t, 0, TEXT("z"), TEXT("9"));
    store_abort(t);
    check_value(s, "a", NULL);
    check_value(s, "b", "2");
    check_value(s, "z", NULL);
    store_close(s);
    s = open_in(directory, &durable);
    check_value(s, "b", "2");
    struct store_stat stat;
    store_stat(s, &stat);
    CHECK_INT(stat.entries_max_table, 1);
    CHECK(stat.used_bytes >= 8192 && stat.used_bytes < 65536);
    t = begin(s);
    store_empty(t, 0);
    CHECK_INT(store_commit(t), 0);
    check_value(s, "b", NULL);
    store_close(s);
}

TEST(store_first_error_sticks)
{
    struct store *s = open_in(unit_directory(), &durable);
    struct store_txn *t = begin(s);
    struct text v;
    failure_forget();
    store_append(t, 0, TEXT("b"), TEXT("2"));
    store_append(t, 0, TEXT("a"), TEXT("1"));
    CHECK_INT(store_failed(t), FAIL_DAMAGED);
    store_put(t, 0, TEXT("c"), TEXT("3"));
    CHECK(store_reserve(t, 0, TEXT("d"), 10) == NULL);
    CHECK(!store_get(t, 0, TEXT("b"), &v));
    CHECK_INT(store_commit(t), FAIL_DAMAGED);
    CHECK(strstr(failure_sentence(), "append") != NULL);
    failure_forget();
    check_value(s, "b", NULL);
    store_close(s);
}

TEST(store_walks)
{
    struct store *s = open_in(unit_directory(), &disposable);
    struct store_txn *t = begin(s);
    uint8_t key[8];
    for (uint64_t i = 1; i <= 1000; i++) {
        store_key_u64(key, i * 10);
        store_append(t, 0, (struct text){ (char *)key, 8 }, TEXT("x"));
    }
    CHECK_INT(store_commit(t), 0);
    t = begin_read(s);
    struct store_cursor *c = store_cursor(t, 0), *empty = store_cursor(t, 1);
    struct text k, v;
    uint64_t n = 0;
    for (bool more = store_seek(c, (struct text){ 0 }, &k, &v); more; more = store_next(c, &k, &v))
        CHECK_INT(store_key_read_u64(k.at), ++n * 10);
    CHECK_INT(n, 1000);
    CHECK(!store_next(c, &k, &v));
    CHECK(store_previous(c, &k, &v));
    CHECK_INT(store_key_read_u64(k.at), 10000);
    store_key_u64(key, 501);
    CHECK(store_seek(c, (struct text){ (char *)key, 8 }, &k, &v));
    CHECK_INT(store_key_read_u64(k.at), 510);
    CHECK(store_previous(c, &k, &v));
    CHECK_INT(store_key_read_u64(k.at), 500);
    store_key_u64(key, 10001);
    CHECK(!store_seek(c, (struct text){ (char *)key, 8 }, &k, &v));
    CHECK(store_previous(c, &k, &v));
    CHECK_INT(store_key_read_u64(k.at), 10000);
    CHECK(store_last(c, &k, &v));
    CHECK_INT(store_key_read_u64(k.at), 10000);
    CHECK(!store_seek(empty, (struct text){ 0 }, &k, &v));
    CHECK(!store_last(empty, &k, &v));
    CHECK(!store_previous(empty, &k, &v));
    store_cursor_close(c);
    store_read_end(t);      /* closes the other */
    t = begin(s);
    CHECK(store_last(store_cursor(t, 0), &k, &v));
    CHECK_INT(store_commit(t), 0);
    store_close(s);
}

TEST(store_reads_a_snapshot)
{
    struct store *s = open_in(unit_directory(), &durable);
    struct store_txn *reader = begin_read(s), *second = begin_read(s), *t = begin(s);
    struct text v;
    store_put(t, 0, TEXT("a"), TEXT("1"));
    CHECK_INT(store_commit(t), 0);
    CHECK(!store_get(reader, 0, TEXT("a"), &v));
    store_read_end(reader);
    store_read_end(second);
    reader = begin_read(s);
    CHECK(store_get(reader, 0, TEXT("a"), &v));
    store_read_end(reader);
    store_close(s);
}

TEST(store_is_private)
{
    const char *directory = unit_directory();
    char path[256];
    struct stat st;
    snprintf(path, sizeof path, "%s/made", directory);
    mode_t before = umask(0);
    struct store *s = open_in(path, &durable);
    umask(before);
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0700);
    static const char *const files[] = { "data.mdb", "lock.mdb", "serving.lock" };
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/made/%s", directory, files[i]);
        CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
    }
    store_close(s);
}

TEST(store_is_opened_once)
{
    const char *directory = unit_directory();
    CHECK_INT(open_once(directory, &durable), FAIL_MISSING);
    CHECK_INT(open_once("/nowhere/at/all", &durable), FAIL_MISSING);
    struct store *s = open_in(directory, &durable);
    CHECK_INT(open_once(directory, &durable), FAIL_LOCKED);
    CHECK_INT(open_once(directory, &read_only), FAIL_LOCKED);
    store_close(s);
    CHECK_INT(open_once(directory, &read_only), 0);
    CHECK_INT(open_once(directory, &durable), 0);
}

/* The child that serves opens the store itself: LMDB must not be carried across a fork. */
TEST(store_is_served_by_one_process)
{
    const char *directory = unit_directory();
    int up[2], down[2];
    char byte = 0;
    if (pipe(up) < 0 || pipe(down) < 0)
        abort();
    pid_t server = fork();
    if (server == 0) {
        struct store *s;
        int failure = store_open(directory, true, &durable, &s) || store_tables(s, names, 2);
        if (write(up[1], &byte, 1) == 1 && read(down[0], &byte, 1) == 1)
            _exit(failure);
        _exit(1);
    }
    CHECK_INT(read(up[0], &byte, 1), 1);
    CHECK_INT(open_in_child(directory, &durable), FAIL_LOCKED);
    CHECK_INT(open_in_child(directory, &disposable), FAIL_LOCKED);
    CHECK_INT(open_in_child(directory, &read_only), 0);
    CHECK_INT(write(down[1], &byte, 1), 1);
    int status;
    waitpid(server, &status, 0);
    CHECK_INT(status, 0);
    CHECK_INT(open_in_child(directory, &durable), 0);
    close(up[0]), close(up[1]), close(down[0]), close(down[1]);
}
