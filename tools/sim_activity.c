/* What the référents do besides: their time, meetings, gaps they report; and the events to which they send participants. */
#include <stdio.h>

#include "sim.h"

#define FRIDAY 4
#define TUESDAY 1
#define SLOTS_A_WEEK 3
#define ATTENDED_PERCENT 90
#define JUSTIFIED_PERCENT 55        /* of the meetings missed: told beforehand */
#define JUSTIFIED_LATER_PERCENT 80  /* of the others */
#define OTHER_MEETING_PERCENT 25
#define GAP_PERMILLE 60             /* of the référents, each month */
#define RECENT_DAYS 12              /* a presence is recorded so long after the event */

static int32_t weekday(int32_t day)
{
    return ((day + 3) % 7 + 7) % 7;
}

static bool there(const struct referent *r)
{
    return r->id[0] && r->left_on == DAY_NONE && r->absent_until == DAY_NONE;
}

/* ---- the time of a week ---- */
static const char *const tasks[] = { "first_reception", "interview", "contact", "step_followup", "enterprise", "meeting", "administration",
                                     "training", "travel", "other" };
static const uint8_t task_shares[] = { 9, 34, 11, 12, 7, 7, 12, 2, 4, 2 };

static bool slot(struct sim *s, uint32_t number, int32_t day)
{
    unsigned task = dice_weighted(&s->dice, task_shares, 10);
    int32_t minutes = dice_between(&s->dice, 6, 14) * 30;
    if (!matter_open(s, MATTER_agenda, number, s->referents[number].id))
        return false;
    say_day(s, "day", day);
    say_number(s, "minute", dice_between(&s->dice, 17, 28) * 30);
    say_number(s, "minutes", minutes);
    say_word(s, "task", tasks[task]);
    say_word(s, "operation", s->operation);
    wire_close(s);
    ledger_count(&s->ledger, KEPT_time, tasks[task], minutes, 0);
    return true;
}

static bool week(struct sim *s, uint32_t number)
{
    for (int i = 0; i < SLOTS_A_WEEK; i++) {
        int32_t day = s->today - 2 * i;
        if (!slot(s, number, day < s->first_day ? s->today : day))
            return false;
    }
    unsigned task = dice_weighted(&s->dice, task_shares, 10);
    int32_t minutes = dice_between(&s->dice, 1, 16) * 15;
    if (!matter_open(s, MATTER_time, number, s->referents[number].id))
        return false;
    say_number(s, "minutes", minutes);
    say_word(s, "task_code", tasks[task]);
    say_word(s, "operation", s->operation);
    wire_close(s);
    ledger_count(&s->ledger, KEPT_time, tasks[task], minutes, 0);
    return true;
}

/* ---- meetings ---- */
static bool miss(struct sim *s, uint32_t number, const char *meeting)
{
    struct referent *r = &s->referents[number];
    bool justified = dice_percent(&s->dice, JUSTIFIED_PERCENT);
    if (!matter_open(s, justified ? MATTER_miss_told : MATTER_miss, number, r->id))
        return false;
    say_word(s, "meeting", meeting);
    if (justified)
        say_flag(s, "justified", true);
    wire_close(s);
    ledger_count(&s->ledger, KEPT_attendance, NULL, 0, 1);
    return true;
}

void matter_missed(struct sim *s, const struct saying *saying, const struct answer *a)
{
    struct referent *r = &s->referents[saying->subject];
    if (r->justify_on != DAY_NONE || !dice_percent(&s->dice, JUSTIFIED_LATER_PERCENT))
        return;
    r->missed_seq = (uint32_t)a->seq;
    r->justify_on = s->today + dice_between(&s->dice, 1, 20);
}

static bool justify(struct sim *s, uint32_t number)
{
    struct referent *r = &s->referents[number];
    if (r->justify_on == DAY_NONE || r->justify_on > s->today)
        return true;
    r->justify_on = DAY_NONE;
    if (!matter_open(s, MATTER_justify, number, r->id))
        return false;
    say_number(s, "missed", r->missed_seq);
    say_word(s, "reason", "Rendez-vous médical.");
    wire_close(s);
    return true;
}

static bool meeting(struct sim *s, uint32_t number, const char *which)
{
    if (!dice_percent(&s->dice, ATTENDED_PERCENT))
        return miss(s, number, which);
    if (!matter_open(s, MATTER_attend, number, s->referents[number].id))
        return false;
    say_word(s, "meeting", which);
    say_number(s, "minutes", dice_between(&s->dice, 4, 12) * 15);
    say_flag(s, "signed", dice_percent(&s->dice, 92));
    wire_close(s);
    ledger_count(&s->ledger, KEPT_attendance, NULL, 1, 1);
    return true;
}

