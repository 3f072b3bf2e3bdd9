#include "sim_ledger.h"

#include <stdlib.h>
#include <string.h>

#include "../events/days.h"

#define PARCOURS_MONTHS 18
#define EXTENSION_MONTHS 6
#define CONSOLIDATION_MONTHS 6
#define BRIDGE_MONTHS 6

bool ledger_room(struct ledger *l, uint32_t persons)
{
    if (persons <= l->room)
        return true;
    uint32_t room = l->room ? l->room * 2 : 4096;
    struct ledger_row *rows = realloc(l->rows, room * sizeof(*rows));
    if (!rows)
        return false;
    memset(rows + l->room, 0, (room - l->room) * sizeof(*rows));
    l->rows = rows;
    l->room = room;
    return true;
}

void ledger_free(struct ledger *l)
{
    free(l->rows);
    free(l->stays);
    *l = (struct ledger){ 0 };
}

/* Its own months, written apart from those the daemon counts with: clamped to the end of the month. */
int32_t ledger_months_after(int32_t day, int32_t months)
{
    struct civil c = day_civil(day);
    int32_t month = c.month - 1 + months;
    int32_t year = c.year + month / 12;
    int32_t first_of_next = month % 12 == 11 ? day_of(year + 1, 1, 1) : day_of(year, month % 12 + 2, 1);
    int32_t longest = first_of_next - day_of(year, month % 12 + 1, 1);
    return day_of(year, month % 12 + 1, c.day < longest ? c.day : longest);
}

void ledger_accepted(struct ledger *l, uint32_t person)
{
    l->rows[person].version++;
    l->totals.events++;
}

/* Somebody comes back: their earlier parcours is kept apart. */
static void keep_stay(struct ledger *l, uint32_t person)
{
    const struct ledger_row *r = &l->rows[person];
    if (r->number == 0 || r->start_on == DAY_NONE)
        return;
    if (l->stay_count == l->stay_room) {
        uint32_t room = l->stay_room ? l->stay_room * 2 : 256;
        struct ledger_stay *more = realloc(l->stays, room * sizeof(*more));
        if (!more)
            return;
        l->stays = more;
        l->stay_room = room;
    }
    l->stays[l->stay_count++] = (struct ledger_stay){ person, r->oriented_on, r->start_on, r->exit_on, r->positive };
}

void ledger_oriented(struct ledger *l, uint32_t person, int32_t on)
{
    struct ledger_row *r = &l->rows[person];
    keep_stay(l, person);
    if (person >= l->count)
        l->count = person + 1;
    *r = (struct ledger_row){ .version = r->version, .number = (uint8_t)(r->number + 1), .phase = LEDGER_oriented,
                              .oriented_on = on, .start_on = DAY_NONE, .proposed_on = DAY_NONE, .exit_on = DAY_NONE, .consolidation_on = DAY_NONE,
                              .insertion_on = { DAY_NONE, DAY_NONE, DAY_NONE, DAY_NONE },
                              .referent = LEDGER_NO_REFERENT, .born_on = r->born_on, .traits = r->traits, .ever = r->ever };
    l->totals.oriented++;
    l->totals.again += r->number > 1;
}

void ledger_referent(struct ledger *l, uint32_t person, uint16_t referent)
{
    l->rows[person].referent = referent;
}

void ledger_diagnosed(struct ledger *l, uint32_t person)
{
    if (l->rows[person].phase == LEDGER_oriented)
        l->rows[person].phase = LEDGER_in_diagnosis;
}

/* The first of them after an orientation. */
void ledger_met(struct ledger *l, uint32_t person, int32_t on)
{
    struct ledger_row *r = &l->rows[person];
    if (!r->met)
        ledger_count(l, KEPT_first_meeting_delay, NULL, on - r->oriented_on, 1);
    r->met = true;
}

void ledger_proposed(struct ledger *l, uint32_t person, int32_t on)
{
    l->rows[person].phase = LEDGER_proposed;
    l->rows[person].proposed_on = on;
}

void ledger_decided(struct ledger *l, uint32_t person, enum ledger_phase phase, int32_t on)
{
    struct ledger_row *r = &l->rows[person];
    r->phase = (uint8_t)phase;
    if (phase != LEDGER_deferred)
        ledger_count(l, KEPT_decision_delay, NULL, on - r->proposed_on, 1);
    l->totals.entry_refusals += phase == LEDGER_refused;
    l->totals.deferred += phase == LEDGER_deferred;
}

void ledger_not_entered(struct ledger *l, uint32_t person)
{
    l->rows[person].phase = LEDGER_not_entered;
    l->totals.non_entries++;
}

void ledger_contract(struct ledger *l, uint32_t person, int32_t on)
{
    l->rows[person].phase = LEDGER_running;
    l->rows[person].start_on = on;
    l->totals.entries++;
}

void ledger_contract_moved(struct ledger *l, uint32_t person, int32_t on)
{
    l->rows[person].start_on = on;
}

void ledger_extended(struct ledger *l, uint32_t person)
{
    l->rows[person].extensions++;
    l->totals.extensions++;
}

void ledger_consolidation(struct ledger *l, uint32_t person, int32_t on)
{
    l->rows[person].consolidation_on = on;
}

