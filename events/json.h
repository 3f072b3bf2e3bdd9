/* JSON in and out; the only place that knows cJSON.
 *
 * In: json_read scans the bytes first (UTF-8, no U+0000, depth, nodes, duplicate keys, numbers that an int64 or a
 * two-decimals amount cannot hold), because cJSON 1.7.15 lets all of those pass, and lays
 * out the tree in the arena; then cJSON reads the text, too, and what the two do not understand alike is refused. A refusal names the byte.
 * Values are views: they live as long as the arena.
 * Out: a buffer born with its limit; commas and escapes are its business. Errors stick: check json_out_failed at the end. */
#ifndef EVENTS_JSON_H
#define EVENTS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "text.h"

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_type type;
    bool truth;
    int64_t hundredths;     /* JSON_NUMBER: the value times 100, exact; 3 is 300, 17.5 is 1750 */
    bool whole;             /* JSON_NUMBER of a whole value; 3.00 is one, too */
    struct text string;     /* JSON_STRING: decoded, UTF-8 */
    struct text key;        /* within an object */
    const struct json *first, *next;    /* children, in the order written */
    uint32_t count;         /* children */
};

struct json_limits {
    uint32_t bytes_max, depth_max, nodes_max;
};

struct json_error {
    uint32_t byte;          /* where */
    const char *why;        /* a sentence, without any of the input in it */
};

/* 0, FAIL_MALFORMED or FAIL_TOO_LARGE (bytes, depth, nodes; depth_max is 128 at most); the whole text must be one value (white space around it is fine). */
int json_read(struct arena *, struct text, const struct json_limits *, const struct json **ret, struct json_error *ret_error);
const struct json *json_get(const struct json *object, const char *key);   /* case matters; NULL when absent */

struct json_out {
    char *at;
    size_t bytes, room, bytes_max;
    bool failed, comma;
};

void json_out_init(struct json_out *, size_t bytes_max);
void json_out_reset(struct json_out *);     /* keeps the buffer */
void json_out_free(struct json_out *);
bool json_out_failed(const struct json_out *);
void json_open(struct json_out *);                      /* { as an element, or after json_key */
void json_close(struct json_out *);
void json_open_list(struct json_out *);
void json_close_list(struct json_out *);
void json_key(struct json_out *, const char *key);      /* plain ASCII keys only */
void json_key_text(struct json_out *, struct text key); /* any key: escaped */
void json_text(struct json_out *, struct text);         /* null when at is NULL; escaped */
void json_string(struct json_out *, const char *);
void json_number(struct json_out *, int64_t);
void json_hundredths(struct json_out *, int64_t);       /* 1750 -> 17.5 ; 300 -> 3 */
void json_bool(struct json_out *, bool);
void json_null(struct json_out *);
void json_day(struct json_out *, int32_t day);          /* null for DAY_NONE */
void json_raw(struct json_out *, struct text);          /* an already made value */
void json_line(struct json_out *);                      /* ends a JSON Lines record: newline, and no comma follows */

#endif
