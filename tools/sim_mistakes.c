/* What people forget, mistype, and put right: contacts recorded after later ones, corrections, voids. */
#include "sim.h"

#define FORGOTTEN_DAYS_MAX 16

int32_t when_forgotten(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    int32_t on = workday_back(p->last_on - dice_between(&p->dice, 1, FORGOTTEN_DAYS_MAX));
    /* A contact after the reminder would answer it, and one before the contract would belong to the reception. */
    bool possible = on > p->started_on && !(p->flags & FLAG_SILENT) && s->ledger.rows[person_index(s, p)].phase == LEDGER_running;
    return possible ? on : WHEN_NEVER;
}

void then_late(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)p;
    contact_told(s, saying, a->seq);
    s->ledger.totals.late++;
}

int32_t when_contact_due(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    return p->contact_seq ? s->today : WHEN_NEVER;
}

static void open_content(struct sim *s, uint32_t event, const char *reason, int32_t on)
{
    say_number(s, "event", event);
    say_word(s, "reason", reason);
    json_key(&s->out, "content");
    json_open(&s->out);
    say_day(s, "on", on);
    json_key(&s->out, "data");
    json_open(&s->out);
}

static void close_content(struct sim *s)
{
    json_close(&s->out);
    json_close(&s->out);
}

void say_correction(struct sim *s, struct person *p, struct saying *saying)
{
    bool day_too = dice_percent(&p->dice, 30) && p->contact_on - 1 > p->started_on;
    if (day_too)
        p->contact_on--;
    open_content(s, p->contact_seq, day_too ? "Jour mal saisi." : "Durée mal saisie.", p->contact_on);
    say_contact(s, p, saying);
    close_content(s);
}

void then_corrected(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    uint32_t now = saying->subject | (p->contact_said & SAID_SIGNED_LATER);
    count_contact(s, p->contact_said, -1);
    contact_corrected(s, saying->person, p->contact_seq, p->contact_on, now);
    p->contact_said = (uint8_t)now;
    forget_signature(p, p->contact_seq);
    s->ledger.totals.corrected++;
}

void say_void(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_number(s, "event", p->contact_seq);
    say_word(s, "reason", "Saisi deux fois.");
}

void then_voided(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)saying, (void)a;
    count_contact(s, p->contact_said, -1);
    ledger_contact_voided(&s->ledger, p->contact_seq);
    forget_signature(p, p->contact_seq);
    p->contact_seq = 0;
    s->ledger.totals.voided++;
}

/* The contract bore an earlier day: the parcours starts sooner, and so ends its limit. */
int32_t when_contract_due(struct sim *s, struct person *p, unsigned detail)
{
    (void)detail;
    return p->contract_seq && p->decided_on < p->started_on ? s->today : WHEN_NEVER;
}

void say_contract_moved(struct sim *s, struct person *p, struct saying *saying)
{
    int32_t earliest = p->decided_on > p->started_on - 3 ? p->decided_on : p->started_on - 3;
    int32_t on = dice_between(&p->dice, earliest, p->started_on - 1);
    saying->subject = (uint32_t)on;
    open_content(s, p->contract_seq, "Jour de signature mal saisi.", on);
    say_contract(s, p, saying);
    close_content(s);
}

void then_contract_moved(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_recorded(&s->ledger, p->started_on, p->signed_on, -1);
    p->started_on = (int32_t)saying->subject;
    ledger_recorded(&s->ledger, p->started_on, p->signed_on, 1);
    ledger_contract_moved(&s->ledger, saying->person, p->started_on);
    s->ledger.totals.corrected++;
}
