/* The strict half of json_read (RFC 8259, and the limits of json.h): checks every byte and lays out the tree as it goes.
 * The text must be followed by a NUL that it does not count; the tree's strings are views into it wherever nothing was
 * escaped, so it must live as long as the arena. */
#ifndef EVENTS_JSON_SCAN_H
#define EVENTS_JSON_SCAN_H

#include "json.h"

int json_scan(struct arena *, struct text terminated, const struct json_limits *, struct json **ret, struct json_error *ret_error);

#endif
