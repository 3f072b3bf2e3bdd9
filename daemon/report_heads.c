/* What the heads of all forms say of a report: it travels alone. */
#include "../events/ids.h"
#include "report_forms.h"

struct text making_scope(const struct making *m)
{
    char id[ID_TEXT_BYTES];
    struct text scope = { NULL, 0 };
    for (unsigned p = 0; p < PARAMETERS; p++)
        if ((int64_t)m->reporting.asked.stream[p] != ABSENT) {
            id_print((enum stream_type)parameters[p].how, m->reporting.asked.stream[p], id);
            scope = scope.at ? arena_print(m->call->arena, "%.*s %s", TEXT_ARGS(scope), id) : arena_print(m->call->arena, "%s", id);
        }
    return scope.at ? scope : TEXT("plie");
}

struct text making_period(const struct making *m)
{
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
    const struct period *p = &m->reporting.asked.period;
    return arena_print(m->call->arena, "%s/%s", day_print(p->from, first), day_print(p->to, last));
}

struct text making_rulebook(const struct making *m)
{
    const struct rulebook *b = rulebook_on(m->reporting.asked.books, m->reporting.asked.period.to, UINT64_MAX);
    return b ? b->name : TEXT("");
}

/* ---- the head, for people ---- */
struct head {
    const struct making *m;
    head_fn *say;
    void *context;
};

static void say_text(const struct head *h, const char *fr, const char *en, struct text t)
{
    struct cell cell = { ABSENT, t };
    if (t.at)
        h->say(h->context, text_of(h->m->call->french ? fr : en), CELL_text, &cell);
}

static void say_number(const struct head *h, const char *fr, const char *en, enum cell_type type, int64_t n)
{
    struct cell cell = { n, { NULL, 0 } };
    h->say(h->context, text_of(h->m->call->french ? fr : en), type, &cell);
}

static struct text instant_text(const struct making *m, int64_t ms)
{
    char text[INSTANT_TEXT_BYTES];
    return arena_print(m->call->arena, "%s", instant_print(ms, text));
}

static void say_period(const struct head *h, const struct period *p)
{
    say_number(h, "Premier jour", "First day", CELL_day, p->from);
    say_number(h, "Dernier jour", "Last day", CELL_day, p->to);
    if (p->as_of != INT32_MAX)
        say_number(h, "Tel que c'était le", "As it was on", CELL_day, p->as_of);
    if (p->known_at != INT64_MAX)
        say_text(h, "Tel qu'on le savait à", "As it was known at", instant_text(h->m, p->known_at));
}

void making_head(const struct making *m, head_fn *say, void *context)
{
    const struct head h = { m, say, context };
    const struct reporting *r = &m->reporting;
    say_text(&h, "Rapport", "Report", text_of(r->asked.report->name));
    say_text(&h, "Objet", "About", text_of(m->call->french ? r->asked.report->fr : r->asked.report->en));
    say_text(&h, "PLIE", "PLIE", r->plie);
    say_text(&h, "Cofinancement", "Co-funding", r->mention);
    say_text(&h, "Périmètre", "Scope", making_scope(m));
    say_period(&h, &r->asked.period);
    for (unsigned p = 0; p < PARAMETERS; p++)
        if (r->asked.number[p] != ABSENT)
            say_number(&h, parameters[p].name, parameters[p].name, CELL_number, r->asked.number[p]);
    say_text(&h, "Référentiel", "Rulebook", making_rulebook(m));
    say_number(&h, "Position du journal", "Position of the log", CELL_number, (int64_t)m->call->position.seq);
    say_text(&h, "Établi", "Made at", instant_text(m, m->call->now_ms));
    say_number(&h, "Lignes", "Rows", CELL_number, r->n);
}
