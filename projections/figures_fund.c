/* The common indicators of the European Social Fund, of those who can be declared. */
#include "figures.h"
#include "participations.h"

static void add(struct measure *m, int64_t operation, int32_t day, uint64_t seq, int64_t set)
{
    measure_own_words(m, 0, set);
    measure_own_stream(m, 1, operation);
    measure_add(m, 1, 0, day, seq, ABSENT);
}

void figure_fund_entries(struct measure *m)
{
    const struct dossier *d = m->dossier;
    for (uint32_t i = 0; i < d->p->participations.n; i++) {
        const struct participation *x = &d->p->participations.at[i];
        if (participation_declarable(x) && dossier_within(d, x->joined_on))
            add(m, (int64_t)x->operation, x->joined_on, x->joined_seq, participation_entry_indicators(d, x));
    }
}

void figure_fund_results(struct measure *m)
{
    const struct dossier *d = m->dossier;
    for (uint32_t i = 0; i < d->p->participations.n; i++) {
        const struct participation *x = &d->p->participations.at[i];
        if (participation_declarable(x) && dossier_within(d, x->left_on))
            add(m, (int64_t)x->operation, x->left_on, x->joined_seq, participation_exit_indicators(d, x));
    }
}
