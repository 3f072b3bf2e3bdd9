/* Contacts every month, reviews, changes, a new référent. */
#include <string.h>

#include "../events/catalogue.h"
#include "sim.h"

#define SIGNED_PERCENT 91
#define REVIEW_SIGNED_PERCENT 86
#define LATE_PERCENT 29         /* of contacts: another one was forgotten, and comes later */
#define CORRECTED_PERCENT 10
#define VOIDED_PERCENT 7

static bool followed(const struct sim *s, const struct person *p)
{
    return !(p->flags & FLAG_SILENT) && s->ledger.rows[person_index(s, p)].phase == LEDGER_running;
}

int32_t when_contact(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    return followed(s, p) ? happened_lately(s, p) : WHEN_NEVER;
}

/* ---- how a contact took place ---- */
static const struct {
    const char *name;
    bool meeting;
} channels[] = {
    { "interview", true }, { "telephone", false }, { "mail", false }, { "tripartite", true }, { "video", false },
    { "workplace", true }, { "on_site", true },
};

uint32_t contact_said(const char *channel, bool is_signed)
{
    uint32_t i = 0;
    while (strcmp(channels[i].name, channel) != 0)
        i++;
    return i | (is_signed ? SAID_SIGNED : 0u);
}

void count_contact(struct sim *s, uint32_t said, int times)
{
    uint32_t i = said & SAID_CHANNEL;
    ledger_contact(&s->ledger, channels[i].name, channels[i].meeting, said & (SAID_SIGNED | SAID_SIGNED_LATER), times);
}

static struct ledger_line line_of(uint32_t person, uint64_t seq, int32_t on, uint32_t said)
{
    uint32_t i = said & SAID_CHANNEL;
    return (struct ledger_line){ .person = person, .seq = seq, .on = on, .called = strcmp(channels[i].name, "telephone") == 0, .meeting = channels[i].meeting };
}

void contact_told(struct sim *s, const struct saying *saying, uint64_t seq)
{
    count_contact(s, saying->subject, 1);
    struct ledger_line line = line_of(saying->person, seq, saying->on, saying->subject);
    line.recorded_on = s->today;
    ledger_contact_told(&s->ledger, line);
}

void contact_corrected(struct sim *s, uint32_t person, uint64_t seq, int32_t on, uint32_t said)
{
    count_contact(s, said, 1);
    ledger_contact_corrected(&s->ledger, line_of(person, seq, on, said));
}

static bool to_sign(uint32_t said)
{
    return channels[said & SAID_CHANNEL].meeting && !(said & SAID_SIGNED);
}

void say_contact(struct sim *s, struct person *p, struct saying *saying)
{
    static const uint8_t shares[] = { 44, 38, 8, 5, 3, 2 };
    static const char *const topics[] = { "follow_up", "project", "job_search", "obstacles", "step", "employment" };
    unsigned channel = saying->act == ACT_contact && saying->detail == 1 ? 0 : dice_weighted(&p->dice, shares, 6);
    bool is_signed = channels[channel].meeting && dice_percent(&p->dice, SIGNED_PERCENT);
    saying->subject = channel | (is_signed ? SAID_SIGNED : 0u);
    say_word(s, "channel", channels[channel].name);
    if (channels[channel].meeting)
        say_flag(s, "signed", is_signed);
    say_number(s, "minutes", channel == 1 ? dice_between(&p->dice, 1, 6) * 5 : dice_between(&p->dice, 2, 6) * 15);
    say_word(s, "topic", topics[dice_below(&p->dice, 6)]);
    if (dice_percent(&p->dice, 60))
        say_word(s, "summary", "Point sur les démarches engagées et sur ce qui reste à faire.");
}

static void plan_mistakes(struct sim *s, struct person *p)
{
    if (dice_percent(&p->dice, LATE_PERCENT))
        plan_in(s, p, 1, 12, ACT_late_contact, 0);
    if (dice_percent(&p->dice, CORRECTED_PERCENT))
        plan_in(s, p, 1, 10, ACT_correct_contact, 0);
    else if (dice_percent(&p->dice, VOIDED_PERCENT))
        plan_in(s, p, 0, 6, ACT_void_contact, 0);
}

