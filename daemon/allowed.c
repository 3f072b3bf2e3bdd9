/* Which commands a participant's state allows. Rules that look at what a command says cannot be asked beforehand: a command
 * is listed when its state fits and no rule that looks at the state alone refuses it.
 *
 * Every answer to a command carries the list: the names that only the state decides are written once for each state. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

#include "answers.h"

#define NAMES_BYTES_MAX 8192
#define JUDGED_MAX 16

/* Rules whose `allows` reads neither the data of the event nor what recorded it. */
static const enum rule_number state_alone[] = { RULE_parcours_length, RULE_objective_measured, RULE_suspension };
#define STATE_ALONE (sizeof(state_alone) / sizeof(state_alone[0]))

/* The `i`th of them judges this kind, an act. */
static bool judged_by(const struct kind *kind, unsigned i)
{
    return kind->nature == ACT && rule_in(rules_judging(kind), state_alone[i]);
}

static bool judged(const struct kind *kind)
{
    bool any = false;
    for (unsigned i = 0; i < STATE_ALONE; i++)
        any = any || judged_by(kind, i);
    return any;
}

/* The first rule that refuses, or -1. */
static int refused_by(const struct parcours *p, const struct kind *kind, int32_t day, const struct rulebook *book)
{
    union {
        int64_t aligned;
        char bytes[DATA_BYTES_MAX];
    } data;
    struct event e = { .kind = kind, .on = day, .recorded_on = day, .stream = p->stream, .performed_by = ABSENT, .data = &data };
    if (!judged(kind) || !book)
        return -1;
    data_clear(kind, &data);
    for (unsigned i = 0; i < STATE_ALONE; i++) {
        enum rule_number r = state_alone[i];
        if (judged_by(kind, i) && rule_refuses(book, r) && !rules[r].allows(p, &e, book, &book->rule[r].value))
            return (int)r;
    }
    return -1;
}

bool kind_allowed(const struct parcours *p, const struct kind *kind, int32_t day, const struct rulebooks *books, int *ret_rule)
{
    *ret_rule = -1;
    if (!(kind->states >> p->state & 1))
        return false;
    *ret_rule = refused_by(p, kind, day, rulebook_on(books, day, UINT64_MAX));
    return *ret_rule < 0;
}

/* ---- the list ---- */
static struct names {
    char at[NAMES_BYTES_MAX];       /* "record_contact","plan_appointment"... : allowed whatever the rules say */
    uint32_t bytes;
    const struct kind *judged[JUDGED_MAX];
    unsigned judged_count;
} by_state[STATES];
static pthread_once_t names_known = PTHREAD_ONCE_INIT;

static void know_kind(struct names *n, const struct kind *kind)
{
    if (judged(kind)) {
        assert(n->judged_count < JUDGED_MAX);
        n->judged[n->judged_count++] = kind;
        return;
    }
    int bytes = snprintf(n->at + n->bytes, NAMES_BYTES_MAX - n->bytes, "%s\"%s\"", n->bytes ? "," : "", kind->command);
    assert(bytes > 0 && (uint32_t)bytes < NAMES_BYTES_MAX - n->bytes);
    n->bytes += (uint32_t)bytes;
}

static void know_names(void)
{
    for (unsigned i = 0; i < catalogue_count(); i++) {
        const struct kind *kind = catalogue_at(i);
        for (int s = 0; kind->stream == STREAM_participant && s < STATES; s++)
            if (kind->states >> s & 1)
                know_kind(&by_state[s], kind);
    }
}

void parcours_allowed_json(struct json_out *out, const struct parcours *p, int32_t day, const struct rulebooks *books)
{
    const struct names *n = &by_state[p->state];
    pthread_once(&names_known, know_names);
    const struct rulebook *book = n->judged_count ? rulebook_on(books, day, UINT64_MAX) : NULL;
    json_open_list(out);
    if (n->bytes)
        json_raw(out, (struct text){ n->at, n->bytes });
    for (unsigned i = 0; i < n->judged_count; i++)
        if (refused_by(p, n->judged[i], day, book) < 0)
            json_string(out, n->judged[i]->command);
    json_close_list(out);
}

struct text states_words(struct arena *arena, uint32_t states, bool french)
{
    struct text all = TEXT("");
    for (int s = 0; s < STATES; s++)
        if (states >> s & 1)
            all = arena_print(arena, "%.*s%s%s", TEXT_ARGS(all), all.bytes ? ", " : "", state_sentence((enum state)s, french));
    return all;
}

void states_json(struct json_out *out, uint32_t states)
{
    json_open_list(out);
    for (int s = 0; s < STATES; s++)
        if (states >> s & 1)
            json_string(out, state_name((enum state)s));
    json_close_list(out);
}
