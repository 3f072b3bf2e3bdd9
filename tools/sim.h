/* parcours-sim: the life of a PLIE, driven through a daemon's HTTP endpoint and nothing else.
 *
 * One loop over the days. Each person has a small agenda: acts, each due on the day it will be recorded. A day's persons
 * stand in that day's queue; a batch takes at most one act of each, because the next act may need the event number that
 * the answer brings. What was accepted is told to the ledger (sim_ledger.h), which knows nothing of the rest.
 *
 * Everything is drawn from the seed: the same seed, batch and last day give the same life. Each command bears an id, so that
 * a batch whose answer was lost can be sent again. A store is lived in once: what was refused the first time would be judged
 * by what came after it.
 * Days are civil days (days.h); `_on` is the day something happened, `_day` a day it is planned or recorded. */
#ifndef TOOLS_SIM_H
#define TOOLS_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client.h"
#include "../events/days.h"
#include "../events/json.h"
#include "sim_ledger.h"

#define AGENDA_SLOTS 32

#define SIM_ID_BYTES 12         /* "p_7kd2m0qx" and its end */
#define NOBODY UINT32_MAX
#define HOSTS_KEPT 4

struct sim_settings {
    const char *url, *token;
    uint32_t participants;      /* stock aimed at */
    int32_t months, end_day;
    uint64_t seed;
    uint32_t batch, referents;
    bool compare, quiet;
};

enum act {
    ACT_none,
#define ACT(name, ...) ACT_##name,
#include "sim_acts.def"
#undef ACT
    ACTS
};

struct slot {
    uint16_t day;               /* counted from the first day of the simulation */
    uint8_t act, detail;
};

/* How the parcours will end, drawn when it starts: a positive criterion, or a reason. */
struct fate {
    bool positive;
    uint8_t word;               /* exit_criterion or exit_reason */
};

struct person {
    char id[SIM_ID_BYTES];
    uint64_t dice;
    uint32_t next;              /* in the queue of its day */
    uint32_t contact_seq, meeting_seq, step_seq, offer_seq, job_seq, contract_seq, proof_seq;
    uint32_t unsigned_seq, difficulty_seq, short_seq, iae_seq, fund_seq;
    uint32_t fund_cents, fund_cofunded;
    int32_t iae_on;                 /* first day of the hours still to be told */
    int32_t last_on;            /* of what was recorded; nothing but a late entry comes before it */
    int32_t born, contact_on, started_on, decided_on, letter_on, job_on, step_end, offer_on;
    uint16_t name, first_name, commune;
    uint16_t referent;
    struct fate fate;
    uint8_t misses, hours, step_kind, sex, education, benefits, flags;
    uint8_t publics, contact_said;  /* targets met; how the last contact took place (SAID_ below) */
    uint8_t factors;                /* of success, as the closing review names them */
    uint8_t class;                  /* as qualified by the référent, from 1 on */
    uint16_t hosts[HOSTS_KEPT];     /* of the last immersions: enterprises counted from 1; 0: none */
    bool step_regional;             /* a qualifying training of the regional offer */
    uint8_t step_function, fund_action, fund_documents, clea;
    bool introduced, joined;        /* joined: an operation of the Fund */
    bool level_4;                   /* within the middle level of education */
    uint8_t slots;
    struct slot agenda[AGENDA_SLOTS];
};

#define EDUCATION_MIDDLE 1

/* What was said of a contact: its channel in the list of sim_follow_up.c, and more. */
enum { SAID_CHANNEL = 15, SAID_SIGNED = 16, SAID_SIGNED_LATER = 32 };

enum person_flag {
    FLAG_QPV = 1, FLAG_SINGLE_PARENT = 2, FLAG_RQTH = 4,
    FLAG_SILENT = 8,            /* no contact any more: a reminder letter is on its way */
    FLAG_UNPROVED = 16,         /* the evidence was forgotten: the committee will refuse */
    FLAG_STEP_OPEN = 32,
};

