/* Deliveries: what is subscribed to, changed, tried and sent. All but `list`, `show`, `sent`, `preview` and `test` are commands that `do` would send, too. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl.h"

#define PATH_BYTES 2048
#define WORDS_MAX 64
#define TEST_SECONDS_MAX 30
#define LOOK_MS 200
#define MINUTES_OF_HOUR 60

static const struct option options[] = { { "on", required_argument, NULL, 'o' }, { "from", required_argument, NULL, 'f' }, { "to", required_argument, NULL, 't' },
                                         { "limit", required_argument, NULL, 'l' }, { "after", required_argument, NULL, 'a' },
                                         { "subject", required_argument, NULL, 's' }, CTL_OPTIONS };
struct asked {
    const char *on, *from, *to, *limit, *after, *subject;
};

static bool read_options(int argc, char **argv, struct asked *ret)
{
    int option;
    while ((option = ctl_option(argc, argv, "", options)) != -1)
        switch (option) {
        case 'o': ret->on = optarg; break;
        case 'f': ret->from = optarg; break;
        case 't': ret->to = optarg; break;
        case 'l': ret->limit = optarg; break;
        case 'a': ret->after = optarg; break;
        case 's': ret->subject = optarg; break;
        default:
            if (!settings_option("delivery", option, optarg))
                return false;
        }
    return true;
}

/* ---- commands ---- */
static const struct {
    const char *name, *command;
    bool opens;
} commands[] = {
    { "open-webhook", "open_webhook", true }, { "open-digest", "open_digest", true }, { "open-calendar", "open_calendar", true },
    { "change", "change_delivery", false }, { "renew", "renew_secret", false }, { "stop", "stop_delivery", false },
    { "resume", "resume_delivery", false }, { "replay", "replay_delivery", false },
};

/* A digest's hour as people write it: time=07:30 is minute=450. */
static const char *pair_of(const char *word)
{
    unsigned hours, minutes;
    int end = 0;
    if (sscanf(word, "time=%2u:%2u%n", &hours, &minutes, &end) == 2 && word[end] == 0 && minutes < MINUTES_OF_HOUR)
        return arena_print(&ctl.arena, "minute=%u", hours * MINUTES_OF_HOUR + minutes).at;
    return word;
}

static char *kept(const char *word)
{
    return (char *)arena_copy(&ctl.arena, word, strlen(word) + 1);
}

static int send(const char *command, bool opens, const struct asked *asked, int argc, char **argv)
{
    char *words[WORDS_MAX];
    int n = 0, first = opens ? 1 : 2;
    if (argc < first || argc + 8 > WORDS_MAX)
        return verb_usage("delivery");
    words[n++] = kept("do");
    words[n++] = kept(command);
    for (int i = first; i < argc; i++)
        words[n++] = kept(pair_of(argv[i]));
    if (!opens)
        words[n++] = kept("--of"), words[n++] = kept(argv[1]);
    if (asked->on)
        words[n++] = kept("--on"), words[n++] = kept(asked->on);
    words[n] = NULL;
    optind = 0;     /* another list of words is read from its beginning */
    return verb_do(n, words);
}

/* ---- reading ---- */
static int list(const struct asked *asked, int argc, char **argv)
{
    static const char *const columns[] = { "delivery", "kind", "referent", "state", "reason", "time", "waiting", "last_sent", NULL };
    const struct json *answer;
    (void)asked, (void)argv;
    if (argc != 1)
        return verb_usage("delivery");
    int status = ctl_get("/v1/deliveries", &answer);
    if (status == CTL_DONE && answer)
        render(answer, columns);
    return status;
}

static int show(const struct asked *asked, int argc, char **argv)
{
    const struct json *answer, *url;
    char path[PATH_BYTES] = "/v1/deliveries";
    (void)asked;
    if (argc != 2)
        return verb_usage("delivery");
    path_segment(path, sizeof(path), argv[1]);
    int status = ctl_get(path, &answer);
    if (status != CTL_DONE || !answer)
        return status;
    render(answer, NULL);
    url = json_get(answer, "url");
    if (url && url->type == JSON_STRING && url->string.bytes > 7 && memcmp(url->string.at, "http://", 7) == 0)
        printf("%s\n", say("Attention : http:// ne chiffre rien ; préférer https://.", "Careful: http:// encrypts nothing; prefer https://."));
    return CTL_DONE;
}

static void sent_path(char path[PATH_BYTES], const char *delivery, const struct asked *asked)
{
    snprintf(path, PATH_BYTES, "/v1/deliveries");
    path_segment(path, PATH_BYTES, delivery);
    snprintf(path + strlen(path), PATH_BYTES - strlen(path), "/sent");
    path_add(path, PATH_BYTES, "from", asked->from);
    path_add(path, PATH_BYTES, "to", asked->to);
    path_add(path, PATH_BYTES, "limit", asked->limit);
    path_add(path, PATH_BYTES, "after", asked->after);
    path_add(path, PATH_BYTES, "subject", asked->subject);
}

