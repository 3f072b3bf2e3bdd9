/* The folds of streams that are not a participant's: short, and refolded whole. */
#include "folds.h"

#include <stdlib.h>

/* March sent does not stand for February: what comes after a hole waits until the hole is filled. */
static void month_reported(struct card *c, int64_t report, int64_t month)
{
    if (report < 0 || report >= 4)
        return;
    int32_t missing = c->reported[report] == DAY_NONE ? month_index(c->opened_on) : c->reported[report] + 1;
    if (month < missing || month > missing + 63)
        return;
    c->later[report] |= 1ull << (month - missing);
    for (; c->later[report] & 1; c->later[report] >>= 1)
        c->reported[report] = missing++;
}

static void referent_card(struct card *c, const struct event *e)
{
    switch (e->kind->number) {
    case KIND_referent_registered:
        c->share_percent = ((const struct referent_registered *)e->data)->full_time_percent;
        break;
    case KIND_share_changed:
        c->share_percent = ((const struct share_changed *)e->data)->full_time_percent;
        break;
    case KIND_absence_started:
        c->absent_on = e->on;
        c->absent_seq = e->seq;
        c->substitute = ((const struct absence_started *)e->data)->substitute;
        break;
    case KIND_substitute_named:
        c->substitute = ((const struct substitute_named *)e->data)->substitute;
        break;
    case KIND_absence_ended:
        c->absent_on = DAY_NONE;
        c->substitute = ABSENT;
        break;
    case KIND_report_sent:
        month_reported(c, ((const struct report_sent *)e->data)->report, ((const struct report_sent *)e->data)->month);
        break;
    case KIND_referent_left:
        c->closed_on = e->on;
        break;
    }
}

static void session_card(struct card *c, const struct event *e)
{
    if (e->kind->number == KIND_session_planned) {
        c->kind = ((const struct session_planned *)e->data)->kind;
        c->day = (int32_t)((const struct session_planned *)e->data)->day;
    } else if (e->kind->number == KIND_session_held) {
        c->members = ((const struct session_held *)e->data)->members;
        c->day = e->on;
    }
}

void card_step(struct card *c, const struct event *e)
{
    if (c->opened_on == DAY_NONE)
        c->opened_on = e->on;
    if (e->kind->stream == STREAM_referent)
        referent_card(c, e);
    else if (e->kind->stream == STREAM_session)
        session_card(c, e);
}

static int in_order(const void *a, const void *b)
{
    return event_compare(*(const struct event *const *)a, *(const struct event *const *)b);
}

void card_fold(struct card *c, struct arena *arena, const struct event *const *events, uint32_t count)
{
    const struct event **sorted = arena_copy(arena, events, (count + 1) * sizeof(*events));
    qsort(sorted, count, sizeof(*sorted), in_order);
    *c = (struct card){ .opened_on = DAY_NONE, .closed_on = DAY_NONE, .kind = ABSENT, .day = DAY_NONE,
                        .members = ABSENT, .share_percent = ABSENT, .absent_on = DAY_NONE, .substitute = ABSENT };
    for (int i = 0; i < 4; i++)
        c->reported[i] = DAY_NONE;
    for (uint32_t i = 0; i < count; i++)
        card_step(c, sorted[i]);
}
