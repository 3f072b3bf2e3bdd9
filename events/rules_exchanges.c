/* Rules of what is said, signed, written down and passed on. */
#include "apply.h"

static bool open_file(const struct parcours *p)
{
    return OPEN & 1u << p->state;
}

/* Signed on its day, or shown the next. */
static struct deadline signed_on(const struct to_sign *s)
{
    return (struct deadline){ s->on, s->on + 1, s->seq, DAY_NONE };
}

struct deadline contact_signature_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    for (uint32_t i = 0; open_file(p) && i < p->to_sign.n; i++)
        if (p->to_sign.at[i].channel >= 0 && v->at[0] >> p->to_sign.at[i].channel & 1)
            return signed_on(&p->to_sign.at[i]);
    return NO_DEADLINE;
}

struct deadline review_signature_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    for (uint32_t i = 0; open_file(p) && i < p->to_sign.n; i++)
        if (p->to_sign.at[i].channel < 0)
            return signed_on(&p->to_sign.at[i]);
    return NO_DEADLINE;
}

struct deadline difficulty_answer_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    if (!open_file(p) || p->difficulties.n == 0)
        return NO_DEADLINE;
    int32_t due = p->difficulties.at[0].on + (int32_t)v->at[0];
    return (struct deadline){ due, due, p->difficulties.at[0].seq, DAY_NONE };
}

static int64_t passed_on(const struct event *e)
{
    return e->kind->number == KIND_partner_contacted ? ((const struct partner_contacted *)e->data)->shared : 1;
}

bool sharing_agreed(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b, (void)v;
    return passed_on(e) == ABSENT || passed_on(e) == 0 || p->consents >> consent_sharing & 1;
}

bool summarised(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    const struct contact_recorded *d = e->data;
    return d->summary_bytes != ABSENT && d->summary_bytes >= v->at[0];
}

bool put_off_shortly(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    return ((const struct alert_snoozed *)e->data)->until_day - e->on <= v->at[0];
}
