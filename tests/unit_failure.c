#include "unit.h"

#include <string.h>

#include "../events/failure.h"

TEST(failure_sentence_grows_in_front)
{
    failure_forget();
    CHECK_STR(failure_sentence(), "");
    CHECK_INT(failure_say(FAIL_MISSING, "no such file"), FAIL_MISSING);
    CHECK_INT(failure_say(FAIL_SYSTEM, "open %s", "log"), FAIL_SYSTEM);
    CHECK_STR(failure_sentence(), "open log: no such file");
    failure_forget();
    CHECK_STR(failure_sentence(), "");
}

TEST(failure_sentence_is_bounded)
{
    failure_forget();
    for (int i = 0; i < 300; i++)
        failure_say(FAIL_SYSTEM, "again and again %d", i);
    CHECK_INT(strlen(failure_sentence()), 511);
    CHECK(strncmp(failure_sentence(), "again and again 299: again", 26) == 0);
    failure_say(FAIL_SYSTEM, "%0700d", 1);
    CHECK_INT(strlen(failure_sentence()), 511);
    failure_forget();
}

TEST(failure_rows)
{
    CHECK_STR(failure_name(FAIL_FULL), "FAIL_FULL");
    CHECK_STR(failure_text(FAIL_DAMAGED), "the store is damaged");
    CHECK_INT(failure_http(FAIL_FULL), 507);
    CHECK_INT(failure_exit(FAIL_LOCKED), 75);
    CHECK_INT(failure_exit(FAIL_NONE), 0);
}
