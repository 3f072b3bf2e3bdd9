/* The pure parts of answers: what is allowed, the order of deadlines, values of rules, cells of CSV. */
#include "unit.h"

#include <string.h>

#include "../daemon/answers.h"
#include "../daemon/out/csv.h"
#include "../projections/reports.h"

static struct arena arena;
static struct rulebook book;
static struct rulebooks books;
static struct parcours p;
static struct json_out out;

static void start(enum state state)
{
    struct problems problems = { .count = 0 };
    catalogue_start();
    arena_free(&arena);
    arena_init(&arena, 1 << 24);
    json_out_free(&out);
    json_out_init(&out, 1 << 20);
    CHECK_INT(rulebook_read(&arena, rulebook_shipped(TEXT("standard")), &book, &problems), 0);
    book.seq = 1;
    book.from_day = DAY_FIRST;
    books = (struct rulebooks){ .count = 0 };
    CHECK_INT(rulebooks_adopt(&books, &book), 0);
    parcours_begin(&p, &arena, 1);
    p.state = state;
}

static const char *written(void)
{
    CHECK(!json_out_failed(&out));
    const char *t = arena_print(&arena, "%.*s", (int)out.bytes, out.at).at;
    out.bytes = 0;
    out.comma = false;
    return t;
}

static const char *allowed(int32_t day)
{
    parcours_allowed_json(&out, &p, day, &books);
    return written();
}

static bool lists(const char *names, const char *command)
{
    return strstr(names, arena_print(&arena, "\"%s\"", command).at) != NULL;
}

TEST(answers_allowed_follows_the_state)
{
    start(STATE_nobody);
    CHECK_STR(allowed(20000), "[\"orient\"]");
    p.state = STATE_erased;
    CHECK_STR(allowed(20000), "[]");
    p.state = STATE_active;
    CHECK(lists(allowed(20000), "record_contact") && lists(allowed(20000), "propose_exit"));
    CHECK(!lists(allowed(20000), "orient") && !lists(allowed(20000), "decide_exit") && !lists(allowed(20000), "register_referent"));
    p.state = STATE_exited;
    CHECK(lists(allowed(20000), "orient"));
}

TEST(answers_allowed_follows_the_rules_of_the_state)
{
    int rule;
    start(STATE_active);
    p.start_on = day_of(2024, 8, 31);
    const struct kind *step = kind_of(KIND_step_prescribed), *suspend = kind_of(KIND_suspension_started), *exit = kind_of(KIND_exit_decided);
    CHECK(kind_allowed(&p, step, day_of(2026, 2, 28), &books, &rule) && rule < 0);
    CHECK(!kind_allowed(&p, step, day_of(2026, 3, 1), &books, &rule));
    CHECK_INT(rule, RULE_parcours_length);
    CHECK(!kind_allowed(&p, suspend, day_of(2025, 1, 1), &books, &rule));
    CHECK_INT(rule, RULE_suspension);
    CHECK(!kind_allowed(&p, exit, day_of(2025, 1, 1), &books, &rule));
    CHECK_INT(rule, -1);
    CHECK(lists(allowed(day_of(2026, 2, 28)), "prescribe_step") && !lists(allowed(day_of(2026, 3, 1)), "prescribe_step"));
    book.rule[RULE_parcours_length].mode = MODE_FLAG;
    CHECK(lists(allowed(day_of(2026, 3, 1)), "prescribe_step"));
}

/* The list and the question one by one say the same, in every state. */
TEST(answers_allowed_list_equals_each_question)
{
    for (int s = 0; s < STATES; s++) {
        start((enum state)s);
        p.start_on = day_of(2024, 8, 31);
        const char *names = allowed(day_of(2026, 3, 1));
        for (unsigned i = 0; i < catalogue_count(); i++) {
            int rule;
            const struct kind *kind = catalogue_at(i);
            bool one = kind->stream == STREAM_participant && kind_allowed(&p, kind, day_of(2026, 3, 1), &books, &rule);
            CHECK_INT(lists(names, kind->command), one);
        }
    }
}

