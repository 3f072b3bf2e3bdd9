/* Questions about participants, answered from their folds and the rows of the views. */
#include <stdlib.h>

#include "../events/days.h"
#include "../events/exits.h"
#include "play.h"

#define DAY_MS 86400000ll
#define ALERTS_MAX 1024

bool play_day_of(struct play *p, const struct line *l, const char *key, int32_t otherwise, int32_t *ret)
{
    struct text t = line_value(l, key);
    *ret = otherwise;
    if (!t.at || day_parse(t, ret))
        return true;
    play_fail(p, "%s: there is no such day", key);
    return false;
}

struct named *play_who(struct play *p, const struct line *l, unsigned index)
{
    struct text name = { "", 0 };
    line_bare(l, index, &name);
    struct named *n = play_named(p, name);
    if (!n)
        play_fail(p, "who is `%.*s`?", TEXT_ARGS(name));
    return n;
}

static const struct parcours *parcours_of(struct play *p, const struct line *l)
{
    struct named *n = play_who(p, l, 1);
    const struct parcours *q = n ? play_parcours(p, n->stream) : NULL;
    if (n && !q)
        play_fail(p, "not a participant");
    return q;
}

/* ---- state ---- */
static void say_limit(struct asked *a, const struct shown_limit *limit)
{
    char day[DAY_TEXT_BYTES];
    say(a, "%s", day_print(limit->day, day));
    if (limit->day != DAY_NONE && !limit->bites)
        say(a, " does not bite");
}

static void say_state(struct play *p, struct asked *a, const struct parcours *q, const struct rulebooks *books, int32_t today)
{
    char day[DAY_TEXT_BYTES];
    struct shown_limit limit = parcours_limit_shown(q, books, today);
    say(a, "%s", state_name(q->state));
    say(a, ", started %s", day_print(q->start_on, day));
    say(a, ", limit ");
    say_limit(a, &limit);
    say(a, ", uncounted %d, extensions %d", limit.uncounted_days, q->extensions);
    say(a, ", referent %s, parcours %d", q->referent == ABSENT ? "-" : play_name_of(p, (uint64_t)q->referent), q->number);
}

static void ask_state(struct play *p, const struct line *l)
{
    struct asked a = { .bytes = 0 };
    const struct parcours *q = parcours_of(p, l);
    if (!q)
        return;
    say_state(p, &a, q, desk_rulebooks(p->desk), p->today);
    play_expect(p, l->wanted, a.at, false);
}

/* The fold of what had happened by a day, as known at the end of another. */
static void ask_show(struct play *p, const struct line *l)
{
    struct asked a = { .bytes = 0 };
    struct named *n = play_who(p, l, 1);
    int32_t as_of, known_at;
    struct parcours q;
    const struct rulebooks *books;
    if (!n || !play_day_of(p, l, "as_of", INT32_MAX, &as_of) || !play_day_of(p, l, "known_at", DAY_NONE, &known_at))
        return;
    int64_t known_ms = known_at == DAY_NONE ? INT64_MAX : (known_at + 1ll) * DAY_MS - 1;
    if (!play_then(p, n->stream, as_of, known_ms, &q, &books))
        return;
    say_state(p, &a, &q, books, as_of == INT32_MAX ? p->today : as_of);
    play_expect(p, l->wanted, a.at, false);
}

static void ask_limit(struct play *p, const struct line *l)
{
    struct asked a = { .bytes = 0 };
    const struct parcours *q = parcours_of(p, l);
    if (!q)
        return;
    struct shown_limit limit = parcours_limit_shown(q, desk_rulebooks(p->desk), p->today);
    say_limit(&a, &limit);
    play_expect(p, l->wanted, a.at, true);
}

static void ask_events(struct play *p, const struct line *l)
{
    struct asked a = { .bytes = 0 };
    struct named *n = play_who(p, l, 1);
    const struct fold *f = n ? play_fold(p, n->stream) : NULL;
    if (!f)
        return;
    say(&a, "%llu", (unsigned long long)f->version);
    play_expect(p, l->wanted, a.at, true);
}

/* ---- what is due ---- */
static bool rule_asked(struct play *p, struct text name, int *ret)
{
    *ret = name.at ? rule_named(name) : -1;
    if (name.at && *ret < 0)
        play_fail(p, "there is no rule `%.*s`", TEXT_ARGS(name));
    return !name.at || *ret >= 0;
}

static void ask_due(struct play *p, const struct line *l)
{
    int rule;
    char day[DAY_TEXT_BYTES];
    struct text name = { NULL, 0 };
    struct asked a = { .bytes = 0 };
    const struct parcours *q = parcours_of(p, l);
    if (!q || !line_bare(l, 2, &name) || !rule_asked(p, name, &rule) || rule < 0)
        return;
    const struct deadline *d = &q->open[rule];
    say(&a, "%s", d->due == DAY_NONE ? "none" : day_print(d->due, day));
    if (d->due != DAY_NONE)
        say(&a, ", shown from %s", day_print(deadline_shown_on(d), day));
    play_expect(p, l->wanted, a.at, false);
}

