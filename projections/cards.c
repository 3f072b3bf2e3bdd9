/* The folds of streams that are not a participant's: short, and refolded whole. */
#include "folds.h"

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
    case KIND_report_sent: {
        const struct report_sent *d = e->data;
        if (d->report >= 0 && d->report < 4 && d->month > c->reported[d->report])
            c->reported[d->report] = (int32_t)d->month;
        break;
    }
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

void card_fold(struct card *c, const struct event *const *events, uint32_t count)
{
    *c = (struct card){ .opened_on = count ? events[0]->on : DAY_NONE, .closed_on = DAY_NONE, .kind = ABSENT, .day = DAY_NONE,
                        .members = ABSENT, .share_percent = ABSENT, .absent_on = DAY_NONE, .substitute = ABSENT };
    for (int i = 0; i < 4; i++)
        c->reported[i] = DAY_NONE;
    for (uint32_t i = 0; i < count; i++) {
        if (events[i]->kind->stream == STREAM_referent)
            referent_card(c, events[i]);
        else if (events[i]->kind->stream == STREAM_session)
            session_card(c, events[i]);
    }
}
