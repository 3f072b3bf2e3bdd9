/* Rulebooks of a scenario: a shipped one, with the rules that the line changes, and with the mutation under way. */
#include "../events/days.h"
#include "../events/failure.h"
#include "play.h"

/* One number, in the unit's own digits: hours are held in hundredths. */
static bool number_of(struct text t, bool hours, int64_t *ret)
{
    int64_t n = 0, digits_after = -1;
    for (uint32_t i = 0; i < t.bytes; i++) {
        if (t.at[i] == '.' && hours && digits_after < 0) {
            digits_after = 0;
            continue;
        }
        if (t.at[i] < '0' || t.at[i] > '9' || digits_after == 2 || n > 1000000000)
            return false;
        n = n * 10 + (t.at[i] - '0');
        digits_after += digits_after >= 0;
    }
    for (int64_t i = digits_after < 0 ? 0 : digits_after; hours && i < 2; i++)
        n *= 10;
    *ret = n;
    return t.bytes > 0;
}

static bool next_part(struct text *t, struct text *ret)
{
    if (t->bytes == 0)
        return false;
    const char *comma = memchr(t->at, ',', t->bytes);
    ret->at = t->at;
    ret->bytes = comma ? (uint32_t)(comma - t->at) : t->bytes;
    uint32_t gone = ret->bytes + (comma != NULL);
    t->at += gone;
    t->bytes -= gone;
    return true;
}

static bool value_of(const struct rule *rule, struct text t, struct value *ret)
{
    struct text part;
    *ret = (struct value){ .count = rule->unit == UNIT_YES || rule->unit == UNIT_SET_OF };
    if (rule->unit == UNIT_YES) {
        ret->at[0] = 1;
        return text_is(t, "yes");
    }
    while (next_part(&t, &part)) {
        int64_t n;
        if (rule->unit == UNIT_SET_OF) {
            n = word_numbered(rule->vocabulary, part);
            if (n == ABSENT)
                return false;
            ret->at[0] |= 1ll << n;
            continue;
        }
        if (rule->unit == UNIT_WORD)
            n = text_is(part, rule->words[1]);
        else if (!number_of(part, rule->unit == UNIT_HOURS, &n))
            return false;
        if (ret->count == VALUES_MAX)
            return false;
        ret->at[ret->count++] = n;
    }
    return ret->count > 0;
}

/* `rule=off`, `rule=6`, `rule=flag:6`, `rule=refuse:a,b`. */
static bool change(struct rulebook_rule *r, int rule, struct text how)
{
    static const struct {
        const char *prefix;
        enum mode mode;
    } modes[] = { { "flag:", MODE_FLAG }, { "refuse:", MODE_REFUSE } };
    if (text_is(how, "off")) {
        *r = (struct rulebook_rule){ .mode = MODE_OFF };
        return true;
    }
    if (r->mode == MODE_OFF || r->mode == MODE_UNKNOWN)
        r->mode = MODE_FLAG;
    for (unsigned i = 0; i < 2; i++) {
        uint32_t n = (uint32_t)strlen(modes[i].prefix);
        if (how.bytes <= n || memcmp(how.at, modes[i].prefix, n) != 0)
            continue;
        r->mode = modes[i].mode;
        how.at += n;
        how.bytes -= n;
    }
    if (!r->source.at)
        r->source = r->words = TEXT("scénario");
    return value_of(&rules[rule], how, &r->value);
}

static const char *const not_rules[] = { "from", "on" };

bool play_book(struct play *p, const struct line *l, struct rulebook *ret)
{
    struct text name;
    struct problems problems = { .count = 0 };
    if (!line_bare(l, 1, &name) || !rulebook_shipped(name).at) {
        play_fail(p, "there is no such shipped rulebook");
        return false;
    }
    if (rulebook_read(&p->arena, rulebook_shipped(name), ret, &problems) != 0) {
        play_fail(p, "the shipped rulebook cannot be read: %s: %s", problems.at[0].pointer, problems.at[0].why);
        return false;
    }
    for (unsigned i = 0; i < l->count; i++) {
        const struct word *w = &l->words[i];
        if (!w->key.at || text_is(w->key, not_rules[0]) || text_is(w->key, not_rules[1]))
            continue;
        int rule = rule_named(w->key);
        if (rule < 0 || !change(&ret->rule[rule], rule, arena_text(&p->arena, w->value.at, w->value.bytes))) {
            play_fail(p, "not a rule, or not a value of it: %.*s", TEXT_ARGS(w->key));
            return false;
        }
    }
    if (tweak_book(p->tweak, ret))
        p->tweaked = true;
    return true;
}

struct text play_book_json(struct play *p, const struct rulebook *b)
{
    struct json_out out;
    json_out_init(&out, RULEBOOK_BYTES_MAX);
    rulebook_to_json(&out, b);
    if (json_out_failed(&out))
        play_fail(p, "the rulebook is too large");
    struct text text = arena_text(&p->arena, out.at, json_out_failed(&out) ? 0 : out.bytes);
    json_out_free(&out);
    return text;
}
