/* What is owed by somebody who is not a participant: a référent (reports, a substitute when absent), a session, an enterprise,
 * the PLIE itself. Pure: from the card and the events of their stream until a day, oldest first.
 *
 * Adding one: its rule in events/rules.def, a row in duties.def, and its function in the duties_*.c of its stream. */
#ifndef PROJECTIONS_DUTIES_H
#define PROJECTIONS_DUTIES_H

#include "folds.h"

/* Whose duties are asked for, and on which day. */
struct owing {
    const struct card *card;
    const struct event *const *events;
    uint32_t count;
    int32_t day;
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

/* duties_referent.c, duties_session.c, duties_plie.c */
duty_fn substitute_owed, activity_report_owed, step_report_owed, minutes_owed, unknown_rules_owed;

#endif
