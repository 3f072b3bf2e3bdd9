#include "timer.h"

#include <event2/event.h>
#include <stdlib.h>

struct timer {
    struct event *event;
    void (*fire)(void *context);
    void *context;
};

static void on_time(evutil_socket_t none, short what, void *at)
{
    struct timer *t = at;
    (void)none, (void)what;
    t->fire(t->context);
}

struct timer *timer_new(struct event_base *base, void (*fire)(void *), void *context)
{
    struct timer *t = calloc(1, sizeof(*t));
    if (!t || !(t->event = evtimer_new(base, on_time, t)))
        abort();
    t->fire = fire;
    t->context = context;
    return t;
}

void timer_set(struct timer *t, unsigned after_ms)
{
    struct timeval after = { after_ms / 1000, after_ms % 1000 * 1000 };
    evtimer_add(t->event, &after);
}

void timer_free(struct timer *t)
{
    if (!t)
        return;
    event_free(t->event);
    free(t);
}
