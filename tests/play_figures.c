/* What is read from the rows of the views: alerts of a day, caseloads, exits. */
#include <stdlib.h>

#include "../events/days.h"
#include "../projections/portfolios.h"
#include "play.h"

/* ---- alerts of a day: those open, and those settled since ---- */
static int in_order(const void *a, const void *b)
{
    const struct shown_alert *x = a, *y = b;
    if (x->participant != y->participant)
        return x->participant < y->participant ? -1 : 1;
    return x->rule - y->rule;
}

static void open_alerts(struct store_txn *txn, int32_t day, struct shown_alert *ret, unsigned max, unsigned *n)
{
    struct text key, value;
    struct store_cursor *c = store_cursor(txn, projection_table(&alerts));
    for (bool more = store_seek(c, (struct text){ "", 0 }, &key, &value); more && *n < max; more = store_next(c, &key, &value)) {
        const char *k = key.at;
        struct alert_row row;
        memcpy(&row, value.at, sizeof(row));
        if (key_read_day(k + 8) <= day)
            ret[(*n)++] = (struct shown_alert){ row.due, row.since, store_key_read_u64(k + 13), (uint8_t)k[12] };
    }
    store_cursor_close(c);
}

static void settled_alerts(struct store_txn *txn, int32_t day, struct shown_alert *ret, unsigned max, unsigned *n)
{
    struct text key, value;
    struct store_cursor *c = store_cursor(txn, projection_table(&late_alerts));
    for (bool more = store_seek(c, (struct text){ "", 0 }, &key, &value); more && *n < max; more = store_next(c, &key, &value)) {
        const char *k = key.at;
        struct late_row row;
        memcpy(&row, value.at, sizeof(row));
        bool month = key_read_u32(k) == ((uint32_t)month_index(day) ^ 0x80000000u);
        if (month && key_read_day(k + 13) <= day && day < row.settled_on)
            ret[(*n)++] = (struct shown_alert){ row.due, row.since, store_key_read_u64(k + 5), (uint8_t)k[4] };
    }
    store_cursor_close(c);
}

unsigned play_alerts_on(struct play *p, int32_t day, struct shown_alert *ret, unsigned max)
{
    unsigned n = 0;
    open_alerts(p->desk->views_txn, day, ret, max, &n);
    settled_alerts(p->desk->views_txn, day, ret, max, &n);
    qsort(ret, n, sizeof(*ret), in_order);
    return n;
}

/* ---- caseload: the sum of what came and went until the day ---- */
static int64_t target(struct play *p, enum rule_number rule, int32_t day)
{
    const struct rulebook *b = rulebook_on(desk_rulebooks(p->desk), day, UINT64_MAX);
    return rule_applies(b, rule) ? b->rule[rule].value.at[0] : -1;
}

static int64_t followed_on(struct store_txn *txn, uint64_t referent, int32_t day)
{
    struct text key, value;
    uint8_t first[8];
    int64_t sum = 0;
    struct store_cursor *c = store_cursor(txn, projection_table(&caseloads));
    store_key_u64(first, referent);
    bool more = store_seek(c, (struct text){ (const char *)first, 8 }, &key, &value);
    for (; more && memcmp(key.at, first, 8) == 0; more = store_next(c, &key, &value)) {
        int32_t by;
        memcpy(&by, value.at, sizeof(by));
        if (key_read_day(key.at + 8) <= day)
            sum += by;
    }
    store_cursor_close(c);
    return sum;
}

void play_caseload(struct play *p, const struct line *l)
{
    int32_t day;
    struct asked a = { .bytes = 0 };
    struct named *who = play_who(p, l, 1);
    if (!who || !play_day_of(p, l, "on", p->today, &day) || !play_rows(p))
        return;
    int64_t wanted = target(p, RULE_caseload, day);
    say(&a, "%lld", (long long)followed_on(p->desk->views_txn, who->stream, day));
    if (wanted >= 0)
        say(&a, " of %lld", (long long)wanted);
    play_expect(p, l->wanted, a.at, true);
}

/* ---- exits pronounced in a period ---- */
struct counted {
    int64_t positive, all;
};

static struct counted exits_between(struct store_txn *txn, int32_t from, int32_t to)
{
    struct text key, value;
    struct counted n = { 0, 0 };
    struct store_cursor *c = store_cursor(txn, projection_table(&exits));
    for (bool more = store_seek(c, (struct text){ "", 0 }, &key, &value); more; more = store_next(c, &key, &value)) {
        struct exit_row row;
        memcpy(&row, value.at, sizeof(row));
        if (key_read_day(key.at) < from || key_read_day(key.at) > to)
            continue;
        n.all++;
        n.positive += row.outcome == exit_outcome_positive && !row.unfounded && row.accepted;
    }
    store_cursor_close(c);
    return n;
}

void play_exits(struct play *p, const struct line *l)
{
    int32_t from, to;
    struct asked a = { .bytes = 0 };
    if (!play_day_of(p, l, "from", DAY_FIRST, &from) || !play_day_of(p, l, "to", p->today, &to) || !play_rows(p))
        return;
    struct counted n = exits_between(p->desk->views_txn, from, to);
    int64_t wanted = target(p, RULE_positive_exits, to);
    say(&a, "%lld positive of %lld", (long long)n.positive, (long long)n.all);
    if (n.all)
        say(&a, ", %lld %%", (long long)(n.positive * 100 / n.all));
    if (n.all && wanted >= 0)
        say(&a, " of %lld %%", (long long)wanted);
    play_expect(p, l->wanted, a.at, true);
}
