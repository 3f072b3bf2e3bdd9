/* The fold: judge, mark, apply, then see what is due. */
#include "apply.h"
#include "exits.h"

#include "fund.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void vector_room(struct arena *arena, const uint32_t *n, uint32_t *room, void **at, size_t each_bytes)
{
    if (*n < *room)
        return;
    uint32_t more = *room ? *room * 2 : 4;
    void *grown = arena_take(arena, more * each_bytes);
    if (*n)
        memcpy(grown, *at, *n * each_bytes);
    *at = grown;
    *room = more;
}

/* Everything that belongs to one parcours; what belongs to the person stays. */
static void begin_parcours(struct parcours *p)
{
    struct parcours old = *p;
    memset(p, 0, sizeof(*p));
    p->stream = old.stream;
    p->arena = old.arena;
    p->book = old.book;
    p->version = old.version;
    p->last_seq = old.last_seq;
    p->last_on = old.last_on;
    p->number = old.number + 1;
    p->consents = old.consents;
    p->benefits = old.benefits;
    p->rsa_on = old.rsa_on, p->rsa_seq = old.rsa_seq;
    p->mutual_on = old.mutual_on, p->mutual_until = old.mutual_until, p->mutual_seq = old.mutual_seq;
    p->senior_month = old.senior_month;
    p->in_territory = old.in_territory;
    p->sex = old.sex;
    p->told_items = old.told_items & PERSON_ITEMS;
    p->entry_items = old.entry_items;
    p->participations.n = old.participations.n, p->participations.room = old.participations.room, p->participations.at = old.participations.at;
    p->marks.n = old.marks.n, p->marks.room = old.marks.room, p->marks.at = old.marks.at;
    p->episodes.n = old.episodes.n, p->episodes.room = old.episodes.room, p->episodes.at = old.episodes.at;
    p->past.n = old.past.n, p->past.room = old.past.room, p->past.at = old.past.at;
    p->earlier_evidence.n = old.earlier_evidence.n, p->earlier_evidence.room = old.earlier_evidence.room, p->earlier_evidence.at = old.earlier_evidence.at;
    for (uint32_t i = 0; i < old.evidence.n; i++)
        PUSH(p, earlier_evidence, old.evidence.at[i]);
    p->heeds.n = old.heeds.n, p->heeds.room = old.heeds.room, p->heeds.at = old.heeds.at;   /* their days say of which parcours */
    p->tenures.n = old.tenures.n, p->tenures.room = old.tenures.room, p->tenures.at = old.tenures.at;
    memcpy(p->open, old.open, sizeof(p->open));
    p->referent = p->next_appointment = ABSENT;
    p->oriented_on = p->diagnosed_on = p->eligible_on = p->proposed_on = p->decided_on = p->contract_on = DAY_NONE;
    p->transmitted_on = p->start_on = p->told_on = p->referent_since = p->contact_on = DAY_NONE;
    p->change_on = p->reminder_back_on = p->resumed_on = DAY_NONE;
    p->shared_review_on = DAY_NONE;
    p->extension_asked_on = p->extension_session_day = DAY_NONE;
    p->gone_on = p->archived_on = DAY_NONE;
    p->merged_into = ABSENT;
    p->exit_proposed_on = p->exit_session_day = p->exited_on = p->effective_on = p->qualified_on = DAY_NONE;
    p->job_contact_on = p->post_iae_contact_on = p->workplace_on = p->qualified_any_on = DAY_NONE;
    p->exit_outcome = p->exit_criterion = p->exit_reason = -1;
    for (unsigned i = 0; i < sizeof(p->reviewed_on) / sizeof(p->reviewed_on[0]); i++)
        p->reviewed_on[i] = DAY_NONE;
}

void parcours_begin(struct parcours *p, struct arena *arena, uint64_t stream)
{
    memset(p, 0, sizeof(*p));
    p->arena = arena;
    p->stream = stream;
    p->benefits = p->senior_month = p->in_territory = p->sex = ABSENT;
    p->rsa_on = p->mutual_on = p->mutual_until = DAY_NONE;
    p->number = -1;
    p->last_on = DAY_NONE;
    begin_parcours(p);
    for (int r = 0; r < RULES; r++)
        p->open[r] = NO_DEADLINE;
}

