/* parcoursd: one store, one writer, some loops. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../events/failure.h"
#include "commands.h"
#include "deliveries.h"
#include "duplicates.h"
#include "feed.h"
#include "filing.h"
#include "routes.h"
#include "rebuild.h"
#include "settings.h"
#include "waiters.h"
#include "workers.h"
#include "writer.h"

#define STOP_CHECK_MS 200
#define STOP_JUDGING_MS_MAX 3000        /* then what is not decided yet is refused: it may be sent again to the next process */
#define SHOW_AFTER_MS 1000
#define SHOW_EVERY_MS 200

struct daemon {
    struct settings settings;
    struct service service;
    struct loop loops[LOOPS_MAX];
    struct mailbox *mailboxes[LOOPS_MAX];
    pthread_t threads[LOOPS_MAX];
    struct event *signals[2], *watches[LOOPS_MAX];
};

static int fail(int failure, const char *what)
{
    fprintf(stderr, "parcoursd: %s: %s (%s)\n", what, failure_sentence(), failure_text(failure));
    return failure_exit(failure);
}

static void harden(void)
{
    umask(0077);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);       /* a file beyond its limit is an error to handle, not a death */
    prctl(PR_SET_DUMPABLE, 0);      /* the keys are in memory */
}

static int raise_descriptors(struct settings *s)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return 0;
    r.rlim_cur = r.rlim_max;
    setrlimit(RLIMIT_NOFILE, &r);
    if ((rlim_t)s->connections_max + 64 > r.rlim_cur) {
        fprintf(stderr, "parcoursd: %lld connections need %lld descriptors, the system allows %lld\n", (long long)s->connections_max,
                (long long)s->connections_max + 64, (long long)r.rlim_cur);
        return 78;
    }
    return 0;
}

/* One line on a terminal, once it takes long; nothing in a pipe. */
static bool show_filling(void *context, uint64_t done, uint64_t all)
{
    static int64_t began_ms, shown_ms;
    int64_t now = service_elapsed_ms();
    (void)context;
    if (began_ms == 0)
        began_ms = now;
    bool shows = shown_ms || now - began_ms > SHOW_AFTER_MS;
    if (isatty(STDERR_FILENO) && shows && (now - shown_ms > SHOW_EVERY_MS || done == all)) {
        fprintf(stderr, "\rparcoursd: filling the views from the log: %llu %%%s", (unsigned long long)(all ? done * 100 / all : 100), done == all ? "\n" : "");
        shown_ms = now;
    }
    return true;
}

/* Told to stop, the writer has a while for what it is judging. It alone asks. */
static bool writer_goes_on(void *context)
{
    static int64_t stopping_ms;
    struct service *s = context;
    if (!atomic_load(&s->draining))
        return true;
    if (stopping_ms == 0)
        stopping_ms = service_elapsed_ms();
    return service_elapsed_ms() - stopping_ms < STOP_JUDGING_MS_MAX;
}

static uint64_t file_bytes_max(void)
{
    struct rlimit r;
    return getrlimit(RLIMIT_FSIZE, &r) == 0 && r.rlim_cur != RLIM_INFINITY ? (uint64_t)r.rlim_cur : 0;
}

static int open_service(struct daemon *d)
{
    struct service *s = &d->service;
    s->settings = &d->settings;
    struct desk_options options = { .directory = d->settings.store, .master_key = d->settings.key_path,
                                    .folds_bytes_max = (size_t)d->settings.folds_mib << 20,
                                    .log_quota_bytes = (uint64_t)d->settings.log_quota_mib << 20,
                                    .file_bytes_max = file_bytes_max(), .day_of = service_day_of };
    options.now_ms = service_clock;
    options.filling = show_filling;
    options.go_on = writer_goes_on;
    options.context = s;
    int f = desk_open(&options, &s->desk);
    if (f)
        return f;
    char zone[64];
    snprintf(zone, sizeof(zone), "%.*s", TEXT_ARGS(desk_zone(s->desk)));
    setenv("TZ", zone, 1);
    tzset();
    vault_mac_key(desk_vault(s->desk), "command_", &s->mac_key);
    s->started_ms = service_now_ms();
    return 0;
}

/* LMDB trusts its pages: on damaged ones it dies. So a child looks first, at the ways to the first and the last record, and
 * its death means that the log is damaged. */
