#include "simulation.h"

#include "../events/exits.h"

struct comparing {
    const struct parcours *a, *b;
    difference_fn *tell;
    void *context;
};

const char *difference_name(enum difference_kind kind)
{
    static const char *const names[DIFFERENCES] = { "refusal", "mark", "deadline", "late", "limit", "exit" };
    return names[kind];
}

int simulation_rulebooks(const struct rulebooks *real, const struct rulebook *book, struct rulebooks *ret)
{
    int f = 0;
    ret->count = ret->regime_count = 0;
    for (uint32_t i = 0; i < real->count && !f; i++)
        if (real->at[i]->from_day != book->from_day)
            f = rulebooks_adopt(ret, real->at[i]);
    return f ? f : rulebooks_adopt(ret, book);
}

static void tell(const struct comparing *c, struct difference d)
{
    d.participant = c->a->stream;
    c->tell(c->context, &d);
}

/* ---- marks ---- */
static const struct mark *same_mark(const struct parcours *p, const struct mark *m)
{
    for (uint32_t i = 0; i < p->marks.n; i++)
        if (p->marks.at[i].seq == m->seq && p->marks.at[i].rule == m->rule)
            return &p->marks.at[i];
    return NULL;
}

static void tell_mark(const struct comparing *c, const struct mark *m, const struct mark *other, bool is_before)
{
    bool refusal = m->unfounded || (other && other->unfounded);
    if (m->rule == MARK_STATE || (other && other->unfounded == m->unfounded))
        return;
    bool here = !refusal || m->unfounded, there = other && (!refusal || other->unfounded);
    tell(c, (struct difference){ .kind = refusal ? DIFFERENT_REFUSAL : DIFFERENT_MARK, .number = m->rule, .event = m->seq,
                                 .before = is_before ? here : there, .after = is_before ? there : here, .day_before = DAY_NONE, .day_after = DAY_NONE });
}

static void compare_marks(const struct comparing *c)
{
    for (uint32_t i = 0; i < c->a->marks.n; i++)
        tell_mark(c, &c->a->marks.at[i], same_mark(c->b, &c->a->marks.at[i]), true);
    for (uint32_t i = 0; i < c->b->marks.n; i++)
        if (!same_mark(c->a, &c->b->marks.at[i]))
            tell_mark(c, &c->b->marks.at[i], NULL, false);
}

/* ---- deadlines, open and settled late ---- */
static void compare_deadlines(const struct comparing *c)
{
    for (int r = 0; r < RULES; r++) {
        const struct deadline *a = &c->a->open[r], *b = &c->b->open[r];
        if (a->due == b->due && a->since == b->since)
            continue;
        tell(c, (struct difference){ .kind = DIFFERENT_DEADLINE, .number = r, .event = a->cause ? a->cause : b->cause, .before = a->due != DAY_NONE,
                                     .after = b->due != DAY_NONE, .day_before = a->since, .day_after = b->since });
    }
}

static bool has_episode(const struct parcours *p, const struct episode *e)
{
    for (uint32_t i = 0; i < p->episodes.n; i++)
        if (p->episodes.at[i].rule == e->rule && p->episodes.at[i].due == e->due && p->episodes.at[i].settled == e->settled)
            return true;
    return false;
}

static void compare_late(const struct comparing *c, const struct parcours *p, const struct parcours *other, bool is_before)
{
    for (uint32_t i = 0; i < p->episodes.n; i++) {
        const struct episode *e = &p->episodes.at[i];
        if (!has_episode(other, e))
            tell(c, (struct difference){ .kind = DIFFERENT_LATE, .number = e->rule, .event = e->settled, .before = is_before, .after = !is_before,
                                         .day_before = is_before ? e->since : DAY_NONE, .day_after = is_before ? DAY_NONE : e->since });
    }
}

/* ---- the limit and the exit ---- */
static void compare_limit(const struct comparing *c, const struct rulebooks *real, const struct rulebooks *other)
{
    const struct rulebook *ignored;
    int32_t a = parcours_limit_in_force(c->a, real, &ignored), b = parcours_limit_in_force(c->b, other, &ignored);
    if (a != b)
        tell(c, (struct difference){ .kind = DIFFERENT_LIMIT, .number = RULE_parcours_length, .event = c->a->start_seq, .before = a != DAY_NONE,
                                     .after = b != DAY_NONE, .day_before = a, .day_after = b });
}

static void compare_exits(const struct comparing *c, const struct rulebooks *real, const struct rulebooks *other, int32_t today)
{
    if (!parcours_running(c->a) && !parcours_running(c->b))
        return;
    for (unsigned i = 0; i < exit_criteria(); i++) {
        struct exit_check a = exit_outlook(c->a, i, today, real), b = exit_outlook(c->b, i, today, other);
        if (a.met != b.met || a.earliest != b.earliest)
            tell(c, (struct difference){ .kind = DIFFERENT_EXIT, .number = (int)i, .event = a.cause ? a.cause : b.cause, .before = a.met, .after = b.met,
                                         .day_before = a.earliest, .day_after = b.earliest });
    }
}

void simulation_compare(const struct parcours *as_is, const struct rulebooks *real, const struct parcours *would_be, const struct rulebooks *other,
                        int32_t today, difference_fn *fn, void *context)
{
    struct comparing c = { as_is, would_be, fn, context };
    compare_marks(&c);
    compare_deadlines(&c);
    compare_late(&c, as_is, would_be, true);
    compare_late(&c, would_be, as_is, false);
    compare_limit(&c, real, other);
    compare_exits(&c, real, other, today);
}
