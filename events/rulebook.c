/* Rulebooks, from JSON and to JSON, and which one is in force. */
#include "rulebook.h"

#include <inttypes.h>

#include "checks.h"
#include "days.h"
#include "failure.h"

#define KEYS_SHOWN 40


struct reading {
    struct arena *arena;
    const struct rule *rule;
    struct problems *problems;
    bool failed;                /* kept apart: the list of problems may be full */
    bool adopted;               /* long ago, perhaps: other rules than ours are no problem */
};

static void refuse(struct reading *r, const char *key, const char *why)
{
    problem_add(r->problems, why, "/rules/%s%s%s", r->rule->name, key ? "/" : "", key ? key : "");
    r->failed = true;
}

static bool is_pair(const struct rule *rule)
{
    return rule->unit == UNIT_MONTHS_TIMES || rule->unit == UNIT_MONTHS_DAYS || rule->unit == UNIT_MONTHS_WITHIN;
}

/* ---- keys ---- */

static bool is_among(struct text key, const char *const *keys, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (text_is(key, keys[i]))
            return true;
    return false;
}

/* Told back only when plain, so that nothing typed by mistake travels. */
static void refuse_key(struct reading *r, const char *pointer, struct text key)
{
    bool plain = key.bytes >= 1 && key.bytes <= KEYS_SHOWN;
    for (uint32_t i = 0; plain && i < key.bytes; i++)
        plain = (key.at[i] >= 'a' && key.at[i] <= 'z') || (key.at[i] >= '0' && key.at[i] <= '9') || key.at[i] == '_' || key.at[i] == '-';
    if (plain)
        problem_add(r->problems, "unknown here", "%s/%.*s", pointer, TEXT_ARGS(key));
    else
        problem_add(r->problems, "an unknown key", "%s", pointer);
    r->failed = true;
}

static void check_keys(struct reading *r, const struct json *rule)
{
    static const char *const keys[] = { "value", "unit", "mode", "unknown", "source", "words", "reading", "why" };
    for (const struct json *j = rule->first; j; j = j->next)
        if (!is_among(j->key, keys, sizeof keys / sizeof keys[0]))
            refuse_key(r, arena_print(r->arena, "/rules/%s", r->rule->name).at, j->key);
}

/* ---- values ---- */

static const char *bounds(const struct reading *r)
{
    int64_t unit = r->rule->unit == UNIT_HOURS ? 100 : 1;
    return arena_print(r->arena, "a value from %" PRId64 " to %" PRId64 " is expected", r->rule->min / unit, r->rule->max / unit).at;
}

static bool read_number(struct reading *r, const struct json *j, struct value *value)
{
    bool hours = r->rule->unit == UNIT_HOURS;
    int64_t n = hours ? j->hundredths : j->hundredths / 100;
    if (j->type != JSON_NUMBER || (!hours && !j->whole) || n < r->rule->min || n > r->rule->max) {
        refuse(r, "value", bounds(r));
        return false;
    }
    /* Months of reviews, contacts owed and aimed at: what reads them goes from the smallest to the largest. */
    if (value->count > 0 && !is_pair(r->rule) && n < value->at[value->count - 1]) {
        refuse(r, "value", "the values are expected in growing order");
        return false;
    }
    value->at[value->count++] = n;
    return true;
}

static void read_numbers(struct reading *r, const struct json *j, struct value *value)
{
    if (j->type != JSON_ARRAY) {
        if (is_pair(r->rule))
            refuse(r, "value", "two values are expected");
        else
            read_number(r, j, value);
        return;
    }
    uint32_t least = is_pair(r->rule) ? 2 : 1;
    if (j->count < least || j->count > r->rule->values_max || j->count > VALUES_MAX) {
        refuse(r, "value", arena_print(r->arena, "from %u to %u values are expected", least, r->rule->values_max).at);
        return;
    }
    for (const struct json *one = j->first; one && read_number(r, one, value); one = one->next)
        continue;
}

