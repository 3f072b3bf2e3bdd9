/* Rulebooks and values of rules, to JSON. */
#include "rulebook.h"

static const char *const units[] = {
    [UNIT_DAYS] = "days", [UNIT_MONTHS] = "months", [UNIT_YEARS] = "years", [UNIT_CENTS] = "cents", [UNIT_COUNT] = "count", [UNIT_PERCENT] = "percent", [UNIT_HOURS] = "hours",
    [UNIT_MONTHS_TIMES] = "months, times", [UNIT_MONTHS_DAYS] = "months, days",
    [UNIT_MONTHS_WITHIN] = "months, within months", [UNIT_DAY_OF_MONTH] = "day of month",
    [UNIT_YES] = "yes", [UNIT_WORD] = "word", [UNIT_SET_OF] = "set",
};
static const char *const modes[] = { [MODE_OFF] = "off", [MODE_FLAG] = "flag", [MODE_REFUSE] = "refuse" };

const char *unit_name(enum unit unit)
{
    return units[unit];
}

const char *mode_name(enum mode mode)
{
    return modes[mode];
}

static void put_text(struct json_out *out, const char *key, struct text t)
{
    if (t.at == NULL)
        return;
    json_key(out, key);
    json_text(out, t);
}

static void put_set(struct json_out *out, unsigned vocabulary, int64_t set)
{
    json_open_list(out);
    for (unsigned word = 0; word < vocabulary_count(vocabulary); word++)
        if (set >> word & 1)
            json_string(out, word_name(vocabulary, word));
    json_close_list(out);
}

static void put_numbers(struct json_out *out, const struct rule *rule, const struct value *value)
{
    if (value->count > 1)
        json_open_list(out);
    for (uint32_t i = 0; i < value->count; i++) {
        if (rule->unit == UNIT_HOURS)
            json_hundredths(out, value->at[i]);
        else
            json_number(out, value->at[i]);
    }
    if (value->count > 1)
        json_close_list(out);
}

void value_to_json(struct json_out *out, const struct rule *rule, const struct value *value)
{
    if (value->count == 0)
        json_null(out);
    else if (rule->unit == UNIT_YES)
        json_bool(out, true);
    else if (rule->unit == UNIT_WORD)
        json_string(out, rule->words[value->at[0] != 0]);
    else if (rule->unit == UNIT_SET_OF)
        put_set(out, rule->vocabulary, value->at[0]);
    else
        put_numbers(out, rule, value);
}

static void put_value(struct json_out *out, const struct rule *rule, const struct value *value)
{
    if (value->count == 0)
        return;
    if (rule->unit != UNIT_YES)
        json_key(out, "value"), value_to_json(out, rule, value);
    json_key(out, "unit");
    json_string(out, units[rule->unit]);
}

void rulebook_rule_to_json(struct json_out *out, const struct rule *rule, const struct rulebook_rule *r)
{
    json_key(out, rule->name);
    json_open(out);
    put_value(out, rule, &r->value);
    json_key(out, r->mode == MODE_UNKNOWN ? "unknown" : "mode");
    if (r->mode == MODE_UNKNOWN)
        json_bool(out, true);
    else
        json_string(out, modes[r->mode]);
    put_text(out, "source", r->source);
    put_text(out, "words", r->words);
    if (r->reading) {
        json_key(out, "reading");
        json_bool(out, true);
    }
    put_text(out, "why", r->why);
    json_close(out);
}

void rulebook_to_json(struct json_out *out, const struct rulebook *b)
{
    json_open(out);
    put_text(out, "name", b->name);
    put_text(out, "title", b->title);
    put_text(out, "document", b->document);
    json_key(out, "rules");
    json_open(out);
    for (int i = 0; i < RULES; i++)
        rulebook_rule_to_json(out, &rules[i], &b->rule[i]);
    json_close(out);
    json_close(out);
}
