/* The training fund: a request, its documents, the committee's decision. */
#include "apply.h"

static struct training_request *find_request(struct parcours *p, int64_t seq)
{
    for (uint32_t i = 0; i < p->requests.n; i++)
        if (p->requests.at[i].seq == (uint64_t)seq)
            return &p->requests.at[i];
    return NULL;
}

void apply_training_requested(struct parcours *p, const struct event *e)
{
    const struct training_requested *d = e->data;
    PUSH(p, requests, (struct training_request){
        .seq = e->seq, .step = d->step == ABSENT ? 0 : (uint64_t)d->step, .granted_on = DAY_NONE,
        .cost_cents = d->cost_cents, .cofunded_cents = d->cofunded_cents == ABSENT ? 0 : d->cofunded_cents });
}

void apply_training_document(struct parcours *p, const struct event *e)
{
    const struct training_document_filed *d = e->data;
    struct training_request *r = find_request(p, d->request);
    if (r)
        r->documents |= 1ll << d->document;
}

/* The last decision stands: what was deferred comes back, what was granted may be taken back. */
void apply_training_decided(struct parcours *p, const struct event *e)
{
    const struct training_decided *d = e->data;
    struct training_request *r = find_request(p, d->request);
    if (!r)
        return;
    r->granted_on = d->outcome == training_outcome_granted ? e->on : DAY_NONE;
    r->granted_seq = e->seq;
}
