/* Alerts by their id (RULE:STREAM:DAY): to say one was seen, to put it off, to see what is behind it. */
#include <string.h>

#include "../events/days.h"
#include "../events/ids.h"
#include "../projections/alert.h"
#include "ctl.h"

#define PATH_BYTES 2048
#define WORDS_OF_DO 16

struct heeding {
    const char *until, *reason, *on;
};

/* The alert that the word names, with or without "alert:" before it. */
static bool alert_worded(const char *word, struct alert *ret)
{
    return alert_id_read(text_of(strncmp(word, "alert:", 6) == 0 ? word + 6 : word), ret);
}

static bool read_alert(const char *verb, int argc, char **argv, struct alert *ret)
{
    if (!words_counted(argc, argv, 1)) {
        verb_usage(verb);
        return false;
    }
    if (alert_worded(argv[optind], ret))
        return true;
    fprintf(stderr, "parcoursctl: %s %s\n", say("une alerte s'écrit RÈGLE:SUITE:JOUR (parcoursctl alerts les dit) :",
                                                "an alert is RULE:STREAM:DAY (parcoursctl alerts lists them):"), argv[optind]);
    return false;
}

static bool read_heeding(const char *verb, int argc, char **argv, const struct option *options, struct heeding *ret)
{
    int option;
    while ((option = ctl_option(argc, argv, "", options)) != -1) {
        if (option == 'u')
            ret->until = optarg;
        else if (option == 'r')
            ret->reason = optarg;
        else if (option == 'o')
            ret->on = optarg;
        else if (!settings_option(verb, option, optarg))
            return false;
    }
    return true;
}

/* As `do` sends it. */
static int heed(const char *command, const struct alert *a, const struct heeding *h)
{
    char id[ID_TEXT_BYTES], day[DAY_TEXT_BYTES];
    char *words[WORDS_OF_DO];
    int n = 0;
    const char *said[] = { "do", command, arena_print(&ctl.arena, "rule=%s", rules[a->rule].name).at,
                           arena_print(&ctl.arena, "since=%s", day_print(a->since, day)).at, "--of", id_print(a->owes, a->owner, id) };
    for (unsigned i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        words[n++] = (char *)arena_copy(&ctl.arena, said[i], strlen(said[i]) + 1);
    if (h->until)
        words[n++] = (char *)(uintptr_t)arena_print(&ctl.arena, "until_day=%s", h->until).at;
    if (h->reason)
        words[n++] = (char *)(uintptr_t)arena_print(&ctl.arena, "reason=%s", h->reason).at;
    if (h->on)
        words[n++] = (char *)(uintptr_t)arena_print(&ctl.arena, "--on=%s", h->on).at;
    words[n] = NULL;
    optind = 0;     /* another list of words is read from its beginning */
    return verb_do(n, words);
}

int verb_acknowledge(int argc, char **argv)
{
    static const struct option options[] = { { "on", required_argument, NULL, 'o' }, CTL_OPTIONS };
    struct heeding h = { NULL, NULL, NULL };
    struct alert a;
    if (!read_heeding("acknowledge", argc, argv, options, &h) || !read_alert("acknowledge", argc, argv, &a))
        return CTL_USAGE;
    return heed("acknowledge_alert", &a, &h);
}

int verb_snooze(int argc, char **argv)
{
    static const struct option options[] = { { "until", required_argument, NULL, 'u' }, { "reason", required_argument, NULL, 'r' },
                                             { "on", required_argument, NULL, 'o' }, CTL_OPTIONS };
    struct heeding h = { NULL, NULL, NULL };
    struct alert a;
    if (!read_heeding("snooze", argc, argv, options, &h) || !read_alert("snooze", argc, argv, &a))
        return CTL_USAGE;
    if (!h.until || !h.reason)
        return verb_usage("snooze");
    return heed("snooze_alert", &a, &h);
}

/* ---- why ---- */
static bool is_figure(const char *word)
{
    return strncmp(word, "figure:", 7) == 0;
}

/* The daemon says which of these go with which of the two. */
static int explain_named(int argc, char **argv)
{
    enum { ON, FROM, TO, AS_OF, KNOWN_AT, LIMIT, AFTER, KEYS };
    static const char *const keys[KEYS] = { "on", "from", "to", "as_of", "known_at", "limit", "after" };
    static const struct option options[] = { { "on", required_argument, NULL, ON }, { "from", required_argument, NULL, FROM }, { "to", required_argument, NULL, TO },
                                             { "as-of", required_argument, NULL, AS_OF }, { "known-at", required_argument, NULL, KNOWN_AT },
                                             { "limit", required_argument, NULL, LIMIT }, { "after", required_argument, NULL, AFTER }, CTL_OPTIONS };
    static const char *const columns[] = { "event", "on", "sentence", "participant", "referent", "enterprise", "session", "seq", "day", "numerator", "denominator", NULL };
    const char *values[KEYS] = { NULL };
    const struct json *answer;
    char path[PATH_BYTES] = "/v1/explain", id[ALERT_ID_BYTES];
    struct alert a;
    int option;
    while ((option = ctl_option(argc, argv, "", options)) != -1) {
        if (option >= 0 && option < KEYS)
            values[option] = optarg;
        else if (!settings_option("explain", option, optarg))
            return CTL_USAGE;
    }
    if (optind < argc && is_figure(argv[optind]) && words_counted(argc, argv, 1))
        path_add(path, sizeof(path), "of", argv[optind]);
    else if (read_alert("explain", argc, argv, &a))
        path_add(path, sizeof(path), "of", arena_print(&ctl.arena, "alert:%s", alert_id(&a, id)).at);
    else
        return CTL_USAGE;
    for (int i = 0; i < KEYS; i++)
        path_add(path, sizeof(path), keys[i], values[i]);
    int status = ctl_get(path, &answer);
    if (status == CTL_DONE && answer)
        render(answer, columns);
    return status;
}

/* Of an alert by its id, of a figure; else of a participant, and of what. */
int verb_explain(int argc, char **argv)
{
    struct alert a;
    for (int i = 1; i < argc; i++)
        if (alert_worded(argv[i], &a) || is_figure(argv[i]))
            return explain_named(argc, argv);
    return verb_explain_participant(argc, argv);
}
