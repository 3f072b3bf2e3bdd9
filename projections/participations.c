#include "participations.h"

#include "../events/fund.h"

#define LONG_TERM_MONTHS 12

bool participation_declarable(const struct participation *x)
{
    return x->complete_seq && participation_entered(x);
}

/* ---- the entry ---- */
/* Where an event stands in the order of the fold; count when it does not. */
static uint32_t place_of(const struct dossier *d, uint64_t seq)
{
    uint32_t i = 0;
    while (i < d->count && d->standing[i]->seq != seq)
        i++;
    return i;
}

/* The first event that was not spent on an earlier participation. */
static uint32_t unspent_from(const struct dossier *d, uint32_t until)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < d->p->participations.n; i++) {
        uint64_t seq = d->p->participations.at[i].complete_seq;
        uint32_t at = seq ? place_of(d, seq) : until;
        if (at < until && at + 1 > from)
            from = at + 1;
    }
    return from;
}

static void learn(int64_t *item, int64_t told)
{
    if (told != ABSENT)
        *item = told;
}

struct fund_entry participation_entry(const struct dossier *d, const struct participation *x)
{
    struct fund_entry r = { ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT };
    uint32_t until = x->complete_seq ? place_of(d, x->complete_seq) : d->count;
    for (uint32_t i = unspent_from(d, until); i <= until && i < d->count; i++) {
        const struct fse_entry_recorded *e = d->standing[i]->data;
        if (d->standing[i]->kind->number != KIND_fse_entry_recorded)
            continue;
        learn(&r.labour_status, e->labour_status);
        learn(&r.unemployed_months, e->unemployed_months);
        learn(&r.education, e->education);
        learn(&r.disability, e->disability.coarse);
        learn(&r.third_country, e->third_country);
        learn(&r.foreign_background, e->foreign_background);
        learn(&r.minority, e->minority);
        learn(&r.homeless, e->homeless);
        learn(&r.rural, e->rural);
    }
    return r;
}

#define INDICATOR(word) (1ll << common_indicator_##word)

static int64_t labour_indicators(const struct fund_entry *e)
{
    bool unemployed = e->labour_status == labour_status_unemployed || e->labour_status == labour_status_unemployed_long;
    bool long_term = e->labour_status == labour_status_unemployed_long || (unemployed && e->unemployed_months != ABSENT && e->unemployed_months > LONG_TERM_MONTHS);
    return (unemployed ? INDICATOR(EECO02) : 0) | (long_term ? INDICATOR(EECO03) : 0) |
           (e->labour_status == labour_status_inactive ? INDICATOR(EECO04) : 0) | (e->labour_status == labour_status_employed ? INDICATOR(EECO05) : 0);
}

static int64_t age_indicators(int64_t months)
{
    if (months == ABSENT)
        return 0;
    return months < 18 * 12 ? INDICATOR(EECO06) : months < 30 * 12 ? INDICATOR(EECO07) : months >= 55 * 12 ? INDICATOR(EECO08) : 0;
}

int64_t participation_entry_indicators(const struct dossier *d, const struct participation *x)
{
    struct fund_entry e = participation_entry(d, x);
    int64_t set = INDICATOR(EECO01) | labour_indicators(&e) | age_indicators(parcours_age(d->p, x->joined_on));
    if (e.education != ABSENT)
        set |= INDICATOR(EECO09) << e.education;    /* the three levels, in the order of the words */
    const struct {
        int64_t told, indicator;
    } yes[] = { { e.disability, INDICATOR(EECO12) }, { e.third_country, INDICATOR(EECO13) }, { e.foreign_background, INDICATOR(EECO14) },
                { e.minority, INDICATOR(EECO15) }, { e.homeless, INDICATOR(EECO16) }, { e.rural, INDICATOR(EECO17) } };
    for (unsigned i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        if (yes[i].told == yes_no_yes)
            set |= yes[i].indicator;
    return set;
}

/* ---- the exit ---- */
/* Whether a day after the exit speaks of this participation: nobody had entered another operation since. */
static bool last_left_before(const struct dossier *d, const struct participation *x, int32_t day)
{
    if (x->left_on == DAY_NONE || day < x->left_on)
        return false;
    for (uint32_t i = 0; i < d->later->participations.n; i++) {
        const struct participation *other = &d->later->participations.at[i];
        if (participation_entered(other) && other->operation != x->operation && other->joined_on > x->joined_on && other->joined_on <= day)
            return false;
    }
    return true;
}

/* What was told last of that point; NULL: nothing. */
static const struct situation_recorded *last_situation(const struct dossier *d, const struct participation *x, int64_t point)
{
    const struct situation_recorded *last = NULL;
    for (uint32_t i = 0; i < d->count_later; i++) {
        const struct situation_recorded *s = d->standing[i]->data;
        if (d->standing[i]->kind->number == KIND_situation_recorded && s->point == point && last_left_before(d, x, d->standing[i]->on))
            last = s;
    }
    return last;
}

int64_t participation_situation(const struct dossier *d, const struct participation *x, int64_t point)
{
    const struct situation_recorded *s = last_situation(d, x, point);
    return s ? s->situation : ABSENT;
}

/* A qualification of the participation: obtained from its entry to four weeks after its exit. */
#define RESULT_DAYS 28
static bool qualified(const struct dossier *d, const struct participation *x)
{
    for (uint32_t i = 0; i < d->count_later; i++) {
        const struct event *e = d->standing[i];
        if (e->kind->number == KIND_qualification_obtained && e->on >= x->joined_on && e->on <= x->left_on + RESULT_DAYS)
            return true;
    }
    return false;
}

/* Only of who had a job at the entry: a better one. The definition is ours until the managing authority says it. */
static bool improved(const struct dossier *d, const struct participation *x)
{
    const struct situation_recorded *s = last_situation(d, x, situation_point_six_months);
    return s && s->improved == 1 && participation_entry(d, x).labour_status == labour_status_employed;
}

int64_t participation_exit_indicators(const struct dossier *d, const struct participation *x)
{
    int64_t soon = participation_situation(d, x, situation_point_four_weeks), later = participation_situation(d, x, situation_point_six_months);
    if (x->left_on == DAY_NONE)
        return 0;
    return (soon == situation_job_search ? INDICATOR(EECR01) : 0) | (soon == situation_training ? INDICATOR(EECR02) : 0) |
           (qualified(d, x) ? INDICATOR(EECR03) : 0) | (soon == situation_employment ? INDICATOR(EECR04) : 0) |
           (later == situation_employment ? INDICATOR(EECR05) : 0) | (improved(d, x) ? INDICATOR(EECR06) : 0);
}
