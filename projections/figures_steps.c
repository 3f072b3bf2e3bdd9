/* Figures of steps, of the time without one, of immersions and CléA. */
#include "figures.h"

/* ---- steps: by kind, source, provider, alone or together ---- */
enum { STEP_kind, STEP_source, STEP_provider, STEP_way };
enum { WAY_individual, WAY_collective };

/* Of whatever day: corrected, it may be of a later one than what names it, and the step is what it is all the same. */
static const struct step_prescribed *prescription(const struct dossier *d, int64_t seq)
{
    for (uint32_t i = 0; i < d->count_later; i++)
        if ((int64_t)d->standing[i]->seq == seq && d->standing[i]->kind->number == KIND_step_prescribed)
            return d->standing[i]->data;
    return NULL;
}

static void add_step(struct measure *m, const struct event *e, const struct step_prescribed *s)
{
    if (s) {
        measure_own_word(m, STEP_source, s->source);
        measure_own_text(m, STEP_provider, s->provider);
        measure_own_word(m, STEP_way, s->collective == 1 ? WAY_collective : WAY_individual);
    }
    measure_add(m, 1, 0, e->on, e->seq, s ? s->kind : ABSENT);
}

static bool of_the_period(const struct measure *m, const struct event *e, enum kind_number kind)
{
    return e->kind->number == kind && dossier_within(m->dossier, e->on);
}

/* ---- what was told twice counts once, in the order of the fold ---- */
/* The step that an event begins or closes; ABSENT: none. */
static int64_t step_touched(const struct event *e, bool *ret_closes)
{
    *ret_closes = e->kind->number != KIND_step_started;
    switch (e->kind->number) {
    case KIND_step_started:
        return ((const struct step_started *)e->data)->step;
    case KIND_step_refused:
        return ((const struct step_refused *)e->data)->step;
    case KIND_step_not_started:
        return ((const struct step_not_started *)e->data)->step;
    case KIND_step_ended:
        return ((const struct step_ended *)e->data)->step;
    case KIND_step_abandoned:
        return ((const struct step_abandoned *)e->data)->step;
    }
    return ABSENT;
}

/* A step begins once, and closes once; what is closed does not begin. */
static bool touched_before(const struct dossier *d, uint32_t at)
{
    bool closes, closed;
    int64_t step = step_touched(d->standing[at], &closes);
    for (uint32_t i = 0; step != ABSENT && i < at; i++)
        if (step_touched(d->standing[i], &closed) == step && (closed || !closes))
            return true;
    return false;
}

/* The event at `at`, when it is of that kind, of the period, and told for the first time. */
static const struct event *first_told(const struct measure *m, uint32_t at, enum kind_number kind)
{
    const struct event *e = m->dossier->standing[at];
    return of_the_period(m, e, kind) && !touched_before(m->dossier, at) ? e : NULL;
}

void figure_steps_prescribed(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++)
        if (of_the_period(m, m->dossier->standing[i], KIND_step_prescribed))
            add_step(m, m->dossier->standing[i], m->dossier->standing[i]->data);
}

void figure_steps_started(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = first_told(m, i, KIND_step_started);
        if (e)
            add_step(m, e, prescription(m->dossier, ((const struct step_started *)e->data)->step));
    }
}

void figure_steps_done(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = first_told(m, i, KIND_step_ended);
        if (e)
            add_step(m, e, prescription(m->dossier, ((const struct step_ended *)e->data)->step));
    }
}

void figure_steps_ended(struct measure *m)
{
    figure_steps_done(m);
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = first_told(m, i, KIND_step_abandoned);
        if (e)
            add_step(m, e, prescription(m->dossier, ((const struct step_abandoned *)e->data)->step));
    }
}

static bool begun(const struct dossier *d, uint64_t step)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->standing[i]->kind->number == KIND_step_started && (uint64_t)((const struct step_started *)d->standing[i]->data)->step == step)
            return true;
    return false;
}

/* Prescribed on the regional offer of qualifying training in the period, and what began of it. */
void figure_region_training(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        const struct step_prescribed *s = e->data;
        if (of_the_period(m, e, KIND_step_prescribed) && s->source == step_source_region &&
            (s->kind == step_kind_qualifying_training || s->kind == step_kind_pre_qualifying_training))
            measure_add(m, begun(m->dossier, e->seq), 1, e->on, e->seq, s->kind);
    }
}

/* ---- the time without a step ---- */
static bool idle(const struct parcours *p)
{
    return parcours_running(p) && parcours_follows_as(p) != STATE_suspended && !parcours_occupied(p);
}

/* The days without a step, a job, a long training or a business, for each such time that one of them ended in the period. */
void figure_idle_days(struct measure *m)
{
    const struct dossier *d = m->dossier;
    struct parcours p;
    int32_t since = DAY_NONE;
    parcours_begin(&p, d->arena, d->stream);
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        bool was_occupied = parcours_occupied(&p), was_idle = idle(&p);
        parcours_step(&p, e, d->books);
        if (!was_idle && idle(&p))
            since = was_occupied ? e->on + 1 : e->on;      /* the last day of a step is one of its days */
        if (was_idle && parcours_occupied(&p) && e->on > since && dossier_within(d, e->on))
            measure_add(m, e->on - since, 1, e->on, e->seq, ABSENT);
    }
}

