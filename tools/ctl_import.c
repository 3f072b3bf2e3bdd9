/* `import`: the verb, and what it tells at the end. */
#include <stdlib.h>
#include <time.h>

#include "ctl.h"
#include "ctl_import.h"

#define ARENA_MAX ((size_t)4 << 30)
#define NAME_BYTES_MAX 40

struct asked {
    const char *path, *map, *key, *name;
    bool dry, atomic;
};

/* ---- errors ---- */
void import_refused(struct import_errors *e, uint32_t row, struct text column, struct text why, struct text rule)
{
    if (!e->at)
        e->at = ARENA_ARRAY(e->arena, struct import_error, IMPORT_ERRORS_LISTED_MAX);
    if (e->listed < IMPORT_ERRORS_LISTED_MAX)
        e->at[e->listed++] = (struct import_error){ row, column, why, rule };
    e->count++;
}

void import_wrong(struct import_errors *e, uint32_t row, struct text column, const char *fr, const char *en)
{
    import_refused(e, row, column, text_of(say(fr, en)), (struct text){ NULL, 0 });
}

static int by_row(const void *a, const void *b)
{
    const struct import_error *x = a, *y = b;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void print_errors(const struct import_errors *e)
{
    for (uint32_t i = 0; i < e->listed; i++) {
        const struct import_error *w = &e->at[i];
        if (w->row)
            fprintf(stderr, "%s %u", say("ligne", "row"), w->row);
        else
            fputs(say("fichier", "file"), stderr);
        if (w->column.at)
            fprintf(stderr, say(", colonne « %.*s »", ", column \"%.*s\""), TEXT_ARGS(w->column));
        fprintf(stderr, "%s%.*s", say(" : ", ": "), TEXT_ARGS(w->why));
        if (w->rule.at)
            fprintf(stderr, " (%.*s)", TEXT_ARGS(w->rule));
        fputc('\n', stderr);
    }
    if (e->count > e->listed)
        fprintf(stderr, say("et %u autres\n", "and %u more\n"), e->count - e->listed);
}

/* ---- the report ---- */
static void tell(const struct sending *s, uint32_t errors)
{
    const struct slots *all = s->slots;
    const struct tally *t = &s->tally;
    if (all->sheet->cp1252)
        fputs(say("le fichier n'est pas en UTF-8 : lu comme Windows-1252\n", "the file is not UTF-8: read as Windows-1252\n"), stderr);
    for (uint32_t k = 0; k < all->map->count; k++)
        if (all->map->commands[k].undated)
            fprintf(stderr, say("%.*s : %u lignes remplies, mais sans jour : rien n'en est fait\n", "%.*s: %u rows filled, but without a day: nothing is made of them\n"),
                    TEXT_ARGS(all->map->commands[k].label), all->map->commands[k].undated);
    printf(say("%s%u lignes (%u vides, %u écartées), %u personnes, %u faits : %u %s, %u %s, %u inchangés, %u refusés, %u en dépendent\n",
               "%s%u rows (%u empty, %u left out), %u people, %u facts: %u %s, %u %s, %u unchanged, %u refused, %u rest on those\n"),
           s->dry ? say("à blanc : ", "dry run: ") : "", all->sheet->rows, all->sheet->empty, all->rows_refused, all->people, all->count,
           t->created, s->dry ? say("seraient créés", "would be created") : say("créés", "created"),
           t->corrected, s->dry ? say("seraient corrigés", "would be corrected") : say("corrigés", "corrected"), t->same, t->refused, t->held);
    if (errors)
        printf(errors == 1 ? say("%u erreur\n", "%u error\n") : say("%u erreurs\n", "%u errors\n"), errors);
    if (!s->dry && t->created + t->corrected)
        printf(say("import %.*s ; pour le défaire : parcoursctl import undo %.*s\n", "import %.*s; to undo it: parcoursctl import undo %.*s\n"),
               TEXT_ARGS(s->name), TEXT_ARGS(s->name));
}

static void put_error(struct json_out *out, const struct import_error *w)
{
    json_open(out);
    json_key(out, "row"), json_number(out, w->row);
    json_key(out, "column"), json_text(out, w->column);
    json_key(out, "why"), json_text(out, w->why);
    json_key(out, "rule"), json_text(out, w->rule);
    json_close(out);
}

static void tell_json(const struct sending *s, const struct import_errors *e)
{
    struct json_out out;
    const struct slots *all = s->slots;
    const struct { const char *key; uint32_t n; } numbers[] = {
        { "rows", all->sheet->rows }, { "rows_empty", all->sheet->empty }, { "rows_left_out", all->rows_refused }, { "people", all->people },
        { "facts", all->count }, { "created", s->tally.created }, { "corrected", s->tally.corrected }, { "unchanged", s->tally.same },
        { "refused", s->tally.refused }, { "held", s->tally.held }, { "error_count", e->count },
    };
    json_out_init(&out, (size_t)64 << 20);
    json_open(&out);
    json_key(&out, "import"), json_text(&out, s->name);
    json_key(&out, "dry_run"), json_bool(&out, s->dry);
    json_key(&out, "cp1252"), json_bool(&out, all->sheet->cp1252);
    for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        json_key(&out, numbers[i].key), json_number(&out, numbers[i].n);
    json_key(&out, "errors"), json_open_list(&out);
    for (uint32_t i = 0; i < e->listed; i++)
        put_error(&out, &e->at[i]);
    json_close_list(&out);
    json_close(&out);
    printf("%.*s\n", (int)out.bytes, out.at);
    json_out_free(&out);
}

/* ---- files ---- */
bool ctl_file(struct arena *arena, const char *path, size_t bytes_max, struct text *ret)
{
    FILE *f = fopen(path, "rb");
    size_t n = 0, more;
    if (!f) {
        fprintf(stderr, "parcoursctl: %s: %s\n", path, say("ne s'ouvre pas", "cannot be opened"));
        return false;
    }
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    char *at = size >= 0 && (size_t)size <= bytes_max ? arena_take(arena, (size_t)size + 1) : NULL;
    while (at && n < (size_t)size && (more = fread(at + n, 1, (size_t)size - n, f)) > 0)
        n += more;
    fclose(f);
    if (!at)
        fprintf(stderr, "parcoursctl: %s: %s\n", path, say("plus de 64 Mio (256 Kio pour une correspondance)", "more than 64 MiB (256 KiB for a mapping)"));
    *ret = (struct text){ at, (uint32_t)n };
    return at != NULL;
}

struct text import_name_now(struct arena *arena, struct text before)
{
    char when[32];
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &parts);
    strftime(when, sizeof(when), "%Y-%m-%d/%H%M%S", &parts);
    return arena_print(arena, "%.*s/%s%03ld", TEXT_ARGS(before), when, now.tv_nsec / 1000000);
}

