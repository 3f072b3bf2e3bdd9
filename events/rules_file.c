/* Rules of the participant's file and of the Fund's operations. */
#include "apply.h"
#include "file.h"
#include "fund.h"

bool mandatory_told(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)b;
    return ((const struct entry_decided *)e->data)->outcome != entry_outcome_accepted || (p->told_items & v->at[0]) == v->at[0];
}

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* A piece is asked for since the start, and again when the one that is held ends. */
static struct deadline piece_due(const struct parcours *p, int kind, int32_t first_due)
{
    uint64_t seq = p->start_seq;
    int32_t until = file_holds_until(p, kind, &seq), due = later(first_due, until);
    return until == INT32_MAX ? NO_DEADLINE : (struct deadline){ due, due + 1, seq, DAY_NONE };
}

struct deadline file_complete_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    struct deadline first = NO_DEADLINE;
    int64_t required = file_required(b);
    for (int kind = 0; parcours_running(p) && kind < evidence_kind_words; kind++) {
        struct deadline d = required >> kind & 1 ? piece_due(p, kind, p->start_on + (int32_t)v->at[0]) : NO_DEADLINE;
        if (d.due != DAY_NONE && (first.due == DAY_NONE || d.due < first.due))
            first = d;
    }
    return first;
}

struct deadline archive_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    int32_t due = p->exited_on + (int32_t)v->at[0];
    bool waits = p->state == STATE_exited && p->archived_on == DAY_NONE;
    return waits ? (struct deadline){ due, due + 1, p->exit_seq, DAY_NONE } : NO_DEADLINE;
}

/* ---- the Fund ---- */
bool operation_long_enough(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b;
    const struct operation_joined *d = e->data;
    return d->operation_days == ABSENT || d->operation_days >= v->at[0];
}

bool joined_within(const struct parcours *p, const struct event *e, const struct rulebook *b, const struct value *v)
{
    (void)p, (void)b, (void)v;
    const struct operation_joined *d = e->data;
    return (d->operation_from == ABSENT || d->operation_from <= e->on) && (d->operation_until == ABSENT || e->on <= d->operation_until);
}

struct deadline entry_data_due(const struct parcours *p, const struct rulebook *b, const struct value *v)
{
    (void)b;
    struct deadline first = NO_DEADLINE;
    for (uint32_t i = 0; KNOWN & 1u << p->state && i < p->participations.n; i++) {
        const struct participation *x = &p->participations.at[i];
        int32_t due = x->joined_on + (int32_t)v->at[0];
        if (participation_entered(x) && !x->left && participation_lacks(p, x) && (first.due == DAY_NONE || due < first.due))
            first = (struct deadline){ due, due + 1, x->joined_seq, DAY_NONE };
    }
    return first;
}
