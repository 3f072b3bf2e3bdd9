#include "unit_store.h"

TEST(store_quota_and_map)
{
    struct store_options small = { .mode = STORE_DISPOSABLE, .map_bytes = 1 << 20, .quota_bytes = 256 << 10, .readers_max = 8 };
    char *value = calloc(1, 10000);
    for (int with_quota = 1; with_quota >= 0; with_quota--) {
        small.quota_bytes = with_quota ? 256 << 10 : 0;
        struct store *s = open_in(unit_directory(), &small);
        int failure = 0, rows = 0;
        uint8_t key[8];
        for (; failure == 0 && rows < 200; rows++) {
            struct store_txn *t = begin(s);
            store_key_u64(key, (uint64_t)rows);
            store_put(t, 0, (struct text){ (char *)key, 8 }, (struct text){ value, 10000 });
            failure = store_commit(t);
        }
        CHECK_INT(failure, FAIL_FULL);
        CHECK(with_quota ? rows > 15 && rows < 26 : rows > 60);
        struct store_stat stat;
        store_stat(s, &stat);
        CHECK(!with_quota || stat.used_bytes <= 256 << 10);
        struct store_txn *t = begin(s);     /* what frees may go on */
        store_key_u64(key, 0);
        CHECK(store_delete(t, 0, (struct text){ (char *)key, 8 }));
        CHECK_INT(store_commit(t), 0);
        store_close(s);
        failure_forget();
    }
    free(value);
}

static void fill(struct store *s, int rows)
{
    struct store_txn *t = begin(s);
    uint8_t key[8];
    char value[100] = { 0 };
    for (int i = 0; i < rows; i++) {
        store_key_u64(key, (uint64_t)i);
        store_append(t, 1, (struct text){ (char *)key, 8 }, (struct text){ value, 100 });
    }
    CHECK_INT(store_commit(t), 0);
}

static void data_path(const char *directory, char path[256])
{
    snprintf(path, 256, "%s/data.mdb", directory);
}

TEST(store_finds_every_truncation)
{
    const char *directory = unit_directory();
    char path[256];
    data_path(directory, path);
    struct store *s = open_in(directory, &durable);
    fill(s, 300);
    store_close(s);
    struct stat st;
    if (stat(path, &st) < 0)
        abort();
    char *bytes = malloc((size_t)st.st_size);
    int fd = open(path, O_RDWR);
    CHECK_INT(read(fd, bytes, (size_t)st.st_size), st.st_size);
    for (off_t cut = st.st_size - 512; cut >= 0; cut -= 512) {
        CHECK_INT(ftruncate(fd, cut), 0);
        CHECK_INT(open_once(directory, &durable), FAIL_DAMAGED);
        CHECK_INT(open_once(directory, &read_only), FAIL_DAMAGED);
        CHECK(fstat(fd, &st) == 0 && st.st_size == cut);
        if (pwrite(fd, bytes, (size_t)cut + 512, 0) != cut + 512)
            abort();
    }
    close(fd);
    free(bytes);
}

TEST(store_finds_damaged_metas)
{
    const char *directory = unit_directory();
    char path[256];
    data_path(directory, path);
    struct store *s = open_in(directory, &durable);
    fill(s, 10);
    store_close(s);
    static const struct { off_t at; uint8_t byte; int failure; } damages[] = {
        { 16, 0xff, FAIL_DAMAGED }, { 20, 2, FAIL_VERSION }, { 24 + 16, 1, FAIL_DAMAGED }, { 136 + 4, 0xff, FAIL_DAMAGED },
        { 136 + 7, 0xff, FAIL_DAMAGED }, { 4096 + 19, 0, FAIL_DAMAGED }, { 4096 + 10, 0, FAIL_DAMAGED } };
    int fd = open(path, O_RDWR);
    for (unsigned i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        uint8_t before[2];
        CHECK_INT(pread(fd, before, 1, damages[i].at), 1);
        CHECK_INT(pread(fd, before + 1, 1, 4096 + damages[i].at % 4096), 1);
        CHECK_INT(pwrite(fd, &damages[i].byte, 1, damages[i].at), 1);
        CHECK_INT(pwrite(fd, &damages[i].byte, 1, 4096 + damages[i].at % 4096), 1);
        CHECK_INT(open_once(directory, &durable), damages[i].failure);
        CHECK_INT(pwrite(fd, before, 1, damages[i].at), 1);
        CHECK_INT(pwrite(fd, before + 1, 1, 4096 + damages[i].at % 4096), 1);
        CHECK_INT(open_once(directory, &durable), 0);
    }
    close(fd);
}

