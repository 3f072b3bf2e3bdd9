/* `rulebook`: what the rulebooks say, how two differ, whether a file can be adopted, and its adoption. Shipped ones and files
 * are read here; only `adopt` and `simulate` ask the daemon. */
#include <stdlib.h>
#include <string.h>

#include "../events/failure.h"
#include "../events/sentences.h"
#include "ctl_rulebook.h"

struct text book_text(const char *name)
{
    struct text shipped = rulebook_shipped(text_of(name));
    if (shipped.at)
        return shipped;
    FILE *f = fopen(name, "re");
    char *buffer = arena_take(&ctl.arena, RULEBOOK_BYTES_MAX + 1);
    size_t n = f ? fread(buffer, 1, RULEBOOK_BYTES_MAX + 1, f) : 0;
    bool read = f && !ferror(f);        /* a directory is opened, and cannot be read */
    if (f)
        fclose(f);
    return (struct text){ read ? buffer : NULL, (uint32_t)n };
}

void book_list_shipped(FILE *to)
{
    fprintf(to, "parcoursctl: %s", say("les référentiels livrés sont :", "the shipped rulebooks are:"));
    for (unsigned i = 0; i < rulebook_shipped_count(); i++)
        fprintf(to, " %.*s", TEXT_ARGS(rulebook_shipped_name(i)));
    fprintf(to, "\n");
}

struct rulebook *book_read(const char *name)
{
    struct text json = book_text(name);
    if (json.at)
        return book_read_text(name, json);
    fprintf(stderr, "parcoursctl: %s %s\n", say("ni référentiel livré, ni fichier lisible :", "neither a shipped rulebook nor a readable file:"), name);
    book_list_shipped(stderr);
    return NULL;
}

static bool like_an_object(struct text t)
{
    uint32_t i = 0;
    while (i < t.bytes && strchr(" \t\r\n", t.at[i]))
        i++;
    return i < t.bytes && t.at[i] == '{';
}

struct rulebook *book_read_text(const char *name, struct text json)
{
    struct problems problems = { .count = 0 };
    struct rulebook *book = ARENA_ARRAY(&ctl.arena, struct rulebook, 1);
    char said[SENTENCE_BYTES];
    int f = rulebook_read(&ctl.arena, json, book, &problems);
    for (uint32_t i = 0; i < problems.count; i++)
        fprintf(stderr, "parcoursctl: %s%s%s: %s\n", name, problems.at[i].pointer[0] ? ": " : "", problems.at[i].pointer,
                sentence_said(problems.at[i].why, ctl.french, said));
    if (f && !like_an_object(json))
        fprintf(stderr, "parcoursctl: %s\n", say("un référentiel est un objet JSON : parcoursctl rulebook list dit ceux qui sont livrés",
                                                "a rulebook is a JSON object: parcoursctl rulebook list tells those that are shipped"));
    if (f && problems.count == 0)
        fprintf(stderr, "parcoursctl: %s: %s\n", name, failure_sentence());
    return f ? NULL : book;
}

/* ---- one rule, as a person reads it ---- */
static const char *mode_said(const struct rulebook_rule *r)
{
    static const char *const fr[] = { [MODE_OFF] = "absente", [MODE_FLAG] = "signale", [MODE_REFUSE] = "refuse", [MODE_UNKNOWN] = "inconnue" };
    static const char *const en[] = { [MODE_OFF] = "off", [MODE_FLAG] = "flags", [MODE_REFUSE] = "refuses", [MODE_UNKNOWN] = "unknown" };
    return ctl.french ? fr[r->mode] : en[r->mode];
}

static struct text source_said(const struct rulebook_rule *r)
{
    if (!r->source.at)
        return TEXT("");
    return r->reading ? arena_print(&ctl.arena, "%.*s (%s)", TEXT_ARGS(r->source), say("notre lecture", "our reading")) : r->source;
}

