/* What the PLIE itself owes. */
#include "duties.h"

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* The adoption of a rulebook whose document lost a list: it is due from its first day on, until it is replaced. */
struct deadline unknown_rules_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)o;
    for (int r = 0; r < RULES; r++)
        if (b->rule[r].mode == MODE_UNKNOWN)
            return (struct deadline){ later(b->from_day, o->card->opened_on) + (int32_t)v->at[0] - 1, DAY_NONE, b->seq, DAY_NONE };
    return NO_DEADLINE;
}

static bool trained(const struct owing *o, struct text structure)
{
    for (uint32_t i = 0; i < o->count; i++) {
        const struct carrier_trained *t = o->events[i]->data;
        if (o->events[i]->kind->number == KIND_carrier_trained && text_equal(t->structure, structure) && text_is(t->training, "fse"))
            return true;
    }
    return false;
}

/* The carrier that has waited longest. */
struct deadline carrier_training_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    for (uint32_t i = 0; i < o->count; i++) {
        const struct event *e = o->events[i];
        if (e->kind->number == KIND_carrier_registered && !trained(o, ((const struct carrier_registered *)e->data)->structure))
            return (struct deadline){ e->on + (int32_t)v->at[0], DAY_NONE, e->seq, DAY_NONE };
    }
    return NO_DEADLINE;
}

static bool published(const struct owing *o, int32_t month)
{
    for (uint32_t i = 0; i < o->count; i++)
        if (o->events[i]->kind->number == KIND_letter_published && ((const struct letter_published *)o->events[i]->data)->month == month)
            return true;
    return false;
}

/* Only the earliest month without its letter, from the one in which the rulebook came into force. */
struct deadline letter_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    int32_t month = month_index(later(b->from_day, o->card->opened_on));
    while (published(o, month))
        month++;
    return (struct deadline){ month_first(month + 1) + (int32_t)v->at[0] - 1, DAY_NONE, b->seq, DAY_NONE };
}
