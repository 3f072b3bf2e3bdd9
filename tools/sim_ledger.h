/* The ledger of parcours-sim: what a daemon must answer, kept by counting what it accepted. It shares no code with the
 * daemon but civil days, and knows the rules of the standard rulebook only through its own arithmetic: 18 months, 6 more
 * when extended, then the days of consolidations that ended, six months of each at most.
 * Order of use: a function of what was accepted, as it is accepted; then the questions. Days are civil days. */
#ifndef TOOLS_SIM_LEDGER_H
#define TOOLS_SIM_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#define LEDGER_CRITERIA 7
#define LEDGER_NO_REFERENT UINT16_MAX

enum ledger_phase {
    LEDGER_oriented, LEDGER_in_diagnosis, LEDGER_proposed, LEDGER_deferred, LEDGER_admitted, LEDGER_running, LEDGER_exited,
    LEDGER_refused, LEDGER_not_entered,
};

struct ledger_row {
    uint32_t version;
    int32_t start_on, exit_on, consolidation_on;    /* DAY_NONE: not */
    uint16_t referent, uncounted_days;
    uint8_t phase, number, extensions;
    bool exit_proposed, training, training_step, proved;
};

struct ledger_totals {
    uint64_t events, oriented, entries, entry_refusals, deferred, non_entries, exits, positive, proved, proved_by[LEDGER_CRITERIA];
    uint64_t contacts, steps_started, steps_ended, steps_abandoned, expected_refusals;
    uint64_t late, corrected, voided, handed_over, extensions, again;
};

struct ledger {
    struct ledger_row *rows;    /* one a person, by their number */
    uint32_t count, room;
    struct ledger_totals totals;
};

bool ledger_room(struct ledger *, uint32_t persons);
void ledger_free(struct ledger *);

void ledger_accepted(struct ledger *, uint32_t person);                 /* any event of the person's stream */
void ledger_oriented(struct ledger *, uint32_t person);
void ledger_referent(struct ledger *, uint32_t person, uint16_t referent);
void ledger_diagnosed(struct ledger *, uint32_t person);
void ledger_proposed(struct ledger *, uint32_t person);
void ledger_decided(struct ledger *, uint32_t person, enum ledger_phase);
void ledger_not_entered(struct ledger *, uint32_t person);
void ledger_contract(struct ledger *, uint32_t person, int32_t on);
void ledger_contract_moved(struct ledger *, uint32_t person, int32_t on);
void ledger_extended(struct ledger *, uint32_t person);
void ledger_consolidation(struct ledger *, uint32_t person, int32_t on);
void ledger_consolidation_ended(struct ledger *, uint32_t person, int32_t on);
void ledger_training(struct ledger *, uint32_t person);
void ledger_training_step(struct ledger *, uint32_t person, bool open);
void ledger_proved(struct ledger *, uint32_t person);                   /* some evidence was accepted */
void ledger_exit_proposed(struct ledger *, uint32_t person);
void ledger_exited(struct ledger *, uint32_t person, int32_t on, bool positive, unsigned criterion);

const char *ledger_state(const struct ledger_row *);                    /* the name a daemon gives it */
int32_t ledger_limit(const struct ledger_row *);                        /* DAY_NONE before the start */
bool ledger_open(const struct ledger_row *);                            /* neither ended nor unknown */
bool ledger_in_caseload(const struct ledger_row *, int32_t day);        /* started by then, the exit day inside */

/* Persons in the caseload on at least one day of [from, to], and the mean length of the parcours that ended then. */
uint64_t ledger_followed(const struct ledger *, int32_t from, int32_t to);
double ledger_mean_days(const struct ledger *, int32_t from, int32_t to);

#endif
