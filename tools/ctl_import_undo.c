/* `import undo NAME`: everything that the import made and that still stands is taken out, the last first, after it was told what it is.
 * What others have recorded since and that stands on it makes acts unfounded: then nothing is undone unless that is accepted. */
#include <stdlib.h>

#include "ctl.h"
#include "ctl_import.h"

#define LINES_ASKED 5000
#define ORDER_VOIDS 2000
#define DRY_ORDER_VOIDS 200     /* each is looked for among those before it: what an order holds is not in the log */
#define ORDER_VOIDS_MAX 9000
#define PEOPLE_NAMED 20

static const struct json_limits limits = { (uint32_t)64 << 20, 32, 4000000 };

/* An event of the import. */
struct made {
    uint64_t seq;
    const struct kind *kind;
    char stream[ID_TEXT_BYTES];
};
struct undoing {
    struct arena arena, exchange;
    const char *name;
    bool dry, accept;
    struct made *at;
    uint32_t count, room, refused, undone, already;
};

static void add(struct undoing *u, const struct json *e)
{
    const struct kind *k = kind_named(import_text(e, "kind"));
    struct text stream = import_text(e, "stream");
    if (!k || k->stream == STREAM_plie || k->number == KIND_event_voided)
        return;
    if (u->count == u->room) {
        struct made *old = u->at;
        u->room = u->room ? u->room * 2 : 4096;
        u->at = ARENA_ARRAY(&u->arena, struct made, u->room);
        if (u->count)
            memcpy(u->at, old, u->count * sizeof(*old));
    }
    struct made *m = &u->at[u->count++];
    *m = (struct made){ (uint64_t)import_number(e, "seq", 0), k, "" };
    snprintf(m->stream, sizeof(m->stream), "%.*s", TEXT_ARGS(stream));
}

/* The log between the opening and the closing of a part. */
static int read_part(struct undoing *u, uint64_t from, uint64_t until)
{
    char path[128];
    struct text lines;
    while (from + 1 < until) {
        snprintf(path, sizeof(path), "/v1/events?after=%llu&limit=%d", (unsigned long long)from, LINES_ASKED);
        int status = ctl_get_lines(path, &lines);
        if (status != CTL_DONE)
            return status;
        uint64_t before = from;
        for (uint32_t at = 0; at < lines.bytes && from + 1 < until;) {
            const struct json *e;
            struct json_error error;
            const char *end = memchr(lines.at + at, '\n', lines.bytes - at);
            uint32_t n = end ? (uint32_t)(end - lines.at) - at : lines.bytes - at;
            arena_reset(&u->exchange);
            if (json_read(&u->exchange, (struct text){ lines.at + at, n }, &limits, &e, &error) != 0)
                return CTL_UNREACHED;
            from = (uint64_t)import_number(e, "seq", 0);
            if (from < until)
                add(u, e);
            at += n + 1;
        }
        if (from <= before)
            break;
    }
    return CTL_DONE;
}

static int read_parts(struct undoing *u)
{
    char path[256] = "/v1/imports";
    struct text answer;
    const struct json *json;
    struct json_error error;
    path_add(path, sizeof(path), "name", u->name);
    int status = ctl_raw(path, NULL, (struct text){ NULL, 0 }, &answer);
    if (status != CTL_DONE)
        return status;
    if (json_read(&u->arena, answer, &limits, &json, &error) != 0 || !json_get(json, "parts"))
        return CTL_UNREACHED;
    if (json_get(json, "parts")->count == 0) {
        fprintf(stderr, "parcoursctl: %s\n", say("pas d'import de ce nom : parcoursctl import list", "no import of that name: parcoursctl import list"));
        return CTL_REFUSED;
    }
    for (const struct json *p = json_get(json, "parts")->first; p && status == CTL_DONE; p = p->next)
        status = read_part(u, (uint64_t)import_number(p, "from", 0), (uint64_t)import_number(p, "until", 0));
    return status;
}

/* ---- what it undoes, named ---- */
static int by_person(const void *a, const void *b)
{
    const struct made *x = a, *y = b;
    int streams = strcmp(x->stream, y->stream);
    return streams ? streams : x->seq > y->seq ? -1 : x->seq < y->seq;
}

