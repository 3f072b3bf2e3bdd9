/* What stands between the quotes of a JSON string: UTF-8 and escapes. Pure. The text must be followed by some byte that
 * is neither hexadecimal nor part of UTF-8 (the closing quote, or a NUL): that ends every look ahead. */
#ifndef EVENTS_JSON_DECODE_H
#define EVENTS_JSON_DECODE_H

#include <stdint.h>

/* Bytes of the well-formed UTF-8 sequence at `at` (Unicode, table 3-7), 2 to 4; 0 when there is none. */
unsigned json_utf8_bytes(const uint8_t *at);

/* Decodes from..end into out, which has room for as many bytes: a decoded string is never longer than the escaped one.
 * NULL, or where the refused escape is, and why. */
const uint8_t *json_decode(const uint8_t *from, const uint8_t *end, uint8_t *out, uint32_t *ret_bytes, const char **ret_why);

#endif
