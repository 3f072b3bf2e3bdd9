/* Why a figure is no longer what it was, as a table: what went and what came, participant after participant, and because of what. */
#include "ctl.h"

/* "1 of 2, 2026-03-12" for each, by its event. */
static struct text contributions(const struct json *list)
{
    struct text all = TEXT("");
    for (const struct json *c = list ? list->first : NULL; c; c = c->next)
        all = arena_print(&ctl.arena, "%.*s%s%.*s/%.*s (%.*s)", TEXT_ARGS(all), all.bytes ? ", " : "", TEXT_ARGS(value_text(json_get(c, "numerator"))),
                          TEXT_ARGS(value_text(json_get(c, "denominator"))), TEXT_ARGS(value_text(json_get(c, "day"))));
    return all.bytes ? all : TEXT("-");
}

static void print_reasons(struct table *t, const struct json *change)
{
    const struct json *because = json_get(change, "because");
    bool first = true;
    for (const struct json *r = because ? because->first : NULL; r || first; r = r ? r->next : NULL, first = false) {
        table_cell(t, first ? value_text(change->first) : TEXT(""));
        table_cell(t, first ? cut(contributions(json_get(change, "gone")), CELL_COLUMNS_MAX) : TEXT(""));
        table_cell(t, first ? cut(contributions(json_get(change, "come")), CELL_COLUMNS_MAX) : TEXT(""));
        table_cell(t, r ? value_text(json_get(r, "event")) : TEXT("-"));
        table_cell(t, r ? value_text(json_get(r, "on")) : TEXT("-"));
        table_cell(t, r ? value_text(json_get(r, "sentence")) : text_of(say("Le référentiel.", "The rulebook.")));
    }
}

void difference_print(const struct json *answer)
{
    static const char *const left_out[] = { "changes", NULL };
    const char *const head[] = { say("qui", "who"), say("parti", "gone"), say("venu", "come"), say("n°", "event"), say("jour", "on"), say("parce que", "because") };
    const struct json *changes = json_get(answer, "changes");
    render_without(answer, NULL, left_out);
    if (!changes || !changes->first)
        return;
    struct table *t = table_new(6, true);
    for (unsigned i = 0; i < 6; i++)
        table_cell(t, text_of(head[i]));
    for (const struct json *c = changes->first; c; c = c->next)
        print_reasons(t, c);
    printf("\n");
    table_print(t, 0);
}
