/* Figures of the life of a parcours: who is followed, entries, exits; contacts. */
#include "figures.h"

/* ---- who is followed, who comes ---- */
void figure_caseload(struct measure *m)
{
    int32_t end = m->dossier->end;
    if (dossier_in_caseload(m->dossier, end))
        measure_add(m, 1, 0, end, parcours_in_caseload(m->dossier->p, end) ? m->dossier->p->start_seq : 0, ABSENT);
}

#define NEAR_MONTHS 3
enum { LIMIT_near, LIMIT_passed };

/* Of those whose limit bites: while a consolidation is open it does not. */
void figure_near_limit(struct measure *m)
{
    const struct dossier *d = m->dossier;
    struct shown_limit limit = parcours_limit_shown(d->p, d->books, d->end);
    bool open = parcours_consolidating(d->p);       /* on the day of the exit, too */
    if (limit.day == DAY_NONE || open || !parcours_in_caseload(d->p, d->end) || limit.day > day_add_months(d->end, NEAR_MONTHS))
        return;
    measure_add(m, 1, 0, d->end, d->p->start_seq, limit.day < d->end ? LIMIT_passed : LIMIT_near);
}

void figure_accompanied(struct measure *m)
{
    int32_t day = dossier_last_there(m->dossier);
    if (day != DAY_NONE)
        measure_add(m, 1, 0, day, m->dossier->p->start_seq, ABSENT);
}

void figure_entries(struct measure *m)
{
    const struct parcours *p = m->dossier->p;
    for (uint32_t i = 0; i < p->past.n; i++)
        if (dossier_within(m->dossier, p->past.at[i].started_on))
            measure_add(m, 1, 0, p->past.at[i].started_on, p->past.at[i].start_seq, ABSENT);
    if (dossier_within(m->dossier, p->start_on))
        measure_add(m, 1, 0, p->start_on, p->start_seq, ABSENT);
}

void figure_refusals(struct measure *m)
{
    const struct parcours *p = m->dossier->p;
    for (uint32_t i = 0; i < p->past.n; i++)
        if (p->past.at[i].state == STATE_refused && dossier_within(m->dossier, p->past.at[i].ended_on))
            measure_add(m, 1, 0, p->past.at[i].ended_on, p->past.at[i].decided_seq, ABSENT);
    if (p->state == STATE_refused && dossier_within(m->dossier, p->decided_on))
        measure_add(m, 1, 0, p->decided_on, p->decided_seq, ABSENT);
}

/* ---- exits: on which side each is depends on pieces that come after it ---- */
bool ending_positive(const struct ending *e)
{
    return e->outcome == exit_outcome_positive && !e->unfounded && e->accepted;
}

void figures_each_exit(struct measure *m, exit_fn *take)
{
    const struct parcours *p = m->dossier->later;
    for (uint32_t i = 0; i < p->past.n; i++)
        if (dossier_within(m->dossier, p->past.at[i].exit.decided_on))
            take(m, &p->past.at[i].exit);
    struct ending now = parcours_ending(p);
    if (dossier_within(m->dossier, now.decided_on))
        take(m, &now);
}

static void any_exit(struct measure *m, const struct ending *e)
{
    measure_add(m, 1, 0, e->decided_on, e->seq, e->outcome);
}

/* The section of the NAF that a division is of: each begins with its first one. */
static struct text naf_section(struct text naf)
{
    static const struct {
        int first;
        char letter;
    } sections[] = { { 1, 'A' }, { 5, 'B' }, { 10, 'C' }, { 35, 'D' }, { 36, 'E' }, { 41, 'F' }, { 45, 'G' }, { 49, 'H' }, { 55, 'I' }, { 58, 'J' }, { 64, 'K' },
                     { 68, 'L' }, { 69, 'M' }, { 77, 'N' }, { 84, 'O' }, { 85, 'P' }, { 86, 'Q' }, { 90, 'R' }, { 94, 'S' }, { 97, 'T' }, { 99, 'U' } };
    struct text section = { NULL, 0 };
    if (!naf.at || naf.bytes < 2)
        return section;
    int division = (naf.at[0] - '0') * 10 + naf.at[1] - '0';
    for (unsigned i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
        if (sections[i].first <= division)
            section = (struct text){ &sections[i].letter, 1 };
    return section;
}

static bool rests_on_a_job(int64_t criterion)
{
    return criterion == exit_criterion_employment || criterion == exit_criterion_hours || criterion == exit_criterion_aided_contract ||
           criterion == exit_criterion_atypical || criterion == exit_criterion_temporary || criterion == exit_criterion_fixed_term ||
           criterion == exit_criterion_senior_insertion;
}

/* Of the last job of that parcours, when the criterion rests on one. */
static struct text exit_sector(const struct dossier *d, const struct ending *e)
{
    struct text naf = { NULL, 0 };
    struct stay stay = dossier_stay(d, e->decided_on);
    for (uint32_t i = 0; i < d->count_later && d->standing[i]->on <= e->decided_on; i++)
        if (d->standing[i]->kind->number == KIND_employment_started && d->standing[i]->on > stay.after)
            naf = ((const struct employment_started *)d->standing[i]->data)->naf;
    return naf_section(rests_on_a_job(e->criterion) ? naf : (struct text){ NULL, 0 });
}

static void positive_exit(struct measure *m, const struct ending *e)
{
    if (!ending_positive(e))
        return;
    measure_own_text(m, 1, exit_sector(m->dossier, e));
    measure_add(m, 1, 0, e->decided_on, e->seq, e->criterion);
}

static void positive_of_all(struct measure *m, const struct ending *e)
{
    measure_own_text(m, 1, exit_sector(m->dossier, e));
    measure_add(m, ending_positive(e), 1, e->decided_on, e->seq, e->criterion);
}

static void other_exit(struct measure *m, const struct ending *e)
{
    if (e->outcome != exit_outcome_positive)
        measure_add(m, 1, 0, e->decided_on, e->seq, e->reason);
}

void figure_exits(struct measure *m)
{
    figures_each_exit(m, any_exit);
}

void figure_positive_exits(struct measure *m)
{
    figures_each_exit(m, positive_exit);
}

void figure_positive_exit_rate(struct measure *m)
{
    figures_each_exit(m, positive_of_all);
}

void figure_other_exits(struct measure *m)
{
    figures_each_exit(m, other_exit);
}

/* ---- follow-up ---- */
void figure_contacts(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (e->kind->number == KIND_contact_recorded && dossier_within(m->dossier, e->on))
            measure_add(m, 1, 0, e->on, e->seq, ((const struct contact_recorded *)e->data)->channel);
    }
}
