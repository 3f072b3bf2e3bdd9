/* Exit criteria, one row each in exits.c: what must be served, and from which day on a participant meets it. */
#ifndef EVENTS_EXITS_H
#define EVENTS_EXITS_H

#include "parcours.h"

/* What is missing for a criterion; a set of bits, each with its sentence. */
#define MISSING(X) \
    X(nothing_started, "rien de tel n'a commencé", "nothing of the kind has started") \
    X(time,            "la durée n'est pas encore servie", "it has not lasted long enough yet") \
    X(half_time,       "le temps de travail est inférieur au mi-temps, ou inconnu", "the working time is under half-time, or unknown") \
    X(contract_end,    "le terme du contrat est trop proche, ou inconnu", "the contract's end is too near, or unknown") \
    X(hours,           "les heures cumulées ne suffisent pas", "there are not enough cumulated hours") \
    X(months,          "les mois cumulés ne suffisent pas", "there are not enough cumulated months") \
    X(age,             "l'âge n'est pas atteint, ou inconnu", "the age is not reached, or unknown") \
    X(agreement,       "l'accord du participant manque", "the participant's agreement is missing") \
    X(registered,      "la qualification visée n'est pas inscrite au RNCP", "the qualification is not registered at the RNCP") \
    X(unknown,         "le référentiel attend que le PLIE remplisse ce critère", "this rulebook waits for the PLIE to fill this criterion in") \
    X(rule_off,        "ce référentiel ne connaît pas ce critère", "this rulebook does not know this criterion")
enum missing {
#define X(name, fr, en) MISSING_##name,
    MISSING(X)
#undef X
    MISSINGS
};

struct exit_check {
    bool met;               /* on the day asked */
    int32_t earliest;       /* the first such day, if nothing changes; DAY_NONE: never */
    uint32_t missing;       /* set of enum missing; 0 when met */
    uint64_t cause;         /* the event it rests on; 0 none */
};

/* Whether the criterion is met by one job, and not by a sum of them, nor otherwise. */
static inline bool exit_by_one_job(int64_t criterion)
{
    return criterion == exit_criterion_employment || criterion == exit_criterion_aided_contract || criterion == exit_criterion_senior_insertion;
}
/* A job of the criterion's kind, of enough hours a week where the criterion asks for them. */
bool exit_job(const struct job *, unsigned criterion, const struct rulebook *);
/* ... and it runs on the day, or had served its months by then. */
bool exit_job_stands(const struct job *, unsigned criterion, int32_t day, const struct rulebook *);
/* A business, a training or a chosen situation of the criterion's kind, that counts for it. */
bool exit_span(const struct span *, unsigned criterion, const struct rulebook *);
/* What a proposal or a decision says; ABSENT when it does not. The day of effect, of a decision only (rules_exit.c). */
int64_t exit_outcome_said(const struct event *), exit_criterion_said(const struct event *);
int32_t exit_effective_on(const struct event *);
unsigned exit_criteria(void);
enum rule_number exit_rule(unsigned criterion);
struct exit_check exit_check(const struct parcours *, unsigned criterion, int32_t day, const struct rulebook *);
/* The same, each day being judged by the rulebook in force on it. */
struct exit_check exit_outlook(const struct parcours *, unsigned criterion, int32_t day, const struct rulebooks *);
const char *missing_sentence(enum missing, bool french);
const char *missing_name(enum missing);

#endif