static int sent(const struct asked *asked, int argc, char **argv)
{
    static const char *const columns[] = { "at", "topic", "subject", "answered", "attempts", "failed", "given_up", "id", NULL };
    const struct json *answer;
    char path[PATH_BYTES];
    if (argc != 2)
        return verb_usage("delivery");
    sent_path(path, argv[1], asked);
    int status = ctl_get(path, &answer);
    if (status == CTL_DONE && answer)
        render(answer, columns);
    return status;
}

/* What a digest would say, as its readers see it. */
static int preview(const struct asked *asked, int argc, char **argv)
{
    const struct json *answer;
    char path[PATH_BYTES] = "/v1/deliveries";
    if (argc != 2)
        return verb_usage("delivery");
    path_segment(path, sizeof(path), argv[1]);
    path_segment(path, sizeof(path), "preview");
    path_add(path, sizeof(path), "on", asked->on);
    int status = ctl_get(path, &answer);
    const struct json *text = status == CTL_DONE && answer ? json_get(answer, "text") : NULL;
    if (text && text->type == JSON_STRING)
        printf("%.*s", TEXT_ARGS(text->string));
    return status;
}

/* ---- a test, and what became of it ---- */
static int say_result(const struct json *message)
{
    const struct json *failed = json_get(message, "failed"), *answered = json_get(message, "answered");
    long long status = answered && answered->type == JSON_NUMBER ? answered->hundredths / 100 : 0;
    if (!failed || failed->type != JSON_STRING) {
        printf(say("Reçu : l'autre côté a répondu %lld.\n", "Received: the other side answered %lld.\n"), status);
        return CTL_DONE;
    }
    struct text why = spoken(TEXT("failed"), failed->string);
    if (status)
        printf(say("Pas reçu (%.*s) : l'autre côté a répondu %lld.\n", "Not received (%.*s): the other side answered %lld.\n"), TEXT_ARGS(why), status);
    else
        printf(say("Pas reçu : %.*s.\n", "Not received: %.*s.\n"), TEXT_ARGS(why));
    return CTL_REFUSED;
}

static int wait_for(const char *delivery, const char *subject)
{
    struct asked asked = { .subject = subject };
    char path[PATH_BYTES];
    sent_path(path, delivery, &asked);
    for (int ms = 0; ms < TEST_SECONDS_MAX * 1000; ms += LOOK_MS) {
        const struct json *answer;
        int status = ctl_get(path, &answer);
        const struct json *messages = status == CTL_DONE ? json_get(answer, "messages") : NULL;
        if (status != CTL_DONE)
            return status;
        if (messages && messages->first)
            return say_result(messages->first);
        nanosleep(&(struct timespec){ 0, LOOK_MS * 1000000l }, NULL);
    }
    printf("%s\n", say("Pas de réponse en 30 s ; parcoursctl delivery sent la dira.", "No answer within 30 s; parcoursctl delivery sent will tell it."));
    return CTL_REFUSED;
}

static int test(const struct asked *asked, int argc, char **argv)
{
    struct json_out out;
    const struct json *answer;
    if (argc != 2)
        return verb_usage("delivery");
    ctl.json = false;       /* a sentence, and an exit status */
    json_out_init(&out, PATH_BYTES);
    json_open(&out);
    json_key(&out, "command"), json_string(&out, "test_delivery");
    json_key(&out, "delivery"), json_string(&out, argv[1]);
    if (asked->on)
        json_key(&out, "on"), json_string(&out, asked->on);
    json_close(&out);
    int status = ctl_post("/v1/commands", (struct text){ out.at, (uint32_t)out.bytes }, NULL, &answer);
    json_out_free(&out);
    const struct json *seq = status == CTL_DONE ? json_get(answer, "seq") : NULL;
    if (!seq)
        return status;
    return wait_for(argv[1], arena_print(&ctl.arena, "%lld", (long long)(seq->hundredths / 100)).at);
}

static const struct {
    const char *name;
    int (*run)(const struct asked *, int argc, char **argv);
} parts[] = { { "list", list }, { "show", show }, { "sent", sent }, { "test", test }, { "preview", preview } };

int verb_delivery(int argc, char **argv)
{
    struct asked asked = { 0 };
    if (!read_options(argc, argv, &asked))
        return CTL_USAGE;
    int left = argc - optind;
    char **words = argv + optind;
    for (unsigned i = 0; left > 0 && i < sizeof(parts) / sizeof(parts[0]); i++)
        if (strcmp(words[0], parts[i].name) == 0)
            return parts[i].run(&asked, left, words);
    for (unsigned i = 0; left > 0 && i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(words[0], commands[i].name) == 0)
            return send(commands[i].command, commands[i].opens, &asked, left, words);
    if (left > 0)
        fprintf(stderr, "parcoursctl: delivery: %s %s\n", say("inconnu :", "no such thing:"), words[0]);
    return verb_usage("delivery");
}
