#include "unit.h"

#include <string.h>

#include "../events/days.h"
#include "../events/failure.h"
#include "../events/rulebook.h"

static struct arena arena;

static void start(void)
{
    catalogue_start();
    arena_free(&arena);
    arena_init(&arena, 1 << 24);
}

static struct text written(const struct rulebook *b)
{
    struct json_out out;
    json_out_init(&out, RULEBOOK_BYTES_MAX);
    rulebook_to_json(&out, b);
    CHECK(!json_out_failed(&out));
    struct text t = arena_text(&arena, out.at, out.bytes);
    json_out_free(&out);
    return t;
}

static const char *problems_of(struct text json)
{
    struct rulebook b;
    struct problems p = { .count = 0 };
    int failure = rulebook_read(&arena, json, &b, &p);
    CHECK_INT(failure != 0, p.count > 0);
    struct text all = TEXT("");
    for (uint32_t i = 0; i < p.count; i++)
        all = arena_print(&arena, "%.*s%s%s: %s", TEXT_ARGS(all), i ? "\n" : "", p.at[i].pointer, p.at[i].why);
    return all.at;
}

TEST(rulebook_shipped_ones_read_back)
{
    start();
    CHECK_INT(rulebook_shipped_count(), 6);
    CHECK(rulebook_shipped_name(6).at == NULL && rulebook_shipped(TEXT("other")).at == NULL);
    for (unsigned i = 0; i < rulebook_shipped_count(); i++) {
        struct rulebook b, again;
        struct problems p = { .count = 0 };
        struct text name = rulebook_shipped_name(i);
        CHECK_STR(problems_of(rulebook_shipped(name)), "");
        if (!CHECK_INT(rulebook_read(&arena, rulebook_shipped(name), &b, &p), 0))
            continue;
        CHECK(text_equal(b.name, name) && b.title.bytes > 0 && b.document.bytes > 0);
        CHECK_INT(rulebook_read(&arena, written(&b), &again, &p), 0);
        CHECK(text_equal(written(&b), written(&again)));
        for (int r = 0; r < RULES; r++) {
            CHECK_INT(memcmp(&b.rule[r].value, &again.rule[r].value, sizeof(struct value)), 0);
            CHECK(b.rule[r].mode == again.rule[r].mode && b.rule[r].reading == again.rule[r].reading);
            CHECK(text_equal(b.rule[r].source, again.rule[r].source) && text_equal(b.rule[r].words, again.rule[r].words));
        }
    }
}

TEST(rulebook_values)
{
    struct rulebook b;
    struct problems p = { .count = 0 };
    start();
    CHECK_INT(rulebook_read(&arena, rulebook_shipped(TEXT("standard")), &b, &p), 0);
    CHECK_INT(b.rule[RULE_parcours_start].value.at[0], 0);
    CHECK_INT(b.rule[RULE_parcours_length].value.at[0], 18);
    CHECK_INT(b.rule[RULE_parcours_length].mode, MODE_REFUSE);
    CHECK_INT(b.rule[RULE_parcours_extension].value.at[1], 1);
    CHECK_INT(b.rule[RULE_long_review].value.count, 5);
    CHECK_INT(b.rule[RULE_long_review].value.at[4], 30);
    CHECK_INT(b.rule[RULE_exit_evidence_training].value.at[0], 1 << evidence_kind_training_certificate);
    CHECK_INT(b.rule[RULE_exit_half_time].value.at[0] % 50, 0);
    CHECK(b.rule[RULE_exit_half_time].value.at[0] >= 1000);
    CHECK(rule_applies(&b, RULE_reception) && !rule_applies(NULL, RULE_reception));
    CHECK_INT(rulebook_read(&arena, rulebook_shipped(TEXT("provence-mediterranee")), &b, &p), 0);
    CHECK_INT(b.rule[RULE_parcours_start].value.at[0], 1);
    CHECK_INT(b.rule[RULE_long_review].mode, MODE_OFF);
    CHECK_INT(b.rule[RULE_long_review].value.count, 0);
}

/* ---- what is refused ---- */

