/* One request, its answer as a tree; what went wrong is said here, once, for all verbs. */
#include <stdlib.h>
#include <string.h>

#include "../events/sentences.h"
#include "client.h"
#include "ctl.h"

static const struct json_limits limits = { (uint32_t)256 * 1024 * 1024, 64, 20000000 };
static struct client *client;

static struct client *connection(void)
{
    struct client_settings to = { .url = ctl.url, .token = ctl.token, .language = say("fr", "en") };
    if (!client)
        client = client_open(&to);
    return client;
}

void ctl_hang_up(void)
{
    client_close(client);
    client = NULL;
}

static int unreached(void)
{
    fprintf(stderr, "parcoursctl: %s %s\n", say("injoignable,", "cannot reach"), client ? client_error(client) : "");
    return CTL_UNREACHED;
}

static int take(const struct client_answer *a, const char *participant, const struct json **ret)
{
    struct json_error error;
    char said[SENTENCE_BYTES];
    *ret = NULL;
    bool done = a->status >= 200 && a->status < 300;
    if (ctl.json) {
        printf("%.*s\n", TEXT_ARGS(a->body));
        return done ? CTL_DONE : CTL_REFUSED;
    }
    bool read = json_read(&ctl.arena, a->body, &limits, ret, &error) == 0;
    if (!done) {
        refusal_print(read ? *ret : NULL, a->status, participant);
        return CTL_REFUSED;
    }
    if (read)
        return CTL_DONE;
    fprintf(stderr, "parcoursctl: %s (%s)\n", say("réponse illisible", "the answer cannot be read"), sentence_said(error.why, ctl.french, said));
    return CTL_UNREACHED;
}

int ctl_get(const char *path, const struct json **ret)
{
    struct client_answer a;
    *ret = NULL;
    if (!connection() || !client_get(client, path, "application/json", &a))
        return unreached();
    return take(&a, NULL, ret);
}

int ctl_post(const char *path, struct text body, const char *participant, const struct json **ret)
{
    struct client_answer a;
    *ret = NULL;
    if (!connection() || !client_post(client, path, "application/json", body, &a))
        return unreached();
    return take(&a, participant, ret);
}

int ctl_get_lines(const char *path, struct text *ret)
{
    struct client_answer a;
    const struct json *problem = NULL;
    if (!connection() || !client_get(client, path, "application/x-ndjson", &a))
        return unreached();
    *ret = a.body;
    return a.status == 200 ? CTL_DONE : take(&a, NULL, &problem);
}

static void append(char *path, size_t room, const char *more)
{
    size_t n = strlen(path);
    snprintf(path + n, room - n, "%s", more);
}

void path_segment(char *path, size_t room, const char *segment)
{
    char *escaped = client_escape(segment);
    append(path, room, "/");
    append(path, room, escaped ? escaped : "");
    free(escaped);
}

void path_add(char *path, size_t room, const char *key, const char *value)
{
    if (!value)
        return;
    append(path, room, strchr(path, '?') ? "&" : "?");
    append(path, room, key);
    append(path, room, "=");
    char *escaped = client_escape(value);
    append(path, room, escaped ? escaped : "");
    free(escaped);
}

int ctl_raw(const char *path, const char *content_type, struct text body, struct text *ret)
{
    struct client_answer a;
    const struct json *problem = NULL;
    bool came = connection() && (content_type ? client_post(client, path, content_type, body, &a) : client_get(client, path, "application/json", &a));
    if (!came)
        return unreached();
    *ret = a.body;
    return a.status == 200 ? CTL_DONE : take(&a, NULL, &problem);
}
