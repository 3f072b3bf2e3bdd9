/* Names of streams outside: a prefix, "_", eight letters and digits ("p_7kd2m0qx"). The eight are the stream's number put
 * through a permutation of 40 bits that depends on the store, so an id needs no index, tells nothing, and a mistyped one
 * names nobody (one in a million million is taken). */
#ifndef EVENTS_IDS_H
#define EVENTS_IDS_H

#include <stdint.h>

#include "catalogue.h"

#define ID_TEXT_BYTES 16
#define STREAM_NUMBERS (1ull << 40)

void ids_start(const uint8_t sid[16]);      /* once, after the store is open */
/* The PLIE's own stream, 0, is "plie", and nothing else parses as it. `stream` is below STREAM_NUMBERS. */
const char *id_print(enum stream_type, uint64_t stream, char out[ID_TEXT_BYTES]);
bool id_parse(struct text, enum stream_type *ret_type, uint64_t *ret_stream);

#endif
