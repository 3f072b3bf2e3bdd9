/* The verbs that ask and print. Each is a row: what its argument is, which options go into the query, which columns of
 * the list are shown. */
#include <string.h>

#include "../events/ids.h"
#include "../projections/figures.h"
#include "ctl.h"

#define PATH_BYTES 2048
#define OPTIONS_MAX 32
#define COLUMNS_MAX 16
#define DIMENSIONS_OF_WORDS "*"

struct read {
    const char *verb;
    const char *before, *after;         /* the path, around the argument; `after` NULL: no argument */
    const char *second;                 /* another argument goes into this part of the query */
    const char *options[OPTIONS_MAX];   /* --as-of goes as as_of= */
    const char *columns[COLUMNS_MAX];
};

static const struct read reads[] = {
    { "show", "/v1/participants", "", NULL, { "as-of", "known-at" }, { NULL } },
    { "events", "/v1/participants", "/events", NULL, { "as-of", "known-at" },
      { "seq", "on", "recorded_on", "kind", "details", "corrected_by", "voided_by", NULL } },
    { "explain", "/v1/participants", "/explain", "of", { "as-of", "known-at" }, { NULL } },
    { "exit-check", "/v1/participants", "/exit-check", NULL, { "on", "as-of", "known-at" }, { "criterion", "met", "earliest", "missing", "cause", NULL } },
    { "file", "/v1/participants", "/file", NULL, { "on", "as-of", "known-at" },
      { "piece", "sentence", "required", "state", "filed", "verdict", "dated", "valid_until", "evidence", NULL } },
    { "allowed", "/v1/participants", "/commands", NULL, { "as-of", "known-at" }, { "command", "allowed", "sentence", "rule", "since", NULL } },
    { "portfolio", "/v1/referents", "/portfolio", NULL, { "on", "as-of", "known-at" },
      { "participant", "state", "started", "last_contact", "next.rule", "next.due", "next.late_days", NULL } },
    { "alerts", "/v1/alerts", NULL, NULL, { "on", "referent", "participant", "rule", "known-at", "limit", "after", "to", "status", "escalated" },
      { "alert", "due", "late_days", "turn", "status", "to", "escalated", "sentence", NULL } },
    { "participants", "/v1/participants", NULL, NULL, { "q", "state", "referent", "limit", "after" }, { NULL } },
    { "duplicates", "/v1/duplicates", NULL, NULL, { "least", "limit" }, { "participant", "other", "score", NULL } },
    { "duplicates-of", "/v1/participants", "/duplicates", NULL, { "least" }, { NULL } },
    { "indicators", "/v1/indicators", NULL, NULL, { "from", "to", "by", "figure", "referent", "as-of", "known-at", "detail", "limit", "after", DIMENSIONS_OF_WORDS },
      { "name", "participant", "referent", "enterprise", "session", "seq", "day", "value", "numerator", "denominator", "target", "values", "sentence", NULL } },
    { "difference", "/v1/indicators/difference", NULL, "figure",
      { "from", "to", "known-from", "known-to", "as-of", "by", "referent", "limit", "after", DIMENSIONS_OF_WORDS }, { NULL } },
    { "rulebooks", "/v1/rulebooks", NULL, NULL, { NULL }, { "name", "title", "from_day", "seq", NULL } },
};

/* The options of a read; a figure may be restricted to a word of any dimension that has words. */
static unsigned options_of(const struct read *r, const char *names[OPTIONS_MAX])
{
    unsigned n = 0;
    for (unsigned i = 0; i < OPTIONS_MAX && r->options[i]; i++) {
        bool restricts = strcmp(r->options[i], DIMENSIONS_OF_WORDS) == 0;
        if (!restricts)
            names[n++] = r->options[i];
        for (unsigned d = 0; restricts && d < DIMENSIONS; d++)
            if (dimensions[d].keyed.type == BY_WORD)
                names[n++] = dimensions[d].name;
    }
    return n;
}

static const struct read *read_of(const char *verb)
{
    for (unsigned i = 0; i < sizeof(reads) / sizeof(reads[0]); i++)
        if (strcmp(reads[i].verb, verb) == 0)
            return &reads[i];
    return NULL;
}

