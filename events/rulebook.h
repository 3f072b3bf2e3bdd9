/* Rulebooks: a value, a mode and a source for each rule, as data; adopted by an event of the PLIE's stream that holds all
 * resolved values, in force from a day. An event is judged by the one in force on its day among those adopted when it was
 * recorded; a deadline by the one in force on the day it falls. */
#ifndef EVENTS_RULEBOOK_H
#define EVENTS_RULEBOOK_H

#include "arena.h"
#include "event.h"
#include "rules.h"

#define RULEBOOKS_MAX 64        /* adoptions in the life of one store */
#define RULEBOOK_BYTES_MAX 65536

struct rulebook_rule {
    enum mode mode;
    bool reading;           /* our reading of words that give no number */
    struct value value;
    struct text source;     /* "PM-05" */
    struct text words;      /* the document's own */
    struct text why;
};

struct rulebook {
    uint64_t seq;           /* of its adoption; 0 when not adopted */
    int32_t from_day;
    struct text name, title, document;
    struct rulebook_rule rule[RULES];
};

/* All adoptions of a store, in seq order. Immutable once made: a new adoption makes a new list. */
struct rulebooks {
    const struct rulebook *at[RULEBOOKS_MAX];
    uint32_t count;
    /* Which one is in force on each day, everything adopted being known: from_day <= day < before_day. */
    struct regime {
        int32_t from_day, before_day;
        const struct rulebook *book;
    } regimes[RULEBOOKS_MAX];
    uint32_t regime_count;
};

/* Adds an adoption (regimes.c). FAIL_TOO_LARGE beyond RULEBOOKS_MAX. */
int rulebooks_adopt(struct rulebooks *, const struct rulebook *);
/* Those adopted at or before event `seq`: the rulebooks that were known then. */
void rulebooks_until(const struct rulebooks *, uint64_t seq, struct rulebooks *ret);

/* Reads a rulebook's JSON text. 0, or FAIL_MALFORMED (FAIL_TOO_LARGE) with every problem listed (unknown rule, value out of bounds, missing
 * unit or source, rule left out...). The rulebook lives in the arena. */
int rulebook_read(struct arena *, struct text json, struct rulebook *ret, struct problems *);
/* One that was adopted, perhaps before a rule was added or taken out: a rule it does not name is off, one that is not ours is passed over. */
int rulebook_read_adopted(struct arena *, struct text json, struct rulebook *ret, struct problems *);

/* A value as it is written: a number, a list, words; null when there is none. */
void value_to_json(struct json_out *, const struct rule *, const struct value *);
const char *unit_name(enum unit);
const char *mode_name(enum mode);   /* not of MODE_UNKNOWN, which is written otherwise */
void rulebook_rule_to_json(struct json_out *, const struct rule *, const struct rulebook_rule *);    /* its name and members */
/* The resolved values; reading them back gives the same rulebook. */
void rulebook_to_json(struct json_out *, const struct rulebook *);

/* The same values, modes and sources under the same name, whenever they were adopted. */
bool rulebook_same(const struct rulebook *, const struct rulebook *);

/* In force on `day`, among those whose adoption is at or before `seq`; the earliest one before any is in force; NULL when there is none. */
const struct rulebook *rulebook_on(const struct rulebooks *, int32_t day, uint64_t seq);

/* The shipped ones, embedded in the program. */
unsigned rulebook_shipped_count(void);
struct text rulebook_shipped_name(unsigned);
struct text rulebook_shipped(struct text name);     /* its JSON; at == NULL when there is none */

/* A rule that is unknown in this rulebook judges, too: it refuses acts (which may be waived), and has no deadline. */
static inline bool rule_judges(const struct rulebook *b, enum rule_number r)
{
    return b && b->rule[r].mode != MODE_OFF;
}

static inline bool rule_refuses(const struct rulebook *b, enum rule_number r)
{
    return b->rule[r].mode == MODE_REFUSE || b->rule[r].mode == MODE_UNKNOWN;
}

static inline bool rule_applies(const struct rulebook *b, enum rule_number r)
{
    return b && (b->rule[r].mode == MODE_FLAG || b->rule[r].mode == MODE_REFUSE);
}

#endif
