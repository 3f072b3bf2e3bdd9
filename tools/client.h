/* HTTP to a daemon: the only place that knows libcurl. One handle, kept alive between requests; an address is
 * http://host:port or unix:PATH. Answers are views into the client's own buffer, good until the next request.
 * Order of use: client_open; client_get or client_post as often as wanted; client_close.
 * Both return true when an answer came, whatever its status; otherwise client_error says why in one sentence. */
#ifndef TOOLS_CLIENT_H
#define TOOLS_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "../events/text.h"

#define CLIENT_ANSWER_BYTES_MAX ((size_t)256 * 1024 * 1024)     /* an answer beyond it is refused, not swallowed */

struct client;

struct client_settings {
    const char *url;            /* "http://127.0.0.1:8421", "unix:/run/parcoursd/socket"; kept, not copied */
    const char *token;          /* NULL or "": none is sent */
    const char *language;       /* "fr", "en" */
    long connect_ms, answer_ms; /* patience; 0: the defaults */
};

struct client_answer {
    long status;
    struct text body;
    int64_t position;           /* Parcours-Position; -1 when absent */
    bool replayed;              /* Idempotency-Replayed */
};

struct client *client_open(const struct client_settings *);     /* NULL when memory is out */
void client_close(struct client *);
bool client_get(struct client *, const char *path, const char *accept, struct client_answer *);
bool client_post(struct client *, const char *path, const char *content_type, struct text body, struct client_answer *);
const char *client_error(const struct client *);
/* Percent-escapes what may not stand in a query or a path segment; malloc: free() it. */
char *client_escape(const char *);

#endif
