/* Figures of a period, each with its numerator and denominator, for the PLIE or by referent. One row an indicator, below.
 * They are read from two tables of contributions: who comes into and leaves a caseload on which day, and the exits. */
#include <stdlib.h>
#include <string.h>

#include "../projections/portfolios.h"
#include "answers.h"
#include "service.h"

struct figures {
    uint64_t referent;      /* ABSENT: the whole PLIE */
    int64_t caseload, entries, exits, positive;
    int64_t by_criterion[WORDS_MAX], by_reason[WORDS_MAX];
};

#define PLACE(member) offsetof(struct figures, member)
#define NO_PLACE ((size_t)-1)
#define NO_RULE (-1)

/* A count (`of` is NO_PLACE), a percentage of another, or a list of counts by the words of a vocabulary. */
static const struct indicator {
    const char *name, *unit;
    size_t numerator, of;
    int vocabulary;         /* -1: a single figure */
    int target;             /* rule, or NO_RULE */
    const char *fr, *en;
} indicators[] = {
    { "caseload", "count", PLACE(caseload), NO_PLACE, -1, RULE_caseload,
      "Participants en parcours le dernier jour de la période.", "Participants in their parcours on the last day of the period." },
    { "entries", "count", PLACE(entries), NO_PLACE, -1, NO_RULE,
      "Parcours commencés dans la période.", "Parcours started in the period." },
    { "exits", "count", PLACE(exits), NO_PLACE, -1, NO_RULE,
      "Sorties prononcées dans la période.", "Exits pronounced in the period." },
    { "positive_exits", "count", PLACE(positive), NO_PLACE, -1, NO_RULE,
      "Sorties positives fondées, dont une pièce est acceptée.", "Positive exits that are founded and have accepted evidence." },
    { "positive_exit_rate", "percent", PLACE(positive), PLACE(exits), -1, RULE_positive_exits,
      "Part des sorties positives dans les sorties prononcées.", "Positive exits among the exits pronounced." },
    { "by_criterion", "count", PLACE(by_criterion), NO_PLACE, VOCABULARY_exit_criterion, NO_RULE,
      "Sorties positives, par critère.", "Positive exits, by criterion." },
    { "by_reason", "count", PLACE(by_reason), NO_PLACE, VOCABULARY_exit_reason, NO_RULE,
      "Autres sorties, par motif.", "Other exits, by reason." },
};
#define INDICATORS (sizeof(indicators) / sizeof(indicators[0]))

/* Somebody came into a referent's caseload, or left it, on a day of the period. */
struct change {
    uint64_t participant, referent;
    uint32_t number;
    int32_t day, by;
};

struct period {
    struct call *call;
    int32_t from, to;
    struct figures whole;
    struct figures *each;       /* by referent */
    uint32_t n, room;
    struct change *changes;
    uint32_t change_count, change_room;
};

static struct figures *figures_of(struct period *p, uint64_t referent)
{
    for (uint32_t i = p->n; i-- > 0;)   /* rows come by referent: the last one, most often */
        if (p->each[i].referent == referent)
            return &p->each[i];
    void *at = p->each;
    vector_room(p->call->arena, &p->n, &p->room, &at, sizeof(*p->each));
    p->each = at;
    p->each[p->n] = (struct figures){ .referent = referent };
    return &p->each[p->n++];
}

/* ---- caseloads and entries ---- */
static void add_change(struct period *p, struct text key, int32_t by)
{
    void *at = p->changes;
    vector_room(p->call->arena, &p->change_count, &p->change_room, &at, sizeof(*p->changes));
    p->changes = at;
    p->changes[p->change_count++] = (struct change){ store_key_read_u64(key.at + 12), store_key_read_u64(key.at), key_read_u32(key.at + 20),
                                                     key_read_day(key.at + 8), by };
}

