/* The ledger of parcours-sim: what a daemon must answer, kept by counting what it accepted. It shares no code with the
 * daemon but civil days, and knows the rules of the standard rulebook only through its own arithmetic: 18 months, 6 more
 * when extended, then the days of consolidations that ended, six months of each at most.
 * Order of use: a function of what was accepted, as it is accepted; then the questions. Days are civil days. */
#ifndef TOOLS_SIM_LEDGER_H
#define TOOLS_SIM_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#define LEDGER_CRITERIA 7
#define LEDGER_INSERTIONS 4
#define LEDGER_NO_REFERENT UINT16_MAX

enum ledger_phase {
    LEDGER_oriented, LEDGER_in_diagnosis, LEDGER_proposed, LEDGER_deferred, LEDGER_admitted, LEDGER_running, LEDGER_exited,
    LEDGER_refused, LEDGER_not_entered,
};

/* The figures kept: each a numerator, a denominator when it is a share, and how much of it falls under each word. */
enum ledger_kept {
#define KEPT(name, figure, by) KEPT_##name,
#include "sim_figures.def"
#undef KEPT
    LEDGER_KEPT
};
#define LEDGER_WORDS 24
struct ledger_tally {
    int64_t numerator, denominator;
    unsigned words;
    struct {
        const char *name;
        int64_t n;
    } word[LEDGER_WORDS];
};

/* Who somebody is, as the figures ask. */
enum { LEDGER_WOMAN = 1, LEDGER_RSA = 2, LEDGER_QPV = 4, LEDGER_LOW_LEVEL = 8 };

struct ledger_stay {
    uint32_t person;
    int32_t oriented_on, start_on, exit_on;
    bool positive;              /* the exit counts as one */
};

/* What somebody did once, in whichever of their parcours. */
struct ledger_ever {
    bool present, immersed, aided;                  /* at an event; in an immersion; in an aided contract */
    uint8_t positives;                              /* exits that count as such */
};

struct ledger_row {
    uint32_t version;
    int32_t born_on;
    int32_t oriented_on, start_on, exit_on, consolidation_on;       /* DAY_NONE: not */
    uint16_t referent, uncounted_days;
    uint16_t obstacles;                             /* still open: a bit each */
    uint8_t phase, number, extensions, traits;
    int32_t proposed_on;                            /* DAY_NONE: nothing waits for the committee */
    int32_t insertion_on[LEDGER_INSERTIONS];        /* insertion contracts ended lately that no ordinary job has followed */
    bool crossed;                                   /* an ordinary job began since the insertion contract that runs */
    bool exit_proposed, training, training_step, proved;
    bool positive;                                  /* as of a stay */
    bool met;                                       /* since that orientation */
    struct ledger_ever ever;
};

struct ledger_totals {
    uint64_t events, oriented, entries, entry_refusals, deferred, non_entries, exits, positive, proved, proved_by[LEDGER_CRITERIA];
    uint64_t contacts, steps_started, steps_ended, steps_abandoned, expected_refusals;
    uint64_t late, corrected, voided, handed_over, extensions, again;
};

struct ledger {
    struct ledger_row *rows;    /* one a person, by their number */
    uint32_t count, room;
    struct ledger_stay *stays;  /* earlier parcours of those who came back */
    uint32_t stay_count, stay_room;
    struct ledger_totals totals;
    struct ledger_tally kept[LEDGER_KEPT];
};

bool ledger_room(struct ledger *, uint32_t persons);
void ledger_free(struct ledger *);

void ledger_accepted(struct ledger *, uint32_t person);                 /* any event of the person's stream */
void ledger_oriented(struct ledger *, uint32_t person, int32_t on);
void ledger_referent(struct ledger *, uint32_t person, uint16_t referent);
void ledger_diagnosed(struct ledger *, uint32_t person);
void ledger_met(struct ledger *, uint32_t person, int32_t on);           /* an appointment kept, a contact answered */
void ledger_proposed(struct ledger *, uint32_t person, int32_t on);
void ledger_decided(struct ledger *, uint32_t person, enum ledger_phase, int32_t on);
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
bool ledger_bites(const struct ledger_row *);                           /* it runs, and no consolidation is open */
int32_t ledger_uncounted(const struct ledger_row *, int32_t day);       /* as shown: as if what is open ended on that day */
bool ledger_open(const struct ledger_row *);                            /* neither ended nor unknown */
int32_t ledger_months_after(int32_t day, int32_t months);
/* Counts under a word (NULL: none), and in the whole. */
void ledger_count(struct ledger *, enum ledger_kept, const char *word, int64_t numerator, int64_t denominator);
void ledger_word(struct ledger *, enum ledger_kept, const char *word, int64_t n);   /* under it alone */
void ledger_contact(struct ledger *, const char *channel, bool meeting, bool is_signed, int times);    /* times: 1, or -1 to take one back */
void ledger_found(struct ledger *, uint32_t person, unsigned obstacle, const char *word);
void ledger_lifted(struct ledger *, uint32_t person, unsigned obstacle);
void ledger_job(struct ledger *, uint32_t person, int32_t on, bool insertion);
void ledger_insertion_ended(struct ledger *, uint32_t person, int32_t on);
void ledger_traits(struct ledger *, uint32_t person, int32_t born_on, unsigned traits);
/* What is counted from those accompanied and from the parcours, of any period, once the life is over: added to these. */
void ledger_people(const struct ledger *, int32_t from, int32_t to, struct ledger_tally kept[LEDGER_KEPT]);
void ledger_close(struct ledger *, int32_t from, int32_t to);           /* of the whole life, in the ledger's own */

bool ledger_in_caseload(const struct ledger_row *, int32_t day);        /* started by then, the exit day inside */

/* Persons in the caseload on at least one day of [from, to], and the mean length of the parcours that ended then. */
uint64_t ledger_followed(const struct ledger *, int32_t from, int32_t to);
double ledger_mean_days(const struct ledger *, int32_t from, int32_t to);

#endif
