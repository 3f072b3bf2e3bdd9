/* Whether two files may be of one person: which features agree, and how much each weighs. Pure.
 *
 * Values go in once, opened, and come out as keyed hashes of what they amount to (without accents, case, hyphens; by sound). The
 * comparison sees these alone: whoever holds them, or an answer made from them, learns that two agree, and no value.
 *
 * Order of use: identity_learn for each event of a person that stands, in order; features_of; likeness of any two. */
#ifndef PROJECTIONS_LIKENESS_H
#define PROJECTIONS_LIKENESS_H

#include "../events/chain.h"
#include "../events/event.h"

struct identity {           /* the last that was told of each; texts are views */
    struct text name, first_name, nir, employment_service_id, telephone, email;
    int64_t born;           /* day; ABSENT */
};
#define NO_IDENTITY ((struct identity){ .born = ABSENT })
bool identity_kind(uint16_t kind);      /* it may tell something */
void identity_learn(struct identity *, const struct event *);

/*       name                    French, English */
#define FEATURES_LIST(X) \
    X(nir,                   "numéro de sécurité sociale", "social security number") \
    X(employment_service_id, "identifiant France Travail", "France Travail id") \
    X(birth,                 "date de naissance",          "birth date") \
    X(name,                  "nom",                        "family name") \
    X(first_name,            "prénom",                     "first name") \
    X(telephone,             "téléphone",                  "telephone") \
    X(email,                 "courriel",                   "e-mail")
enum feature {
#define X(name, fr, en) FEATURE_##name,
    FEATURES_LIST(X)
#undef X
    FEATURES
};

#define AGREEMENTS(X) \
    X(unknown,     "inconnu",                      "unknown")              /* of one of the two, or both */ \
    X(differs,     "différent",                    "differs") \
    X(agrees,      "le même",                      "the same") \
    X(sounds,      "le même à l'oreille",          "the same by sound") \
    X(close,       "à une lettre ou un mot près",  "but for one letter or one word") \
    X(inverted,    "jour et mois échangés",        "day and month exchanged") \
    X(exchanged,   "nom et prénom échangés",       "name and first name exchanged")
enum agreement {
#define X(name, fr, en) AGREEMENT_##name,
    AGREEMENTS(X)
#undef X
};
const char *feature_name(enum feature);
const char *agreement_name(enum agreement);
const char *feature_sentence(enum feature, bool french);
const char *agreement_sentence(enum agreement, bool french);

#define CLOSE_MAX 24        /* letters of a first name that are compared one by one */
#define WORDS_OF_NAME_MAX 8
#define BLOCKS_MAX (5 + WORDS_OF_NAME_MAX)

struct features {           /* keyed hashes; 0: unknown */
    uint64_t nir, employment_service_id, birth, birth_inverted, telephone, email;
    uint64_t name, name_sound, first, first_sound, first_word;
    uint32_t close[CLOSE_MAX];  /* the first name without each of its letters */
    uint8_t close_count;
    /* Two that reach LIKENESS_SHOWN share one of the first `match_count`; the others are words of the name, by sound: for search. */
    uint8_t match_count, block_count;
    uint64_t blocks[BLOCKS_MAX];
};
void features_of(const struct key *, const struct identity *, struct features *ret);
/* The words of a search, as blocks. Returns how many. */
uint32_t features_words(const struct key *, struct text words, uint64_t ret[WORDS_OF_NAME_MAX]);

#define LIKENESS_SHOWN 50

struct likeness {
    struct {
        enum agreement agreement;
        int weight;
    } of[FEATURES];
    int score;              /* their sum */
};
void likeness(const struct features *, const struct features *, struct likeness *ret);

/* ---- what values amount to; for tests ---- */
#define FOLDED_BYTES 128
/* Upper case, without accents; words with a space between, hyphens and apostrophes being spaces. */
const char *name_fold(struct text, char out[FOLDED_BYTES]);
/* The consonants of a folded word as a French ear hears them, and its first sound. */
const char *name_sound(const char *folded, char out[FOLDED_BYTES]);

#endif
