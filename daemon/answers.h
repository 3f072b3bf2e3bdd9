/* What the files of answers share: the moment asked for, pieces of JSON, cards and walks over many participants.
 * The pieces of JSON are pure; the rest reads through the call's look (call_look comes first). */
#ifndef DAEMON_ANSWERS_H
#define DAEMON_ANSWERS_H

#include "../projections/folds.h"
#include "call.h"

/* ---- two times: what happened until a day, as known at an instant ---- */
struct moment {
    int32_t as_of;
    int64_t known_at;
};
#define NOW ((struct moment){ INT32_MAX, INT64_MAX })
bool call_moment(struct call *, struct moment *ret);    /* ?as_of= and ?known_at=; false: refused */
bool moment_is_now(struct moment);

/* ---- what is allowed (allowed.c) ---- */
/* Whether the kind of a participant's stream fits the state and no rule that looks at the state alone refuses it on `day`.
 * *ret_rule is that rule, or -1 when it is the state that forbids it (or nothing does). */
bool kind_allowed(const struct parcours *, const struct kind *, int32_t day, const struct rulebooks *, int *ret_rule);
void states_json(struct json_out *, uint32_t states);   /* the names of a set of states */
struct text states_words(struct arena *, uint32_t states, bool french);     /* ... in words, "en parcours, suspendu" */

/* ---- rules (rule_json.c) ---- */
/* {"rule","sentence","value","mode","rulebook":{"seq","name","from_day"},"source","words","reading","why"}; `book` may be NULL. */
void rule_json(struct json_out *, enum rule_number, const struct rulebook *, bool french);
/* The members "value" to "why" of an open object. */
void rule_members_json(struct json_out *, enum rule_number, const struct rulebook_rule *);
const char *rule_sentence(enum rule_number, bool french);
const char *turn_name(enum rule_number);

/* ---- small values ---- */
void json_seq(struct json_out *, uint64_t seq);                                     /* null for 0 */
void json_word(struct json_out *, unsigned vocabulary, int64_t word);               /* null for ABSENT and below 0 */

/* ---- walks (walk.c) ---- */
struct streams {
    uint64_t *at;
    uint32_t n, room;
};
void streams_add(struct call *, struct streams *, uint64_t stream);
/* Every stream of a type, in order of creation; in the call's arena. */
struct streams streams_of(struct call *, enum stream_type);

/* One participant folded; all of it lives until the function returns. False ends the walk. */
typedef bool visit_fn(void *context, const struct parcours *, const struct event *const *standing, uint32_t count);
/* False: the call is refused (the store could not be read, or nobody waits any more). Long for many participants, and then for a
 * worker: rows of the views are read before it, for it looks at the stores anew (call_go_on). */
bool walk_participants(struct call *, const struct streams *, struct moment, visit_fn *, void *context);

#define CHUNK_EVENTS 8192       /* folded between two looks at the stores (call_go_on): some tens of milliseconds */
/* How many there were at the answer's position: the stores may have gone on since. Oldest first. */
uint32_t events_until(const struct event *const *events, uint32_t count, uint64_t seq);

/* A stream's card at a moment, and its events that stand then, in the arena. False: refused (unknown, unreadable). */
bool call_card(struct call *, struct arena *, uint64_t stream, enum stream_type, struct moment, struct card *ret,
               const struct event ***ret_standing, uint32_t *ret_count);

/* ---- duplicates (answer_duplicates.c) ---- */
bool call_duplicates(struct call *);    /* the index in memory reflects the answer's position; false: refused. In a worker */

/* ---- referents (answer_referents.c) ---- */
bool call_knows(struct call *, enum stream_type, uint64_t stream);  /* false: there is no such stream, and the call is refused */
int64_t caseload_on(struct call *, uint64_t referent, int32_t day);
/* What a referent of that share of full time should follow; ABSENT when no rule says. */
int64_t caseload_target(struct call *, int64_t share_percent, int32_t day);

#endif
