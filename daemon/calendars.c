#include "calendars.h"

#include <stdlib.h>
#include <string.h>

#include "../events/failure.h"
#include "../events/log.h"
#include "../projections/adoptions.h"
#include "../projections/portfolios.h"
#include "alerts.h"
#include "answers.h"
#include "service.h"

/* ---- of whom ---- */
/* Whoever has a row of that table under the référent, `at` bytes into its key. */
static void add_rows(struct call *call, struct streams *s, const struct projection *table, uint64_t referent, unsigned at)
{
    uint8_t prefix[8];
    struct text key, value;
    store_key_u64(prefix, referent);
    struct store_cursor *c = store_cursor(call->views, projection_table(table));
    bool more = store_seek(c, (struct text){ (const char *)prefix, 8 }, &key, &value);
    for (; more && memcmp(key.at, prefix, 8) == 0; more = store_next(c, &key, &value))
        streams_add(call, s, store_key_read_u64(key.at + at));
    store_cursor_close(c);
}

/* Who has left the portfolio may be owed something all the same: the situation six months after, for one. */
static void add_followed(struct call *call, struct streams *s, uint64_t referent)
{
    add_rows(call, s, &portfolios, referent, 8);
    add_rows(call, s, &alerts, referent, 13);
}

/* Those whose alerts of that day would come to this référent: whoever answers for them. */
static void add_stood_in_for(struct call *call, struct streams *s, uint64_t referent, int32_t day)
{
    struct alerts_view view = alerts_view_of(call, day, INT64_MAX);
    struct streams all = streams_of(call, STREAM_referent);
    for (uint32_t i = 0; i < all.n; i++) {
        struct alert any = { .owes = STREAM_participant, .referent = all.at[i], .rule = RULE_contacts_monthly, .due = day, .since = day, .shown_on = day,
                             .seen_on = DAY_NONE, .until_day = DAY_NONE, .settled_on = DAY_NONE };
        if (all.at[i] != referent && alert_routed(&view, &any).to == referent)
            add_followed(call, s, all.at[i]);
    }
}

static int by_stream(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static void keep_each_once(struct streams *s)
{
    uint32_t kept = 0;
    if (s->n > 1)
        qsort(s->at, s->n, sizeof(*s->at), by_stream);
    for (uint32_t i = 0; i < s->n; i++)
        if (kept == 0 || s->at[kept - 1] != s->at[i])
            s->at[kept++] = s->at[i];
    s->n = kept;
}

/* ---- what ---- */
static bool refuse_unreadable(struct call *call)
{
    failure_forget();
    call_refuse(call, REFUSED_outcome, NULL, NULL);
    return false;
}

static bool add_participants(struct call *call, struct calendar *c, const struct streams *s)
{
    struct arena scratch;
    bool good = true, wanted = true;
    uint32_t folded = 0;
    arena_init(&scratch, REQUEST_ARENA_BYTES);
    for (uint32_t i = 0; good && wanted && i < s->n; i++) {
        const struct event **events;
        uint32_t count;
        struct parcours p;
        arena_reset(&scratch);
        good = stream_events(&scratch, call->log, call->views, s->at[i], NULL, &events, &count) == 0;
        count = good ? events_until(events, count, call->position.seq) : 0;
        if (count == 0)
            continue;
        parcours_fold(&p, &scratch, s->at[i], events, count, INT32_MAX, INT64_MAX, call->books);
        calendar_of(c, &p, events, count);
        folded += count + 1;
        if (folded >= CHUNK_EVENTS)
            wanted = call_go_on(call);
        folded %= CHUNK_EVENTS;
    }
    arena_free(&scratch);
    return wanted && (good || refuse_unreadable(call));
}

static void read_adoption(struct call *call, struct calendar *c)
{
    struct text record;
    struct record_header h;
    uint64_t seq = adoptions_last(call->books);
    if (seq == 0 || !log_record(call->log, seq, &record) || !record_header(record, &h))
        return;
    c->rulebook_seq = seq;
    c->rulebook_ms = h.recorded_ms;
}

bool calendar_read(struct call *call, uint64_t referent, int32_t day, struct calendar *ret)
{
    struct streams s = { NULL, 0, 0 };
    calendar_begin(ret, call->arena, day);
    read_adoption(call, ret);
    add_followed(call, &s, referent);
    add_stood_in_for(call, &s, referent, day);
    keep_each_once(&s);
    if (!add_participants(call, ret, &s))
        return false;
    calendar_sort(ret);
    return true;
}
