/* The comparison of the ledger with a daemon's answers: participants and portfolios (sim_compare.c), figures (sim_figures.c), alerts
 * (sim_heeds.c). */
#ifndef TOOLS_SIM_COMPARE_H
#define TOOLS_SIM_COMPARE_H

#include "sim.h"

struct comparison {
    struct sim *sim;
    struct arena arena;         /* one answer */
    uint64_t compared, differ;
    uint64_t heeded, elsewhere; /* alerts of which something was said; that go to another than who follows */
    bool lost;                  /* the daemon does not answer any more */
};

void differs(struct comparison *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The answer's tree; NULL when the daemon is lost or answered something else than 200. */
const struct json *ask(struct comparison *, const char *path, long *ret_status);
struct text text_at(const struct json *object, const char *key);        /* at NULL: not there */
int64_t number_at(const struct json *object, const char *key);          /* INT64_MIN: not there */
void compare_figures(struct comparison *);
void compare_alerts(struct comparison *);

#endif
