/* Days, agendas, and the queue of each day. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

bool is_weekend(int32_t day)
{
    int32_t weekday = ((day + 3) % 7 + 7) % 7;     /* 1970-01-01 was a Thursday; Monday is 0 */
    return weekday >= 5;
}

int32_t workday_from(int32_t day)
{
    while (is_weekend(day))
        day++;
    return day;
}

int32_t workday_back(int32_t day)
{
    while (is_weekend(day))
        day--;
    return day;
}

static uint32_t days_of(const struct sim *s)
{
    return (uint32_t)(s->settings.end_day - s->first_day) + 1;
}

bool calendar_start(struct sim *s)
{
    uint32_t days = days_of(s);
    s->heads = malloc(days * sizeof(*s->heads));
    s->tails = malloc(days * sizeof(*s->tails));
    if (!s->heads || !s->tails)
        return false;
    memset(s->heads, 0xff, days * sizeof(*s->heads));
    memset(s->tails, 0xff, days * sizeof(*s->tails));
    return true;
}

void calendar_free(struct sim *s)
{
    free(s->heads);
    free(s->tails);
}

/* ---- one person's agenda ---- */
void plan(struct sim *s, struct person *p, int32_t day, enum act act, unsigned detail)
{
    day = workday_from(day < s->today ? s->today : day);
    /* A full agenda drops what is planned: lives are many, and none depends on one act that can be left out. */
    if (day - s->first_day > UINT16_MAX || p->slots == AGENDA_SLOTS)
        return;
    p->agenda[p->slots++] = (struct slot){ (uint16_t)(day - s->first_day), (uint8_t)act, (uint8_t)detail };
}

void plan_in(struct sim *s, struct person *p, int32_t low_days, int32_t high_days, enum act act, unsigned detail)
{
    plan(s, p, s->today + dice_between(&p->dice, low_days, high_days), act, detail);
}

static void take_out(struct person *p, unsigned slot)
{
    p->slots--;
    memmove(p->agenda + slot, p->agenda + slot + 1, (p->slots - slot) * sizeof(p->agenda[0]));
}

void forget(struct person *p, enum act act)
{
    for (unsigned i = p->slots; i-- > 0;)
        if (p->agenda[i].act == act)
            take_out(p, i);
}

void forget_all(struct person *p)
{
    p->slots = 0;
}

bool planned(const struct person *p, enum act act)
{
    for (unsigned i = 0; i < p->slots; i++)
        if (p->agenda[i].act == act)
            return true;
    return false;
}

/* The earliest; of one day, the one planned first. */
static unsigned first_slot(const struct person *p)
{
    unsigned first = 0;
    for (unsigned i = 1; i < p->slots; i++)
        if (p->agenda[i].day < p->agenda[first].day)
            first = i;
    return first;
}

struct slot next_act(struct person *p)
{
    assert(p->slots > 0);
    unsigned i = first_slot(p);
    struct slot slot = p->agenda[i];
    take_out(p, i);
    return slot;
}

/* ---- the queue of a day ---- */
void queue(struct sim *s, struct person *p)
{
    if (p->slots == 0)
        return;
    uint32_t day = p->agenda[first_slot(p)].day, number = person_index(s, p);
    if (day >= days_of(s))
        return;     /* beyond the end: nobody will ask */
    p->next = NOBODY;
    if (s->tails[day] == NOBODY)
        s->heads[day] = number;
    else
        s->persons[s->tails[day]].next = number;
    s->tails[day] = number;
}

struct person *next_today(struct sim *s)
{
    uint32_t day = (uint32_t)(s->today - s->first_day), number = s->heads[day];
    if (number == NOBODY)
        return NULL;
    struct person *p = &s->persons[number];
    s->heads[day] = p->next;
    if (p->next == NOBODY)
        s->tails[day] = NOBODY;
    return p;
}
