#include "unit.h"

#include "../daemon/out/hook.h"

/* The example of the specification: its secret, the key that the secret is, and what it signs. */
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
static const struct text key = { "\x31\xf2\x90\xf6\xbf\x06\x29\x8a\xab\x4f\x08\xd4\x3c\x3f\x08\x2c\xf6\x48\xa3\x62\xda\x2d\xa4\xb0", 24 };
static const struct text id = { "msg_p5jXN8AQM9LWM0D4loKWxJek", 28 }, none = { NULL, 0 };

TEST(hook_specification_vector)
{
    struct arena a;
    char secret[HOOK_SECRET_TEXT_BYTES];
    const char *headers[HOOK_HEADERS];
    CHECK_INT(chain_start(), 0);
    arena_init(&a, 1u << 20);
    CHECK_STR(hook_secret(key, secret), SECRET);
    hook_headers(&a, id, 1614265330, TEXT("{\"test\": 2432232314}"), key, none, headers);
    CHECK_STR(headers[2], "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek");
    CHECK_STR(headers[3], "webhook-timestamp: 1614265330");
    CHECK_STR(headers[4], "webhook-signature: " SIGNATURE);
    hook_headers(&a, id, 1614265331, TEXT("{\"test\": 2432232314}"), key, none, headers);
    CHECK(strcmp(headers[4], "webhook-signature: " SIGNATURE) != 0);
    arena_free(&a);
}

TEST(hook_two_keys)
{
    struct arena a;
    const char *headers[HOOK_HEADERS];
    arena_init(&a, 1u << 20);
    hook_headers(&a, id, 1614265330, TEXT("{\"test\": 2432232314}"), TEXT("another key"), key, headers);
    CHECK(strncmp(headers[4], "webhook-signature: v1,", 22) == 0);
    CHECK_STR(strchr(headers[4] + 22, ' '), " " SIGNATURE);
    arena_free(&a);
}
