/* Figures of participants summed by month and référent, in memory: what makes the figures of a year cost what a year has of months
 * and référents, not what a PLIE has of events. The rows are in filed.def.
 *
 * Each dossier's contributions are added, and taken back before it is added anew; events never change, so what is taken back is what
 * was put. Nothing else knows how a figure counts: the same functions are run, over all days. Pure; not thread-safe.
 *
 * Order of use: filed_new; filed_add for dossiers folded over filed_period; filed_answer into what figures_begin began. */
#ifndef PROJECTIONS_FILED_H
#define PROJECTIONS_FILED_H

#include "figures.h"

struct filed;

extern const struct period filed_period;        /* all days, as known now: dossiers come folded over it */

struct filed *filed_new(size_t bytes_max);      /* never NULL */
void filed_free(struct filed *);
void filed_clear(struct filed *);               /* as new */
/* A participant's dossier, with sign 1 or -1. False: the sums would be larger than bytes_max; they are empty from then on, until cleared. */
bool filed_add(struct filed *, const struct dossier *, int sign);
size_t filed_bytes(const struct filed *);
bool filed_large(const struct filed *);         /* they were dropped for it */

/* Whether the sums can answer: figures of theirs, whole or by month, référent or both; whole months, or until `today`; nothing left out. */
bool filed_answers(const struct figures_asked *, int32_t today);
/* Fills what figures_begin began, as looking at every participant would have. */
void filed_answer(const struct filed *, struct measuring *);

#endif
