/* GET /v1/calendars/{delivery}/{secret}: a référent's calendar (RFC 5545), for programs that cannot say who they are: whoever has the address
 * reads it. It is nowhere in the log in clear, in no trace, and renewed at once (renew_secret). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../events/chain.h"
#include "../events/ids.h"
#include "answers.h"
#include "calendars.h"
#include "names.h"
#include "out/ical.h"
#include "service.h"
#include "subscription.h"

#define CALENDAR_BYTES_MAX (16u << 20)
#define SUFFIX ".ics"           /* some programs ask for it */

static struct text secret_asked(const struct call *call)
{
    struct text t = call_last_part(call);
    size_t suffix = sizeof(SUFFIX) - 1;
    if (t.bytes > suffix && memcmp(t.at + t.bytes - suffix, SUFFIX, suffix) == 0)
        t.bytes -= (uint32_t)suffix;
    return t;
}

/* Whatever is wrong gets the one answer: no such delivery, one of another kind, stopped, another secret. */
static bool is_open(struct call *call, struct subscription *s)
{
    struct text asked = secret_asked(call);
    bool good = call_has_stream(call, STREAM_delivery, call->stream) && subscription_read(call, call->arena, call->stream, true, s) &&
                s->way == WAY_calendar && s->stopped_on == DAY_NONE && s->secret.bytes && s->secret.bytes == asked.bytes &&
                chain_same(s->secret.at, asked.at, asked.bytes);
    if (!good)
        call_refuse(call, REFUSED_unknown, NULL, NULL);
    return good;
}

struct telling {
    struct call *call;
    struct names *names;        /* NULL: nobody is named */
    struct written text;
    bool french, in_paris;
    char log[2 * SID_BYTES + 1];
};

static struct text uid_of(struct telling *t, const struct entry *e)
{
    char id[ID_TEXT_BYTES];
    if (e->kind == ENTRY_appointment)
        return arena_print(t->call->arena, "appointment-%" PRIu64 "@%s.parcoursd", e->seq, t->log);
    return arena_print(t->call->arena, "deadline-%s-%s-%" PRId32 "@%s.parcoursd", rules[e->word].name, id_print(STREAM_participant, e->stream, id), e->number, t->log);
}

static struct text summary_of(struct telling *t, const struct entry *e)
{
    char id[ID_TEXT_BYTES];
    struct text person = t->names ? names_said(t->names, e->stream) : (struct text){ NULL, 0 };
    id_print(STREAM_participant, e->stream, id);
    if (e->kind == ENTRY_appointment)
        return arena_print(t->call->arena, "%s %s%s%.*s", t->french ? "Rendez-vous" : "Appointment", id, person.bytes ? " " : "", TEXT_ARGS(person));
    return arena_print(t->call->arena, "%s %s%s%.*s", rule_sentence((enum rule_number)e->word, t->french), id, person.bytes ? " " : "", TEXT_ARGS(person));
}

static void write_entry(struct telling *t, const struct entry *e)
{
    struct ical_entry entry = { .uid = uid_of(t, e), .sequence = e->changed_seq, .changed_ms = e->changed_ms, .day = e->day, .minute = e->minute,
                                .begins_ms = e->minute < 0 ? 0 : service_instant_of(e->day, e->minute), .summary = summary_of(t, e),
                                .cancelled = e->cancelled, .leaves_free = e->kind == ENTRY_deadline };
    ical_entry(&t->text, &entry, t->in_paris);
}

static void write_calendar(struct telling *t, const struct calendar *calendar, uint64_t referent)
{
    char id[ID_TEXT_BYTES];
    struct text plie = desk_plie_name(t->call->service->desk);
    ical_begin(&t->text, arena_print(t->call->arena, "%.*s, %s", TEXT_ARGS(plie), id_print(STREAM_referent, referent, id)), t->in_paris);
    for (uint32_t i = 0; i < calendar->n; i++)
        write_entry(t, &calendar->at[i]);
    ical_finish(&t->text);
}

static void send_calendar(struct call *call, const struct subscription *s, const struct calendar *calendar)
{
    struct names names;
    struct telling t = { .call = call, .french = !s->english, .in_paris = text_is(desk_zone(call->service->desk), "Europe/Paris") };
    const uint8_t *sid = desk_sid(call->service->desk);
    for (int i = 0; i < SID_BYTES; i++)
        snprintf(t.log + 2 * i, 3, "%02x", sid[i]);
    names_begin(&names, call);
    t.names = s->names ? &names : NULL;
    written_begin(&t.text, CALENDAR_BYTES_MAX);
    write_calendar(&t, calendar, (uint64_t)s->referent);
    if (t.text.failed)
        call_refuse(call, REFUSED_too_large, NULL, NULL);
    else
        call_send_looked(call, "text/calendar; charset=utf-8", t.text.at, t.text.bytes);
    written_end(&t.text);
    names_end(&names);
}

void answer_calendar(struct call *call)
{
    struct subscription s;
    struct calendar calendar;
    if (call_look(call) && is_open(call, &s) && calendar_read(call, (uint64_t)s.referent, call->today, &calendar))
        send_calendar(call, &s, &calendar);
}
