/* rebuild: the views made anew from the log and compared with what they were; by the daemon, or here when nobody serves the store. */
#include <stdlib.h>
#include <sys/stat.h>

#include "../events/catalogue.h"
#include "../events/chain.h"
#include "../events/failure.h"
#include "../projections/adoptions.h"
#include "../projections/rebuild.h"
#include "ctl.h"

#define LASTING_BYTES (64u << 20)
#define REPORT_BYTES_MAX (1u << 20)

/* A store that nobody serves. */
struct alone {
    const char *directory;
    struct log *log;
    struct views *views;
    struct arena arena;
    struct position position;
    const struct rulebooks *books;
    struct comparison comparison;
    bool trusted;               /* otherwise there was nothing to compare with */
};

static const struct rulebooks *books_of(void *context)
{
    return ((struct alone *)context)->books;
}

/* Where its views stand, and the rulebooks they know. */
static int look(struct alone *a)
{
    int f;
    struct store_txn *views = store_read_begin(views_store(a->views), &f);
    struct store_txn *log = views ? store_read_begin(log_store(a->log), &f) : NULL;
    if (log)
        f = views_position(views, &a->position) ? adoptions_read(&a->arena, log, views, &a->books) : FAIL_DAMAGED;
    if (log)
        store_read_end(log);
    if (views)
        store_read_end(views);
    return f;
}

static int fill(struct alone *a)
{
    int64_t ms;
    uint64_t head;
    struct filling x = { .log = a->log, .views = a->views };
    int f = log_last(a->log, &head, &ms);
    if (!f)
        f = filling_index(&x, head);
    if (!f)
        f = look(a);
    if (!f)
        f = filling_rows(&x, a->books);
    a->position = x.position;
    if (!f)
        f = views_put_in_place(a->views);
    return f ? f : views_settle(a->views);
}

static int again(struct alone *a)
{
    bool done = false;
    struct rebuild r = { .directory = a->directory, .log = a->log, .serving = a->views, .books = books_of, .books_context = a };
    int f = look(a);
    if (f)
        return f;
    f = rebuild_fill(&r);
    if (!f)
        f = rebuild_switch(&r, &a->position, a->books, &done);
    a->comparison = r.comparison;
    if (!f && done) {
        views_discard(a->views);
        a->views = r.fresh;
        f = rebuild_settle(&r);
    }
    rebuild_drop(&r);
    return f;
}

static int rebuild_alone(struct alone *a)
{
    int f = chain_start();
    umask(0077);
    arena_init(&a->arena, LASTING_BYTES);
    if (!f)
        f = log_open(a->directory, false, false, 0, &a->log);
    if (!f)
        f = views_open(a->directory, a->log, &a->views, &a->trusted);
    if (!f)
        f = a->trusted ? again(a) : fill(a);
    views_close(a->views, f == 0);
    log_close(a->log);
    return f;
}

/* As the daemon answers. */
static void report(struct json_out *out, const struct alone *a)
{
    const struct comparison *c = &a->comparison;
    json_open(out);
    json_key(out, "position"), json_number(out, (int64_t)a->position.seq);
    json_key(out, "compared"), json_bool(out, a->trusted);
    json_key(out, "same_rulebooks"), json_bool(out, c->rows_equal);
    json_key(out, "differ"), json_number(out, (int64_t)c->differ);
    json_key(out, "tables"), json_open_list(out);
    for (unsigned i = 0; i < c->count; i++) {
        json_open(out);
        json_key(out, "table"), json_string(out, c->tables[i].table);
        json_key(out, "rows_before"), json_number(out, (int64_t)c->tables[i].before);
        json_key(out, "rows"), json_number(out, (int64_t)c->tables[i].after);
        json_key(out, "differ"), json_number(out, (int64_t)c->tables[i].differ);
        json_close(out);
    }
    json_close_list(out);
    json_close(out);
}

static int show(const struct json *answer)
{
    static const char *const columns[] = { "table", "rows_before", "rows", "differ", NULL };
    const struct json *differ = answer ? json_get(answer, "differ") : NULL;
    if (answer)
        render(answer, columns);
    if (!differ || differ->hundredths == 0)
        return CTL_DONE;
    fputs(say("parcoursctl: les vues n'étaient pas ce que dit le journal ; elles le sont maintenant\n",
              "parcoursctl: the views were not what the log says; they are now\n"), stderr);
    return CTL_REFUSED;
}

static int here(const char *directory)
{
    static const struct json_limits limits = { REPORT_BYTES_MAX, 8, 10000 };
    struct alone a = { .directory = directory };
    struct json_out out;
    struct json_error error;
    const struct json *answer = NULL;
    int f = rebuild_alone(&a);
    if (f) {
        fprintf(stderr, "parcoursctl: %s: %s (%s)\n", say("vues inchangées", "the views are as they were"), failure_sentence(), failure_text(f));
        return failure_exit(f);
    }
    json_out_init(&out, REPORT_BYTES_MAX);
    report(&out, &a);
    if (json_read(&ctl.arena, (struct text){ out.at, (uint32_t)out.bytes }, &limits, &answer, &error) != 0)
        abort();
    if (ctl.json)
        printf("%.*s\n", (int)out.bytes, out.at);
    f = ctl.json ? (a.comparison.differ ? CTL_REFUSED : CTL_DONE) : show(answer);
    json_out_free(&out);
    arena_free(&a.arena);
    return f;
}

int verb_rebuild(int argc, char **argv)
{
    static const struct option options[] = { { "store", required_argument, NULL, 's' }, CTL_OPTIONS };
    const char *store = NULL;
    const struct json *answer;
    int option;
    while ((option = ctl_option(argc, argv, "", options)) != -1) {
        if (option == 's')
            store = optarg;
        else if (!settings_option(argv[0], option, optarg))
            return CTL_USAGE;
    }
    if (optind < argc)
        return verb_usage(argv[0]);
    if (store)
        return here(store);
    int status = ctl_post("/v1/rebuild", TEXT(""), NULL, &answer);
    return status != CTL_DONE ? status : show(answer);
}