/* Pages that a transaction took at the end and gave back are never written: such a file is short, and sound. */
TEST(store_opens_a_short_but_sound_file)
{
    const char *directory = unit_directory();
    char path[256], *value = calloc(1, 100000);
    data_path(directory, path);
    struct store *s = open_in(directory, &durable);
    struct stat before, after;
    CHECK_INT(stat(path, &before), 0);
    for (int i = 0; i < 10; i++) {      /* leaves free pages, which then serve the small rows */
        struct store_txn *t = begin(s);
        store_put(t, 0, TEXT("b"), TEXT("2"));
        store_put(t, 0, TEXT("c"), TEXT("2"));
        CHECK_INT(store_commit(t), 0);
    }
    struct store_txn *t = begin(s);
    store_put(t, 0, TEXT("a"), TEXT("1"));
    store_put(t, 1, TEXT("large"), (struct text){ value, 100000 });
    CHECK(store_delete(t, 1, TEXT("large")));
    CHECK_INT(store_commit(t), 0);
    CHECK_INT(stat(path, &after), 0);
    struct store_stat stat_now;
    store_stat(s, &stat_now);
    CHECK(after.st_size >= (off_t)stat_now.used_bytes);
    CHECK(stat_now.used_bytes > 100000);
    store_close(s);
    /* As if the machine had stopped before the file was made whole. */
    CHECK_INT(truncate(path, after.st_size - 20 * 4096), 0);
    s = open_in(directory, &durable);
    check_value(s, "a", "1");
    fill(s, 3000);
    store_close(s);
    CHECK_INT(open_once(directory, &durable), 0);
    free(value);
}

TEST(store_resumes_a_creation_cut_short)
{
    const char *directory = unit_directory();
    char path[256];
    data_path(directory, path);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    CHECK_INT(open_once(directory, &durable), FAIL_DAMAGED);
    struct store *s = open_in(directory, &durable);
    store_close(s);
}

TEST(store_copies)
{
    const char *directory = unit_directory(), *other = unit_directory();
    char path[256];
    struct store *s = open_in(directory, &durable);
    fill(s, 1000);
    struct store_txn *t = begin(s);
    store_put(t, 0, TEXT("a"), TEXT("1"));
    CHECK_INT(store_commit(t), 0);
    data_path(other, path);
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR, 0600);
    CHECK_INT(store_copy(s, fd), 0);
    close(fd);
    CHECK_INT(store_sync(s), 0);
    store_close(s);
    s = open_in(other, &read_only);
    check_value(s, "a", "1");
    struct store_stat stat;
    store_stat(s, &stat);
    CHECK_INT(stat.entries_max_table, 1000);
    store_close(s);
}

TEST(store_random_bits_of_the_metas)
{
    const char *directory = unit_directory();
    char path[256];
    data_path(directory, path);
    struct store *s = open_in(directory, &durable);
    fill(s, 10);
    store_close(s);
    int fd = open(path, O_RDWR);
    for (int bit = 0; bit < 8 * 152; bit += 3) {
        for (off_t page = 0; page < 8192; page += 4096) {
            uint8_t byte, flipped;
            if (pread(fd, &byte, 1, page + bit / 8) != 1)
                abort();
            flipped = byte ^ (uint8_t)(1 << bit % 8);
            CHECK_INT(pwrite(fd, &flipped, 1, page + bit / 8), 1);
            CHECK(open_in_child(directory, &read_only) >= 0);
            CHECK_INT(pwrite(fd, &byte, 1, page + bit / 8), 1);
        }
    }
    close(fd);
    CHECK_INT(open_once(directory, &durable), 0);
}
