/* What a référent's list shows of each participant, and the list of participants by state. */
#include "portfolios.h"

#include <string.h>

static uint64_t referent_of(const struct parcours *p)
{
    return p->referent == ABSENT ? NO_REFERENT : (uint64_t)p->referent;
}

static void portfolio_rows(const struct parcours *p, struct rows *rows)
{
    struct portfolio_row v = { p->start_on, p->contact_on, DAY_NONE, DAY_NONE, -1, (uint8_t)p->state, parcours_occupied(p) };
    if (!(OPEN & 1u << p->state))
        return;     /* whoever left is in the list of participants, not in somebody's hands */
    for (int r = 0; r < RULES; r++)
        if (p->open[r].due != DAY_NONE && (v.rule < 0 || p->open[r].since < v.since)) {
            v.rule = (int16_t)r;
            v.since = p->open[r].since;
            v.due = p->open[r].due;
        }
    struct row *row = row_begin(rows);
    key_u64(row, referent_of(p));
    key_u64(row, p->stream);
    value_bytes(row, &v, sizeof(v));
}

const struct projection portfolios = { "portfolios", 2, portfolio_rows };

static void state_rows(const struct parcours *p, struct rows *rows)
{
    if (p->state == STATE_nobody)
        return;
    struct row *row = row_begin(rows);
    key_u8(row, (uint8_t)p->state);
    key_u64(row, p->stream);
}

const struct projection states = { "states", 1, state_rows };

/* Looked for only where somebody heeded something: rows are made twice for each command. */
static bool heeded(const struct parcours *p, int rule, int32_t since, struct heed *ret)
{
    if (p->heeds.n == 0)
        return false;
    *ret = parcours_heed(p, rule, since);
    return ret->seen_seq || ret->put_off_seq;
}

/* Whatever the state: the rules say what is still owed of whom (the documents of a training that was paid for, even when the
 * orientation turned out to be a mistake). */
static void alert_rows(const struct parcours *p, struct rows *rows)
{
    for (int r = 0; r < RULES; r++) {
        const struct deadline *d = &p->open[r];
        if (d->due == DAY_NONE)
            continue;
        struct heed h;
        bool any = heeded(p, r, d->since, &h);
        struct alert_row v = { d->due, d->since, any ? h.seen_on : DAY_NONE, any ? h.until_day : DAY_NONE };
        struct row *row = row_begin(rows);
        key_u64(row, referent_of(p));
        key_day(row, deadline_shown_on(d));
        key_u8(row, (uint8_t)r);
        key_u64(row, p->stream);
        value_bytes(row, &v, any ? sizeof(v) : offsetof(struct alert_row, seen_on));
    }
}

const struct projection alerts = { "alerts", 2, alert_rows };

struct alert_row alert_row_read(struct text value)
{
    struct alert_row row = { .seen_on = DAY_NONE, .until_day = DAY_NONE };
    memcpy(&row, value.at, value.bytes);
    return row;
}

static void late_rows(const struct parcours *p, struct rows *rows)
{
    for (uint32_t i = 0; i < p->episodes.n; i++) {
        const struct episode *e = &p->episodes.at[i];
        struct heed h;
        struct late_row v = { e->due, e->since, e->settled_on, heeded(p, e->rule, e->since, &h), e->cause, e->settled, referent_of(p) };
        /* Filed under each month in which it showed, so that a past day reads one month. */
        for (int32_t m = month_index(e->shown_on); m <= month_index(e->settled_on - 1) && e->shown_on < e->settled_on; m++) {
            struct row *row = row_begin(rows);
            key_u32(row, (uint32_t)m ^ 0x80000000u);
            key_u8(row, (uint8_t)e->rule);
            key_u64(row, p->stream);
            key_day(row, e->shown_on);
            key_u64(row, e->settled);
            value_bytes(row, &v, sizeof(v));
        }
    }
}

const struct projection late_alerts = { "late_alerts", 2, late_rows };
