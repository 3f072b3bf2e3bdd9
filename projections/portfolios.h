/* Portfolios: one row a participant and référent; alerts that are open; those settled late; caseloads; exits. */
#ifndef PROJECTIONS_PORTFOLIOS_H
#define PROJECTIONS_PORTFOLIOS_H

#include "projection.h"

#define NO_REFERENT UINT64_MAX  /* in keys: participants whom nobody follows */

extern const struct projection portfolios, states, alerts, late_alerts, caseloads, exits;

/* portfolios: referent u64, participant u64 -> */
struct portfolio_row {
    int32_t started_on, contact_on, since, due;     /* since, due: of the deadline that shows first; DAY_NONE none */
    int16_t rule;                                   /* of that deadline; -1 none */
    uint8_t state, occupied;
};
/* alerts: referent u64, day it shows from, rule u8, participant u64 -> */
struct alert_row {          /* the cause is left to `explain`: it changes with every contact, the alert does not */
    int32_t due, since;
    int32_t seen_on, until_day;     /* heeded (parcours.h); left out of the row when nobody did: most rows stay short */
};
struct alert_row alert_row_read(struct text value);
/* late_alerts: month u32, rule u8, participant u64, day it showed from, settled u64 -> */
struct late_row {
    int32_t due, since, settled_on;     /* shows until the day before it was settled */
    int32_t heeded;                     /* 1: somebody saw it or put it off; a fold tells when */
    uint64_t cause, settled, referent;
};
/* caseloads: referent u64, day, participant u64, parcours number u32, coming u8 -> */
struct caseload_row {
    int32_t by;             /* +1 from that day on, -1 from that day on */
    int32_t begins;         /* the parcours begins that day: nobody handed it over */
};
/* exits: decided day, participant u64 -> */
struct exit_row {
    int32_t effective_on, started_on;
    int16_t outcome, criterion, reason;
    uint8_t unfounded, accepted;
    uint64_t seq, referent;
};

#endif
