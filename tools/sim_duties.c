/* What the référents and the sessions owe, with human punctuality: most in time, some late, a few put off for weeks. */
#include "sim.h"

static int32_t after(struct sim *s, int32_t from, struct days in_time, struct days late, struct days put_off)
{
    return workday_back(from + dice_punctual(&s->dice, in_time, late, put_off));
}

/* ---- reports and agendas ---- */
static int32_t period_of(int chore, int32_t day)
{
    return chore == CHORE_AGENDA ? week_index(day) : month_index(day);
}

static void next_told(struct sim *s, struct referent *r, int chore)
{
    struct chore *c = &r->chores[chore];
    bool agenda = chore == CHORE_AGENDA;
    int32_t end = agenda ? week_last(c->period) : month_last(c->period);
    int32_t on = after(s, end, agenda ? (struct days){ 1, 6 } : (struct days){ 3, 5 }, (struct days){ 8, 15 }, (struct days){ 17, 40 });
    c->on = on > s->today ? on : s->today + 1;
}

void duties_begin(struct sim *s, struct referent *r)
{
    for (int i = 0; i < CHORES; i++) {
        r->chores[i].period = period_of(i, s->today);
        next_told(s, r, i);
    }
    r->pair_on = s->today + dice_between(&s->dice, 5, 60);
    r->justify_on = DAY_NONE;
    r->trained_on[TRAINING_TOOL] = after(s, s->today, (struct days){ 8, 75 }, (struct days){ 95, 120 }, (struct days){ 121, 180 });
    r->trained_on[TRAINING_FUND] = after(s, s->today, (struct days){ 15, 110 }, (struct days){ 111, 150 }, (struct days){ 151, 250 });
}

static bool tell(struct sim *s, uint32_t number, int chore)
{
    static const char *const reports[] = { "activity", "steps" };
    struct referent *r = &s->referents[number];
    struct chore *c = &r->chores[chore];
    char month[DAY_TEXT_BYTES];
    bool over = r->left_on != DAY_NONE && c->period > period_of(chore, r->left_on);
    if (c->on > s->today || over || !r->id[0])
        return true;
    if (!matter_open(s, chore == CHORE_AGENDA ? MATTER_validate : MATTER_report, number, r->id))
        return false;
    if (chore == CHORE_AGENDA) {
        say_day(s, "week", week_last(c->period));
    } else {
        say_word(s, "report", reports[chore]);
        say_word(s, "month", month_print(c->period, month));
        say_flag(s, "validated", dice_percent(&s->dice, 95));
    }
    wire_close(s);
    c->period++;
    next_told(s, r, chore);
    return true;
}

static bool train(struct sim *s, uint32_t number, int training)
{
    static const char *const names[] = { "tool", "fse" };
    struct referent *r = &s->referents[number];
    if (r->trained_on[training] == DAY_NONE || r->trained_on[training] > s->today || r->left_on != DAY_NONE || !r->id[0])
        return true;
    r->trained_on[training] = DAY_NONE;
    if (!matter_open(s, MATTER_train, number, r->id))
        return false;
    say_word(s, "training", names[training]);
    wire_close(s);
    return true;
}

/* ---- minutes ---- */
void minutes_begin(struct sim *s, struct session *session)
{
    session->minutes_on = after(s, s->today, (struct days){ 3, 14 }, (struct days){ 17, 30 }, (struct days){ 35, 90 });
}

static bool file_minutes(struct sim *s, uint32_t month, uint32_t sort)
{
    struct session *session = &s->sessions[sort][month];
    if (!session->held || session->minutes_on == DAY_NONE || session->minutes_on > s->today)
        return true;
    session->minutes_on = DAY_NONE;
    if (!matter_open(s, MATTER_minutes, month * SESSION_SORTS + sort, session->id))
        return false;
    say_word(s, "minutes", "Relevé des décisions de la séance, approuvé par les membres présents.");
    wire_close(s);
    return true;
}

bool duties_day(struct sim *s)
{
    for (uint32_t i = 0; i < s->referent_count; i++) {
        for (int chore = 0; chore < CHORES; chore++)
            if (!tell(s, i, chore))
                return false;
        for (int training = 0; training < TRAININGS; training++)
            if (!train(s, i, training))
                return false;
    }
    for (uint32_t month = 0; month < s->session_count; month++)
        for (uint32_t sort = 0; sort < SESSION_SORTS; sort++)
            if (!file_minutes(s, month, sort))
                return false;
    return true;
}
