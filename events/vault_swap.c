#include "vault_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"

#define VAULT_MAP_BYTES ((size_t)4 << 30)   /* some ten million keys */
#define VAULT_READERS 256

static int say_errno(const char *what, const char *path)
{
    int failure = errno == ENOSPC || errno == EDQUOT ? FAIL_FULL : errno == EACCES || errno == EPERM || errno == EROFS ? FAIL_PERMISSION
        : FAIL_SYSTEM;
    failure_say(failure, "%s", strerror(errno));
    return failure_say(failure, "%s %s", what, path);
}

int vault_path(const struct vault *v, const char *suffix, char out[VAULT_PATH_BYTES])
{
    if (snprintf(out, VAULT_PATH_BYTES, "%s%s", v->directory, suffix) >= VAULT_PATH_BYTES)
        return failure_say(FAIL_SYSTEM, "a path too long");
    return 0;
}

static int open_store(const char *directory, bool create, enum store_mode mode, struct store **ret)
{
    static const char *const names[VAULT_TABLES] = { [VAULT_KEYS] = "keys", [VAULT_TOKENS] = "tokens", [VAULT_META] = "meta" };
    const struct store_options options = { .mode = mode, .map_bytes = VAULT_MAP_BYTES, .readers_max = VAULT_READERS };
    int failure = store_open(directory, create, &options, ret);
    if (failure)
        return failure;
    failure = store_tables(*ret, names, VAULT_TABLES);
    if (failure)
        store_close(*ret);
    return failure;
}

int vault_store_open(const char *directory, bool create, struct store **ret)
{
    return open_store(directory, create, STORE_DURABLE, ret);
}

int vault_store_look(const char *directory, struct store **ret)
{
    return open_store(directory, false, STORE_READ_ONLY, ret);
}

/* ---- wiping ---- */

static int overwrite(int fd, off_t bytes)
{
    static const char zeroes[65536];
    for (off_t at = 0; at < bytes;) {
        size_t count = bytes - at < (off_t)sizeof zeroes ? (size_t)(bytes - at) : sizeof zeroes;
        ssize_t n = pwrite(fd, zeroes, count, at);
        if (n <= 0)
            return -1;
        at += n;
    }
    return fsync(fd);
}

/* Overwritten in place, so that the blocks hold nothing when they are given back; a file system that copies on write or
 * a disk that moves its blocks keeps them all the same, which is why the generation key changes, too. */
static int wipe_file(int directory, const char *name)
{
    struct stat st;
    int fd = openat(directory, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    int rc = fstat(fd, &st) == 0 && overwrite(fd, st.st_size) == 0 ? 0 : -1;
    close(fd);
    return rc == 0 ? unlinkat(directory, name, 0) : -1;
}

static int wipe(const struct vault *v, const char *suffix)
{
    char path[VAULT_PATH_BYTES];
    int failure = vault_path(v, suffix, path);
    if (failure)
        return failure;
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0)
        return errno == ENOENT ? 0 : say_errno("open", path);
    static const char *const names[] = { "data.mdb", "lock.mdb", "serving.lock" };
    int rc = 0;
    for (unsigned i = 0; i < sizeof names / sizeof names[0] && rc == 0; i++)
        rc = wipe_file(directory, names[i]);
    if (rc == 0)
        rc = rmdir(path);
    failure = rc == 0 ? 0 : say_errno("wipe", path);
    close(directory);
    return failure;
}

/* ---- swapping ---- */

static bool exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

/* Syncs the directory that holds the vault. */
static int sync_parent(const struct vault *v)
{
    char parent[VAULT_PATH_BYTES] = ".";
    const char *slash = strrchr(v->directory, '/');
    if (slash)
        snprintf(parent, sizeof parent, "%.*s", (int)(slash - v->directory) + 1, v->directory);
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failure = fd < 0 || fsync(fd) < 0 ? say_errno("sync", parent) : 0;
    if (fd >= 0)
        close(fd);
    return failure;
}

static int move(const struct vault *v, const char *from, const char *to)
{
    char a[VAULT_PATH_BYTES], b[VAULT_PATH_BYTES];
    int failure = vault_path(v, from, a);
    if (!failure)
        failure = vault_path(v, to, b);
    return !failure && rename(a, b) < 0 ? say_errno("rename", a) : failure;
}

bool vault_is_in_place(const struct vault *v)
{
    return exists(v->directory);
}

/* The old one is moved away only when the new one is whole and synced: see vault_recover. */
int vault_put_in_place(const struct vault *v, bool replaces, bool *ret_done)
{
    *ret_done = false;
    int failure = replaces ? move(v, "", ".old") : 0;
    if (failure)
        return failure;
    failure = replaces ? sync_parent(v) : 0;
    if (!failure)
        failure = move(v, ".new", "");
    if (!failure) {
        *ret_done = true;
        return sync_parent(v);
    }
    if (replaces && move(v, ".old", "") != 0)
        failure_say(failure, "the vault is now %s.old", v->directory);
    return failure;
}

int vault_find_place(const struct vault *v, char fresh[VAULT_PATH_BYTES])
{
    char old[VAULT_PATH_BYTES];
    int failure = vault_path(v, ".old", old);
    if (!failure)
        failure = vault_path(v, ".new", fresh);
    if (!failure && (exists(v->directory) || exists(old)))
        failure = failure_say(FAIL_EXISTS, "there is %s already", v->directory);
    return failure ? failure : wipe(v, ".new");     /* of a making that was cut short */
}

/* Not there, but with both others: it happened between the two renames, and .new is whole. It is opened first, because
 * a process that is just now in between holds its lock. */
int vault_recover(const struct vault *v)
{
    char old[VAULT_PATH_BYTES], fresh[VAULT_PATH_BYTES];
    struct store *store;
    int failure = vault_path(v, ".old", old);
    if (!failure)
        failure = vault_path(v, ".new", fresh);
    if (failure || exists(v->directory) || !exists(old))
        return failure;
    if (!exists(fresh))
        return failure_say(FAIL_DAMAGED, "%s and %s are gone, %s is left", v->directory, fresh, old);
    failure = vault_store_open(fresh, false, &store);
    if (failure)
        return failure;
    store_close(store);
    failure = move(v, ".new", "");
    return failure ? failure : sync_parent(v);
}

int vault_clean(const struct vault *v)
{
    int failure = wipe(v, ".new");
    return failure ? failure : wipe(v, ".old");
}