void play_alerts(struct play *p, const struct line *l)
{
    static struct alert shown[ALERTS_MAX];
    struct asked a = { .bytes = 0 };
    struct text name;
    char text[DAY_TEXT_BYTES];
    int32_t day;
    int rule;
    bool one = line_bare(l, 1, &name);
    struct named *who = one ? play_who(p, l, 1) : NULL;
    if ((one && !who) || !play_day_of(p, l, "on", p->today, &day) || !rule_asked(p, line_value(l, "rule"), &rule) || !play_rows(p))
        return;
    unsigned n = play_alerts_on(p, day, shown, ALERTS_MAX);
    for (unsigned i = 0; i < n; i++) {
        if ((who && who->stream != shown[i].owner) || (rule >= 0 && rule != shown[i].rule))
            continue;
        say(&a, "%s%s %s", a.bytes ? "; " : "", play_name_of(p, shown[i].owner), rules[shown[i].rule].name);
        say(&a, " since %s", day_print(shown[i].since, text));
    }
    play_expect(p, l->wanted, a.bytes ? a.at : "none", true);
}

static const char *event_name(struct play *p, uint64_t seq)
{
    struct text record;
    struct record_header h;
    const char *label = play_label_of(p, seq);
    if (label)
        return label;
    if (!log_record(p->desk->log_txn, seq, &record) || !record_header(record, &h) || !kind_of(h.kind))
        return "?";
    return kind_of(h.kind)->command;
}

static void ask_marks(struct play *p, const struct line *l)
{
    int rule;
    struct asked a = { .bytes = 0 };
    const struct parcours *q = parcours_of(p, l);
    if (!q || !rule_asked(p, line_value(l, "rule"), &rule))
        return;
    for (uint32_t i = 0; i < q->marks.n; i++) {
        const struct mark *m = &q->marks.at[i];
        if (rule >= 0 && m->rule != rule)
            continue;
        say(&a, "%s%s %s", a.bytes ? "; " : "", event_name(p, m->seq), m->rule == MARK_STATE ? "state" : rules[m->rule].name);
        say(&a, "%s%s", m->unfounded ? " unfounded" : "", m->waived ? " waived" : "");
    }
    play_expect(p, l->wanted, a.bytes ? a.at : "none", true);
}

static void ask_late(struct play *p, const struct line *l)
{
    int rule;
    char day[DAY_TEXT_BYTES];
    struct asked a = { .bytes = 0 };
    const struct parcours *q = parcours_of(p, l);
    if (!q || !rule_asked(p, line_value(l, "rule"), &rule))
        return;
    for (uint32_t i = 0; i < q->episodes.n; i++) {
        const struct episode *e = &q->episodes.at[i];
        if (rule >= 0 && e->rule != rule)
            continue;
        say(&a, "%s%s since %s", a.bytes ? "; " : "", rules[e->rule].name, day_print(e->since, day));
        say(&a, " until %s", day_print(e->settled_on, day));
    }
    play_expect(p, l->wanted, a.bytes ? a.at : "none", true);
}

/* ---- exits ---- */
static void say_missing(struct asked *a, uint32_t missing)
{
    bool first = true;
    for (unsigned m = 0; m < MISSINGS; m++)
        if (missing >> m & 1) {
            say(a, "%s%s", first ? "" : ", ", missing_name((enum missing)m));
            first = false;
        }
}

static void ask_exit_check(struct play *p, const struct line *l)
{
    int32_t day;
    char text[DAY_TEXT_BYTES];
    struct asked a = { .bytes = 0 };
    struct text name = { "", 0 };
    const struct parcours *q = parcours_of(p, l);
    int64_t criterion = line_bare(l, 2, &name) ? word_numbered(VOCABULARY_exit_criterion, name) : ABSENT;
    if (!q || !play_day_of(p, l, "on", p->today, &day))
        return;
    if (criterion == ABSENT) {
        play_fail(p, "there is no criterion `%.*s`", TEXT_ARGS(name));
        return;
    }
    struct exit_check c = exit_outlook(q, (unsigned)criterion, day, desk_rulebooks(p->desk));
    say(&a, "%s", c.met ? "met" : "not met (");
    if (!c.met) {
        say_missing(&a, c.missing);
        say(&a, "), earliest %s", c.earliest == DAY_NONE ? "never" : day_print(c.earliest, text));
    }
    play_expect(p, l->wanted, a.at, false);
}

static const struct {
    const char *word;
    void (*ask)(struct play *, const struct line *);
} questions[] = {
    { "state", ask_state }, { "show", ask_show }, { "limit", ask_limit }, { "events", ask_events }, { "due", ask_due },
    { "alerts", play_alerts }, { "alert", play_alert }, { "marks", ask_marks }, { "late", ask_late }, { "exit-check", ask_exit_check },
    { "figure", play_figure }, { "report", play_report }, { "caseload", play_caseload }, { "exits", play_exits }, { "field", play_field }, { "duties", play_duties },
    { "remember", play_remember }, { "as-remembered", play_remembered }, { "difference", play_difference },
};

bool play_ask(struct play *p, const struct line *l)
{
    for (unsigned i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
        if (text_is(l->words[0].value, questions[i].word)) {
            questions[i].ask(p, l);
            return true;
        }
    return false;
}
