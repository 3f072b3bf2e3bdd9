/* Which rulebook is in force on which day, once all adoptions are known. */
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "rulebook.h"

/* The later day wins; of one day, the later adoption. */
static bool is_later(const struct rulebook *a, const struct rulebook *b)
{
    return a->from_day != b->from_day ? a->from_day > b->from_day : a->seq > b->seq;
}

static bool same_rule(const struct rulebook_rule *a, const struct rulebook_rule *b)
{
    bool valued = a->mode == MODE_FLAG || a->mode == MODE_REFUSE;
    return a->mode == b->mode && a->reading == b->reading && text_equal(a->source, b->source) && text_equal(a->words, b->words) &&
           text_equal(a->why, b->why) && (!valued || memcmp(&a->value, &b->value, sizeof(a->value)) == 0);
}

bool rulebook_same(const struct rulebook *a, const struct rulebook *b)
{
    bool same = text_equal(a->name, b->name) && text_equal(a->title, b->title) && text_equal(a->document, b->document);
    for (int r = 0; r < RULES && same; r++)
        same = same_rule(&a->rule[r], &b->rule[r]);
    return same;
}

const struct rulebook *rulebook_on(const struct rulebooks *all, int32_t day, uint64_t seq)
{
    const struct rulebook *found = NULL, *earliest = NULL;
    for (uint32_t i = 0; i < all->count; i++) {
        const struct rulebook *b = all->at[i];
        if (b->seq > seq)
            continue;
        if (b->from_day <= day && (found == NULL || is_later(b, found)))
            found = b;
        if (earliest == NULL || b->from_day < earliest->from_day || (b->from_day == earliest->from_day && b->seq > earliest->seq))
            earliest = b;
    }
    return found ? found : earliest;
}

static int by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

int rulebooks_adopt(struct rulebooks *books, const struct rulebook *book)
{
    int32_t days[RULEBOOKS_MAX];
    uint32_t n = 0;
    if (books->count == RULEBOOKS_MAX)
        return failure_say(FAIL_TOO_LARGE, "at most %d rulebooks may be adopted", RULEBOOKS_MAX);
    books->at[books->count++] = book;
    for (uint32_t i = 0; i < books->count; i++)
        days[n++] = books->at[i]->from_day;
    qsort(days, n, sizeof(days[0]), by_day);
    books->regime_count = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (i + 1 < n && days[i + 1] == days[i])
            continue;
        struct regime *r = &books->regimes[books->regime_count];
        /* Before the first one is in force it serves already: a PLIE is never without rules. */
        r->from_day = books->regime_count == 0 ? INT32_MIN : days[i];
        r->before_day = INT32_MAX;
        r->book = rulebook_on(books, days[i], UINT64_MAX);
        if (books->regime_count > 0)
            r[-1].before_day = days[i];
        books->regime_count++;
    }
    return 0;
}

void rulebooks_until(const struct rulebooks *all, uint64_t seq, struct rulebooks *ret)
{
    ret->count = ret->regime_count = 0;
    for (uint32_t i = 0; i < all->count; i++)
        if (all->at[i]->seq <= seq)
            rulebooks_adopt(ret, all->at[i]);
}
