/* What a référent owes: a substitute when absent, reports and agenda, meetings, trainings, interviews. Targets are in
 * duties_year.c. */
#include "duties.h"

struct deadline substitute_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct card *c = o->card;
    bool alone = c->absent_on != DAY_NONE && c->substitute == ABSENT && c->closed_on == DAY_NONE;
    return alone ? (struct deadline){ c->absent_on + (int32_t)v->at[0], DAY_NONE, c->absent_seq, DAY_NONE } : NO_DEADLINE;
}

static const struct event *leaving(const struct owing *o)
{
    for (uint32_t i = o->count; i-- > 0;)
        if (o->events[i]->kind->number == KIND_referent_left)
            return o->events[i];
    return NULL;
}

/* While somebody is still followed by who left. */
struct deadline handing_over_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct event *left = leaving(o);
    if (!left || elsewhere_followed(o->elsewhere, o->stream, o->day) == 0)
        return NO_DEADLINE;
    return (struct deadline){ left->on + (int32_t)v->at[0], DAY_NONE, left->seq, DAY_NONE };
}

/* The report of the last month told; the registration when there is none. */
static uint64_t report_cause(const struct owing *o, int report, int32_t month)
{
    for (uint32_t i = o->count; i-- > 0;)
        if (o->events[i]->kind->number == KIND_report_sent && ((const struct report_sent *)o->events[i]->data)->report == report &&
            ((const struct report_sent *)o->events[i]->data)->month == month)
            return o->events[i]->seq;
    return o->events[0]->seq;
}

/* Only the earliest month that was not reported: the next one shows once it is. */
static struct deadline report_owed(const struct owing *o, int report, const struct value *v)
{
    const struct card *c = o->card;
    int32_t last = c->reported[report].until, month = last != DAY_NONE ? last + 1 : month_index(c->opened_on);
    if (c->closed_on != DAY_NONE && month > month_index(c->closed_on))
        return NO_DEADLINE;
    return (struct deadline){ month_first(month + 1) + (int32_t)v->at[0] - 1, DAY_NONE, report_cause(o, report, last), DAY_NONE };
}

struct deadline activity_report_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return report_owed(o, report_kind_activity, v);
}

struct deadline step_report_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return report_owed(o, report_kind_steps, v);
}

/* Only the earliest week that was not validated, likewise. */
struct deadline agenda_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    const struct card *c = o->card;
    int32_t week = c->agenda.until != DAY_NONE ? c->agenda.until + 1 : week_index(c->opened_on);
    if (c->closed_on != DAY_NONE && week > week_index(c->closed_on))
        return NO_DEADLINE;
    return (struct deadline){ week_last(week) + (int32_t)v->at[0], DAY_NONE, o->events[0]->seq, DAY_NONE };
}

/* ---- meetings missed ---- */
static bool justified(const struct owing *o, const struct event *missed)
{
    if (((const struct meeting_missed *)missed->data)->justified == 1)
        return true;
    for (uint32_t i = 0; i < o->count; i++)
        if (o->events[i]->kind->number == KIND_absence_justified && (uint64_t)((const struct absence_justified *)o->events[i]->data)->missed == missed->seq)
            return true;
    return false;
}

/* The earliest that is not justified. */
struct deadline justification_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    for (uint32_t i = 0; i < o->count; i++)
        if (o->events[i]->kind->number == KIND_meeting_missed && !justified(o, o->events[i]))
            return (struct deadline){ o->events[i]->on + (int32_t)v->at[0], DAY_NONE, o->events[i]->seq, DAY_NONE };
    return NO_DEADLINE;
}

/* ---- training, interviews ---- */
struct deadline training_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    for (uint32_t i = 0; i < o->count; i++)
        if (o->events[i]->kind->number == KIND_referent_trained && text_is(((const struct referent_trained *)o->events[i]->data)->training, "tool"))
            return NO_DEADLINE;
    if (o->card->closed_on != DAY_NONE)
        return NO_DEADLINE;
    return (struct deadline){ o->card->opened_on + (int32_t)v->at[0], DAY_NONE, o->events[0]->seq, DAY_NONE };
}

/* The interview is of three: référent, coordinator, employer. */
struct deadline employer_interview_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    int32_t last = o->card->opened_on;
    uint64_t cause = o->events[0]->seq;
    if (o->card->closed_on != DAY_NONE)
        return NO_DEADLINE;
    for (uint32_t i = 0; i < o->count; i++) {
        const struct event *e = o->events[i];
        const struct employer_interview_held *h = e->data;
        if (e->kind->number != KIND_employer_interview_held || h->with_coordinator != 1 || h->with_employer != 1 || e->on < last)
            continue;
        last = e->on;
        cause = e->seq;
    }
    return (struct deadline){ day_add_months(last, (int32_t)v->at[0]), DAY_NONE, cause, DAY_NONE };
}

/* ---- what the coordinator is told of ---- */
static bool acknowledged(const struct owing *o, const struct event *change)
{
    for (uint32_t i = 0; i < o->count; i++)
        if (o->events[i]->kind->number == KIND_change_acknowledged && (uint64_t)((const struct change_acknowledged *)o->events[i]->data)->change == change->seq)
            return true;
    return false;
}

/* The earliest change that she has not acknowledged: shown at once. */
struct deadline telling_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    for (uint32_t i = 0; i < o->count; i++) {
        const struct event *e = o->events[i];
        uint16_t kind = e->kind->number;
        if ((kind == KIND_share_changed || kind == KIND_leave_planned || kind == KIND_absence_started) && !acknowledged(o, e))
            return owed_since(e->on, e->seq);
    }
    return NO_DEADLINE;
}