/* The team's meeting is on the first Tuesday of the month; some have another one. */
static bool meetings(struct sim *s, uint32_t number)
{
    static const char *const others[] = { "partners", "committee", "clauses", "ett", "team", "event" };
    static const char *const needs[] = { "training", "insertion_post", "action", "service" };
    if (!meeting(s, number, "gtt"))
        return false;
    if (dice_percent(&s->dice, OTHER_MEETING_PERCENT) && !meeting(s, number, others[dice_below(&s->dice, 6)]))
        return false;
    if (!dice_permille(&s->dice, GAP_PERMILLE))
        return true;
    const char *need = needs[dice_below(&s->dice, 4)];
    if (!matter_open(s, MATTER_gap, number, s->referents[number].id))
        return false;
    say_word(s, "need", need);
    say_word(s, "proposal", "Ouvrir une session dans le secteur, avec un organisme du territoire.");
    wire_close(s);
    ledger_count(&s->ledger, KEPT_gaps, need, 1, 0);
    return true;
}

/* ---- events ---- */
static const char *const event_names[] = { "jobdating", "forum-metiers", "semaine-industrie", "visite-entreprise", "atelier-numerique" };

static bool plan_event(struct sim *s)
{
    static const uint8_t shares[] = { 30, 18, 12, 24, 16 };
    if (s->event_count == EVENTS_MAX)
        return true;
    struct gathering *g = &s->events[s->event_count];
    *g = (struct gathering){ .day = workday_from(s->today + dice_between(&s->dice, 4, 24)), .kind = (uint8_t)dice_weighted(&s->dice, shares, 5) };
    if (!matter_open(s, MATTER_plan_action, s->event_count++, NULL))
        return false;
    say_word(s, "kind", event_names[g->kind]);
    say_day(s, "day", g->day);
    if (g->kind == 2 || g->kind == 3)
        say_word(s, "naf", g->kind == 2 ? "2562B" : "4399C");
    wire_close(s);
    if (g->kind == 3)
        ledger_count(&s->ledger, KEPT_btp_actions, "collective", 1, 0);
    return true;
}

void matter_planned(struct sim *s, const struct saying *saying, const struct answer *a)
{
    snprintf(s->events[saying->subject].id, SIM_ID_BYTES, "%.*s", TEXT_ARGS(a->id));
}

static bool hold_events(struct sim *s)
{
    for (uint32_t i = 0; i < s->event_count; i++) {
        struct gathering *g = &s->events[i];
        if (g->day != s->today || !g->id[0])
            continue;
        if (!matter_open(s, MATTER_hold_action, i, g->id))
            return false;
        say_number(s, "people", dice_between(&s->dice, 5, 80));
        wire_close(s);
        g->held = true;
        ledger_count(&s->ledger, KEPT_collective_actions, NULL, 1, 0);
    }
    return true;
}

static uint32_t last_event(const struct sim *s)
{
    uint32_t last = NOBODY;
    for (uint32_t i = 0; i < s->event_count; i++)
        if (s->events[i].held && (last == NOBODY || s->events[i].day > s->events[last].day))
            last = i;
    return last;
}

/* On the day of the event, often after later things were recorded. */
int32_t when_present(struct sim *s, struct person *p, unsigned detail)
{
    uint32_t last = last_event(s);
    if (when_contact(s, p, detail) == WHEN_NEVER)
        return WHEN_NEVER;
    bool recent = last != NOBODY && s->today - s->events[last].day <= RECENT_DAYS && s->events[last].day > p->started_on;
    return recent ? s->events[last].day : WHEN_LATER;
}

void say_presence(struct sim *s, struct person *p, struct saying *saying)
{
    saying->subject = last_event(s);
    say_word(s, "action", s->events[saying->subject].id);
    say_word(s, "event", event_names[s->events[saying->subject].kind]);
    say_flag(s, "signed", dice_percent(&p->dice, 90));
}

void then_present(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    (void)a;
    ledger_count(&s->ledger, KEPT_presences, event_names[s->events[saying->subject].kind], 1, 0);
    s->ledger.rows[saying->person].ever.present = true;
    s->ledger.totals.late += saying->on < p->last_on;
    plan_in(s, p, 60, 240, ACT_present, 0);
}

/* ---- what the accompaniment of the year before cost: 705 EUR each, as published (DB-26) ---- */
#define COST_EACH_CENTS 70500

static bool tell_cost(struct sim *s)
{
    struct civil c = day_civil(s->today);
    int32_t from = day_of(c.year - 1, 1, 1), to = day_of(c.year - 1, 12, 31);
    if (c.month != 2 || from < s->first_day)
        return true;
    if (!matter_open(s, MATTER_cost, 0, NULL))
        return false;
    say_number(s, "year", c.year - 1);
    int64_t cents = (int64_t)ledger_followed(&s->ledger, from, to) * COST_EACH_CENTS;
    say_number(s, "cents", cents);
    wire_close(s);
    ledger_count(&s->ledger, KEPT_mean_cost, NULL, cents, 0);
    return true;
}

bool activity_day(struct sim *s)
{
    bool team_day = weekday(s->today) == TUESDAY && day_civil(s->today).day <= 7;
    if (team_day && (!plan_event(s) || !tell_cost(s)))
        return false;
    for (uint32_t i = 0; i < s->referent_count; i++) {
        if (!there(&s->referents[i]))
            continue;
        if (!justify(s, i) || (team_day && !meetings(s, i)) || (weekday(s->today) == FRIDAY && !week(s, i)))
            return false;
    }
    return hold_events(s);
}
