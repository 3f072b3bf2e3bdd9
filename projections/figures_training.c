/* Figures of the training fund, in cents; and of job offers. */
#include "figures.h"

/* ---- the training fund: by action and training body ---- */
enum { FUND_action, FUND_provider };

/* Among the first `count` events. */
static const struct training_requested *request_among(const struct dossier *d, uint32_t count, int64_t seq)
{
    for (uint32_t i = 0; i < count; i++)
        if ((int64_t)d->standing[i]->seq == seq && d->standing[i]->kind->number == KIND_training_requested)
            return d->standing[i]->data;
    return NULL;
}

static const struct training_requested *request_of(const struct dossier *d, int64_t seq)
{
    return request_among(d, d->count, seq);
}

static int64_t cents(int64_t told)
{
    return told == ABSENT ? 0 : told;
}

static void add_cents(struct measure *m, int64_t numerator, int64_t denominator, const struct event *e, const struct training_requested *r)
{
    if (r)
        measure_own_text(m, FUND_provider, r->provider);
    measure_add(m, numerator, denominator, e->on, e->seq, r ? r->action : ABSENT);
}

typedef void request_fn(struct measure *, const struct event *, const struct training_requested *);

static void each_request(struct measure *m, request_fn *take)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (e->kind->number == KIND_training_requested && dossier_within(m->dossier, e->on))
            take(m, e, e->data);
    }
}

static void asked(struct measure *m, const struct event *e, const struct training_requested *r)
{
    add_cents(m, r->cost_cents, 0, e, r);
}

static void cofunded(struct measure *m, const struct event *e, const struct training_requested *r)
{
    add_cents(m, cents(r->cofunded_cents), 0, e, r);
}

static void cofunded_of_asked(struct measure *m, const struct event *e, const struct training_requested *r)
{
    add_cents(m, cents(r->cofunded_cents), r->cost_cents, e, r);
}

void figure_training_requested(struct measure *m)
{
    each_request(m, asked);
}

void figure_training_cofunded(struct measure *m)
{
    each_request(m, cofunded);
}

void figure_training_cofunding_rate(struct measure *m)
{
    each_request(m, cofunded_of_asked);
}

/* What is decided again no longer stands as it was. */
static bool decided_again(const struct dossier *d, uint32_t from, int64_t request)
{
    for (uint32_t i = from; i < d->count; i++)
        if (d->standing[i]->kind->number == KIND_training_decided && ((const struct training_decided *)d->standing[i]->data)->request == request)
            return true;
    return false;
}

void figure_training_granted(struct measure *m)
{
    const struct dossier *d = m->dossier;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        const struct training_decided *g = e->data;
        if (e->kind->number == KIND_training_decided && dossier_within(d, e->on) && g->outcome == training_outcome_granted &&
            !decided_again(d, i + 1, g->request))
            add_cents(m, cents(g->granted_cents), 0, e, request_of(d, g->request));
    }
}

/* Of the requests decided in the period, and not again since: what was put off is not decided, and what is dated before the request
 * decides nothing. */
void figure_training_granted_rate(struct measure *m)
{
    const struct dossier *d = m->dossier;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        const struct training_decided *g = e->data;
        if (e->kind->number != KIND_training_decided || !dossier_within(d, e->on) || g->outcome == training_outcome_deferred || decided_again(d, i + 1, g->request))
            continue;
        const struct training_requested *r = request_among(d, i, g->request);
        if (r)
            measure_add(m, g->outcome == training_outcome_granted, 1, e->on, e->seq, r->action);
    }
}

/* ---- offers: by result and by where they come from ---- */
enum { OFFER_result, OFFER_source, OFFER_sector };

static int64_t result_of(const struct dossier *d, uint64_t offer)
{
    int64_t result = ABSENT;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct offer_answered *a = d->standing[i]->data;
        if (d->standing[i]->kind->number == KIND_offer_answered && (uint64_t)a->offer == offer)
            result = a->outcome;
    }
    return result;
}

static void add_offers(struct measure *m, bool only_introduced)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        const struct offer_placed *o = e->data;
        if (e->kind->number != KIND_offer_placed || !dossier_within(m->dossier, e->on) || (only_introduced && o->introduced != 1))
            continue;
        measure_own_word(m, OFFER_source, o->source);
        measure_own_text(m, OFFER_sector, rome_sector(o->rome));
        measure_add(m, 1, 0, e->on, e->seq, result_of(m->dossier, e->seq));
    }
}

void figure_offers(struct measure *m)
{
    add_offers(m, false);
}

void figure_introductions(struct measure *m)
{
    add_offers(m, true);
}

/* Of those in the caseload on the last day who are ready for a job, those placed on an offer since they were said to be. */
void figure_ready_placed(struct measure *m)
{
    const struct dossier *d = m->dossier;
    const struct event *ready = NULL;
    bool placed = false;
    int32_t after = dossier_stay(d, d->end).after;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        if (e->on <= after)
            continue;
        if (e->kind->number == KIND_offer_placed)
            placed = ready != NULL;
        if (e->kind->number != KIND_readiness_validated)
            continue;
        bool now = ((const struct readiness_validated *)e->data)->ready == 1;
        placed = placed && ready && now;
        ready = now ? e : NULL;
    }
    if (ready && dossier_in_caseload(d, d->end))
        measure_add(m, placed, 1, d->end, ready->seq, ABSENT);
}
