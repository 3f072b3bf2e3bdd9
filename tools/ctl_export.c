/* `export fse`: the Fund's participants through a mapping. All of it is made before the file is begun: what cannot be said leaves none. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../daemon/out/csv.h"
#include "../daemon/out/xlsx.h"
#include "ctl.h"
#include "ctl_export.h"

#define MAP_BYTES_MAX ((size_t)256 << 10)
#define FILE_BYTES_MAX ((size_t)256 << 20)
#define PATH_BYTES 1024

struct asked {
    const char *map, *operation, *from, *to, *format, *out;
};

/* ---- one cell ---- */
struct export_cell {
    struct text text;
    int32_t day;            /* DAY_NONE: it is no day */
};

static struct text translated(const struct export_column *c, struct text word)
{
    for (uint32_t i = 0; i < c->word_count; i++)
        if (text_equal(c->words[i].word, word))
            return c->words[i].said;
    return (struct text){ NULL, 0 };
}

static struct text said_word(const struct export_column *c, const struct json *value)
{
    bool flag = value->type == JSON_BOOL;
    struct text word = flag ? (value->truth ? TEXT("yes") : TEXT("no")) : value->string;
    if (c->words)
        return translated(c, word);
    if (flag)
        return text_of(value->truth ? say("oui", "yes") : say("non", "no"));
    return text_of(word_sentence(c->field->of, word_numbered(c->field->of, word), ctl.french));
}

/* Nothing for what is not known. */
static struct export_cell say_cell(const struct export_map *m, const struct export_column *c, const struct json *row)
{
    struct export_cell s = { { NULL, 0 }, DAY_NONE };
    const struct json *value = c->field ? json_get(row, c->field->name) : NULL;
    if (!c->field) {
        s.text = c->constant;
    } else if (!value || value->type == JSON_NULL) {
        return s;
    } else if (c->field->type == CELL_word || c->field->type == CELL_flag) {
        s.text = said_word(c, value);
    } else if (c->field->type == CELL_day && day_parse(value->string, &s.day)) {
        struct civil d = day_civil(s.day);
        s.text = m->french_days ? arena_print(&ctl.arena, "%02d/%02d/%d", (int)d.day, (int)d.month, (int)d.year) : value->string;
    } else {
        s.text = value_text(value);
    }
    return s;
}

static bool wanted(const struct export_map *m, const struct json *row)
{
    const struct json *declarable = json_get(row, "declarable");
    return !m->only_declarable || (declarable && declarable->type == JSON_BOOL && declarable->truth);
}

/* ---- what the data lack ---- */
static bool check(const struct export_map *m, const struct json *rows)
{
    bool good = true;
    for (const struct json *row = rows->first; row; row = row->next)
        for (uint32_t i = 0; i < m->count && wanted(m, row); i++) {
            struct text who = value_text(json_get(row, "participant"));
            if (m->columns[i].required && say_cell(m, &m->columns[i], row).text.bytes == 0)
                good = export_wrong(m, &m->columns[i], arena_print(&ctl.arena, "%.*s", TEXT_ARGS(who)).at, "exigé, et rien n'est dit", "required, and nothing was told");
        }
    return good;
}

/* ---- forms ---- */
static int write_file(const struct asked *a, struct text bytes)
{
    FILE *out = a->out ? fopen(a->out, "wb") : stdout;
    if (out && fwrite(bytes.at, 1, bytes.bytes, out) == bytes.bytes && (a->out ? fclose(out) : fflush(out)) == 0)
        return CTL_DONE;
    fprintf(stderr, "parcoursctl: %s: %s\n", a->out ? a->out : "-", strerror(errno));
    return CTL_REFUSED;
}

static int write_csv(const struct asked *a, const struct export_map *m, const struct json *rows)
{
    struct csv c;
    struct text bytes;
    csv_begin(&c, FILE_BYTES_MAX);
    c.separator = m->separator;
    for (uint32_t i = 0; i < m->count; i++)
        csv_cell(&c, m->columns[i].title);
    csv_row(&c);
    for (const struct json *row = rows->first; row; row = row->next) {
        for (uint32_t i = 0; i < m->count && wanted(m, row); i++)
            csv_cell(&c, say_cell(m, &m->columns[i], row).text);
        if (wanted(m, row))
            csv_row(&c);
    }
    bytes = (struct text){ c.at, (uint32_t)c.bytes };
    if (!c.failed && m->cp1252 && !cp1252_write(&ctl.arena, bytes, &bytes)) {
        fprintf(stderr, "parcoursctl: %s: %s\n", m->path, say("un caractère que Windows-1252 n'a pas : encoding utf-8", "a character that Windows-1252 does not have: encoding utf-8"));
        c.failed = true;
    }
    int status = c.failed ? CTL_REFUSED : write_file(a, bytes);
    csv_end(&c);
    return status;
}

