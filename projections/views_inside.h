/* What the views*.c files share; nobody else includes this. */
#ifndef PROJECTIONS_VIEWS_INSIDE_H
#define PROJECTIONS_VIEWS_INSIDE_H

#include <stdatomic.h>

#include "views.h"
#include "views_trust.h"

struct views {
    struct store *store;
    struct trust trust;
    bool aside;             /* not in its place yet (views_aside.c) */
    atomic_uint held;       /* by readers in other threads */
};

int views_open_store(const char *path, bool create, struct store **ret);

#endif
