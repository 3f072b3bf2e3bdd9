#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "../events/days.h"
#include "../events/failure.h"
#include "../events/json.h"

static const struct json_limits limits = { .bytes_max = 4000, .depth_max = 4, .nodes_max = 200 };
static struct arena arena;

/* Reads an exact copy, so that the address sanitizer sees any byte read beyond; the tree lives until the next read. */
static int read_bytes(const char *at, size_t bytes, const struct json **ret, struct json_error *error)
{
    char *exact = malloc(bytes ? bytes : 1);
    memcpy(exact, at, bytes);
    if (arena.bytes_max == 0)
        arena_init(&arena, 16 << 20);
    arena_reset(&arena);
    int failure = json_read(&arena, (struct text){ exact, (uint32_t)bytes }, &limits, ret, error);
    free(exact);
    return failure;
}

__attribute__((destructor)) static void free_arena(void)
{
    arena_free(&arena);
}

static const struct json *read_ok(const char *text)
{
    const struct json *j = NULL;
    struct json_error error = { 0, "" };
    if (!CHECK_INT(read_bytes(text, strlen(text), &j, &error), 0))
        printf("    %s: byte %u, %s\n", text, error.byte, error.why);
    return j;
}

static void check_refused(const char *text, size_t bytes, int failure, unsigned byte)
{
    const struct json *j;
    struct json_error error = { 9999, NULL };
    bool same = CHECK_INT(read_bytes(text, bytes, &j, &error), failure);
    same = CHECK_INT(error.byte, byte) && same;
    if (!same)
        printf("    %.*s: %s\n", (int)bytes, text, error.why ? error.why : "accepted");
}
#define REFUSED(text, byte) check_refused(text, sizeof text - 1, FAIL_MALFORMED, byte)
#define TOO_LARGE(text, byte) check_refused(text, sizeof text - 1, FAIL_TOO_LARGE, byte)

TEST(json_reads_a_command)
{
    const struct json *j = read_ok(" {\"command\": \"record_contact\", \"on\":\"2026-01-10\",\n\t\"data\": {\"signed\": true, \"no\": false,"
        " \"minutes\": 45, \"none\": null, \"list\": [1, [], {}, \"x\"]}} ");
    if (!CHECK(j != NULL))
        return;
    CHECK_INT(j->type, JSON_OBJECT);
    CHECK_INT(j->count, 3);
    CHECK(text_is(json_get(j, "command")->string, "record_contact"));
    CHECK(json_get(j, "Command") == NULL);
    CHECK(json_get(j, "comman") == NULL);
    CHECK(json_get(NULL, "x") == NULL);
    const struct json *data = json_get(j, "data");
    CHECK(json_get(data, "signed")->truth && json_get(data, "signed")->type == JSON_BOOL);
    CHECK(!json_get(data, "no")->truth && json_get(data, "no")->type == JSON_BOOL);
    CHECK_INT(json_get(data, "minutes")->hundredths, 4500);
    CHECK_INT(json_get(data, "none")->type, JSON_NULL);
    const struct json *list = json_get(data, "list");
    CHECK_INT(list->type, JSON_ARRAY);
    CHECK_INT(list->count, 4);
    CHECK_INT(list->first->next->count, 0);
    CHECK(list->first->next->next->next->next == NULL);
    CHECK(text_is(list->first->next->next->next->string, "x"));
    CHECK(json_get(list, "x") == NULL);
}

TEST(json_strings)
{
    CHECK(text_is(read_ok("\"\"")->string, ""));
    CHECK(read_ok("\"\"")->string.at != NULL);
    CHECK(text_is(read_ok("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00x\"")->string, "\"\\/\b\f\n\r\t\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80x"));
    CHECK(text_is(read_ok("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\x7f\"")->string,
        "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\x7f"));
    CHECK(text_is(read_ok("{\"\\u0061\":1}")->first->key, "a"));
    REFUSED("\"a", 2);
    REFUSED("\"a\\", 3);
    REFUSED("\"a\\\"", 4);
    REFUSED("\"\n\"", 1);
    REFUSED("\"a\0b\"", 2);
    REFUSED("\"\\u0000\"", 3);
    REFUSED("\"\\x41\"", 2);
    REFUSED("\"\\u12g4\"", 3);
    REFUSED("\"\\u12\"", 3);
    REFUSED("\"\\ud800\"", 3);
    REFUSED("\"\\ud800\\ud800\"", 3);
    REFUSED("\"\\ud800x\"", 3);
    REFUSED("\"\\udc00\\ud800\"", 3);
    REFUSED("'a'", 0);
}