/* as-of to as_of */
static const char *query_key(const char *option)
{
    char *key = (char *)arena_copy(&ctl.arena, option, strlen(option) + 1);
    for (char *at = key; *at; at++)
        if (*at == '-')
            *at = '_';
    return key;
}

static bool read_options(const struct read *r, int argc, char **argv, const char *const *names, unsigned n, const char **values)
{
    static const struct option shared[] = { CTL_OPTIONS };
    struct option all[OPTIONS_MAX + sizeof(shared) / sizeof(shared[0])];
    int option;
    for (unsigned i = 0; i < n; i++)
        all[i] = (struct option){ names[i], required_argument, NULL, (int)i + 1 };
    memcpy(all + n, shared, sizeof(shared));
    while ((option = ctl_option(argc, argv, "", all)) != -1) {
        if (option >= 1 && option <= OPTIONS_MAX)
            values[option - 1] = optarg;
        else if (!settings_option(r->verb, option, optarg))
            return false;
    }
    if (words_counted(argc, argv, (r->after ? 1 : 0) + (r->second ? 1 : 0)))
        return true;
    verb_usage(r->verb);
    return false;
}

/* What a figure is grouped by comes first, under the names it was asked by. */
static const char **columns_of(const struct read *r, const char *by)
{
    unsigned n = 0;
    const char **columns = ARENA_ARRAY(&ctl.arena, const char *, COLUMNS_MAX * 2 + 1);
    for (; by && *by && n < COLUMNS_MAX; by += strcspn(by, ","), by += *by == ',')
        columns[n++] = arena_print(&ctl.arena, "%.*s", (int)strcspn(by, ","), by).at;
    for (unsigned i = 0; i < COLUMNS_MAX && r->columns[i]; i++)
        columns[n++] = r->columns[i];
    return columns;
}

static const char *given(const char *const *names, unsigned n, const char **values, const char *name)
{
    for (unsigned i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return values[i];
    return NULL;
}

/* The timeline is of whatever stream the id says. */
static const char *timeline_of(const char *id)
{
    enum stream_type type;
    uint64_t ignored;
    if (!id_parse(text_of(id), &type, &ignored))
        type = STREAM_participant;
    return type == STREAM_plie ? "/v1" : arena_print(&ctl.arena, "/v1/%s", stream_plural(type)).at;
}

/* `print` NULL: as any answer. */
static int ask(int argc, char **argv, void (*print)(const struct json *))
{
    static const char *const left_out[] = { "state_sentence", "states", "data", NULL };    /* the state is told in words already; states and data are, beside */
    const struct read *r = read_of(argv[0]);
    const char *names[OPTIONS_MAX], *values[OPTIONS_MAX] = { NULL };
    const struct json *answer;
    char path[PATH_BYTES] = "";
    unsigned n = options_of(r, names);
    if (!read_options(r, argc, argv, names, n, values))
        return CTL_USAGE;
    strcpy(path, r->after && strcmp(r->after, "/events") == 0 ? timeline_of(argv[optind]) : r->before);
    if (r->after) {
        path_segment(path, sizeof(path), argv[optind]);
        strncat(path, r->after, sizeof(path) - strlen(path) - 1);
    }
    if (r->second)
        path_add(path, sizeof(path), r->second, argv[optind + (r->after ? 1 : 0)]);
    for (unsigned i = 0; i < n; i++)
        path_add(path, sizeof(path), query_key(names[i]), values[i]);
    int status = ctl_get(path, &answer);
    if (status == CTL_DONE && answer && print)
        print(answer);
    else if (status == CTL_DONE && answer)
        render_without(answer, r->columns[0] ? columns_of(r, given(names, n, values, "by")) : NULL, left_out);
    return status;
}

#define READ(name) \
    int name(int argc, char **argv) \
    { \
        return ask(argc, argv, NULL); \
    }
READ(verb_show)
READ(verb_events)
READ(verb_explain_participant)
READ(verb_exit_check)
READ(verb_file)
READ(verb_allowed)
READ(verb_portfolio)
READ(verb_alerts)
READ(verb_participants)
READ(verb_duplicates)
READ(verb_duplicates_of)
READ(verb_indicators)
READ(verb_rulebooks)

int verb_difference(int argc, char **argv)
{
    return ask(argc, argv, difference_print);
}
