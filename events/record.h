/* A stored record: header E (184 bytes, hashed as they are), the body in clear, the sealed part.
 *
 *   E    = "parcours/event/v1\n" sid16 stream64 version64 seq64 recorded_ms64 on32 kind16 actor16 prev32 kc32 c32
 *   body = msgpack [recorded_on, command id, fingerprint, rulebook, waived rules, after, performed_by, imported, clear fields]
 *          and, at its end, `from` when the event records again one of a duplicate: ten items then, nine otherwise
 *   sealed = XChaCha20-Poly1305 of msgpack [waiver reasons, sealed fields]
 *   stored = E, u32 length of body, body, then nonce24 and sealed when anything is
 *
 * Integers are big-endian. Nothing is ever re-serialised to be verified: hashes are over these bytes. */
#ifndef EVENTS_RECORD_H
#define EVENTS_RECORD_H

#include "chain.h"
#include "event.h"
#include "pack.h"

#define RECORD_HEADER_BYTES 184
#define RECORD_BYTES_MAX 131072
#define SID_BYTES 16

/* Keyed MACs of a command's id and of its content; never plain hashes of personal data. */
struct fingerprint {
    bool given;
    uint8_t id[MAC_BYTES], content[MAC_BYTES];
};

struct record_header {
    uint8_t sid[SID_BYTES];
    uint64_t stream, version, seq;
    int64_t recorded_ms;
    int32_t on;
    uint16_t kind;
    struct actor actor;
    struct hash prev, kc, content;
};

/* Buffers that a writer keeps from one record to the next. */
struct recorder {
    struct pack_out record, sealed;
    uint8_t sid[SID_BYTES];
};
void recorder_init(struct recorder *, const uint8_t sid[SID_BYTES]);
void recorder_free(struct recorder *);

/* Makes the record; the bytes are the recorder's, until the next call. `key` is the stream's (used when something is to be
 * sealed). FAIL_TOO_LARGE beyond RECORD_BYTES_MAX. */
int record_write(struct recorder *, const struct event *, const struct fingerprint *, const struct hash *prev, const struct key *,
                 struct text *ret_bytes, struct hash *ret_leaf);

/* Reads the header; false for what is not a record. */
bool record_header(struct text bytes, struct record_header *ret);
struct hash record_leaf(struct text bytes);
bool record_intact(struct text bytes);      /* the content is the one that the header commits to */
/* Reads the event; texts are views into `bytes`, opened ones live in the arena. With a NULL key sealed fields stay absent.
 * False when it is not a record of ours, or the key does not open it. `ret_fingerprint` may be NULL. */
bool record_read(struct arena *, struct text bytes, const struct key *, struct event *ret, struct fingerprint *ret_fingerprint);

#endif