TEST(json_utf8)
{
    REFUSED("\"\x80\"", 1);
    REFUSED("\"\xc0\xaf\"", 1);
    REFUSED("\"\xc1\xbf\"", 1);
    REFUSED("\"\xc3\"", 1);
    REFUSED("\"a\xc3", 2);
    REFUSED("\"\xe0\x80\xaf\"", 1);
    REFUSED("\"\xe0\x9f\xbf\"", 1);
    REFUSED("\"\xe2\x82\"", 1);
    REFUSED("\"\xed\xa0\x80\"", 1);     /* a surrogate */
    REFUSED("\"\xf0\x80\x80\xaf\"", 1);
    REFUSED("\"\xf0\x9f\x98\"", 1);
    REFUSED("\"\xf4\x90\x80\x80\"", 1);
    REFUSED("\"\xf5\x80\x80\x80\"", 1);
    REFUSED("\"\xff\"", 1);
    REFUSED("\xef\xbb\xbf{}", 0);       /* a byte order mark */
}

static void check_number(const char *text, int64_t hundredths, bool whole)
{
    const struct json *j = read_ok(text);
    CHECK_INT(j->type, JSON_NUMBER);
    CHECK_INT(j->hundredths, hundredths);
    CHECK_INT(j->whole, whole);
}

TEST(json_numbers)
{
    check_number("0", 0, true);
    check_number("-0", 0, true);
    check_number("3", 300, true);
    check_number("17.5", 1750, false);
    check_number("-17.05", -1705, false);
    check_number("0.01", 1, false);
    check_number("3.00", 300, true);
    check_number("9007199254740993", INT64_C(900719925474099300), true);
    check_number("92233720368547758.07", INT64_MAX, false);
    check_number("-92233720368547758.07", -INT64_MAX, false);
    REFUSED("92233720368547758.08", 0);
    REFUSED("92233720368547759", 16);
    REFUSED("99999999999999999999999999999", 16);
    REFUSED("01", 1);
    REFUSED("-", 1);
    REFUSED("-a", 1);
    REFUSED("+1", 0);
    REFUSED(".5", 0);
    REFUSED("1.", 2);
    REFUSED("1.x", 2);
    REFUSED("1.234", 4);
    REFUSED("1e3", 1);
    REFUSED("1.5E3", 3);
    REFUSED("0x10", 1);
    REFUSED("NaN", 0);
    REFUSED("Infinity", 0);
}

TEST(json_shape)
{
    REFUSED("", 0);
    REFUSED("   ", 3);
    REFUSED("{", 1);
    REFUSED("[1,", 3);
    REFUSED("[1,]", 3);
    REFUSED("[1 2]", 3);
    REFUSED("[,1]", 1);
    REFUSED("{,}", 1);
    REFUSED("{\"a\"}", 4);
    REFUSED("{\"a\":}", 5);
    REFUSED("{\"a\":1,}", 7);
    REFUSED("{a:1}", 1);
    REFUSED("{1:1}", 1);
    REFUSED("[}", 1);
    REFUSED("{} x", 3);
    REFUSED("{}{}", 2);
    REFUSED("1\0", 1);
    REFUSED("tru", 0);
    REFUSED("True", 0);
    REFUSED("truex", 4);
    REFUSED("nul", 0);
    REFUSED("/*x*/1", 0);
    REFUSED("\x0b" "1", 0);
}

TEST(json_limits)
{
    CHECK(read_ok("[[[[1]]]]") != NULL);
    TOO_LARGE("[[[[[1]]]]]", 4);
    char many[1000] = "[0";
    for (int i = 0; i < 198; i++)
        strcat(many, ",0");
    strcat(many, "]");
    CHECK_INT(read_ok(many)->count, 199);
    strcpy(many + strlen(many) - 1, ",0]");
    check_refused(many, strlen(many), FAIL_TOO_LARGE, 399);
    char *large = malloc(4001);
    memset(large, ' ', 4001);
    large[0] = '1';
    check_refused(large, 4001, FAIL_TOO_LARGE, 4000);
    const struct json *j;
    struct json_error error;
    CHECK_INT(read_bytes(large, 4000, &j, &error), 0);
    free(large);
}

TEST(json_duplicate_keys)
{
    REFUSED("{\"a\":1,\"a\":2}", 7);
    REFUSED("{\"a\":1,\"b\":0,\"\\u0061\":2}", 13);
    REFUSED("[{\"x\":{\"a\":1,\"a\":2}}]", 13);
    REFUSED("{\"\":1,\"\":2}", 6);
    REFUSED("{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,\"d\":1}", 61);
    CHECK_INT(read_ok("{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,\"D\":1,\"dd\":2}")->count, 12);
    CHECK_INT(read_ok("{\"a\":{\"a\":1},\"A\":2}")->count, 2);
}

