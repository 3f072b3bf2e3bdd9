/* Figures of jobs and of what an exit leads to: clauses, the building trade, insertion and aided contracts; rebounds. */
#include "figures.h"

#define BRIDGE_MONTHS 6     /* an ordinary job begun so soon after an insertion contract follows from it */

/* ---- jobs, from their events: the fold keeps those of the last parcours alone ---- */
/* One contract: of an insertion contract that becomes permanent the insertion ends, and another contract begins. */
struct stint {
    const struct event *began;  /* its start, or the amendment that made it another */
    uint64_t job;
    int64_t kind;
    int32_t ended_on;           /* DAY_NONE: it runs */
    uint64_t ended_seq;
};
struct stints {
    struct stint *at;
    uint32_t n;
};

static void stint_begins(struct stints *l, const struct event *e, uint64_t job, int64_t kind, const struct stint *was)
{
    l->at[l->n++] = (struct stint){ e, job, kind, was ? was->ended_on : DAY_NONE, was ? was->ended_seq : 0 };
}

static void stint_ends(struct stint *s, int32_t on, uint64_t seq)
{
    s->ended_on = on;
    s->ended_seq = seq;
}

static struct stint *stint_now(struct stints *l, int64_t job)
{
    for (uint32_t i = l->n; i-- > 0;)
        if (l->at[i].job == (uint64_t)job)
            return &l->at[i];
    return NULL;
}

static void stint_amended(struct stints *l, const struct event *e)
{
    const struct employment_amended *d = e->data;
    struct stint *s = stint_now(l, d->employment);
    if (!s || d->kind == ABSENT)
        return;
    if (employment_continues(s->kind, d->kind) || s->began->on == e->on) {
        s->kind = d->kind;
    } else if (s->ended_on == DAY_NONE || s->ended_on >= e->on) {
        stint_begins(l, e, s->job, d->kind, s);
        stint_ends(s, e->on - 1, e->seq);
    }
}

/* Of the first `count` events, in the order of their first days. */
static struct stints stints_of(const struct dossier *d, uint32_t count)
{
    struct stints l = { ARENA_ARRAY(d->arena, struct stint, count + 1), 0 };
    for (uint32_t i = 0; i < count; i++) {
        const struct event *e = d->standing[i];
        if (e->kind->number == KIND_employment_started) {
            stint_begins(&l, e, e->seq, ((const struct employment_started *)e->data)->kind, NULL);
        } else if (e->kind->number == KIND_employment_amended) {
            stint_amended(&l, e);
        } else if (e->kind->number == KIND_employment_ended) {
            struct stint *s = stint_now(&l, ((const struct employment_ended *)e->data)->employment);
            if (s && s->ended_on == DAY_NONE)
                stint_ends(s, e->on, e->seq);
        }
    }
    return l;
}

static bool starts_job(const struct event *e)
{
    return e->kind->number == KIND_employment_started;
}

static const struct employment_started *job_named(const struct dossier *d, int64_t seq)
{
    for (uint32_t i = 0; seq != ABSENT && i < d->count_later; i++)
        if (starts_job(d->standing[i]) && (int64_t)d->standing[i]->seq == seq)
            return d->standing[i]->data;
    return NULL;
}

/* ---- social clauses ---- */

struct hours_list {
    const struct hours_recorded **at;
    uint32_t n;
};

/* Hours of one job on days told before, in the order of the fold, were worked once. */
static bool hours_fresh(struct hours_list *l, const struct hours_recorded *h)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (l->at[i]->employment == h->employment && l->at[i]->from_day <= h->until_day && h->from_day <= l->at[i]->until_day)
            return false;
    l->at[l->n++] = h;
    return true;
}

/* Hours are recorded after they were worked: what was recorded later counts. Those of a pay period that straddles the bounds
 * count in proportion to its days. */
static void market_hours(struct measure *m, int32_t from)
{
    const struct dossier *d = m->dossier;
    struct hours_list told = { ARENA_ARRAY(d->arena, const struct hours_recorded *, d->count_later + 1), 0 };
    for (uint32_t i = 0; i < d->count_later; i++) {
        const struct hours_recorded *h = d->standing[i]->data;
        if (d->standing[i]->kind->number != KIND_hours_recorded || !hours_fresh(&told, h))
            continue;
        const struct employment_started *job = job_named(d, h->employment);
        int64_t first = h->from_day > from ? h->from_day : from, last = h->until_day < d->end ? h->until_day : d->end;
        if (!job || job->market == ABSENT || last < first)
            continue;
        measure_own_stream(m, 0, job->market);
        measure_add(m, h->hours * (last - first + 1) / (h->until_day - h->from_day + 1), 0, (int32_t)last, d->standing[i]->seq, ABSENT);
    }
}