/* What a référent tells of each month or week, one after the other. */
enum { CHORE_ACTIVITY, CHORE_STEPS, CHORE_AGENDA, CHORES };
struct chore {
    int32_t period;             /* the month or week that is told next, counted as in days.h */
    int32_t on;                 /* the day it will be */
};

enum { TRAINING_TOOL, TRAINING_FUND, TRAININGS };
struct referent {
    char id[SIM_ID_BYTES];
    uint32_t load;              /* participants it was given and still has */
    int32_t absent_until;       /* DAY_NONE: there */
    int32_t left_on;            /* DAY_NONE: not */
    uint32_t substitute;        /* NOBODY: none */
    bool leaving;
    struct chore chores[CHORES];
    int32_t trained_on[TRAININGS];
    int32_t pair_on;            /* the day they join their pair */
    int32_t justify_on;         /* the day the meeting missed will be justified; DAY_NONE: none will */
    uint32_t missed_seq;
};

enum { SESSION_INTEGRATION, SESSION_FOLLOW_UP, SESSION_TRAINING, SESSION_SORTS };
struct session {
    char id[SIM_ID_BYTES];
    int32_t day, minutes_on;    /* minutes_on: the day they will be filed */
    bool held;
};

struct enterprise {
    char id[SIM_ID_BYTES];
    uint32_t pair;              /* who met it */
    int32_t visit_on, partner_on, need_on;      /* what comes next; DAY_NONE: not */
    bool known;                 /* visited once */
};

/* An event of the territory, or a collective action. */
struct gathering {
    char id[SIM_ID_BYTES];
    int32_t day;
    uint8_t kind;
    bool held;
};
#define EVENTS_MAX 256          /* one a month */
#define MARKETS_MAX 64

enum matter {
#define MATTER(name, ...) MATTER_##name,
#include "sim_matters.def"
#undef MATTER
    MATTERS
};

/* A command on its way. */
struct saying {
    uint32_t person;            /* NOBODY: of the organisation */
    uint8_t act, detail;        /* act: of the organisation, the matter */
    int32_t on;
    const char *expect;         /* the rule that must refuse it; NULL: it must be accepted */
    uint32_t subject;           /* what the organisation's commands are about */
};

struct answer {
    int64_t status;
    uint64_t seq, version;
    struct text id, state, rule, code, why;
};

struct sim {
    struct sim_settings settings;
    struct client *client;
    struct ledger ledger;
    struct person *persons;
    uint32_t person_count, person_room;
    struct referent *referents;
    uint32_t referent_count, referent_room;
    struct session *sessions[SESSION_SORTS];    /* one a month, from the month of the first day */
    uint32_t session_count;
    char operation[SIM_ID_BYTES];
    struct enterprise *enterprises;
    uint32_t enterprise_count, enterprise_room;
    char markets[MARKETS_MAX][SIM_ID_BYTES];
    uint32_t market_count, awarded;
    struct gathering events[EVENTS_MAX];
    uint32_t event_count;
    uint32_t *heads, *tails;                    /* the queue of each day */
    uint64_t dice;
    int32_t first_day, today;
    double arriving;                            /* fractions of persons still to come */
    uint32_t running, waiting;                  /* in a parcours; oriented and not decided yet */

    struct json_out out;                        /* the batch being written */
    struct saying *saying;
    uint32_t saying_count;
    int64_t clock_ms;
    uint64_t said, refused, batches, unexpected;
    int64_t started_ms;
};

/* ---- sim_dice.c: draws ---- */
uint64_t dice_seed(uint64_t seed, uint64_t of);
uint32_t dice_below(uint64_t *dice, uint32_t n);                    /* 0..n-1 */
int32_t dice_between(uint64_t *dice, int32_t low, int32_t high);    /* both inside */
bool dice_percent(uint64_t *dice, uint32_t percent);
bool dice_permille(uint64_t *dice, uint32_t permille);
unsigned dice_weighted(uint64_t *dice, const uint8_t *weights, unsigned count);
/* After how many days something is done, as people do: mostly in time, sometimes late, now and then put off for long. */
struct days {
    uint8_t low, high;
};
int32_t dice_punctual(uint64_t *dice, struct days in_time, struct days late, struct days put_off);