TEST(json_mutations_never_go_beyond)
{
    static const char seed[] = "{\"a\":[1,-2.5,\"\\u00e9\\ud83d\\ude00\xc3\xa9\",true],\"b\":{\"c\":null,\"d\":false}}";
    uint64_t state = 88172645463325252u;
    for (int round = 0; round < 30000; round++) {
        char text[sizeof seed];
        memcpy(text, seed, sizeof seed);
        for (int i = 0; i < 3; i++) {
            state ^= state << 13, state ^= state >> 7, state ^= state << 17;
            text[(state >> 8) % (sizeof seed - 1)] = (state & 1) ? seed[(state >> 40) % (sizeof seed - 1)] : (char)(state >> 24);
        }
        const struct json *j;
        struct json_error error = { 0, NULL };
        size_t bytes = (state >> 50) % 4 ? sizeof seed - 1 : (state >> 20) % sizeof seed;
        if (read_bytes(text, bytes, &j, &error) != 0 && !CHECK(error.byte <= bytes))
            return;
        /* What the scanner accepts, the second reader must have understood alike. */
        if (error.why)
            CHECK(strstr(error.why, "two readers") == NULL);
    }
}

static void check_out(struct json_out *out, const char *wanted)
{
    CHECK(!json_out_failed(out));
    char *ended = calloc(1, out->bytes + 1);
    memcpy(ended, out->at, out->bytes);
    CHECK_STR(ended, wanted);
    free(ended);
    json_out_reset(out);
}

TEST(json_out_commas)
{
    struct json_out out;
    json_out_init(&out, 1 << 16);
    json_open(&out);
    json_key(&out, "a");
    json_number(&out, 1);
    json_key(&out, "b");
    json_open_list(&out);
    json_bool(&out, true);
    json_bool(&out, false);
    json_open(&out);
    json_close(&out);
    json_null(&out);
    json_open_list(&out);
    json_close_list(&out);
    json_close_list(&out);
    json_key_text(&out, TEXT("c\"d"));
    json_raw(&out, TEXT("{\"x\":1}"));
    json_key(&out, "e");
    json_text(&out, (struct text){ 0 });
    json_close(&out);
    json_line(&out);
    json_open(&out);
    json_close(&out);
    check_out(&out, "{\"a\":1,\"b\":[true,false,{},null,[]],\"c\\\"d\":{\"x\":1},\"e\":null}\n{}");
    json_out_free(&out);
}

TEST(json_out_values)
{
    struct json_out out;
    json_out_init(&out, 1 << 16);
    json_open_list(&out);
    json_number(&out, INT64_MIN);
    json_number(&out, INT64_MAX);
    json_number(&out, 0);
    json_hundredths(&out, 1750);
    json_hundredths(&out, 300);
    json_hundredths(&out, -5);
    json_hundredths(&out, -50);
    json_hundredths(&out, 0);
    json_hundredths(&out, INT64_MIN);
    json_day(&out, day_of(2026, 1, 31));
    json_day(&out, DAY_NONE);
    json_close_list(&out);
    check_out(&out, "[-9223372036854775808,9223372036854775807,0,17.5,3,-0.05,-0.5,0,-92233720368547758.08,\"2026-01-31\",null]");
    json_string(&out, "a\"\\\b\t\n\f\r\x01\x1f/\x7f\xc3\xa9\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\xe2");
    check_out(&out, "\"a\\\"\\\\\\b\\t\\n\\f\\r\\u0001\\u001f/\x7f\xc3\xa9\\u2028\\u2029\xe2\x80\xaa\xe2\"");
    json_out_free(&out);
}

TEST(json_out_keeps_its_limit)
{
    struct json_out out;
    json_out_init(&out, 8);
    json_string(&out, "123456");
    CHECK(!json_out_failed(&out));
    json_out_reset(&out);
    json_string(&out, "1234567");
    CHECK(json_out_failed(&out));
    json_null(&out);
    CHECK(json_out_failed(&out));
    json_out_reset(&out);
    json_null(&out);
    CHECK(!json_out_failed(&out));
    json_out_free(&out);
}

TEST(json_there_and_back)
{
    struct json_out out;
    json_out_init(&out, 4000);
    char all[128];
    for (int i = 1; i < 128; i++)
        all[i - 1] = (char)i;
    json_text(&out, (struct text){ all, 127 });
    const struct json *j = NULL;
    struct json_error error;
    if (CHECK_INT(read_bytes(out.at, out.bytes, &j, &error), 0))
        CHECK(text_equal(j->string, (struct text){ all, 127 }));
    json_out_free(&out);
}
