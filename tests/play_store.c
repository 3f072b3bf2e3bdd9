/* Where a scenario happens: a store of its own in a fresh directory, whose clock the scenario sets. One batch is open at a
 * time; it is committed when the day changes, so that what is asked within a day also reads what is not committed yet. */
#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

#include "../events/failure.h"
#include "../events/founding.h"
#include "play.h"

#define DAY_MS 86400000ll
#define NINE_MS 32400000ll      /* everything is recorded at 09:00 UTC */

static int64_t now_ms(void *context)
{
    return (int64_t)((struct play *)context)->today * DAY_MS + NINE_MS;
}

static int32_t day_of_ms(void *context, int64_t ms)
{
    (void)context;
    return (int32_t)(ms / DAY_MS - (ms % DAY_MS < 0));
}

static bool failed(struct play *p, int failure)
{
    if (failure)
        play_fail(p, "%s: %s", failure_text(failure), failure_sentence());
    failure_forget();
    return failure != 0;
}

bool play_open(struct play *p)
{
    struct desk_options options = { .directory = p->store, .master_key = p->key, .now_ms = now_ms, .day_of = day_of_ms, .context = p };
    return !failed(p, desk_open(&options, &p->desk));
}

bool play_make(struct play *p, int32_t day)
{
    const char *root = getenv("TMPDIR");
    snprintf(p->directory, sizeof(p->directory), "%s/parcours-play.XXXXXX", root && *root ? root : "/tmp");
    if (!mkdtemp(p->directory)) {
        play_fail(p, "cannot make a directory like %s", p->directory);
        p->directory[0] = 0;
        return false;
    }
    snprintf(p->store, sizeof(p->store), "%s/store", p->directory);
    snprintf(p->key, sizeof(p->key), "%s/master.key", p->directory);
    p->today = day;
    struct founding seed = { TEXT("PLIE de démonstration"), TEXT("Europe/Paris"), play_book_json(p, &p->book), true, now_ms(p), day };
    play_bind(p, TEXT("PLIE"), STREAM_plie, 0);
    return !failed(p, store_found(p->store, p->key, &seed)) && play_open(p);
}

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *ftw)
{
    (void)s, (void)type, (void)ftw;
    return remove(path);
}