void parcours_begin_again(struct parcours *p)
{
    int32_t ended_on = p->exited_on != DAY_NONE ? p->exited_on : p->decided_on;
    PUSH(p, past, (struct past){ p->oriented_on, p->start_on, ended_on, (int16_t)p->number, (int16_t)p->state, p->oriented_seq, p->start_seq, p->decided_seq,
                                 parcours_ending(p) });
    begin_parcours(p);
}

/* ---- judging ---- */
static bool waives(const struct event *e, int rule)
{
    for (uint32_t i = 0; i < e->waiver_count; i++)
        if (text_is(e->waivers[i].rule, rules[rule].name))
            return true;
    return false;
}

struct judgement parcours_judge(const struct parcours *p, const struct event *e, const struct rulebook *book)
{
    struct judgement j = { .in_state = (e->kind->states >> p->state) & 1, .refused_by = -1 };
    const struct rule_set *judging = rules_judging(e->kind);
    for (int r = rule_from(judging, 0); r < RULES; r = rule_from(judging, r + 1)) {
        if (!rule_judges(book, (enum rule_number)r) || rules[r].allows(p, e, book, &book->rule[r].value))
            continue;
        rule_add(&j.broken, r);
        if (waives(e, r))
            rule_add(&j.waived, r);
        else if (e->kind->nature == ACT && rule_refuses(book, (enum rule_number)r) && j.refused_by < 0)
            j.refused_by = r;
    }
    return j;
}

static void mark(struct parcours *p, const struct event *e, const struct rulebook *book)
{
    if (e->kind->number == KIND_participant_merged)
        return;     /* what it was judged by stands no more */
    struct judgement j = parcours_judge(p, e, book);
    bool act = e->kind->nature == ACT;
    if (!j.in_state)
        PUSH(p, marks, (struct mark){ e->seq, MARK_STATE, (int16_t)p->state, act, false });
    for (int r = rule_from(&j.broken, 0); r < RULES; r = rule_from(&j.broken, r + 1)) {
        bool waived = rule_in(&j.waived, r);
        bool unfounded = act && !waived && rule_refuses(book, (enum rule_number)r);
        PUSH(p, marks, (struct mark){ e->seq, (int16_t)r, (int16_t)p->state, unfounded, waived });
    }
}

/* ---- what is due ---- */

/* A deadline is judged by the rulebook in force on the day it falls: the first regime under which it does. */
static struct deadline next_deadline(const struct parcours *p, int rule, const struct rulebooks *books)
{
    for (uint32_t i = 0; i < books->regime_count; i++) {
        const struct regime *g = &books->regimes[i];
        if (!rule_applies(g->book, (enum rule_number)rule))
            continue;
        struct deadline d = rules[rule].due(p, g->book, &g->book->rule[rule].value);
        if (d.due == DAY_NONE)
            continue;
        if (d.since < g->from_day) {
            d.since = g->from_day;
            if (d.due >= d.since)
                d.due = d.since - 1;
        }
        if (d.since < g->before_day)
            return d;
    }
    return NO_DEADLINE;
}

int32_t deadline_shown_on(const struct deadline *d)
{
    return d->since > d->opened_on ? d->since : d->opened_on;
}

/* Not `due == due && since == since`: the compiler makes one load of the two, which waits for the two stores that have just been
 * made; for each rule and event that was a third of the fold. */
static bool same_deadline(const struct deadline *a, const struct deadline *b)
{
    return ((a->due ^ b->due) | (a->since ^ b->since)) == 0 && a->cause == b->cause;
}

static void see_what_is_due(struct parcours *p, const struct event *e, const struct rulebooks *books)
{
    const struct rule_set *due = rules_due();
    for (int r = rule_from(due, 0); r < RULES; r = rule_from(due, r + 1)) {
        struct deadline now = next_deadline(p, r, books), *was = &p->open[r];
        if (same_deadline(&now, was))
            continue;
        if (was->due != DAY_NONE && e->on >= was->since)
            PUSH(p, episodes, (struct episode){ was->due, was->since, e->on, deadline_shown_on(was), was->cause, e->seq, (int16_t)r });
        if (now.due != DAY_NONE)
            now.opened_on = e->on;
        *was = now;
    }
}

/* ---- the state follows from what is known ---- */
static bool suspended(const struct parcours *p)
{
    for (uint32_t i = 0; i < p->spans.n; i++)
        if (p->spans.at[i].kind == SPAN_suspension && p->spans.at[i].ended_on == DAY_NONE)
            return true;
    return false;
}

