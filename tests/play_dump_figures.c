/* The figures that the model counts, too (tests/model/figures.py): over all days, until each day of the scenario (with what
 * happened since, and as of that day), and as they were known at each. Whole, and by référent. */
#include "../events/days.h"
#include "play.h"

#define DAY_MS 86400000ll

static const enum figure_number counted[] = {
    FIGURE_caseload, FIGURE_entries, FIGURE_exits, FIGURE_positive_exits, FIGURE_refusals, FIGURE_contacts, FIGURE_steps_started,
    FIGURE_steps_ended, FIGURE_near_limit, FIGURE_first_meeting_delay, FIGURE_entry_delay, FIGURE_aided_months_kept,
    FIGURE_training_granted_rate,
};
#define COUNTED (sizeof(counted) / sizeof(counted[0]))

static void put_question(struct json_out *out, const struct period *period)
{
    char instant[INSTANT_TEXT_BYTES];
    json_key(out, "question"), json_open(out);
    json_key(out, "figures"), json_day(out, period->to);
    if (period->as_of != INT32_MAX)
        json_key(out, "as_of"), json_day(out, period->as_of);
    if (period->known_at != INT64_MAX)
        json_key(out, "known_at"), json_string(out, instant_print(period->known_at, instant));
    json_close(out);
}

/* What counts is one number; what divides, two. */
static void put_tally(struct json_out *out, bool divides, const struct tally *t)
{
    json_number(out, t->numerator);
    if (divides)
        json_number(out, t->denominator);
}

static void put_figure(struct json_out *out, const struct measuring *m, const struct measured *x)
{
    char name[GROUP_TEXT_BYTES];
    bool divides = figure_unit_divides(x->figure->unit);
    json_key(out, x->figure->name), json_open_list(out);
    put_tally(out, divides, &x->whole);
    json_open(out);
    for (uint32_t i = 0; i < x->n; i++) {
        json_key(out, group_print(m, x, &x->groups[i], 0, name));
        if (divides)
            json_open_list(out);
        put_tally(out, divides, &x->groups[i].tally);
        if (divides)
            json_close_list(out);
    }
    json_close(out);
    json_close_list(out);
}

static void answer_figures(struct play *p, struct json_out *out, struct period period)
{
    struct figures_asked asked = { .period = period, .referent = ABSENT };
    arena_reset(&p->scratch);
    figures_ask_by(&asked, TEXT("referent"));
    for (unsigned i = 0; i < COUNTED; i++)
        asked.only[counted[i]] = true;
    const struct measuring *m = play_measure(p, &asked);
    if (!m)
        return;
    json_open(out);
    put_question(out, &period);
    json_key(out, "figures"), json_open(out);
    for (unsigned i = 0; i < m->count; i++)
        put_figure(out, m, &m->at[i]);
    json_close(out);
    json_close(out);
    json_line(out);
}

void play_dump_figures(struct play *p, struct json_out *out)
{
    struct period all = { DAY_FIRST, p->today, INT32_MAX, INT64_MAX };
    answer_figures(p, out, all);
    for (unsigned i = 0; i < p->day_count; i++) {
        struct period until = all;
        until.to = p->days[i];
        answer_figures(p, out, until);
        until.as_of = p->days[i];
        answer_figures(p, out, until);
        until = all;
        until.known_at = (p->days[i] + 1ll) * DAY_MS - 1;
        answer_figures(p, out, until);
    }
}
