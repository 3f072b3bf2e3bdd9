/* An event: what happened, on which day, recorded when, by whom. The noun that everybody reads.
 * Everything in it lives in the arena (or the record) it was made from. */
#ifndef EVENTS_EVENT_H
#define EVENTS_EVENT_H

#include <stdint.h>

#include "arena.h"
#include "catalogue.h"
#include "json.h"

#define ACTOR_BYTES 16
#define WAIVERS_MAX 8

/* Who recorded: the role, then the number of the token's owner (for a referent: their stream), big-endian. */
struct actor {
    uint8_t at[ACTOR_BYTES];    /* at[0] the role (roles.h), at[8..15] the number */
};
#define ACTOR_TEXT_BYTES 48
struct actor actor_of(unsigned role, uint64_t number);
unsigned actor_role(const struct actor *);
uint64_t actor_number(const struct actor *);
const char *actor_print(const struct actor *, char out[ACTOR_TEXT_BYTES]);  /* "coordinator-1"; a referent's own id */

struct waiver {
    struct text rule;       /* its name, in clear */
    struct text reason;     /* sealed */
};

struct event {
    uint64_t seq;           /* 1, 2, 3... without gaps */
    uint64_t stream;        /* 0 is the PLIE's own */
    uint64_t version;       /* within the stream: 1, 2, 3... */
    int64_t recorded_ms;    /* UTC */
    int32_t recorded_on;    /* the same, as a day of the PLIE's zone */
    int32_t on;             /* the day it happened */
    const struct kind *kind;
    struct actor actor;
    uint64_t rulebook;      /* position of the rulebook it was judged by; 0: none yet */
    uint64_t after;         /* seq of the event it was recorded after; 0: none */
    int64_t performed_by;   /* stream of the referent who did it, when another; ABSENT */
    bool imported;          /* history brought in: spared the lateness alerts */
    const struct event *names_later;    /* the one it names that stands after it, NULL; set by parcours_standing, never recorded */
    bool names_later_day;   /* ... and of a later day */
    uint64_t from;          /* seq of the event elsewhere that this one comes from: of a duplicate, recorded again here; of a session or an
                             * operation, whose correction is followed here (a copy); 0: none */
    uint64_t told;          /* of what stands: seq of the correction that gave it its content; 0: none. Not recorded */
    struct waiver *waivers;
    uint32_t waiver_count;
    void *data;             /* of the kind's own struct */
};

/* The order of a fold: day, place in the life of a parcours, anchor, seq. Negative, 0 or positive. */
int event_compare(const struct event *, const struct event *);

/* The streams that it names, its content among them; returns how many. */
#define NAMES_OF_EVENT_MAX (2 * FIELDS_MAX + 1)
unsigned event_names(const struct event *, uint64_t ret[NAMES_OF_EVENT_MAX]);

/* ---- JSON to data ---- */
struct problem {
    char pointer[96];       /* JSON pointer to the bad field, "/data/channel" */
    const char *why;        /* a sentence without any of the input */
};
#define PROBLEMS_MAX 16
/* Beyond these a double loses units, and with it other programs' JSON readers: such numbers travel as strings. */
#define SAFE_WHOLE (INT64_C(1) << 53)
struct problems {
    struct problem at[PROBLEMS_MAX];
    uint32_t count;
};
void problem_add(struct problems *, const char *why, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What an event's field holds when it was written "=KEY": the gate finds the command of that key. */
#define EVENT_BY_KEY (-1)

/* Reads `json` (may be NULL: nothing given) as the data of `kind`; every problem is listed, as long as there is room.
 * FILLED fields may not be given; coarse values are left absent for whoever knows the territory to fill. `content_kind` is
 * the kind of the event that a correction is about; NULL when there is none. True when there was no problem.
 * `pointer` is where json stands in the command. Texts are views of the json's. */
bool data_from_json(struct arena *, const struct kind *, const struct kind *content_kind, const struct json *, const char *pointer,
                    void *ret_data, struct problems *);
bool kind_has_content(const struct kind *);     /* it corrects; what it corrects must not */
/* What no single field tells: hours that a period cannot hold, a grant without its amount, a session of nobody. For commands, never for what is
 * recorded already. `today` is the day of recording. */
void data_check_whole(const struct kind *, const void *data, int32_t today, const char *pointer, struct problems *);
void data_to_json(struct json_out *, const struct kind *, const void *data, bool sealed);

/* The whole event as an object, for timelines and the feed; sealed fields only when `sealed` and still there. */
void event_to_json(struct json_out *, const struct event *, enum stream_type, bool sealed);
/* Its data in the words of the catalogue, for people: "par quel moyen : entretien ; émargé : oui". Long texts are cut. */
struct text event_words(struct arena *, const struct event *, bool french);
/* The JSON Schema (2020-12) of the `data` of the kind's command. */
void kind_to_schema(struct json_out *, const struct kind *, bool french);

/* ---- data to bytes (see record.h for the whole record) ---- */
struct pack_out;
struct pack_in;
/* A map {position of the field in its row: value}, in row order, of the fields that are there. The clear part holds CLEAR
 * fields and coarse values; the sealed part SEALED fields and the exact values behind the coarse ones. */
void data_pack(struct pack_out *, const struct kind *, const void *data, bool sealed_part);
bool data_has_sealed(const struct kind *, const void *data);
/* The clear part first (it begins with data_clear), then the sealed one. False, with `data` half filled, for whatever
 * data_pack cannot have written; for the clear part also when a REQUIRED field is missing. Texts are views of the bytes. */
bool data_unpack(struct arena *, struct pack_in *, const struct kind *, void *data, bool sealed_part);

#endif
