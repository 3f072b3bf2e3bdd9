#include "unit.h"

#include <stddef.h>

#include "../events/arena.h"

TEST(arena_gives_zeroed_aligned_memory)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    for (size_t n = 1; n < 300; n++) {
        unsigned char *p = arena_take(&a, n);
        CHECK_INT((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++)
            CHECK_INT(p[i], 0);
        memset(p, 0xff, n);
    }
    arena_reset(&a);
    unsigned char *again = arena_take(&a, 1000);
    for (size_t i = 0; i < 1000; i++)
        CHECK_INT(again[i], 0);
    arena_free(&a);
}

TEST(arena_grows_and_keeps_what_was_taken)
{
    struct arena a;
    arena_init(&a, 64 << 20);
    struct text first = arena_text(&a, "first", 5);
    char *big = arena_take(&a, 10 << 20);
    big[(10 << 20) - 1] = 1;
    for (int i = 0; i < 1000; i++)
        arena_take(&a, 3000);
    CHECK(text_is(first, "first"));
    CHECK_INT(a.taken_bytes, 5 + (10 << 20) + 3000000);
    arena_reset(&a);
    CHECK_INT(a.taken_bytes, 0);
    CHECK(a.block != NULL);
    arena_free(&a);
    CHECK(a.block == NULL);
}

TEST(arena_reset_keeps_the_first_block)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    void *one = arena_take(&a, 10);
    arena_take(&a, 200000);
    arena_reset(&a);
    CHECK(arena_take(&a, 10) == one);
    arena_free(&a);
    arena_reset(&a);    /* of an empty one */
    arena_free(&a);
}

TEST(arena_prints_short_and_long)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    CHECK(text_is(arena_print(&a, "%d days", 18), "18 days"));
    struct text t = arena_print(&a, "%2000d", 7);
    CHECK_INT(t.bytes, 2000);
    CHECK(t.at[1999] == '7' && t.at[0] == ' ');
    CHECK_INT(arena_print(&a, "%s", "").bytes, 0);
    arena_free(&a);
}
