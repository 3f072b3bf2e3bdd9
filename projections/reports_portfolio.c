/* The référent's portfolio on a day, and the list of the quarterly meeting. */
#include <stdio.h>

#include "reports.h"

/* Followed on the last day, by the référent asked for. */
static bool theirs(const struct reporting *r, const struct dossier *d)
{
    int64_t referent = report_stream(r, PARAMETER_referent);
    return parcours_in_caseload(d->p, d->end) && (referent == ABSENT || d->p->referent == referent);
}

/* ---- the portfolio ---- */
static int64_t current_step(const struct parcours *p)
{
    int64_t kind = ABSENT;
    for (uint32_t i = 0; i < p->steps.n; i++)
        if (p->steps.at[i].started_on != DAY_NONE && p->steps.at[i].ended_on == DAY_NONE)
            kind = p->steps.at[i].kind;
    return kind;
}

static int32_t idle_since(const struct parcours *p)
{
    int32_t until = parcours_occupied_until(p);
    if (parcours_occupied(p))
        return DAY_NONE;
    return until > p->start_on ? until : p->start_on;
}

static void put_obstacles(struct reporting *r, int64_t set)
{
    char text[1024];
    size_t n = 0;
    for (unsigned word = 0; word < obstacle_words && n < sizeof(text); word++)
        if (set >> word & 1)
            n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s", n ? "," : "", word_name(VOCABULARY_obstacle, word));
    cell_text(r, n ? text_of(text) : (struct text){ NULL, 0 });
}

static int next_due(const struct parcours *p)
{
    int next = -1;
    for (int rule = 0; rule < RULES; rule++)
        if (p->open[rule].due != DAY_NONE && (next < 0 || p->open[rule].due < p->open[next].due))
            next = rule;
    return next;
}

void report_portfolio(struct reporting *r, const struct dossier *d)
{
    const struct parcours *p = d->p;
    if (!theirs(r, d))
        return;
    int next = next_due(p);
    cell_id(r, (int64_t)d->stream);
    cell_text(r, text_of(state_name(p->state)));
    cell_word(r, dossier_class(d, d->end));
    cell_day(r, p->start_on);
    cell_number(r, whole_months(p->start_on, d->end));
    cell_day(r, p->contact_on);
    cell_word(r, current_step(p));
    cell_day(r, idle_since(p));
    put_obstacles(r, p->obstacles);
    cell_text(r, next < 0 ? (struct text){ NULL, 0 } : text_of(rules[next].name));
    cell_day(r, next < 0 ? DAY_NONE : p->open[next].due);
}

/* ---- the quarterly meeting ---- */
#define NEAR_MONTHS 3       /* before the next one: « chaque trimestre » */

static void put_why(struct reporting *r, const struct dossier *d, const char *why, int32_t since, int64_t obstacle)
{
    cell_id(r, (int64_t)d->stream);
    cell_text(r, text_of(why));
    cell_day(r, since);
    cell_word(r, obstacle);
    cell_number(r, whole_months(d->p->start_on, d->end));
    cell_day(r, parcours_limit_shown(d->p, d->books, d->end).day);
    cell_day(r, d->p->contact_on);
}

/* Passed, or before the next meeting. */
static bool near_limit(const struct dossier *d)
{
    struct shown_limit limit = parcours_limit_shown(d->p, d->books, d->end);
    return limit.bites && limit.day != DAY_NONE && limit.day <= day_add_months(d->end, NEAR_MONTHS);
}

/* Not answered yet, or reported in the quarter. */
static bool to_discuss(const struct dossier *d, const struct event *e)
{
    bool open = false;
    for (uint32_t i = 0; i < d->p->difficulties.n; i++)
        open = open || d->p->difficulties.at[i].seq == e->seq;
    return open || dossier_within(d, e->on);
}

void report_quarterly(struct reporting *r, const struct dossier *d)
{
    const struct deadline *idle = &d->p->open[RULE_step_gap_list], *review = &d->p->open[RULE_long_review];
    if (!theirs(r, d))
        return;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        if (e->kind->number == KIND_difficulty_reported && to_discuss(d, e))
            put_why(r, d, "difficulty", e->on, ((const struct difficulty_reported *)e->data)->obstacle);
    }
    if (idle->due != DAY_NONE && deadline_shown_on(idle) <= d->end)
        put_why(r, d, "idle", deadline_shown_on(idle), ABSENT);
    if (review->due != DAY_NONE && review->due <= d->end)
        put_why(r, d, "long-review", review->due, ABSENT);
    if (near_limit(d))
        put_why(r, d, "near-limit", DAY_NONE, ABSENT);
}
