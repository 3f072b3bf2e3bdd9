/* The catalogue: every kind of event, from the rows in catalogue/ (one row a kind). The macros here turn a row into a
 * struct (`struct contact_recorded`), a number (KIND_contact_recorded) and a table entry; everything else (codec, JSON,
 * schema, help, fuzz words) walks the table and has no code per kind.
 *
 * All members of the structs are 8-byte aligned and in row order, so a field's place is the sum of those before it.
 * ABSENT is the number that is not there; a text that is not there has at == NULL. */
#ifndef EVENTS_CATALOGUE_H
#define EVENTS_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

#define ABSENT INT64_MIN

/* ---- states, streams, vocabularies ---- */
enum state {
#define STATE(name, fr, en) STATE_##name,
#include "catalogue/states.def"
#undef STATE
    STATES
};

enum stream_type {
#define STREAM(name, prefix, plural) STREAM_##name,
#include "catalogue/streams.def"
#undef STREAM
    STREAM_TYPES
};

enum vocabulary {
#define VOCABULARY(name, words) VOCABULARY_##name,
#include "catalogue/vocabularies.def"
#undef VOCABULARY
    VOCABULARIES
};
/* channel_interview, channel_telephone... */
#define WORD(vocabulary, word, fr, en) vocabulary##_##word,
#define VOCABULARY(name, words) enum { words name##_words };
#include "catalogue/vocabularies.def"
#undef VOCABULARY
#undef WORD

#define WORDS_MAX 62

/* ---- where a kind belongs in the life of a parcours: orders the events of one day ---- */
enum place {
    PLACE_ORIENTATION, PLACE_PROFILE, PLACE_REFERENT, PLACE_APPOINTMENT, PLACE_DIAGNOSIS, PLACE_ELIGIBILITY, PLACE_PROPOSAL,
    PLACE_DECISION, PLACE_CONTRACT, PLACE_FSE, PLACE_EXTENSION, PLACE_FOLLOW_UP, PLACE_STEP, PLACE_EMPLOYMENT,
    PLACE_EVIDENCE, PLACE_EXIT_PROPOSAL, PLACE_EXIT, PLACE_AFTER,
};

enum nature {
    FACT,   /* happened: never refused for a rule's sake, marked instead */
    ACT,    /* decided by the PLIE: a rule may refuse it */
    META,   /* says something of an earlier event of its stream, whatever the stream */
};

#define IN(state) (1u << STATE_##state)
#define RUNNING (IN(active) | IN(in_consolidation) | IN(in_training) | IN(suspended) | IN(exit_proposed))
#define BEFORE_ENTRY (IN(oriented) | IN(in_diagnosis) | IN(proposed) | IN(deferred) | IN(admitted))
#define OPEN (BEFORE_ENTRY | RUNNING)
#define ENDED (IN(exited) | IN(refused) | IN(not_entered))
#define KNOWN (OPEN | ENDED)

/* ---- fields ---- */
enum field_type {
    TYPE_CODE, TYPE_CODES, TYPE_FLAG, TYPE_DAY, TYPE_MONTH, TYPE_NUMBER, TYPE_HOURS, TYPE_STREAM, TYPE_EVENT,  /* int64_t */
    TYPE_TEXT, TYPE_SLUG, TYPE_CHECKED,                                                                     /* struct text */
    TYPE_CONTENT,                                                                                /* struct content * */
};
enum presence {
    REQUIRED, OPTIONAL,
    FILL_session_day, FILL_session_members, FILL_session_kind,  /* copied from the session that the event names */
    FILL_operation_days, FILL_operation_from, FILL_operation_until,     /* of the operation that the event names: its length, its first and last day */
    FILL_length,    /* of a text of the same event, in characters: `x_bytes` for `x` (bytes once, and the name has shipped);
                     * what is sealed leaves this trace in clear */
    FILL_secret,    /* made by the daemon when the event is kept: tokens.h, secret_make */
};
enum protection { CLEAR, SEALED, COARSE };
/* What of a COARSE field is kept in clear. */
enum coarse { COARSE_none, COARSE_birth, COARSE_territory, COARSE_disability };
/* Texts of a form of their own. X(name, longest in bytes) */
#define CHECKS(X) X(nir, 40) X(commune, 40) X(rome, 40) X(rncp, 40) X(naf, 40) X(siret, 40) X(siren, 40) X(rna, 40) X(country, 40) \
                  X(qpv, 40) X(rulebook, 65536) X(url, 1000) X(address, 200)
enum check { CHECK_none,
#define X(name, bytes) CHECK_##name,
    CHECKS(X)
#undef X
};
enum check_bytes {
#define X(name, bytes) CHECK_BYTES_##name = bytes,
    CHECKS(X)
#undef X
};

struct field {
    const char *name;
    enum field_type type;
    int64_t min, max;       /* TYPE_NUMBER; TYPE_HOURS in hundredths; texts: max is bytes */
    uint16_t of;            /* vocabulary, stream type, or kind (0: any) */
    enum check check;
    enum presence presence;
    enum protection protection;
    enum coarse coarse;
    const char *fr, *en;
    uint16_t offset;        /* filled by catalogue_start */
};

