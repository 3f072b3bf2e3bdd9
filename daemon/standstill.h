/* Why no command is taken (a full disk, a clock that cannot be right) is said on standard error when it begins and when it ends,
 * never at each command. Where it comes and goes (an order that has no room, a smaller one that has), at most once a minute.
 *
 * One for each reason, zeroed; the writer's thread alone tells it what it found, as often as it likes. */
#ifndef DAEMON_STANDSTILL_H
#define DAEMON_STANDSTILL_H

#include <stdbool.h>
#include <stdint.h>

struct standstill {
    bool said;
    int64_t said_ms;        /* by the time elapsed since the machine started; 0 never */
};

void standstill_begins(struct standstill *, const char *what, const char *why);
void standstill_ends(struct standstill *, const char *what);

#endif