TEST(answers_deadlines_soonest_first)
{
    start(STATE_active);
    p.open[RULE_parcours_length] = (struct deadline){ 30, 31, 4, DAY_NONE };
    p.open[RULE_progress_review] = (struct deadline){ 10, 11, 5, DAY_NONE };
    p.open[RULE_contacts_monthly] = (struct deadline){ 30, 11, 6, DAY_NONE };
    parcours_deadlines_json(&out, &p, false, false);
    const char *json = written();
    const char *contacts = strstr(json, "contacts-monthly"), *review = strstr(json, "progress-review"), *length = strstr(json, "parcours-length");
    CHECK(contacts && review && length && contacts < review && review < length);
    CHECK(strstr(json, "\"due\":\"1970-01-31\",\"since\":\"1970-01-12\",\"turn\":\"referent\",\"cause\":6") != NULL);
    start(STATE_active);
    parcours_deadlines_json(&out, &p, true, false);
    CHECK_STR(written(), "[]");
}

TEST(answers_values_of_rules)
{
    start(STATE_active);
    rule_value_json(&out, RULE_parcours_length, &book.rule[RULE_parcours_length].value);
    CHECK_STR(written(), "18");
    rule_value_json(&out, RULE_parcours_extension, &book.rule[RULE_parcours_extension].value);
    CHECK_STR(written(), "[6,1]");
    rule_value_json(&out, RULE_suspension, &book.rule[RULE_suspension].value);
    CHECK_STR(written(), "\"forbidden\"");
    rule_value_json(&out, RULE_single_referent, &book.rule[RULE_single_referent].value);
    CHECK_STR(written(), "true");
    rule_value_json(&out, RULE_entry_conditions, &(struct value){ { 5 }, 1 });
    CHECK_STR(written(), "[\"unemployed_12_months\",\"rsa\"]");
    rule_value_json(&out, RULE_exit_half_time, &(struct value){ { 1750 }, 1 });
    CHECK_STR(written(), "17.5");
    rule_value_json(&out, RULE_offer_result, &(struct value){ .count = 0 });
    CHECK_STR(written(), "null");
}

static const char *cell(const char *text)
{
    struct csv c;
    csv_begin(&c, 1000);
    csv_cell(&c, text_of(text));
    CHECK(!c.failed);
    const char *t = arena_print(&arena, "%.*s", (int)c.bytes, c.at).at;
    csv_end(&c);
    return c.at ? NULL : t;
}

TEST(answers_csv_cells)
{
    start(STATE_active);
    CHECK_STR(cell("plain"), "plain");
    CHECK_STR(cell("a,b"), "\"a,b\"");
    CHECK_STR(cell("say \"yes\""), "\"say \"\"yes\"\"\"");
    CHECK_STR(cell("two\r\nlines"), "\"two\r\nlines\"");
    CHECK_STR(cell("=1+1"), "'=1+1");
    CHECK_STR(cell("+33"), "'+33");
    CHECK_STR(cell("-x"), "'-x");
    CHECK_STR(cell("@a"), "'@a");
    CHECK_STR(cell("\ta"), "'\ta");
    CHECK_STR(cell("\ra"), "\"'\ra\"");
    CHECK_STR(cell("=a,\"b\""), "\"'=a,\"\"b\"\"\"");
    CHECK_STR(cell("a=b"), "a=b");
}

TEST(answers_csv_rows_and_limit)
{
    struct csv c;
    start(STATE_active);
    csv_begin(&c, 8192);
    csv_cell(&c, TEXT("a")), csv_number(&c, -3), csv_day(&c, DAY_NONE), csv_day(&c, 0), csv_row(&c);
    csv_cell(&c, TEXT("b")), csv_row(&c);
    CHECK_STR(arena_print(&arena, "%.*s", (int)c.bytes, c.at).at, "a,-3,,1970-01-01\r\nb\r\n");
    for (int i = 0; i < 5000; i++)
        csv_cell(&c, TEXT("x"));
    CHECK(c.failed && c.bytes <= 8192);
    csv_end(&c);
}

TEST(answers_numbers_of_reports)
{
    start(STATE_active);
    struct reports_asked a = reports_asked(report_named(TEXT("control")), 20000);
    CHECK(reports_ask(&a, PARAMETER_seed, TEXT("999999999")));
    CHECK_INT(a.number[PARAMETER_seed], 999999999);
    CHECK(!reports_ask(&a, PARAMETER_seed, TEXT("1000000000")));
    CHECK(!reports_ask(&a, PARAMETER_seed, TEXT("18446744073709551615")));      /* the sanitizers see whether it is computed */
    CHECK(!reports_ask(&a, PARAMETER_seed, TEXT("")));
}
