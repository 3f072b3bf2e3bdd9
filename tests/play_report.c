/* report NAME key=value... [line=N] -> column=value column=value: only the columns named are compared. */
#include <stdlib.h>

#include "../events/days.h"
#include "play.h"

static bool read_parameter(struct play *p, const struct line *l, struct reports_asked *a, enum parameter_number parameter)
{
    const char *name = parameters[parameter].name;
    struct text value = line_value(l, name);
    if (!value.at)
        return true;
    if (!report_takes(a->report, parameter)) {
        play_fail(p, "the report %s does not take %s=", a->report->name, name);
        return false;
    }
    struct named *who = parameters[parameter].how < STREAM_TYPES ? play_named(p, value) : NULL;
    if (who)
        a->stream[parameter] = who->stream;
    if (who || reports_ask(a, parameter, value))
        return true;
    play_fail(p, "%s=%.*s?", name, TEXT_ARGS(value));
    return false;
}

static bool read_asked(struct play *p, const struct line *l, struct reports_asked *ret)
{
    struct text name = { "", 0 };
    line_bare(l, 1, &name);
    const struct report *report = report_named(name);
    if (!report) {
        play_fail(p, "there is no report `%.*s`", TEXT_ARGS(name));
        return false;
    }
    *ret = reports_asked(report, p->today);
    for (unsigned i = 0; i < PARAMETERS; i++)
        if (!read_parameter(p, l, ret, (enum parameter_number)i))
            return false;
    return play_known(p, l, &ret->period) && play_ready(p);
}

/* ---- cells ---- */
static void say_cell(struct play *p, struct asked *a, const struct column *c, const struct cell *cell)
{
    char text[CELL_TEXT_BYTES];
    const char *label = c->type == CELL_event && cell->number != ABSENT ? play_label_of(p, (uint64_t)cell->number) : NULL;
    if (c == p->tweak->column || (c->type == CELL_text ? !cell->text.at : cell->number == ABSENT))
        say(a, "-");
    else if (c->type == CELL_text)
        say(a, memchr(cell->text.at, ' ', cell->text.bytes) ? "\"%.*s\"" : "%.*s", TEXT_ARGS(cell->text));
    else if (c->type == CELL_id)
        say(a, "%s", play_name_of(p, (uint64_t)cell->number));
    else
        say(a, "%s", label ? label : cell_print(c, cell, text));
}

static bool say_total(struct asked *a, const struct reporting *r, struct text name)
{
    for (unsigned i = 0; r->asked.report->totals[i].name; i++)
        if (name.bytes > 7 && memcmp(name.at, "counts.", 7) == 0 && text_is((struct text){ name.at + 7, name.bytes - 7 }, r->asked.report->totals[i].name)) {
            say(a, "%lld", (long long)r->totals[i]);
            return true;
        }
    return false;
}

/* What the line answers to the columns that are wanted, in their order. */
static void say_line(struct play *p, struct asked *a, const struct reporting *r, uint32_t line, const struct line *wanted)
{
    for (unsigned i = 0; i < wanted->count; i++) {
        struct text name = wanted->words[i].key.at ? wanted->words[i].key : TEXT("?");
        int column = report_column(r->asked.report, name);
        say(a, "%s%.*s=", i ? " " : "", TEXT_ARGS(name));
        if (column >= 0)
            say_cell(p, a, &r->asked.report->columns[column], &r->lines[line][column]);
        else if (text_is(name, "lines"))
            say(a, "%u", r->n);
        else if (text_is(name, "mention"))
            say(a, r->mention.at ? "\"%.*s\"" : "-", TEXT_ARGS(r->mention));
        else if (!say_total(a, r, name))
            play_fail(p, "the report %s has no column `%.*s`", r->asked.report->name, TEXT_ARGS(name));
    }
}

static void look(void *context, const struct dossier *d)
{
    reports_look(context, d);
}

void play_report(struct play *p, const struct line *l)
{
    struct asked a = { .bytes = 0 };
    struct reports_asked asked;
    struct reporting r;
    struct line wanted;
    const char *why;
    struct text number = line_value(l, "line");
    uint32_t line = number.at ? (uint32_t)strtoul(number.at, NULL, 10) : 1;
    if (!read_asked(p, l, &asked))
        return;
    if (!line_read(&p->scratch, l->wanted, &wanted, &why)) {
        play_fail(p, "%s", why);
        return;
    }
    asked.books = play_books(p, asked.period.known_at);
    reports_begin(&r, &p->scratch, &asked);
    if (p->tweak->report != asked.report && !play_walk(p, reports_walks(asked.report), &asked.period, look, &r))
        return;
    if (p->tweak->report != asked.report)
        reports_end(&r);
    bool there = line >= 1 && line <= r.n;
    if (!there)
        say(&a, "none");
    else if (wanted.count == 1 && !wanted.words[0].key.at)
        say(&a, "%u lines", r.n);
    else
        say_line(p, &a, &r, line - 1, &wanted);
    play_expect(p, l->wanted, a.at, true);
}
