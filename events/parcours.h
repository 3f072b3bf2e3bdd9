/* The participant's state machine: a pure, total fold of the participant's events, in the order of event_compare.
 * Any event in any state gives a state; what does not hold is marked. Nothing here is ever stored: a parcours is folded
 * when it is needed, and may be kept packed in memory.
 *
 * Order of use: parcours_begin; parcours_step for each standing event in order; then read. parcours_pack makes one block
 * of it (malloc), parcours_look reads that in place, and parcours_unpack copies it into an arena, where it can be stepped further.
 * Days are civil days; vectors live in the arena given at the start. */
#ifndef EVENTS_PARCOURS_H
#define EVENTS_PARCOURS_H

#include <string.h>

#include "arena.h"
#include "days.h"
#include "event.h"
#include "rulebook.h"

struct step {               /* an étape */
    uint64_t seq;           /* of its prescription: its name */
    int32_t prescribed_on, started_on, ended_on, planned_end;
    int32_t reception_on, closing_on;   /* reviews held with the referent present */
    int32_t site_on, site_count;        /* last on-site interview; distinct days of its month so far */
    uint64_t started_seq, ended_seq, site_seq;
    int16_t kind, agreed;   /* interviews a month agreed; -1 none */
    int16_t contacts;       /* contacts a month set by the referent; -1 none */
    int8_t result;          /* objective_result; -1 not measured */
    bool dropped;           /* refused, not started: it never was */
    bool abandoned;
    int32_t planned_start;
    int32_t evaluated_on;   /* with the participant, at its end or in a closing review */
    uint64_t host;          /* of the provider's name, or of the enterprise: equal at the same host; 0 unknown */
};
/* A job, or a stint of it: an amendment of its purpose, or of its kind, closes what it was on the day before, and begins another
 * entry of the same name. The entries are in the order of their first days; the last one of a name is the job as it is now. */
