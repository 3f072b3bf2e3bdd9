/* How another thread wakes a loop: an eventfd that the loop watches. Rung any number of times between two turns, it is
 * heard once. bell_ring is for any thread; the rest for the loop's own. */
#ifndef DAEMON_BELL_H
#define DAEMON_BELL_H

struct bell;
struct event_base;

struct bell *bell_new(struct event_base *, void (*heard)(void *context), void *context);
void bell_ring(struct bell *);
void bell_free(struct bell *);

#endif
