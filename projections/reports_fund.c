/* Reports to the European Social Fund: its participants, and the reports of an operation with their budget. */
#include "reports.h"

#include <stdio.h>

#include "../events/fund.h"
#include "likeness.h"
#include "operations.h"
#include "participations.h"

static bool operation_asked(const struct reporting *r, uint64_t operation)
{
    int64_t asked = report_stream(r, PARAMETER_operation);
    return asked == ABSENT || asked == (int64_t)operation;
}

/* ---- participants ---- */
#define MISSING_BYTES 256

static void cell_missing(struct reporting *r, int64_t items)
{
    char out[MISSING_BYTES] = "";
    size_t bytes = 0;
    for (int word = 0; word < mandatory_words; word++)
        if (items >> word & 1)
            bytes += (size_t)snprintf(out + bytes, sizeof(out) - bytes, "%s%s", bytes ? "," : "", word_name(VOCABULARY_mandatory, word));
    cell_text(r, bytes ? (struct text){ out, (uint32_t)bytes } : (struct text){ NULL, 0 });
}

static void put_entry(struct reporting *r, const struct dossier *d, const struct participation *x)
{
    struct fund_entry e = participation_entry(d, x);
    int64_t months = parcours_age(d->p, x->joined_on);
    cell_word(r, d->p->sex);
    cell_number(r, months == ABSENT ? ABSENT : months / 12);
    cell_word(r, e.labour_status);
    cell_number(r, e.unemployed_months);
    cell_word(r, e.education);
    cell_word(r, e.disability);
    cell_word(r, e.third_country);
    cell_word(r, e.foreign_background);
    cell_word(r, e.minority);
    cell_word(r, e.homeless);
}

static void put_participation(struct reporting *r, const struct dossier *d, const struct participation *x)
{
    cell_id(r, (int64_t)x->operation);
    cell_id(r, (int64_t)d->stream);
    cell_day(r, x->joined_on);
    cell_day(r, x->left_on);
    cell_flag(r, participation_declarable(x));
    cell_day(r, x->complete_on);
    cell_missing(r, participation_lacks(d->p, x));
    put_entry(r, d, x);
    cell_word(r, participation_situation(d, x, situation_point_four_weeks));
    cell_word(r, participation_situation(d, x, situation_point_six_months));
}

typedef void participation_fn(struct reporting *, const struct dossier *, const struct participation *);

static void each_participation(struct reporting *r, const struct dossier *d, participation_fn *put)
{
    for (uint32_t i = 0; i < d->p->participations.n; i++) {
        const struct participation *x = &d->p->participations.at[i];
        if (operation_asked(r, x->operation) && (x->left_on == DAY_NONE || x->left_on >= d->period.from))
            put(r, d, x);
    }
}

static void put_and_count(struct reporting *r, const struct dossier *d, const struct participation *x)
{
    put_participation(r, d, x);
    report_count(r, TOTAL_fse_declarable, participation_declarable(x));
    report_count(r, TOTAL_fse_incomplete, !x->complete_seq && participation_entered(x));
    report_count(r, TOTAL_fse_too_short, x->too_short);
    report_count(r, TOTAL_fse_outside, x->outside && !x->too_short);
    report_count(r, TOTAL_fse_left, x->left_on != DAY_NONE);
}

void report_fse(struct reporting *r, const struct dossier *d)
{
    each_participation(r, d, put_and_count);
}

/* ---- participants, with who they are: of streams that were opened ---- */
struct whereabouts {            /* the last that was told of each; views */
    struct text address, commune, nationality, neighbourhood;
};

static void learn(struct text *known, struct text told)
{
    if (told.at)
        *known = told;
}

static void whereabouts_learn(struct whereabouts *w, const struct event *e)
{
    const struct profile_recorded *p = e->data;
    const struct change_recorded *c = e->data;
    const struct fse_entry_recorded *f = e->data;
    if (e->kind->number == KIND_profile_recorded) {
        learn(&w->address, p->address);
        learn(&w->commune, p->commune.exact);
        learn(&w->nationality, p->nationality);
    } else if (e->kind->number == KIND_change_recorded) {
        learn(&w->address, c->address);
        learn(&w->commune, c->commune.exact);
    } else if (e->kind->number == KIND_fse_entry_recorded) {
        learn(&w->neighbourhood, f->qpv_code);
        learn(&w->neighbourhood, f->neighbourhood);
    }
}

/* What is known of the person now: an upload wants where they may be reached. */
static void put_person(struct reporting *r, const struct dossier *d, const struct participation *x)
{
    struct identity who = NO_IDENTITY;
    struct whereabouts where = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
    int64_t rural = participation_entry(d, x).rural;
    for (uint32_t i = 0; i < d->count_later; i++) {
        identity_learn(&who, d->standing[i]);
        whereabouts_learn(&where, d->standing[i]);
    }
    put_participation(r, d, x);
    cell_text(r, who.name);
    cell_text(r, who.first_name);
    cell_day(r, who.born == ABSENT ? DAY_NONE : (int32_t)who.born);
    cell_text(r, who.nir);
    cell_text(r, who.employment_service_id);
    cell_text(r, where.address);
    cell_text(r, where.commune);
    cell_text(r, who.telephone);
    cell_text(r, who.email);
    cell_text(r, where.nationality);
    cell_text(r, where.neighbourhood);
    cell_word(r, rural == ABSENT ? ABSENT : rural ? yes_no_yes : yes_no_no);
}