void figure_idle_share(struct measure *m)
{
    const struct dossier *d = m->dossier;
    if (dossier_in_caseload(d, d->end))
        measure_add(m, !parcours_occupied(d->p), 1, d->end, d->p->start_seq, ABSENT);
}

void figure_over_gap(struct measure *m)
{
    const struct dossier *d = m->dossier;
    const struct deadline *gap = &d->p->open[RULE_step_gap];
    if (dossier_in_caseload(d, d->end))
        measure_add(m, gap->due != DAY_NONE && deadline_shown_on(gap) <= d->end, 1, d->end, gap->cause, ABSENT);
}

/* ---- immersions ---- */
enum { IMMERSION_function, IMMERSION_enterprise, IMMERSION_months };
#define BAND_MONTHS 6
#define LAST_BAND 3

/* Full months since the start of the parcours, six by six; ABSENT: it has not started. */
static int64_t months_band(const struct dossier *d, int32_t day)
{
    int32_t start = dossier_stay(d, day).started_on;
    int64_t band = 0;
    if (start == DAY_NONE || day < start)
        return ABSENT;
    while (band < LAST_BAND && day_add_months(start, (int32_t)(band + 1) * BAND_MONTHS) <= day)
        band++;
    return band;
}

static const struct step_prescribed *immersion_begun(const struct measure *m, uint32_t at)
{
    const struct event *e = first_told(m, at, KIND_step_started);
    if (!e)
        return NULL;
    const struct step_prescribed *s = prescription(m->dossier, ((const struct step_started *)e->data)->step);
    return s && s->kind == step_kind_immersion ? s : NULL;
}

void figure_immersions(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        const struct step_prescribed *s = immersion_begun(m, i);
        if (!s)
            continue;
        measure_own_stream(m, IMMERSION_enterprise, s->enterprise);
        measure_own_word(m, IMMERSION_months, months_band(m->dossier, e->on));
        measure_add(m, 1, 0, e->on, e->seq, s->function);
    }
}

void figure_immersion_reach(struct measure *m)
{
    int32_t day = dossier_last_there(m->dossier);
    uint64_t first = 0;
    if (day == DAY_NONE)
        return;
    for (uint32_t i = 0; i < m->dossier->count && !first; i++)
        if (immersion_begun(m, i))
            first = m->dossier->standing[i]->seq;
    measure_add(m, first != 0, 1, day, first ? first : m->dossier->p->start_seq, ABSENT);
}

/* ---- CléA ---- */
void figure_clea_started(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (of_the_period(m, e, KIND_clea_recorded) && ((const struct clea_recorded *)e->data)->final != 1)
            measure_add(m, 1, 0, e->on, e->seq, ABSENT);
    }
}

void figure_clea_certified(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        const struct clea_recorded *c = e->data;
        if (!of_the_period(m, e, KIND_clea_recorded) || c->final != 1)
            continue;
        const struct rulebook *b = rulebook_on(m->dossier->books, e->on, e->seq);
        bool certified = rule_applies(b, RULE_clea_pass) && c->percent != ABSENT && c->percent >= b->rule[RULE_clea_pass].value.at[0];
        measure_add(m, certified, 1, e->on, e->seq, ABSENT);
    }
}

/* Records made before the words existed tell the domains as bits, in the same order. */
static int64_t domains_of(const struct clea_recorded *c)
{
    return c->validated != ABSENT ? c->validated : c->domains != ABSENT ? c->domains : 0;
}

/* A domain is validated once, on the first day it is told. */
void figure_clea_domains(struct measure *m)
{
    int64_t known = 0;
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (e->kind->number != KIND_clea_recorded)
            continue;
        int64_t fresh = domains_of(e->data) & ~known;
        known |= fresh;
        for (unsigned w = 0; w < vocabulary_count(VOCABULARY_clea_domain); w++)
            if (fresh >> w & 1 && dossier_within(m->dossier, e->on))
                measure_add(m, 1, 0, e->on, e->seq, w);
    }
}

/* ---- placements with enterprises ---- */
enum { PLACED_on_offer, PLACED_in_immersion };

void figure_enterprise_placements(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        const struct step_prescribed *immersion = immersion_begun(m, i);
        bool offer = of_the_period(m, e, KIND_offer_placed) && ((const struct offer_placed *)e->data)->enterprise != ABSENT;
        if (!immersion && !offer)
            continue;
        measure_own_stream(m, 1, immersion ? immersion->enterprise : ((const struct offer_placed *)e->data)->enterprise);
        if (!immersion)
            measure_own_text(m, 2, rome_sector(((const struct offer_placed *)e->data)->rome));
        measure_add(m, 1, 0, e->on, e->seq, immersion ? PLACED_in_immersion : PLACED_on_offer);
    }
}
