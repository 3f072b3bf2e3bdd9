/* duties R1 [on=DAY] [known_at=DAY] [rule=RULE]: what a référent, a session... owes, as the alerts of the day show it. */
#include "../events/days.h"
#include "../projections/duties.h"
#include "play.h"

static void say_duty(struct asked *a, const struct duty *d)
{
    char day[DAY_TEXT_BYTES];
    say(a, "%s%s since %s", a->bytes ? "; " : "", rules[d->rule].name, day_print(d->deadline.since, day));
}

void play_duties(struct play *p, const struct line *l)
{
    struct asked a = { .bytes = 0 };
    struct card card;
    struct duty duties[DUTIES_MAX];
    uint32_t count;
    struct period period = { .from = 0 };
    int32_t day;
    struct text rule = line_value(l, "rule");
    struct named *who = play_who(p, l, 1);
    if (!who || !play_day_of(p, l, "on", p->today, &day) || !play_known(p, l, &period))
        return;
    const struct event **standing, **events = play_events(p, who->stream, &count);
    if (!events || !stream_has_duties(who->type) || !play_ready(p)) {
        play_fail(p, "nothing is ever owed there");
        return;
    }
    count = parcours_standing(&p->scratch, events, count, day, period.known_at, &standing);
    card_fold(&card, standing, count);
    struct elsewhere elsewhere = { .log = p->desk->log_txn, .views = p->desk->views_txn, .kept = &p->scratch, .scratch = &p->scratch,
                                   .known_at = period.known_at };
    struct owing owing = { &card, standing, count, day, who->stream, &elsewhere };
    unsigned n = duties_of(who->type, &owing, play_books(p, period.known_at), duties);
    for (unsigned i = 0; i < n; i++)
        if (duties[i].deadline.since <= day && (!rule.at || text_is(rule, rules[duties[i].rule].name)))
            say_duty(&a, &duties[i]);
    play_expect(p, l->wanted, a.bytes ? a.at : "none", true);
}