static int look_first(const char *store, bool only_read)
{
    int status;
    pid_t child = fork();
    if (child < 0)
        return failure_say(FAIL_SYSTEM, "look at the log: %s", strerror(errno));
    if (child == 0) {
        struct log *log;
        struct text record;
        uint64_t seq;
        int64_t ms;
        int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(quiet, STDERR_FILENO);     /* LMDB's own words when it dies are no help to anybody */
        int f = log_open(store, false, only_read, 0, &log);
        if (f)
            _exit(0);   /* said better by whoever opens it for good */
        f = log_last(log, &seq, &ms);
        struct store_txn *txn = f ? NULL : only_read ? store_read_begin(log_store(log), &f) : log_begin(log, &f);
        bool walked = txn && log_record(txn, 1, &record);
        if (txn && !only_read) {
            log_append(txn, seq + 1, TEXT("never committed: it only makes LMDB look for a free page"));
            store_abort(txn);
        }
        _exit(walked ? 0 : 1);
    }
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return failure_say(FAIL_DAMAGED, "open log: its pages cannot be walked (log/data.mdb)");
    return 0;
}

/* -n: what a start would find. Nothing is locked or written, so that a store that is being served may be looked at, too. */
static int check(const struct settings *s)
{
    char path[4096];
    struct log *log = NULL;
    uint64_t seq = 0;
    int64_t ms;
    snprintf(path, sizeof(path), "%s/vault", s->store);
    int f = look_first(s->store, true);
    if (!f)
        f = log_open(s->store, false, true, 0, &log);
    if (!f)
        f = log_last(log, &seq, &ms);
    if (!f)
        f = vault_look(path, s->key_path);
    log_close(log);
    if (!f)
        fprintf(stderr, "parcoursd: %s is there, with %llu events and its key, to be served on %s\n", s->store, (unsigned long long)seq, s->listen);
    return f;
}

/* ---- loops ---- */
static void committed(struct loop *l)
{
    feed_committed(l);
    waiters_committed(l);
}

static int open_loop(struct daemon *d, unsigned i)
{
    struct loop *l = &d->loops[i];
    struct http_limits limits = http_limits_default;
    limits.connections_max = (unsigned)(d->settings.connections_max / d->settings.loops) + 1;
    l->service = &d->service;
    l->number = i;
    l->base = event_base_new();
    arena_init(&l->arena, REQUEST_ARENA_BYTES);
    json_out_init(&l->out, ANSWER_BYTES_MAX);
    l->http = l->base ? http_server_new(l->base, &limits, routes_handle, l) : NULL;
    if (!l->http)
        return failure_say(FAIL_MEMORY, "event loop");
    http_server_on_head(l->http, routes_body_bytes_max);
    l->tasks = tasks_new(l);
    l->mailbox = d->mailboxes[i] = mailbox_new(l, commands_deliver, committed);
    const char *listen = d->settings.listen;
    bool socket_path = strncmp(listen, "unix:", 5) == 0;
    if (socket_path && i > 0)
        return 0;   /* one loop owns the socket; the others have nothing to do */
    int e = socket_path ? http_listen_unix(l->http, listen + 5, 0600) : http_listen_tcp(l->http, listen, d->settings.loops > 1);
    return e ? failure_say(FAIL_ADDRESS, "listen on %s: %s", listen, strerror(e)) : 0;
}

static void *run_loop(void *context)
{
    event_base_dispatch(((struct loop *)context)->base);
    return NULL;
}

/* ---- stopping ---- */
static void drained(void *context)
{
    event_base_loopbreak(((struct loop *)context)->base);
}

static void drain_here(struct loop *l)
{
    feed_end(l);
    waiters_end(l);
    http_server_drain(l->http, drained, l);
}

/* This is safe because libevent runs signal events in the loop, not in the signal's context. */
static void on_signal(evutil_socket_t number, short what, void *context)
{
    (void)number, (void)what;
    atomic_store(&((struct daemon *)context)->service.draining, true);
}

/* Each loop looks for itself, for bases have no locks: told to stop, or a writer that cannot go on (its answers have left by
 * now, and the process must look at its store again). */
static void on_watch(evutil_socket_t fd, short what, void *context)
{
    struct loop *l = context;
    struct service *s = l->service;
    (void)fd, (void)what;
    if (atomic_load(&s->failure))
        atomic_store(&s->draining, true);
    if (!atomic_load(&s->draining) || l->ending)
        return;
    l->ending = true;
    drain_here(l);
}

