/* Rules of the time a parcours lasts, of contacts and reviews. */
#include "apply.h"

#define WARN_NONE_DAY 15    /* of the month: there is no contact at all yet */
#define WARN_SOME_DAY 24    /* of the month: one is still missing */

static struct deadline due_on(int32_t day, uint64_t cause)
{
    return (struct deadline){ day, day + 1, cause, DAY_NONE };
}

static struct deadline after_months(int32_t day, const struct value *v, uint64_t cause)
{
    return due_on(day_add_months(day, (int32_t)v->at[0]), cause);
}

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* ---- how long ---- */
bool within_parcours(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)v;
    int32_t until = parcours_open_until(p, b);
    return until == DAY_NONE || e->on <= until || parcours_consolidating(p);
}

struct deadline parcours_limit_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)v;
    bool counting = (IN(active) | IN(in_training) | IN(suspended)) & 1u << parcours_follows_as(p);
    int32_t until = counting ? parcours_open_until(p, b) : DAY_NONE;
    return until == DAY_NONE ? NO_DEADLINE : due_on(until, p->start_seq);
}

bool extension_allowed(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    if (e->kind->number == KIND_extension_requested) {
        int32_t limit = parcours_limit(p, b);
        return (limit == DAY_NONE || e->on <= limit || parcours_consolidating(p)) && p->extensions < v->at[1];
    }
    return !told(((const struct extension_decided *)e->data)->granted) || (p->extensions < v->at[1] && p->extension_seq);
}

struct deadline extension_decision_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)v;
    if (!p->extension_seq || !parcours_running(p))
        return NO_DEADLINE;
    int32_t day = p->extension_session_day != DAY_NONE ? p->extension_session_day : parcours_limit(p, b);
    return day == DAY_NONE ? NO_DEADLINE : due_on(day, p->extension_seq);
}

bool suspension_allowed(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)e, (void)b;
    return v->at[0] != 0;
}

/* ---- contacts in a calendar month ---- */

int64_t monthly_owed(int32_t from, int32_t last, int64_t each)
{
    int32_t month = month_index(last);
    if (from <= month_first(month) && last == month_last(month))
        return each;
    return last - later(from, month_first(month)) + 1 >= HALF_MONTH_DAYS ? 1 : 0;
}

struct deadline monthly_due(int32_t from, int32_t last, int64_t days, int64_t each, uint64_t cause)
{
    int32_t month = month_index(later(from, last));
    int64_t had = last != DAY_NONE && month_index(last) == month ? days : 0;
    if (had < monthly_owed(from, month_last(month), each)) {
        int32_t warn = month_first(month) + (had == 0 ? WARN_NONE_DAY : WARN_SOME_DAY) - 1;
        return (struct deadline){ month_last(month), later(from, warn), cause, DAY_NONE };
    }
    return (struct deadline){ month_last(month + 1), month_first(month + 1) + WARN_NONE_DAY - 1, cause, DAY_NONE };
}

static bool between_steps(const struct parcours *p)
{
    return parcours_follows_as(p) == STATE_active && !parcours_occupied(p);
}

static int32_t between_steps_from(const struct parcours *p)
{
    return later(later(p->start_on, parcours_occupied_until(p)), p->resumed_on);
}

struct deadline contacts_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    if (!between_steps(p))
        return NO_DEADLINE;
    return monthly_due(between_steps_from(p), p->contact_on, p->contact_month_days, v->at[0], p->contact_seq ? p->contact_seq : p->start_seq);
}

bool rhythm_agreed(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    const struct step_started *d = e->data;
    return d->interviews_a_month != ABSENT && d->interviews_a_month >= v->at[0];
}

static struct deadline sooner(struct deadline a, struct deadline b)
{
    return a.due == DAY_NONE || b.since < a.since ? b : a;
}

/* How many a month; 0: the step never was, or none. */
static int64_t rhythm_of(const struct parcours *p, const struct step *s, const struct value *v)
{
    if ((!parcours_followed(p) && parcours_follows_as(p) != STATE_suspended) || s->started_on == DAY_NONE || s->dropped)
        return 0;
    return s->agreed > v->at[0] ? s->agreed : v->at[0];
}

int64_t site_interviews_owed(const struct parcours *p, const struct step *s, const struct rulebook *b, int32_t last)
{
    int64_t each = rule_applies(b, RULE_step_rhythm) ? rhythm_of(p, s, &b->rule[RULE_step_rhythm].value) : 0;
    if (s->ended_on != DAY_NONE && s->ended_on < last)
        last = s->ended_on >= month_first(month_index(last)) ? s->ended_on : DAY_NONE;
    return each && last != DAY_NONE ? monthly_owed(s->started_on, last, each) : 0;
}

struct deadline rhythm_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct deadline first = NO_DEADLINE;
    for (uint32_t i = 0; i < p->steps.n; i++) {
        const struct step *s = &p->steps.at[i];
        int64_t each = s->ended_on == DAY_NONE ? rhythm_of(p, s, v) : 0;
        if (each == 0)
            continue;
        first = sooner(first, monthly_due(s->started_on, s->site_on, s->site_count, each, s->site_seq ? s->site_seq : s->started_seq));
    }
    return first;
}

