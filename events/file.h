/* The participant's one file (dossier unique): the pieces it must hold, and those it holds. */
#ifndef EVENTS_FILE_H
#define EVENTS_FILE_H

#include "parcours.h"

struct piece {
    int16_t kind;               /* evidence_kind */
    bool required;
    int16_t state;              /* piece_state, on the day asked */
    const struct evidence *at;  /* NULL: nothing of that kind was filed */
};

int64_t file_required(const struct rulebook *);     /* set of evidence_kind; 0 when the rulebook names none */
/* All that was filed, and what is required and was not, in the order of the kinds. `ret` has room for file_pieces_max(). */
uint32_t file_pieces(const struct parcours *, int64_t required, int32_t day, struct piece *ret);
uint32_t file_pieces_max(const struct parcours *);
/* Each kind that is required has a piece that is neither rejected nor expired. */
bool file_is_complete(const struct parcours *, int64_t required, int32_t day);
/* The last day on which a piece of the kind holds; INT32_MAX without an end, DAY_NONE when there is none. *ret_seq is that piece. */
int32_t file_holds_until(const struct parcours *, int kind, uint64_t *ret_seq);

#endif
