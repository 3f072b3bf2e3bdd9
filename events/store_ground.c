/* Blocks ahead of the pages. A disposable environment is written through its map (MDB_WRITEMAP: no copy of a page, no call
 * per page), and the kernel answers a write for which the disk has no block with SIGBUS. So the blocks are taken before the
 * pages are touched, in steps, and a full disk is a failure like any other. Where the file system does not promise that a
 * block taken stays (copy on write) or cannot take them ahead, the environment is written by calls instead. */
#include "store_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "failure.h"

#define STEP_BYTES ((uint64_t)8 << 20)
#define GROUND_SPARE_PAGES 64
#define ZFS_MAGIC 0x2fc12fc1

/* Blocks beyond the end of the file are kept by nobody: the probe costs the first step, which is wanted anyway. */
static bool takes_blocks(int fd)
{
    struct statfs fs;
    if (fstatfs(fd, &fs) < 0 || fs.f_type == BTRFS_SUPER_MAGIC || fs.f_type == ZFS_MAGIC)
        return false;
    return fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)STEP_BYTES) == 0;
}

bool store_ground_possible(const char *directory, uint64_t map_bytes)
{
    struct rlimit limit;
    char path[STORE_PATH_BYTES];
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < map_bytes)
        return false;   /* the file is made as long as its map, most of it without blocks */
    if ((size_t)snprintf(path, sizeof path, "%s/data.mdb", directory) >= sizeof path)
        return false;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool possible = fd >= 0 && takes_blocks(fd);
    if (fd >= 0)
        close(fd);
    return possible;
}

/* What this transaction can have touched at most: a change copies the pages on its path, none twice, and may split one;
 * rows fill new pages by half at worst; and LMDB keeps a list of what it let go. */
static uint64_t pages_at_most(const struct store_txn *t)
{
    uint64_t before = t->pages_before, filled = 2 * t->put_bytes / t->store->page_bytes;
    uint64_t copies = 3 * t->puts < before ? 3 * t->puts : before;
    uint64_t splits = t->puts < before + filled ? t->puts : before + filled;
    return copies + filled + splits + splits / 4 + before / 256 + GROUND_SPARE_PAGES;
}

static int take_blocks(struct store *s, uint64_t bytes)
{
    int fd;
    mdb_env_get_fd(s->env, &fd);
    bytes = (bytes + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
    if (bytes > s->options.map_bytes)
        bytes = s->options.map_bytes;
    if (fallocate(fd, 0, 0, (off_t)bytes) < 0)
        return errno;
    s->ground_bytes = bytes;
    return 0;
}

int store_ground_first(struct store *s)
{
    MDB_envinfo info;
    mdb_env_info(s->env, &info);
    return take_blocks(s, (info.me_last_pgno + 1 + GROUND_SPARE_PAGES) * s->page_bytes);
}

bool store_ground(struct store_txn *t)
{
    uint64_t wanted = (t->pages_before + pages_at_most(t)) * t->store->page_bytes;
    int rc = wanted <= t->store->ground_bytes ? 0 : take_blocks(t->store, wanted);
    if (rc)
        store_txn_fail(t, rc, "take blocks ahead");
    return rc == 0;
}