static void name_all(const struct undoing *u)
{
    uint32_t kinds[KIND_NUMBERS] = { 0 }, people = 0;
    for (uint32_t i = 0; i < u->count; i++) {
        kinds[u->at[i].kind->number]++;
        people += i == 0 || strcmp(u->at[i].stream, u->at[i - 1].stream) != 0;
    }
    printf(say("import %s : %u faits de %u dossiers\n", "import %s: %u facts of %u files\n"), u->name, u->count, people);
    for (unsigned i = 0; i < catalogue_count(); i++)
        if (kinds[catalogue_at(i)->number])
            printf("  %6u  %s\n", kinds[catalogue_at(i)->number], catalogue_at(i)->name);
    people = 0;
    for (uint32_t i = 0; i < u->count && people <= PEOPLE_NAMED; i++)
        if (i == 0 || strcmp(u->at[i].stream, u->at[i - 1].stream) != 0)
            printf("%s%s", people ? " " : "  ", people == PEOPLE_NAMED ? "..." : u->at[i].stream), people++;
    if (people)
        printf("\n");
}

/* ---- taking out ---- */
static void voiding(struct json_out *out, const struct undoing *u, const struct made *m)
{
    char text[96];
    enum stream_type type;
    uint64_t ignored;
    json_open(out);
    json_key(out, "command"), json_string(out, "void");
    json_key(out, stream_name(id_parse(text_of(m->stream), &type, &ignored) ? type : m->kind->stream)), json_string(out, m->stream);
    snprintf(text, sizeof(text), "undo/%llu", (unsigned long long)m->seq);
    json_key(out, "id"), json_string(out, text);
    json_key(out, "imported"), json_bool(out, true);
    if (u->accept)
        json_key(out, "accept_unfounded"), json_bool(out, true);
    json_key(out, "data");
    json_open(out);
    json_key(out, "event"), json_number(out, (int64_t)m->seq);
    snprintf(text, sizeof(text), "import %s undone", u->name);
    json_key(out, "reason"), json_string(out, text);
    json_close(out);
    json_close(out);
    json_line(out);
}

static void print_refusal(const struct made *m, const struct json *result)
{
    const struct json *unfounded = json_get(result, "unfounded");
    fprintf(stderr, "%s %s (%llu): %.*s", m->stream, m->kind->name, (unsigned long long)m->seq, TEXT_ARGS(import_text(result, "title")));
    for (const struct json *seq = unfounded ? unfounded->first : NULL; seq; seq = seq->next)
        fprintf(stderr, " %lld", (long long)(seq->hundredths / 100));
    fputc('\n', stderr);
}

static int send_order(struct undoing *u, struct json_out *out, const struct made *m, uint32_t count, bool dry, struct text name)
{
    struct text answer;
    uint32_t line = 0, all = count + (dry ? 0 : 2);
    if (!dry)
        import_note(out, name, false, u->name);
    int status = ctl_raw(dry ? "/v1/commands?dry_run=1" : "/v1/commands", "application/x-ndjson", (struct text){ out->at, (uint32_t)out->bytes }, &answer);
    for (uint32_t at = 0; status == CTL_DONE && at < answer.bytes && line < all; line++) {
        const struct json *result;
        struct json_error error;
        const char *end = memchr(answer.at + at, '\n', answer.bytes - at);
        uint32_t n = end ? (uint32_t)(end - answer.at) - at : answer.bytes - at;
        arena_reset(&u->exchange);
        if (json_read(&u->exchange, (struct text){ answer.at + at, n }, &limits, &result, &error) != 0)
            return CTL_UNREACHED;
        at += n + 1;
        if (!dry && (line == 0 || line == all - 1))
            continue;
        int64_t code = import_number(result, "status", 0);
        if (json_get(result, "replayed"))
            u->already++;
        else if (code == 200 || code == 201)
            u->undone++;
        else if (u->refused++ < IMPORT_ERRORS_LISTED_MAX)
            print_refusal(&m[line - !dry], result);
    }
    json_out_reset(out);
    return status;
}