void ledger_consolidation_ended(struct ledger *l, uint32_t person, int32_t on)
{
    struct ledger_row *r = &l->rows[person];
    int32_t longest = ledger_months_after(r->consolidation_on, CONSOLIDATION_MONTHS) - 1;
    r->uncounted_days = (uint16_t)(r->uncounted_days + (on < longest ? on : longest) - r->consolidation_on + 1);
    r->consolidation_on = DAY_NONE;
}

/* ---- from an insertion contract to an ordinary job, within six months ---- */
void ledger_job(struct ledger *l, uint32_t person, int32_t on, bool insertion)
{
    struct ledger_row *r = &l->rows[person];
    r->crossed = !insertion;
    for (unsigned i = 0; !insertion && i < LEDGER_INSERTIONS; i++) {
        if (r->insertion_on[i] != DAY_NONE && on <= ledger_months_after(r->insertion_on[i], BRIDGE_MONTHS))
            ledger_count(l, KEPT_bridges, NULL, 1, 0);
        r->insertion_on[i] = DAY_NONE;
    }
}

void ledger_insertion_ended(struct ledger *l, uint32_t person, int32_t on)
{
    struct ledger_row *r = &l->rows[person];
    unsigned oldest = 0;
    ledger_count(l, KEPT_bridges, NULL, r->crossed, 1);
    for (unsigned i = 1; i < LEDGER_INSERTIONS; i++)
        if (r->insertion_on[i] < r->insertion_on[oldest])
            oldest = i;
    if (!r->crossed)
        r->insertion_on[oldest] = on;
    r->crossed = false;
}

void ledger_training(struct ledger *l, uint32_t person)
{
    l->rows[person].training = true;
}

void ledger_training_step(struct ledger *l, uint32_t person, bool open)
{
    l->rows[person].training_step = open;
}

void ledger_proved(struct ledger *l, uint32_t person)
{
    l->rows[person].proved = true;
}

void ledger_exit_proposed(struct ledger *l, uint32_t person)
{
    l->rows[person].exit_proposed = true;
}

void ledger_exited(struct ledger *l, uint32_t person, int32_t on, bool positive, unsigned criterion)
{
    struct ledger_row *r = &l->rows[person];
    r->phase = LEDGER_exited;
    r->exit_on = on;
    l->totals.exits++;
    l->totals.positive += positive;
    /* A positive exit counts as one once some evidence was accepted. */
    if (!positive || !r->proved)
        return;
    l->totals.proved++;
    l->totals.proved_by[criterion]++;
    r->positive = true;
    r->ever.positives++;
}

const char *ledger_state(const struct ledger_row *r)
{
    static const char *const names[] = {
        [LEDGER_oriented] = "oriented", [LEDGER_in_diagnosis] = "in_diagnosis", [LEDGER_proposed] = "proposed",
        [LEDGER_deferred] = "deferred", [LEDGER_admitted] = "admitted", [LEDGER_exited] = "exited",
        [LEDGER_refused] = "refused", [LEDGER_not_entered] = "not_entered",
    };
    if (r->phase != LEDGER_running)
        return names[r->phase];
    if (r->exit_proposed)
        return "exit_proposed";
    if (r->consolidation_on != DAY_NONE)
        return "in_consolidation";
    return r->training || r->training_step ? "in_training" : "active";
}

int32_t ledger_limit(const struct ledger_row *r)
{
    if (r->start_on == DAY_NONE)
        return DAY_NONE;
    return ledger_months_after(r->start_on, PARCOURS_MONTHS + EXTENSION_MONTHS * r->extensions) + r->uncounted_days;
}

bool ledger_bites(const struct ledger_row *r)
{
    return r->start_on != DAY_NONE && r->phase == LEDGER_running && r->consolidation_on == DAY_NONE;
}

int32_t ledger_uncounted(const struct ledger_row *r, int32_t day)
{
    if (r->phase != LEDGER_running || r->consolidation_on == DAY_NONE)
        return r->uncounted_days;
    int32_t longest = ledger_months_after(r->consolidation_on, CONSOLIDATION_MONTHS) - 1;
    return r->uncounted_days + (day < longest ? day : longest) - r->consolidation_on + 1;
}

bool ledger_open(const struct ledger_row *r)
{
    return r->phase < LEDGER_exited;
}

bool ledger_in_caseload(const struct ledger_row *r, int32_t day)
{
    return r->start_on != DAY_NONE && r->start_on <= day && (r->exit_on == DAY_NONE || day <= r->exit_on);
}

uint64_t ledger_followed(const struct ledger *l, int32_t from, int32_t to)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < l->count; i++)
        n += l->rows[i].start_on != DAY_NONE && l->rows[i].start_on <= to && (l->rows[i].exit_on == DAY_NONE || l->rows[i].exit_on >= from);
    return n;
}

double ledger_mean_days(const struct ledger *l, int32_t from, int32_t to)
{
    uint64_t n = 0, days = 0;
    for (uint32_t i = 0; i < l->count; i++) {
        const struct ledger_row *r = &l->rows[i];
        if (r->exit_on == DAY_NONE || r->exit_on < from || r->exit_on > to)
            continue;
        n++;
        days += (uint64_t)(r->exit_on - r->start_on);
    }
    return n ? (double)days / (double)n : 0;
}
