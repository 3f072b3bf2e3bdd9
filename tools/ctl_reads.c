/* The verbs that ask and print. Each is a row: what its argument is, which options go into the query, which columns of
 * the list are shown. */
#include <string.h>

#include "ctl.h"

#define PATH_BYTES 2048
#define OPTIONS_MAX 14
#define COLUMNS_MAX 10

struct read {
    const char *verb;
    const char *before, *after;         /* the path, around the argument; `after` NULL: no argument */
    const char *second;                 /* a second argument goes into this part of the query */
    const char *options[OPTIONS_MAX];   /* --as-of goes as as_of= */
    const char *columns[COLUMNS_MAX];
};

static const struct read reads[] = {
    { "show", "/v1/participants", "", NULL, { "as-of", "known-at" }, { NULL } },
    { "events", "/v1/participants", "/events", NULL, { "as-of", "known-at" },
      { "seq", "on", "recorded_on", "kind", "data", "corrected_by", "voided_by", NULL } },
    { "explain", "/v1/participants", "/explain", "of", { "as-of", "known-at" }, { NULL } },
    { "exit-check", "/v1/participants", "/exit-check", NULL, { "on", "as-of" }, { "criterion", "met", "earliest", "missing", "cause", NULL } },
    { "file", "/v1/participants", "/file", NULL, { "on", "as-of", "known-at" },
      { "piece", "required", "state", "filed", "verdict", "dated", "valid_until", "evidence", NULL } },
    { "allowed", "/v1/participants", "/commands", NULL, { NULL }, { "command", "allowed", "why", "rule", "since", NULL } },
    { "portfolio", "/v1/referents", "/portfolio", NULL, { "as-of", "limit" },
      { "participant", "state", "started", "last_contact", "next.rule", "next.due", "next.late_days", NULL } },
    { "alerts", "/v1/alerts", NULL, NULL, { "on", "referent", "rule", "limit", "after" },
      { "participant", "rule", "due", "late_days", "turn", "referent", "sentence", NULL } },
    { "participants", "/v1/participants", NULL, NULL, { "q", "state", "referent", "limit", "after" }, { NULL } },
    { "duplicates", "/v1/duplicates", NULL, NULL, { "least", "limit" }, { "participant", "other", "score", NULL } },
    { "duplicates-of", "/v1/participants", "/duplicates", NULL, { "least" }, { NULL } },
    { "indicators", "/v1/indicators", NULL, NULL, { "from", "to", "by", "figure", "referent", "as-of", "known-at" },
      { "name", "value", "numerator", "denominator", "target", "values", "sentence", NULL } },
    { "report", "/v1/reports", "", NULL, { "month", "year", "from", "to", "on", "referent", "session", "participant", "operation", "size", "seed",
                                             "as-of", "known-at" },
      { NULL } },
    { "rulebooks", "/v1/rulebooks", NULL, NULL, { NULL }, { "name", "title", "from_day", "seq", NULL } },
};

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

static bool read_options(const struct read *r, int argc, char **argv, const char **values)
{
    static const struct option shared[] = { CTL_OPTIONS };
    struct option all[OPTIONS_MAX + sizeof(shared) / sizeof(shared[0])];
    unsigned n = 0;
    int option;
    for (; n < OPTIONS_MAX && r->options[n]; n++)
        all[n] = (struct option){ r->options[n], required_argument, NULL, (int)n + 1 };
    memcpy(all + n, shared, sizeof(shared));
    while ((option = getopt_long(argc, argv, "", all, NULL)) != -1) {
        if (option >= 1 && option <= OPTIONS_MAX)
            values[option - 1] = optarg;
        else if (!settings_option(r->verb, option, optarg))
            return false;
    }
    return argc - optind == (r->after ? 1 : 0) + (r->second ? 1 : 0);
}

static int ask(int argc, char **argv)
{
    static const char *const left_out[] = { "state_sentence", NULL };      /* the state is told in words already */
    const struct read *r = read_of(argv[0]);
    const char *values[OPTIONS_MAX] = { NULL };
    const struct json *answer;
    char path[PATH_BYTES] = "";
    if (!r || !read_options(r, argc, argv, values))
        return verb_usage(argv[0]);
    strcpy(path, r->before);
    if (r->after) {
        path_segment(path, sizeof(path), argv[optind]);
        strncat(path, r->after, sizeof(path) - strlen(path) - 1);
    }
    if (r->second)
        path_add(path, sizeof(path), r->second, argv[optind + 1]);
    for (unsigned i = 0; i < OPTIONS_MAX && r->options[i]; i++)
        path_add(path, sizeof(path), query_key(r->options[i]), values[i]);
    int status = ctl_get(path, &answer);
    if (status == CTL_DONE && answer)
        render_without(answer, r->columns[0] ? r->columns : NULL, left_out);
    return status;
}

#define READ(name) \
    int name(int argc, char **argv) \
    { \
        return ask(argc, argv); \
    }
READ(verb_show)
READ(verb_events)
READ(verb_explain)
READ(verb_exit_check)
READ(verb_file)
READ(verb_allowed)
READ(verb_portfolio)
READ(verb_alerts)
READ(verb_participants)
READ(verb_duplicates)
READ(verb_duplicates_of)
READ(verb_indicators)
READ(verb_report)
READ(verb_rulebooks)