static int write_xlsx(const struct asked *a, const struct export_map *m, const struct json *rows)
{
    uint32_t at = 0;
    const char *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NULL;     /* names are in it */
    struct xlsx *x = xlsx_open(a->out, memory, m->name, (struct text){ NULL, 0 });
    unsigned sheet = x ? xlsx_sheet(x, m->name) : 0;
    for (uint32_t i = 0; x && i < m->count; i++)
        xlsx_text(x, sheet, 0, i, m->columns[i].title, true);
    for (const struct json *row = rows->first; x && row; row = row->next) {
        at += wanted(m, row);
        for (uint32_t i = 0; i < m->count && wanted(m, row); i++) {
            struct export_cell s = say_cell(m, &m->columns[i], row);
            if (s.day != DAY_NONE)
                xlsx_value(x, sheet, at, i, XLSX_DAY, s.day);
            else if (s.text.bytes)
                xlsx_text(x, sheet, at, i, s.text, false);
        }
    }
    if (x)
        xlsx_filter(x, sheet, m->count, at + 1);
    if (x && xlsx_close(x))
        return CTL_DONE;
    fprintf(stderr, "parcoursctl: %s: %s\n", a->out, say("le classeur n'a pas pu être écrit", "the workbook could not be written"));
    return CTL_REFUSED;
}

/* ---- the verb ---- */
static bool read_options(int argc, char **argv, struct asked *a)
{
    static const struct option options[] = { { "map", required_argument, NULL, 1 }, { "operation", required_argument, NULL, 2 }, { "from", required_argument, NULL, 3 },
                                             { "to", required_argument, NULL, 4 }, { "format", required_argument, NULL, 5 }, { "out", required_argument, NULL, 6 },
                                             CTL_OPTIONS };
    const char **to[] = { &a->map, &a->operation, &a->from, &a->to, &a->format, &a->out };
    int option;
    while ((option = ctl_option(argc, argv, "", options)) != -1) {
        if (option >= 1 && option <= 6)
            *to[option - 1] = optarg;
        else if (!settings_option(argv[0], option, optarg))
            return false;
    }
    return words_counted(argc, argv, 1) && strcmp(argv[optind], "fse") == 0 && a->map;
}

static bool form_known(const struct asked *a, bool *ret_xlsx)
{
    *ret_xlsx = a->format && strcmp(a->format, "xlsx") == 0;
    if (*ret_xlsx && !a->out)
        fprintf(stderr, "parcoursctl: %s\n", say("un classeur demande --out FICHIER", "a workbook wants --out FILE"));
    else if (!a->format || *ret_xlsx || strcmp(a->format, "csv") == 0)
        return true;
    else
        fprintf(stderr, "parcoursctl: --format: %s\n", say("csv ou xlsx", "csv or xlsx"));
    return false;
}

int verb_export(int argc, char **argv)
{
    static struct export_map map;
    struct asked a = { NULL };
    bool xlsx;
    struct text bytes;
    char path[PATH_BYTES] = "/v1/reports/fse_participants";
    const struct json *answer;
    const struct report *report = report_named(TEXT("fse_participants"));
    if (!read_options(argc, argv, &a))
        return verb_usage(argv[0]);
    if (!form_known(&a, &xlsx))
        return CTL_USAGE;
    if (!ctl_file(&ctl.arena, a.map, MAP_BYTES_MAX, &bytes) || !export_map_read(&ctl.arena, bytes, a.map, report, &map))
        return CTL_REFUSED;
    path_add(path, sizeof(path), "operation", a.operation);
    path_add(path, sizeof(path), "from", a.from);
    path_add(path, sizeof(path), "to", a.to);
    int status = ctl_get(path, &answer);
    const struct json *rows = answer ? json_get(answer, "rows") : NULL;
    if (status != CTL_DONE || !rows)
        return status;
    if (!check(&map, rows))
        return CTL_REFUSED;
    return xlsx ? write_xlsx(&a, &map, rows) : write_csv(&a, &map, rows);
}
