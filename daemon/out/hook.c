#include "hook.h"

#include <inttypes.h>
#include <string.h>

#include "../../events/chain.h"

#define PREFIX "whsec_"
#define SIGNATURE_BYTES (sizeof("v1,") - 1 + BASE64_TEXT_BYTES(HASH_BYTES))

static bool secret_bytes(struct text secret, uint8_t out[HOOK_SECRET_BYTES_MAX], size_t *ret)
{
    size_t prefix = sizeof(PREFIX) - 1;
    if (secret.bytes > prefix && memcmp(secret.at, PREFIX, prefix) == 0)
        secret = (struct text){ secret.at + prefix, secret.bytes - (uint32_t)prefix };
    return secret.bytes > 0 && chain_base64_read(secret, out, HOOK_SECRET_BYTES_MAX, ret);
}

bool hook_secret_good(struct text secret)
{
    uint8_t bytes[HOOK_SECRET_BYTES_MAX];
    size_t count;
    return secret_bytes(secret, bytes, &count);
}

static bool sign(struct text secret, struct text id, struct text instant, struct text body, char out[SIGNATURE_BYTES])
{
    uint8_t bytes[HOOK_SECRET_BYTES_MAX];
    size_t count;
    if (!secret_bytes(secret, bytes, &count))
        return false;
    struct hash h = chain_hmac((struct text){ (const char *)bytes, (uint32_t)count }, (struct text[]){ id, TEXT("."), instant, TEXT("."), body }, 5);
    memcpy(out, "v1,", 3);
    chain_base64(h.at, HASH_BYTES, out + 3);
    return true;
}

bool hook_headers(struct arena *arena, struct text id, int64_t now_s, struct text body, struct text secret, struct text before, const char *ret[HOOK_HEADERS])
{
    char signature[SIGNATURE_BYTES], earlier[SIGNATURE_BYTES] = "";
    struct text instant = arena_print(arena, "%" PRId64, now_s);
    if (!sign(secret, id, instant, body, signature) || (before.bytes && !sign(before, id, instant, body, earlier)))
        return false;
    ret[0] = "content-type: application/json; charset=utf-8";
    ret[1] = "user-agent: parcoursd";
    ret[2] = arena_print(arena, "webhook-id: %.*s", TEXT_ARGS(id)).at;
    ret[3] = arena_print(arena, "webhook-timestamp: %.*s", TEXT_ARGS(instant)).at;
    ret[4] = arena_print(arena, "webhook-signature: %s%s%s", signature, before.bytes ? " " : "", earlier).at;
    return true;
}
