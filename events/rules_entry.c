/* Rules of reception and entry. */
#include "apply.h"

static bool accepts(const struct event *e)
{
    return ((const struct entry_decided *)e->data)->outcome == entry_outcome_accepted;
}

static bool unknown_or_gone(const struct parcours *p)
{
    return (IN(nobody) | IN(merged) | IN(erased)) & 1u << p->state;
}

/* Shown on the very day: `since` is `due`. */
static struct deadline at_once(int32_t day, uint64_t cause)
{
    return (struct deadline){ day, day, cause, DAY_NONE };
}

static struct deadline within_days(int32_t day, const struct value *v, uint64_t cause)
{
    int32_t due = day + (int32_t)v->at[0];
    return (struct deadline){ due, due + 1, cause, DAY_NONE };
}

struct deadline referent_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    bool admitted = p->state == STATE_admitted || parcours_running(p);
    return admitted && p->referent == ABSENT ? at_once(p->decided_on, p->decided_seq) : NO_DEADLINE;
}

bool reception_done(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    return told(((const struct entry_proposed *)e->data)->reorientation) ||
           (p->diagnosed_on != DAY_NONE && p->diagnosis_agreed && p->eligible_on != DAY_NONE);
}

/* Those of the set that were checked, and whose check has not expired. */
static int64_t valid_criteria(const struct parcours *p, int64_t set, int32_t day)
{
    int64_t valid = 0;
    for (uint32_t i = 0; i < p->criteria.n; i++)
        if (p->criteria.at[i].valid_until == DAY_NONE || p->criteria.at[i].valid_until >= day)
            valid |= 1ll << p->criteria.at[i].word;
    return valid & set;
}

bool target_public_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return !accepts(e) || valid_criteria(p, v->at[0], e->on) != 0;
}

bool entry_conditions_met(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return !accepts(e) || valid_criteria(p, v->at[0], e->on) == v->at[0];
}

bool collegial(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    const struct entry_decided *d = e->data;
    return d->outcome == entry_outcome_deferred || (d->session_members != ABSENT && d->session_members >= v->at[0]);
}

bool alternative_given(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b, (void)v;
    const struct entry_decided *d = e->data;
    return d->outcome != entry_outcome_refused || d->alternative.at;
}

struct deadline missed_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    uint32_t n = (uint32_t)v->at[0];
    bool before_decision = (IN(oriented) | IN(in_diagnosis) | IN(proposed) | IN(deferred)) & 1u << p->state;
    if (!before_decision || p->missed.n < n)
        return NO_DEADLINE;
    return at_once(p->missed.at[n - 1].on, p->missed.at[n - 1].seq);
}

struct deadline feedback_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    bool waiting = p->has_prescriber && p->decided_on != DAY_NONE && (p->told_on == DAY_NONE || p->told_on < p->decided_on);
    return waiting && !unknown_or_gone(p) ? within_days(p->decided_on, v, p->decided_seq) : NO_DEADLINE;
}

struct deadline contract_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    bool admitted = p->state == STATE_admitted || parcours_running(p);
    return admitted && p->transmitted_on == DAY_NONE ? within_days(p->decided_on, v, p->decided_seq) : NO_DEADLINE;
}

bool recorded_in_time(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    return e->imported || e->recorded_on - e->on <= v->at[0];
}

/* ---- before the entry is proposed ---- */
static bool reorients(const struct event *e)
{
    return told(((const struct entry_proposed *)e->data)->reorientation);
}

bool entry_consented(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return reorients(e) || (p->consents & v->at[0]) == v->at[0];
}

bool entry_informed(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    return reorients(e) || p->informed;
}

/* ---- before the entry is accepted ---- */
bool entry_has_referent(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    return !accepts(e) || p->referent != ABSENT;
}

bool old_enough(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    int64_t age = parcours_age(p, e->on);
    if (!accepts(e))
        return true;
    return age == ABSENT ? valid_criteria(p, 1ll << eligibility_minimum_age, e->on) != 0 : age >= v->at[0] * 12;
}

static bool speaks_of(int32_t day, int32_t dated, int32_t valid_until)
{
    return dated <= day && (valid_until == DAY_NONE || valid_until >= day);
}

/* Filed on the very day, a piece may come after the decision in the order of the day. */
static bool piece_holds(const struct parcours *p, const struct criterion *c, int32_t day)
{
    const struct evidence *x = parcours_piece(p, c->evidence);
    if (!x)
        return c->evidence && c->to_come.on <= day && speaks_of(day, c->to_come.dated, c->to_come.valid_until);
    return x->verdict >= 0 && speaks_of(day, x->dated, x->valid_until);
}

bool eligibility_proved(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    for (uint32_t i = 0; accepts(e) && i < p->criteria.n; i++)
        if (v->at[0] >> p->criteria.at[i].word & 1 && !piece_holds(p, &p->criteria.at[i], e->on))
            return false;
    return true;
}

/* The absences counted since the prescriber was last told are those that call for it again. */
bool prescriber_contacted(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    if (((const struct non_entry_recorded *)e->data)->reason != non_entry_reason_missed)
        return true;
    bool called_for = rule_applies(b, RULE_missed_appointments) && p->missed.n >= (uint64_t)b->rule[RULE_missed_appointments].value.at[0];
    return p->told_on != DAY_NONE && !called_for;
}

/* ---- once admitted ---- */
static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

struct deadline signature_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    bool admitted = p->state == STATE_admitted || parcours_running(p);
    return admitted && p->contract_on == DAY_NONE ? within_days(p->decided_on, v, p->decided_seq) : NO_DEADLINE;
}

struct deadline signatories_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    bool waiting = p->contract_on != DAY_NONE && (p->state == STATE_admitted || parcours_running(p)) && (p->signed_by & v->at[0]) != v->at[0];
    return waiting ? (struct deadline){ p->contract_on, p->contract_on + 1, p->contract_seq, DAY_NONE } : NO_DEADLINE;
}

struct deadline recommendation_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct deadline first = NO_DEADLINE;
    for (uint32_t i = 0; OPEN & 1u << p->state && i < p->recommendations.n; i++) {
        const struct recommendation *r = &p->recommendations.at[i];
        int32_t due = r->by_day == DAY_NONE ? r->on + (int32_t)v->at[0] : r->by_day;
        if (!r->followed && (first.due == DAY_NONE || due < first.due))
            first = (struct deadline){ due, due + 1, r->seq, DAY_NONE };
    }
    return first;
}

struct deadline publicity_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    bool known = p->consents >> consent_publicity & 1;
    return parcours_running(p) && !known ? within_days(p->start_on, v, p->start_seq) : NO_DEADLINE;
}

struct deadline mutual_contract_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    if (!parcours_running(p) || p->rsa_on == DAY_NONE)
        return NO_DEADLINE;
    bool over = p->mutual_until != DAY_NONE && p->mutual_until < p->start_on;   /* it was an earlier parcours's */
    if (p->mutual_on == DAY_NONE || over)
        return within_days(later(p->start_on, p->rsa_on), v, p->rsa_on > p->start_on ? p->rsa_seq : p->start_seq);
    bool ends = p->mutual_until != DAY_NONE;
    return ends ? (struct deadline){ p->mutual_until, p->mutual_until + 1, p->mutual_seq, DAY_NONE } : NO_DEADLINE;
}

/* ---- the committee's exits ---- */
bool exit_collegial(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    const struct exit_decided *d = e->data;
    return d->session_members != ABSENT && d->session_members >= v->at[0];
}
