/* Keeping what was accepted: records to the log, rows to the views, folds to memory. And filling views from the log. */
#include <stdio.h>
#include <string.h>

#include "../events/failure.h"
#include "desk_inside.h"

#define REFILL_ARENA_BYTES (512u << 20)

/* ---- the PLIE's own events ---- */
static int adopt(struct desk *d, const struct event *e)
{
    const struct rulebook_adopted *a = e->data;
    struct problems problems = { .count = 0 };
    struct rulebook *book = ARENA_ARRAY(&d->lasting, struct rulebook, 1);
    struct rulebooks *books = ARENA_ARRAY(&d->lasting, struct rulebooks, 1);
    int f = rulebook_read_adopted(&d->lasting, a->values, book, &problems);
    if (f)
        return failure_say(FAIL_DAMAGED, "the rulebook adopted by event %llu", (unsigned long long)e->seq);
    book->seq = e->seq;
    book->from_day = (int32_t)a->from_day;
    /* Readers keep the list they have; the new one is another. */
    *books = *atomic_load(&d->books);
    f = rulebooks_adopt(books, book);
    if (!f)
        atomic_store(&d->books, books);
    return f;
}

int read_plie(struct desk *d, const struct event *e)
{
    if (e->kind->number == KIND_plie_created) {
        const struct plie_created *p = e->data;
        snprintf(d->name, sizeof(d->name), "%.*s", TEXT_ARGS(p->name));
        snprintf(d->zone, sizeof(d->zone), "%.*s", TEXT_ARGS(p->zone));
        d->demo = p->demo == 1;
    } else if (e->kind->number == KIND_territory_set) {
        if (!d->territory_changed)
            memcpy(d->territory_before, d->territory, sizeof(d->territory));
        d->territory_changed = true;
        snprintf(d->territory, sizeof(d->territory), "%.*s", TEXT_ARGS(((const struct territory_set *)e->data)->communes));
    } else if (e->kind->number == KIND_rulebook_adopted) {
        return adopt(d, e);
    }
    return 0;
}

/* ---- keeping ---- */
static int key_for(struct desk *d, const struct draft *w, struct key *ret)
{
    if (!w->is_new || w->fold.version > 1)  /* opened earlier in this lot */
        return vault_key(d->vault, w->fold.stream, ret);
    d->vault_touched = true;
    return vault_create(d->vault, w->fold.stream, ret);
}

static int append(struct desk *d, struct pending *p, uint64_t version)
{
    struct key key;
    struct hash leaf;
    struct text record;
    struct draft *w = p->draft;
    uint64_t last = w->fold.version;
    w->fold.version = version;
    int f = key_for(d, w, &key);
    w->fold.version = last;
    if (!f)
        f = record_write(&d->recorder, p->event, &p->fingerprint, &w->fold.head, &key, &record, &leaf);
    if (f)
        return f;
    log_append(d->log_txn, p->event->seq, record);
    views_note(d->views_txn, p->event->stream, p->event->version, p->event->seq, w->fold.type, p->fingerprint.given ? p->fingerprint.id : NULL);
    w->fold.head = leaf;
    w->fold.bytes += record.bytes;
    d->position.seq = p->event->seq;
    d->position.leaf = leaf;
    return 0;
}

/* What the other streams' folds know is refolded whole: they are short. */
static int keep_card(struct desk *d, struct draft *w)
{
    const struct event **events;
    uint32_t count;
    int f = stream_events(&d->arena, d->log_txn, d->views_txn, w->fold.stream, NULL, &events, &count);
    if (f)
        return f;
    card_fold(&w->fold.card, &d->arena, events, count);
    folds_put(d->folds, &w->fold, NULL);
    return 0;
}

static int keep_draft(struct desk *d, struct draft *w)
{
    if (w->fold.type == STREAM_participant)
        folds_put(d->folds, &w->fold, &w->work);
    return w->fold.type == STREAM_participant ? 0 : keep_card(d, w);
}

/* Rows first: the fold that is taken back is read from memory, or from a log that does not hold the new events yet. */
static void change_rows(struct desk *d, const struct draft *w)
{
    const struct fold *before = w->is_new ? NULL : folds_get(d->folds, d->log_txn, d->views_txn, w->fold.stream, atomic_load(&d->books));
    struct parcours old;
    if (before)
        parcours_look(&old, before->packed);
    views_change(d->views_txn, &d->arena, before ? &old : NULL, &w->work);
}

int keep_lot(struct desk *d, struct lot *lot)
{
    int f = 0;
    bool adopted = false;
    for (struct draft *w = lot->drafts; w; w = w->next)
        if (w->changed && w->fold.type == STREAM_participant)
            change_rows(d, w);
    for (struct pending *p = lot->first; p && !f; p = p->next)
        f = append(d, p, p->event->version);
    for (struct draft *w = lot->drafts; w && !f; w = w->next)
        f = w->changed ? keep_draft(d, w) : 0;
    if (!f) {
        d->position.streams = lot->streams;
        d->last_ms = lot->last_ms;
    }
    for (struct pending *p = lot->first; p && !f; p = p->next)
        if (p->event->kind->number == KIND_participant_erased) {
            d->erased[d->erased_count++] = p->event->stream;
        } else if (p->event->stream == 0) {
            f = read_plie(d, p->event);
            adopted = adopted || p->event->kind->number == KIND_rulebook_adopted;
        }
    return !f && adopted ? refill_rows(d) : f;
}

