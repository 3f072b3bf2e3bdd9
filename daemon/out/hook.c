#include "hook.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define SIGNATURE_BYTES BASE64_TEXT_BYTES(HASH_BYTES)

const char *hook_secret(struct text key, char out[HOOK_SECRET_TEXT_BYTES])
{
    char coded[BASE64_TEXT_BYTES(HOOK_KEY_BYTES_MAX)];
    assert(key.bytes <= HOOK_KEY_BYTES_MAX);
    snprintf(out, HOOK_SECRET_TEXT_BYTES, "whsec_%s", chain_base64(key.at, key.bytes, coded));
    return out;
}

static const char *sign(struct text key, struct text id, struct text instant, struct text body, char out[SIGNATURE_BYTES])
{
    struct hash h = chain_hmac(key, (struct text[]){ id, TEXT("."), instant, TEXT("."), body }, 5);
    return chain_base64(h.at, HASH_BYTES, out);
}

void hook_headers(struct arena *arena, struct text id, int64_t now_s, struct text body, struct text key, struct text before, const char *ret[HOOK_HEADERS])
{
    char signature[SIGNATURE_BYTES], earlier[SIGNATURE_BYTES];
    struct text instant = arena_print(arena, "%" PRId64, now_s);
    sign(key, id, instant, body, signature);
    ret[0] = "content-type: application/json; charset=utf-8";
    ret[1] = "user-agent: parcoursd";
    ret[2] = arena_print(arena, "webhook-id: %.*s", TEXT_ARGS(id)).at;
    ret[3] = arena_print(arena, "webhook-timestamp: %.*s", TEXT_ARGS(instant)).at;
    if (before.bytes)
        ret[4] = arena_print(arena, "webhook-signature: v1,%s v1,%s", signature, sign(before, id, instant, body, earlier)).at;
    else
        ret[4] = arena_print(arena, "webhook-signature: v1,%s", signature).at;
}
