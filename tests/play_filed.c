/* After every scenario: the figures kept summed (projections/filed.h), brought up to date step by step as the events were recorded, are those
 * of a walk over everybody, month by month and over all of it, whatever they are grouped by. */
#include <inttypes.h>

#include "../daemon/answers.h"
#include "../events/days.h"
#include "../projections/adoptions.h"
#include "../projections/filed.h"
#include "play.h"

#define STEPS 12            /* between the first event and the last */
#define MONTHS_LOOKED_AT 5
#define FILED_BYTES (64u << 20)

/* ---- kept up ---- */
static bool adopts(const struct rulebooks *all, uint64_t from, uint64_t to)
{
    bool some = false;
    for (uint32_t i = 0; i < all->count; i++)
        some = some || (all->at[i]->seq > from && all->at[i]->seq <= to);
    return some;
}

static void put(struct play *p, struct filed *f, const struct event *const *events, uint32_t count, uint64_t at, int sign)
{
    struct dossier d = { .period = filed_period, .books = adoptions_until(&p->scratch, desk_rulebooks(p->desk), at) };
    count = events_until(events, count, at);
    if (count == 0)
        return;
    dossier_fold(&d, &p->scratch, events, count);
    filed_add(f, &d, sign);
}

static void step(struct play *p, struct filed *f, uint64_t from, uint64_t to)
{
    bool anew = adopts(desk_rulebooks(p->desk), from, to);
    if (anew)
        filed_clear(f);
    for (uint64_t stream = 0; stream < p->desk->position.streams; stream++) {
        uint32_t count;
        arena_reset(&p->scratch);
        const struct fold *fold = play_fold(p, stream);
        const struct event **events = fold && fold->type == STREAM_participant ? play_events(p, stream, &count) : NULL;
        if (!events)
            continue;
        if (!anew && events_until(events, count, from) == events_until(events, count, to))
            continue;
        if (!anew)
            put(p, f, events, count, from, -1);
        put(p, f, events, count, to, 1);
    }
}

/* ---- compared ---- */
static bool same_tally(const struct tally *a, const struct tally *b)
{
    return a->numerator == b->numerator && a->denominator == b->denominator;
}

static bool same_words(const struct measured *x, const struct tally *a, const struct tally *b)
{
    bool same = !a == !b;
    for (unsigned w = 0; a && b && w < keyed_words(&x->figure->own[0].keyed); w++)
        same = same && same_tally(&a[w], &b[w]);
    return same;
}

static bool same_measured(const struct measured *a, const struct measured *b)
{
    bool same = a->n == b->n && same_tally(&a->whole, &b->whole) && same_words(a, a->words, b->words);
    for (uint32_t i = 0; same && i < a->n; i++) {
        const struct group *g = &a->groups[i], *h = &b->groups[i];
        same = group_keys_compare(&g->key[0], &h->key[0]) == 0 && group_keys_compare(&g->key[1], &h->key[1]) == 0 && same_tally(&g->tally, &h->tally) &&
               same_words(a, g->words, h->words);
    }
    return same;
}

static void compare(struct play *p, const struct filed *f, int32_t from, int32_t to, const char *by)
{
    char day[DAY_TEXT_BYTES];
    struct figures_asked asked = { .period = { from, to, INT32_MAX, INT64_MAX }, .referent = ABSENT };
    arena_reset(&p->scratch);
#define FILED(c_name) asked.only[FIGURE_##c_name] = true;
#include "../projections/filed.def"
#undef FILED
    if (*by)
        figures_ask_by(&asked, text_of(by));
    if (!filed_answers(&asked, p->today))
        play_fail(p, "figures kept summed do not answer what they should");
    const struct measuring *walked = play_measure(p, &asked);
    struct measuring *filed = ARENA_ARRAY(&p->scratch, struct measuring, 1);
    figures_begin(filed, &p->scratch, &asked);
    filed_answer(f, filed);
    for (unsigned i = 0; walked && i < walked->count; i++)
        if (same_measured(&walked->at[i], &filed->at[i]))
            p->passed++;
        else
            play_fail(p, "%s from %s on by %s: %" PRId64 " of %" PRId64 " in %u groups, kept summed it is %" PRId64 " of %" PRId64 " in %u", walked->at[i].figure->name,
                      day_print(from, day), by, walked->at[i].whole.numerator, walked->at[i].whole.denominator, walked->at[i].n, filed->at[i].whole.numerator,
                      filed->at[i].whole.denominator, filed->at[i].n);
}

void play_check_filed(struct play *p)
{
    static const char *const by[] = { "month,referent", "referent", "referent,month", "month", "" };
    if (p->day_count == 0 || p->tweak->figure)
        return;
    struct filed *f = filed_new(FILED_BYTES);
    uint64_t last = p->desk->position.seq, from = 0;
    for (unsigned i = 1; i <= STEPS; i++) {
        uint64_t to = last * i / STEPS;
        if (to > from)
            step(p, f, from, to);
        from = to;
    }
    for (unsigned i = 0; i < MONTHS_LOOKED_AT; i++) {
        int32_t month = month_index(p->days[(last + i * p->day_count / MONTHS_LOOKED_AT) % p->day_count]);
        compare(p, f, month_first(month), month_last(month), by[i]);
    }
    for (unsigned i = 0; i < sizeof(by) / sizeof(by[0]); i++)
        compare(p, f, DAY_FIRST, p->today, by[i]);
    filed_free(f);
}
