/* Figures of what stands in the way and what helps: obstacles, needs, success factors, the portfolio as it is qualified. */
#include "figures.h"

static bool is(const struct event *e, enum kind_number kind)
{
    return e->kind->number == kind;
}

/* ---- obstacles: found once until they are lifted ---- */
static int64_t found_by(const struct event *e)
{
    int64_t set = 0;
    if (is(e, KIND_diagnosis_recorded))
        set = ((const struct diagnosis_recorded *)e->data)->obstacles;
    else if (is(e, KIND_obstacle_identified))
        set = 1ll << ((const struct obstacle_identified *)e->data)->obstacle;
    return set == ABSENT ? 0 : set;
}

static int64_t lifted_by(const struct event *e)
{
    const struct obstacle_treated *t = e->data;
    return is(e, KIND_obstacle_treated) && t->result == obstacle_result_lifted ? 1ll << t->obstacle : 0;
}

static bool lifted_after(const struct dossier *d, uint32_t i, int64_t obstacle)
{
    struct stay stay = dossier_stay(d, d->standing[i]->on);
    for (i++; i < d->count && d->standing[i]->on <= stay.until; i++)
        if (lifted_by(d->standing[i]) >> obstacle & 1)
            return true;
    return false;
}

typedef void found_fn(struct measure *, uint32_t at, int64_t obstacle);

static void each_found(struct measure *m, found_fn *take)
{
    const struct dossier *d = m->dossier;
    int64_t open = 0;
    int32_t number = 0;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        int32_t now = dossier_stay(d, e->on).number;
        int64_t found = found_by(e);
        if (now != number)
            open = 0, number = now;     /* they came back: what stands in the way is looked at anew */
        for (unsigned obstacle = 0; obstacle < obstacle_words; obstacle++)
            if (found >> obstacle & 1 && !(open >> obstacle & 1) && dossier_within(d, e->on))
                take(m, i, obstacle);
        open = (open | found) & ~lifted_by(e);
    }
}

static void one_found(struct measure *m, uint32_t at, int64_t obstacle)
{
    measure_add(m, 1, 0, m->dossier->standing[at]->on, m->dossier->standing[at]->seq, obstacle);
}

static void one_lifted(struct measure *m, uint32_t at, int64_t obstacle)
{
    measure_add(m, lifted_after(m->dossier, at, obstacle), 1, m->dossier->standing[at]->on, m->dossier->standing[at]->seq, obstacle);
}

void figure_obstacles(struct measure *m)
{
    each_found(m, one_found);
}

void figure_obstacles_lifted(struct measure *m)
{
    each_found(m, one_lifted);
}

/* ---- each event of a kind, in the period ---- */
typedef void event_fn(struct measure *, const struct event *);

static void each_event(struct measure *m, enum kind_number kind, event_fn *take)
{
    for (uint32_t i = 0; i < m->dossier->count; i++)
        if (is(m->dossier->standing[i], kind) && dossier_within(m->dossier, m->dossier->standing[i]->on))
            take(m, m->dossier->standing[i]);
}

static void treatment(struct measure *m, const struct event *e)
{
    const struct obstacle_treated *t = e->data;
    if (t->outside_steps != 1)
        return;
    measure_own_words(m, 0, t->means);
    measure_own_word(m, 1, t->obstacle);
    measure_add(m, 1, 0, e->on, e->seq, ABSENT);
}

void figure_treatments_outside(struct measure *m)
{
    each_event(m, KIND_obstacle_treated, treatment);
}

static void need(struct measure *m, const struct event *e)
{
    measure_add(m, 1, 0, e->on, e->seq, ((const struct need_reported *)e->data)->need);
}

static void unserved(struct measure *m, const struct event *e)
{
    if (((const struct need_reported *)e->data)->unserved == 1)
        need(m, e);
}

static void gap(struct measure *m, const struct event *e)
{
    measure_add(m, 1, 0, e->on, e->seq, ((const struct gap_reported *)e->data)->need);
}

void figure_needs(struct measure *m)
{
    each_event(m, KIND_need_reported, need);
}

void figure_gaps(struct measure *m)
{
    each_event(m, KIND_need_reported, unserved);
    each_event(m, KIND_gap_reported, gap);
}

static void factors(struct measure *m, const struct event *e)
{
    int64_t set = ((const struct review_held *)e->data)->factors;
    if (set == ABSENT || set == 0)
        return;
    measure_own_words(m, 0, set);
    measure_add(m, 1, 0, e->on, e->seq, ABSENT);
}

void figure_success_factors(struct measure *m)
{
    each_event(m, KIND_review_held, factors);
}

/* ---- the portfolio ---- */
void figure_portfolio_classes(struct measure *m)
{
    const struct dossier *d = m->dossier;
    int32_t end = d->end;
    if (dossier_in_caseload(d, end))
        measure_add(m, 1, 0, end, 0, dossier_class(d, end));
}
