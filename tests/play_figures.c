/* figure NAME [from=DAY] [to=DAY] [by=DIMENSION[,DIMENSION]] [of=R1] [DIMENSION=WORD] [as_of=DAY] [known_at=DAY], and two older lines that say
 * the same of three of them: caseload R1 on=DAY; exits from=DAY to=DAY. */
#include <stdlib.h>

#include "../events/days.h"
#include "play.h"

#define GROUPS_SHOWN_MAX 256

/* ---- values in words ---- */
static void say_hundredths(struct asked *a, int64_t n)
{
    say(a, "%s%lld", n < 0 ? "-" : "", (long long)(n < 0 ? -n : n) / 100);
    int rest = (int)((n < 0 ? -n : n) % 100);
    if (rest)
        say(a, rest % 10 ? ".%02d" : ".%d", rest % 10 ? rest : rest / 10);
}

static void say_tally(struct asked *a, enum figure_unit unit, const struct tally *t)
{
    int64_t value;
    bool some = tally_value(unit, t, &value);
    if (unit == COUNT)
        say(a, "%lld", (long long)value);
    else if (unit == CENTS)
        say(a, "%lld.%02d", (long long)(value / 100), (int)(value % 100));
    else if (unit == HOURS)
        say_hundredths(a, value);
    else if (unit == SHARE)
        say(a, "%lld of %lld", (long long)t->numerator, (long long)t->denominator);
    else if (some && unit == CENTS_EACH)
        say(a, "%lld.%02d (%lld of %lld)", (long long)(value / 100), (int)(value % 100), (long long)t->numerator, (long long)t->denominator);
    else if (some)
        say(a, "%.1f (%lld of %lld)", (double)t->numerator / (double)t->denominator, (long long)t->numerator, (long long)t->denominator);
    else
        say(a, "- (%lld of %lld)", (long long)t->numerator, (long long)t->denominator);
    if (unit == SHARE && some)
        say(a, ", "), say_hundredths(a, value), say(a, " %%");
}

static void say_whole(struct asked *a, const struct measuring *m, const struct measured *x)
{
    int64_t target = figures_target(m, x, NULL);
    say_tally(a, x->figure->unit, &x->whole);
    if (target == ABSENT)
        return;
    say(a, ", target ");
    if (rules[x->figure->target].unit == UNIT_HOURS)
        say_hundredths(a, target);
    else
        say(a, "%lld%s", (long long)target, x->figure->unit == SHARE ? " %" : "");
}

/* ---- groups ---- */
struct shown {
    char name[2 * GROUP_TEXT_BYTES];
    const struct group *group;
};

static int by_name(const void *a, const void *b)
{
    const struct shown *x = a, *y = b;
    bool none = strcmp(x->name, "-") == 0, other_none = strcmp(y->name, "-") == 0;
    return none != other_none ? none - other_none : strcmp(x->name, y->name);
}

static void name_of(struct play *p, const struct measuring *m, const struct measured *x, struct shown *s)
{
    char text[GROUP_TEXT_BYTES];
    size_t n = 0;
    for (unsigned b = 0; b < m->asked.by_count; b++) {
        const struct keyed *keyed = group_keyed(m, x, b);
        bool stream = keyed && keyed->type == BY_STREAM && s->group->key[b].known;
        const char *name = stream ? play_name_of(p, (uint64_t)s->group->key[b].number) : group_print(m, x, s->group, b, text);
        n += (size_t)snprintf(s->name + n, GROUP_TEXT_BYTES, "%s%s", b ? "/" : "", name);
        n = n < GROUP_TEXT_BYTES ? n : GROUP_TEXT_BYTES - 1;
    }
}

static void say_groups(struct play *p, struct asked *a, const struct measuring *m, const struct measured *x)
{
    static struct shown shown[GROUPS_SHOWN_MAX];
    unsigned n = 0;
    for (uint32_t i = 0; i < x->n && n < GROUPS_SHOWN_MAX; i++) {
        const struct tally *t = &x->groups[i].tally;
        if (t->numerator == 0 && (t->denominator == 0 || !figure_unit_divides(x->figure->unit)))
            continue;
        shown[n].group = &x->groups[i];
        name_of(p, m, x, &shown[n++]);
    }
    qsort(shown, n, sizeof(*shown), by_name);
    for (unsigned i = 0; i < n; i++) {
        say(a, "%s%s ", i ? "; " : "", shown[i].name);
        say_tally(a, x->figure->unit, &shown[i].group->tally);
    }
    if (n == 0)
        say(a, "none");
}