/* ---- filling ---- */
struct indexing {
    struct desk *desk;
    struct arena arena;
    int failure;
};

static bool index_one(void *context, uint64_t seq, struct text record)
{
    struct indexing *x = context;
    struct event e;
    struct fingerprint f;
    arena_reset(&x->arena);
    if (!record_read(&x->arena, record, NULL, &e, &f) || e.seq != seq) {
        x->failure = failure_say(FAIL_DAMAGED, "record %llu cannot be read", (unsigned long long)seq);
        return false;
    }
    views_note(x->desk->views_txn, e.stream, e.version, seq, e.kind->stream, f.given ? f.id : NULL);
    x->desk->position.seq = seq;
    x->desk->position.leaf = record_leaf(record);
    if (e.version == 1)
        x->desk->position.streams = e.stream + 1;
    return true;
}

int index_log(struct desk *d, uint64_t from_seq)
{
    struct indexing x = { .desk = d };
    arena_init(&x.arena, RECORD_BYTES_MAX * 4);
    log_walk(d->log_txn, from_seq, index_one, &x);
    arena_free(&x.arena);
    return x.failure;
}

static void refill_one(struct desk *d, struct arena *arena, const struct fold *fold)
{
    struct parcours p;
    parcours_look(&p, fold->packed);
    views_change(d->views_txn, arena, NULL, &p);
}

int refill_rows(struct desk *d)
{
    struct arena arena;
    int f = 0;
    arena_init(&arena, REFILL_ARENA_BYTES);
    for (unsigned i = 0; i < projection_count; i++)
        store_empty(d->views_txn, TABLES_FIXED + i);
    folds_forget(d->folds);
    const struct rulebooks *books = atomic_load(&d->books);
    for (uint64_t stream = 1; stream < d->position.streams && !f; stream++) {
        arena_reset(&arena);
        const struct fold *fold = folds_get(d->folds, d->log_txn, d->views_txn, stream, books);
        if (!fold)
            f = failure_say(FAIL_DAMAGED, "stream %llu cannot be folded", (unsigned long long)stream);
        else if (fold->packed)
            refill_one(d, &arena, fold);
    }
    arena_free(&arena);
    return f;
}

/* The process died between the log's commit and the views'. The streams whose events are missing there have their rows
 * taken back, as they were at the views' position, and put again. */
struct catching {
    struct desk *desk;
    struct arena arena;
    uint64_t from_seq;          /* the first that is missing */
    bool adopted;
    int failure;
};

static uint32_t count_before(const struct event *const *events, uint32_t count, uint64_t seq)
{
    while (count && events[count - 1]->seq >= seq)
        count--;
    return count;
}

static void put_again(struct catching *c, uint64_t stream)
{
    struct desk *d = c->desk;
    const struct event **events;
    struct parcours before, after;
    uint32_t count;
    const struct rulebooks *books = atomic_load(&d->books);
    c->failure = stream_events(&c->arena, d->log_txn, d->views_txn, stream, NULL, &events, &count);
    uint32_t known = c->failure ? 0 : count_before(events, count, c->from_seq);
    if (c->failure || events[0]->kind->stream != STREAM_participant)
        return;
    parcours_fold(&before, &c->arena, stream, events, known, INT32_MAX, INT64_MAX, books);
    parcours_fold(&after, &c->arena, stream, events, count, INT32_MAX, INT64_MAX, books);
    views_change(d->views_txn, &c->arena, known ? &before : NULL, &after);
}

/* Once a stream: at the first of its events that is missing. */
static bool catch_one(void *context, uint64_t seq, struct text record)
{
    struct catching *c = context;
    struct event e;
    uint64_t first;
    arena_reset(&c->arena);
    record = arena_text(&c->arena, record.at, record.bytes);
    if (!record_read(&c->arena, record, NULL, &e, NULL)) {
        c->failure = failure_say(FAIL_DAMAGED, "record %llu cannot be read", (unsigned long long)seq);
        return false;
    }
    uint64_t *seqs = ARENA_ARRAY(&c->arena, uint64_t, e.version);
    uint32_t n = views_stream(c->desk->views_txn, e.stream, seqs, (uint32_t)e.version);
    for (first = 0; first < n && seqs[first] < c->from_seq; first++)
        ;
    if (e.stream == 0) {
        c->failure = read_plie(c->desk, &e);
        c->adopted = c->adopted || e.kind->number == KIND_rulebook_adopted;
    } else if (first < n && seqs[first] == seq) {
        put_again(c, e.stream);
    }
    return !c->failure;
}

int catch_up(struct desk *d)
{
    int64_t ms;
    uint64_t last;
    struct catching c = { .desk = d, .from_seq = d->position.seq + 1 };
    int f = log_last(d->log, &last, &ms);
    if (f || last < c.from_seq)
        return f;
    f = index_log(d, c.from_seq);
    arena_init(&c.arena, REFILL_ARENA_BYTES);
    if (!f)
        log_walk(d->log_txn, c.from_seq, catch_one, &c);
    arena_free(&c.arena);
    if (!f)
        f = c.failure;
    return !f && c.adopted ? refill_rows(d) : f;
}
