#include "store_inside.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"

/* LMDB 0.9's data file: page 0 and page 1 each hold a meta; this is how each begins, on a 64-bit machine. */
struct meta {
    uint64_t page_number;
    uint16_t pad, flags;
    uint32_t bounds;
    uint32_t magic, version;
    uint64_t address, map_bytes;
    uint32_t page_bytes;            /* the free table's first field */
    uint8_t tables[92];
    uint64_t last_page, transaction;
};

_Static_assert(sizeof(struct meta) == 152 && sizeof(size_t) == 8, "the layout of LMDB 0.9 on a 64-bit machine");

#define META_FLAG 0x08
#define META_MAGIC 0xBEEFC0DEu
#define META_VERSION 1

static pthread_mutex_t open_mutex = PTHREAD_MUTEX_INITIALIZER;
#define OPEN_MAX 32
static const struct store *open_stores[OPEN_MAX];

static int say_errno(const char *what, const char *path)
{
    int failure = store_failure_of(errno);
    failure_say(failure, "%s", strerror(errno));
    return failure_say(failure, "%s %s", what, path);
}

static int open_in(const char *directory, const char *name, int flags)
{
    char path[STORE_PATH_BYTES];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", directory, name) >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(path, flags | O_CLOEXEC, 0600);
}

int store_file_prepare(const char *directory, bool create)
{
    if (!create || mkdir(directory, 0700) == 0 || errno == EEXIST)
        return 0;
    return say_errno("create", directory);
}

static int sync_path(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0) {
        int failure = say_errno("sync", path);
        if (fd >= 0)
            close(fd);
        return failure;
    }
    close(fd);
    return 0;
}

int store_file_sync_directory(const char *directory)
{
    char parent[STORE_PATH_BYTES];
    if ((size_t)snprintf(parent, sizeof parent, "%s/..", directory) >= sizeof parent)
        return failure_say(FAIL_SYSTEM, "a path too long");
    int failure = sync_path(directory);
    return failure ? failure : sync_path(parent);
}

static bool read_meta(int fd, uint64_t at, struct meta *ret)
{
    return pread(fd, ret, sizeof *ret, (off_t)at) == (ssize_t)sizeof *ret;
}

static bool is_power_of_two(uint64_t n)
{
    return n > 0 && (n & (n - 1)) == 0;
}

/* 0, or FAIL_DAMAGED or FAIL_VERSION. */
static int check_meta(const struct meta *m)
{
    if (m->magic != META_MAGIC || !(m->flags & META_FLAG))
        return failure_say(FAIL_DAMAGED, "not a store, or its first pages are damaged");
    if (m->version != META_VERSION)
        return failure_say(FAIL_VERSION, "data file of version %u", m->version);
    if (m->page_bytes < 512 || m->page_bytes > 65536 || !is_power_of_two(m->page_bytes) || m->last_page > (UINT64_C(1) << 47) / m->page_bytes)
        return failure_say(FAIL_DAMAGED, "its first pages are damaged");
    return 0;
}

/* The newer of the two metas, as LMDB chooses. The size need not be a whole number of pages: a write cut short by a full
 * disk leaves a part of a page behind the last one used, which is harmless. */
static int look_at(int fd, struct store_file *f)
{
    struct meta first, second;
    if (!read_meta(fd, 0, &first))
        return failure_say(FAIL_DAMAGED, "cut short");
    int failure = check_meta(&first);
    if (failure)
        return failure;
    if (f->bytes < 2 * (uint64_t)first.page_bytes || !read_meta(fd, first.page_bytes, &second))
        return failure_say(FAIL_DAMAGED, "cut short");
    if ((failure = check_meta(&second)) != 0)
        return failure;
    if (second.page_bytes != first.page_bytes)
        return failure_say(FAIL_DAMAGED, "its first pages are damaged");
    const struct meta *newer = second.transaction > first.transaction ? &second : &first;
    f->page_bytes = newer->page_bytes;
    f->last_page = newer->last_page;
    return 0;
}

int store_file_look(const char *directory, bool create, struct store_file *ret)
{
    struct stat st;
    *ret = (struct store_file){ .fresh = true };
    int fd = open_in(directory, "data.mdb", O_RDONLY);
    if (fd < 0 && errno == ENOENT)
        return create ? 0 : failure_say(FAIL_MISSING, "no store in %s", directory);
    if (fd < 0)
        return say_errno("open the data file in", directory);
    int failure = 0;
    if (fstat(fd, &st) < 0) {
        failure = say_errno("look at the data file in", directory);
    } else if (!S_ISREG(st.st_mode)) {
        failure = failure_say(FAIL_DAMAGED, "data.mdb in %s is not a file", directory);
    } else if (st.st_size > 0 || !create) {     /* an empty one is a creation that was cut short */
        *ret = (struct store_file){ .bytes = (uint64_t)st.st_size };
        failure = look_at(fd, ret);
        if (failure)
            failure_say(failure, "the data file in %s", directory);
    }
    close(fd);
    return failure;
}

int store_lock(const char *directory, int *ret_fd)
{
    int fd = open_in(directory, "serving.lock", O_RDWR | O_CREAT);
    if (fd < 0)
        return say_errno("open serving.lock in", directory);
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        bool taken = errno == EWOULDBLOCK;
        int failure = taken ? failure_say(FAIL_LOCKED, "another process serves %s", directory) : say_errno("lock", directory);
        close(fd);
        return failure;
    }
    *ret_fd = fd;
    return 0;
}

int store_register(const char *directory, struct store *s)
{
    struct stat st;
    if (stat(directory, &st) < 0)
        return errno == ENOENT ? failure_say(FAIL_MISSING, "no directory %s", directory) : say_errno("look at", directory);
    s->device = st.st_dev;
    s->inode = st.st_ino;
    int free_one = -1;
    bool taken = false;
    pthread_mutex_lock(&open_mutex);
    for (int i = 0; i < OPEN_MAX; i++) {
        if (open_stores[i] == NULL)
            free_one = i;
        else if (open_stores[i]->device == st.st_dev && open_stores[i]->inode == st.st_ino)
            taken = true;
    }
    assert(taken || free_one >= 0);
    if (!taken)
        open_stores[free_one] = s;
    pthread_mutex_unlock(&open_mutex);
    /* A second open of LMDB's lock file, once closed, would drop the locks of the first. */
    return taken ? failure_say(FAIL_LOCKED, "%s is already open in this process", directory) : 0;
}

void store_unregister(const struct store *s)
{
    pthread_mutex_lock(&open_mutex);
    for (int i = 0; i < OPEN_MAX; i++)
        if (open_stores[i] == s)
            open_stores[i] = NULL;
    pthread_mutex_unlock(&open_mutex);
}