/* The standard one, with `from` (once in it) changed to `to`. */
static struct text changed(const char *from, const char *to)
{
    struct text whole = rulebook_shipped(TEXT("standard"));
    const char *at = memmem(whole.at, whole.bytes, from, strlen(from));
    if (!CHECK(at != NULL))
        return whole;
    uint32_t before = (uint32_t)(at - whole.at), after = before + (uint32_t)strlen(from);
    return arena_print(&arena, "%.*s%s%.*s", (int)before, whole.at, to, (int)(whole.bytes - after), whole.at + after);
}

static const struct {
    const char *from, *to, *problems;
} cases[] = {
    { "\"value\": 18, \"unit\": \"months\"", "\"value\": 5, \"unit\": \"months\"", "/rules/parcours-length/value: a value from 6 to 60 is expected" },
    { "\"value\": 18, \"unit\": \"months\"", "\"value\": 61, \"unit\": \"months\"", "/rules/parcours-length/value: a value from 6 to 60 is expected" },
    { "\"value\": 18, \"unit\": \"months\"", "\"value\": 17.5, \"unit\": \"months\"", "/rules/parcours-length/value: a value from 6 to 60 is expected" },
    { "\"value\": 18, \"unit\": \"months\"", "\"value\": [18, 19], \"unit\": \"months\"", "/rules/parcours-length/value: from 1 to 1 values are expected" },
    { "\"value\": 18, \"unit\": \"months\"", "\"value\": [18], \"unit\": \"months\"", "" },
    { "\"value\": 18, \"unit\": \"months\"", "\"value\": 18, \"unit\": \"days\"", "/rules/parcours-length/unit: the unit is expected: \"months\"" },
    { "\"value\": 18, \"unit\": \"months\"", "\"value\": 18", "/rules/parcours-length/unit: the unit is expected: \"months\"" },
    { "\"value\": 18, \"unit\": \"months\"", "\"unit\": \"months\"", "/rules/parcours-length/value: the value is missing" },
    { "\"value\": 18, \"unit\": \"months\", \"mode\": \"refuse\"", "\"unknown\": true", "" },
    { "\"value\": 18, \"unit\": \"months\", \"mode\": \"refuse\"", "\"mode\": \"off\"", "" },
    { "\"value\": 18, \"unit\": \"months\", \"mode\": \"refuse\"", "\"value\": 3, \"unit\": \"months\", \"mode\": \"off\"", "/rules/parcours-length/value: a value from 6 to 60 is expected" },
    { "\"value\": 18, \"unit\": \"months\", \"mode\": \"refuse\"", "\"unknown\": false", "/rules/parcours-length/unknown: only true is expected here, instead of a mode" },
    { "\"value\": 18, \"unit\": \"months\", \"mode\": \"refuse\"", "\"value\": 18, \"unit\": \"months\", \"mode\": \"warn\"", "/rules/parcours-length/mode: `refuse`, `flag` or `off` is expected, or \"unknown\": true" },
    { "\"value\": 18, \"unit\": \"months\", \"mode\": \"refuse\", \"source\": \"PM-05\"", "\"value\": 18, \"unit\": \"months\", \"mode\": \"refuse\"", "/rules/parcours-length/source: a text is expected" },
    { "\"value\": 18, \"unit\": \"months\", \"mode\": \"refuse\"", "\"value\": 18, \"unit\": \"months\", \"mode\": \"refuse\", \"note\": 1", "/rules/parcours-length/note: unknown here" },
    { "\"value\": [6, 1]", "\"value\": 6", "/rules/parcours-extension/value: two values are expected" },
    { "\"value\": [6, 1]", "\"value\": [6]", "/rules/parcours-extension/value: from 2 to 2 values are expected" },
    { "[6, 12, 18, 24, 30]", "[6, 18, 12]", "/rules/long-review/value: the values are expected in growing order" },
    { "[6, 12, 18, 24, 30]", "[1, 2, 3, 4, 5, 6, 7, 8, 9]", "/rules/long-review/value: from 1 to 8 values are expected" },
    { "[1, 2]", "[2, 2]", "" },
    { "\"value\": \"contract\"", "\"value\": \"promise\"", "/rules/parcours-start/value: `contract` or `decision` is expected" },
    { "[\"training_certificate\"]", "[]", "/rules/exit-evidence-training/value: a list of words is expected, with one at least" },
    { "[\"training_certificate\"]", "[\"diploma of x\"]", "/rules/exit-evidence-training/value: one of these is not a word of the rule's list" },
    { "[\"training_certificate\"]", "[\"training_certificate\", \"training_certificate\"]", "/rules/exit-evidence-training/value: a word is there twice" },
    { "\"territory\": {\"unit\"", "\"territory\": {\"value\": 1, \"unit\"", "/rules/territory/value: the rule has no value: it holds, or is off" },
    { "\"territory\": {", "\"frontier\": {", "/rules/frontier: unknown here\n/rules/territory: the rule is left out: say {\"mode\": \"off\"}" },
    { "\"territory\": {", "\"Jean D.\": {", "/rules: an unknown key\n/rules/territory: the rule is left out: say {\"mode\": \"off\"}" },
    { "\"name\": \"standard\"", "\"nom\": \"standard\"", "/nom: unknown here\n/name: a text is expected" },
    { "\"name\": \"standard\"", "\"name\": \"a b\"", "/name: letters, digits, and . / _ - after the first, are expected" },
};

