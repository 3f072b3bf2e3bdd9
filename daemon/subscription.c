#include "subscription.h"

#include "../events/failure.h"
#include "../projections/folds.h"
#include "service.h"

#define HOUR_MS 3600000ll
#define WEBHOOK_OVERLAP_HOURS 24        /* of the secret before, when the renewal does not say; a calendar's ends at once */
#define ALERT_TOPICS (1u << delivery_topic_alert_shown | 1u << delivery_topic_alert_escalated | 1u << delivery_topic_alert_settled)

static bool opens(struct subscription *s, const struct event *e)
{
    static const struct subscription fresh = { .referent = ABSENT, .stopped_on = DAY_NONE, .topics = ALERT_TOPICS, .weekdays = (1u << weekday_words) - 1 };
    struct subscription anew = fresh;
    switch (e->kind->number) {
    case KIND_webhook_opened: {
        const struct webhook_opened *d = e->data;
        anew.way = WAY_webhook;
        anew.address = d->url;
        anew.secret = d->secret;
        anew.referent = d->referent;
        anew.english = d->language == language_en;
        anew.topics = d->topics == ABSENT ? fresh.topics : (uint64_t)d->topics;
        break;
    }
    case KIND_digest_opened: {
        const struct digest_opened *d = e->data;
        anew.way = WAY_digest;
        anew.address = d->address;
        anew.minute = (int32_t)d->minute;
        anew.weekdays = d->weekdays == ABSENT ? fresh.weekdays : (uint64_t)d->weekdays;
        anew.referent = d->referent;
        anew.english = d->language == language_en;
        anew.names = d->names == 1;
        anew.even_empty = d->even_empty == 1;
        break;
    }
    case KIND_calendar_opened: {
        const struct calendar_opened *d = e->data;
        anew.way = WAY_calendar;
        anew.secret = d->secret;
        anew.referent = d->referent;
        anew.english = d->language == language_en;
        anew.names = d->names == 1;
        break;
    }
    default:
        return false;
    }
    anew.stream = e->stream;
    anew.opened_seq = e->seq;
    anew.opened_ms = e->recorded_ms;
    *s = anew;
    return true;
}

static void change(struct subscription *s, const struct delivery_changed *d)
{
    struct text address = s->way == WAY_webhook ? d->url : d->address;
    s->address = address.at ? address : s->address;
    s->topics = d->topics == ABSENT ? s->topics : (uint64_t)d->topics;
    s->minute = d->minute == ABSENT ? s->minute : (int32_t)d->minute;
    s->weekdays = d->weekdays == ABSENT ? s->weekdays : (uint64_t)d->weekdays;
    s->english = d->language == ABSENT ? s->english : d->language == language_en;
    s->names = d->names == ABSENT ? s->names : d->names == 1;
    s->even_empty = d->even_empty == ABSENT ? s->even_empty : d->even_empty == 1;
}

static void renew(struct subscription *s, const struct event *e)
{
    const struct secret_renewed *d = e->data;
    int64_t hours = d->overlap_hours != ABSENT ? d->overlap_hours : s->way == WAY_webhook ? WEBHOOK_OVERLAP_HOURS : 0;
    s->secret_before = s->secret;
    s->before_until_ms = e->recorded_ms + hours * HOUR_MS;
    s->secret = d->secret;
}

static void step(struct subscription *s, const struct event *e)
{
    switch (e->kind->number) {
    case KIND_delivery_changed:
        change(s, e->data);
        break;
    case KIND_secret_renewed:
        renew(s, e);
        break;
    case KIND_delivery_stopped: {
        const struct delivery_stopped *d = e->data;
        s->stopped_on = e->on;
        s->stopped_why = d->reason == ABSENT ? stop_reason_asked : (int)d->reason;
        s->stopped_seq = e->seq;
        break;
    }
    case KIND_delivery_resumed:
        s->stopped_on = DAY_NONE;
        break;
    default:
        break;
    }
}

bool subscription_fold(struct subscription *ret, const struct event *const *standing, uint32_t count)
{
    bool open = false;
    for (uint32_t i = 0; i < count; i++)
        if (open)
            step(ret, standing[i]);
        else
            open = opens(ret, standing[i]);
    return open;
}

bool subscription_read(struct call *c, struct arena *arena, uint64_t stream, bool open, struct subscription *ret)
{
    struct key key;
    const struct event **events, **standing;
    uint32_t count;
    bool opened = open && vault_key(desk_vault(c->service->desk), stream, &key) == 0;
    if (stream_events(arena, c->log, c->views, stream, opened ? &key : NULL, &events, &count) != 0) {
        failure_forget();
        return false;
    }
    count = parcours_standing(arena, events, count, INT32_MAX, INT64_MAX, &standing);
    return subscription_fold(ret, standing, count);
}
