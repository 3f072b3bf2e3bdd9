/* The folds of streams that are not a participant's: short, and refolded whole. */
#include "folds.h"

static int32_t day_told(int64_t day)
{
    return day == ABSENT ? DAY_NONE : (int32_t)day;
}

/* March sent does not stand for February. */
static void run_told(struct told_run *r, int32_t first, int64_t which)
{
    int32_t missing = r->until == DAY_NONE ? first : r->until + 1;
    if (which < missing || which > missing + 63)
        return;
    r->later |= 1ull << (which - missing);
    for (; r->later & 1; r->later >>= 1)
        r->until = missing++;
}

static void month_reported(struct card *c, const struct report_sent *r)
{
    if (r->report >= 0 && r->report < 4)
        run_told(&c->reported[r->report], month_index(c->opened_on), r->month);
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
        c->absent_until = day_told(((const struct absence_started *)e->data)->until_day);
        c->absent_seq = e->seq;
        c->substitute = ((const struct absence_started *)e->data)->substitute;
        break;
    case KIND_substitute_named:
        c->substitute = ((const struct substitute_named *)e->data)->substitute;
        break;
    case KIND_absence_ended:
        c->absent_on = c->absent_until = DAY_NONE;
        c->substitute = ABSENT;
        break;
    case KIND_report_sent:
        month_reported(c, e->data);
        break;
    case KIND_agenda_validated:
        run_told(&c->agenda, week_index(c->opened_on), week_index((int32_t)((const struct agenda_validated *)e->data)->week));
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
    } else if (e->kind->number == KIND_session_held && c->members == ABSENT) {     /* told again, it does not count */
        c->members = ((const struct session_held *)e->data)->members;
        c->day = e->on;
    }
}

static void operation_card(struct card *c, const struct event *e)
{
    const struct operation_opened *o = e->data;
    if (e->kind->number != KIND_operation_opened)
        return;
    c->from_day = day_told(o->from_day);
    c->until_day = day_told(o->until_day);
}

void card_step(struct card *c, const struct event *e)
{
    if (c->opened_on == DAY_NONE)
        c->opened_on = e->on;
    if (e->kind->stream == STREAM_referent)
        referent_card(c, e);
    else if (e->kind->stream == STREAM_session)
        session_card(c, e);
    else if (e->kind->stream == STREAM_operation)
        operation_card(c, e);
}

void card_fold(struct card *c, const struct event *const *standing, uint32_t count)
{
    *c = (struct card){ .opened_on = DAY_NONE, .closed_on = DAY_NONE, .kind = ABSENT, .day = DAY_NONE, .from_day = DAY_NONE, .until_day = DAY_NONE,
                        .members = ABSENT, .share_percent = ABSENT, .absent_on = DAY_NONE, .absent_until = DAY_NONE, .substitute = ABSENT };
    c->agenda.until = DAY_NONE;
    for (int i = 0; i < 4; i++)
        c->reported[i].until = DAY_NONE;
    for (uint32_t i = 0; i < count; i++)
        card_step(c, standing[i]);
}
