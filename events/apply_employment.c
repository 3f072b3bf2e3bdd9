/* Jobs, hours, business, training, situations: what lasts has a first and a last day. */
#include "apply.h"

void apply_employment_started(struct parcours *p, const struct event *e)
{
    const struct employment_started *d = e->data;
    PUSH(p, jobs, (struct job){
        .seq = e->seq, .began_seq = e->seq, .started_on = e->on, .ended_on = DAY_NONE, .planned_end = day_told(d->planned_end),
        .kind = (int16_t)d->kind, .purpose = (int16_t)d->purpose,
        .weekly_hundredths = d->weekly_hours == ABSENT ? -1 : (int32_t)d->weekly_hours, .agrees = told(d->participant_agrees),
        .market = d->market == ABSENT ? 0 : (uint64_t)d->market });
}

void apply_employment_renewed(struct parcours *p, const struct event *e)
{
    const struct employment_renewed *d = e->data;
    struct job *j = parcours_find_job(p, (uint64_t)d->employment);
    if (j && d->planned_end != ABSENT)
        j->planned_end = (int32_t)d->planned_end;
}

static bool turns(const struct job *j, const struct employment_amended *d)
{
    return (d->purpose != ABSENT && d->purpose != j->purpose) || (d->kind != ABSENT && !employment_continues(j->kind, d->kind));
}

/* What the job was it stays until the day before, if there is one; returns what it is from this day on. Jobs are in the order in
 * which they became what they are. */
static struct job *turn(struct parcours *p, struct job *was, const struct event *e)
{
    struct job is = *was;
    is.started_on = e->on;
    is.began_seq = e->seq;
    if (was->started_on < e->on) {
        was->ended_on = e->on - 1;
        was->ended_seq = e->seq;
        PUSH(p, jobs, is);
    } else {
        memmove(was, was + 1, (size_t)(p->jobs.at + p->jobs.n - (was + 1)) * sizeof(is));
        p->jobs.at[p->jobs.n - 1] = is;
    }
    return &p->jobs.at[p->jobs.n - 1];
}

void apply_employment_amended(struct parcours *p, const struct event *e)
{
    const struct employment_amended *d = e->data;
    struct job *j = parcours_find_job(p, (uint64_t)d->employment);
    if (!j)
        return;
    bool over = j->ended_on != DAY_NONE && j->ended_on < e->on;
    if (turns(j, d)) {
        if (over)
            return;     /* no day of it is left to be anything else */
        j = turn(p, j, e);
    }
    if (d->kind != ABSENT)
        j->kind = (int16_t)d->kind;
    if (d->purpose != ABSENT)
        j->purpose = (int16_t)d->purpose;
    if (d->weekly_hours != ABSENT)
        j->weekly_hundredths = (int32_t)d->weekly_hours;
}

bool hours_told(const struct parcours *p, const struct hours_recorded *d)
{
    for (uint32_t i = 0; i < p->hours.n; i++) {
        const struct hours *h = &p->hours.at[i];
        if (h->employment == d->employment && h->from_day <= d->until_day && d->from_day <= h->until_day)
            return true;
    }
    return false;
}

/* Hours told twice were worked once, whatever a rulebook marks. */
void apply_hours(struct parcours *p, const struct event *e)
{
    const struct hours_recorded *d = e->data;
    if (!hours_told(p, d))
        PUSH(p, hours, (struct hours){ e->seq, (int32_t)d->from_day, (int32_t)d->until_day, d->hours, d->employment });
}

void apply_employment_ended(struct parcours *p, const struct event *e)
{
    struct job *j = parcours_find_job(p, (uint64_t)((const struct employment_ended *)e->data)->employment);
    if (!j || j->ended_on != DAY_NONE)
        return;
    j->ended_on = e->on;
    j->ended_seq = e->seq;
}

static void span_started(struct parcours *p, const struct event *e, enum span_kind kind, bool registered)
{
    PUSH(p, spans, (struct span){ e->seq, e->on, DAY_NONE, (int16_t)kind, registered });
}

static void span_ended(struct parcours *p, const struct event *e, int64_t seq)
{
    for (uint32_t i = 0; i < p->spans.n; i++)
        if (p->spans.at[i].seq == (uint64_t)seq && p->spans.at[i].ended_on == DAY_NONE)
            p->spans.at[i].ended_on = e->on;
}

void apply_business_started(struct parcours *p, const struct event *e)
{
    span_started(p, e, SPAN_business, false);
}

void apply_business_ended(struct parcours *p, const struct event *e)
{
    span_ended(p, e, ((const struct business_ended *)e->data)->business);
}

/* A registered qualification is one of the RNCP; the RS (habilitations, CléA...) is another register. */
static bool is_rncp(struct text number)
{
    return number.at && number.bytes > 0 && !(number.bytes > 1 && number.at[0] == 'R' && number.at[1] == 'S');
}

void apply_qualification(struct parcours *p, const struct event *e)
{
    const struct qualification_obtained *d = e->data;
    /* The first one of the parcours: what was obtained before its start is no result of it. */
    if (p->qualified_any_on == DAY_NONE || p->qualified_any_on < p->start_on) {
        p->qualified_any_on = e->on;
        p->qualified_any_seq = e->seq;
    }
    if (!is_rncp(d->rncp) || (p->qualified_on != DAY_NONE && p->qualified_on >= p->start_on))
        return;
    p->qualified_on = e->on;
    p->qualified_seq = e->seq;
}

void apply_long_training_started(struct parcours *p, const struct event *e)
{
    const struct long_training_started *d = e->data;
    span_started(p, e, SPAN_long_training, is_rncp(d->rncp) || told(d->specific_employment));
}

void apply_long_training_ended(struct parcours *p, const struct event *e)
{
    span_ended(p, e, ((const struct long_training_ended *)e->data)->training);
}

void apply_chosen_started(struct parcours *p, const struct event *e)
{
    span_started(p, e, SPAN_chosen, false);
}

void apply_chosen_ended(struct parcours *p, const struct event *e)
{
    span_ended(p, e, ((const struct chosen_situation_ended *)e->data)->situation);
}

void apply_job_contact(struct parcours *p, const struct event *e)
{
    const struct contact_recorded *d = e->data;
    if (d->topic == topic_post_iae)
        p->post_iae_contact_on = e->on;
    if (d->topic == topic_employment || d->channel == channel_workplace)
        p->job_contact_on = e->on;
    if (d->channel != channel_workplace)
        return;
    if (p->workplace_on == DAY_NONE || month_index(p->workplace_on) != month_index(e->on))
        p->workplace_days = 1;
    else if (p->workplace_on != e->on)
        p->workplace_days++;
    p->workplace_on = e->on;
    p->workplace_seq = e->seq;
}