static int take_out(struct undoing *u, bool dry)
{
    struct text name = import_name_now(&u->arena, TEXT("undo"));
    struct json_out out;
    uint32_t from = 0;
    int status = CTL_DONE;
    json_out_init(&out, (size_t)31 << 20);
    u->undone = u->already = u->refused = 0;
    for (uint32_t i = 0; i < u->count && status == CTL_DONE; i++) {
        if (i == from && !dry)
            import_note(&out, name, true, u->name);
        voiding(&out, u, &u->at[i]);
        bool ends = i + 1 == u->count || strcmp(u->at[i].stream, u->at[i + 1].stream) != 0;
        if (i + 1 == u->count || (ends && i + 1 - from >= (dry ? DRY_ORDER_VOIDS : ORDER_VOIDS)) || i + 1 - from == ORDER_VOIDS_MAX) {
            status = send_order(u, &out, u->at + from, i + 1 - from, dry, name);
            from = i + 1;
            import_progress(dry ? say("à blanc", "dry run") : say("défait", "undone"), from, u->count);
        }
    }
    import_progress_end();
    json_out_free(&out);
    return status;
}

/* All of it is taken out already; a part that made nothing is, too. */
static bool is_undone(const struct undoing *u, int status)
{
    if (status != CTL_DONE || u->undone || u->refused)
        return false;
    printf(say("l'import %s est déjà défait : rien à annuler (%u le sont déjà)\n", "import %s is undone already: nothing to take out (%u are already)\n"),
           u->name, u->already);
    return true;
}

static int undo(struct undoing *u)
{
    int status = read_parts(u);
    if (status != CTL_DONE)
        return status;
    if (u->count)
        qsort(u->at, u->count, sizeof(*u->at), by_person);
    name_all(u);
    status = take_out(u, true);
    if (is_undone(u, status))
        return CTL_DONE;
    if (status != CTL_DONE || u->dry || (u->refused && !u->accept)) {
        printf(say("à blanc : %u seraient annulés, %u le sont déjà, %u refusés\n", "dry run: %u would be taken out, %u are already, %u refused\n"),
               u->undone, u->already, u->refused);
        if (u->refused && !u->dry)
            fputs(say("rien n'est défait (--accept-unfounded : que des actes perdent leur fondement)\n",
                      "nothing is undone (--accept-unfounded: that acts lose their foundation)\n"), stderr);
        return status != CTL_DONE ? status : u->refused ? CTL_REFUSED : CTL_DONE;
    }
    status = take_out(u, false);
    printf(say("%u annulés, %u l'étaient déjà, %u refusés\n", "%u taken out, %u were already, %u refused\n"), u->undone, u->already, u->refused);
    return status != CTL_DONE ? status : u->refused ? CTL_REFUSED : CTL_DONE;
}

int import_undo(int argc, char **argv)
{
    static const struct option options[] = { { "dry-run", no_argument, NULL, 'd' }, { "accept-unfounded", no_argument, NULL, 'a' }, CTL_OPTIONS };
    struct undoing u = { .name = NULL };
    int option;
    while ((option = ctl_option(argc, argv, "", options)) != -1)
        switch (option) {
        case 'd': u.dry = true; break;
        case 'a': u.accept = true; break;
        default:
            if (!settings_option("import", option, optarg))
                return CTL_USAGE;
        }
    if (optind != argc - 1)
        return verb_usage("import");
    u.name = argv[optind];
    ctl.json = false;
    arena_init(&u.arena, (size_t)2 << 30);
    arena_init(&u.exchange, (size_t)1 << 30);
    int status = undo(&u);
    arena_free(&u.exchange);
    arena_free(&u.arena);
    return status;
}

int import_list(int argc, char **argv)
{
    static const struct option options[] = { CTL_OPTIONS };
    const struct json *answer;
    int option;
    while ((option = ctl_option(argc, argv, "", options)) != -1)
        if (!settings_option("import", option, optarg))
            return CTL_USAGE;
    if (optind != argc)
        return verb_usage("import");
    int status = ctl_get("/v1/imports", &answer);
    if (status == CTL_DONE && answer)
        render(answer, NULL);
    return status;
}
