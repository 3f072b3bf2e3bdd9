#include "unit.h"

#include <string.h>

#include "../events/ids.h"

static const uint8_t sid[16] = { 0x5a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

static bool comes_back(enum stream_type type, uint64_t stream)
{
    char out[ID_TEXT_BYTES];
    enum stream_type got_type;
    uint64_t got;
    return id_parse(text_of(id_print(type, stream, out)), &got_type, &got) && got_type == type && got == stream;
}

TEST(ids_come_back)
{
    ids_start(sid);
    unsigned lost = 0;
    for (uint64_t n = 1; n <= 100000; n++) {
        lost += !comes_back(STREAM_participant, n);
        lost += !comes_back(STREAM_referent, n * UINT64_C(10995116) % STREAM_NUMBERS);
    }
    CHECK_INT(lost, 0);
    const uint64_t edges[] = { 1, 2, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, STREAM_NUMBERS / 2, STREAM_NUMBERS - 2, STREAM_NUMBERS - 1 };
    for (unsigned i = 0; i < sizeof edges / sizeof edges[0]; i++)
        for (int t = STREAM_plie + 1; t < STREAM_TYPES; t++)
            CHECK(comes_back((enum stream_type)t, edges[i]));
    CHECK(comes_back(STREAM_plie, 0));
}

TEST(ids_look_as_documented)
{
    char out[ID_TEXT_BYTES];
    ids_start(sid);
    CHECK_STR(id_print(STREAM_plie, 0, out), "plie");
    id_print(STREAM_participant, 12, out);
    CHECK_INT(strlen(out), 10);
    CHECK(out[0] == 'p' && out[1] == '_');
    CHECK_INT(strspn(out + 2, "0123456789abcdefghjkmnpqrstvwxyz"), 8);
}

/* Written down in every store and in every link that was ever sent: it may never change. */
TEST(ids_are_for_ever)
{
    char out[ID_TEXT_BYTES];
    ids_start(sid);
    CHECK_STR(id_print(STREAM_participant, 1, out), "p_a755gevd");
    CHECK_STR(id_print(STREAM_referent, STREAM_NUMBERS - 1, out), "r_5bha92cp");
}

TEST(ids_depend_on_the_store)
{
    uint8_t other[16];
    char here[ID_TEXT_BYTES], there[ID_TEXT_BYTES];
    memcpy(other, sid, sizeof other);
    other[15] ^= 1;
    unsigned same = 0;
    for (uint64_t n = 1; n <= 1000; n++) {
        ids_start(sid);
        id_print(STREAM_participant, n, here);
        ids_start(other);
        same += strcmp(here, id_print(STREAM_participant, n, there)) == 0;
    }
    CHECK_INT(same, 0);
    ids_start(sid);
}

TEST(ids_refused)
{
    static const char *const bad[] = { "", "p", "p_", "p_7kd2m0q", "p_7kd2m0qxx", "P_7kd2m0qx", "p_7KD2M0QX", "p-7kd2m0qx", "x_7kd2m0qx",
        "p_7kd2m0qi", "p_7kd2m0ql", "p_7kd2m0qo", "p_7kd2m0qu", "_7kd2m0qx", "plie_7kd2m0q", "plie_7kd2m0qx", "PLIE", "pp_7kd2m0qx", "p_7kd2m0q\xc3" };
    enum stream_type type;
    uint64_t stream;
    char zero[ID_TEXT_BYTES];
    ids_start(sid);
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (!CHECK(!id_parse(text_of(bad[i]), &type, &stream)))
            CHECK_STR(bad[i], "(refused)");
    CHECK(!id_parse((struct text){ "p_7kd2m0q\0", 10 }, &type, &stream));
    /* The PLIE's own number under a participant's prefix. */
    CHECK(!id_parse(text_of(id_print(STREAM_participant, 0, zero)), &type, &stream));
}
