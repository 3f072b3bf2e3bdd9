/* Entry data of the European Social Fund, participations in its operations, the archived file. */
#include "apply.h"
#include "fund.h"

bool participation_entered(const struct participation *x)
{
    return !x->too_short && !x->outside;
}

int64_t participation_lacks(const struct parcours *p, const struct participation *x)
{
    return x->complete_seq ? 0 : FUND_ITEMS & ~((p->told_items & PERSON_ITEMS) | x->items);
}

static bool awaits_data(const struct participation *x)
{
    return !x->complete_seq && participation_entered(x) && !x->left;
}

static void complete_participations(struct parcours *p, const struct event *e)
{
    for (uint32_t i = 0; i < p->participations.n; i++) {
        struct participation *x = &p->participations.at[i];
        if (!awaits_data(x) || participation_lacks(p, x))
            continue;
        x->complete_seq = e->seq;
        x->complete_on = e->on;
    }
}

/* Entry data are those of one entry: what is told goes to the participations that still lack something, else it waits for
 * the next one. What was not told while it lasted is not rebuilt afterwards. */
static void tell_entry(struct parcours *p, int64_t items)
{
    bool awaited = false;
    for (uint32_t i = 0; i < p->participations.n; i++)
        if (awaits_data(&p->participations.at[i])) {
            p->participations.at[i].items |= items;
            awaited = true;
        }
    if (!awaited)
        p->entry_items |= items;
}

static void told_when(int64_t *items, int64_t item, int64_t value)
{
    if (value != ABSENT)
        *items |= item;
}

void parcours_learn_person(struct parcours *p, int64_t birth, int64_t sex, int64_t commune, const struct event *e)
{
    told_when(&p->told_items, ITEM(birth), birth);
    told_when(&p->told_items, ITEM(sex), sex);
    told_when(&p->told_items, ITEM(commune), commune);
    complete_participations(p, e);
}

void apply_fse_entry(struct parcours *p, const struct event *e)
{
    const struct fse_entry_recorded *d = e->data;
    int64_t items = 0;
    told_when(&items, ITEM(labour_status), d->labour_status);
    told_when(&items, ITEM(unemployed_months), d->unemployed_months);
    told_when(&items, ITEM(education), d->education);
    told_when(&items, ITEM(benefits), d->benefits);
    told_when(&items, ITEM(disability), d->disability.coarse);
    told_when(&items, ITEM(third_country), d->third_country);
    told_when(&items, ITEM(foreign_background), d->foreign_background);
    told_when(&items, ITEM(minority), d->minority);
    told_when(&items, ITEM(homeless), d->homeless);
    told_when(&items, ITEM(rural), d->rural);
    told_when(&items, ITEM(single_parent), d->single_parent);
    told_when(&items, ITEM(qpv), d->qpv);
    p->told_items |= items;
    tell_entry(p, items);
    parcours_learn_benefits(p, d->benefits, e);
    complete_participations(p, e);
}

static struct participation *participation_in(struct parcours *p, uint64_t operation)
{
    for (uint32_t i = 0; i < p->participations.n; i++)
        if (p->participations.at[i].operation == operation)
            return &p->participations.at[i];
    return NULL;
}

static bool breaks(const struct parcours *p, const struct event *e, enum rule_number rule, allows_fn *allows)
{
    return rule_applies(p->book, rule) && !allows(p, e, p->book, &p->book->rule[rule].value);
}

void apply_operation_joined(struct parcours *p, const struct event *e)
{
    struct participation now = { .operation = (uint64_t)((const struct operation_joined *)e->data)->operation, .joined_seq = e->seq,
                                 .joined_on = e->on, .left_on = DAY_NONE, .complete_on = DAY_NONE,
                                 .too_short = breaks(p, e, RULE_operation_days, operation_long_enough),
                                 .outside = breaks(p, e, RULE_joined_within, joined_within) };
    struct participation *x = participation_in(p, now.operation);
    if (x && (participation_entered(x) || !participation_entered(&now))) {
        x->left_on = DAY_NONE;      /* back in it: the first entry stays */
    } else {
        if (x)                      /* what was told of it so far is no entry */
            DROP(p, participations, (uint32_t)(x - p->participations.at));
        if (participation_entered(&now)) {
            now.items = p->entry_items;
            p->entry_items = 0;
        }
        PUSH(p, participations, now);
    }
    complete_participations(p, e);
}

void apply_operation_left(struct parcours *p, const struct event *e)
{
    struct participation *x = participation_in(p, (uint64_t)((const struct operation_left *)e->data)->operation);
    if (!x)
        return;
    x->left_on = e->on;         /* the last exit counts */
    x->left = true;
}

void apply_archived(struct parcours *p, const struct event *e)
{
    p->archived_on = e->on;
}
