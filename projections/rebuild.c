#include "rebuild.h"

#include "../events/failure.h"
#include "adoptions.h"

#define NEAR_EVENTS 256         /* the writer catches up so many between two batches: milliseconds */
#define NEAR_TURNS_MAX 20       /* in vain; then it catches up whatever there is */
#define CATCH_UPS_MAX 32
#define BOOKS_ARENA_BYTES (64u << 20)

static int begin(struct rebuild *r)
{
    arena_init(&r->arena, BOOKS_ARENA_BYTES);
    int f = views_aside(r->directory, &r->fresh);
    r->filling = (struct filling){ .log = r->log, .views = r->fresh, .spares_disk = r->spares_disk, .go_on = r->go_on, .context = r->context };
    return f;
}

/* What the views that serve reflect: the log may be a commit ahead of them. */
static int head_of(struct rebuild *r, uint64_t *ret)
{
    int f;
    int64_t ms;
    struct position at = { 0 };
    if (!r->serving)
        return log_last(r->log, ret, &ms);
    struct store_txn *txn = store_read_begin(views_store(r->serving), &f);
    if (!txn)
        return failure_say(f, "look at views");
    if (!views_position(txn, &at))
        f = failure_say(FAIL_DAMAGED, "views without a position");
    store_read_end(txn);
    *ret = at.seq;
    return f;
}

static const struct rulebooks *books_then(struct rebuild *r)
{
    return adoptions_until(&r->arena, r->books(r->books_context), r->filling.position.seq);
}

static bool rows_are_of(const struct rebuild *r, const struct rulebooks *books)
{
    return r->filling.books && adoptions_last(r->filling.books) == adoptions_last(books);
}

static int fill_to(struct rebuild *r, uint64_t seq)
{
    int f = r->filling.books ? filling_catch_up(&r->filling, seq) : filling_index(&r->filling, seq);
    const struct rulebooks *books = books_then(r);
    return !f && !rows_are_of(r, books) ? filling_rows(&r->filling, books) : f;
}

static bool compares_on(void *context)
{
    struct rebuild *r = context;
    return !r->go_on || r->go_on(r->context, 1, 1);
}

/* The old ones stand still in a read transaction; the new ones are brought to that very position. The transaction is held for
 * seconds, and what grows by it is thrown away afterwards. */
static int compare(struct rebuild *r)
{
    int f;
    struct position at;
    struct store_txn *old = store_read_begin(views_store(r->serving), &f), *new = NULL;
    if (!old)
        return failure_say(f, "compare views");
    f = views_position(old, &at) ? fill_to(r, at.seq) : failure_say(FAIL_DAMAGED, "compare views: they have no position");
    if (!f)
        new = store_read_begin(views_store(r->fresh), &f);
    if (!f && !views_compare(old, new, compares_on, r, &r->comparison))
        f = failure_say(FAIL_STOPPED, "compare views");
    if (!f && memcmp(&at, &r->filling.position, sizeof(at)) != 0)
        r->comparison.differ++;     /* another leaf, or another number of streams: the next start would not trust them */
    r->compared_at = r->filling.position;
    if (new)
        store_read_end(new);
    store_read_end(old);
    return f;
}

int rebuild_fill(struct rebuild *r)
{
    uint64_t head;
    int f = r->fresh ? 0 : begin(r);
    if (!f)
        f = head_of(r, &head);
    if (!f)
        f = fill_to(r, head);
    if (!f && r->serving && r->compared_at.seq == 0)
        f = compare(r);
    for (unsigned i = 0; i < CATCH_UPS_MAX && !f; i++) {
        f = head_of(r, &head);
        if (!f && head - r->filling.position.seq <= NEAR_EVENTS)
            break;
        if (!f)
            f = fill_to(r, head);
    }
    return f ? failure_say(f, "rebuild views") : 0;
}

int rebuild_switch(struct rebuild *r, const struct position *head, const struct rulebooks *books, bool *ret_done)
{
    bool near = head->seq - r->filling.position.seq <= NEAR_EVENTS || r->turns >= NEAR_TURNS_MAX;
    *ret_done = false;
    r->turns++;
    if (!near || !rows_are_of(r, books))
        return 0;
    r->filling.go_on = NULL;
    r->filling.spares_disk = false;
    int f = filling_catch_up(&r->filling, head->seq);
    if (!f && (memcmp(&head->leaf, &r->filling.position.leaf, sizeof(head->leaf)) != 0 || head->streams != r->filling.position.streams))
        f = failure_say(FAIL_DAMAGED, "rebuild views: they reflect another log");
    if (!f)
        f = views_put_in_place(r->fresh);
    *ret_done = !f;
    return f;
}

int rebuild_settle(struct rebuild *r)
{
    int f = views_settle(r->fresh);
    r->fresh = NULL;        /* the desk's */
    return f;
}

void rebuild_drop(struct rebuild *r)
{
    views_discard(r->fresh);
    r->fresh = NULL;
    arena_free(&r->arena);
}
