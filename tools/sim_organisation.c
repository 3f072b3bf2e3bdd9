/* What is not about one participant: référents and their absences, committee sessions, the operation. */
#include <stdio.h>
#include <stdlib.h>

#include "../events/catalogue.h"
#include "sim.h"

#define MONTHS_AHEAD 3          /* sessions are fixed so long before */
#define THURSDAY 3
#define ABSENCE_PERCENT 9       /* of référents, each month */
#define SUBSTITUTE_PERCENT 70
#define TURNOVER_PERMILLE 8
#define LEAST_LOADED_OF 3

const struct matter_row matter_rows[MATTERS] = {
#define MATTER(name, command, of, then) [MATTER_##name] = { command, of, then },
#include "sim_matters.def"
#undef MATTER
};

bool matter_open(struct sim *s, enum matter matter, uint32_t subject, const char *id)
{
    if (wire_full(s) && !wire_send(s))
        return false;
    struct saying saying = { .person = NOBODY, .act = (uint8_t)matter, .on = s->today, .subject = subject };
    wire_open(s, matter_rows[matter].command, matter_rows[matter].of, id, &saying, NULL);
    return true;
}

/* ---- référents ---- */
static bool register_referent(struct sim *s)
{
    static const char *const structures[] = { "ccas", "mission-locale", "maison-emploi", "creativ", "departement" };
    if (s->referent_count == s->referent_room) {
        uint32_t room = s->referent_room ? s->referent_room * 2 : 64;
        struct referent *more = realloc(s->referents, room * sizeof(*more));
        if (!more)
            return false;
        s->referents = more;
        s->referent_room = room;
    }
    uint32_t number = s->referent_count++;
    s->referents[number] = (struct referent){ .since = s->today, .absent_until = DAY_NONE, .left_on = DAY_NONE, .substitute = NOBODY };
    duties_begin(s, &s->referents[number]);
    if (!matter_open(s, MATTER_register, number, NULL))
        return false;
    json_key(&s->out, "name");
    json_text(&s->out, referent_name(number));
    say_word(s, "structure", structures[number % 5]);
    json_key(&s->out, "full_time_percent");
    json_number(&s->out, number % 5 == 4 ? 80 : 100);
    wire_close(s);
    return true;
}

static bool at_work(const struct referent *r)
{
    return r->id[0] && !r->leaving;
}

uint16_t referent_for(struct sim *s, uint64_t *dice)
{
    uint32_t best = NOBODY;
    for (int tries = 0, seen = 0; seen < LEAST_LOADED_OF && tries < 50; tries++) {
        uint32_t one = dice_below(dice, s->referent_count);
        if (!at_work(&s->referents[one]))
            continue;
        seen++;
        if (best == NOBODY || s->referents[one].load < s->referents[best].load)
            best = one;
    }
    return (uint16_t)(best == NOBODY ? 0 : best);
}

static bool goes_away(struct sim *s, uint32_t number)
{
    struct referent *r = &s->referents[number];
    int32_t until = s->today + dice_between(&s->dice, 4, 18);
    bool replaced = dice_percent(&s->dice, SUBSTITUTE_PERCENT);
    uint32_t substitute = referent_for(s, &s->dice);
    if (!matter_open(s, MATTER_absent_from, number, r->id))
        return false;
    say_word(s, "reason", dice_percent(&s->dice, 60) ? "leave" : "illness");
    say_day(s, "until_day", until);
    if (replaced && substitute != number)
        say_word(s, "substitute", s->referents[substitute].id);
    wire_close(s);
    r->absent_until = until;
    r->substitute = replaced && substitute != number ? substitute : NOBODY;
    away_from(s, number, until, r->substitute);
    return true;
}

static bool referent_month(struct sim *s, uint32_t number)
{
    struct referent *r = &s->referents[number];
    if (r->leaving || !r->id[0])
        return true;
    if (r->absent_until == DAY_NONE && dice_percent(&s->dice, ABSENCE_PERCENT))
        return goes_away(s, number);
    r->leaving = s->referent_count > 2 && dice_permille(&s->dice, TURNOVER_PERMILLE);
    return r->leaving ? register_referent(s) : true;
}

static bool simple(struct sim *s, enum matter matter, uint32_t number)
{
    if (!matter_open(s, matter, number, s->referents[number].id))
        return false;
    wire_close(s);
    return true;
}

static bool referents_day(struct sim *s)
{
    for (uint32_t i = 0; i < s->referent_count; i++) {
        struct referent *r = &s->referents[i];
        if (r->absent_until != DAY_NONE && r->absent_until < s->today) {
            r->absent_until = DAY_NONE;
            if (!simple(s, MATTER_back_again, i))
                return false;
        }
        if (r->leaving && r->left_on == DAY_NONE && r->load == 0 && r->id[0]) {
            r->left_on = s->today;
            if (!simple(s, MATTER_leave_post, i))
                return false;
        }
    }
    return true;
}

/* ---- sessions ---- */
static int32_t nth_thursday(int32_t month, int32_t nth)
{
    int32_t first = month_first(month), weekday = ((first + 3) % 7 + 7) % 7;
    return first + (THURSDAY - weekday + 7) % 7 + (nth - 1) * 7;
}