void figure_market_hours(struct measure *m)
{
    market_hours(m, m->dossier->period.from);
}

void figure_market_hours_done(struct measure *m)
{
    const struct dossier *d = m->dossier;
    int64_t due = ABSENT;
    if (d->type == STREAM_participant) {
        market_hours(m, DAY_FIRST);
        return;
    }
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        if (e->kind->number == KIND_market_opened)
            due = ((const struct market_opened *)e->data)->hours_due;
        else if (e->kind->number == KIND_market_hours_due_changed)
            due = ((const struct market_hours_due_changed *)e->data)->hours_due;
    }
    if (due == ABSENT)
        return;
    measure_own_stream(m, 0, (int64_t)d->stream);
    measure_add(m, 0, due, d->end, 0, ABSENT);
}

/* ---- the building trade ---- */
enum { BTP_enterprise, BTP_visit, BTP_collective, BTP_market, BTP_offer, BTP_job };

static bool btp(struct text naf, struct text rome)
{
    return (naf.at && naf.bytes >= 2 && naf.at[0] == '4' && naf.at[1] >= '1' && naf.at[1] <= '3') || (rome.at && rome.bytes && rome.at[0] == 'F');
}

static bool btp_enterprise(const struct dossier *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->standing[i]->kind->number == KIND_enterprise_registered)
            return btp(((const struct enterprise_registered *)d->standing[i]->data)->naf, (struct text){ NULL, 0 });
    return false;
}

static int btp_action(const struct dossier *d, const struct event *e)
{
    const struct text none = { NULL, 0 };
    switch (e->kind->number) {
    case KIND_enterprise_visited:
        return btp_enterprise(d) ? BTP_visit : -1;
    case KIND_enterprise_registered:
        return btp(((const struct enterprise_registered *)e->data)->naf, none) ? BTP_enterprise : -1;
    case KIND_action_planned:
        return btp(((const struct action_planned *)e->data)->naf, none) ? BTP_collective : -1;
    case KIND_market_opened:
        return btp(((const struct market_opened *)e->data)->naf, none) ? BTP_market : -1;
    case KIND_offer_placed:
        return btp(none, ((const struct offer_placed *)e->data)->rome) ? BTP_offer : -1;
    case KIND_employment_started:
        return btp(((const struct employment_started *)e->data)->naf, ((const struct employment_started *)e->data)->rome) ? BTP_job : -1;
    }
    return -1;
}

void figure_btp_actions(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (dossier_within(m->dossier, e->on) && btp_action(m->dossier, e) >= 0)
            measure_add(m, 1, 0, e->on, e->seq, btp_action(m->dossier, e));
    }
}

/* ---- insertion contracts ---- */
static bool of_insertion(int64_t kind)
{
    return kind == employment_kind_iae_aci || kind == employment_kind_iae_ei || kind == employment_kind_iae_ai || kind == employment_kind_etti;
}

static bool bridged(const struct stints *l, const struct stint *s)
{
    for (uint32_t i = 0; i < l->n; i++) {
        const struct stint *next = &l->at[i];
        if (!of_insertion(next->kind) && next->began->on >= s->began->on && next->began->on <= day_add_months(s->ended_on, BRIDGE_MONTHS))
            return true;
    }
    return false;
}

/* The job that follows may begin after the period, and so may the amendment that ends an insertion contract on its last day. */
void figure_bridges(struct measure *m)
{
    const struct dossier *d = m->dossier;
    struct stints l = stints_of(d, d->count_later);
    for (uint32_t i = 0; i < l.n; i++) {
        const struct stint *s = &l.at[i];
        if (of_insertion(s->kind) && dossier_within(d, s->ended_on))
            measure_add(m, bridged(&l, s), 1, s->ended_on, s->ended_seq, s->kind);
    }
}

void figure_post_iae_contacts(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (e->kind->number != KIND_contact_recorded || !dossier_within(m->dossier, e->on))
            continue;
        const struct contact_recorded *c = e->data;
        if (c->topic == topic_post_iae)
            measure_add(m, 1, 0, e->on, e->seq, c->channel);
    }
}