void play_remove(struct play *p)
{
    if (p->directory[0])
        nftw(p->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    p->directory[0] = 0;
}

bool play_forget_views(struct play *p)
{
    char views[PATH_BYTES + 32], mark[PATH_BYTES + 32];
    snprintf(views, sizeof(views), "%s/views", p->store);
    snprintf(mark, sizeof(mark), "%s/views.mark", p->store);
    return nftw(views, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 && unlink(mark) == 0;
}

bool play_ready(struct play *p)
{
    if (!p->desk) {
        play_fail(p, "a `day` comes first");
        return false;
    }
    if (!p->in_batch && failed(p, desk_begin(p->desk)))
        return false;
    p->in_batch = true;
    return true;
}

void play_settle(struct play *p)
{
    if (p->desk && p->in_batch)
        failed(p, desk_commit(p->desk));
    p->in_batch = false;
}

static const struct rulebooks *row_books(void *context)
{
    return ((struct desk *)context)->row_books;
}

void play_rebuild(struct play *p, bool as_they_are)
{
    struct comparison c;
    bool same_books = as_they_are || !rows_behind(p->desk);
    play_settle(p);
    if (as_they_are) {
        struct rebuild r;
        desk_rebuild_begin(p->desk, &r);
        r.books = row_books;
        failed(p, rebuild_fill(&r));
        c = r.comparison;
        rebuild_drop(&r);
    } else {
        failed(p, desk_rebuild(p->desk, &c));
    }
    if (c.differ || c.rows_equal != same_books)
        play_fail(p, "%llu rows of the views differ from their recomputation%s", (unsigned long long)c.differ, as_they_are ? " under their own rulebooks" : "");
    for (unsigned i = 0; i < c.count; i++)
        if (c.tables[i].differ && c.rows_equal)
            play_fail(p, "%s: %llu rows, recomputed %llu, %llu differ", c.tables[i].table, (unsigned long long)c.tables[i].before,
                      (unsigned long long)c.tables[i].after, (unsigned long long)c.tables[i].differ);
}

/* Between an adoption and the next question about rows, commands were judged by the new rulebook and rows changed under the old. */
bool play_rows(struct play *p)
{
    if (!play_ready(p))
        return false;
    if (!rows_behind(p->desk))
        return true;
    play_rebuild(p, true);
    play_rebuild(p, false);
    return play_ready(p);
}

void play_close(struct play *p)
{
    play_settle(p);
    desk_close(p->desk, true);
    p->desk = NULL;
}

void play_day(struct play *p, int32_t day)
{
    if (!p->has_book) {
        play_fail(p, "`plie` comes before the first day");
        return;
    }
    if (p->desk && day < p->today) {
        play_fail(p, "the days of a scenario never go back");
        return;
    }
    if (!p->desk && !play_make(p, day))
        return;
    if (day != p->today)
        play_settle(p);
    p->today = day;
    if (p->day_count < DAYS_MAX && (p->day_count == 0 || p->days[p->day_count - 1] != day))
        p->days[p->day_count++] = day;
}

const struct fold *play_fold(struct play *p, uint64_t stream)
{
    struct desk *d = p->desk;
    return play_ready(p) ? folds_get(d->folds, d->log_txn, d->views_txn, stream, desk_rulebooks(d)) : NULL;
}

const struct parcours *play_parcours(struct play *p, uint64_t stream)
{
    const struct fold *f = play_fold(p, stream);
    if (!f || !f->packed)
        return NULL;
    struct parcours *q = ARENA_ARRAY(&p->scratch, struct parcours, 1);
    parcours_unpack(q, &p->scratch, f->packed);
    return q;
}

enum stream_type play_type(struct play *p, const struct event *e)
{
    enum stream_type type;
    if (!views_stream_type(p->desk->views_txn, e, &type))
        play_fail(p, "nobody knows the type of stream %llu", (unsigned long long)e->stream);
    return type;
}

const struct event **play_events(struct play *p, uint64_t stream, uint32_t *ret_count)
{
    const struct event **events = NULL;
    struct key key;
    *ret_count = 0;
    if (!play_ready(p))
        return NULL;
    bool readable = vault_key(p->desk->vault, stream, &key) == 0;
    failed(p, stream_events(&p->scratch, p->desk->log_txn, p->desk->views_txn, stream, readable ? &key : NULL, &events, ret_count));
    return events;
}

/* ---- two times ---- */
struct known {
    int64_t ms;
    uint64_t seq;       /* the last event recorded by then */
};

static bool know(void *context, uint64_t seq, struct text record)
{
    struct known *k = context;
    struct record_header h;
    if (!record_header(record, &h) || h.recorded_ms > k->ms)
        return false;
    k->seq = seq;
    return true;
}

const struct rulebooks *play_books(struct play *p, int64_t known_ms)
{
    struct known k = { known_ms, 0 };
    struct rulebooks *books = ARENA_ARRAY(&p->scratch, struct rulebooks, 1);
    log_walk(p->desk->log_txn, 1, know, &k);
    rulebooks_until(desk_rulebooks(p->desk), k.seq, books);
    return books;
}

bool play_then(struct play *p, uint64_t stream, int32_t as_of, int64_t known_ms, struct parcours *ret, const struct rulebooks **ret_books)
{
    uint32_t count;
    const struct event **events = play_events(p, stream, &count);
    if (!events)
        return false;
    *ret_books = play_books(p, known_ms);
    parcours_fold(ret, &p->scratch, stream, events, count, as_of, known_ms, *ret_books);
    return true;
}