void report_fse_participants(struct reporting *r, const struct dossier *d)
{
    each_participation(r, d, put_person);
}

/* ---- the reports of an operation ---- */
static const struct event *given_in(const struct dossier *d, int64_t report)
{
    const struct event *last = NULL;
    for (uint32_t i = 0; i < d->count; i++)
        if (d->standing[i]->kind->number == KIND_operation_reported && ((const struct operation_reported *)d->standing[i]->data)->report == report)
            last = d->standing[i];
    return last;
}

static struct text number_of(const struct dossier *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->standing[i]->kind->number == KIND_operation_opened)
            return ((const struct operation_opened *)d->standing[i]->data)->number;
    return (struct text){ NULL, 0 };
}

static void put_report(struct reporting *r, const struct dossier *d, int64_t report)
{
    const struct event *e = given_in(d, report);
    const struct operation_reported *given = e ? e->data : NULL;
    const struct rulebook *book = rulebook_on(d->books, d->end, UINT64_MAX);
    int32_t about = operation_report_day(d->card, report);
    bool asked_for = book && rule_applies(book, RULE_operation_report) && about != DAY_NONE;
    cell_id(r, (int64_t)d->stream);
    cell_text(r, number_of(d));
    cell_word(r, report);
    cell_day(r, about);
    cell_day(r, asked_for ? about + (int32_t)book->rule[RULE_operation_report].value.at[0] : DAY_NONE);
    cell_day(r, e ? e->on : DAY_NONE);
    cell_cents(r, given ? given->expenses_cents : ABSENT);
    cell_cents(r, given ? given->resources_cents : ABSENT);
}

static void count_contacts(struct reporting *r, const struct dossier *d, const struct participation *x)
{
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        if (!event_signing(e).asked || e->on < x->joined_on || (x->left_on != DAY_NONE && e->on > x->left_on))
            continue;
        report_count(r, TOTAL_operation_contacts, true);
        report_count(r, TOTAL_operation_signed, dossier_signed(d, i));
    }
}

static void count_participant(struct reporting *r, const struct dossier *d, const struct participation *x)
{
    bool declarable = participation_declarable(x);
    int64_t in = declarable ? participation_entry_indicators(d, x) : 0, out = declarable ? participation_exit_indicators(d, x) : 0;
    report_count(r, TOTAL_operation_declarable, declarable);
    report_count(r, TOTAL_operation_not_declarable, !declarable);
    report_count(r, TOTAL_operation_women, declarable && d->p->sex == sex_F);
    report_count(r, TOTAL_operation_men, declarable && d->p->sex == sex_M);
    report_count(r, TOTAL_operation_unemployed, in >> common_indicator_EECO02 & 1);
    report_count(r, TOTAL_operation_inactive, in >> common_indicator_EECO04 & 1);
    report_count(r, TOTAL_operation_employed, in >> common_indicator_EECO05 & 1);
    report_count(r, TOTAL_operation_left, declarable && x->left_on != DAY_NONE);
    report_count(r, TOTAL_operation_in_employment, out >> common_indicator_EECR04 & 1);
    report_count(r, TOTAL_operation_in_training, out >> common_indicator_EECR02 & 1);
    count_contacts(r, d, x);
}

/* The last that was written: a budget given in again says nothing new in words. */
static struct text in_words(const struct dossier *d, int64_t report)
{
    struct text last = { NULL, 0 };
    for (uint32_t i = 0; i < d->count; i++) {
        const struct operation_reported *given = d->standing[i]->data;
        if (d->standing[i]->kind->number == KIND_operation_reported && given->report == report && given->qualitative.at)
            last = given->qualitative;
    }
    return last;
}

void report_note_operation(struct reporting *r, const struct dossier *d)
{
    for (int64_t report = 0; operation_asked(r, d->stream) && report < report_kind_words; report++)
        report_note(r, d->type, d->stream, word_sentence(VOCABULARY_report_kind, report, true), word_sentence(VOCABULARY_report_kind, report, false),
                    in_words(d, report));
}

void report_operation(struct reporting *r, const struct dossier *d)
{
    if (d->type == STREAM_operation && operation_asked(r, d->stream)) {
        report_note_operation(r, d);
        put_report(r, d, report_kind_mid_term);
        put_report(r, d, report_kind_final);
    }
    for (uint32_t i = 0; d->p && i < d->p->participations.n; i++)
        if (operation_asked(r, d->p->participations.at[i].operation))
            count_participant(r, d, &d->p->participations.at[i]);
}