static int watch(struct daemon *d)
{
    struct timeval often = { 0, STOP_CHECK_MS * 1000 };
    struct event_base *base = d->loops[0].base;
    d->signals[0] = evsignal_new(base, SIGTERM, on_signal, d);
    d->signals[1] = evsignal_new(base, SIGINT, on_signal, d);
    bool good = d->signals[0] && d->signals[1] && event_add(d->signals[0], NULL) == 0 && event_add(d->signals[1], NULL) == 0;
    for (unsigned i = 0; i < (unsigned)d->settings.loops && good; i++) {
        d->watches[i] = event_new(d->loops[i].base, -1, EV_PERSIST, on_watch, &d->loops[i]);
        good = d->watches[i] && event_add(d->watches[i], &often) == 0;
    }
    return good ? 0 : failure_say(FAIL_MEMORY, "signals");
}

static int start_deliveries(struct service *s)
{
    struct deliveries *deliveries = NULL;
    int f = deliveries_start(s, &deliveries);
    atomic_store(&s->deliveries, deliveries);
    return f;
}

static int serve(struct daemon *d)
{
    unsigned loops = (unsigned)d->settings.loops;
    int f = 0;
    for (unsigned i = 0; i < loops && !f; i++)
        f = open_loop(d, i);
    if (!f)
        f = watch(d);
    if (!f)
        f = writer_start(&d->service, d->mailboxes, loops, &d->service.writer);
    if (!f)
        f = workers_start((unsigned)d->settings.workers, &d->service.workers);
    if (!f)
        f = rebuilder_start(&d->service, &d->service.rebuilder);
    if (!f)
        f = duplicates_start(&d->service, &d->service.duplicates);
    if (!f)
        f = filing_start(&d->service, (size_t)d->settings.filed_mib << 20, &d->service.filing);
    if (!f && d->settings.deliveries)
        f = start_deliveries(&d->service);
    if (f)
        return f;
    fprintf(stderr, "parcoursd: serving %s on %s, %llu events%s\n", d->settings.store, d->settings.listen,
            (unsigned long long)desk_position(d->service.desk), desk_refilled(d->service.desk) ? ", views filled again" : "");
    for (unsigned i = 1; i < loops; i++)
        pthread_create(&d->threads[i], NULL, run_loop, &d->loops[i]);
    run_loop(&d->loops[0]);
    for (unsigned i = 1; i < loops; i++)
        pthread_join(d->threads[i], NULL);
    f = atomic_load(&d->service.failure);
    return f ? failure_say(f, "%s", d->service.failure_sentence) : 0;
}

static void close_all(struct daemon *d, bool clean)
{
    workers_stop(d->service.workers);
    rebuilder_stop(d->service.rebuilder);
    deliveries_stop(d->service.deliveries);
    writer_stop(d->service.writer);
    deliveries_free(d->service.deliveries);
    duplicates_stop(d->service.duplicates);
    filing_stop(d->service.filing);
    for (unsigned i = 0; i < (unsigned)d->settings.loops; i++) {
        struct loop *l = &d->loops[i];
        tasks_free(l->tasks);
        if (l->http)
            http_server_free(l->http);
        mailbox_free(l->mailbox);
        arena_free(&l->arena);
        json_out_free(&l->out);
    }
    for (unsigned i = 0; i < 2; i++)
        if (d->signals[i])
            event_free(d->signals[i]);
    for (unsigned i = 0; i < LOOPS_MAX; i++)
        if (d->watches[i])
            event_free(d->watches[i]);
    for (unsigned i = 0; i < (unsigned)d->settings.loops; i++)
        if (d->loops[i].base)
            event_base_free(d->loops[i].base);
    desk_close(d->service.desk, clean);
}

int main(int argc, char **argv)
{
    static struct daemon d;
    int f = settings_read(&d.settings, argc, argv);
    if (f)
        return f < 0 ? 0 : f;
    harden();
    f = raise_descriptors(&d.settings);
    if (f)
        return f;
    catalogue_start();
    f = chain_start();
    if (f)
        return fail(f, "start");
    if (d.settings.check_only) {
        f = check(&d.settings);
        return f ? fail(f, "cannot serve the store") : 0;
    }
    f = look_first(d.settings.store, false);
    if (!f)
        f = open_service(&d);
    if (f)
        return fail(f, "cannot open the store");
    f = serve(&d);
    close_all(&d, f == 0);
    return f ? fail(f, "stopped") : 0;
}
