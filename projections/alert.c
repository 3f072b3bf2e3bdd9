#include "alert.h"

#include <stdio.h>
#include <string.h>

#include "../events/days.h"

static const char *const statuses[ALERT_STATUSES] = { [ALERT_open] = "open", [ALERT_seen] = "seen", [ALERT_put_off] = "put_off", [ALERT_settled] = "settled" };

const char *alert_id(const struct alert *a, char out[ALERT_ID_BYTES])
{
    char id[ID_TEXT_BYTES], day[DAY_TEXT_BYTES];
    snprintf(out, ALERT_ID_BYTES, "%s:%s:%s", rules[a->rule].name, id_print(a->owes, a->owner, id), day_print(a->since, day));
    return out;
}

/* The part until the next ':', or the end; *rest goes after it. */
static struct text part(struct text *rest)
{
    const char *colon = memchr(rest->at, ':', rest->bytes);
    struct text t = { rest->at, colon ? (uint32_t)(colon - rest->at) : rest->bytes };
    uint32_t used = colon ? t.bytes + 1 : t.bytes;
    *rest = (struct text){ rest->at + used, rest->bytes - used };
    return t;
}

bool alert_id_read(struct text id, struct alert *ret)
{
    struct alert a = { .referent = NOBODY, .due = DAY_NONE, .shown_on = DAY_NONE, .seen_on = DAY_NONE, .until_day = DAY_NONE, .settled_on = DAY_NONE };
    struct text rest = id, rule = part(&rest), stream = part(&rest);
    a.rule = rule_named(rule);
    if (a.rule < 0 || !id_parse(stream, &a.owes, &a.owner) || !day_parse(rest, &a.since))
        return false;
    *ret = a;
    return true;
}

const char *alert_status_name(enum alert_status s)
{
    return statuses[s];
}

int alert_status_named(struct text name)
{
    for (int s = 0; s < ALERT_STATUSES; s++)
        if (text_is(name, statuses[s]))
            return s;
    return -1;
}

enum alert_status alert_status_on(const struct alert *a, int32_t day)
{
    if (a->settled_on != DAY_NONE && a->settled_on <= day)
        return ALERT_settled;
    if (a->until_day != DAY_NONE && day < a->until_day)
        return ALERT_put_off;
    return a->seen_on != DAY_NONE && a->seen_on <= day ? ALERT_seen : ALERT_open;
}

int alert_compare(const struct alert *a, const struct alert *b)
{
    if (a->since != b->since)
        return a->since < b->since ? -1 : 1;
    if (a->rule != b->rule)
        return a->rule < b->rule ? -1 : 1;
    return (a->owner > b->owner) - (a->owner < b->owner);
}
