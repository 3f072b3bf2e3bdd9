/* The table of the rules, from the rows of rules.def. */
#include "rules.h"

#include <pthread.h>

#define ROW_UNIT_CODE(first, second) .unit = UNIT_WORD, .words = { first, second }
#define ROW_UNIT_SET(of) .unit = UNIT_SET_OF, .vocabulary = VOCABULARY_##of
#define ROW_UNIT_DAYS .unit = UNIT_DAYS
#define ROW_UNIT_MONTHS .unit = UNIT_MONTHS
#define ROW_UNIT_COUNT .unit = UNIT_COUNT
#define ROW_UNIT_PERCENT .unit = UNIT_PERCENT
#define ROW_UNIT_YEARS .unit = UNIT_YEARS
#define ROW_UNIT_CENTS .unit = UNIT_CENTS
#define ROW_UNIT_MONTHS_WITHIN .unit = UNIT_MONTHS_WITHIN
#define ROW_UNIT_HOURS .unit = UNIT_HOURS
#define ROW_UNIT_MONTHS_TIMES .unit = UNIT_MONTHS_TIMES
#define ROW_UNIT_MONTHS_DAYS .unit = UNIT_MONTHS_DAYS
#define ROW_UNIT_DAY_OF_MONTH .unit = UNIT_DAY_OF_MONTH
#define ROW_UNIT_YES .unit = UNIT_YES

const struct rule rules[RULES] = {
#define RULE(c_name, name_, unit_, min_, max_, values_max_, turn_, on_, allows_, due_, fr_, en_) \
    [RULE_##c_name] = { .name = name_, ROW_##unit_, .min = min_, .max = max_, .values_max = values_max_, .turn = turn_, \
                        .on = on_, .allows = allows_, .due = due_, .fr = fr_, .en = en_ },
#include "rules.def"
#undef RULE
};

int rule_named(struct text name)
{
    for (int r = 0; r < RULES; r++)
        if (text_is(name, rules[r].name))
            return r;
    return -1;
}

/* ---- which rules judge a kind ---- */
static struct rule_set judging[KIND_NUMBERS], with_deadline;
static pthread_once_t judging_known = PTHREAD_ONCE_INIT;

static bool judges(const struct rule *r, const struct kind *k)
{
    if (!r->allows)
        return false;
    if (r->on[0] == KIND_any)
        return k->nature == FACT;
    for (const uint16_t *on = r->on; *on != KIND_any; on++)
        if (*on == k->number)
            return true;
    return false;
}

static void know_judging(void)
{
    for (int r = 0; r < RULES; r++)
        if (rules[r].due)
            rule_add(&with_deadline, r);
    for (unsigned i = 0; i < catalogue_count(); i++)
        for (int r = 0; r < RULES; r++)
            if (judges(&rules[r], catalogue_at(i)))
                rule_add(&judging[catalogue_at(i)->number], r);
}

const struct rule_set *rules_judging(const struct kind *k)
{
    pthread_once(&judging_known, know_judging);
    return &judging[k->number];
}

const struct rule_set *rules_due(void)
{
    pthread_once(&judging_known, know_judging);
    return &with_deadline;
}