/* ---- list ---- */
static int list(int argc, char **argv)
{
    (void)argv;
    struct table *t = table_new(6, true);
    const char *const head[] = { say("nom", "name"), say("règles", "rules"), say("refusent", "refuse"), say("lectures", "readings"),
                                 say("à renseigner", "to fill in"), say("titre", "title") };
    if (argc != 1)
        return verb_usage("rulebook");
    for (unsigned i = 0; i < 6; i++)
        table_cell(t, text_of(head[i]));
    for (unsigned i = 0; i < rulebook_shipped_count(); i++) {
        struct text name = rulebook_shipped_name(i);
        const struct rulebook *b = book_read(name.at);
        unsigned on = 0, refuse = 0, readings = 0, unknown = 0;
        if (!b)
            return CTL_REFUSED;
        for (int r = 0; r < RULES; r++) {
            on += rule_applies(b, (enum rule_number)r);
            refuse += b->rule[r].mode == MODE_REFUSE;
            readings += b->rule[r].reading && rule_applies(b, (enum rule_number)r);
            unknown += b->rule[r].mode == MODE_UNKNOWN;
        }
        table_cell(t, name);
        table_cell(t, arena_print(&ctl.arena, "%u", on));
        table_cell(t, arena_print(&ctl.arena, "%u", refuse));
        table_cell(t, arena_print(&ctl.arena, "%u", readings));
        table_cell(t, arena_print(&ctl.arena, "%u", unknown));
        table_cell(t, b->title);
    }
    table_print(t, 0);
    return CTL_DONE;
}

/* ---- show: what the PLIE must fill in first, then our readings, which it must confirm, then the rest ---- */
static void show_one(int r, const struct rulebook_rule *in)
{
    struct text value = rule_value_said(&rules[r], in), source = source_said(in);
    if (in->mode == MODE_OFF || in->mode == MODE_UNKNOWN)
        printf("%s%s%s: %s", bold(), rules[r].name, plain(), in->mode == MODE_OFF ? mode_said(in) : value.at);
    else
        printf("%s%s%s: %.*s (%s)", bold(), rules[r].name, plain(), TEXT_ARGS(value), mode_said(in));
    printf(source.bytes ? ", %.*s\n" : "%.*s\n", TEXT_ARGS(source));
    printf("    %s\n", ctl.french ? rules[r].fr : rules[r].en);
    rule_words_print(&rules[r], in);
    if (in->words.at)
        printf("    « %.*s »\n", TEXT_ARGS(in->words));
    if (in->why.at)
        printf("    %.*s\n", TEXT_ARGS(in->why));
}

static int rank(const struct rulebook_rule *r)
{
    return r->mode == MODE_UNKNOWN ? 0 : r->mode == MODE_OFF ? 3 : r->reading ? 1 : 2;
}

static int show(int argc, char **argv)
{
    const struct rulebook *b = argc == 2 || argc == 3 ? book_read(argv[1]) : NULL;
    int one = argc == 3 ? rule_named(text_of(argv[2])) : -1;
    if (argc != 2 && argc != 3)
        return verb_usage("rulebook");
    if (!b)
        return CTL_REFUSED;
    if (argc == 3 && one < 0) {
        fprintf(stderr, "parcoursctl: %s %s\n", say("il n'y a pas de règle", "there is no rule"), argv[2]);
        return CTL_USAGE;
    }
    if (one < 0)
        printf("%s%.*s%s\n%.*s\n\n", bold(), TEXT_ARGS(b->title), plain(), TEXT_ARGS(b->document));
    for (int part = 0; part < 3; part++)
        for (int r = 0; r < RULES; r++)
            if (one < 0 && rank(&b->rule[r]) == part)
                show_one(r, &b->rule[r]);
    if (one >= 0)
        show_one(one, &b->rule[one]);
    return CTL_DONE;
}

/* ---- diff ---- */
static bool same(const struct rulebook_rule *a, const struct rulebook_rule *b)
{
    return a->mode == b->mode && (a->mode == MODE_OFF || a->mode == MODE_UNKNOWN || memcmp(&a->value, &b->value, sizeof(a->value)) == 0);
}

