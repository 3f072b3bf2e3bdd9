/* `rulebook adopt`: a rulebook, with the values that the line changes, made one text with all values resolved; what it changes
 * against the one in force is said before it is sent. */
#include <stdlib.h>
#include <string.h>

#include "../events/days.h"
#include "ctl_rulebook.h"

#define BODY_BYTES_MAX ((size_t)4 * RULEBOOK_BYTES_MAX)

/* ---- rule=value ---- */
static bool is_number(struct text t)
{
    for (uint32_t i = 0; i < t.bytes; i++)
        if ((t.at[i] < '0' || t.at[i] > '9') && t.at[i] != '.')
            return false;
    return t.bytes > 0;
}

static void put_part(struct json_out *out, struct text t)
{
    if (is_number(t))
        json_raw(out, t);
    else
        json_text(out, t);
}

/* 18; 6,1; rsa,ass; contract: the reader of rulebooks says what does not fit. */
static void put_changed_value(struct json_out *out, const struct rule *rule, const char *value)
{
    bool list = rule->unit == UNIT_SET_OF || strchr(value, ',');
    if (list)
        json_open_list(out);
    for (const char *at = value; *at;) {
        size_t bytes = strcspn(at, ",");
        put_part(out, (struct text){ at, (uint32_t)bytes });
        at += bytes + (at[bytes] == ',');
    }
    if (list)
        json_close_list(out);
}

static void put_changed(struct json_out *out, const struct rule *rule, const struct rulebook_rule *was, const char *how)
{
    bool off = strcmp(how, "off") == 0;
    const char *mode = off ? "off" : was->mode == MODE_REFUSE || was->mode == MODE_UNKNOWN ? "refuse" : "flag";
    if (strncmp(how, "flag:", 5) == 0)
        mode = "flag", how += 5;
    else if (strncmp(how, "refuse:", 7) == 0)
        mode = "refuse", how += 7;
    json_key(out, rule->name);
    json_open(out);
    if (!off && rule->unit != UNIT_YES)
        json_key(out, "value"), put_changed_value(out, rule, how);
    if (!off)
        json_key(out, "unit"), json_string(out, unit_name(rule->unit));
    json_key(out, "mode"), json_string(out, mode);
    json_key(out, "source"), json_text(out, was->source.at ? was->source : TEXT("PLIE"));
    json_key(out, "words"), json_text(out, was->words.at ? was->words : TEXT("décision du PLIE"));
    json_key(out, "why"), json_string(out, "Valeur décidée par le PLIE à l'adoption.");
    json_close(out);
}

static const char *change_of(const struct rule *rule, int argc, char **argv)
{
    size_t n = strlen(rule->name);
    for (int i = 0; i < argc; i++)
        if (strncmp(argv[i], rule->name, n) == 0 && argv[i][n] == '=')
            return argv[i] + n + 1;
    return NULL;
}

static bool changes_known(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        struct text name = { argv[i], (uint32_t)strcspn(argv[i], "=") };
        if (argv[i][name.bytes] == '=' && rule_named(name) >= 0)
            continue;
        fprintf(stderr, "parcoursctl: %s %s\n", say("règle=valeur est attendu, pas", "rule=value is expected, not"), argv[i]);
        return false;
    }
    return true;
}

/* NULL, having said every problem. */
static struct rulebook *resolved(const char *name, int argc, char **argv, struct text *ret_json)
{
    struct json_out out;
    const struct rulebook *base = changes_known(argc, argv) ? book_read(name) : NULL;
    if (!base)
        return NULL;
    json_out_init(&out, RULEBOOK_BYTES_MAX);
    json_open(&out);
    json_key(&out, "name"), json_text(&out, base->name);
    json_key(&out, "title"), json_text(&out, base->title);
    if (base->document.at)
        json_key(&out, "document"), json_text(&out, base->document);
    json_key(&out, "rules"), json_open(&out);
    for (int r = 0; r < RULES; r++) {
        const char *how = change_of(&rules[r], argc, argv);
        if (how)
            put_changed(&out, &rules[r], &base->rule[r], how);
        else
            rulebook_rule_to_json(&out, &rules[r], &base->rule[r]);
    }
    json_close(&out);
    json_close(&out);
    *ret_json = arena_text(&ctl.arena, out.at, out.bytes);
    bool whole = !json_out_failed(&out);
    json_out_free(&out);
    return whole ? book_read_text(name, *ret_json) : NULL;
}