/* ---- aided contracts ---- */

/* The first day of the period on which an aided contract ran within a parcours; DAY_NONE: none. */
static int32_t aided_on(const struct dossier *d, uint64_t *ret_seq)
{
    int32_t found = DAY_NONE;
    struct stints l = stints_of(d, d->count);
    for (uint32_t i = 0; i < l.n; i++) {
        const struct stint s = l.at[i];
        struct stay stay = dossier_stay(d, s.began->on);
        int32_t first = d->period.from, last = d->end;
        first = s.began->on > first ? s.began->on : first;
        first = stay.started_on > first ? stay.started_on : first;
        last = s.ended_on != DAY_NONE && s.ended_on < last ? s.ended_on : last;
        last = stay.until < last ? stay.until : last;
        bool aided = s.kind == employment_kind_aided_non_market || s.kind == employment_kind_aided_market;
        if (!aided || stay.started_on == DAY_NONE || last < first || (found != DAY_NONE && found <= first))
            continue;
        if (dossier_in_caseload(d, first)) {
            found = first;
            *ret_seq = s.began->seq;
        }
    }
    return found;
}

void figure_aided_followed(struct measure *m)
{
    uint64_t seq = 0;
    int32_t on = aided_on(m->dossier, &seq);
    if (on != DAY_NONE)
        measure_add(m, 1, 0, on, seq, ABSENT);
}

static void one_aided_exit(struct measure *m, const struct ending *e)
{
    if (ending_positive(e))
        measure_add(m, 1, 0, e->decided_on, e->seq, ABSENT);
}

void figure_aided_exit_rate(struct measure *m)
{
    uint64_t seq = 0;
    int32_t on = aided_on(m->dossier, &seq);
    if (on == DAY_NONE)
        return;
    measure_add(m, 0, 1, on, seq, ABSENT);
    figures_each_exit(m, one_aided_exit);
}

static void workplace_looked_at(struct measure *m, const struct parcours *p, int32_t day)
{
    int64_t owed = workplace_meetings_owed(p, rulebook_on(m->dossier->books, day, UINT64_MAX), day);
    bool some = p->workplace_on != DAY_NONE && month_index(p->workplace_on) == month_index(day);
    if (owed && dossier_within(m->dossier, day))
        measure_add(m, some && p->workplace_days >= owed, 1, day, some ? p->workplace_seq : 0, ABSENT);
}

void figure_aided_months_kept(struct measure *m)
{
    figures_each_month(m, workplace_looked_at);
}

/* ---- other exits ---- */
static const int8_t categories[] = {
    [exit_reason_move] = exit_category_administrative, [exit_reason_death] = exit_category_administrative,
    [exit_reason_retirement] = exit_category_administrative,
    [exit_reason_interruption] = exit_category_plie, [exit_reason_rebound] = exit_category_plie, [exit_reason_limit] = exit_category_plie,
    [exit_reason_abandonment] = exit_category_participant, [exit_reason_motivation] = exit_category_participant,
    [exit_reason_refusal] = exit_category_participant, [exit_reason_no_news] = exit_category_participant,
    [exit_reason_long_illness] = exit_category_unavailability, [exit_reason_imprisonment] = exit_category_unavailability,
};

static void exit_category(struct measure *m, const struct ending *e)
{
    if (e->outcome == exit_outcome_positive)
        return;
    bool named = e->reason >= 0 && (size_t)e->reason < sizeof(categories);
    measure_own_word(m, 1, e->reason);
    measure_add(m, 1, 0, e->decided_on, e->seq, named ? categories[e->reason] : ABSENT);
}

void figure_exit_categories(struct measure *m)
{
    figures_each_exit(m, exit_category);
}

static void rebound(struct measure *m, const struct ending *e)
{
    const struct dossier *d = m->dossier;
    bool is = e->outcome == exit_outcome_other && e->reason == exit_reason_rebound;
    for (uint32_t i = 0; is && i < d->count; i++)
        if (d->standing[i]->seq == e->seq && d->standing[i]->kind->number == KIND_exit_decided)
            measure_own_text(m, 0, ((const struct exit_decided *)d->standing[i]->data)->rebound_to);
    measure_add(m, is, 1, e->decided_on, e->seq, ABSENT);
}

void figure_rebounds(struct measure *m)
{
    figures_each_exit(m, rebound);
}
