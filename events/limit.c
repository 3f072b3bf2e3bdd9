/* How long a parcours may last: its limit day, and the days that do not count. */
#include "apply.h"

#define CONSOLIDATION_MONTHS 6  /* "phase de consolidation dans l'emploi de 6 mois non incluse" */

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* Days of [from, until] beyond `covered`, the last day already counted; periods come by their first day. */
static int32_t count_beyond(int32_t from, int32_t until, int32_t *covered)
{
    int32_t first = *covered == DAY_NONE ? from : later(from, *covered + 1);
    *covered = later(*covered, until);
    return until < first ? 0 : until - first + 1;
}

/* `open_until`: as if what is open ended on that day; DAY_NONE: it has no days yet. */
static bool uncounted_job(const struct job *j, int32_t start_on, int32_t open_until, int32_t *from, int32_t *until)
{
    int32_t ended_on = j->ended_on != DAY_NONE ? j->ended_on : open_until;
    if (j->purpose != employment_purpose_consolidation || ended_on == DAY_NONE)
        return false;
    int32_t longest = day_add_months(j->started_on, CONSOLIDATION_MONTHS) - 1;
    *from = later(j->started_on, start_on);     /* days before the parcours are not its days */
    *until = ended_on < longest ? ended_on : longest;
    return true;
}

static bool suspensions_count(const struct rulebook *book)
{
    return !rule_applies(book, RULE_suspension) || book->rule[RULE_suspension].value.at[0] == 0;
}

static int32_t uncounted(const struct parcours *p, const struct rulebook *book, int32_t open_until)
{
    int32_t days = 0, covered = DAY_NONE;
    uint32_t job = 0, span = 0;
    /* Both vectors are in the order of their first days: walk them together, so that no day counts twice. */
    while (job < p->jobs.n || span < p->spans.n) {
        int32_t from, until;
        if (span == p->spans.n || (job < p->jobs.n && p->jobs.at[job].started_on <= p->spans.at[span].started_on)) {
            if (uncounted_job(&p->jobs.at[job++], p->start_on, open_until, &from, &until))
                days += count_beyond(from, until, &covered);
        } else {
            const struct span *s = &p->spans.at[span++];
            if (s->kind == SPAN_suspension && s->ended_on != DAY_NONE && !suspensions_count(book))
                days += count_beyond(s->started_on, s->ended_on - 1, &covered);
        }
    }
    return days;
}

int32_t parcours_uncounted_days(const struct parcours *p, const struct rulebook *book)
{
    return uncounted(p, book, DAY_NONE);
}

/* `granted`: as if so many more extensions were. */
static int32_t limit(const struct parcours *p, const struct rulebook *book, int32_t granted, int32_t open_until)
{
    if (p->start_on == DAY_NONE || !rule_applies(book, RULE_parcours_length))
        return DAY_NONE;
    int32_t months = (int32_t)book->rule[RULE_parcours_length].value.at[0];
    if (rule_applies(book, RULE_parcours_extension))
        months += (p->extensions + granted) * (int32_t)book->rule[RULE_parcours_extension].value.at[0];
    return day_add_months(p->start_on, months) + uncounted(p, book, open_until);
}

int32_t parcours_limit(const struct parcours *p, const struct rulebook *book)
{
    return limit(p, book, 0, DAY_NONE);
}

int32_t parcours_open_until(const struct parcours *p, const struct rulebook *book)
{
    int32_t day = parcours_limit(p, book), session = p->extension_session_day;
    if (day == DAY_NONE || session <= day || !rule_applies(book, RULE_parcours_extension))
        return day;
    int32_t granted = limit(p, book, 1, DAY_NONE);
    return session < granted ? session : granted;
}

static int32_t limit_in_force(const struct parcours *p, const struct rulebooks *books, int32_t open_until, const struct rulebook **ret_book)
{
    *ret_book = rulebook_on(books, p->last_on, UINT64_MAX);
    for (uint32_t i = 0; i < books->regime_count; i++) {
        int32_t day = limit(p, books->regimes[i].book, 0, open_until);
        if (day == DAY_NONE || day + 1 >= books->regimes[i].before_day)
            continue;
        *ret_book = books->regimes[i].book;
        return day;
    }
    return DAY_NONE;
}

int32_t parcours_limit_in_force(const struct parcours *p, const struct rulebooks *books, const struct rulebook **ret_book)
{
    return limit_in_force(p, books, DAY_NONE, ret_book);
}

struct shown_limit parcours_limit_shown(const struct parcours *p, const struct rulebooks *books, int32_t today)
{
    struct shown_limit s;
    bool running = parcours_running(p), open = running && parcours_consolidating(p);
    s.day = limit_in_force(p, books, open ? today : DAY_NONE, &s.book);
    s.uncounted_days = uncounted(p, s.book, open ? today : DAY_NONE);
    s.bites = s.day != DAY_NONE && running && !open;
    return s;
}
