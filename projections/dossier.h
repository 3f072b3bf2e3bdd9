/* One stream as figures and reports see it: what had happened at the end of a period, as known at an instant. Pure: the
 * caller reads the events and hands them over, one stream after the other.
 *
 * What happened after the period is kept apart (`later`): the piece that proves an exit of December is accepted in January,
 * and the exit must count for December. Whoever wants what was thought on the last day asks with as_of. */
#ifndef PROJECTIONS_DOSSIER_H
#define PROJECTIONS_DOSSIER_H

#include "folds.h"

struct period {
    int32_t from, to;           /* both inside */
    int32_t as_of;              /* nothing later is seen; INT32_MAX: all of it */
    int64_t known_at;           /* nothing recorded later is seen; INT64_MAX: all of it */
};

struct dossier {
    enum stream_type type;
    uint64_t stream;
    struct period period;
    int32_t end;                /* the earlier of the period's last day and as_of */
    const struct rulebooks *books;
    const struct event *const *standing;        /* in the order of the fold */
    uint32_t count, count_later;                /* until `end`; until as_of */
    const struct parcours *p, *later;           /* a participant at `end`, and as of as_of; NULL for other streams */
    const struct card *card;                    /* another stream at `end`; NULL for participants */
    struct arena *arena;        /* until the next stream */
};

/* `events` as stream_events gives them, one at least. `ret->period` and `ret->books` are set by the caller, once;
 * the rest lives in the arena. */
void dossier_fold(struct dossier *ret, struct arena *, const struct event *const *events, uint32_t count);
bool dossier_within(const struct dossier *, int32_t day);      /* a day of the period that may be seen; false for DAY_NONE */

/* ---- whose parcours a day belongs to: a person who comes back has several ---- */
struct stay {
    int32_t number;
    int32_t after, until;       /* its days: after < day <= until (DAY_NONE, INT32_MAX: without a bound) */
    int32_t started_on;         /* DAY_NONE: not, or not yet */
};
struct stay dossier_stay(const struct dossier *, int32_t day);
int64_t dossier_referent(const struct dossier *, int32_t day);      /* who followed that day; ABSENT nobody */
int64_t dossier_class(const struct dossier *, int32_t day);         /* as the referent last qualified it in that parcours; ABSENT not */
int32_t whole_months(int32_t from, int32_t to);
bool dossier_signed(const struct dossier *, uint32_t at);               /* that standing event, then or since */
bool dossier_in_caseload(const struct dossier *, int32_t day);      /* in any of their parcours */
int32_t dossier_last_there(const struct dossier *);      /* the last day of the period in the caseload; DAY_NONE: not accompanied in it */

#endif
