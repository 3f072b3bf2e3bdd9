#include "unit.h"

#include "../daemon/out/hook.h"
#include "../events/chain.h"

/* The example of the specification. */
#define SECRET "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
static const struct text id = { "msg_p5jXN8AQM9LWM0D4loKWxJek", 28 }, none = { NULL, 0 };

TEST(hook_specification_vector)
{
    struct arena a;
    const char *headers[HOOK_HEADERS];
    CHECK_INT(chain_start(), 0);
    arena_init(&a, 1u << 20);
    CHECK(hook_headers(&a, id, 1614265330, TEXT("{\"test\": 2432232314}"), TEXT("whsec_" SECRET), none, headers));
    CHECK_STR(headers[2], "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek");
    CHECK_STR(headers[3], "webhook-timestamp: 1614265330");
    CHECK_STR(headers[4], "webhook-signature: " SIGNATURE);
    CHECK(hook_headers(&a, id, 1614265331, TEXT("{\"test\": 2432232314}"), TEXT(SECRET), none, headers));
    CHECK(strcmp(headers[4], "webhook-signature: " SIGNATURE) != 0);
    arena_free(&a);
}

TEST(hook_two_secrets)
{
    struct arena a;
    const char *headers[HOOK_HEADERS];
    arena_init(&a, 1u << 20);
    CHECK(hook_headers(&a, id, 1614265330, TEXT("{\"test\": 2432232314}"), TEXT("whsec_AAAA"), TEXT("whsec_" SECRET), headers));
    CHECK(strncmp(headers[4], "webhook-signature: v1,", 22) == 0);
    CHECK_STR(strchr(headers[4] + 22, ' '), " " SIGNATURE);
    CHECK(!hook_headers(&a, id, 1614265330, TEXT("{}"), TEXT("whsec_!"), none, headers));
    CHECK(!hook_headers(&a, id, 1614265330, TEXT("{}"), TEXT("whsec_AAAA"), TEXT("whsec_!"), headers));
    CHECK(hook_secret_good(TEXT("whsec_" SECRET)));
    CHECK(!hook_secret_good(TEXT("whsec_")));
    CHECK(!hook_secret_good(TEXT("")));
    arena_free(&a);
}
