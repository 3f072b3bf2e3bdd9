/* Figures of contacts: how often, how regular, signed, recorded, summarised. */
#include "figures.h"

static bool is(const struct event *e, enum kind_number kind)
{
    return e->kind->number == kind;
}

/* ---- the months: each is looked at as it stood at its end, or on the last day in the parcours ---- */
static struct ending ending_of(const struct dossier *d, int32_t number)
{
    for (uint32_t i = 0; i < d->later->past.n; i++)
        if (d->later->past.at[i].number == number)
            return d->later->past.at[i].exit;
    return parcours_ending(d->later);
}

/* The effective day of the exit; nobody is followed beyond the decision, whatever day to come it names. */
static int32_t left_on(const struct ending *exit)
{
    return exit->effective_on < exit->decided_on ? exit->effective_on : exit->decided_on;
}

void figures_each_month(struct measure *m, month_fn *look)
{
    const struct dossier *d = m->dossier;
    struct parcours p;
    uint32_t next = 0;
    int32_t left = -1;      /* the number of the parcours whose last month was looked at */
    int32_t first = d->count && d->standing[0]->on > d->period.from ? d->standing[0]->on : d->period.from;
    parcours_begin(&p, d->arena, d->stream);
    for (int32_t month = month_index(first); d->count && month_last(month) <= d->end; month++) {
        struct ending exit = ending_of(d, p.number);
        for (; next < d->count && d->standing[next]->on <= month_last(month); next++) {
            const struct event *e = d->standing[next];
            bool over = exit.decided_on != DAY_NONE && (e->on > left_on(&exit) || e->seq == exit.seq);
            if (over && left != p.number && month_index(left_on(&exit)) == month) {
                look(m, &p, left_on(&exit));
                left = p.number;
            }
            parcours_step(&p, e, d->books);
            exit = ending_of(d, p.number);
        }
        if (exit.decided_on == DAY_NONE || left_on(&exit) >= month_last(month))
            look(m, &p, month_last(month));
        else if (left != p.number && month_index(left_on(&exit)) == month)
            look(m, &p, left_on(&exit));
    }
}

static void contacts_looked_at(struct measure *m, const struct parcours *p, int32_t day, unsigned aim)
{
    int64_t owed = contacts_owed(p, rulebook_on(m->dossier->books, day, UINT64_MAX), day, aim);
    bool some = p->contact_on != DAY_NONE && month_index(p->contact_on) == month_index(day);
    if (owed && dossier_within(m->dossier, day))
        measure_add(m, some && p->contact_month_days >= owed, 1, day, some ? p->contact_seq : 0, ABSENT);
}

static void contacts_obligatory(struct measure *m, const struct parcours *p, int32_t day)
{
    contacts_looked_at(m, p, day, 0);
}

static void contacts_aimed(struct measure *m, const struct parcours *p, int32_t day)
{
    contacts_looked_at(m, p, day, 1);
}

void figure_contact_months_kept(struct measure *m)
{
    figures_each_month(m, contacts_obligatory);
}

void figure_contact_months_aimed(struct measure *m)
{
    figures_each_month(m, contacts_aimed);
}

/* Each step by itself: several that are open together each owe what was agreed with their provider. */
static void sites_looked_at(struct measure *m, const struct parcours *p, int32_t day)
{
    const struct rulebook *b = rulebook_on(m->dossier->books, day, UINT64_MAX);
    for (uint32_t i = 0; dossier_within(m->dossier, day) && i < p->steps.n; i++) {
        const struct step *s = &p->steps.at[i];
        int64_t owed = site_interviews_owed(p, s, b, day);
        bool some = s->site_on != DAY_NONE && month_index(s->site_on) == month_index(day);
        if (owed)
            measure_add(m, some && s->site_count >= owed, 1, day, some ? s->site_seq : s->started_seq, ABSENT);
    }
}

void figure_step_months_kept(struct measure *m)
{
    figures_each_month(m, sites_looked_at);
}

/* ---- from one contact to the next, within a parcours ---- */
static bool same_stay(const struct dossier *d, const struct event *a, const struct event *b)
{
    return dossier_stay(d, a->on).number == dossier_stay(d, b->on).number;
}

void figure_contact_interval(struct measure *m)
{
    const struct dossier *d = m->dossier;
    const struct event *last = NULL;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        if (!is(e, KIND_contact_recorded))
            continue;
        if (last && e->on > last->on && dossier_within(d, e->on) && same_stay(d, last, e))
            measure_add(m, e->on - last->on, 1, e->on, e->seq, ABSENT);
        last = e;
    }
}

void figure_telephone_between(struct measure *m)
{
    const struct dossier *d = m->dossier;
    const struct event *last = NULL;
    bool called = false;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        if (!is(e, KIND_contact_recorded))
            continue;
        called = called || ((const struct contact_recorded *)e->data)->channel == channel_telephone;
        if (!event_signing(e).asked || (last && last->on == e->on))
            continue;
        if (last && dossier_within(d, e->on) && same_stay(d, last, e))
            measure_add(m, called, 1, e->on, e->seq, ABSENT);
        last = e;
        called = false;
    }
}

/* ---- signed, recorded, summarised ---- */
void figure_signatures(struct measure *m)
{
    const struct dossier *d = m->dossier;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        struct signing s = event_signing(e);
        if (s.asked && dossier_within(d, e->on))
            measure_add(m, dossier_signed(d, i), 1, e->on, e->seq, s.channel < 0);
    }
}

/* Each event that the rule judges, by the rulebook of its day. */
static void each_judged(struct measure *m, enum rule_number rule, enum kind_number kind)
{
    const struct dossier *d = m->dossier;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        const struct rulebook *b = rulebook_on(d->books, e->on, e->seq);
        bool judged = (kind == KIND_any ? e->kind->nature == FACT && !e->imported : is(e, kind)) && rule_applies(b, rule);
        if (judged && dossier_within(d, e->on))
            measure_add(m, rules[rule].allows(d->p, e, b, &b->rule[rule].value), 1, e->on, e->seq, ABSENT);
    }
}

void figure_recorded_in_time(struct measure *m)
{
    each_judged(m, RULE_recording_delay, KIND_any);
}

void figure_summarised(struct measure *m)
{
    each_judged(m, RULE_clear_summary, KIND_contact_recorded);
}

/* ---- interviews, objectives ---- */
static bool face_to_face(int64_t channel)
{
    return channel == channel_interview || channel == channel_tripartite || channel == channel_on_site || channel == channel_workplace;
}

void figure_interviews(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        const struct contact_recorded *c = e->data;
        if (is(e, KIND_contact_recorded) && dossier_within(m->dossier, e->on) && face_to_face(c->channel))
            measure_add(m, 1, 0, e->on, e->seq, c->channel);
    }
}

void figure_indicators(struct measure *m)
{
    for (uint32_t i = 0; i < m->dossier->count; i++) {
        const struct event *e = m->dossier->standing[i];
        if (is(e, KIND_objective_set) && dossier_within(m->dossier, e->on))
            measure_add(m, ((const struct objective_set *)e->data)->indicator_bytes > 0, 1, e->on, e->seq, ABSENT);
    }
}