static void scan_caseloads(struct period *p)
{
    struct text key, value;
    struct store_cursor *c = store_cursor(p->call->views, projection_table(&caseloads));
    bool more = store_seek(c, TEXT("\0"), &key, &value);
    for (; more; more = store_next(c, &key, &value)) {
        int32_t day = key_read_day(key.at + 8), by;
        if (day > p->to)
            continue;
        memcpy(&by, value.at, sizeof(by));
        p->whole.caseload += by;
        figures_of(p, store_key_read_u64(key.at))->caseload += by;
        if (day >= p->from)
            add_change(p, key, by);
    }
    store_cursor_close(c);
}

static int by_parcours(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    if (x->participant != y->participant)
        return x->participant < y->participant ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return x->by - y->by;
}

/* A parcours starts on the day somebody comes whom no other referent hands over: the changes of that day add up to one. */
static void count_entries(struct period *p)
{
    if (p->change_count > 1)
        qsort(p->changes, p->change_count, sizeof(*p->changes), by_parcours);
    for (uint32_t i = 0, next; i < p->change_count; i = next) {
        const struct change *first = &p->changes[i], *last = first;
        int32_t sum = 0;
        for (next = i; next < p->change_count; next++) {
            const struct change *one = &p->changes[next];
            if (one->participant != first->participant || one->number != first->number || one->day != first->day)
                break;
            sum += one->by;
            last = one;
        }
        if (sum <= 0)
            continue;
        p->whole.entries++;
        figures_of(p, last->referent)->entries++;
    }
}

/* ---- exits ---- */
static void count_exit(struct figures *f, const struct exit_row *e)
{
    f->exits++;
    if (e->outcome != exit_outcome_positive) {
        if (e->reason >= 0 && e->reason < WORDS_MAX)
            f->by_reason[e->reason]++;
    } else if (!e->unfounded && e->accepted) {
        f->positive++;
        if (e->criterion >= 0 && e->criterion < WORDS_MAX)
            f->by_criterion[e->criterion]++;
    }
}

static void scan_exits(struct period *p)
{
    struct row from = { .key_bytes = 0 };
    struct text key, value;
    key_day(&from, p->from);
    struct store_cursor *c = store_cursor(p->call->views, projection_table(&exits));
    bool more = store_seek(c, (struct text){ (const char *)from.key, 4 }, &key, &value);
    for (; more && key_read_day(key.at) <= p->to; more = store_next(c, &key, &value)) {
        struct exit_row e;
        memcpy(&e, value.at, sizeof(e));
        count_exit(&p->whole, &e);
        count_exit(figures_of(p, e.referent), &e);
    }
    store_cursor_close(c);
}

/* ---- the answer ---- */
static int64_t figure(const struct figures *f, size_t place)
{
    int64_t n;
    memcpy(&n, (const char *)f + place, sizeof(n));
    return n;
}

static void put_words(struct json_out *out, const struct indicator *i, const struct figures *f)
{
    json_key(out, "values"), json_open(out);
    for (unsigned w = 0; w < vocabulary_count((unsigned)i->vocabulary); w++)
        json_key(out, word_name((unsigned)i->vocabulary, w)), json_number(out, figure(f, i->numerator + w * sizeof(int64_t)));
    json_close(out);
}

static void put_value(struct json_out *out, const struct indicator *i, const struct figures *f)
{
    int64_t n = figure(f, i->numerator), d = i->of == NO_PLACE ? 1 : figure(f, i->of);
    json_key(out, "value");
    if (i->of == NO_PLACE)
        json_number(out, n);
    else if (d == 0)
        json_null(out);     /* a share of nothing */
    else
        json_hundredths(out, (n * 10000 + d / 2) / d);
    json_key(out, "numerator"), json_number(out, n);
    json_key(out, "denominator");
    if (i->of == NO_PLACE)
        json_null(out);
    else
        json_number(out, d);
}