unsigned book_put_differences(const struct rulebook *a, const struct rulebook *b)
{
    struct table *t = table_new(3, true);
    unsigned n = 0;
    table_cell(t, text_of(say("règle", "rule")));
    table_cell(t, a->name);
    table_cell(t, b->name);
    for (int r = 0; r < RULES; r++) {
        if (same(&a->rule[r], &b->rule[r]))
            continue;
        n++;
        table_cell(t, text_of(rules[r].name));
        const struct rulebook_rule *sides[] = { &a->rule[r], &b->rule[r] };
        for (int i = 0; i < 2; i++) {
            struct text value = rule_value_said(&rules[r], sides[i]);
            table_cell(t, sides[i]->mode == MODE_OFF || sides[i]->mode == MODE_UNKNOWN ? value : arena_print(&ctl.arena, "%.*s (%s)", TEXT_ARGS(value), mode_said(sides[i])));
        }
    }
    if (n)
        table_print(t, 0);
    return n;
}

static int diff(int argc, char **argv)
{
    const struct rulebook *a = argc == 3 ? book_read(argv[1]) : NULL, *b = a ? book_read(argv[2]) : NULL;
    if (argc != 3)
        return verb_usage("rulebook");
    if (!b)
        return CTL_REFUSED;
    if (book_put_differences(a, b) == 0)
        printf("%s\n", say("Ils disent la même chose.", "They say the same."));
    return CTL_DONE;
}

/* ---- check: 0 it can be adopted as it is; 1 it cannot; 2 it can, but waits for values ---- */
static int check(int argc, char **argv)
{
    const struct rulebook *b = argc == 2 ? book_read(argv[1]) : NULL;
    unsigned waiting = 0, readings = 0;
    if (argc != 2)
        return verb_usage("rulebook");
    if (!b)
        return CTL_REFUSED;
    for (int r = 0; r < RULES; r++) {
        readings += b->rule[r].reading && rule_applies(b, (enum rule_number)r);
        if (b->rule[r].mode == MODE_UNKNOWN && ++waiting)
            printf("%s: %s\n", rules[r].name, say("à renseigner", "to be filled in"));
    }
    printf(say("%s : lisible ; %u valeurs à renseigner, %u lectures à confirmer (parcoursctl rulebook show les montre d'abord).\n",
               "%s: can be read; %u values to fill in, %u readings to confirm (parcoursctl rulebook show puts them first).\n"), argv[1], waiting, readings);
    return waiting ? CTL_USAGE : CTL_DONE;
}

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} parts[] = { { "list", list }, { "show", show }, { "diff", diff }, { "check", check } };

int verb_rulebook(int argc, char **argv)
{
    static const struct option options[] = { { "from", required_argument, NULL, 'f' }, { "dry-run", no_argument, NULL, 'd' }, CTL_OPTIONS };
    int option;
    struct adopting a = { 0 };
    while ((option = ctl_option(argc, argv, "", options)) != -1) {
        if (option == 'f')
            a.from = optarg;
        else if (option == 'd')
            a.dry = true;
        else if (!settings_option("rulebook", option, optarg))
            return CTL_USAGE;
    }
    if (optind < argc && strcmp(argv[optind], "adopt") == 0)
        return rulebook_adopt(&a, argc - optind, argv + optind);
    if (optind < argc && strcmp(argv[optind], "simulate") == 0)
        return rulebook_simulate(&a, argc - optind, argv + optind);
    for (unsigned i = 0; optind < argc && i < sizeof(parts) / sizeof(parts[0]); i++)
        if (strcmp(argv[optind], parts[i].name) == 0)
            return parts[i].run(argc - optind, argv + optind);
    if (optind < argc)
        fprintf(stderr, "parcoursctl: rulebook: %s %s\n", say("inconnu :", "no such thing:"), argv[optind]);
    return verb_usage("rulebook");
}
