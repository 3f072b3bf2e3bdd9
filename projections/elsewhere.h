/* What a duty needs to know of other streams than its own: whom a référent follows, read from the rows of the caseloads; what
 * a pair opened with enterprises, read from the enterprises' streams (once, and then kept). Whoever asks for duties fills the
 * first five members; days are inside. */
#ifndef PROJECTIONS_ELSEWHERE_H
#define PROJECTIONS_ELSEWHERE_H

#include "folds.h"

struct partnership {
    struct text pair;
    int32_t from_day;
};

struct elsewhere {
    struct store_txn *log, *views;
    struct arena *kept;         /* as long as this struct */
    struct arena *scratch;      /* of one duty */
    int64_t known_at;           /* what enterprises did, as known then */
    struct partnership *partnerships;
    uint32_t count, room;
    bool read;
};

/* How many are in the référent's caseload on that day. */
int64_t elsewhere_followed(struct elsewhere *, uint64_t referent, int32_t on);
/* How many people were in it on a day of the period, at least. */
int64_t elsewhere_accompanied(struct elsewhere *, uint64_t referent, int32_t from, int32_t to);
/* How many parcours began with the référent in the period; who comes from another référent had begun before. */
int64_t elsewhere_entries(struct elsewhere *, uint64_t referent, int32_t from, int32_t to);
/* Lasting partnerships that the pair opened in the period. */
int64_t elsewhere_partnerships(struct elsewhere *, struct text pair, int32_t from, int32_t to);

#endif