static struct text own_name(struct arena *arena, const struct map *m, const char *asked)
{
    return asked ? text_of(asked) : import_name_now(arena, m->name);
}

/* ---- the whole ---- */
static void forget_answers(struct sending *s)
{
    struct slots *all = s->slots;
    for (uint32_t i = 0; i < all->table_room; i++) {
        struct slot *slot = all->table[i];
        if (!slot)
            continue;
        slot->next = slot->correction_count = 0;
        slot->made = slot->base = -1;
        slot->chained = false;
        slot->fate = SLOT_new;
        slot->content = (struct text){ NULL, 0 };
    }
    s->tally = (struct tally){ 0 };
}

/* All or nothing is a dry run first: the file is many orders, and the daemon promises that of one only. */
static int send(struct sending *s, const struct asked *a, const struct import_errors *errors)
{
    if (a->atomic && errors->count)
        return CTL_DONE;
    s->dry = a->dry || a->atomic;
    int status = import_send(s);
    if (!a->atomic || a->dry || status != CTL_DONE || errors->count)
        return status;
    forget_answers(s);
    s->dry = false;
    return import_send(s);
}

static int run(const struct asked *a)
{
    struct arena arena;
    struct text bytes, map_bytes;
    struct map map;
    struct sheet sheet;
    arena_init(&arena, ARENA_MAX);
    struct import_errors errors = { .arena = &arena };
    struct slots slots = { .arena = &arena, .map = &map, .sheet = &sheet, .errors = &errors };
    struct sending s = { .slots = &slots };
    int status = CTL_REFUSED;
    arena_init(&s.exchange, (size_t)1 << 30);
    if (!ctl_file(&arena, a->map, (size_t)256 << 10, &map_bytes) || !ctl_file(&arena, a->path, IMPORT_FILE_BYTES_MAX, &bytes) ||
        !map_read(&arena, map_bytes, a->map, &map)) {
        status = CTL_USAGE;
    } else {
        if (a->key)
            map.key = text_of(a->key);
        s.name = own_name(&arena, &map, a->name);
        if (sheet_read(&arena, bytes, map.separator, &sheet, &errors) && map_fit(&map, &sheet, &errors)) {
            slots_make(&slots);
            status = send(&s, a, &errors);
        }
        if (errors.listed)
            qsort(errors.at, errors.listed, sizeof(*errors.at), by_row);
        if (ctl.json)
            tell_json(&s, &errors);
        else
            print_errors(&errors), tell(&s, errors.count);
        if (status == CTL_DONE && errors.count)
            status = CTL_REFUSED;
    }
    arena_free(&s.exchange);
    arena_free(&arena);
    return status;
}

static bool fit_for_name(const char *name)
{
    size_t n = strlen(name);
    bool good = n >= 1 && n <= NAME_BYTES_MAX;
    for (size_t i = 0; i < n; i++)
        good = good && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-", name[i]) && (i || !strchr("./_-", name[i]));
    if (!good)
        fprintf(stderr, "parcoursctl: --name: %s\n", say("1 à 40 lettres, chiffres et . / _ -", "1 to 40 letters, digits and . / _ -"));
    return good;
}

int verb_import(int argc, char **argv)
{
    static const struct option options[] = {
        { "map", required_argument, NULL, 'm' }, { "key", required_argument, NULL, 'k' }, { "name", required_argument, NULL, 'n' },
        { "dry-run", no_argument, NULL, 'd' }, { "atomic", no_argument, NULL, 'a' }, CTL_OPTIONS,
    };
    struct asked a = { .map = NULL };
    int option;
    if (argc > 1 && strcmp(argv[1], "undo") == 0)
        return import_undo(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "list") == 0)
        return import_list(argc - 1, argv + 1);
    while ((option = ctl_option(argc, argv, "", options)) != -1)
        switch (option) {
        case 'm': a.map = optarg; break;
        case 'k': a.key = optarg; break;
        case 'n': a.name = optarg; break;
        case 'd': a.dry = true; break;
        case 'a': a.atomic = true; break;
        default:
            if (!settings_option("import", option, optarg))
                return CTL_USAGE;
        }
    if (optind != argc - 1 || !a.map)
        return verb_usage("import");
    a.path = argv[optind];
    return !a.name || fit_for_name(a.name) ? run(&a) : CTL_USAGE;
}
