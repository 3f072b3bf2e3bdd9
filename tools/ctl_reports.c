/* Reports and figures: which there are, from the tables; and one report, with the parameters that the tables give it. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../projections/figures.h"
#include "../projections/reports.h"
#include "ctl.h"

#define PATH_BYTES 2048

static const char *query_key(const char *option)
{
    return strcmp(option, "as-of") == 0 ? "as_of" : strcmp(option, "known-at") == 0 ? "known_at" : option;
}

/* ---- what there is ---- */
static int list_reports(void)
{
    for (unsigned i = 0; i < REPORTS; i++) {
        printf("%s%s%s  %s\n", bold(), reports[i].name, plain(), say(reports[i].fr, reports[i].en));
        for (unsigned p = 0; p < PARAMETERS; p++)
            if (report_takes(&reports[i], (enum parameter_number)p))
                printf("    --%s %s  %s\n", parameters[p].name, parameter_written((enum parameter_number)p, ctl.french), say(parameters[p].fr, parameters[p].en));
    }
    printf("\n%s\n", say("Tous : --as-of AAAA-MM-JJ, --known-at INSTANT (ce qui était enregistré alors), --names (avec les noms),\n--csv, --json, --format csv|json|xlsx|html --out FICHIER.",
                         "All of them: --as-of YYYY-MM-DD, --known-at INSTANT (what had been recorded then), --names (with names),\n--csv, --json, --format csv|json|xlsx|html --out FILE."));
    return CTL_DONE;
}

static struct text dimensions_of(const struct figure *f)
{
    struct text all = TEXT("");
    for (unsigned o = 0; o < OWN_MAX && f->own[o].name; o++)
        all = arena_print(&ctl.arena, "%.*s%s%s", TEXT_ARGS(all), o ? ", " : "", f->own[o].name);
    return all;
}

static struct text said_whole(const struct figure *f)
{
    if (!f->over_fr)
        return text_of(say(f->fr, f->en));
    return arena_print(&ctl.arena, "%s %s %s.", say(f->fr, f->en), say("Sur", "Over"), say(f->over_fr, f->over_en));
}

static int list_figures(void)
{
    struct table *t = table_new(3, true);
    const char *const head[] = { say("indicateur", "figure"), say("ventilé aussi par", "by, besides"), "" };
    for (unsigned i = 0; i < 3; i++)
        table_cell(t, text_of(head[i]));
    for (unsigned i = 0; i < FIGURES; i++) {
        table_cell(t, text_of(figures[i].name));
        table_cell(t, dimensions_of(&figures[i]));
        table_cell(t, said_whole(&figures[i]));
    }
    table_print(t, 0);
    printf("\n%s\n", say("Tous, ventilés par (--by) :", "All of them, grouped by (--by):"));
    for (unsigned d = 0; d < DIMENSIONS; d++)
        printf("  %-14s %s\n", dimensions[d].name, say(dimensions[d].fr, dimensions[d].en));
    return CTL_DONE;
}

static int listing(int argc, char **argv, int (*list)(void), const char *path)
{
    static const struct option options[] = { CTL_OPTIONS };
    const struct json *answer;
    int option;
    while ((option = ctl_option(argc, argv, "", options)) != -1)
        if (!settings_option(argv[0], option, optarg))
            return CTL_USAGE;
    if (!words_counted(argc, argv, 0))
        return verb_usage(argv[0]);
    return ctl.json ? ctl_get(path, &answer) : list();
}

int verb_reports(int argc, char **argv)
{
    return listing(argc, argv, list_reports, "/v1/reports");
}

int verb_figures(int argc, char **argv)
{
    return listing(argc, argv, list_figures, "/v1/figures");
}

/* ---- one, as a table under the headers that came with it ---- */
static struct text in_words(const struct report *r, struct text name, const struct json *j)
{
    int at = report_column(r, name);
    const struct column *c = at < 0 ? NULL : &r->columns[at];
    int64_t word = c && c->type == CELL_word && j && j->type == JSON_STRING ? word_numbered(c->of, j->string) : ABSENT;
    return word == ABSENT ? spoken(name, value_text(j)) : text_of(word_sentence(c->of, word, ctl.french));
}

static const struct json *member(const struct json *row, struct text name)
{
    const struct json *j = row->first;
    while (j && !text_equal(j->key, name))
        j = j->next;
    return j;
}

/* With the names of people, when they were asked for: columns that no report has. */
static void print_rows(const struct report *r, const struct json *columns, const struct json *rows)
{
    struct table *t = table_new(columns ? columns->count : 0, true);
    for (const struct json *c = columns ? columns->first : NULL; c; c = c->next)
        table_cell(t, value_text(json_get(c, "header")));
    for (const struct json *row = rows ? rows->first : NULL; row; row = row->next)
        for (const struct json *c = columns ? columns->first : NULL; c; c = c->next) {
            struct text name = value_text(json_get(c, "name"));
            table_cell(t, cut(in_words(r, name, member(row, name)), CELL_COLUMNS_MAX));
        }
    if (rows && rows->first)
        table_print(t, 0);
    else
        printf("%s\n", say("aucune ligne.", "no line."));
}

