/* difference NAME [from=DAY] [to=DAY] known_from=DAY [known_to=DAY]: what a figure of a period gained or lost between two days' ends, and
 * because of which events.
 * After every scenario, some figures between two days of it: the changes make what is between both counts, each counted apart. */
#include <inttypes.h>

#include "../events/days.h"
#include "../projections/difference.h"
#include "play.h"

#define DAY_MS 86400000ll
#define CHANGES_TOLD 1000
#define FIGURES_DRAWN 24
#define STRIDE 31           /* a prime: of the drawn figures, no two are neighbours */

static struct knowing known(struct play *p, int32_t day)
{
    int64_t at = day == DAY_NONE ? INT64_MAX : (day + 1ll) * DAY_MS - 1;
    return (struct knowing){ .at = at, .books = play_books(p, at) };
}

static bool look_at_all(struct play *p, struct difference *x)
{
    for (uint64_t stream = 0; stream < p->desk->position.streams; stream++) {
        uint32_t count;
        const struct fold *f = play_fold(p, stream);
        if (!f || !(difference_walks(x) >> f->type & 1))
            continue;
        const struct event **events = play_events(p, stream, &count);
        if (!events)
            return false;
        difference_look(x, &p->scratch, events, count);
    }
    return true;
}

/* Of the figure that is asked for; in scratch. NULL: the store could not be read. Ended by the caller. */
static struct difference *differ(struct play *p, const struct figures_asked *asked, int32_t from, int32_t to)
{
    struct difference *x = ARENA_ARRAY(&p->scratch, struct difference, 1);
    if (!play_ready(p))
        return NULL;
    struct knowing before = known(p, from), after = known(p, to);
    difference_begin(x, &p->scratch, asked, &before, &after);
    if (look_at_all(p, x))
        return x;
    difference_end(x);
    return NULL;
}

/* ---- the line ---- */
static void say_change(struct play *p, struct asked *a, const struct change *c)
{
    char day[DAY_TEXT_BYTES];
    for (uint32_t i = 0; i < c->because_count; i++)
        say(a, "%s%s %s on %s", i ? ", " : "", c->because[i].kind->name, play_name_of(p, c->stream), day_print(c->because[i].on, day));
    if (c->because_count == 0)
        say(a, "%s by the rulebook", play_name_of(p, c->stream));
}

void play_difference(struct play *p, const struct line *l)
{
    struct asked a = { .bytes = 0 };
    struct figures_asked asked = { .referent = ABSENT, .period.as_of = INT32_MAX, .detail = CHANGES_TOLD };
    struct text name = { "", 0 };
    int32_t from, to;
    if (!line_bare(l, 1, &name) || !figures_ask(&asked, name)) {
        play_fail(p, "there is no figure `%.*s`", TEXT_ARGS(name));
        return;
    }
    if (!play_day_of(p, l, "from", DAY_FIRST, &asked.period.from) || !play_day_of(p, l, "to", p->today, &asked.period.to) ||
        !play_day_of(p, l, "known_from", DAY_NONE, &from) || !play_day_of(p, l, "known_to", DAY_NONE, &to))
        return;
    struct difference *x = differ(p, &asked, from, to);
    if (!x)
        return;
    say(&a, "%+" PRId64, x->after.whole.numerator - x->before.whole.numerator);
    if (figure_unit_divides(x->shape->at[0].figure->unit))
        say(&a, " of %+" PRId64, x->after.whole.denominator - x->before.whole.denominator);
    for (uint32_t i = 0; i < x->n; i++)
        say(&a, "%s", i ? "; " : ": "), say_change(p, &a, &x->changes[i]);
    difference_end(x);
    play_expect(p, l->wanted, a.at, true);
}

/* ---- after every scenario ---- */
static struct tally told(const struct difference *x)
{
    struct tally t = { 0, 0 };
    for (uint32_t i = 0; i < x->n; i++) {
        for (uint32_t k = 0; k < x->changes[i].come_count; k++)
            t.numerator += x->changes[i].come[k].group.tally.numerator, t.denominator += x->changes[i].come[k].group.tally.denominator;
        for (uint32_t k = 0; k < x->changes[i].gone_count; k++)
            t.numerator -= x->changes[i].gone[k].group.tally.numerator, t.denominator -= x->changes[i].gone[k].group.tally.denominator;
    }
    return t;
}

static bool alike(const struct contribution *a, const struct contribution *b)
{
    return a->seq == b->seq && a->day == b->day && a->group.tally.numerator == b->group.tally.numerator && a->group.tally.denominator == b->group.tally.denominator;
}

/* What went did not come, in any change; and each changes something. */
static bool apart(const struct difference *x)
{
    bool apart = true;
    for (uint32_t i = 0; i < x->n; i++) {
        const struct change *c = &x->changes[i];
        apart = apart && c->gone_count + c->come_count > 0;
        for (uint32_t k = 0; k < c->gone_count; k++)
            for (uint32_t j = 0; j < c->come_count; j++)
                apart = apart && !alike(&c->gone[k], &c->come[j]);
    }
    return apart;
}

static bool counted(struct play *p, const struct figures_asked *asked, int64_t known_at, struct tally *ret)
{
    struct figures_asked one = *asked;
    one.detail = 0;
    one.period.known_at = known_at;
    const struct measuring *m = play_measure(p, &one);
    if (m)
        *ret = m->at[0].whole;
    return m != NULL;
}

static void check_one(struct play *p, unsigned figure, int32_t from, int32_t to)
{
    struct tally before, after, moved;
    struct figures_asked asked = { .period = { DAY_FIRST, p->today, INT32_MAX, INT64_MAX }, .referent = ABSENT, .detail = CHANGES_TOLD };
    asked.only[figure] = true;
    arena_reset(&p->scratch);
    struct difference *x = differ(p, &asked, from, to);
    if (!x)
        return;
    moved = told(x);
    bool explained = difference_explained(x) && apart(x);
    difference_end(x);
    if (!counted(p, &asked, x->before.at, &before) || !counted(p, &asked, x->after.at, &after))
        return;
    if (explained && moved.numerator == after.numerator - before.numerator && moved.denominator == after.denominator - before.denominator)
        p->passed++;
    else
        play_fail(p, "%s: the changes make %" PRId64 " of %" PRId64 ", not %" PRId64 " of %" PRId64, figures[figure].name, moved.numerator, moved.denominator,
                  after.numerator - before.numerator, after.denominator - before.denominator);
}

void play_check_differences(struct play *p)
{
    uint64_t drawn = p->desk->position.seq;
    if (p->day_count < 2 || p->tweak->figure)
        return;
    int32_t from = p->days[drawn % (p->day_count - 1)], to = p->days[p->day_count - 1 - drawn % 2];
    for (unsigned i = 0; i < FIGURES_DRAWN; i++)
        check_one(p, (unsigned)((drawn + i * STRIDE) % FIGURES), from, to < from ? from : to);
}
