/* The activity of référents in a month, and the wages that enterprises were paid for in a year. */
#include "reports.h"

/* ---- the time of one référent ---- */
struct spent {
    int64_t task, operation, minutes;
};
struct spending {
    struct spent *at;
    uint32_t n, room;
};

static void spend(struct spending *all, struct arena *arena, struct spent one)
{
    for (uint32_t i = 0; i < all->n; i++)
        if (all->at[i].task == one.task && all->at[i].operation == one.operation) {
            all->at[i].minutes += one.minutes;
            return;
        }
    void *at = all->at;
    vector_room(arena, &all->n, &all->room, &at, sizeof(*all->at));
    all->at = at;
    all->at[all->n++] = one;
}

static void spend_event(struct spending *all, const struct dossier *d, const struct event *e)
{
    if (e->kind->number == KIND_time_recorded && dossier_within(d, e->on)) {
        const struct time_recorded *t = e->data;
        spend(all, d->arena, (struct spent){ t->task_code, t->operation, t->minutes });
    } else if (e->kind->number == KIND_agenda_recorded && dossier_within(d, (int32_t)((const struct agenda_recorded *)e->data)->day)) {
        const struct agenda_recorded *a = e->data;
        spend(all, d->arena, (struct spent){ a->task, a->operation, a->minutes });
    }
}

/* The last report of the month that was sent: after it, most often. */
static const struct event *sent_for(const struct dossier *d, int32_t month)
{
    const struct event *last = NULL;
    for (uint32_t i = 0; i < d->count_later; i++) {
        const struct report_sent *s = d->standing[i]->data;
        if (d->standing[i]->kind->number == KIND_report_sent && s->report == report_kind_activity && s->month == month)
            last = d->standing[i];
    }
    return last;
}

static void put_referent(struct reporting *r, const struct dossier *d)
{
    struct spending all = { NULL, 0, 0 };
    const struct event *sent = sent_for(d, month_index(d->period.from));
    for (uint32_t i = 0; i < d->count; i++) {
        spend_event(&all, d, d->standing[i]);
        report_count(r, TOTAL_activity_meetings, d->standing[i]->kind->number == KIND_meeting_attended && dossier_within(d, d->standing[i]->on));
    }
    for (uint32_t i = 0; i < all.n; i++) {
        cell_id(r, (int64_t)d->stream);
        cell_word(r, all.at[i].task);
        cell_id(r, all.at[i].operation);
        cell_number(r, all.at[i].minutes);
        cell_day(r, sent ? sent->on : DAY_NONE);
        cell_flag(r, sent && ((const struct report_sent *)sent->data)->validated == 1);
    }
}

/* A contact is of who followed that day, or of who stood in for them. */
static void count_contacts(struct reporting *r, const struct dossier *d, int64_t referent)
{
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        if (e->kind->number != KIND_contact_recorded || !dossier_within(d, e->on))
            continue;
        int64_t who = e->performed_by != ABSENT ? e->performed_by : dossier_referent(d, e->on);
        if (referent != ABSENT && who != referent)
            continue;
        report_count(r, TOTAL_activity_contacts, true);
        report_count(r, TOTAL_activity_signatures, ((const struct contact_recorded *)e->data)->is_signed == 1);
    }
}

void report_activity(struct reporting *r, const struct dossier *d)
{
    int64_t referent = report_stream(r, PARAMETER_referent);
    if (d->type == STREAM_participant)
        count_contacts(r, d, referent);
    else if (referent == ABSENT || referent == (int64_t)d->stream)
        put_referent(r, d);
}

/* ---- wages ---- */
/* The end of the convention about aided contracts that was in force in a month; DAY_NONE: none. */
static int32_t convention_in(const struct dossier *d, int32_t month)
{
    int32_t until = DAY_NONE;
    for (uint32_t i = 0; i < d->count_later; i++) {
        const struct event *e = d->standing[i];
        const struct convention_signed *c = e->data;
        if (e->kind->number != KIND_convention_signed || c->kind != convention_kind_aided)
            continue;
        int32_t from = c->from_day == ABSENT ? e->on : (int32_t)c->from_day;
        if (from <= month_last(month) && c->until_day >= month_first(month))
            until = (int32_t)c->until_day;
    }
    return until;
}

/* Wages are valued after the month they are about: the year is that of the month. */
void report_aided_wages(struct reporting *r, const struct dossier *d)
{
    for (uint32_t i = 0; i < d->count_later; i++) {
        const struct wages_valued *w = d->standing[i]->data;
        if (d->standing[i]->kind->number != KIND_wages_valued || w->month < month_index(d->period.from) || w->month > month_index(d->period.to))
            continue;
        cell_id(r, (int64_t)d->stream);
        cell_month(r, w->month);
        cell_number(r, w->people);
        cell_cents(r, w->cents);
        cell_day(r, convention_in(d, (int32_t)w->month));
    }
}
