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
