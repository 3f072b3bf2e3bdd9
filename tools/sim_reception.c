/* First appointments, kept or not, and the diagnosis that comes out of them; and later ones. */
#include <stdio.h>

#include "../events/catalogue.h"
#include "sim.h"

#define CONSENT_PUBLICITY 3     /* place in the list of consents below */
#define RECEPTION 0         /* what a meeting is for: its detail in the agenda */
#define MISSED_PERCENT 17
#define EXCUSED_PERCENT 6
#define PATIENCE 2          /* appointments missed before the prescriber is contacted */

void say_meeting_day(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const places[] = { "Maison de l'emploi", "Mairie annexe", "CCAS", "Antenne des Grésilles" };
    int32_t day = workday_from(s->today + dice_between(&p->dice, 5, 12));
    saying->subject = (uint32_t)day;
    say_day(s, "day", day);
    say_number(s, "minute", dice_between(&p->dice, 34, 66) * 15);
    say_word(s, "channel", saying->detail == RECEPTION || dice_percent(&p->dice, 80) ? "interview" : "telephone");
    say_word(s, "where", places[dice_below(&p->dice, 4)]);
}

void then_meeting_planned(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    p->meeting_seq = (uint32_t)a->seq;
    enum act act = dice_percent(&p->dice, MISSED_PERCENT) ? ACT_miss : dice_percent(&p->dice, EXCUSED_PERCENT) ? ACT_excuse : ACT_keep;
    plan(s, p, (int32_t)saying->subject, act, saying->detail);
}

void say_which_meeting(struct sim *s, struct person *p, struct saying *saying)
{
    (void)saying;
    say_number(s, "appointment", p->meeting_seq);
}

void then_kept(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_met(&s->ledger, saying->person, saying->on);
    if (saying->detail == RECEPTION)
        plan_in(s, p, 0, 3, ACT_receive, 0);
    else
        plan_in(s, p, 0, 3, ACT_contact, 1);
}

void then_missed(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    if (saying->detail != RECEPTION) {
        plan_in(s, p, 3, 15, ACT_contact, 0);
        return;
    }
    p->misses++;
    if (p->misses < PATIENCE) {
        plan_in(s, p, 1, 6, ACT_meet, RECEPTION);
        return;
    }
    if (p->misses == PATIENCE)
        plan_in(s, p, 0, 12, ACT_tell, 0);
    if (dice_percent(&p->dice, 55) || p->misses > PATIENCE)
        plan_in(s, p, 15, 40, ACT_not_enter, 3);
    else
        plan_in(s, p, 10, 20, ACT_meet, RECEPTION);
}

void then_excused(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    if (saying->detail == RECEPTION)
        plan_in(s, p, 1, 5, ACT_meet, RECEPTION);
    else
        plan_in(s, p, 3, 15, ACT_contact, 0);
}

void say_reception(struct sim *s, struct person *p, struct saying *saying)
{
    saying->subject = contact_said("interview", dice_percent(&p->dice, 96));
    say_word(s, "channel", "interview");
    say_flag(s, "signed", saying->subject & SAID_SIGNED);
    say_number(s, "minutes", dice_between(&p->dice, 3, 8) * 15);
    say_word(s, "topic", "reception");
    say_word(s, "summary", "Accueil, présentation du PLIE et du Fonds social européen.");
}

void then_received(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    p->contact_on = saying->on;
    count_contact(s, saying->subject, 1);
    if (!(saying->subject & SAID_SIGNED))
        plan_signature(s, p, a->seq);
    plan_in(s, p, 0, 2, ACT_consent, 0);
    if (dice_percent(&p->dice, 60))
        plan_in(s, p, 0, 2, ACT_consent, dice_percent(&p->dice, 60) ? 2 : 1);
    plan(s, p, s->today + dice_punctual(&p->dice, (struct days){ 0, 2 }, (struct days){ 90, 130 }, (struct days){ 131, 250 }), ACT_consent, CONSENT_PUBLICITY);
    plan_in(s, p, 2, 12, ACT_diagnose, 0);
}

void say_consent(struct sim *s, struct person *p, struct saying *saying)
{
    static const char *const consents[] = { "accompaniment", "sharing", "prescriber", "publicity" };
    (void)p;
    say_word(s, "consent", consents[saying->detail]);
    say_flag(s, "signed", true);
}

void say_diagnosis(struct sim *s, struct person *p, struct saying *saying)
{
    const char *mine[3];
    unsigned first = dice_below(&p->dice, OBSTACLES), n = 1 + dice_below(&p->dice, 3);
    saying->subject = 0;
    for (unsigned i = 0; i < n; i++) {
        unsigned obstacle = (first + i * 5) % OBSTACLES;
        saying->subject |= 1u << obstacle;
        mine[i] = obstacle_names[obstacle];
    }
    say_flag(s, "agreed", true);
    say_flag(s, "informed", true);
    say_words(s, "obstacles", mine, n);
    say_number(s, "maturity", dice_below(&p->dice, 4));
    say_number(s, "autonomy", dice_below(&p->dice, 4));
    say_flag(s, "motivated", dice_percent(&p->dice, 85));
    say_word(s, "summary", "Situation examinée avec la personne ; priorités convenues.");
}

void then_diagnosed(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_diagnosed(&s->ledger, saying->person);
    for (unsigned i = 0; i < OBSTACLES; i++)
        if (saying->subject >> i & 1)
            ledger_found(&s->ledger, saying->person, i, obstacle_names[i]);
    plan_in(s, p, 0, 8, ACT_check, 0);
}
