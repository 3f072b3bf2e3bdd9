/* What makes a message one of Standard Webhooks: its id, its instant, and who sends it, which the secret proves.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
#ifndef DAEMON_OUT_HOOK_H
#define DAEMON_OUT_HOOK_H

#include "../../events/arena.h"
#include "../../events/chain.h"

#define HOOK_HEADERS 5
#define HOOK_KEY_BYTES_MAX 64           /* 24 to 64, says the specification */
#define HOOK_SECRET_TEXT_BYTES (6 + BASE64_TEXT_BYTES(HOOK_KEY_BYTES_MAX))

/* The key as a receiver's library takes it: "whsec_" and base64. */
const char *hook_secret(struct text key, char out[HOOK_SECRET_TEXT_BYTES]);
/* The headers of one attempt, as lines, in the arena: content-type, user-agent, webhook-id, -timestamp (seconds since 1970) and -signature.
 * `before` is the key that was renewed, as long as both count; bytes 0: none. The id has no ".", for what is signed is id.timestamp.body. */
void hook_headers(struct arena *, struct text id, int64_t now_s, struct text body, struct text key, struct text before, const char *ret[HOOK_HEADERS]);

#endif
