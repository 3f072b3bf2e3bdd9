/* A call later, from the loop. Why its own file: the loop library's `struct event` and ours have one name, and here only
 * the library's is known.
 * Order of use: timer_new, timer_set as often as wanted (a later one replaces the earlier), timer_free (from anywhere but `fire`
 * of another thread's loop). Nothing fires after timer_free. */
#ifndef DAEMON_TIMER_H
#define DAEMON_TIMER_H

struct event_base;
struct timer;

struct timer *timer_new(struct event_base *, void (*fire)(void *context), void *context);
void timer_set(struct timer *, unsigned after_ms);      /* 0: on the next turn of the loop */
void timer_free(struct timer *);                        /* NULL is fine */

#endif