struct job {
    uint64_t seq, began_seq;    /* of its start: its name; of what made it this, its start or an amendment */
    int32_t started_on, ended_on, planned_end;
    int16_t kind, purpose;
    int32_t weekly_hundredths;  /* -1 unknown */
    uint64_t ended_seq;     /* of its end, or of the amendment */
    uint64_t market;        /* stream; 0 none */
    bool agrees, of_exit;   /* of_exit: the exit that was decided rests on such a one */
};
struct span {               /* a business, a long training, a chosen situation */
    uint64_t seq;
    int32_t started_on, ended_on;
    int16_t kind;           /* enum span_kind */
    bool registered;        /* towards the RNCP or a specific employment */
};
enum span_kind { SPAN_business, SPAN_long_training, SPAN_chosen, SPAN_suspension };
struct hours {
    uint64_t seq;
    int32_t from_day, until_day;
    int64_t hundredths, employment;     /* ABSENT: of the job that nobody named */
};
struct evidence {
    uint64_t seq, employment;
    int32_t filed_on, dated, covers_from, covers_until, month, valid_until;
    int16_t kind;
    int8_t verdict;         /* 0 filed, 1 accepted, -1 rejected */
};
struct criterion {          /* of eligibility, checked */
    uint64_t seq, evidence; /* of its last check; the piece it names, 0 none */
    int32_t valid_until;
    struct { int32_t on, dated, valid_until; } to_come;     /* of the piece, when it is filed after the check */
    int16_t word;
};
struct recommendation {     /* of the committee */
    uint64_t seq;
    int32_t on, by_day;
    bool followed;
};
struct offer {
    uint64_t seq;
    int32_t on;
    bool answered;
    bool explained;         /* hired, or with the reasons */
};
struct training_request {
    uint64_t seq, step;     /* step: 0 none */
    uint64_t granted_seq;
    int64_t documents;      /* set */
    int32_t granted_on;     /* DAY_NONE when it is not */
    int64_t cost_cents, cofunded_cents;
};
/* In an operation of the Fund: entered once, however often the person comes back to it; the exit is the last one. */
struct participation {
    uint64_t operation, joined_seq;
    uint64_t complete_seq;  /* of the event with which its entry data were complete; 0 they are not */
    int64_t items;          /* set of mandatory: of this entry, told so far */
    int32_t joined_on, left_on, complete_on;
    bool too_short;         /* the operation is: it makes no participant */
    bool outside;           /* joined before the operation's first day or after its last: no entry of it */
    bool left;              /* once, and perhaps back since: the data of the entry are what they were */
};
struct missed {
    uint64_t seq;
    int32_t on;
};
/* A meeting or a review that nobody has signed yet. */
struct to_sign {
    uint64_t seq;
    int32_t on;
    int16_t channel;        /* -1: a review */
};
struct difficulty {         /* reported, not answered yet */
    uint64_t seq;
    int32_t on;
};
struct letter {             /* a reminder that no contact has answered since: a second one cancels nothing */
    uint64_t seq;
    int32_t on;
};
/* What does not hold, and why. */
struct mark {
    uint64_t seq;
    int16_t rule;           /* enum rule_number, or MARK_STATE */
    int16_t state;          /* the state it was in */
    bool unfounded;         /* an act that would be refused; otherwise a fact, or a rule that only flags */
    bool waived;
};
#define MARK_STATE (-1)
/* A deadline that passed, and was settled late. */
struct episode {
    int32_t due, since, settled_on;
    int32_t shown_on;       /* `since`, or the day of the event that opened it when that is later */
    uint64_t cause, settled;
    int16_t rule;
};
/* Who followed, from when; until the next one, or the end of the parcours. */
struct tenure {
    int64_t referent;
    int32_t from_day;
    int32_t number;         /* of the parcours */
};
/* What was said of an alert, which rule and day name: seen, put off. The last putting off stands. */
struct heed {
    uint64_t seen_seq, put_off_seq;         /* 0: nobody said so */
    int32_t since, seen_on, until_day;      /* seen_on: the first time; DAY_NONE */
    int16_t rule;
};
/* How a parcours ended. */
struct ending {
    int32_t decided_on, effective_on;
    uint64_t seq;
    int16_t outcome, criterion, reason;     /* -1 none */
    bool unfounded, accepted;               /* accepted: some evidence of the exit was */
};
/* An earlier parcours of the same person. */
struct past {
    int32_t oriented_on, started_on, ended_on;
    int16_t number, state;
    uint64_t oriented_seq, start_seq, decided_seq;      /* 0: none */
    struct ending exit;
};
#define VECTORS(V) \
    V(struct mark, marks) V(struct episode, episodes) V(struct past, past) V(struct tenure, tenures) V(struct heed, heeds) \
    V(struct missed, missed) V(struct letter, reminders) V(struct participation, participations) V(struct criterion, criteria) \
    V(struct recommendation, recommendations) \
    V(struct to_sign, to_sign) V(struct difficulty, difficulties) \
    V(struct step, steps) V(struct offer, offers) V(struct training_request, requests) \
    V(struct job, jobs) V(struct span, spans) V(struct hours, hours) \
    V(struct evidence, evidence) V(struct evidence, earlier_evidence)

#define SENIOR_YEARS 55     /* senior_month is the month of that birthday */

struct parcours {
    enum state state;
    int32_t number;             /* 1, 2... parcours of this person */
    uint64_t stream, last_seq;  /* last event folded */
    int32_t last_on;
    uint64_t version;

    /* entry */
    int32_t oriented_on, diagnosed_on, eligible_on, proposed_on, decided_on, contract_on, transmitted_on, start_on, told_on;
    uint64_t oriented_seq, decided_seq, contract_seq, start_seq, told_seq;
    bool has_prescriber, diagnosis_agreed, unfounded_exit, entered;
    int64_t eligibility;        /* set of criteria checked, whether still valid or not */
    int64_t consents;           /* set */
    int64_t benefits;           /* set; ABSENT unknown */
    int64_t obstacles;          /* set still open */
    int64_t senior_month;       /* month index of turning 55; ABSENT unknown */
    int64_t in_territory;       /* 0, 1, ABSENT */
    int64_t sex;                /* ABSENT unknown */
    int64_t referent;           /* stream; ABSENT none */
    int32_t referent_since;
    int64_t next_appointment;   /* day; ABSENT */
    uint64_t next_appointment_seq;
    char prescriber[41];
    bool informed;              /* of the conditions of the accompaniment */
    int32_t rsa_on;             /* RSA known since; DAY_NONE: none. Of the person, as is the mutual contract */
    int32_t mutual_on, mutual_until;
    uint64_t rsa_seq, mutual_seq;
    int64_t signed_by;          /* set: who signed the contract */
    int64_t told_items;         /* set of mandatory, told so far */
    int64_t entry_items;        /* those told that no participation awaited: they are the next one's */

