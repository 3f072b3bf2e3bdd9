/* Digests: when one is due, and the mail that goes. An occurrence is a day of the subscription's at its minute; the last one that is over is
 * due until the log says what became of it. So it goes once, at the start when the daemon was stopped over the hour, and of several that
 * were missed only the last. */
#include <stdlib.h>
#include <string.h>

#include "../events/days.h"
#include "deliveries_inside.h"
#include "digest.h"
#include "settings.h"

#define WEEK_DAYS 7

/* ---- when ---- */
static bool is_day_of(const struct subscription *s, int32_t day)
{
    int weekday = WEEK_DAYS - 1 - (week_last(week_index(day)) - day);
    return s->weekdays >> weekday & 1;
}

int32_t digest_occurrence(const struct subscription *s, int64_t now_ms)
{
    int32_t today = service_day_of(NULL, now_ms);
    for (int32_t day = today; day > today - WEEK_DAYS - 1; day--) {
        if (!is_day_of(s, day))
            continue;
        int64_t ms = service_instant_of(day, s->minute);
        if (ms <= now_ms)
            return ms > s->opened_ms ? day : DAY_NONE;
    }
    return DAY_NONE;
}

/* One that failed until the next one came is given up. */
static bool replaces(struct delivery *one, int32_t day)
{
    struct outbox *o = &one->box;
    if (o->attempts == 0 || o->current.topic != MESSAGE_digest || o->current.day >= day)
        return false;
    one->failed = one->given_up = true;
    one->failed_message = o->current;
    one->failed_attempts = o->attempts;
    if (one->failed_end == TRANSFER_sent)       /* another process tried */
        one->failed_end = TRANSFER_unreachable;
    outbox_told(o, &o->current);
    outbox_forgive(o);
    return true;
}

static bool has_server(struct delivery *one)
{
    bool has = one->all->service->settings->mail_server.url != NULL;
    if (!has)
        snprintf(one->said, sizeof(one->said), "no mail server is set (--mail)");
    return has;
}

bool digest_may_go(struct delivery *one, int64_t now_ms)
{
    const struct outbox *o = &one->box;
    int32_t day = digest_occurrence(&o->set, now_ms);
    if (o->tests.n)
        return has_server(one);
    if (o->set.stopped_on != DAY_NONE || day == DAY_NONE || day <= o->digest_day || o->unrecorded.n || replaces(one, day))
        return false;
    return outbox_ready(o, now_ms) && has_server(one);
}

/* ---- what ---- */
static struct text message_id(const struct delivery *one, struct arena *arena)
{
    const char *from = one->all->service->settings->mail_server.from;
    return arena_print(arena, "%s@%s", one->box.current.id, strchr(from, '@') + 1);
}

static void keep_body(struct delivery *one, struct text mail)
{
    struct hash h = chain_hash(mail.at, mail.bytes);
    one->body = realloc(one->body, mail.bytes + 1);
    if (!one->body)
        abort();
    memcpy(one->body, mail.at, mail.bytes);
    one->body_bytes = mail.bytes;
    memcpy(one->body_of, one->box.current.id, MESSAGE_ID_BYTES);
    for (int i = 0; i < HASH_BYTES; i++)
        snprintf(one->mail_hash + 2 * i, 3, "%02x", h.at[i]);
}

enum made { MADE_mail, MADE_nothing, MADE_failed };

/* The same bytes at each attempt, as long as the process lives. A test says what the digest of this instant would. */
static enum made make_mail(struct call *c, struct delivery *one)
{
    const struct subscription *s = &one->box.set;
    const struct message *m = &one->box.current;
    struct digest d;
    bool test = m->topic == MESSAGE_test;
    if (strcmp(one->body_of, m->id) == 0)
        return MADE_mail;
    if (!digest_of(c, s, test ? c->today : m->day, &d))
        return MADE_failed;
    if (d.empty && !s->even_empty && !test)
        return MADE_nothing;
    struct text mail = digest_mail(c, s, &d, message_id(one, c->arena), test ? service_clock_ms(c->service) : service_instant_of(m->day, s->minute));
    if (!mail.at)
        return MADE_failed;
    keep_body(one, mail);
    return MADE_mail;
}

static void begin_mail(struct call *c, struct delivery *one)
{
    const struct settings *set = c->service->settings;
    const struct mail_server *server = &set->mail_server;
    transfers_begin(one->all->transfers, &(struct transfer){ .kind = TRANSFER_mail, .url = server->url, .body = one->body, .body_bytes = one->body_bytes,
                    .from = server->from, .to = arena_print(c->arena, "%.*s", TEXT_ARGS(one->box.set.address)).at, .user = server->user,
                    .password = server->user ? server->password : NULL, .tls_required = server->tls_required, .ca_file = set->ca_file,
                    .done = delivery_ended, .context = one });
}

void digest_begin(struct call *c, struct delivery *one, int64_t now_ms)
{
    struct outbox *o = &one->box;
    struct message m = { .topic = MESSAGE_digest, .to = ABSENT, .until_day = DAY_NONE, .escalated_on = DAY_NONE, .day = digest_occurrence(&o->set, now_ms) };
    if (o->tests.n == 0) {
        outbox_name(o, &m);
        outbox_begin_one(o, &m);
    } else if (!outbox_begin(o, now_ms)) {
        return;
    }
    switch (make_mail(c, one)) {
    case MADE_mail:
        begin_mail(c, one);
        break;
    case MADE_nothing:
        outbox_decided(o, now_ms);
        one->flush = true;
        break;
    case MADE_failed:       /* the store could not be read now: it is tried again as if the server had not answered */
        delivery_ended(one, &(struct transfer_result){ .end = TRANSFER_unreachable, .sentence = "the digest could not be made" });
        break;
    }
}

/* ---- refusals ---- */
/* The server, or who is written to, says no for good. */
static bool is_refusal(const struct transfer_result *r)
{
    return r->end == TRANSFER_authentication || r->end == TRANSFER_address || (r->end == TRANSFER_refused && r->answered >= 500);
}

bool digest_refused_again(struct delivery *one, const struct transfer_result *r)
{
    struct outbox *o = &one->box;
    if (o->current.topic != MESSAGE_digest || !is_refusal(r))
        return false;
    bool again = o->refused_day != DAY_NONE && o->refused_day != o->current.day;
    o->refused_day = o->current.day;
    return again;
}
