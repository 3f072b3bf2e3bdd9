#include "bell.h"

#include <event2/event.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct bell {
    int fd;
    struct event *event;
    void (*heard)(void *context);
    void *context;
};

static void on_ring(evutil_socket_t fd, short what, void *context)
{
    struct bell *b = context;
    uint64_t rung;
    (void)what;
    if (read(fd, &rung, sizeof(rung)) > 0)
        b->heard(b->context);
}

struct bell *bell_new(struct event_base *base, void (*heard)(void *), void *context)
{
    struct bell *b = calloc(1, sizeof(*b));
    if (!b)
        abort();
    b->heard = heard;
    b->context = context;
    b->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    b->event = event_new(base, b->fd, EV_READ | EV_PERSIST, on_ring, b);
    if (b->fd < 0 || !b->event || event_add(b->event, NULL) != 0)
        abort();
    return b;
}

void bell_ring(struct bell *b)
{
    uint64_t one = 1;
    if (write(b->fd, &one, sizeof(one)) < 0) {
        /* EAGAIN: 2^64 - 1 rings unheard; it will be heard all the same */
    }
}

void bell_free(struct bell *b)
{
    if (!b)
        return;
    event_free(b->event);
    close(b->fd);
    free(b);
}
