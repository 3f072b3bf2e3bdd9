#include "standstill.h"

#include <stdio.h>

#include "service.h"

#define SAID_AGAIN_MS 60000

void standstill_begins(struct standstill *s, const char *what, const char *why)
{
    int64_t now_ms = service_elapsed_ms();
    if (s->said || (s->said_ms && now_ms - s->said_ms < SAID_AGAIN_MS))
        return;
    *s = (struct standstill){ true, now_ms };
    fprintf(stderr, "parcoursd: %s: %s\n", what, why);
}

void standstill_ends(struct standstill *s, const char *what)
{
    if (!s->said)
        return;
    s->said = false;
    fprintf(stderr, "parcoursd: %s\n", what);
}
