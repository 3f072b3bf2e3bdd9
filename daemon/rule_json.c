/* Rules and deadlines as JSON. Pure. */
#include "answers.h"

const char *rule_sentence(enum rule_number r, bool french)
{
    return french ? rules[r].fr : rules[r].en;
}

const char *turn_name(enum rule_number r)
{
    return rules[r].turn == REFERENT ? "referent" : "coordinator";
}

void json_seq(struct json_out *out, uint64_t seq)
{
    if (seq)
        json_number(out, (int64_t)seq);
    else
        json_null(out);
}

void json_word(struct json_out *out, unsigned vocabulary, int64_t word)
{
    json_string(out, word < 0 ? NULL : word_name(vocabulary, word));
}

void rule_value_json(struct json_out *out, enum rule_number r, const struct value *v)
{
    value_to_json(out, &rules[r], v);
}

void rule_members_json(struct json_out *out, enum rule_number r, const struct rulebook_rule *in)
{
    static const char *const modes[] = { [MODE_OFF] = "off", [MODE_FLAG] = "flag", [MODE_REFUSE] = "refuse", [MODE_UNKNOWN] = "unknown" };
    json_key(out, "value"), rule_value_json(out, r, &in->value);
    json_key(out, "mode"), json_string(out, modes[in->mode]);
    json_key(out, "source"), json_text(out, in->source);
    json_key(out, "words"), json_text(out, in->words);
    json_key(out, "reading"), json_bool(out, in->reading);
    json_key(out, "why"), json_text(out, in->why);
}

void rule_json(struct json_out *out, enum rule_number r, const struct rulebook *book, bool french)
{
    json_open(out);
    json_key(out, "rule"), json_string(out, rules[r].name);
    json_key(out, "sentence"), json_string(out, rule_sentence(r, french));
    if (book) {
        rule_members_json(out, r, &book->rule[r]);
        json_key(out, "rulebook");
        json_open(out);
        json_key(out, "seq"), json_seq(out, book->seq);
        json_key(out, "name"), json_text(out, book->name);
        json_key(out, "from_day"), json_day(out, book->from_day);
        json_close(out);
    }
    json_close(out);
}

/* ---- deadlines ---- */
static void put_deadline(struct json_out *out, enum rule_number r, const struct deadline *d, bool french, bool brief)
{
    json_open(out);
    json_key(out, "rule"), json_string(out, rules[r].name);
    json_key(out, "due"), json_day(out, d->due);
    json_key(out, "since"), json_day(out, d->since);
    json_key(out, "turn"), json_string(out, turn_name(r));
    json_key(out, "cause"), json_seq(out, d->cause);
    if (!brief)
        json_key(out, "sentence"), json_string(out, rule_sentence(r, french));
    json_close(out);
}

void parcours_deadlines_json(struct json_out *out, const struct parcours *p, bool french, bool brief)
{
    int order[RULES], n = 0;
    /* A handful at most: inserted in their place, those of one day in the order of the rules. */
    for (int r = 0; r < RULES; r++) {
        if (p->open[r].due == DAY_NONE)
            continue;
        int at = n++;
        for (; at > 0 && p->open[order[at - 1]].since > p->open[r].since; at--)
            order[at] = order[at - 1];
        order[at] = r;
    }
    json_open_list(out);
    for (int i = 0; i < n; i++)
        put_deadline(out, (enum rule_number)order[i], &p->open[order[i]], french, brief);
    json_close_list(out);
}
