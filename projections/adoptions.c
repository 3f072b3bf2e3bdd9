#include "adoptions.h"

#include "../events/failure.h"
#include "folds.h"

int adoptions_add(struct arena *lasting, const struct rulebooks *before, const struct event *e, const struct rulebooks **ret)
{
    const struct rulebook_adopted *a = e->data;
    struct problems problems = { .count = 0 };
    struct rulebook *book = ARENA_ARRAY(lasting, struct rulebook, 1);
    struct rulebooks *books = ARENA_ARRAY(lasting, struct rulebooks, 1);
    int f = rulebook_read_adopted(lasting, a->values, book, &problems);
    if (f)
        return failure_say(FAIL_DAMAGED, "the rulebook adopted by event %llu", (unsigned long long)e->seq);
    book->seq = e->seq;
    book->from_day = (int32_t)a->from_day;
    *books = *before;
    f = rulebooks_adopt(books, book);
    *ret = books;
    return f;
}

int adoptions_read(struct arena *lasting, struct store_txn *log, struct store_txn *views, const struct rulebooks **ret)
{
    const struct event **events;
    uint32_t count;
    *ret = ARENA_ARRAY(lasting, struct rulebooks, 1);
    int f = stream_events(lasting, log, views, 0, NULL, &events, &count);
    for (uint32_t i = 0; !f && i < count; i++)
        if (events[i]->kind->number == KIND_rulebook_adopted)
            f = adoptions_add(lasting, *ret, events[i], ret);
    return f;
}

uint64_t adoptions_last(const struct rulebooks *books)
{
    return books->count ? books->at[books->count - 1]->seq : 0;
}

const struct rulebooks *adoptions_until(struct arena *arena, const struct rulebooks *all, uint64_t seq)
{
    if (adoptions_last(all) <= seq)
        return all;
    struct rulebooks *then = ARENA_ARRAY(arena, struct rulebooks, 1);
    rulebooks_until(all, seq, then);
    return then;
}