/* ---- against the one in force ---- */
static struct text said(struct text value, struct text mode)
{
    bool plain = text_is(mode, "off") || value.bytes == 0;
    return plain ? mode : arena_print(&ctl.arena, "%.*s, %.*s", TEXT_ARGS(value), TEXT_ARGS(mode));
}

static struct text told(const struct json *rule, const char *key)
{
    const struct json *j = rule ? json_get(rule, key) : NULL;
    return j && j->type != JSON_NULL ? value_text(j) : TEXT("");
}

static struct text said_new(const struct rule *rule, const struct rulebook_rule *r)
{
    const struct json *tree;
    struct json_out out;
    struct json_error error;
    static const struct json_limits limits = { RULEBOOK_BYTES_MAX, 8, 1000 };
    if (r->mode == MODE_UNKNOWN)
        return TEXT("unknown");
    json_out_init(&out, RULEBOOK_BYTES_MAX);
    value_to_json(&out, rule, &r->value);
    bool good = json_read(&ctl.arena, arena_text(&ctl.arena, out.at, out.bytes), &limits, &tree, &error) == 0;
    json_out_free(&out);
    return said(good && tree->type != JSON_NULL ? value_text(tree) : TEXT(""), text_of(mode_name(r->mode)));
}

static const struct json *in_force(const struct json *answer)
{
    const struct json *seq = json_get(answer, "in_force"), *books = json_get(answer, "rulebooks");
    for (const struct json *b = books ? books->first : NULL; b; b = b->next)
        if (seq && text_equal(told(b, "seq"), value_text(seq)))
            return b;
    return NULL;
}

static void put_changes(const struct json *now, const struct rulebook *next)
{
    struct table *t = table_new(3, true);
    unsigned n = 0;
    const struct json *rules_now = now ? json_get(now, "rules") : NULL;
    table_cell(t, text_of(say("règle", "rule")));
    table_cell(t, arena_print(&ctl.arena, "%s %.*s", say("en vigueur :", "in force:"), TEXT_ARGS(told(now, "name"))));
    table_cell(t, next->name);
    for (int r = 0; r < RULES; r++) {
        const struct json *was = rules_now ? json_get(rules_now, rules[r].name) : NULL;
        struct text before = said(told(was, "value"), was ? told(was, "mode") : TEXT("off")), after = said_new(&rules[r], &next->rule[r]);
        if (text_equal(before, after))
            continue;
        table_cell(t, text_of(rules[r].name));
        table_cell(t, before);
        table_cell(t, after);
        n++;
    }
    if (n)
        table_print(t, 0);
    printf(say("%u règles changent.\n", "%u rules change.\n"), n);
}

static int send(const struct adopting *a, const struct rulebook *book, struct text json)
{
    struct json_out out;
    const struct json *answer;
    json_out_init(&out, BODY_BYTES_MAX);
    json_open(&out);
    json_key(&out, "command"), json_string(&out, "adopt_rulebook");
    json_key(&out, "data"), json_open(&out);
    json_key(&out, "name"), json_text(&out, book->name);
    json_key(&out, "from_day"), json_string(&out, a->from);
    json_key(&out, "values"), json_text(&out, json);
    json_close(&out);
    json_close(&out);
    int status = ctl_post(a->dry ? "/v1/commands?dry_run=1" : "/v1/commands", (struct text){ out.at, (uint32_t)out.bytes }, NULL, &answer);
    json_out_free(&out);
    if (status == CTL_DONE && answer)
        printf(a->dry ? say("Serait adopté à partir du %s.\n", "Would be adopted from %s on.\n") : say("Adopté à partir du %s.\n", "Adopted from %s on.\n"), a->from);
    return status;
}

int rulebook_adopt(const struct adopting *a, int argc, char **argv)
{
    int32_t day;
    struct text json;
    const struct json *answer = NULL;
    if (argc < 2 || !a->from)
        return verb_usage("rulebook");
    if (!day_parse(text_of(a->from), &day)) {
        fprintf(stderr, "parcoursctl: --from: %s\n", say("ce jour n'existe pas (AAAA-MM-JJ)", "there is no such day (YYYY-MM-DD)"));
        return CTL_USAGE;
    }
    const struct rulebook *book = resolved(argv[1], argc - 2, argv + 2, &json);
    if (!book)
        return CTL_REFUSED;
    int status = ctl_get("/v1/rulebooks", &answer);
    if (status == CTL_DONE && answer)
        put_changes(in_force(answer), book);
    return status == CTL_DONE ? send(a, book, json) : status;
}
