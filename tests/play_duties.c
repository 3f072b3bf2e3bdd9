/* duties R1 [on=DAY] [known_at=DAY] [rule=RULE]: what a référent, a session... owes, as the alerts of the day show it. */
#include "../events/days.h"
#include "../projections/duties.h"
#include "play.h"

static void say_duty(struct asked *a, const struct duty *d)
{
    char day[DAY_TEXT_BYTES];
    say(a, "%s%s since %s", a->bytes ? "; " : "", rules[d->rule].name, day_print(d->deadline.since, day));
}

unsigned play_duties_of(struct play *p, const struct named *who, int32_t day, int64_t known_at, struct duty ret[], const struct event ***ret_events, uint32_t *ret_count)
{
    struct card card;
    const struct event **events = play_events(p, who->stream, ret_count);
    if (!events || !stream_has_duties(who->type) || !play_ready(p)) {
        play_fail(p, "nothing is ever owed there");
        return 0;
    }
    *ret_count = parcours_standing(&p->scratch, events, *ret_count, day, known_at, ret_events);
    card_fold(&card, *ret_events, *ret_count);
    struct elsewhere elsewhere = { .log = p->desk->log_txn, .views = p->desk->views_txn, .kept = &p->scratch, .scratch = &p->scratch,
                                   .known_at = known_at };
    struct owing owing = { &card, *ret_events, *ret_count, day, who->stream, &elsewhere };
    return duties_of(who->type, &owing, play_books(p, known_at), ret);
}

void play_duties(struct play *p, const struct line *l)
{
    struct asked a = { .bytes = 0 };
    struct duty duties[DUTIES_MAX];
    const struct event **events;
    uint32_t count;
    struct period period = { .from = 0 };
    int32_t day;
    struct text rule = line_value(l, "rule");
    struct named *who = play_who(p, l, 1);
    if (!who || !play_day_of(p, l, "on", p->today, &day) || !play_known(p, l, &period))
        return;
    unsigned n = play_duties_of(p, who, day, period.known_at, duties, &events, &count);
    for (unsigned i = 0; i < n; i++)
        if (duties[i].deadline.since <= day && (!rule.at || text_is(rule, rules[duties[i].rule].name)))
            say_duty(&a, &duties[i]);
    play_expect(p, l->wanted, a.bytes ? a.at : "none", true);
}
