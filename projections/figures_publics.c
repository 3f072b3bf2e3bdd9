/* Figures of who the participants are, how long they stay and what it costs: the key figures that a PLIE publishes. */
#include "figures.h"

/* ---- shares of those accompanied: whoever did not say is not counted ---- */
static bool under(const struct dossier *d, enum dimension_number which, int32_t day, int64_t word, bool *ret_known)
{
    struct group_key key[GROUPS_OF_ONE_MAX];
    bool found = false;
    unsigned n = dimensions[which].keys(d, day, key);
    *ret_known = n > 0;
    while (n)
        found = key[--n].number == word || found;
    return found;
}

static void share_under(struct measure *m, enum dimension_number which, int64_t word)
{
    bool known = false;
    int32_t day = dossier_last_there(m->dossier);
    bool is = day != DAY_NONE && under(m->dossier, which, day, word, &known);
    if (known)
        measure_add(m, is, 1, day, 0, ABSENT);
}

void figure_women(struct measure *m)
{
    share_under(m, DIMENSION_sex, sex_F);
}

void figure_qpv(struct measure *m)
{
    share_under(m, DIMENSION_neighbourhood, 0);
}

void figure_rsa(struct measure *m)
{
    share_under(m, DIMENSION_benefit, benefit_rsa);
}

/* Level V is within ISCED 3-4, beside level IV: the French level decides, and the other where it can. */
static int low(const struct fse_entry_recorded *f)
{
    if (f->level != ABSENT)
        return f->level <= training_level_level_5;
    return f->education == education_isced_0_2 ? 1 : f->education == education_isced_5_8 ? 0 : -1;
}

void figure_low_level(struct measure *m)
{
    const struct dossier *d = m->dossier;
    int32_t day = dossier_last_there(d);
    const struct event *last = NULL;
    if (day == DAY_NONE)
        return;
    struct stay stay = dossier_stay(d, day);
    for (uint32_t i = 0; i < d->count_later && d->standing[i]->on <= stay.until; i++)
        if (d->standing[i]->kind->number == KIND_fse_entry_recorded && d->standing[i]->on > stay.after && low(d->standing[i]->data) >= 0)
            last = d->standing[i];
    if (last)
        measure_add(m, low(last->data), 1, day, last->seq, ABSENT);
}

/* In whole years on the last day of the period; reached on the first of the month of birth. */
void figure_mean_age(struct measure *m)
{
    int32_t day = dossier_last_there(m->dossier);
    int64_t months = day == DAY_NONE ? ABSENT : parcours_age(m->dossier->later, m->dossier->end);
    if (months != ABSENT)
        measure_add(m, months / 12, 1, day, 0, ABSENT);
}

/* ---- how long, how many ---- */
static void months_of(struct measure *m, const struct ending *e)
{
    int32_t start = dossier_stay(m->dossier, e->decided_on).started_on;
    if (start != DAY_NONE)
        measure_add(m, whole_months(start, e->decided_on), 1, e->decided_on, e->seq, ABSENT);
}

void figure_mean_months(struct measure *m)
{
    figures_each_exit(m, months_of);
}

void figure_stock_mean(struct measure *m)
{
    const struct dossier *d = m->dossier;
    int32_t first = d->count && d->standing[0]->on > d->period.from ? d->standing[0]->on : d->period.from;
    for (int32_t month = month_index(first); month_last(month) <= d->end; month++)
        if (dossier_in_caseload(d, month_last(month)))
            measure_add(m, 1, 0, month_last(month), 0, ABSENT);
}

/* ---- the cost ---- */
/* What was last told of a year: only of years that the period holds whole. */
static const struct event *cost_of(const struct dossier *d, int32_t year)
{
    const struct event *last = NULL;
    for (uint32_t i = 0; i < d->count_later; i++)
        if (d->standing[i]->kind->number == KIND_cost_recorded && ((const struct cost_recorded *)d->standing[i]->data)->year == year)
            last = d->standing[i];
    return last;
}

void figure_mean_cost(struct measure *m)
{
    const struct dossier *d = m->dossier;
    if (d->type == STREAM_participant) {
        int32_t day = dossier_last_there(d);
        if (day != DAY_NONE)
            measure_add(m, 0, 1, day, 0, ABSENT);
        return;
    }
    for (int32_t year = day_civil(d->period.from).year; year <= day_civil(d->period.to).year; year++) {
        const struct event *e = cost_of(d, year);
        if (e && d->period.from <= day_of(year, 1, 1) && day_of(year, 12, 31) <= d->period.to)
            measure_add(m, ((const struct cost_recorded *)e->data)->cents, 0, d->end, e->seq, ABSENT);
    }
}
