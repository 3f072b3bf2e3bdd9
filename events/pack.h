/* msgpack, in and out; the only place that knows msgpack-c.
 *
 * Out goes to a buffer born with its limit; errors stick. In is a reader over bytes that somebody else owns: every count
 * is bounded by the bytes left (msgpack-c 4.0.0 reserves gigabytes from five bytes), and pack_done demands that nothing
 * trails. A read of the wrong type sticks as failed and gives zeroes: check pack_in_failed once at the end. */
#ifndef EVENTS_PACK_H
#define EVENTS_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

struct pack_out {
    uint8_t *at;
    size_t bytes, room, bytes_max;
    bool failed;
};

void pack_out_init(struct pack_out *, size_t bytes_max);
void pack_out_reset(struct pack_out *);
void pack_out_free(struct pack_out *);
bool pack_out_reserve(struct pack_out *, size_t bytes);      /* room for so many raw bytes at the end; false (and failed) beyond the limit */
void pack_nil(struct pack_out *);
void pack_bool(struct pack_out *, bool);
void pack_int(struct pack_out *, int64_t);
void pack_text(struct pack_out *, struct text);                     /* str */
void pack_bytes(struct pack_out *, const void *, uint32_t bytes);   /* bin */
void pack_array(struct pack_out *, uint32_t count);
void pack_map(struct pack_out *, uint32_t count);

struct pack_in {
    const uint8_t *at;
    size_t left;
    bool failed;
};

enum pack_type { PACK_NIL, PACK_BOOL, PACK_INT, PACK_TEXT, PACK_BYTES, PACK_ARRAY, PACK_MAP, PACK_BAD };

void pack_in_init(struct pack_in *, const void *bytes, size_t count);
enum pack_type pack_peek(const struct pack_in *);       /* PACK_BAD at the end, after a failure, or for what we never write */
bool pack_read_nil(struct pack_in *);                   /* true and consumed when the next is nil; else false, nothing consumed */
bool pack_read_bool(struct pack_in *);
int64_t pack_read_int(struct pack_in *);
struct text pack_read_text(struct pack_in *);           /* a view into the bytes */
struct text pack_read_bytes(struct pack_in *);
uint32_t pack_read_array(struct pack_in *);             /* count, bounded by the bytes left */
uint32_t pack_read_map(struct pack_in *);
void pack_skip(struct pack_in *);                       /* one whole value, nesting bounded */
bool pack_done(const struct pack_in *);                 /* nothing failed and nothing trails */

#endif
