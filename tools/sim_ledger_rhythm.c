/* The ledger's calendar of contacts: one line each, put right and taken back as they are; what comes between them is counted once the life is over. */
#include <stdlib.h>

#include "sim_ledger.h"

#define RECORDING_DAYS 7        /* a week, DB-15 */

void ledger_recorded(struct ledger *l, int32_t on, int32_t recorded_on, int times)
{
    ledger_count(l, KEPT_recorded_in_time, NULL, recorded_on - on <= RECORDING_DAYS ? times : 0, times);
}

void ledger_contact_told(struct ledger *l, struct ledger_line told)
{
    if (l->line_count == l->line_room) {
        uint32_t room = l->line_room ? l->line_room * 2 : 4096;
        struct ledger_line *more = realloc(l->lines, room * sizeof(*more));
        if (!more)
            return;     /* the comparison then says so */
        l->lines = more;
        l->line_room = room;
    }
    told.number = l->rows[told.person].number;
    l->lines[l->line_count++] = told;
}

/* The last ones are looked at first: what is put right was told lately. */
static struct ledger_line *line_of(struct ledger *l, uint64_t seq)
{
    for (uint32_t i = l->line_count; i-- > 0;)
        if (l->lines[i].seq == seq)
            return &l->lines[i];
    return NULL;
}

void ledger_contact_corrected(struct ledger *l, struct ledger_line told)
{
    struct ledger_line *x = line_of(l, told.seq);
    if (!x)
        return;
    ledger_recorded(l, x->on, x->recorded_on, -1);
    ledger_recorded(l, told.on, x->recorded_on, 1);
    x->on = told.on;
    x->called = told.called;
    x->meeting = told.meeting;
}

void ledger_contact_voided(struct ledger *l, uint64_t seq)
{
    struct ledger_line *x = line_of(l, seq);
    if (!x)
        return;
    ledger_recorded(l, x->on, x->recorded_on, -1);
    x->voided = true;
}

static int in_order(const void *a, const void *b)
{
    const struct ledger_line *x = a, *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    if (x->on != y->on)
        return x->on < y->on ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* From one contact to the next of another day; from one meeting to the next, and whether somebody called meanwhile. Within a parcours. */
void ledger_close_rhythm(struct ledger *l)
{
    const struct ledger_line *last = NULL, *met = NULL;
    bool called = false;
    if (l->line_count)
        qsort(l->lines, l->line_count, sizeof(*l->lines), in_order);
    for (uint32_t i = 0; i < l->line_count; i++) {
        const struct ledger_line *x = &l->lines[i];
        if (x->voided)
            continue;
        if (last && last->person != x->person)
            last = met = NULL, called = false;
        if (last && last->number == x->number && x->on > last->on)
            ledger_count(l, KEPT_contact_interval, NULL, x->on - last->on, 1);
        last = x;
        called = called || x->called;
        if (!x->meeting || (met && met->on == x->on))
            continue;
        if (met && met->number == x->number)
            ledger_count(l, KEPT_telephone_between, NULL, called, 1);
        met = x;
        called = false;
    }
}
