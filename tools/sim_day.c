/* The loop over the days, and what becomes of each answer. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim.h"

#define DIFFERENCES_SHOWN 40
#define DELAY_DAYS_MAX 6
#define ARRIVALS_GAIN 0.08          /* how much of what is missing arrives in a day */
#define ARRIVALS_MOST 0.012         /* of the stock, in a day: it fills in about four months */
#define ENTERING_SHARE 0.74         /* of the persons oriented */
#define LEAVING_DAYS 10.0           /* of a hundred: the part of the stock that leaves while the newly oriented wait */

const struct act_row act_rows[ACTS] = {
#define ACT(name, command, when, say, then) [ACT_##name] = { #name, command, when, say, then },
#include "sim_acts.def"
#undef ACT
};

void difference(struct sim *s, const char *format, ...)
{
    va_list arguments;
    if (s->unexpected++ >= DIFFERENCES_SHOWN)
        return;
    char day[DAY_TEXT_BYTES];
    printf("%s ", day_print(s->today, day));
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

/* Most things are recorded within the week: half of them on the very day. */
int32_t happened_lately(struct sim *s, struct person *p)
{
    static const uint8_t delays[] = { 50, 18, 12, 8, 5, 4, 3 };
    int32_t on = workday_back(s->today - (int32_t)dice_weighted(&p->dice, delays, DELAY_DAYS_MAX + 1));
    return on > p->last_on ? on : p->last_on;
}

/* ---- who comes ---- */
static bool arrivals(struct sim *s)
{
    double stock = s->settings.participants, wanted = stock * (1 + LEAVING_DAYS / 100);
    double missing = (wanted - s->running - ENTERING_SHARE * s->waiting) / ENTERING_SHARE * ARRIVALS_GAIN;
    double most = stock * ARRIVALS_MOST;
    s->arriving += missing < 0 ? 0 : missing > most ? most : missing;
    while (s->arriving >= 1) {
        struct person *p = person_arrives(s);
        if (!p)
            return false;
        plan(s, p, s->today, ACT_orient, 0);
        queue(s, p);
        s->arriving -= 1;
        s->waiting++;
    }
    return true;
}

/* ---- one act ---- */
static const char *substitute_of(const struct sim *s, const struct person *p, enum act act)
{
    if (p->referent == LEDGER_NO_REFERENT || act != ACT_contact)
        return NULL;
    const struct referent *r = &s->referents[p->referent];
    return r->absent_until == DAY_NONE || r->substitute == NOBODY ? NULL : s->referents[r->substitute].id;
}

/* False when the act came to nothing: the person then goes back to the queue at once. */
static bool act(struct sim *s, struct person *p)
{
    struct slot slot = next_act(p);
    const struct act_row *row = &act_rows[slot.act];
    int32_t on = row->when(s, p, slot.detail);
    if (on == WHEN_NEVER)
        return false;
    if (on == WHEN_LATER) {
        plan(s, p, s->today + 1, slot.act, slot.detail);
        return false;
    }
    struct saying saying = { person_index(s, p), slot.act, slot.detail, on, NULL, 0 };
    uint32_t mine = s->saying_count;
    wire_open(s, row->command, p->id[0] ? OF_PARTICIPANT : OF_NEW, p->id, &saying, substitute_of(s, p, slot.act));
    row->say(s, p, &s->saying[mine]);
    wire_close(s);
    return true;
}

/* What people do with a file, and what they say of an earlier event: the rest are facts, which are to be recorded in time. */
static bool is_fact(enum act act)
{
    switch (act) {
    case ACT_assign: case ACT_hand_over: case ACT_propose: case ACT_decide: case ACT_not_enter: case ACT_prescribe: case ACT_prescribe_late: case ACT_ask_fund:
    case ACT_decide_fund: case ACT_offer: case ACT_decide_extension: case ACT_exit_too_soon: case ACT_propose_exit: case ACT_decide_exit:
    case ACT_correct_contact: case ACT_void_contact: case ACT_correct_contract:
        return false;
    default:
        return true;
    }
}

static void told(struct sim *s, struct person *p, const struct saying *saying, const struct answer *a)
{
    uint32_t number = person_index(s, p);
    if (a->id.bytes > 0 && a->id.bytes < SIM_ID_BYTES && !p->id[0])
        memcpy(p->id, a->id.at, a->id.bytes);
    ledger_accepted(&s->ledger, number);
    if (saying->on > p->last_on)
        p->last_on = saying->on;
    if (is_fact(saying->act))
        ledger_recorded(&s->ledger, saying->on, s->today, 1);
    act_rows[saying->act].then(s, p, saying, a);
    const struct ledger_row *r = &s->ledger.rows[number];
    if (a->version != r->version)
        difference(s, "%s %s: version %" PRIu64 ", the ledger has %u", p->id, act_rows[saying->act].name, a->version, r->version);
    /* A repeat answers the original version, but the state of today: nothing to compare with. */
    if (a->status == 201 && !text_is(a->state, ledger_state(r)))
        difference(s, "%s %s: state %.*s, the ledger has %s", p->id, act_rows[saying->act].name, TEXT_ARGS(a->state), ledger_state(r));
}

void settle_person(struct sim *s, const struct saying *saying, const struct answer *a)
{
    struct person *p = &s->persons[saying->person];
    const char *name = act_rows[saying->act].name;
    bool accepted = a->status == 200 || a->status == 201;
    if (accepted && saying->expect)
        difference(s, "%s %s (event %" PRIu64 "): accepted, %s should have refused it", p->id, name, a->seq, saying->expect);
    if (accepted) {
        told(s, p, saying, a);
    } else if (saying->expect && text_is(a->rule, saying->expect)) {
        s->ledger.totals.expected_refusals++;
        act_rows[saying->act].then(s, p, saying, a);
    } else {
        difference(s, "%s %s: answered %" PRId64 " %.*s %.*s (expected %s): %.*s", p->id, name, a->status, TEXT_ARGS(a->code),
                   TEXT_ARGS(a->rule), saying->expect ? saying->expect : "no refusal", TEXT_ARGS(a->why));
    }
    s->refused += !accepted;
    queue(s, p);
}

/* ---- the days ---- */
static bool persons_day(struct sim *s)
{
    for (;;) {
        struct person *p;
        while (!wire_full(s) && (p = next_today(s)))
            if (!act(s, p))
                queue(s, p);
        if (s->saying_count == 0)
            return true;
        if (!wire_send(s))
            return false;
        progress_show(s, false);
    }
}

bool sim_days(struct sim *s)
{
    for (s->today = s->first_day; s->today <= s->settings.end_day; s->today++) {
        if (is_weekend(s->today))
            continue;
        if (s->today == s->first_day && !organisation_starts(s))
            return false;
        if (s->today == s->first_day && s->unexpected) {
            fprintf(stderr, "parcours-sim: is the store made for demonstration, and empty?\n");
            return false;
        }
        if (!organisation_day(s) || !arrivals(s) || !persons_day(s) || !heeds_month(s))
            return false;
    }
    s->today = s->settings.end_day;
    progress_show(s, true);
    return true;
}