/* With 0 the rulebook leaves the rhythm to the referent, who sets it when the step starts. */
bool contacts_set(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    const struct step_started *d = e->data;
    return d->contacts_a_month == ABSENT ? v->at[0] > 0 : d->contacts_a_month >= v->at[0];
}

/* How many a month of this step; 0: it is not open, or none. */
static int64_t contacts_of_step(const struct step *s, const struct value *v)
{
    if (s->started_on == DAY_NONE || s->ended_on != DAY_NONE)
        return 0;
    return s->contacts > v->at[0] ? s->contacts : v->at[0];
}

struct deadline contacts_in_step_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct deadline first = NO_DEADLINE;
    for (uint32_t i = 0; parcours_followed(p) && i < p->steps.n; i++) {
        const struct step *s = &p->steps.at[i];
        int64_t each = contacts_of_step(s, v);
        if (each == 0)
            continue;
        bool since = p->contact_on != DAY_NONE && p->contact_on >= s->started_on;
        first = sooner(first, monthly_due(s->started_on, p->contact_on, p->contact_month_days, each, since ? p->contact_seq : s->started_seq));
    }
    return first;
}

/* The first day of the consolidation: of those that are open, if there are several. */
static const struct job *first_consolidation(const struct parcours *p)
{
    return parcours_follows_as(p) == STATE_in_consolidation ? parcours_consolidation(p) : NULL;
}

struct deadline contacts_in_employment_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct job *j = first_consolidation(p);
    if (!j)
        return NO_DEADLINE;
    int32_t from = later(p->start_on, j->started_on);
    bool since = p->contact_on != DAY_NONE && p->contact_on >= from;
    return monthly_due(from, p->contact_on, p->contact_month_days, v->at[0], since ? p->contact_seq : j->began_seq);
}

/* What owes most counts: a step and an employment may go together. */
int64_t contacts_owed(const struct parcours *p, const struct rulebook *b, int32_t last, unsigned aim)
{
    int64_t most = 0;
    const struct job *job = first_consolidation(p);
    if (job && rule_applies(b, RULE_contacts_in_employment))
        most = monthly_owed(later(p->start_on, job->started_on), last, b->rule[RULE_contacts_in_employment].value.at[0]);
    if (between_steps(p) && rule_applies(b, RULE_contacts_monthly)) {
        const struct value *v = &b->rule[RULE_contacts_monthly].value;
        return monthly_owed(between_steps_from(p), last, v->at[aim < v->count ? aim : 0]);
    }
    for (uint32_t i = 0; parcours_followed(p) && rule_applies(b, RULE_contacts_in_step) && i < p->steps.n; i++) {
        int64_t each = contacts_of_step(&p->steps.at[i], &b->rule[RULE_contacts_in_step].value);
        int64_t here = each ? monthly_owed(p->steps.at[i].started_on, last, each) : 0;
        most = here > most ? here : most;
    }
    return most;
}

/* ---- gaps and reviews ---- */
struct deadline gap_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    if (!between_steps(p))
        return NO_DEADLINE;
    return after_months(later(p->start_on, parcours_occupied_until(p)), v, p->start_seq);
}

static struct deadline review_due(const struct parcours *p, int kind, const struct value *v)
{
    if (!parcours_followed(p))
        return NO_DEADLINE;
    bool again = p->reviewed_on[kind] != DAY_NONE && p->reviewed_on[kind] >= p->start_on;
    return after_months(later(p->start_on, p->reviewed_on[kind]), v, again ? p->reviewed_seq[kind] : p->start_seq);
}

struct deadline progress_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return review_due(p, review_kind_progress, v);
}

struct deadline plie_review_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return review_due(p, review_kind_plie, v);
}

struct deadline partner_review_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return review_due(p, review_kind_partners, v);
}

struct deadline long_review_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    int32_t last = p->reviewed_on[review_kind_long_parcours];
    if (!parcours_followed(p))
        return NO_DEADLINE;
    if (last < p->start_on)
        last = DAY_NONE;    /* it was held before this parcours began */
    for (uint32_t i = 0; i < v->count; i++)
        if (last == DAY_NONE || day_add_months(p->start_on, (int32_t)v->at[i] - 1) > last)
            return due_on(day_add_months(p->start_on, (int32_t)v->at[i]),
                          last == DAY_NONE ? p->start_seq : p->reviewed_seq[review_kind_long_parcours]);
    return NO_DEADLINE;
}

struct deadline shared_review_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    bool again = p->shared_review_on != DAY_NONE && p->shared_review_on >= p->start_on;
    if (!parcours_followed(p))
        return NO_DEADLINE;
    return again ? after_months(p->shared_review_on, v, p->shared_review_seq) : after_months(p->start_on, v, p->start_seq);
}

bool closing_review_held(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    const struct exit_decided *d = e->data;
    int32_t held_on = p->reviewed_on[review_kind_closing];
    return d->reason == exit_reason_death || (held_on != DAY_NONE && held_on >= p->start_on);
}

/* ---- changes ---- */
struct deadline relay_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return parcours_running(p) && p->change_on != DAY_NONE ? due_on(p->change_on + (int32_t)v->at[0], p->change_seq) : NO_DEADLINE;
}

bool stays_in_territory(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b, (void)v;
    const struct change_recorded *d = e->data;
    return d->change != change_kind_address || d->commune.coarse != 0;
}
