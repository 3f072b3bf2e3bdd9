/* How far the life went: one line on a terminal, nothing in a pipe. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "sim.h"

#define EVERY_MS 200
#define BAR 24

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_show(struct sim *s, bool last)
{
    static int64_t shown_ms;
    int64_t now = now_ms();
    if (s->started_ms == 0)
        s->started_ms = now;
    if (!isatty(STDERR_FILENO) || s->settings.quiet || (!last && now - shown_ms < EVERY_MS))
        return;
    shown_ms = now;
    char day[DAY_TEXT_BYTES];
    int32_t days = s->settings.end_day - s->first_day + 1, done = (s->today - s->first_day + 1) * BAR / days;
    double seconds = (double)(now - s->started_ms) / 1000;
    fprintf(stderr, "\r[");
    for (int i = 0; i < BAR; i++)
        fputs(i < done ? "█" : "·", stderr);
    fprintf(stderr, "] %s  %" PRIu64 " events  %.0f/s  %u in parcours \033[K%s", day_print(s->today, day), s->ledger.totals.events,
            seconds > 0 ? (double)s->said / seconds : 0, s->running, last ? "\n" : "");
    fflush(stderr);
}
