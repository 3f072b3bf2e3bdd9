/* What is owed by somebody who is not a participant: a référent (reports, a substitute when absent), a session, an enterprise,
 * the PLIE itself. From the card and the events of their stream until a day, oldest first; of
 * other streams they know what elsewhere.h counts.
 *
 * Adding one: its rule in events/rules.def, a row in duties.def, and its function in the duties_*.c of its stream. */
#ifndef PROJECTIONS_DUTIES_H
#define PROJECTIONS_DUTIES_H

#include "elsewhere.h"

/* Whose duties are asked for, and on which day. */
struct owing {
    const struct card *card;
    const struct event *const *events;
    uint32_t count;
    int32_t day;
    uint64_t stream;
    struct elsewhere *elsewhere;
};
/* What is owed under a rulebook that knows the rule, or NO_DEADLINE; `since` and `opened_on` are not asked for. */
typedef struct deadline duty_fn(const struct owing *, const struct rulebook *, const struct value *);

struct duty {
    enum rule_number rule;
    struct deadline deadline;   /* shown from `since` on; its cause is an event of the stream */
};

enum {
#define DUTY(rule, stream, function) DUTY_##rule,
#include "duties.def"
#undef DUTY
    DUTIES_MAX
};

/* Returns how many. Each is judged by the rulebook in force on the day it falls, as the participants' deadlines are. */
unsigned duties_of(enum stream_type, const struct owing *, const struct rulebooks *, struct duty ret[DUTIES_MAX]);
bool stream_has_duties(enum stream_type);

/* ---- what the functions share ---- */
/* Targets of a year are looked at on the last day of each quarter. */
struct year_look {
    int32_t from, on;       /* the first day of the year; the day of the look */
    int32_t to;             /* what is recorded since counts, within the year */
    int quarters;           /* of the year, in which something could be done */
};
/* The last look before the day; false: there was none since `begun_on`. */
bool year_look(const struct owing *, int32_t begun_on, struct year_look *ret);
/* Owed from the day after the look until the next one, while less than the quarters' part of `yearly` hundredths is done. */
struct deadline paced(const struct year_look *, int64_t yearly_hundredths, int64_t done, uint64_t cause);
struct deadline owed_since(int32_t since, uint64_t cause);  /* it shows on that very day */

/* duties_referent.c */
duty_fn substitute_owed, handing_over_owed, activity_report_owed, step_report_owed, agenda_owed, justification_owed, training_owed, employer_interview_owed,
    telling_owed;
/* duties_year.c */
duty_fn caseload_owed, year_followed_owed, year_entries_owed, partnerships_owed;
/* duties_delivery.c */
duty_fn stop_seen_owed;
/* duties_session.c, duties_enterprise.c, duties_operation.c, duties_plie.c */
duty_fn minutes_owed, held_once_owed, held_in_order_owed, convention_owed, operation_report_owed, unknown_rules_owed, carrier_training_owed, letter_owed;

#endif
