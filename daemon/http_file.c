/* A body that lies in a file, sent piece by piece as the client reads: no connection holds more of it than a piece. */

#include <stdlib.h>
#include <unistd.h>

#include "http.h"

#define PIECE_BYTES ((size_t)256 << 10)

struct sent_file {
    struct http_exchange *exchange;
    int fd;
    uint64_t at, bytes;
    char piece[PIECE_BYTES];
};

static void gone(void *context)
{
    struct sent_file *f = context;
    close(f->fd);
    free(f);
}

/* A file that cannot be read to its end leaves the answer short: the client sees that its length is not there. */
static void go_on(struct http_exchange *exchange, void *context)
{
    struct sent_file *f = context;
    bool room = true;
    ssize_t n = 1;
    while (room && n > 0 && f->at < f->bytes) {
        size_t wanted = f->bytes - f->at < PIECE_BYTES ? (size_t)(f->bytes - f->at) : PIECE_BYTES;
        n = pread(f->fd, f->piece, wanted, (off_t)f->at);
        if (n > 0) {
            f->at += (uint64_t)n;
            room = http_stream_write(exchange, f->piece, (size_t)n);
        }
    }
    if (n > 0 && f->at < f->bytes)
        return;     /* more when it has drained */
    http_stream_end(exchange);
    gone(f);
}

void http_answer_file(struct http_exchange *exchange, int status, const char *extra_headers, const char *content_type,
                      const void *head, size_t head_bytes, int fd, uint64_t bytes)
{
    struct sent_file *f = malloc(sizeof(*f));
    if (!f)
        abort();
    f->exchange = exchange;
    f->fd = fd;
    f->at = 0;
    f->bytes = bytes;
    http_stream_start(exchange, status, extra_headers, content_type, (int64_t)(head_bytes + bytes), go_on, gone, f);
    http_stream_write(exchange, head, head_bytes);
    go_on(exchange, f);
}
