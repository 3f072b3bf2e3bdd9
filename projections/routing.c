#include "routing.h"

#include <string.h>

static const char *const ways[ROUTED_WAYS] = { [ROUTED_referent] = "referent", [ROUTED_substitute] = "substitute", [ROUTED_absent] = "absent",
                                               [ROUTED_left] = "left", [ROUTED_coordinator] = "coordinator" };

const char *routed_name(enum routed how)
{
    return ways[how];
}

/* ---- the référents ---- */
static struct follower read_follower(struct followers *f, uint64_t stream)
{
    struct card c;
    struct follower one = { .stream = stream, .substitute = ABSENT, .absent_on = DAY_NONE, .absent_until = DAY_NONE, .left = true };
    if (!f->card(f->context, stream, &c) || c.opened_on == DAY_NONE)
        return one;
    one.substitute = c.substitute;
    one.absent_on = c.absent_on;
    one.absent_until = c.absent_until;
    one.left = c.closed_on != DAY_NONE && c.closed_on <= f->day;
    return one;
}

static struct follower follower_of(struct followers *f, uint64_t stream)
{
    uint32_t low = 0, high = f->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (f->at[middle].stream < stream)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < f->n && f->at[low].stream == stream)
        return f->at[low];
    struct follower one = read_follower(f, stream);
    void *at = f->at;
    vector_room(f->arena, &f->n, &f->room, &at, sizeof(one));
    f->at = at;
    memmove(&f->at[low + 1], &f->at[low], (f->n - low) * sizeof(one));
    f->at[low] = one;
    f->n++;
    return one;
}

/* After the day told with the absence they are taken for back, whether somebody said so or not. */
static bool is_absent(const struct followers *f, const struct follower *one)
{
    return one->absent_on != DAY_NONE && one->absent_on <= f->day && (one->absent_until == DAY_NONE || f->day <= one->absent_until);
}

/* ---- escalation ---- */
static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

int32_t alert_escalates_on(const struct alert *a, const struct rulebooks *books)
{
    /* DAY_NONE is the smallest. Nobody who sees it yet leaves it open. */
    int32_t left_since = later(a->shown_on == DAY_NONE ? a->since : a->shown_on, later(a->seen_on, a->until_day));
    if (rules[a->rule].turn == COORDINATOR || a->referent == NOBODY)
        return DAY_NONE;
    for (uint32_t i = 0; i < books->regime_count; i++) {
        const struct regime *g = &books->regimes[i];
        if (!rule_applies(g->book, RULE_escalation))
            continue;
        int32_t day = later(left_since + (int32_t)g->book->rule[RULE_escalation].value.at[0], g->from_day);
        if (day < g->before_day)
            return day;
    }
    return DAY_NONE;
}

/* ---- the way ---- */
static void go_to(struct followers *f, const struct alert *a, struct way *r)
{
    struct follower one = follower_of(f, a->referent);
    r->how = ROUTED_referent;
    for (unsigned steps = 0; !one.left && is_absent(f, &one); steps++) {
        r->how = ROUTED_absent;
        if (one.substitute == ABSENT || steps == SUBSTITUTES_MAX)
            return;
        one = follower_of(f, (uint64_t)one.substitute);
        r->how = ROUTED_substitute;
    }
    if (one.left)
        r->how = r->how == ROUTED_referent ? ROUTED_left : ROUTED_absent;
    else
        r->to = one.stream;
}

struct way alert_route(struct followers *f, const struct alert *a, const struct rulebooks *books)
{
    struct way r = { .to = NOBODY, .how = ROUTED_coordinator, .escalates_on = alert_escalates_on(a, books) };
    if (rules[a->rule].turn == COORDINATOR || a->referent == NOBODY)
        return r;
    go_to(f, a, &r);
    r.escalated = r.escalates_on != DAY_NONE && r.escalates_on <= f->day && alert_status_on(a, f->day) != ALERT_settled;
    return r;
}
