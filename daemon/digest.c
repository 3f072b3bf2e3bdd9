/* What is read for a digest, and the mail it becomes. */
#include "digest.h"

#include <string.h>

#include "../events/ids.h"
#include "alerts.h"
#include "answers.h"
#include "calendars.h"
#include "digest_told.h"
#include "names.h"
#include "out/mail.h"
#include "service.h"
#include "settings.h"

#define MAIL_BYTES_MAX (16u << 20)      /* quoted-printable makes three bytes of one, twice DIGEST_BYTES_MAX */

/* Who pays is said wherever the PLIE writes (publicity_set); at NULL: nobody told. */
static bool read_mention(struct call *call, int32_t day, struct text *ret)
{
    struct card card;
    const struct event **events;
    uint32_t count;
    if (!call_card(call, call->arena, 0, STREAM_plie, (struct moment){ day, INT64_MAX }, &card, &events, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (events[i]->kind->number == KIND_publicity_set)
            *ret = ((const struct publicity_set *)events[i]->data)->mention;
    return true;
}

/* A référent's: what is routed to them. The coordinator's: everybody's, for it tells how much waits with whom. */
static bool read_alerts(struct call *call, struct digest_facts *facts)
{
    struct alerts_asked asked = alerts_of_today(call);
    struct alert *found;
    uint32_t count;
    asked.on = facts->day;
    asked.to = facts->reader;
    if (!alerts_of(call, &asked, &found, &count))
        return false;
    struct alerts_view view = alerts_view_of(call, facts->day, INT64_MAX);
    struct digest_alert *told = ARENA_ARRAY(call->arena, struct digest_alert, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        struct way r = alert_routed(&view, &found[i]);
        told[i] = (struct digest_alert){ .is = found[i], .to = r.to, .escalated = r.escalated };
    }
    facts->alerts = told;
    facts->count = count;
    return true;
}

static bool tell(struct call *call, struct digest_facts *facts, const struct subscription *s, struct digest *ret)
{
    struct names names;
    struct digest_told told;
    names_begin(&names, call);
    if (s->names) {
        facts->person = names_said;
        facts->context = &names;
    }
    bool good = digest_tell(facts, &told);
    names_end(&names);
    if (!good) {
        call_refuse(call, REFUSED_too_large, NULL, NULL);
        return false;
    }
    *ret = (struct digest){ .subject = told.subject, .plain = told.plain, .html = told.html, .empty = told.count == 0 };
    return true;
}

bool digest_of(struct call *call, const struct subscription *s, int32_t day, struct digest *ret)
{
    char id[ID_TEXT_BYTES];
    struct calendar calendar;
    const char *url = call->service->settings->public_url;
    struct digest_facts facts = { .arena = call->arena, .french = call->french, .reader = s->referent == ABSENT ? NOBODY : (uint64_t)s->referent,
                                  .delivery = text_of(id_print(STREAM_delivery, s->stream, id)), .day = day, .position = call->position.seq,
                                  .plie = desk_plie_name(call->service->desk), .public_url = text_of(url) };
    if (!read_mention(call, day, &facts.mention) || !read_alerts(call, &facts))
        return false;
    if (facts.reader != NOBODY) {
        if (!calendar_read(call, facts.reader, day, &calendar))
            return false;
        facts.calendar = &calendar;
    }
    return tell(call, &facts, s, ret);
}

struct text digest_mail(struct call *call, const struct subscription *s, const struct digest *d, struct text message_id, int64_t at_ms)
{
    struct written w;
    struct mail mail = { .from_name = desk_plie_name(call->service->desk), .from = text_of(call->service->settings->mail_server.from), .to = s->address,
                         .subject = d->subject, .message_id = message_id, .date_ms = at_ms, .plain = d->plain, .html = d->html };
    written_begin(&w, MAIL_BYTES_MAX);
    mail_write(&w, &mail);
    struct text whole = w.failed ? (struct text){ NULL, 0 } : arena_text(call->arena, w.at, w.bytes);
    written_end(&w);
    return whole;
}
