/* Environments beside the one that serves: made, put in its place, discarded. */
#include <stdio.h>
#include <stdlib.h>

#include "../events/failure.h"
#include "views_inside.h"

int views_aside(const char *store_directory, struct views **ret)
{
    char path[4096];
    struct views *v = calloc(1, sizeof(*v));
    if (!v)
        abort();
    v->aside = true;
    trust_init(&v->trust, store_directory);
    snprintf(path, sizeof(path), "%s/views.aside", store_directory);
    int f = trust_delete_aside(&v->trust);
    if (!f)
        f = views_open_store(path, true, &v->store);
    if (f) {
        trust_delete_aside(&v->trust);
        free(v);
        return failure_say(f, "make views aside");
    }
    *ret = v;
    return 0;
}

int views_put_in_place(struct views *fresh)
{
    int f = trust_take_aside(&fresh->trust);
    if (!f)
        fresh->aside = false;
    return f;
}

int views_settle(struct views *fresh)
{
    return trust_open(&fresh->trust);
}

void views_discard(struct views *v)
{
    if (!v)
        return;
    store_close(v->store);
    if (v->aside && trust_delete_aside(&v->trust) != 0)
        failure_forget();       /* done at the next start, or before the next filling */
    free(v);
}

void views_hold(struct views *v)
{
    atomic_fetch_add(&v->held, 1);
}

void views_let_go(struct views *v)
{
    atomic_fetch_sub(&v->held, 1);
}

bool views_held(struct views *v)
{
    return atomic_load(&v->held) > 0;
}