static void read_word(struct reading *r, const struct json *j, struct value *value)
{
    for (unsigned i = 0; i < 2; i++)
        if (j->type == JSON_STRING && text_is(j->string, r->rule->words[i])) {
            *value = (struct value){ { i }, 1 };
            return;
        }
    refuse(r, "value", arena_print(r->arena, "`%s` or `%s` is expected", r->rule->words[0], r->rule->words[1]).at);
}

static void read_set(struct reading *r, const struct json *j, struct value *value)
{
    if (j->type != JSON_ARRAY || j->count == 0 || j->count > r->rule->values_max) {
        refuse(r, "value", "a list of words is expected, with one at least");
        return;
    }
    uint64_t set = 0;
    for (const struct json *one = j->first; one; one = one->next) {
        int64_t word = one->type == JSON_STRING ? word_numbered(r->rule->vocabulary, one->string) : ABSENT;
        if (word == ABSENT || set >> word & 1) {
            refuse(r, "value", word == ABSENT ? "one of these is not a word of the rule's list" : "a word is there twice");
            return;
        }
        set |= UINT64_C(1) << word;
    }
    *value = (struct value){ { (int64_t)set }, 1 };
}

static void read_value(struct reading *r, const struct json *j, bool needed, struct value *value)
{
    if (r->rule->unit == UNIT_YES) {
        if (j)
            refuse(r, "value", "the rule has no value: it holds, or is off");
        *value = (struct value){ { 1 }, 1 };
    } else if (j == NULL) {
        if (needed)
            refuse(r, "value", "the value is missing");
    } else if (r->rule->unit == UNIT_WORD) {
        read_word(r, j, value);
    } else if (r->rule->unit == UNIT_SET_OF) {
        read_set(r, j, value);
    } else {
        read_numbers(r, j, value);
    }
}

static void read_unit(struct reading *r, const struct json *j, bool needed)
{
    if (j == NULL ? needed : j->type != JSON_STRING || !text_is(j->string, unit_name(r->rule->unit)))
        refuse(r, "unit", arena_print(r->arena, "the unit is expected: \"%s\"", unit_name(r->rule->unit)).at);
}

/* ---- the rest of a rule ---- */

static enum mode read_mode(struct reading *r, const struct json *rule)
{
    const struct json *mode = json_get(rule, "mode"), *unknown = json_get(rule, "unknown");
    if (unknown) {
        if (unknown->type != JSON_BOOL || !unknown->truth || mode)
            refuse(r, "unknown", "only true is expected here, instead of a mode");
        return MODE_UNKNOWN;
    }
    for (unsigned m = 0; mode && mode->type == JSON_STRING && m < MODE_UNKNOWN; m++)
        if (text_is(mode->string, mode_name(m)))
            return (enum mode)m;
    refuse(r, "mode", "`refuse`, `flag` or `off` is expected, or \"unknown\": true");
    return MODE_OFF;
}

/* A rule whose list or figure the document lost judges as if nothing could meet it: never as if it were off. The value itself
 * stays untold (count 0). */
static void ask_the_impossible(const struct rule *rule, struct value *ret)
{
    *ret = (struct value){ .count = 0 };
    if (rule->unit == UNIT_SET_OF)
        ret->at[0] = INT64_C(1) << WORD_OF_NOBODY;
    else if (rule->unit != UNIT_WORD && rule->unit != UNIT_YES)
        ret->at[0] = ret->at[1] = rule->max;
}

static struct text read_text(struct reading *r, const struct json *rule, const char *key, bool needed)
{
    const struct json *j = json_get(rule, key);
    if (j == NULL && !needed)
        return (struct text){ NULL, 0 };
    if (j && j->type == JSON_STRING && j->string.bytes > 0 && text_is_plain(j->string))
        return j->string;
    refuse(r, key, "a text is expected");
    return (struct text){ NULL, 0 };
}

static bool read_flag(struct reading *r, const struct json *rule, const char *key)
{
    const struct json *j = json_get(rule, key);
    if (j && j->type != JSON_BOOL)
        refuse(r, key, "true or false is expected");
    return j && j->truth;
}

