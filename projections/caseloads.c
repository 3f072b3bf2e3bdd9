/* Caseloads: for each référent, the days on which somebody comes and goes; the caseload of a day is the sum up to it.
 * Exits: one row each, for rates. */
#include "portfolios.h"

#define LEAVES ((struct caseload_row){ -1, false })

static void change(struct rows *rows, uint64_t referent, int32_t day, const struct parcours *p, int32_t number, struct caseload_row v)
{
    struct row *row = row_begin(rows);
    key_u64(row, referent);
    key_day(row, day);
    key_u64(row, p->stream);
    key_u32(row, (uint32_t)number);
    key_u8(row, v.by > 0);
    value_bytes(row, &v, sizeof(v));
}

/* The parcours lasted from `start` to `end` (inside; DAY_NONE: goes on); each day counts for who followed then. */
static void one_parcours(struct rows *rows, const struct parcours *p, int32_t number, int32_t start, int32_t end)
{
    int32_t from = start;
    uint64_t who = NO_REFERENT;
    if (start == DAY_NONE)
        return;
    for (uint32_t i = 0; i < p->tenures.n; i++) {
        const struct tenure *t = &p->tenures.at[i];
        if (t->number != number)
            continue;
        if (t->from_day <= from) {
            who = (uint64_t)t->referent;
        } else if (end == DAY_NONE || t->from_day <= end) {
            change(rows, who, from, p, number, (struct caseload_row){ 1, from == start });
            change(rows, who, t->from_day, p, number, LEAVES);
            who = (uint64_t)t->referent;
            from = t->from_day;
        }
    }
    change(rows, who, from, p, number, (struct caseload_row){ 1, from == start });
    if (end != DAY_NONE)
        change(rows, who, end + 1, p, number, LEAVES);
}

static void caseload_rows(const struct parcours *p, struct rows *rows)
{
    for (uint32_t i = 0; i < p->past.n; i++)
        one_parcours(rows, p, p->past.at[i].number, p->past.at[i].started_on, p->past.at[i].ended_on);
    one_parcours(rows, p, p->number, p->start_on, parcours_left_on(p));
}

const struct projection caseloads = { "caseloads", 3, caseload_rows };

static void one_exit(struct rows *rows, const struct parcours *p, int32_t number, int32_t started_on, const struct ending *e)
{
    struct exit_row v = { e->effective_on, started_on, e->outcome, e->criterion, e->reason, e->unfounded, e->accepted, e->seq, NO_REFERENT };
    if (e->decided_on == DAY_NONE)
        return;
    for (uint32_t i = 0; i < p->tenures.n; i++)
        if (p->tenures.at[i].number == number)
            v.referent = (uint64_t)p->tenures.at[i].referent;
    struct row *row = row_begin(rows);
    key_day(row, e->decided_on);
    key_u64(row, p->stream);
    key_u32(row, (uint32_t)number);
    value_bytes(row, &v, sizeof(v));
}

static void exit_rows(const struct parcours *p, struct rows *rows)
{
    for (uint32_t i = 0; i < p->past.n; i++)
        one_exit(rows, p, p->past.at[i].number, p->past.at[i].started_on, &p->past.at[i].exit);
    struct ending now = parcours_ending(p);
    one_exit(rows, p, p->number, p->start_on, &now);
}

const struct projection exits = { "exits", 2, exit_rows };
