/* The founding of a store: its directory, its keys, and the first two events (the PLIE's opening and its first rulebook). */
#ifndef EVENTS_FOUNDING_H
#define EVENTS_FOUNDING_H

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

struct founding {
    struct text name, zone, rulebook;   /* rulebook: its JSON */
    bool demo;                          /* commands may set the clock, and the store says so for ever */
    int64_t now_ms;
    int32_t today;
};

/* FAIL_EXISTS when there is a store already; FAIL_MALFORMED when the rulebook is not one. */
int store_found(const char *directory, const char *master_key_path, const struct founding *);

#endif
