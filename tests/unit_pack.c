#include "unit.h"

#include <stdlib.h>

#include "../events/pack.h"

static const int64_t edges[] = { 0, 1, 127, 128, 255, 256, 65535, 65536, INT64_C(4294967295), INT64_C(4294967296), INT64_MAX,
    -1, -32, -33, -128, -129, -32768, -32769, INT64_C(-2147483648), INT64_C(-2147483649), INT64_MIN };
#define EDGES (sizeof edges / sizeof edges[0])

TEST(pack_there_and_back)
{
    struct pack_out out;
    pack_out_init(&out, 1 << 20);
    pack_map(&out, 2);
    pack_text(&out, TEXT("ints"));
    pack_array(&out, EDGES);
    for (unsigned i = 0; i < EDGES; i++)
        pack_int(&out, edges[i]);
    pack_bytes(&out, "\0\1\2", 3);
    pack_array(&out, 3);
    pack_nil(&out);
    pack_bool(&out, true);
    pack_bool(&out, false);
    CHECK(!out.failed);

    struct pack_in in;
    pack_in_init(&in, out.at, out.bytes);
    CHECK_INT(pack_peek(&in), PACK_MAP);
    CHECK_INT(pack_read_map(&in), 2);
    CHECK(!pack_read_nil(&in));
    CHECK(text_is(pack_read_text(&in), "ints"));
    CHECK_INT(pack_read_array(&in), EDGES);
    for (unsigned i = 0; i < EDGES; i++)
        CHECK_INT(pack_read_int(&in), edges[i]);
    CHECK(text_equal(pack_read_bytes(&in), (struct text){ "\0\1\2", 3 }));
    CHECK_INT(pack_read_array(&in), 3);
    CHECK(pack_read_nil(&in));
    CHECK(pack_read_bool(&in));
    CHECK(!pack_done(&in));
    CHECK(!pack_read_bool(&in));
    CHECK(pack_done(&in));
    CHECK_INT(pack_peek(&in), PACK_BAD);
    pack_in_init(&in, out.at, out.bytes);
    pack_skip(&in);
    CHECK(pack_done(&in));
    pack_out_free(&out);
}

TEST(pack_writes_the_shortest)
{
    struct pack_out out;
    pack_out_init(&out, 100);
    pack_int(&out, 5);
    pack_int(&out, 300);
    pack_int(&out, -5);
    CHECK_INT(out.bytes, 5);
    CHECK(memcmp(out.at, "\x05\xcd\x01\x2c\xfb", 5) == 0);
    pack_out_free(&out);
}

TEST(pack_long_texts)
{
    static const uint32_t lengths[] = { 0, 31, 32, 255, 256, 65535, 65536 };
    char *long_text = calloc(1, 65536);
    struct pack_out out;
    pack_out_init(&out, 1 << 20);
    for (unsigned i = 0; i < 7; i++) {
        pack_text(&out, (struct text){ long_text, lengths[i] });
        pack_bytes(&out, long_text, lengths[i]);
    }
    struct pack_in in;
    pack_in_init(&in, out.at, out.bytes);
    for (unsigned i = 0; i < 7; i++) {
        CHECK_INT(pack_read_text(&in).bytes, lengths[i]);
        CHECK_INT(pack_read_bytes(&in).bytes, lengths[i]);
    }
    CHECK(pack_done(&in));
    pack_out_free(&out);
    free(long_text);
}

TEST(pack_out_keeps_its_limit)
{
    struct pack_out out;
    pack_out_init(&out, 10);
    pack_text(&out, TEXT("123456789"));
    CHECK(!out.failed);
    CHECK_INT(out.bytes, 10);
    pack_nil(&out);
    CHECK(out.failed);
    pack_out_reset(&out);
    pack_text(&out, TEXT("1234567890"));
    CHECK(out.failed);
    pack_nil(&out);
    CHECK(out.failed);
    pack_out_free(&out);
}

static void check_bad(const char *bytes, size_t count)
{
    char *exact = malloc(count);    /* so that the address sanitizer sees any byte read beyond */
    memcpy(exact, bytes, count);
    struct pack_in in;
    pack_in_init(&in, exact, count);
    CHECK_INT(pack_peek(&in), PACK_BAD);
    pack_skip(&in);
    CHECK(in.failed);
    CHECK(!pack_done(&in));
    CHECK_INT(pack_read_int(&in), 0);
    CHECK_INT(pack_read_array(&in), 0);
    CHECK(pack_read_text(&in).at == NULL);
    CHECK(!pack_read_nil(&in));
    free(exact);
}

TEST(pack_in_refuses)
{
    check_bad("\xdd\xff\xff\xff\xff", 5);           /* four billion elements in no byte */
    check_bad("\xdf\x00\x00\x00\x02\x01\x01\x01", 8);
    check_bad("\x92\x01", 2);
    check_bad("\xa3" "ab", 3);
    check_bad("\xdb\xff\xff\xff\xff" "ab", 7);
    check_bad("\xc6\x00\x00\x00\x03" "ab", 7);
    check_bad("\xcf\xff\xff\xff\xff\xff\xff\xff\xff", 9);   /* beyond int64 */
    check_bad("\xcf\x00", 2);
    check_bad("\xc1", 1);
    check_bad("\xcb\0\0\0\0\0\0\0\0", 9);           /* a float */
    check_bad("\xd4\0\0", 3);                       /* an extension */
}

TEST(pack_wrong_type_sticks)
{
    struct pack_in in;
    pack_in_init(&in, "\x05\xa1x", 3);
    CHECK(pack_read_text(&in).at == NULL);
    CHECK(in.failed);
    CHECK_INT(pack_read_int(&in), 0);
    CHECK(!pack_done(&in));
}

TEST(pack_skip_is_bounded)
{
    char nested[64];
    memset(nested, 0x91, sizeof nested);
    struct pack_in in;
    nested[16] = (char)0xc0;
    pack_in_init(&in, nested, 17);
    pack_skip(&in);
    CHECK(pack_done(&in));
    nested[16] = (char)0x91;
    nested[17] = (char)0xc0;
    pack_in_init(&in, nested, 18);
    pack_skip(&in);
    CHECK(in.failed);
}

TEST(pack_random_bytes_never_go_beyond)
{
    uint64_t state = 88172645463325252u;
    for (int round = 0; round < 20000; round++) {
        unsigned char bytes[24];
        for (unsigned i = 0; i < sizeof bytes; i++) {
            state ^= state << 13, state ^= state >> 7, state ^= state << 17;
            bytes[i] = (unsigned char)(state >> 32);
        }
        size_t count = state % sizeof bytes + 1;
        unsigned char *exact = malloc(count);
        memcpy(exact, bytes, count);
        struct pack_in in;
        pack_in_init(&in, exact, count);
        while (!in.failed && in.left > 0)
            pack_skip(&in);
        CHECK(in.left <= count);
        free(exact);
    }
}