static void read_rule(struct reading *r, const struct json *j, struct rulebook_rule *ret)
{
    if (j == NULL && r->adopted)
        return;     /* the rule is younger than the adoption: off */
    if (j == NULL || j->type != JSON_OBJECT) {
        refuse(r, NULL, j ? "an object is expected" : "the rule is left out: say {\"mode\": \"off\"}");
        return;
    }
    check_keys(r, j);
    ret->mode = read_mode(r, j);
    bool holds = ret->mode == MODE_FLAG || ret->mode == MODE_REFUSE;
    read_unit(r, json_get(j, "unit"), holds || json_get(j, "value"));
    read_value(r, json_get(j, "value"), holds, &ret->value);
    if (ret->mode == MODE_UNKNOWN)
        ask_the_impossible(r->rule, &ret->value);
    ret->source = read_text(r, j, "source", holds);
    ret->words = read_text(r, j, "words", holds);
    ret->why = read_text(r, j, "why", false);
    ret->reading = read_flag(r, j, "reading");
}

/* ---- the whole ---- */

static struct text read_title(struct reading *r, const struct json *book, const char *key, bool needed)
{
    const struct json *j = json_get(book, key);
    if (j == NULL && !needed)
        return (struct text){ NULL, 0 };
    if (j && j->type == JSON_STRING && j->string.bytes > 0 && text_is_plain(j->string))
        return j->string;
    problem_add(r->problems, "a text is expected", "/%s", key);
    r->failed = true;
    return (struct text){ NULL, 0 };
}

static void read_titles(struct reading *r, const struct json *book, struct rulebook *ret)
{
    static const char *const keys[] = { "name", "title", "document", "rules" };
    for (const struct json *j = book->first; j; j = j->next)
        if (!is_among(j->key, keys, sizeof keys / sizeof keys[0]))
            refuse_key(r, "", j->key);
    ret->name = read_title(r, book, "name", true);
    ret->title = read_title(r, book, "title", true);
    ret->document = read_title(r, book, "document", false);
    if (ret->name.at && !text_is_slug(ret->name)) {
        problem_add(r->problems, "letters, digits, and . / _ - after the first, are expected", "/name");
        r->failed = true;
    }
}

static void read_rules(struct reading *r, const struct json *all, struct rulebook *ret)
{
    if (all == NULL || all->type != JSON_OBJECT) {
        problem_add(r->problems, "an object is expected, with each rule", "/rules");
        r->failed = true;
        return;
    }
    for (const struct json *j = all->first; j; j = j->next)
        if (rule_named(j->key) < 0 && !r->adopted)
            refuse_key(r, "/rules", j->key);
    for (int i = 0; i < RULES; i++) {
        r->rule = &rules[i];
        read_rule(r, json_get(all, r->rule->name), &ret->rule[i]);
    }
}

static int read_book(struct arena *arena, struct text text, bool adopted, struct rulebook *ret, struct problems *problems)
{
    static const struct json_limits limits = { RULEBOOK_BYTES_MAX, 6, 4096 };
    const struct json *book;
    struct json_error error;
    int failure = json_read(arena, text, &limits, &book, &error);
    if (failure) {
        problem_add(problems, arena_print(arena, "%s (byte %" PRIu32 ")", error.why, error.byte).at, "%s", "");
        return failure;
    }
    struct reading r = { arena, NULL, problems, false, adopted };
    if (book->type != JSON_OBJECT) {
        problem_add(problems, "an object is expected", "%s", "");
        return FAIL_MALFORMED;
    }
    struct rulebook made = { .from_day = DAY_NONE };
    read_titles(&r, book, &made);
    read_rules(&r, json_get(book, "rules"), &made);
    if (r.failed)
        return FAIL_MALFORMED;
    *ret = made;
    return 0;
}

int rulebook_read(struct arena *arena, struct text text, struct rulebook *ret, struct problems *problems)
{
    return read_book(arena, text, false, ret, problems);
}

int rulebook_read_adopted(struct arena *arena, struct text text, struct rulebook *ret, struct problems *problems)
{
    return read_book(arena, text, true, ret, problems);
}