static bool in_training(const struct parcours *p)
{
    for (uint32_t i = 0; i < p->spans.n; i++)
        if (p->spans.at[i].kind == SPAN_long_training && p->spans.at[i].ended_on == DAY_NONE)
            return true;
    for (uint32_t i = 0; i < p->steps.n; i++) {
        const struct step *s = &p->steps.at[i];
        if (s->kind == step_kind_qualifying_training && s->started_on != DAY_NONE && s->ended_on == DAY_NONE)
            return true;
    }
    return false;
}

/* What a running parcours is doing, whether its exit is proposed or not. */
static enum state doing(const struct parcours *p)
{
    if (parcours_consolidating(p))
        return STATE_in_consolidation;
    if (in_training(p))
        return STATE_in_training;
    return suspended(p) ? STATE_suspended : STATE_active;
}

static void settle_state(struct parcours *p)
{
    if (p->entered && (IN(admitted) & 1u << p->state || RUNNING & 1u << p->state))
        p->state = p->exit_proposed_seq ? STATE_exit_proposed : doing(p);
}

void parcours_step(struct parcours *p, const struct event *e, const struct rulebooks *books)
{
    const struct rulebook *book = rulebook_on(books, e->on, e->seq);
    mark(p, e, book);
    p->book = book;
    e->kind->apply(p, e);
    p->book = NULL;
    p->last_seq = e->seq > p->last_seq ? e->seq : p->last_seq;
    p->last_on = e->on;
    settle_state(p);
    see_what_is_due(p, e, books);
}

/* ---- questions ---- */
const struct job *parcours_consolidation(const struct parcours *p)
{
    const struct job *first = NULL;
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (j->purpose != employment_purpose_consolidation || j->ended_on != DAY_NONE)
            continue;
        if (!first || j->started_on < first->started_on)
            first = j;
    }
    return first;
}

bool parcours_consolidating(const struct parcours *p)
{
    return parcours_consolidation(p) != NULL;
}

bool parcours_occupied(const struct parcours *p)
{
    for (uint32_t i = 0; i < p->steps.n; i++)
        if (p->steps.at[i].started_on != DAY_NONE && p->steps.at[i].ended_on == DAY_NONE)
            return true;
    for (uint32_t i = 0; i < p->jobs.n; i++)
        if (p->jobs.at[i].ended_on == DAY_NONE)
            return true;
    for (uint32_t i = 0; i < p->spans.n; i++)
        if (p->spans.at[i].kind != SPAN_suspension && p->spans.at[i].ended_on == DAY_NONE)
            return true;
    return false;
}

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

int32_t parcours_occupied_until(const struct parcours *p)
{
    int32_t until = DAY_NONE;   /* the smallest day there is */
    for (uint32_t i = 0; i < p->steps.n; i++)
        if (p->steps.at[i].started_on != DAY_NONE)
            until = later(until, p->steps.at[i].ended_on);
    for (uint32_t i = 0; i < p->jobs.n; i++)
        until = later(until, p->jobs.at[i].ended_on);
    for (uint32_t i = 0; i < p->spans.n; i++)
        if (p->spans.at[i].kind != SPAN_suspension)
            until = later(until, p->spans.at[i].ended_on);
    return until;
}

int32_t parcours_left_on(const struct parcours *p)
{
    return p->exited_on != DAY_NONE ? p->exited_on : p->gone_on;
}

bool parcours_in_caseload(const struct parcours *p, int32_t day)
{
    int32_t left_on = parcours_left_on(p);
    return p->start_on != DAY_NONE && p->start_on <= day && (left_on == DAY_NONE || day <= left_on);
}

/* Pieces that say something of a way out; an identity or a CV proves no exit. */
#define PIECE(kind) (1ull << evidence_kind_##kind)
#define EXIT_PIECES (PIECE(employment_contract) | PIECE(payslip) | PIECE(employer_certificate) | PIECE(training_entry) | \
                     PIECE(training_certificate) | PIECE(diploma) | PIECE(business_registration) | PIECE(activity_proof) | \
                     PIECE(hours_statement) | PIECE(follow_up_record) | PIECE(participant_agreement))

