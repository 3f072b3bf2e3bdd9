#include "spool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)64 << 10)

bool spool_open(struct spool *s)
{
    *s = (struct spool){ .fd = memfd_create("answer", MFD_CLOEXEC), .block = malloc(BLOCK_BYTES + sizeof(struct hash)) };
    if (s->fd >= 0 && s->block)
        return true;
    spool_close(s);
    return false;
}

static bool write_all(int fd, const char *at, size_t bytes)
{
    while (bytes) {
        ssize_t n = write(fd, at, bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n, bytes -= (size_t)n;
    }
    return true;
}

/* The hash of what came before stands behind the block while both are hashed. */
static void flush(struct spool *s)
{
    if (s->held == 0 || s->failed)
        return;
    s->failed = !write_all(s->fd, s->block, s->held);
    memcpy(s->block + s->held, &s->hash, sizeof(s->hash));
    s->hash = chain_hash(s->block, s->held + sizeof(s->hash));
    s->held = 0;
}

void spool_put(struct spool *s, const void *from, size_t bytes)
{
    const char *at = from;
    s->too_large = s->too_large || bytes > SPOOL_BYTES_MAX - s->bytes;
    s->failed = s->failed || s->too_large;
    if (s->failed)
        return;
    s->bytes += bytes;
    while (bytes) {
        size_t n = bytes < BLOCK_BYTES - s->held ? bytes : BLOCK_BYTES - s->held;
        memcpy(s->block + s->held, at, n);
        s->held += n, at += n, bytes -= n;
        if (s->held == BLOCK_BYTES)
            flush(s);
    }
}

const char *spool_path(const struct spool *s, char out[SPOOL_PATH_BYTES])
{
    snprintf(out, SPOOL_PATH_BYTES, "/proc/self/fd/%d", s->fd);
    return out;
}

void spool_measure(struct spool *s)
{
    struct stat about;
    s->failed = s->failed || fstat(s->fd, &about) != 0;
    s->bytes = s->failed ? 0 : (uint64_t)about.st_size;
    s->too_large = s->bytes > SPOOL_BYTES_MAX;
    s->failed = s->failed || s->too_large;
}

bool spool_end(struct spool *s)
{
    flush(s);
    return !s->failed;
}

int spool_take(struct spool *s)
{
    int fd = s->fd;
    s->fd = -1;
    return fd;
}

void spool_close(struct spool *s)
{
    if (s->fd >= 0)
        close(s->fd);
    free(s->block);
    *s = (struct spool){ .fd = -1 };
}
