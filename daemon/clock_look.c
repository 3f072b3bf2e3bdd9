#include "clock_look.h"

#include <stdlib.h>

#include "../events/days.h"

#define CLOCK_BEHIND_MS_MAX 60000
#define CLOCK_SET_MS_MAX 3600000

static bool clock_was_set(const struct clock_look *c)
{
    return llabs(c->now_ms - c->expected_ms) > CLOCK_SET_MS_MAX;
}

bool clock_wrong(struct service *s, int64_t offset_ms, struct clock_look *ret)
{
    struct desk *d = s->desk;
    *ret = (struct clock_look){ service_now_ms(), service_elapsed_ms() + offset_ms, desk_last_recorded_ms(d) };
    return !desk_is_demo(d) && (clock_was_set(ret) || ret->now_ms < ret->last_ms - CLOCK_BEHIND_MS_MAX);
}

const char *clock_said(const struct clock_look *c, struct arena *arena, bool french)
{
    static const char *const sentences[2][2] = {
        { "the last record is of %s, and the clock says %s", "le dernier enregistrement est de %s, et l'horloge dit %s" },
        { "it should be %s by the time elapsed since the start, and the clock says %s",
          "il devrait être %s d'après le temps écoulé depuis le démarrage, et l'horloge dit %s" },
    };
    char other[INSTANT_TEXT_BYTES], now[INSTANT_TEXT_BYTES];
    instant_print(clock_was_set(c) ? c->expected_ms : c->last_ms, other);
    return arena_print(arena, sentences[clock_was_set(c)][french], other, instant_print(c->now_ms, now)).at;
}