const struct evidence *parcours_piece(const struct parcours *p, uint64_t seq)
{
    for (uint32_t i = 0; i < p->evidence.n; i++)
        if (p->evidence.at[i].seq == seq)
            return &p->evidence.at[i];
    for (uint32_t i = 0; i < p->earlier_evidence.n; i++)
        if (p->earlier_evidence.at[i].seq == seq)
            return &p->earlier_evidence.at[i];
    return NULL;
}

bool evidence_of_exit(const struct evidence *x)
{
    return EXIT_PIECES >> x->kind & 1;
}

/* Pieces of one way out; those of a way that needs no particular ones are all that say something of a way out. */
static uint64_t pieces_of(int64_t criterion)
{
    switch (criterion) {
    case exit_criterion_employment: case exit_criterion_aided_contract: case exit_criterion_senior_insertion:
    case exit_criterion_hours: case exit_criterion_temporary: case exit_criterion_fixed_term:
        return PIECE(employment_contract) | PIECE(payslip) | PIECE(employer_certificate) | PIECE(hours_statement);
    case exit_criterion_qualification: case exit_criterion_long_training:
        return PIECE(training_entry) | PIECE(training_certificate) | PIECE(diploma);
    case exit_criterion_business:
        return PIECE(business_registration) | PIECE(activity_proof);
    }
    return EXIT_PIECES;
}

static bool of_exit(const struct parcours *p, uint64_t job)
{
    for (uint32_t i = 0; i < p->jobs.n; i++)
        if (p->jobs.at[i].seq == job && p->jobs.at[i].of_exit)
            return true;
    return false;
}

bool evidence_of_this_exit(const struct parcours *p, const struct evidence *x)
{
    bool other_job = x->employment && exit_by_one_job(p->exit_criterion) && !of_exit(p, x->employment);
    return (pieces_of(p->exit_criterion) >> x->kind & 1) && !other_job;
}

static bool exit_evidence_accepted(const struct parcours *p)
{
    for (uint32_t i = 0; i < p->evidence.n; i++)
        if (p->evidence.at[i].verdict > 0 && evidence_of_this_exit(p, &p->evidence.at[i]))
            return true;
    return false;
}

struct ending parcours_ending(const struct parcours *p)
{
    return (struct ending){ p->exited_on, p->effective_on, p->exit_seq, p->exit_outcome, p->exit_criterion, p->exit_reason,
                            p->unfounded_exit, exit_evidence_accepted(p) };
}

bool parcours_unfounded(const struct parcours *p, uint64_t seq)
{
    for (uint32_t i = 0; i < p->marks.n; i++)
        if (p->marks.at[i].seq == seq && p->marks.at[i].unfounded)
            return true;
    return false;
}

bool parcours_running(const struct parcours *p)
{
    return RUNNING & 1u << p->state;
}

enum state parcours_follows_as(const struct parcours *p)
{
    return p->state == STATE_exit_proposed ? doing(p) : p->state;
}

bool parcours_followed(const struct parcours *p)
{
    return (IN(active) | IN(in_training) | IN(in_consolidation)) & 1u << parcours_follows_as(p);
}

struct step *parcours_find_step(struct parcours *p, uint64_t seq)
{
    for (uint32_t i = p->steps.n; i-- > 0;)
        if (p->steps.at[i].seq == seq)
            return &p->steps.at[i];
    return NULL;
}

struct job *parcours_find_job(struct parcours *p, uint64_t seq)
{
    for (uint32_t i = p->jobs.n; i-- > 0;)
        if (p->jobs.at[i].seq == seq)
            return &p->jobs.at[i];
    return NULL;
}

/* A fixed-term contract that becomes permanent goes on; any other kind begins with the amendment. */
bool employment_continues(int64_t was, int64_t is)
{
    bool was_ordinary = was == employment_kind_cdd || was == employment_kind_cdi;
    return was == is || (was_ordinary && (is == employment_kind_cdd || is == employment_kind_cdi));
}

bool contact_is_on_site(int64_t channel)
{
    return channel == channel_on_site || channel == channel_workplace;
}

/* The day of birth is sealed: the month of turning 55 is what the rules see. */
int64_t parcours_age(const struct parcours *p, int32_t day)
{
    return p->senior_month == ABSENT ? ABSENT : SENIOR_YEARS * 12 - (p->senior_month - month_index(day));
}