    /* follow-up */
    int32_t contact_on, contact_month_days;     /* last answered contact; distinct days with one in its month */
    int32_t contacts;           /* answered, in this parcours */
    uint64_t contact_seq;
    int32_t reviewed_on[review_kind_words];     /* last of each; plie only with the head of the PLIE */
    uint64_t reviewed_seq[review_kind_words];
    int32_t change_on;
    uint64_t change_seq;
    int32_t reminder_back_on;   /* of one of `reminders` */
    int32_t shared_review_on;   /* last intermediate review with a prescriber or a funder */
    uint64_t shared_review_seq;

    /* time */
    int32_t extensions;         /* granted */
    int32_t extension_asked_on, extension_session_day;
    uint64_t extension_seq;     /* of the open request; 0 none */

    /* employment: the last contacts about it */
    int32_t job_contact_on, post_iae_contact_on;    /* about the job or at the workplace; about what follows an insertion contract */
    int32_t workplace_on, workplace_days;           /* at the workplace; distinct days of its month */
    uint64_t workplace_seq;

    /* exit */
    int32_t gone_on;            /* merged or erased: no longer in anybody's hands */
    int64_t merged_into;        /* the participant who stays; ABSENT */
    int32_t exit_proposed_on, exit_session_day, exited_on, effective_on, qualified_on;
    uint64_t exit_proposed_seq, exit_seq, qualified_seq;
    int16_t exit_outcome, exit_criterion, exit_reason;      /* -1 none */
    bool exit_agreed, relay_searched, relay_proposed;    /* the relay: told of its own, or by the proposal */
    int32_t qualified_any_on;   /* registered or not */
    uint64_t qualified_any_seq;
    int64_t situations;         /* set of situation_point known since */
    int32_t archived_on;

    int32_t resumed_on;
    const struct rulebook *book;    /* that judges the event being applied; only within parcours_step */

#define V(type, name) struct { uint32_t n, room; type *at; } name;
    VECTORS(V)
#undef V
    struct arena *arena;

    struct deadline open[RULES];    /* what is due next, by rule; last, because it is packed otherwise (parcours_pack.c) */
};

struct judgement {
    bool in_state;
    int refused_by;             /* enum rule_number, or -1: the first rule that refuses and is not waived */
    struct rule_set broken;            /* set of all rules that do not hold, whatever their mode */
    struct rule_set waived;            /* those of them that the event waives */
};

void parcours_begin(struct parcours *, struct arena *, uint64_t stream);
/* What the rules say of the event in this state; writes nothing. */
struct judgement parcours_judge(const struct parcours *, const struct event *, const struct rulebook *);
void parcours_step(struct parcours *, const struct event *, const struct rulebooks *);
/* The events of one stream in seq order (corrections and voids among them) to those that stand, in fold order, in
 * `arena`. Of `count` events those count with on <= as_of and recorded_ms <= known_at (INT32_MAX, INT64_MAX: all). */
uint32_t parcours_standing(struct arena *, const struct event *const *events, uint32_t count, int32_t as_of, int64_t known_at,
                           const struct event ***ret);
int64_t meta_target(const struct event *);      /* seq of the event that it corrects or takes out; 0 none */
/* parcours_begin, parcours_standing and parcours_step in one. Returns the last event in the order of the fold; NULL: none. */
const struct event *parcours_fold(struct parcours *, struct arena *, uint64_t stream, const struct event *const *events, uint32_t count,
                   int32_t as_of, int64_t known_at, const struct rulebooks *);

struct packed;
struct packed *parcours_pack(const struct parcours *);                          /* free() it */
size_t packed_bytes(const struct packed *);
void parcours_look(struct parcours *, const struct packed *);                   /* to be read only, as long as the block lives */
void parcours_unpack(struct parcours *, struct arena *, const struct packed *);
void parcours_copy(struct parcours *, struct arena *, const struct parcours *from);
size_t parcours_bytes(const struct parcours *);                                 /* what such a copy takes */

