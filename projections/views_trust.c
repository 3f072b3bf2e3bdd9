/* The mark beside the views. */
#include "views_trust.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../events/failure.h"

#define MARK_BYTES_MAX 200
#define PATH_BYTES_MAX 4096

void trust_init(struct trust *t, const char *store_directory)
{
    snprintf(t->directory, sizeof(t->directory), "%s", store_directory);
}

static void path_of(const struct trust *t, const char *name, char out[PATH_BYTES_MAX])
{
    snprintf(out, PATH_BYTES_MAX, "%s/%s", t->directory, name);
}

static bool read_line(const char *path, char out[MARK_BYTES_MAX])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, out, MARK_BYTES_MAX - 1);
    if (fd >= 0)
        close(fd);
    if (n < 0)
        return false;
    out[n] = 0;
    out[strcspn(out, "\n")] = 0;
    return true;
}

static bool boot_and_inode(const struct trust *t, char out[MARK_BYTES_MAX])
{
    char boot[MARK_BYTES_MAX], path[PATH_BYTES_MAX];
    struct stat s;
    path_of(t, "views/data.mdb", path);
    if (!read_line("/proc/sys/kernel/random/boot_id", boot) || stat(path, &s) != 0)
        return false;
    snprintf(out, MARK_BYTES_MAX, "%.64s %llu %llu", boot, (unsigned long long)s.st_dev, (unsigned long long)s.st_ino);
    return true;
}

bool trust_holds(const struct trust *t)
{
    char mark[MARK_BYTES_MAX], now[MARK_BYTES_MAX], path[PATH_BYTES_MAX];
    path_of(t, "views.mark", path);
    if (!read_line(path, mark) || !boot_and_inode(t, now))
        return false;
    char *how = strrchr(mark, ' ');
    if (!how)
        return false;
    *how++ = 0;
    const char *inode = strchr(now, ' '), *inode_then = strchr(mark, ' ');
    bool same_file = inode && inode_then && strcmp(inode, inode_then) == 0;
    return same_file && (strcmp(how, "clean") == 0 || strcmp(mark, now) == 0);
}

static int sync_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good ? 0 : failure_say(FAIL_SYSTEM, "sync %s: %s", path, strerror(errno));
}

static bool put(int fd, const char *line, size_t bytes)
{
    bool good = fd >= 0 && write(fd, line, bytes) == (ssize_t)bytes && ftruncate(fd, (off_t)bytes) == 0 && fsync(fd) == 0;
    int e = errno;
    if (fd >= 0 && close(fd) != 0 && good)
        return false;
    errno = e;
    return good;
}

/* Aside and renamed; on a full disk, over the old one, which asks for no room: half a line would be no mark at all. */
static int write_mark(const struct trust *t, const char *how)
{
    char mark[MARK_BYTES_MAX], line[MARK_BYTES_MAX + 16], path[PATH_BYTES_MAX], aside[PATH_BYTES_MAX];
    if (!boot_and_inode(t, mark))
        return failure_say(FAIL_SYSTEM, "mark views: %s", strerror(errno));
    int n = snprintf(line, sizeof(line), "%s %s\n", mark, how);
    path_of(t, "views.mark", path);
    path_of(t, "views.mark.new", aside);
    bool good = put(open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), line, (size_t)n) && rename(aside, path) == 0;
    if (!good && errno == ENOSPC) {
        unlink(aside);
        good = put(open(path, O_WRONLY | O_CLOEXEC), line, (size_t)n);
    }
    if (!good)
        return failure_say(errno == ENOSPC ? FAIL_FULL : FAIL_SYSTEM, "mark views: %s", strerror(errno));
    return sync_directory(t->directory);
}

int trust_open(const struct trust *t)
{
    return write_mark(t, "open");
}

void trust_close(const struct trust *t)
{
    if (write_mark(t, "clean") != 0)
        failure_forget();   /* then they are filled again at the next start: slower, never wrong */
}

static int delete_names(const struct trust *t, const char *const *names, unsigned count)
{
    char path[PATH_BYTES_MAX];
    for (unsigned i = 0; i < count; i++) {
        path_of(t, names[i], path);
        if (unlink(path) != 0 && errno != ENOENT && errno != ENOTDIR)
            return failure_say(errno == EACCES || errno == EPERM || errno == EROFS ? FAIL_PERMISSION : FAIL_SYSTEM, "delete views: %s", strerror(errno));
    }
    return 0;
}
#define DELETE_NAMES(t, names) delete_names((t), (names), sizeof(names) / sizeof((names)[0]))

int trust_delete(const struct trust *t)
{
    static const char *const names[] = { "views.mark", "views/data.mdb", "views/lock.mdb", "views/serving.lock" };
    return DELETE_NAMES(t, names);
}

int trust_delete_aside(const struct trust *t)
{
    static const char *const names[] = { "views.aside/data.mdb", "views.aside/lock.mdb", "views.aside/serving.lock" };
    char path[PATH_BYTES_MAX];
    int f = DELETE_NAMES(t, names);
    path_of(t, "views.aside", path);
    if (!f && rmdir(path) != 0 && errno != ENOENT)
        f = failure_say(FAIL_SYSTEM, "delete views.aside: %s", strerror(errno));
    return f;
}

/* The old files lose their names first: a directory is renamed onto an empty one. Dying in between leaves no views, which are
 * then filled at the next start. */
int trust_take_aside(const struct trust *t)
{
    char aside[PATH_BYTES_MAX], place[PATH_BYTES_MAX];
    int f = trust_delete(t);
    path_of(t, "views.aside", aside);
    path_of(t, "views", place);
    if (!f && rename(aside, place) != 0)
        f = failure_say(FAIL_SYSTEM, "put views in place: %s", strerror(errno));
    return f;
}
