/* How reliable what is recorded is: of those followed on the last day, who has nothing left to say, to sign or to file, and
 * nothing recorded in the period that is late, without its summary, told twice, in disorder or unlikely. The figure counts them, the report says what is wanting. */
#include "figures.h"
#include "reports.h"

/* One thing that is wanting. `detail`: a word of mandatory, or nothing. */
struct lack {
    enum rule_number rule;
    const char *detail;
    int32_t since;
    uint64_t seq;           /* of the event it comes from; 0 none */
};
typedef void lack_fn(void *context, const struct lack *);

/* What must be put right, as it stands on the last day; and what was done badly in the period, which stays. */
static const enum rule_number still[] = { RULE_file_complete, RULE_fse_complete, RULE_contact_signature, RULE_review_signature };
static const enum rule_number once[] = { RULE_recording_delay, RULE_clear_summary, RULE_told_once, RULE_days_in_order, RULE_hours_plausible,
                                         RULE_joined_within };

/* The data that are mandatory may change: whoever came before lacks them from the first day of the rulebook. */
static void lacks_data(const struct dossier *d, const struct rulebook *b, lack_fn *take, void *context)
{
    const struct rulebook_rule *r = &b->rule[RULE_mandatory_data];
    int32_t since = d->p->start_on > b->from_day ? d->p->start_on : b->from_day;
    for (unsigned word = 0; rule_applies(b, RULE_mandatory_data) && word < mandatory_words; word++)
        if (r->value.at[0] >> word & 1 && !(d->p->told_items >> word & 1))
            take(context, &(struct lack){ RULE_mandatory_data, word_name(VOCABULARY_mandatory, word), since, 0 });
}

static void lacks_still(const struct dossier *d, lack_fn *take, void *context)
{
    for (unsigned i = 0; i < sizeof(still) / sizeof(still[0]); i++) {
        const struct deadline *open = &d->p->open[still[i]];
        if (open->due != DAY_NONE && deadline_shown_on(open) <= d->end)
            take(context, &(struct lack){ still[i], NULL, deadline_shown_on(open), open->cause });
    }
}

static int32_t day_of_event(const struct dossier *d, uint64_t seq)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->standing[i]->seq == seq)
            return d->standing[i]->on;
    return DAY_NONE;
}

static void lacked_once(const struct dossier *d, lack_fn *take, void *context)
{
    for (uint32_t i = 0; i < d->p->marks.n; i++) {
        const struct mark *mark = &d->p->marks.at[i];
        for (unsigned k = 0; k < sizeof(once) / sizeof(once[0]); k++) {
            int32_t on = mark->rule == (int)once[k] && !mark->waived ? day_of_event(d, mark->seq) : DAY_NONE;
            if (dossier_within(d, on))
                take(context, &(struct lack){ once[k], NULL, on, mark->seq });
        }
    }
}

static void each_lack(const struct dossier *d, lack_fn *take, void *context)
{
    const struct rulebook *b = rulebook_on(d->books, d->end, UINT64_MAX);
    if (b)
        lacks_data(d, b, take, context);
    lacks_still(d, take, context);
    lacked_once(d, take, context);
}

/* ---- the figure ---- */
struct found {
    uint32_t count;
    uint64_t seq;           /* of the first that has one */
};

static void count(void *context, const struct lack *lack)
{
    struct found *found = context;
    found->count++;
    found->seq = found->seq ? found->seq : lack->seq;
}

void figure_reliability(struct measure *m)
{
    struct found found = { 0, 0 };
    if (!parcours_in_caseload(m->dossier->p, m->dossier->end))
        return;
    each_lack(m->dossier, count, &found);
    measure_add(m, found.count == 0, 1, m->dossier->end, found.seq, ABSENT);
}

/* ---- the report ---- */
struct telling {
    struct reporting *r;
    uint64_t participant;
};

static void tell(void *context, const struct lack *lack)
{
    struct telling *t = context;
    cell_id(t->r, (int64_t)t->participant);
    cell_text(t->r, text_of(rules[lack->rule].name));
    cell_text(t->r, lack->detail ? text_of(lack->detail) : (struct text){ NULL, 0 });
    cell_day(t->r, lack->since);
    cell_event(t->r, lack->seq);
}

void report_reliability(struct reporting *r, const struct dossier *d)
{
    int64_t referent = report_stream(r, PARAMETER_referent);
    struct telling telling = { r, d->stream };
    if (parcours_in_caseload(d->p, d->end) && (referent == ABSENT || referent == dossier_referent(d, d->end)))
        each_lack(d, tell, &telling);
}
