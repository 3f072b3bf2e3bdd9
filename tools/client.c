#include "client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#define CONNECT_MS 5000
#define ANSWER_MS 120000    /* rebuilding figures over ten million events is allowed to take a while */
#define HEADER_BYTES 512
#define URL_BYTES 4096

struct client {
    CURL *curl;
    struct curl_slist *headers;     /* of the request being made */
    char base[URL_BYTES], url[URL_BYTES];
    const char *told;               /* the address as it was given, for sentences */
    char authorisation[HEADER_BYTES], language[HEADER_BYTES];
    char curl_said[CURL_ERROR_SIZE], error[CURL_ERROR_SIZE + URL_BYTES + 8];
    char *body;
    size_t bytes, room;
    struct client_answer answer;
};

static size_t take_body(char *at, size_t size, size_t count, void *to)
{
    struct client *c = to;
    size_t more = size * count;
    if (more > CLIENT_ANSWER_BYTES_MAX - c->bytes)
        return 0;
    if (c->bytes + more > c->room) {
        size_t room = c->room ? c->room : 65536;
        while (room < c->bytes + more)
            room *= 2;
        char *grown = realloc(c->body, room);
        if (!grown)
            return 0;
        c->body = grown;
        c->room = room;
    }
    memcpy(c->body + c->bytes, at, more);
    c->bytes += more;
    return more;
}

static bool header_is(const char *at, size_t bytes, const char *name, const char **ret_value)
{
    size_t n = strlen(name);
    if (bytes <= n || strncasecmp(at, name, n) != 0 || at[n] != ':')
        return false;
    *ret_value = at + n + 1;
    return true;
}

static size_t take_header(char *at, size_t size, size_t count, void *to)
{
    struct client *c = to;
    size_t bytes = size * count;
    const char *value;
    char number[32] = "";
    if (header_is(at, bytes, "Parcours-Position", &value)) {
        size_t n = bytes - (size_t)(value - at);
        memcpy(number, value, n < sizeof(number) ? n : sizeof(number) - 1);
        c->answer.position = strtoll(number, NULL, 10);
    } else if (header_is(at, bytes, "Idempotency-Replayed", &value)) {
        c->answer.replayed = true;
    }
    return bytes;
}

static void set_address(struct client *c, const char *url)
{
    c->told = url;
    if (strncmp(url, "unix:", 5) == 0) {
        curl_easy_setopt(c->curl, CURLOPT_UNIX_SOCKET_PATH, url + 5);
        snprintf(c->base, sizeof(c->base), "http://localhost");
        return;
    }
    snprintf(c->base, sizeof(c->base), "%s%s", strstr(url, "://") ? "" : "http://", url);
    size_t n = strlen(c->base);
    while (n > 0 && c->base[n - 1] == '/')
        c->base[--n] = 0;
}

static void set_up(struct client *c, const struct client_settings *s)
{
    curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c->curl, CURLOPT_PROXY, "");       /* a token never goes through a proxy of the environment */
    curl_easy_setopt(c->curl, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(c->curl, CURLOPT_CONNECTTIMEOUT_MS, s->connect_ms ? s->connect_ms : CONNECT_MS);
    curl_easy_setopt(c->curl, CURLOPT_TIMEOUT_MS, s->answer_ms ? s->answer_ms : ANSWER_MS);
    curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, c->curl_said);
    curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c);
    curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, c);
    if (s->token && *s->token)
        snprintf(c->authorisation, sizeof(c->authorisation), "Authorization: Bearer %s", s->token);
    if (s->language && *s->language)
        snprintf(c->language, sizeof(c->language), "Accept-Language: %s", s->language);
    set_address(c, s->url);
}

struct client *client_open(const struct client_settings *s)
{
    static bool started;
    if (!started && curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return NULL;
    started = true;
    struct client *c = calloc(1, sizeof(*c));
    if (!c)
        return NULL;
    c->curl = curl_easy_init();
    if (!c->curl) {
        free(c);
        return NULL;
    }
    set_up(c, s);
    return c;
}

void client_close(struct client *c)
{
    if (!c)
        return;
    curl_easy_cleanup(c->curl);
    curl_slist_free_all(c->headers);
    free(c->body);
    free(c);
}

static bool add_header(struct client *c, const char *line)
{
    struct curl_slist *longer = *line ? curl_slist_append(c->headers, line) : c->headers;
    if (!longer && *line)
        return false;
    c->headers = longer;
    return true;
}

static bool prepare(struct client *c, const char *path, const char *header)
{
    curl_slist_free_all(c->headers);
    c->headers = NULL;
    c->answer = (struct client_answer){ .position = -1 };
    c->bytes = 0;
    c->curl_said[0] = c->error[0] = 0;
    int n = snprintf(c->url, sizeof(c->url), "%s%s", c->base, path);
    if (n < 0 || (size_t)n >= sizeof(c->url)) {
        snprintf(c->error, sizeof(c->error), "the address is too long");
        return false;
    }
    /* An empty Expect: curl would otherwise wait for 100-continue before each batch. */
    if (!add_header(c, c->authorisation) || !add_header(c, c->language) || !add_header(c, header) || !add_header(c, "Expect:")) {
        snprintf(c->error, sizeof(c->error), "out of memory");
        return false;
    }
    curl_easy_setopt(c->curl, CURLOPT_URL, c->url);
    curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, c->headers);
    return true;
}

static bool perform(struct client *c, struct client_answer *ret)
{
    CURLcode said = curl_easy_perform(c->curl);
    if (said != CURLE_OK) {
        const char *why = c->curl_said[0] ? c->curl_said : curl_easy_strerror(said);
        snprintf(c->error, sizeof(c->error), "%s: %s", c->told, why);
        return false;
    }
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &c->answer.status);
    c->answer.body = (struct text){ c->body ? c->body : "", (uint32_t)c->bytes };
    *ret = c->answer;
    return true;
}

bool client_get(struct client *c, const char *path, const char *accept, struct client_answer *ret)
{
    char header[HEADER_BYTES] = "";
    if (accept)
        snprintf(header, sizeof(header), "Accept: %s", accept);
    if (!prepare(c, path, header))
        return false;
    curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
    return perform(c, ret);
}

bool client_post(struct client *c, const char *path, const char *content_type, struct text body, struct client_answer *ret)
{
    char header[HEADER_BYTES];
    snprintf(header, sizeof(header), "Content-Type: %s", content_type);
    if (!prepare(c, path, header))
        return false;
    curl_easy_setopt(c->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, body.at);
    curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.bytes);
    return perform(c, ret);
}

const char *client_error(const struct client *c)
{
    return c->error;
}

char *client_escape(const char *s)
{
    char *escaped = curl_easy_escape(NULL, s, 0);
    char *copy = escaped ? strdup(escaped) : NULL;
    curl_free(escaped);
    return copy;
}
