/* The dimensions that all figures share: what a dossier tells of a day. Nothing but participants (and a référent's own
 * stream) has any, the month apart. */
#include "figures.h"

static unsigned one_number(struct group_key *ret, int64_t number)
{
    *ret = (struct group_key){ true, number, { NULL, 0 } };
    return 1;
}

static unsigned by_referent(const struct dossier *d, int32_t day, struct group_key *ret)
{
    if (d->type == STREAM_referent)
        return one_number(ret, (int64_t)d->stream);
    int64_t who = d->p ? dossier_referent(d, day) : ABSENT;
    return who == ABSENT ? 0 : one_number(ret, who);
}

static unsigned by_month(const struct dossier *d, int32_t day, struct group_key *ret)
{
    (void)d;
    return one_number(ret, month_index(day));
}

/* The last who oriented them towards this parcours; another's word in the middle of it counts, too. */
static unsigned by_prescriber(const struct dossier *d, int32_t day, struct group_key *ret)
{
    struct stay stay = { 0, 0, 0, 0 };
    struct text who = { NULL, 0 };
    if (d->p)
        stay = dossier_stay(d, day);
    for (uint32_t i = 0; d->p && i < d->count_later && d->standing[i]->on <= day; i++) {
        const struct participant_oriented *o = d->standing[i]->data;
        if (d->standing[i]->kind->number == KIND_participant_oriented && d->standing[i]->on >= stay.after && o->prescriber.at)
            who = o->prescriber;
    }
    *ret = (struct group_key){ true, 0, who };
    return who.at != NULL;
}

static unsigned by_sex(const struct dossier *d, int32_t day, struct group_key *ret)
{
    (void)day;
    return d->later && d->later->sex >= 0 ? one_number(ret, d->later->sex) : 0;
}

/* Of the birth only the month of turning 55 is in clear: an age is reached on the first day of its month. */
static unsigned by_age(const struct dossier *d, int32_t day, struct group_key *ret)
{
    static const int32_t until_years[] = { 26, 45, 55 };
    if (!d->later || d->later->senior_month == ABSENT)
        return 0;
    int32_t started_on = dossier_stay(d, day).started_on;
    int64_t months = 55 * 12 - (d->later->senior_month - month_index(started_on == DAY_NONE ? day : started_on));
    unsigned band = 0;
    while (band < 3 && months >= until_years[band] * 12)
        band++;
    return one_number(ret, band);
}

/* The criteria checked during the parcours that the day belongs to. */
static int64_t criteria(const struct dossier *d, int32_t day)
{
    int64_t set = 0;
    if (!d->p)
        return 0;
    struct stay stay = dossier_stay(d, day);
    for (uint32_t i = 0; i < d->count_later && d->standing[i]->on <= stay.until; i++)
        if (d->standing[i]->kind->number == KIND_eligibility_checked && d->standing[i]->on > stay.after)
            set |= ((const struct eligibility_checked *)d->standing[i]->data)->criteria;
    return set;
}

/* What they said when the parcours began, for the Fund; NULL: nothing. */
static const struct fse_entry_recorded *declared(const struct dossier *d, int32_t day)
{
    const struct fse_entry_recorded *last = NULL;
    if (!d->p)
        return NULL;
    struct stay stay = dossier_stay(d, day);
    for (uint32_t i = 0; i < d->count_later && d->standing[i]->on <= stay.until; i++)
        if (d->standing[i]->kind->number == KIND_fse_entry_recorded && d->standing[i]->on > stay.after)
            last = d->standing[i]->data;
    return last;
}

static unsigned by_public(const struct dossier *d, int32_t day, struct group_key *ret)
{
    unsigned n = 0;
    int64_t set = criteria(d, day);
    for (unsigned word = 0; word < vocabulary_count(VOCABULARY_eligibility); word++)
        if (set >> word & 1)
            n += one_number(&ret[n], word);
    return n;
}

static unsigned by_neighbourhood(const struct dossier *d, int32_t day, struct group_key *ret)
{
    const struct fse_entry_recorded *f = declared(d, day);
    int64_t set = criteria(d, day);
    bool said = f && f->qpv != ABSENT;
    return set || said ? one_number(ret, !(set >> eligibility_qpv & 1) && !(said && f->qpv)) : 0;
}

/* The words of the vocabulary, then "none": somebody asked, and they receive nothing. */
static unsigned by_benefit(const struct dossier *d, int32_t day, struct group_key *ret)
{
    static const int8_t checked[] = { [benefit_rsa] = eligibility_rsa, [benefit_ass] = eligibility_ass, [benefit_aah] = eligibility_aah, [benefit_are] = -1 };
    const struct fse_entry_recorded *f = declared(d, day);
    int64_t set = criteria(d, day), said = f && f->benefits != ABSENT ? f->benefits : 0;
    unsigned n = 0;
    for (unsigned word = 0; word < benefit_words; word++)
        if (said >> word & 1 || (checked[word] >= 0 && set >> checked[word] & 1))
            n += one_number(&ret[n], word);
    return n || (!set && !f) ? n : one_number(ret, benefit_words);
}

static unsigned by_education(const struct dossier *d, int32_t day, struct group_key *ret)
{
    const struct fse_entry_recorded *f = declared(d, day);
    return f && f->education != ABSENT ? one_number(ret, f->education) : 0;
}

/* On the day of joining the operation that the day belongs to: the last one joined until then. */
static unsigned by_fund_age(const struct dossier *d, int32_t day, struct group_key *ret)
{
    static const int32_t until_years[] = { 18, 25, 30, 55 };
    int32_t joined_on = DAY_NONE;
    for (uint32_t i = 0; d->later && i < d->later->participations.n; i++) {
        int32_t on = d->later->participations.at[i].joined_on;
        joined_on = on <= day && on > joined_on ? on : joined_on;
    }
    int64_t months = joined_on == DAY_NONE ? ABSENT : parcours_age(d->later, joined_on);
    unsigned band = 0;
    while (band < 4 && months >= until_years[band] * 12)
        band++;
    return months == ABSENT ? 0 : one_number(ret, band);
}

/* As it was last told at that entry: the code that is checked before the one that is not. */
static unsigned by_neighbourhood_code(const struct dossier *d, int32_t day, struct group_key *ret)
{
    const struct fse_entry_recorded *f = declared(d, day);
    struct text code = { NULL, 0 };
    if (f)
        code = f->neighbourhood.at ? f->neighbourhood : f->qpv_code;
    *ret = (struct group_key){ true, 0, code };
    return code.at != NULL;
}

#define WORDS_OF(vocabulary) { BY_WORD, VOCABULARY_##vocabulary, { NULL } }
#define BAND(...) { BY_WORD, -1, { __VA_ARGS__ } }
#define STREAM_IDS(type) { BY_STREAM, STREAM_##type, { NULL } }
#define MONTHS { BY_MONTH, -1, { NULL } }
#define ANY_TEXT { BY_TEXT, -1, { NULL } }
const struct dimension dimensions[DIMENSIONS] = {
#define DIMENSION(c_name, name, keyed, function, fr, en) { name, keyed, function, fr, en },
#include "dimensions.def"
#undef DIMENSION
};
