/* The gate: a command is a proposed event; here it is read, and here are the words in which it is turned away.
 *
 * A refusal is a value, not a failure. The order of checks is always: malformed, unauthorised, unknown, repeated, version,
 * state, rule; refusals consume no idempotency key. */
#ifndef EVENTS_GATE_H
#define EVENTS_GATE_H

#include "event.h"
#include "record.h"
#include "rules.h"

/*      code          HTTP  retry  French, English */
#define REFUSALS(X) \
    X(none,           201, false, "accepté", "accepted") \
    X(repeated,       200, false, "déjà fait : réponse d'origine", "done already: the original answer") \
    X(malformed,      400, false, "mal formé", "malformed") \
    X(unauthorised,   401, false, "jeton absent ou inconnu", "no token, or an unknown one") \
    X(forbidden,      403, false, "ce jeton ne permet pas cela", "this token may not do that") \
    X(unknown,        404, false, "inconnu", "unknown") \
    X(method,         405, false, "cette adresse ne prend pas cette méthode", "this path does not take that method") \
    X(form,           406, false, "pas sous cette forme", "not in that form") \
    X(erased,         410, false, "effacé", "erased") \
    X(other_command,  422, false, "cette clef a servi pour une autre commande", "this key was used for another command") \
    X(in_flight,      409, true,  "la même commande est en cours", "the same command is in flight") \
    X(version,        412, true,  "d'autres événements ont été enregistrés entre-temps", "other events were recorded meanwhile") \
    X(position,       412, true,  "cette position n'est pas encore atteinte", "this position has not been reached yet") \
    X(state,          409, false, "l'état du parcours ne le permet pas", "the state of the parcours does not allow it") \
    X(rule,           422, false, "une règle s'y oppose", "a rule forbids it") \
    X(unfounded,      422, false, "des actes perdraient leur fondement", "it would leave acts unfounded") \
    X(too_large,      413, false, "trop grand : ce dossier est plein, ou la réponse ne tient pas", "too large: this file is full, or the answer does not fit") \
    X(batch,          424, false, "une autre commande du lot a été refusée", "another command of the batch was refused") \
    X(busy,           503, true,  "occupé pour le moment", "busy for the moment") \
    X(clock,          503, true,  "l'horloge n'est pas à l'heure : rien n'est enregistré", "the clock is wrong: nothing is recorded") \
    X(outcome,        500, true,  "issue inconnue : réessayer avec la même clef", "the outcome is unknown: retry with the same key") \
    X(full,           507, true,  "plus de place : lecture seule", "no room left: read-only")
enum refusal {
#define X(name, http, retry, fr, en) REFUSED_##name,
    REFUSALS(X)
#undef X
};
const char *refusal_name(enum refusal);
int refusal_http(enum refusal);
bool refusal_retryable(enum refusal);
const char *refusal_sentence(enum refusal, bool french);

#define COMMAND_ID_BYTES_MAX 200
#define UNFOUNDED_LISTED_MAX 16
#define MISSED_LISTED_MAX 16
#define REFERENCES_MAX 4

/* "=KEY" instead of an id or of an event's number: what the command of that key has made, in this order or ever. */
struct reference {
    const struct field *field;      /* of data; NULL: the stream that the command is about */
    struct text key;
    uint8_t id[MAC_BYTES];          /* as its command's fingerprint has it */
};

struct command {
    const struct kind *kind;
    bool has_target;                /* names a stream; otherwise it opens one */
    uint64_t stream;
    enum stream_type type;          /* of that stream: its kind's, but for what says something of an event of any stream */
    int32_t on;
    bool on_given;                  /* otherwise `on` is the day of today: no part of the fingerprint */
    void *data;
    struct text id;                 /* idempotency key; at == NULL none */
    int64_t expected_version;       /* ABSENT none */
    uint64_t after;
    int64_t performed_by;
    bool imported, accept_unfounded;
    struct waiver *waivers;
    uint32_t waiver_count;
    int64_t recorded_ms;            /* demonstration stores only; ABSENT */
    struct reference references[REFERENCES_MAX];    /* resolved when it is judged; the fingerprint covers their keys */
    uint32_t reference_count;
    struct actor actor;
    struct fingerprint fingerprint;
};

/* What reading a command needs to know of the world. */
struct reading {
    struct arena *arena;
    struct actor actor;
    int32_t today;
    bool demo;                      /* `recorded` may be given */
    const struct key *mac_key;
    /* The kind of an event of a stream; NULL when there is none. For corrections. */
    const struct kind *(*kind_of_event)(void *context, uint64_t stream, uint64_t seq);
    void *context;
};

/* Reads one command object. REFUSED_none, REFUSED_malformed (problems say where) or REFUSED_unknown (no such kind or id).
 * `default_id` serves when the object has none. */
enum refusal command_read(const struct reading *, const struct json *, struct text default_id, struct command *ret, struct problems *);
/* The keyed MACs of the command's id and of its content; called by command_read. */
void command_fingerprint(const struct reading *, struct command *);
/* A key belongs to its actor; one of imported history, which is made of a file, to whoever sends that file. */
void command_key(const struct key *mac_key, const struct actor *, bool imported, struct text key, uint8_t ret[MAC_BYTES]);

/* What became of a command. Lives in the order's arena. */
struct outcome {
    enum refusal refusal;
    bool taken;                         /* by the desk: not refused when it was read */
    const char *why;                    /* a sentence more, in the language asked for; NULL */
    struct problems problems;
    uint64_t seq, version, stream;
    enum stream_type type;
    enum state state_after;
    const struct parcours *after;       /* the participant's fold; NULL for others, and for many in one order */
    enum state state_before;
    bool judged;                        /* state_before and `before` mean something */
    const struct parcours *before;      /* for refusals: what is allowed instead */
    /* REFUSED_rule */
    int rule;
    const struct rulebook *book;
    int32_t since;                      /* the day from which it stands in the way; DAY_NONE unknown */
    uint64_t unfounded[UNFOUNDED_LISTED_MAX];   /* REFUSED_unfounded: the acts */
    uint32_t unfounded_count;
    uint64_t current_version;           /* REFUSED_version, and the first events after the version expected */
    uint64_t missed[MISSED_LISTED_MAX];
    uint32_t missed_count;
    uint64_t into;                      /* a merge: the participant who stays; and of the events that stood, how many stand there now */
    uint32_t kept, left;
    uint32_t followed;          /* corrections of what was copied elsewhere that come with it */
};

#endif
