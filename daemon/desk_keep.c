/* Keeping what was accepted: records to the log, rows to the views, folds to memory. */
#include <stdio.h>
#include <string.h>

#include "../events/failure.h"
#include "../projections/adoptions.h"
#include "desk_inside.h"

/* ---- the PLIE's own events ---- */
static int adopt(struct desk *d, const struct event *e)
{
    const struct rulebooks *books;
    int f = adoptions_add(&d->lasting, atomic_load(&d->books), e, &books);
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
    views_note(d->views_txn, p->event, w->fold.type, p->fingerprint.given ? p->fingerprint.id : NULL);
    w->fold.head = leaf;
    w->fold.bytes += record.bytes;
    d->position.seq = p->event->seq;
    d->position.leaf = leaf;
    return 0;
}

/* What the other streams' folds know is refolded whole: they are short. */
static int keep_card(struct desk *d, struct draft *w)
{
    const struct event *const *events, **standing;
    uint32_t count;
    int f = refold_events(d->refold, d->log_txn, d->views_txn, w->fold.stream, &events, &count);
    if (f)
        return f;
    arena_reset(&d->scratch);
    count = parcours_standing(&d->scratch, events, count, INT32_MAX, INT64_MAX, &standing);
    card_fold(&w->fold.card, standing, count);
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
static int change_rows(struct desk *d, const struct draft *w)
{
    if (rows_behind(d))
        return change_rows_as_they_are(d, w);
    const struct fold *before = w->is_new ? NULL : folds_get(d->folds, d->log_txn, d->views_txn, w->fold.stream, atomic_load(&d->books));
    struct parcours old;
    if (before)
        parcours_look(&old, before->packed);
    arena_reset(&d->scratch);
    views_change(d->views_txn, &d->scratch, before ? &old : NULL, &w->work);
    return 0;
}

int keep_lot(struct desk *d, struct lot *lot)
{
    int f = 0;
    bool adopted = false;
    for (struct draft *w = lot->drafts; w && !f; w = w->next)
        if (w->changed && w->fold.type == STREAM_participant)
            f = change_rows(d, w);
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
    if (adopted)
        folds_forget(d->folds);     /* they are judged anew at once; the lists follow (rebuild.h) */
    return f;
}