TEST(rulebook_refused)
{
    start();
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_STR(problems_of(changed(cases[i].from, cases[i].to)), cases[i].problems);
    /* Not JSON at all: the byte is said. */
    CHECK(strncmp(problems_of(changed("\"rules\": {", "\"rules\": [{")), ": ", 2) == 0);
    CHECK_STR(problems_of(TEXT("[]")), ": an object is expected");
    CHECK_STR(problems_of(TEXT("{\"name\":\"x\",\"title\":\"X\"}")), "/rules: an object is expected, with each rule");
}

TEST(rulebook_result_untouched_when_refused)
{
    struct rulebook b = { .seq = 77 };
    struct problems p = { .count = PROBLEMS_MAX };
    start();
    CHECK_INT(rulebook_read(&arena, TEXT("{\"name\":\"x\",\"title\":\"X\",\"rules\":{}}"), &b, &p), FAIL_MALFORMED);
    CHECK_INT(b.seq, 77);
}

/* ---- in force ---- */

TEST(rulebook_in_force)
{
    struct rulebook a = { .seq = 2, .from_day = 100 }, b = { .seq = 5, .from_day = 200 }, c = { .seq = 9, .from_day = 150 },
                    d = { .seq = 12, .from_day = 200 };
    struct rulebooks none = { .count = 0 }, all = { .at = { &a, &b, &c, &d }, .count = 4 };
    CHECK(rulebook_on(&none, 100, 99) == NULL);
    CHECK(rulebook_on(&all, 150, 1) == NULL);
    CHECK(rulebook_on(&all, 50, 99) == &a);
    CHECK(rulebook_on(&all, 100, 99) == &a);
    CHECK(rulebook_on(&all, 149, 99) == &a);
    CHECK(rulebook_on(&all, 150, 99) == &c);
    CHECK(rulebook_on(&all, 150, 8) == &a);
    CHECK(rulebook_on(&all, 200, 8) == &b);
    CHECK(rulebook_on(&all, 200, 11) == &b);
    CHECK(rulebook_on(&all, 200, 12) == &d);
}

/* ---- the table ---- */

TEST(rules_rows)
{
    unsigned any = 0;
    for (int r = 0; r < RULES; r++) {
        const struct rule *rule = &rules[r];
        CHECK_INT(rule_named(text_of(rule->name)), r);
        CHECK(rule->fr && rule->en && rule->on && rule->min <= rule->max);
        CHECK((rule->unit == UNIT_WORD) == (rule->words[0] != NULL));
        CHECK(rule->unit == UNIT_SET_OF || rule->values_max <= VALUES_MAX);
        CHECK(rule->allows || rule->on[0] == KIND_any);
        any += rule->allows && rule->on[0] == KIND_any;
    }
    CHECK_INT(any, 1);
    CHECK(rule_in(rules_judging(kind_of(KIND_contact_recorded)), RULE_recording_delay));
    CHECK(!rule_in(rules_judging(kind_of(KIND_step_prescribed)), RULE_recording_delay));
    CHECK(rule_in(rules_judging(kind_of(KIND_step_prescribed)), RULE_parcours_length));
    CHECK_INT(rules[RULE_target_public].vocabulary, VOCABULARY_eligibility);
    CHECK_STR(rules[RULE_suspension].words[1], "uncounted");
    CHECK_INT(rule_named(TEXT("parcours")), -1);
}