/* The obligatory one a month is mostly kept: in a month out of nine it is not. */
static void plan_next(struct sim *s, struct person *p)
{
    static const uint8_t rhythms[] = { 77, 12, 11 };
    static const struct {
        uint8_t low, high;
    } days[] = { { 19, 31 }, { 38, 58 }, { 8, 15 } };
    unsigned rhythm = dice_weighted(&p->dice, rhythms, 3);
    if (dice_percent(&p->dice, 10))
        plan_in(s, p, 5, days[rhythm].high, ACT_attempt, 0);
    if (dice_percent(&p->dice, 25) && rhythm != 2)
        plan_in(s, p, days[rhythm].low - 10, days[rhythm].high - 12, ACT_meet, 1);
    else
        plan_in(s, p, days[rhythm].low, days[rhythm].high, ACT_contact, 0);
}

void then_contact(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    p->contact_seq = (uint32_t)a->seq;
    p->contact_on = saying->on;
    p->contact_said = (uint8_t)saying->subject;
    contact_told(s, saying, a->seq);
    if (to_sign(saying->subject))
        plan_signature(s, p, a->seq);
    plan_mistakes(s, p);
    if (s->referents[p->referent].leaving && !planned(p, ACT_hand_over))
        plan_in(s, p, 0, 8, ACT_hand_over, 0);
    if (!planned(p, ACT_contact) && !planned(p, ACT_meet) && !planned(p, ACT_keep) && !planned(p, ACT_miss))
        plan_next(s, p);
}

void say_attempt(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_word(s, "channel", dice_percent(&p->dice, 80) ? "telephone" : "mail");
    say_word(s, "note", "Message laissé.");
}

/* ---- reviews ---- */
static bool with_them(unsigned review)
{
    return review == review_kind_progress || review == review_kind_closing;
}

void say_review(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const kinds[] = { "progress", "plie", "partners", "long_parcours", "intermediate", "closing" };
    static const char *const results[] = { "met", "partly", "not_met" };
    say_word(s, "review", kinds[saying->detail]);
    if (saying->detail == review_kind_progress || saying->detail == review_kind_closing)
        say_word(s, "result", results[dice_below(&p->dice, 3)]);
    if (saying->detail == review_kind_plie)
        say_flag(s, "with_plie", true);
    if (with_them(saying->detail)) {
        saying->subject = dice_percent(&p->dice, REVIEW_SIGNED_PERCENT);
        say_flag(s, "signed", saying->subject);
    }
    if (saying->detail == review_kind_closing && p->fate.positive)
        say_factors(s, p);
    say_word(s, "summary", "Étapes réalisées, obstacles restants, suite convenue.");
}

void then_reviewed(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    static const struct {
        uint8_t low, high;
    } again[] = { { 125, 160 }, { 72, 98 }, { 72, 98 }, { 168, 190 } };
    if (with_them(saying->detail)) {
        ledger_count(&s->ledger, KEPT_signatures, NULL, saying->subject, 1);
        if (!saying->subject)
            plan_signature(s, p, a->seq);
    }
    if (saying->detail == review_kind_closing && p->fate.positive)
        count_factors(s, p);
    if (saying->detail <= review_kind_long_parcours)
        plan_in(s, p, again[saying->detail].low, again[saying->detail].high, ACT_review, saying->detail);
}

/* ---- what changes ---- */
void say_change(struct sim *s, struct person *p, struct saying *saying)
{
    if (saying->detail == 0) {
        say_word(s, "change", "status");
        return;
    }
    say_word(s, "change", "address");
    say_word(s, "address", "12 rue de la Fontaine");
    say_text(s, "commune", commune_code(p));
}

void then_changed(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying, (void)a;
    plan_in(s, p, 3, 45, ACT_relay, 0);
}

void then_relayed(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)p, (void)saying, (void)a;
    ledger_count(&s->ledger, KEPT_partners, NULL, 1, 0);
}

void say_relay(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_word(s, "structure", dice_percent(&p->dice, 50) ? "ccas" : "france-travail");
}

void then_handed_over(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    s->referents[p->referent].load--;
    p->referent = (uint16_t)saying->subject;
    s->referents[p->referent].load++;
    ledger_referent(&s->ledger, saying->person, p->referent);
    s->ledger.totals.handed_over++;
}