static bool plan_sessions(struct sim *s, uint32_t month)
{
    static const char *const kinds[] = { "integration", "follow_up", "training" };
    static const int32_t thursdays[] = { 2, 4, 3 };
    for (uint32_t sort = 0; month < s->session_count && sort < SESSION_SORTS; sort++) {
        struct session *session = &s->sessions[sort][month];
        session->day = nth_thursday(month_index(s->first_day) + (int32_t)month, thursdays[sort]);
        if (session->day <= s->today)
            continue;       /* before the beginning */
        if (!matter_open(s, MATTER_plan_session, month * SESSION_SORTS + sort, NULL))
            return false;
        say_word(s, "kind", kinds[sort]);
        say_day(s, "day", session->day);
        wire_close(s);
    }
    return true;
}

static bool hold_sessions(struct sim *s)
{
    uint32_t month = (uint32_t)(month_index(s->today) - month_index(s->first_day));
    for (uint32_t sort = 0; sort < SESSION_SORTS; sort++) {
        struct session *session = &s->sessions[sort][month];
        if (session->day != s->today || !session->id[0])
            continue;
        if (!matter_open(s, MATTER_hold_session, month * SESSION_SORTS + sort, session->id))
            return false;
        json_key(&s->out, "members");
        json_number(&s->out, dice_between(&s->dice, 4, 11));
        wire_close(s);
    }
    return true;
}

const struct session *session_from(const struct sim *s, int sort, int32_t day)
{
    int32_t month = month_index(day) - month_index(s->first_day);
    for (uint32_t m = month < 0 ? 0 : (uint32_t)month; m < s->session_count; m++)
        if (s->sessions[sort][m].id[0] && s->sessions[sort][m].day >= day)
            return &s->sessions[sort][m];
    return NULL;
}

const struct session *session_before(const struct sim *s, int sort, int32_t day)
{
    for (int32_t m = month_index(day) - month_index(s->first_day); m >= 0; m--)
        if (s->sessions[sort][m].held && s->sessions[sort][m].day <= day)
            return &s->sessions[sort][m];
    return NULL;
}

/* ---- the days ---- */
bool organisation_starts(struct sim *s)
{
    s->session_count = (uint32_t)(month_index(s->settings.end_day) - month_index(s->first_day)) + 1 + MONTHS_AHEAD;
    for (int sort = 0; sort < SESSION_SORTS; sort++)
        if (!(s->sessions[sort] = calloc(s->session_count, sizeof(struct session))))
            return false;
    for (uint32_t i = 0; i < s->settings.referents; i++)
        if (!register_referent(s))
            return false;
    if (!matter_open(s, MATTER_open_operation, 0, NULL))
        return false;
    say_word(s, "number", "PLIE-2021-0071");
    say_word(s, "title", "Accompagnement renforcé des participants du PLIE");
    wire_close(s);
    for (uint32_t month = 0; month <= MONTHS_AHEAD; month++)
        if (!plan_sessions(s, month))
            return false;
    return wire_send(s);
}

static bool month_begins(const struct sim *s)
{
    return s->today > s->first_day && workday_from(month_first(month_index(s->today))) == s->today;
}

bool organisation_day(struct sim *s)
{
    if (month_begins(s)) {
        uint32_t there = s->referent_count;
        if (!plan_sessions(s, (uint32_t)(month_index(s->today) - month_index(s->first_day)) + MONTHS_AHEAD))
            return false;
        for (uint32_t i = 0; i < there; i++)
            if (!referent_month(s, i))
                return false;
    }
    return hold_sessions(s) && referents_day(s) && duties_day(s) && enterprises_day(s) && activity_day(s) && wire_send(s);
}

static void keep_id(char *ret, const struct answer *a)
{
    snprintf(ret, SIM_ID_BYTES, "%.*s", TEXT_ARGS(a->id));
}

void matter_nothing(struct sim *s, const struct saying *saying, const struct answer *a)
{
    (void)s, (void)saying, (void)a;
}

void matter_registered(struct sim *s, const struct saying *saying, const struct answer *a)
{
    keep_id(s->referents[saying->subject].id, a);
}

void matter_operation(struct sim *s, const struct saying *saying, const struct answer *a)
{
    (void)saying;
    keep_id(s->operation, a);
}

/* Of a session, `subject` is sort and month together. */
static struct session *session_of(struct sim *s, const struct saying *saying)
{
    return &s->sessions[saying->subject % SESSION_SORTS][saying->subject / SESSION_SORTS];
}

void matter_session(struct sim *s, const struct saying *saying, const struct answer *a)
{
    keep_id(session_of(s, saying)->id, a);
}

void matter_held(struct sim *s, const struct saying *saying, const struct answer *a)
{
    (void)a;
    session_of(s, saying)->held = true;
    minutes_begin(s, session_of(s, saying));
}

void settle_organisation(struct sim *s, const struct saying *saying, const struct answer *a)
{
    const struct matter_row *row = &matter_rows[saying->act];
    if (a->status != 200 && a->status != 201) {
        difference(s, "%s: answered %lld %.*s: %.*s", row->command, (long long)a->status, TEXT_ARGS(a->code), TEXT_ARGS(a->why));
        return;
    }
    s->ledger.totals.events++;
    row->then(s, saying, a);
}

void organisation_free(struct sim *s)
{
    for (int sort = 0; sort < SESSION_SORTS; sort++)
        free(s->sessions[sort]);
    free(s->enterprises);
    free(s->referents);
}
