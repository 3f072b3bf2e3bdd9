/* The rules: one row each in rules.def, with one or two small pure functions beside it (rules_*.c). A rule's value, source
 * and mode come from a rulebook. Nothing here reads a clock: the day comes in with the event or the question. */
#ifndef EVENTS_RULES_H
#define EVENTS_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "catalogue.h"

enum unit {
    UNIT_DAYS, UNIT_MONTHS, UNIT_YEARS, UNIT_COUNT, UNIT_PERCENT,
    UNIT_CENTS,             /* of a euro */
    UNIT_HOURS,             /* held in hundredths of an hour; decimals in a rulebook */
    UNIT_MONTHS_TIMES,      /* [months, times] */
    UNIT_MONTHS_DAYS,       /* [months, days] */
    UNIT_MONTHS_WITHIN,     /* [months, within so many months] */
    UNIT_DAY_OF_MONTH,
    UNIT_YES,               /* no value: the rule holds or is off */
    UNIT_WORD,              /* one of the row's two words: 0 or 1 */
    UNIT_SET_OF,            /* words of a vocabulary, held as a set of bits */
};
enum mode { MODE_OFF, MODE_FLAG, MODE_REFUSE, MODE_UNKNOWN };
enum turn { REFERENT, COORDINATOR };    /* whose turn it is when the deadline passes */

#define VALUES_MAX 8
#define WORD_OF_NOBODY 62       /* in the set of an unknown rule: no vocabulary goes so far */

struct value {
    int64_t at[VALUES_MAX];     /* a set is at[0] */
    uint32_t count;
};

/* When something must have been done. */
struct deadline {
    int32_t due;        /* the last good day; DAY_NONE: nothing is due */
    int32_t since;      /* the first day on which the alert shows */
    uint64_t cause;     /* seq of the event it comes from */
    int32_t opened_on;  /* the day of the event that opened it: no alert shows before; set by the fold */
};
#define NO_DEADLINE ((struct deadline){ DAY_NONE, DAY_NONE, 0, DAY_NONE })

struct parcours;
struct event;
struct rulebook;
typedef bool allows_fn(const struct parcours *, const struct event *, const struct rulebook *, const struct value *);
typedef struct deadline due_fn(const struct parcours *, const struct rulebook *, const struct value *);

struct rule {
    const char *name;
    enum unit unit;
    const char *words[2];       /* UNIT_WORD */
    unsigned vocabulary;        /* UNIT_SET_OF */
    int64_t min, max;           /* of each value; none for sets */
    uint32_t values_max;
    enum turn turn;
    const uint16_t *on;         /* kinds that `allows` judges, ended by 0; none with an `allows`: every fact */
    allows_fn *allows;          /* NULL: no limit */
    due_fn *due;                /* NULL: no deadline */
    const char *fr, *en;
};

enum rule_number {
#define RULE(c_name, ...) RULE_##c_name,
#include "rules.def"
#undef RULE
    RULES
};

#define no_limit NULL
#define no_deadline NULL
#define KINDS(...) ((const uint16_t[]){ __VA_ARGS__, 0 })
#define CLOSES_A_STEP KIND_step_refused, KIND_step_not_started, KIND_step_ended, KIND_step_abandoned
#define ENDS_WHAT_LASTS KIND_employment_ended, KIND_business_ended, KIND_long_training_ended, KIND_chosen_situation_ended
#define TOLD_ONCE KIND_step_started, CLOSES_A_STEP, ENDS_WHAT_LASTS, KIND_hours_recorded
#define DAYS_IN_ORDER KIND_step_prescribed, KIND_step_started, CLOSES_A_STEP, KIND_employment_started, ENDS_WHAT_LASTS, KIND_letter_returned, \
    KIND_entry_decided, KIND_exit_decided

extern const struct rule rules[RULES];
int rule_named(struct text name);   /* -1 when there is none */

struct rule_set {
    uint64_t at[(RULES + 63) / 64];
};
static inline bool rule_in(const struct rule_set *s, int r)
{
    return s->at[r / 64] >> r % 64 & 1;
}
static inline void rule_add(struct rule_set *s, int r)
{
    s->at[r / 64] |= UINT64_C(1) << r % 64;
}

