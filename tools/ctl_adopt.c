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
        if (argv[i][name.bytes] == '=' && name.bytes)
            fprintf(stderr, "parcoursctl: %s %.*s (parcoursctl rulebook show)\n", say("il n'y a pas de règle", "there is no rule"), TEXT_ARGS(name));
        else
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
static void put_told(const struct rule *rule, const struct json *j, struct value *ret)
{
    if (rule->unit == UNIT_SET_OF) {
        int64_t word = word_numbered(rule->vocabulary, j->string);
        ret->at[0] |= word == ABSENT ? 0 : 1ll << word;
        ret->count = 1;
    } else if (rule->unit == UNIT_WORD) {
        ret->at[ret->count++] = text_is(j->string, rule->words[1]);
    } else {
        ret->at[ret->count++] = rule->unit == UNIT_HOURS ? j->hundredths : j->hundredths / 100;
    }
}

/* A rule as the daemon tells it. */
static struct rulebook_rule rule_told(const struct rule *rule, const struct json *told)
{
    static const char *const modes[] = { [MODE_OFF] = "off", [MODE_FLAG] = "flag", [MODE_REFUSE] = "refuse", [MODE_UNKNOWN] = "unknown" };
    const struct json *mode = told ? json_get(told, "mode") : NULL, *value = told ? json_get(told, "value") : NULL;
    struct rulebook_rule r = { .mode = MODE_OFF };
    for (int m = 0; mode && m <= MODE_UNKNOWN; m++)
        if (text_is(mode->string, modes[m]))
            r.mode = (enum mode)m;
    if (rule->unit == UNIT_YES)
        r.value = (struct value){ { 1 }, 1 };
    else if (value && value->type == JSON_ARRAY)
        for (const struct json *j = value->first; j && r.value.count < VALUES_MAX; j = j->next)
            put_told(rule, j, &r.value);
    else if (value && value->type != JSON_NULL)
        put_told(rule, value, &r.value);
    return r;
}

static const struct json *in_force(const struct json *answer)
{
    const struct json *seq = json_get(answer, "in_force"), *books = json_get(answer, "rulebooks");
    for (const struct json *b = books ? books->first : NULL; b; b = b->next)
        if (seq && json_get(b, "seq") && json_get(b, "seq")->hundredths == seq->hundredths)
            return b;
    return NULL;
}

static void put_changes(const struct json *told, const struct rulebook *next)
{
    struct rulebook *now = ARENA_ARRAY(&ctl.arena, struct rulebook, 1);
    const struct json *name = told ? json_get(told, "name") : NULL, *rules_now = told ? json_get(told, "rules") : NULL;
    now->name = arena_print(&ctl.arena, "%s %.*s", say("en vigueur :", "in force:"), TEXT_ARGS(name ? name->string : TEXT("-")));
    for (int r = 0; r < RULES; r++)
        now->rule[r] = rule_told(&rules[r], rules_now ? json_get(rules_now, rules[r].name) : NULL);
    unsigned n = book_put_differences(now, next);
    printf(n == 1 ? say("%u règle change.\n", "%u rule changes.\n") : say("%u règles changent.\n", "%u rules change.\n"), n);
}

static int post_book(const char *path, bool command, const char *from, const struct rulebook *book, struct text json, const struct json **ret)
{
    struct json_out out;
    json_out_init(&out, BODY_BYTES_MAX);
    json_open(&out);
    if (command) {
        json_key(&out, "command"), json_string(&out, "adopt_rulebook");
        json_key(&out, "data"), json_open(&out);
        json_key(&out, "name"), json_text(&out, book->name);
    }
    json_key(&out, "from_day"), json_string(&out, from);
    json_key(&out, "values"), json_text(&out, json);
    if (command)
        json_close(&out);
    json_close(&out);
    int status = ctl_post(path, (struct text){ out.at, (uint32_t)out.bytes }, NULL, ret);
    json_out_free(&out);
    return status;
}

/* The rulebook that the line asks for; NULL, having said why not, and *ret_status. */
static struct rulebook *asked(const struct adopting *a, int argc, char **argv, struct text *ret_json, int *ret_status)
{
    int32_t day;
    *ret_status = CTL_USAGE;
    if (argc < 2 || !a->from) {
        if (argc >= 2)
            fprintf(stderr, "parcoursctl: %s\n", say("il manque --from JOUR, le jour où il entre en vigueur", "--from DAY is missing, the day on which it comes into force"));
        verb_usage("rulebook");
        return NULL;
    }
    if (!day_parse(text_of(a->from), &day)) {
        fprintf(stderr, "parcoursctl: --from: %s\n", say("ce jour n'existe pas (AAAA-MM-JJ)", "there is no such day (YYYY-MM-DD)"));
        return NULL;
    }
    *ret_status = CTL_REFUSED;
    return resolved(argv[1], argc - 2, argv + 2, ret_json);
}

/* What the document does not tell, and the PLIE is to fill in: such a rule refuses meanwhile. */
static void put_waiting(const struct rulebook *book)
{
    unsigned n = 0;
    for (int r = 0; r < RULES; r++)
        n += book->rule[r].mode == MODE_UNKNOWN;
    if (n == 0)
        return;
    printf(n == 1 ? say("%u valeur à renseigner par le PLIE :", "%u value to be filled in by the PLIE:")
                  : say("%u valeurs à renseigner par le PLIE :", "%u values to be filled in by the PLIE:"), n);
    for (int r = 0; r < RULES; r++)
        if (book->rule[r].mode == MODE_UNKNOWN)
            printf(" %s", rules[r].name);
    printf("\n");
}

int rulebook_adopt(const struct adopting *a, int argc, char **argv)
{
    int status;
    struct text json;
    const struct json *answer = NULL;
    const struct rulebook *book = asked(a, argc, argv, &json, &status);
    if (!book)
        return status;
    status = ctl_get("/v1/rulebooks", &answer);
    if (status == CTL_DONE && answer)
        put_changes(in_force(answer), book);
    if (status == CTL_DONE)
        status = post_book(a->dry ? "/v1/commands?dry_run=1" : "/v1/commands", true, a->from, book, json, &answer);
    if (status != CTL_DONE || !answer)
        return status;
    const struct json *seq = json_get(answer, "seq");
    if (json_get(answer, "replayed"))
        printf(say("Déjà en vigueur à partir du %s (événement %.*s) : rien n'est enregistré.\n", "In force from %s on already (event %.*s): nothing is recorded.\n"), a->from,
               TEXT_ARGS(seq ? value_text(seq) : TEXT("-")));
    else
        printf(a->dry ? say("Serait adopté à partir du %s.\n", "Would be adopted from %s on.\n") : say("Adopté à partir du %s.\n", "Adopted from %s on.\n"), a->from);
    put_waiting(book);
    return status;
}

int rulebook_simulate(const struct adopting *a, int argc, char **argv)
{
    static const char *const columns[] = { "what", "rule", "criterion", "gained", "lost", "changed", "participant", "event", "before", "after",
                                           "day_before", "day_after", NULL };
    int status;
    struct text json;
    const struct json *answer = NULL;
    const struct rulebook *book = asked(a, argc, argv, &json, &status);
    if (!book)
        return status;
    status = post_book("/v1/rulebooks/simulate?limit=100", false, a->from, book, json, &answer);
    if (status == CTL_DONE && answer)
        render(answer, columns);
    return status;
}
