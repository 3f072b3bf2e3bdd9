/* What makes a message one of Standard Webhooks: its id, its instant, and who sends it, which the secret proves.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
#ifndef DAEMON_OUT_HOOK_H
#define DAEMON_OUT_HOOK_H

#include "../../events/arena.h"
#include "../../events/text.h"

#define HOOK_HEADERS 5
#define HOOK_SECRET_BYTES_MAX 64        /* of the secret itself, 24 to 64 says the specification */

/* "whsec_" and base64, or base64 alone. */
bool hook_secret_good(struct text secret);
/* The headers of one attempt, as lines, in the arena: content-type, user-agent, webhook-id, -timestamp (seconds since 1970) and -signature.
 * `before` is the secret that was renewed, as long as both count; bytes 0: none. The id has no ".", for what is signed is
 * id.timestamp.body. False: a secret that is none. */
bool hook_headers(struct arena *, struct text id, int64_t now_s, struct text body, struct text secret, struct text before, const char *ret[HOOK_HEADERS]);

#endif