struct event;
struct parcours;
typedef void apply_fn(struct parcours *, const struct event *);

struct kind {
    uint16_t number;
    enum stream_type stream;
    const char *name, *command;
    enum nature nature;
    enum place place;
    uint32_t states;
    apply_fn *apply;
    const char *fr, *en;
    struct field *fields;
    uint16_t field_count;
    uint16_t data_bytes;
};

/* New content of a corrected event: the day it now bears and its data, of the corrected event's kind. */
struct content {
    const struct kind *kind;
    int32_t on;
    void *data;
};

/* ---- one struct a kind ---- */
#define STORE_code(v) int64_t
#define STORE_codes(v) int64_t
#define STORE_flag int64_t
#define STORE_day int64_t
#define STORE_month int64_t
#define STORE_number(min, max) int64_t
#define STORE_hours(min, max) int64_t
#define STORE_stream(type) int64_t
#define STORE_event(kind) int64_t
#define STORE_text(max) struct text
#define STORE_slug struct text
#define STORE_checked(check) struct text
#define STORE_content struct content *
#define MEMBER_CLEAR MEMBER_PLAIN
#define MEMBER_SEALED MEMBER_PLAIN
#define MEMBER_COARSE(how) MEMBER_BOTH
#define MEMBER_PLAIN(type, name) type name;
#define MEMBER_BOTH(type, name) struct { type exact; int64_t coarse; } name;
#define FIELD(type, presence, protection, name, fr, en) MEMBER_##protection(STORE_##type, name)
#define EVENT(number, name, command, nature, place, states, apply, fr, en, ...) \
    struct name { __VA_ARGS__ };
#define signed is_signed    /* a field's name that C keeps for itself: the member is `is_signed` */
#include "catalogue/all.def"
#undef signed

#define FIELD(...)
#define EVENT(number, name, ...) KIND_##name = number,
enum kind_number {
    KIND_any = 0,
#include "catalogue/all.def"
};

#define FIELD(...)
#define EVENT(number, name, command, nature, place, states, apply, ...) apply_fn apply;
#include "catalogue/all.def"

/* ---- the table ---- */
#define KIND_NUMBERS 1100   /* one above the largest number a row may have */
#define FIELDS_MAX 16       /* of one kind */
#define DATA_BYTES_MAX 512

/* Kinds that any stream may bear: what says something of an earlier event, and what heeds an alert, for every stream may owe something. */
static inline bool kind_of_any_stream(const struct kind *k)
{
    return k->nature == META || k->number == KIND_alert_acknowledged || k->number == KIND_alert_snoozed;
}

/* Whether an event of the kind may be of a stream of that type. */
static inline bool kind_fits(const struct kind *k, enum stream_type type)
{
    return kind_of_any_stream(k) || k->stream == type;
}

/* The type of the stream that a field of that presence is copied from; STREAM_TYPES: it is not copied. */
static inline enum stream_type copied_from(enum presence p)
{
    if (p == FILL_session_day || p == FILL_session_members || p == FILL_session_kind)
        return STREAM_session;
    return p == FILL_operation_days || p == FILL_operation_from || p == FILL_operation_until ? STREAM_operation : STREAM_TYPES;
}
bool kind_has_secret(const struct kind *);
/* The stream of that type that data name; ABSENT: none. */
int64_t stream_named(const struct kind *, const void *data, enum stream_type);

void catalogue_start(void);     /* once: fills offsets and checks the rows (an assert is a bad row) */
unsigned catalogue_count(void);
const struct kind *catalogue_at(unsigned index);        /* in row order */
const struct kind *kind_of(uint16_t number);            /* NULL when there is none */
const struct kind *kind_named(struct text name);        /* by event name */
const struct kind *kind_commanded(struct text command); /* by command name */

const char *state_name(enum state);
const char *state_sentence(enum state, bool french);
const char *stream_name(enum stream_type);
const char *stream_prefix(enum stream_type);
const char *stream_plural(enum stream_type);            /* as paths have it: participants, deliveries... */
int stream_type_named(struct text);                     /* -1 when there is none */
const char *vocabulary_name(unsigned vocabulary);
unsigned vocabulary_count(unsigned vocabulary);
const char *word_name(unsigned vocabulary, int64_t word);   /* "?" for a number it does not have */
const char *word_sentence(unsigned vocabulary, int64_t word, bool french);
int64_t word_numbered(unsigned vocabulary, struct text word);   /* ABSENT when there is none */

/* ---- the data of an event, walked by field ---- */
static inline bool field_is_text(const struct field *f)
{
    return f->type == TYPE_TEXT || f->type == TYPE_SLUG || f->type == TYPE_CHECKED;
}
int64_t *field_number(const struct field *, void *data);        /* asserts the storage class */
struct text *field_text(const struct field *, void *data);
struct content **field_content(const struct field *, void *data);
int64_t *field_coarse(const struct field *, void *data);        /* of a COARSE field */
bool field_absent(const struct field *, const void *data);      /* the exact value is not there */
void data_clear(const struct kind *, void *data);               /* everything absent */

#endif