/* The caseload aimed at is one referent's, for the time they work; for the PLIE it has no meaning. */
static int64_t target_of(const struct period *p, const struct indicator *i, const struct figures *f, int64_t share)
{
    const struct rulebook *b = rulebook_on(p->call->books, p->to, UINT64_MAX);
    if (i->target == NO_RULE || !rule_applies(b, (enum rule_number)i->target))
        return ABSENT;
    if (i->target != RULE_caseload)
        return b->rule[i->target].value.at[0];
    return (int64_t)f->referent == ABSENT || f->referent == NO_REFERENT ? ABSENT : caseload_target(p->call, share, p->to);
}

static void put_figures(const struct period *p, const struct figures *f, int64_t share)
{
    struct json_out *out = p->call->out;
    json_key(out, "indicators"), json_open_list(out);
    for (unsigned k = 0; k < INDICATORS; k++) {
        const struct indicator *i = &indicators[k];
        int64_t target = target_of(p, i, f, share);
        json_open(out);
        json_key(out, "name"), json_string(out, i->name);
        json_key(out, "sentence"), json_string(out, p->call->french ? i->fr : i->en);
        json_key(out, "unit"), json_string(out, i->unit);
        if (i->vocabulary >= 0)
            put_words(out, i, f);
        else
            put_value(out, i, f);
        json_key(out, "target");
        if (target == ABSENT)
            json_null(out);
        else
            json_number(out, target);
        json_close(out);
    }
    json_close_list(out);
}

static int by_referent(const void *a, const void *b)
{
    const struct figures *x = a, *y = b;
    return (x->referent > y->referent) - (x->referent < y->referent);
}

static bool put_referents(struct period *p)
{
    struct json_out *out = p->call->out;
    struct arena scratch;
    bool good = true;
    arena_init(&scratch, REQUEST_ARENA_BYTES);
    if (p->n > 1)
        qsort(p->each, p->n, sizeof(*p->each), by_referent);
    json_key(out, "referents"), json_open_list(out);
    for (uint32_t i = 0; i < p->n; i++) {
        struct card card = { .share_percent = ABSENT };
        const struct event **events;
        uint32_t count;
        uint64_t referent = p->each[i].referent;
        arena_reset(&scratch);
        good = referent == NO_REFERENT || call_card(p->call, &scratch, referent, STREAM_referent, p->to, &card, &events, &count);
        if (!good)
            break;
        json_open(out);
        json_key(out, "referent"), json_id(out, STREAM_referent, referent);
        put_figures(p, &p->each[i], card.share_percent);
        json_close(out);
    }
    json_close_list(out);
    arena_free(&scratch);
    return good;
}

static bool read_period(struct call *call, struct period *p, bool *ret_by_referent)
{
    struct text by = { NULL, 0 };
    struct problems problems = { .count = 0 };
    p->from = day_of(day_civil(call->today).year, 1, 1);
    p->to = call->today;
    if (!call_day(call, "from", &p->from) || !call_day(call, "to", &p->to) || !call_text(call, "by", &by))
        return false;
    *ret_by_referent = by.at && text_is(by, "referent");
    if (by.at && !*ret_by_referent)
        problem_add(&problems, "`referent` is expected", "?by");
    if (p->from > p->to)
        problem_add(&problems, "the period ends before it begins", "?to");
    if (problems.count)
        call_refuse(call, REFUSED_malformed, NULL, &problems);
    return problems.count == 0;
}

void answer_indicators(struct call *call)
{
    bool each;
    struct period p = { .call = call, .whole = { .referent = (uint64_t)ABSENT } };
    struct json_out *out = call->out;
    if (!read_period(call, &p, &each) || !call_look(call))
        return;
    scan_caseloads(&p);
    count_entries(&p);
    scan_exits(&p);
    json_open(out);
    json_key(out, "from"), json_day(out, p.from);
    json_key(out, "to"), json_day(out, p.to);
    put_figures(&p, &p.whole, ABSENT);
    if (each && !put_referents(&p))
        return;
    json_close(out);
}
