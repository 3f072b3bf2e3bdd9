/* Which keys the query of a route may have: those of its row (routes.def). A key that no row knows would be passed over
 * otherwise, and the answer would be of something else than what was asked. */
#include <assert.h>

#include "../projections/figures.h"
#include "../projections/reports.h"
#include "routes.h"

#define KEYS_MAX 32
#define KEY_SHOWN_BYTES 40

struct keys {
    const char *at[KEYS_MAX];
    unsigned n;
};

static void add(struct keys *k, const char *key)
{
    assert(k->n < KEYS_MAX);
    k->at[k->n++] = key;
}

static void add_parameters(struct keys *k, const struct report *report)
{
    for (unsigned p = 0; p < PARAMETERS; p++)
        if (report_takes(report, (enum parameter_number)p))
            add(k, parameters[p].name);
}

static void add_dimensions(struct keys *k)
{
    for (unsigned d = 0; d < DIMENSIONS; d++)
        if (dimensions[d].keyed.type == BY_WORD)
            add(k, dimensions[d].name);
}

/* False: its report is none, which its answer says better. */
static bool keys_of(const struct call *c, struct keys *k)
{
    *k = (struct keys){ .n = 0 };
    for (const char *const *key = c->route->keys; *key; key++) {
        if (strcmp(*key, "{report}") == 0) {
            const struct report *report = report_asked(c);
            if (!report)
                return false;
            add_parameters(k, report);
        } else if (strcmp(*key, "{dimension}") == 0) {
            add_dimensions(k);
        } else {
            add(k, *key);
        }
    }
    if (route_may_wait(c->route))
        add(k, "min_position");
    return true;
}

bool query_key_known(const struct call *c, const char *key)
{
    struct keys k;
    bool known = !keys_of(c, &k);
    for (unsigned i = 0; i < k.n; i++)
        known = known || strcmp(k.at[i], key) == 0;
    return known;
}

/* What looks like a key is told again; anything else may be somebody's name. */
static void shown(struct text raw, char out[KEY_SHOWN_BYTES])
{
    int n = http_decode(raw, out, KEY_SHOWN_BYTES);
    for (int i = 0; i < n; i++)
        if (!(out[i] >= 'a' && out[i] <= 'z') && out[i] != '_' && out[i] != '-')
            n = -1;
    if (n < 0)
        out[0] = 0;
}

static bool refuse_key(struct call *c, const struct keys *k, struct text raw)
{
    char key[KEY_SHOWN_BYTES];
    struct text known = TEXT("");
    for (unsigned i = 0; i < k->n; i++)
        known = arena_print(c->arena, "%.*s%s%s", TEXT_ARGS(known), i ? ", " : "", k->at[i]);
    shown(raw, key);
    if (k->n == 0)
        return call_refuse_parameter(c, key, "this path has no parameters");
    return call_refuse_parameter(c, key, arena_print(c->arena, "unknown here; known: %.*s", TEXT_ARGS(known)).at);
}

bool query_keys_known(struct call *c)
{
    struct keys k;
    struct text rest = c->request->query, name, value;
    bool seen[KEYS_MAX] = { false };
    if (!keys_of(c, &k))
        return true;
    while (http_query_next(&rest, &name, &value)) {
        unsigned i = 0;
        if (name.bytes == 0 && value.bytes == 0)    /* "a=1&&b=2" */
            continue;
        while (i < k.n && !http_query_named(name, k.at[i]))
            i++;
        if (i == k.n)
            return refuse_key(c, &k, name);
        if (seen[i])
            return call_refuse_parameter(c, k.at[i], "given twice");
        seen[i] = true;
    }
    return true;
}
