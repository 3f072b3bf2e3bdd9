/* Exit proposed, withdrawn, decided; merge; erasure. */
#include "apply.h"
#include "exits.h"

void apply_exit_proposed(struct parcours *p, const struct event *e)
{
    const struct exit_proposed *d = e->data;
    if (p->state == STATE_exited)
        return;     /* how it ended is decided already; the proposal is marked */
    p->exit_proposed_on = e->on;
    p->exit_proposed_seq = e->seq;
    p->exit_session_day = day_told(d->session_day);
    p->exit_outcome = word_told(d->outcome);
    p->exit_criterion = word_told(d->criterion);
    p->exit_reason = word_told(d->reason);
    p->exit_agreed = told(d->participant_agrees);
    p->relay_proposed = p->relay_proposed || told(d->relay_searched);    /* until it is withdrawn */
}

void apply_exit_withdrawn(struct parcours *p, const struct event *e)
{
    (void)e;
    if (p->state == STATE_exited)
        return;
    p->exit_proposed_on = p->exit_session_day = DAY_NONE;
    p->exit_proposed_seq = 0;
    p->exit_outcome = p->exit_criterion = p->exit_reason = -1;
    p->exit_agreed = p->relay_proposed = false;
}

/* The jobs that count for it are those known by then, under the rulebook of its day. */
static void note_jobs(struct parcours *p)
{
    for (uint32_t i = 0; exit_by_one_job(p->exit_criterion) && i < p->jobs.n; i++)
        p->jobs.at[i].of_exit = exit_job_stands(&p->jobs.at[i], (unsigned)p->exit_criterion, p->effective_on, p->book);
}

void apply_exit_decided(struct parcours *p, const struct event *e)
{
    const struct exit_decided *d = e->data;
    if ((ENDED | IN(nobody) | IN(merged) | IN(erased)) & 1u << p->state)
        return;
    p->state = STATE_exited;
    p->exited_on = e->on;
    p->exit_seq = e->seq;
    p->effective_on = d->effective_on == ABSENT ? e->on : (int32_t)d->effective_on;
    p->exit_outcome = word_told(d->outcome);
    p->exit_criterion = word_told(d->criterion);
    p->exit_reason = word_told(d->reason);
    p->unfounded_exit = parcours_unfounded(p, e->seq);
    note_jobs(p);
}

void apply_situation(struct parcours *p, const struct event *e)
{
    p->situations |= 1ll << ((const struct situation_recorded *)e->data)->point;
}

void apply_merged(struct parcours *p, const struct event *e)
{
    if (p->state != STATE_erased)
        p->state = STATE_merged;
    p->gone_on = e->on;
    p->merged_into = ((const struct participant_merged *)e->data)->into;
}

void apply_erased(struct parcours *p, const struct event *e)
{
    p->state = STATE_erased;
    if (p->gone_on == DAY_NONE)
        p->gone_on = e->on;
}
