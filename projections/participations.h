/* Participations in operations of the European Social Fund, as figures and reports see them: the data of the first entry, the
 * results of the last exit. */
#ifndef PROJECTIONS_PARTICIPATIONS_H
#define PROJECTIONS_PARTICIPATIONS_H

#include "dossier.h"

/* What was told of an entry; each ABSENT when it was not. */
struct fund_entry {
    int64_t labour_status, unemployed_months, education, disability, third_country, foreign_background, minority, homeless, rural;
};

bool participation_declarable(const struct participation *);
/* The entry data that the participation rests on: those told since another one was complete, until this one was. */
struct fund_entry participation_entry(const struct dossier *, const struct participation *);
/* The situation at a point (situation_point) after the exit from the operation, the last of the person's until then; ABSENT not known. */
int64_t participation_situation(const struct dossier *, const struct participation *, int64_t point);
/* Sets of common_indicator: of the entry; of the exit. */
int64_t participation_entry_indicators(const struct dossier *, const struct participation *);
int64_t participation_exit_indicators(const struct dossier *, const struct participation *);

#endif