/* ---- questions ---- */
/* The last day for acts that prolong the parcours: its limit; or, an extension having been asked for, the day of the session that
 * examines it, at most the day that it could grant. A request that names no session keeps nothing open: nobody knows which it is. */
int32_t parcours_open_until(const struct parcours *, const struct rulebook *);
int32_t parcours_limit(const struct parcours *, const struct rulebook *);       /* the limit day; DAY_NONE: none */
int32_t parcours_uncounted_days(const struct parcours *, const struct rulebook *);
/* The limit that stands: under the first rulebook in force when it falls; *ret_book is that rulebook, or the last one. */
int32_t parcours_limit_in_force(const struct parcours *, const struct rulebooks *, const struct rulebook **ret_book);
/* The same for a reader: while a consolidation is open the limit does not bite, and the day is as if it ended today. */
struct shown_limit {
    int32_t day, uncounted_days;
    bool bites;             /* what prolongs a running parcours is refused after it */
    const struct rulebook *book;
};
struct shown_limit parcours_limit_shown(const struct parcours *, const struct rulebooks *, int32_t today);
int32_t deadline_shown_on(const struct deadline *);         /* the first day on which the alert is seen */
int32_t parcours_left_on(const struct parcours *);          /* last day in the caseload; DAY_NONE: still there */
bool parcours_in_caseload(const struct parcours *, int32_t day);
/* A piece of this parcours or of an earlier one; NULL when there is none. */
const struct evidence *parcours_piece(const struct parcours *, uint64_t seq);
bool evidence_of_this_exit(const struct parcours *, const struct evidence *);     /* ... and of the way out that was decided, and its job */
bool evidence_of_exit(const struct evidence *);                     /* of a kind that says something of a way out */
struct ending parcours_ending(const struct parcours *);     /* of the present parcours; decided_on DAY_NONE when it has none */
struct heed parcours_heed(const struct parcours *, int rule, int32_t since);    /* what was said of that alert; nothing: neither day */
/* The same of a stream that is not a participant's: its standing events tell, in their order. */
struct heed heed_of(const struct event *const *standing, uint32_t count, int rule, int32_t since);
bool parcours_unfounded(const struct parcours *, uint64_t seq);     /* the event is an act that would be refused */
int64_t parcours_age(const struct parcours *, int32_t day);         /* in months; reached on the first day of the month of birth; ABSENT unknown */
struct step *parcours_find_step(struct parcours *, uint64_t seq);
struct job *parcours_find_job(struct parcours *, uint64_t seq);    /* as it is now */
bool employment_continues(int64_t was, int64_t is);         /* a contract amended from that kind to this one is the same contract */
const struct job *parcours_consolidation(const struct parcours *);  /* that runs, and began first; NULL: none */
bool parcours_consolidating(const struct parcours *);      /* a consolidation is open */
bool parcours_occupied(const struct parcours *);            /* a step, a job, a long training or a business is open */
int32_t parcours_occupied_until(const struct parcours *);   /* the last day on which one was; DAY_NONE: never */
bool parcours_running(const struct parcours *);     /* started, not exited, whatever it is doing */
/* A proposed exit ends nothing: until it is decided, the parcours is followed as it would be without the proposal. */
enum state parcours_follows_as(const struct parcours *);
bool parcours_followed(const struct parcours *);    /* as active, in training or in consolidation */
bool contact_is_on_site(int64_t channel);
/* Whether the participant signs for what happened (a meeting, a review with them, the end of a step), and did. */
struct signing {
    bool asked, given;
    int16_t channel;        /* -1: a review */
};
struct signing event_signing(const struct event *);

/* Adds one element to a vector of `p`. */
#define PUSH(p, vector, ...) \
    do { \
        vector_room((p)->arena, &(p)->vector.n, &(p)->vector.room, (void **)&(p)->vector.at, sizeof(*(p)->vector.at)); \
        (p)->vector.at[(p)->vector.n++] = (__VA_ARGS__); \
    } while (0)
/* Takes element `i` out of it. */
#define DROP(p, vector, i) \
    do { \
        (p)->vector.n--; \
        memmove(&(p)->vector.at[i], &(p)->vector.at[(i) + 1], ((p)->vector.n - (i)) * sizeof(*(p)->vector.at)); \
    } while (0)
void vector_room(struct arena *, const uint32_t *n, uint32_t *room, void **at, size_t each_bytes);

#endif