/* ---- sim_calendar.c: days, agendas, queues ---- */
bool is_weekend(int32_t day);
int32_t workday_from(int32_t day);      /* that day or the first working day after it */
int32_t workday_back(int32_t day);
bool calendar_start(struct sim *);
void calendar_free(struct sim *);
void plan(struct sim *, struct person *, int32_t day, enum act, unsigned detail);   /* moved to today or a working day */
void plan_in(struct sim *, struct person *, int32_t low_days, int32_t high_days, enum act, unsigned detail);
void forget(struct person *, enum act);                 /* takes an act out of the agenda */
void forget_all(struct person *);
bool planned(const struct person *, enum act);
void queue(struct sim *, struct person *);              /* by the first act of its agenda */
struct person *next_today(struct sim *);                /* NULL when the day is over */
struct slot next_act(struct person *);

/* ---- sim_people.c: who they are ---- */
struct person *person_arrives(struct sim *);
struct text person_name(const struct person *);
struct text person_first_name(const struct person *);
struct text commune_code(const struct person *);
struct text referent_name(uint32_t number);
uint32_t person_index(const struct sim *, const struct person *);
int32_t age_on(const struct person *, int32_t day);

/* ---- sim_organisation.c: référents, sessions, operations ---- */
bool organisation_starts(struct sim *);
bool organisation_day(struct sim *);
const struct session *session_from(const struct sim *, int sort, int32_t day);     /* the first on or after; NULL: none planned */
const struct session *session_before(const struct sim *, int sort, int32_t day);   /* the last held on or before */
uint16_t referent_for(struct sim *, uint64_t *dice);
void organisation_free(struct sim *);
bool matter_open(struct sim *, enum matter, uint32_t subject, const char *id);     /* the caller writes the data, then wire_close */

/* ---- sim_duties.c: reports, agendas, trainings, minutes ---- */
void duties_begin(struct sim *, struct referent *);     /* who takes up their post today */
void minutes_begin(struct sim *, struct session *);     /* once it was held */
bool duties_day(struct sim *);

/* ---- sim_enterprises.c, sim_activity.c: what is done besides the parcours ---- */
bool enterprises_day(struct sim *);
bool activity_day(struct sim *);
const char *enterprise_for(const struct sim *, uint32_t nth);       /* NULL: none is known yet */
const char *market_for(struct sim *, uint64_t *dice);              /* NULL: none is open */
bool in_btp(const char *naf);                                       /* of the building trade */

/* ---- sim_wire.c: batches ---- */
enum stream { OF_PARTICIPANT, OF_REFERENT, OF_SESSION, OF_ENTERPRISE, OF_MARKET, OF_ACTION, OF_NEW };    /* whose command it is; a new one has no id yet */
bool wire_start(struct sim *);
void wire_free(struct sim *);
/* Opens a command's object up to its data, which the caller writes and wire_close ends. */
void wire_open(struct sim *, const char *command, enum stream of, const char *id, const struct saying *,
               const char *performed_by);
void wire_close(struct sim *);
/* One member of what is being written. */
void say_word(struct sim *, const char *key, const char *word);
void say_text(struct sim *, const char *key, struct text);
void say_flag(struct sim *, const char *key, bool);
void say_number(struct sim *, const char *key, int64_t);
void say_day(struct sim *, const char *key, int32_t day);
void say_words(struct sim *, const char *key, const char *const *words, unsigned count);
bool wire_full(const struct sim *);
/* Sends what was written and settles each answer; false when the daemon cannot be reached or does not make sense. */
bool wire_send(struct sim *);
bool answer_read(struct text line, struct answer *ret);