/* The first of the set from `r` on; RULES: none. Each event is judged and each deadline looked at again with all of them: most
 * of the fold's time is here. */
static inline int rule_from(const struct rule_set *s, int r)
{
    for (int word = r / 64; r < RULES; r = ++word * 64) {
        uint64_t left = s->at[word] >> r % 64;
        if (left)
            return r + __builtin_ctzll(left);
    }
    return RULES;
}

const struct rule_set *rules_judging(const struct kind *);    /* the set of rules whose `allows` judges events of this kind */
const struct rule_set *rules_due(void);                       /* ... that have a deadline */

/* rules_entry.c */
allows_fn reception_done, target_public_met, entry_conditions_met, collegial, alternative_given,
    recorded_in_time, entry_consented, entry_informed, entry_has_referent, old_enough, eligibility_proved, prescriber_contacted,
    exit_collegial;
due_fn referent_due, missed_due, feedback_due, contract_due, signature_due, signatories_due, recommendation_due, publicity_due, mutual_contract_due;

/* rules_follow_up.c */
allows_fn within_parcours, extension_allowed, suspension_allowed, rhythm_agreed, stays_in_territory, contacts_set, closing_review_held;
due_fn parcours_limit_due, extension_decision_due, contacts_due, rhythm_due, gap_due, progress_due,
    plie_review_due, partner_review_due, long_review_due, relay_due, contacts_in_step_due, contacts_in_employment_due, shared_review_due;
/* Contacts that the month of `last` owed, from the fold on that day: its last one, or the last in the parcours. The
 * obligatory ones (aim 0), or those aimed at (1). */
int64_t contacts_owed(const struct parcours *, const struct rulebook *, int32_t last, unsigned aim);
/* So many a calendar month from `from` on; `last` is the last day with one, `days` the distinct days of its month that have one. */
struct deadline monthly_due(int32_t from, int32_t last, int64_t days, int64_t each, uint64_t cause);
#define HALF_MONTH_DAYS 15  /* a month that is not whole owes one contact if it has so many days */
int64_t monthly_owed(int32_t from, int32_t last, int64_t each);    /* by the month of `last`, begun on `from` and left after `last` */
/* On-site interviews that a step owed in the month of `last`, from the fold on that day. */
struct step;
int64_t site_interviews_owed(const struct parcours *, const struct step *, const struct rulebook *, int32_t last);

/* rules_exchanges.c */
allows_fn sharing_agreed, summarised, put_off_shortly;
due_fn contact_signature_due, review_signature_due, difficulty_answer_due;

/* rules_steps.c */
allows_fn objective_shared, objective_measured, step_contractualised;
due_fn step_overdue, step_reception_due, step_closing_due, offer_due, next_step_due, step_participant_due;
allows_fn function_told, immersion_short, immersion_within_year;

/* rules_training.c */
allows_fn training_documents_held, training_collegial, cofunding_searched, grant_within_cost;
due_fn training_after_due;

/* rules_told.c */
allows_fn told_first, days_follow, hours_likely;

/* rules_exit.c */
allows_fn exit_employment_met, exit_hours_met, exit_business_met, exit_aided_met, exit_atypical_met,
    exit_qualification_met, exit_long_training_met, exit_temporary_met, exit_fixed_term_met, exit_senior_met, exit_criterion_known,
    other_exit_named, relay_looked_for, offers_settled, reminder_unanswered;
due_fn reminder_due, exit_decision_due;

/* rules_evidence.c */
allows_fn exit_attested, employment_evidence, hours_evidence, business_evidence, atypical_evidence, training_evidence,
    payslips_there, followup_documents_there;
due_fn employment_evidence_due, hours_evidence_due, business_evidence_due, atypical_evidence_due, training_evidence_due, payslips_due,
    followup_documents_due;

/* rules_file.c */
allows_fn mandatory_told, operation_long_enough, joined_within;
due_fn file_complete_due, archive_due, entry_data_due;

/* rules_employment.c */
allows_fn followup_was_served;
/* Meetings at the workplace that an aided contract owed in the month of `last`, from the fold on that day. */
int64_t workplace_meetings_owed(const struct parcours *, const struct rulebook *, int32_t last);
due_fn followup_due, training_followup_due, market_followup_due, post_iae_due, aided_workplace_due, situation_weeks_due, situation_months_due;

#endif