/* ---- the lines ---- */
static bool read_having(struct play *p, const struct line *l, struct figures_asked *a)
{
    for (unsigned i = 0; i < DIMENSIONS; i++) {
        struct text word = line_value(l, dimensions[i].name);
        if (word.at && !figures_ask_having(a, &dimensions[i], word)) {
            play_fail(p, "%s has no word `%.*s`", dimensions[i].name, TEXT_ARGS(word));
            return false;
        }
    }
    return true;
}

static bool read_asked(struct play *p, const struct line *l, struct figures_asked *a)
{
    struct text name = { "", 0 }, by = line_value(l, "by"), of = line_value(l, "of");
    struct named *who = of.at ? play_named(p, of) : NULL;
    a->referent = who ? (int64_t)who->stream : ABSENT;
    if (!line_bare(l, 1, &name) || memchr(name.at, ',', name.bytes) || !figures_ask(a, name))
        play_fail(p, "there is no figure `%.*s`", TEXT_ARGS(name));
    else if (by.at && !figures_ask_by(a, by))
        play_fail(p, "there is no dimension `%.*s`", TEXT_ARGS(by));
    else if (of.at && !who)
        play_fail(p, "who is `%.*s`?", TEXT_ARGS(of));
    else
        return read_having(p, l, a) && play_day_of(p, l, "from", DAY_FIRST, &a->period.from) && play_day_of(p, l, "to", p->today, &a->period.to) &&
               play_known(p, l, &a->period);
    return false;
}

void play_figure(struct play *p, const struct line *l)
{
    struct asked a = { .bytes = 0 };
    struct figures_asked asked = { .referent = ABSENT };
    struct measuring *m = read_asked(p, l, &asked) ? play_measure(p, &asked) : NULL;
    if (!m)
        return;
    if (asked.by_count)
        say_groups(p, &a, m, &m->at[0]);
    else
        say_whole(&a, m, &m->at[0]);
    play_expect(p, l->wanted, a.at, true);
}

static const struct measured *one(struct play *p, enum figure_number figure, struct figures_asked *asked, int64_t *ret_target)
{
    asked->period.as_of = INT32_MAX;
    asked->period.known_at = INT64_MAX;
    asked->only[figure] = true;
    const struct measuring *m = play_measure(p, asked);
    if (m)
        *ret_target = figures_target(m, &m->at[0], NULL);
    return m ? &m->at[0] : NULL;
}

void play_caseload(struct play *p, const struct line *l)
{
    int64_t target;
    struct asked a = { .bytes = 0 };
    struct figures_asked asked = { .referent = ABSENT };
    struct named *who = play_who(p, l, 1);
    if (!who || !play_day_of(p, l, "on", p->today, &asked.period.to))
        return;
    asked.period.from = asked.period.to;
    asked.referent = (int64_t)who->stream;
    const struct measured *x = one(p, FIGURE_caseload, &asked, &target);
    if (!x)
        return;
    say(&a, "%lld", (long long)x->whole.numerator);
    if (target != ABSENT)
        say(&a, " of %lld", (long long)target);
    play_expect(p, l->wanted, a.at, true);
}

void play_exits(struct play *p, const struct line *l)
{
    int64_t target;
    struct asked a = { .bytes = 0 };
    struct figures_asked asked = { .referent = ABSENT };
    if (!play_day_of(p, l, "from", DAY_FIRST, &asked.period.from) || !play_day_of(p, l, "to", p->today, &asked.period.to))
        return;
    const struct measured *x = one(p, FIGURE_positive_exit_rate, &asked, &target);
    if (!x)
        return;
    int64_t positive = x->whole.numerator, all = x->whole.denominator;
    say(&a, "%lld positive of %lld", (long long)positive, (long long)all);
    if (all)
        say(&a, ", %lld %%", (long long)(positive * 100 / all));
    if (all && target != ABSENT)
        say(&a, " of %lld %%", (long long)target);
    play_expect(p, l->wanted, a.at, true);
}
