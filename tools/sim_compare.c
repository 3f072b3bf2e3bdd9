/* The ledger against the daemon's answers. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim_compare.h"

#define ALL_MAX 5000            /* more persons than that are sampled */
#define SAMPLE 2000
#define SHOWN 40
#define ANSWER_BYTES_MAX ((uint32_t)64 * 1024 * 1024)

static const struct json_limits limits = { ANSWER_BYTES_MAX, 32, 4000000 };

void differs(struct comparison *c, const char *format, ...)
{
    va_list arguments;
    if (c->differ++ >= SHOWN)
        return;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

const struct json *ask(struct comparison *c, const char *path, long *ret_status)
{
    struct client_answer a;
    const struct json *tree = NULL;
    struct json_error error;
    *ret_status = 0;
    if (!client_get(c->sim->client, path, "application/json", &a)) {
        fprintf(stderr, "parcours-sim: %s\n", client_error(c->sim->client));
        c->lost = true;
        return NULL;
    }
    *ret_status = a.status;
    arena_reset(&c->arena);
    if (a.status != 200 || json_read(&c->arena, a.body, &limits, &tree, &error) != 0)
        return NULL;
    return tree;
}

struct text text_at(const struct json *object, const char *key)
{
    const struct json *j = json_get(object, key);
    return j && j->type == JSON_STRING ? j->string : (struct text){ NULL, 0 };
}

int64_t number_at(const struct json *object, const char *key)
{
    const struct json *j = json_get(object, key);
    return j && j->type == JSON_NUMBER ? j->hundredths / 100 : INT64_MIN;
}

static int32_t day_at(const struct json *object, const char *key)
{
    int32_t day;
    return day_parse(text_at(object, key), &day) ? day : DAY_NONE;
}

/* ---- participants ---- */
static void same_number(struct comparison *c, const char *id, const struct json *answer, const char *key, int64_t expected)
{
    int64_t n = number_at(answer, key);
    if (n != expected)
        differs(c, "%s %s: %" PRId64 ", the ledger has %" PRId64, id, key, n == INT64_MIN ? -1 : n, expected);
}

static void same_day(struct comparison *c, const char *id, const struct json *answer, const char *key, int32_t expected)
{
    char theirs[DAY_TEXT_BYTES], ours[DAY_TEXT_BYTES];
    int32_t day = day_at(answer, key);
    if (day != expected)
        differs(c, "%s %s: %s, the ledger has %s", id, key, day_print(day, theirs), day_print(expected, ours));
}

static void same_flag(struct comparison *c, const char *id, const struct json *answer, const char *key, bool expected)
{
    const struct json *j = json_get(answer, key);
    if (!j || j->type != JSON_BOOL || j->truth != expected)
        differs(c, "%s %s: the ledger says %s", id, key, expected ? "yes" : "no");
}

static void compare_person(struct comparison *c, uint32_t number)
{
    const struct person *p = &c->sim->persons[number];
    const struct ledger_row *r = &c->sim->ledger.rows[number];
    char path[96], day[DAY_TEXT_BYTES];
    long status;
    if (!p->id[0])
        return;
    snprintf(path, sizeof(path), "/v1/participants/%s?as_of=%s", p->id, day_print(c->sim->settings.end_day, day));
    const struct json *answer = ask(c, path, &status);
    c->compared++;
    if (!answer) {
        differs(c, "%s: answered %ld", p->id, status);
        return;
    }
    int32_t uncounted = ledger_uncounted(r, c->sim->settings.end_day);
    struct text state = text_at(answer, "state"), referent = text_at(answer, "referent");
    const char *mine = r->referent == LEDGER_NO_REFERENT ? "" : c->sim->referents[r->referent].id;
    if (!text_is(state, ledger_state(r)))
        differs(c, "%s state: %.*s, the ledger has %s", p->id, TEXT_ARGS(state), ledger_state(r));
    if (!text_is(referent, mine))
        differs(c, "%s referent: %.*s, the ledger has %s", p->id, TEXT_ARGS(referent), mine);
    same_number(c, p->id, answer, "version", r->version);
    same_number(c, p->id, answer, "parcours", r->number);
    same_number(c, p->id, answer, "extensions", r->extensions);
    same_number(c, p->id, answer, "uncounted_days", uncounted);
    same_day(c, p->id, answer, "started", r->start_on);
    same_day(c, p->id, answer, "limit", r->start_on == DAY_NONE ? DAY_NONE : ledger_limit(r) + uncounted - r->uncounted_days);
    same_flag(c, p->id, answer, "limit_bites", ledger_bites(r));
}

static void compare_persons(struct comparison *c)
{
    uint32_t count = c->sim->person_count;
    uint64_t dice = dice_seed(c->sim->settings.seed, 2000);
    bool all = count <= ALL_MAX;
    for (uint32_t i = 0; i < (all ? count : SAMPLE) && !c->lost; i++)
        compare_person(c, all ? i : dice_below(&dice, count));
}

/* ---- portfolios ---- */
static uint32_t *sorted_by_referent(struct sim *s, uint32_t *starts)
{
    uint32_t *members = malloc((s->person_count + 1) * sizeof(*members));
    if (!members)
        return NULL;
    for (uint32_t i = 0; i < s->person_count; i++)
        if (ledger_open(&s->ledger.rows[i]) && s->ledger.rows[i].referent != LEDGER_NO_REFERENT)
            starts[s->ledger.rows[i].referent + 1]++;
    for (uint32_t r = 0; r < s->referent_count; r++)
        starts[r + 1] += starts[r];
    uint32_t *next = malloc((s->referent_count + 1) * sizeof(*next));
    for (uint32_t r = 0; next && r < s->referent_count; r++)
        next[r] = starts[r];
    for (uint32_t i = 0; next && i < s->person_count; i++)
        if (ledger_open(&s->ledger.rows[i]) && s->ledger.rows[i].referent != LEDGER_NO_REFERENT)
            members[next[s->ledger.rows[i].referent]++] = i;
    free(next);
    return members;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

typedef char id_text[SIM_ID_BYTES];

/* Open members an answer names, sorted; whoever has ended is left out whether the daemon shows them or not. */
static uint32_t named(const struct json *list, id_text *ids, uint32_t room)
{
    uint32_t n = 0;
    for (const struct json *one = list ? list->first : NULL; one && n < room; one = one->next) {
        struct text id = one->type == JSON_STRING ? one->string : text_at(one, "participant"), state = text_at(one, "state");
        if (text_is(state, "exited") || text_is(state, "refused") || text_is(state, "not_entered") || id.bytes >= SIM_ID_BYTES)
            continue;
        snprintf(ids[n++], SIM_ID_BYTES, "%.*s", TEXT_ARGS(id));
    }
    qsort(ids, n, sizeof(*ids), by_text);
    return n;
}

static void compare_members(struct comparison *c, const char *id, const struct json *list, const uint32_t *members, uint32_t count)
{
    uint32_t room = (list ? list->count : 0) + 1, found = 0;
    id_text *ids = malloc(room * sizeof(*ids));
    if (!ids)
        return;
    uint32_t n = named(list, ids, room);
    for (uint32_t i = 0; i < count; i++) {
        const char *one = c->sim->persons[members[i]].id;
        if (bsearch(one, ids, n, sizeof(*ids), by_text))
            found++;
        else
            differs(c, "portfolio of %s: %s (%s) is missing", id, one, ledger_state(&c->sim->ledger.rows[members[i]]));
    }
    if (found != n)
        differs(c, "portfolio of %s: %u participants, the ledger has %u", id, n, count);
    free(ids);
}

/* On the day the daemon answers for. */
static void compare_caseload(struct comparison *c, const char *id, const struct json *answer, uint32_t number)
{
    const struct sim *s = c->sim;
    int32_t on = day_at(answer, "on");
    int64_t expected = 0, answered = number_at(json_get(answer, "counts"), "caseload");
    for (uint32_t i = 0; i < s->person_count; i++)
        expected += s->ledger.rows[i].referent == number && ledger_in_caseload(&s->ledger.rows[i], on);
    if (answered != INT64_MIN && answered != expected)
        differs(c, "caseload of %s: %" PRId64 ", the ledger has %" PRId64, id, answered, expected);
}

static void compare_portfolio(struct comparison *c, uint32_t number, const uint32_t *members, uint32_t count)
{
    const char *id = c->sim->referents[number].id;
    char path[96];
    long status;
    if (!id[0])
        return;
    snprintf(path, sizeof(path), "/v1/referents/%s/portfolio", id);
    const struct json *answer = ask(c, path, &status);
    c->compared++;
    if (!answer) {
        differs(c, "portfolio of %s: answered %ld", id, status);
        return;
    }
    compare_members(c, id, json_get(answer, "participants"), members, count);
    compare_caseload(c, id, answer, number);
}

static void compare_portfolios(struct comparison *c)
{
    struct sim *s = c->sim;
    uint32_t *starts = calloc(s->referent_count + 2, sizeof(*starts));
    uint32_t *members = starts ? sorted_by_referent(s, starts) : NULL;
    for (uint32_t r = 0; members && r < s->referent_count && !c->lost; r++)
        compare_portfolio(c, r, members + starts[r], starts[r + 1] - starts[r]);
    free(members);
    free(starts);
}

bool compare_all(struct sim *s, uint64_t *ret_compared, uint64_t *ret_differ)
{
    struct comparison c = { .sim = s };
    arena_init(&c.arena, (size_t)1 << 30);
    compare_persons(&c);
    if (!c.lost)
        compare_portfolios(&c);
    if (!c.lost)
        compare_figures(&c);
    if (!c.lost)
        compare_alerts(&c);
    arena_free(&c.arena);
    *ret_compared = c.compared;
    *ret_differ = c.differ;
    return !c.lost;
}