/* ---- sim_day.c ---- */
bool sim_days(struct sim *);
void settle_person(struct sim *, const struct saying *, const struct answer *);
void settle_organisation(struct sim *, const struct saying *, const struct answer *);

/* ---- the matters: one row each in sim_matters.def ---- */
typedef void matter_fn(struct sim *, const struct saying *, const struct answer *);
struct matter_row {
    const char *command;
    enum stream of;
    matter_fn *then;
};
extern const struct matter_row matter_rows[MATTERS];
#define MATTER(name, command, of, then) matter_fn then;
#include "sim_matters.def"
#undef MATTER

/* ---- the acts: one row each in sim_acts.def ---- */
#define WHEN_NEVER (DAY_NONE + 1)       /* nothing to do after all */
#define WHEN_LATER (DAY_NONE + 2)       /* not today: ask again on the next working day */
struct act_row {
    const char *name, *command;
    int32_t (*when)(struct sim *, struct person *, unsigned detail);
    void (*say)(struct sim *, struct person *, struct saying *);                    /* writes the data */
    void (*then)(struct sim *, struct person *, const struct saying *, const struct answer *);
};
extern const struct act_row act_rows[ACTS];
#define ACT(name, command, when, say, then) \
    int32_t when(struct sim *, struct person *, unsigned detail); \
    void say(struct sim *, struct person *, struct saying *); \
    void then(struct sim *, struct person *, const struct saying *, const struct answer *);
#include "sim_acts.def"
#undef ACT
enum { CLEA_BEFORE, CLEA_FINAL };
enum { PIECE_ELIGIBILITY, PIECE_CONTRACT, PIECE_CV };
void plan_piece(struct sim *, struct person *, unsigned piece);     /* sim_entry.c: filed, mostly within the month */
bool may_prolong(const struct sim *, const struct person *, int32_t on);    /* sim_steps.c: within the limit, neither leaving nor silent */
int32_t at_session(struct sim *, struct person *, int sort);        /* sim_entry.c: the day of the session that decides */
void plan_fund(struct sim *, struct person *);                      /* sim_training.c */
void keep_fund_documents(struct sim *, struct person *, bool awaited);
int32_t happened_lately(struct sim *, struct person *);     /* a day up to six before today, not before the last one */
void parcours_over(struct sim *, struct person *);                  /* sim_exit.c: clears the agenda; some come back */
void plan_situation(struct sim *, struct person *);                 /* sim_fate.c: another end, when a job broke */
void count_publics(struct sim *, const struct person *);            /* sim_entry.c: an entry, under each of its publics */
void say_factors(struct sim *, struct person *);                    /* sim_needs.c: what helped, in a closing review */
void count_factors(struct sim *, struct person *);
uint32_t contact_said(const char *channel, bool is_signed);         /* sim_follow_up.c */
void count_contact(struct sim *, uint32_t said, int times);
void plan_signature(struct sim *, struct person *, uint64_t seq);   /* sim_signatures.c: mostly obtained afterwards */
void forget_signature(struct person *, uint32_t seq);
const char *class_of(const struct person *);                        /* NULL: not qualified yet */
void plan_needs(struct sim *, struct person *, int32_t days);       /* sim_needs.c: obstacles, needs, objectives, partners */
void plan_mutual(struct sim *, struct person *);                    /* sim_mutual.c: who is on RSA has one */
void finish_step(struct sim *, struct person *);                    /* an open step ends before what comes next */
void finish_offer(struct sim *, struct person *);

#define OBSTACLES 12
extern const char *const obstacle_names[OBSTACLES];                 /* sim_needs.c */

/* ---- sim_compare.c, sim_progress.c ---- */
bool compare_all(struct sim *, uint64_t *ret_compared, uint64_t *ret_differ);
void progress_show(struct sim *, bool last);
void difference(struct sim *, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
