/* Targets of a référent: the caseload, looked at on the first of each month; those of a year, looked at quarter by quarter, so
 * that one that will be missed is seen before the year is over. */
#include "duties.h"

#define QUARTERS 4

struct deadline owed_since(int32_t since, uint64_t cause)
{
    return (struct deadline){ since - 1, DAY_NONE, cause, DAY_NONE };
}

/* Hundredths of the target of a référent: a full-time one's, for the time they work. */
static int64_t for_the_time(const struct card *c, int64_t full_time)
{
    return full_time * (c->share_percent == ABSENT ? 100 : c->share_percent);
}

/* ---- the caseload ---- */
/* The first look is that of the month after the post began. */
struct deadline caseload_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    int32_t look = month_first(month_index(o->day));
    if (!rule_applies(b, RULE_caseload) || o->card->closed_on != DAY_NONE || o->card->opened_on >= look)
        return NO_DEADLINE;
    int64_t wanted = for_the_time(o->card, b->rule[RULE_caseload].value.at[0]), margin = v->at[0];
    int64_t followed = elsewhere_followed(o->elsewhere, o->stream, look) * 100;
    bool least = rule_applies(b, RULE_caseload_sense) && b->rule[RULE_caseload_sense].value.at[0] == 1;
    bool low = followed * 100 < wanted * (100 - margin), high = !least && followed * 100 > wanted * (100 + margin);
    return low || high ? owed_since(look, o->events[0]->seq) : NO_DEADLINE;
}

/* ---- of the year, in quarters ---- */
static int32_t quarter_first(int32_t day)
{
    struct civil c = day_civil(day);
    return day_of(c.year, (c.month - 1) / 3 * 3 + 1, 1);
}

bool year_look(const struct owing *o, int32_t begun_on, struct year_look *ret)
{
    int32_t on = quarter_first(o->day) - 1;
    struct civil c = day_civil(on);
    int32_t from = day_of(c.year, 1, 1), last = day_of(c.year, 12, 31);
    int quarters = c.month / 3, before = begun_on > from ? (day_civil(begun_on).month - 1) / 3 : 0;
    *ret = (struct year_look){ from, on, o->day < last ? o->day : last, quarters - before };
    return begun_on <= on;
}

struct deadline paced(const struct year_look *l, int64_t yearly_hundredths, int64_t done, uint64_t cause)
{
    return done < yearly_hundredths * l->quarters / (QUARTERS * 100) ? owed_since(l->on + 1, cause) : NO_DEADLINE;
}

static bool referent_look(const struct owing *o, struct year_look *ret)
{
    return year_look(o, o->card->opened_on, ret) && o->card->closed_on == DAY_NONE;
}

struct deadline year_followed_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct year_look l;
    if (!referent_look(o, &l))
        return NO_DEADLINE;
    return paced(&l, for_the_time(o->card, v->at[0]), elsewhere_accompanied(o->elsewhere, o->stream, l.from, l.to), o->events[0]->seq);
}

struct deadline year_entries_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct year_look l;
    if (!referent_look(o, &l))
        return NO_DEADLINE;
    return paced(&l, for_the_time(o->card, v->at[0]), elsewhere_entries(o->elsewhere, o->stream, l.from, l.to), o->events[0]->seq);
}

/* The pair that the référent is in; NULL: none. */
static const struct event *pair_of(const struct owing *o)
{
    const struct event *joined = NULL;
    for (uint32_t i = 0; i < o->count; i++)
        if (o->events[i]->kind->number == KIND_pair_joined)
            joined = o->events[i];
        else if (o->events[i]->kind->number == KIND_pair_left)
            joined = NULL;
    return joined;
}

/* A target of the pair, whatever time its référents work: each of the two owes it. */
struct deadline partnerships_owed(const struct owing *o, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct year_look l;
    const struct event *e = pair_of(o);
    if (!e || o->card->closed_on != DAY_NONE)
        return NO_DEADLINE;
    const struct pair_joined *p = e->data;
    if (!year_look(o, p->from_day == ABSENT ? e->on : (int32_t)p->from_day, &l))
        return NO_DEADLINE;
    return paced(&l, v->at[0] * 100, elsewhere_partnerships(o->elsewhere, p->pair, l.from, l.to), e->seq);
}