static void print_totals(const struct report *r, const struct json *counts)
{
    struct table *t = table_new(2, false);
    for (unsigned i = 0; r->totals[i].name; i++) {
        table_cell(t, text_of(say(r->totals[i].fr, r->totals[i].en)));
        table_cell(t, value_text(counts ? json_get(counts, r->totals[i].name) : NULL));
    }
    if (r->totals[0].name)
        printf("\n"), table_print(t, 0);
}

static void print_report(const struct report *r, const struct json *answer)
{
    static const char *const left_out[] = { "sentence", "report", "columns", "rows", "counts", NULL };
    printf("%s%s%s\n", bold(), say(r->fr, r->en), plain());
    render_without(answer, NULL, left_out);
    printf("\n");
    print_rows(r, json_get(answer, "columns"), json_get(answer, "rows"));
    print_totals(r, json_get(answer, "counts"));
}

/* ---- asking ---- */
enum { AS_OF = PARAMETERS, KNOWN_AT, FORMAT, OPTIONS };
static const char *const beside[] = { [AS_OF] = "as-of", [KNOWN_AT] = "known-at", [FORMAT] = "format" };
struct asked {
    const char *value[OPTIONS], *out;
    bool names;
};

/* The options are the parameters of all reports: the daemon says which ones are another's. */
static bool read_options(int argc, char **argv, struct option all[OPTIONS + 10], struct asked *a)
{
    static const struct option shared[] = { { "csv", no_argument, NULL, 'C' }, { "names", no_argument, NULL, 'N' }, { "out", required_argument, NULL, 'O' },
                                            CTL_OPTIONS };
    int option;
    for (int i = 0; i < OPTIONS; i++)
        all[i] = (struct option){ i >= PARAMETERS ? beside[i] : parameters[i].name, required_argument, NULL, i + 1 };
    _Static_assert(sizeof(shared) / sizeof(shared[0]) <= 10, "room for the options of all verbs");
    memcpy(all + OPTIONS, shared, sizeof(shared));
    while ((option = ctl_option(argc, argv, "", all)) != -1) {
        if (option >= 1 && option <= OPTIONS)
            a->value[option - 1] = optarg;
        else if (option == 'C')
            a->value[FORMAT] = "csv";
        else if (option == 'N')
            a->names = true;
        else if (option == 'O')
            a->out = optarg;
        else if (!settings_option(argv[0], option, optarg))
            return false;
    }
    return true;
}

static int write_out(const struct asked *a, struct text body)
{
    FILE *out = a->out ? fopen(a->out, "wb") : stdout;
    if (out && fwrite(body.at, 1, body.bytes, out) == body.bytes && (!a->out || fclose(out) == 0))
        return CTL_DONE;
    fprintf(stderr, "parcoursctl: %s: %s\n", a->out ? a->out : "-", strerror(errno));
    return CTL_REFUSED;
}

static int send_file(const char *path, const struct asked *a)
{
    struct text body;
    bool binary = a->value[FORMAT] && strcmp(a->value[FORMAT], "xlsx") == 0;
    if (binary && !a->out && isatty(STDOUT_FILENO)) {
        fprintf(stderr, "parcoursctl: %s\n", say("--out FICHIER : un classeur ne s'affiche pas dans un terminal", "--out FILE: a workbook is nothing for a terminal"));
        return CTL_USAGE;
    }
    int status = ctl_raw(path, NULL, TEXT(""), &body);
    return status == CTL_DONE ? write_out(a, body) : status;
}

int verb_report(int argc, char **argv)
{
    struct option all[OPTIONS + 10];
    struct asked a = { .names = false };
    char path[PATH_BYTES] = "/v1/reports";
    const struct json *answer;
    if (!read_options(argc, argv, all, &a))
        return CTL_USAGE;
    if (optind == argc)
        return ctl.json ? ctl_get(path, &answer) : list_reports();
    if (!words_counted(argc, argv, 1))
        return verb_usage(argv[0]);
    const struct report *r = report_named(text_of(argv[optind]));
    if (!r) {
        fprintf(stderr, "parcoursctl: %s %s\n  %s", say("il n'y a pas de rapport", "there is no report"), argv[optind], say("connus :", "known:"));
        for (unsigned i = 0; i < REPORTS; i++)
            fprintf(stderr, " %s", reports[i].name);
        fprintf(stderr, "\n");
        return CTL_USAGE;
    }
    path_segment(path, sizeof(path), r->name);
    for (unsigned i = 0; i < OPTIONS; i++)
        path_add(path, sizeof(path), query_key(all[i].name), a.value[i]);
    path_add(path, sizeof(path), "names", a.names ? "1" : NULL);
    if (a.value[FORMAT] || a.out)
        return send_file(path, &a);
    int status = ctl_get(path, &answer);
    if (status == CTL_DONE && answer)
        print_report(r, answer);
    return status;
}
