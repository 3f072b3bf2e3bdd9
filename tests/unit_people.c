/* People in memory: put, put again, removed; each found by what is shared, and by nothing else. */
#include <stdlib.h>

#include "../daemon/people.h"
#include "unit.h"

#define PEOPLE 3000

static const struct key secret = { { 9 } };

static void put(struct people *p, uint64_t stream, struct text name, int32_t born, const uint64_t *others, uint32_t count)
{
    struct identity i = NO_IDENTITY;
    struct features f;
    i.name = name;
    i.first_name = TEXT("Alex");
    i.born = born;
    features_of(&secret, &i, &f);
    people_put(p, stream, &f, others, count);
}

static uint32_t like(struct people *p, struct arena *arena, uint64_t stream, struct candidate **ret)
{
    return people_like(p, arena, stream, LIKENESS_SHOWN, false, ret);
}

TEST(people_are_found_put_again_and_removed)
{
    struct arena arena;
    struct candidate *found;
    uint64_t words[WORDS_OF_NAME_MAX], *named;
    struct people *p = people_new();
    arena_init(&arena, 1u << 20);
    put(p, 1, TEXT("Dupont"), 3700, NULL, 0);
    put(p, 5, TEXT("DUPOND"), 3700, NULL, 0);
    put(p, 9, TEXT("Durand"), 3700, NULL, 0);
    CHECK_INT(like(p, &arena, 1, &found), 1);
    CHECK_INT(found[0].stream, 5);
    CHECK_INT(people_like(p, &arena, 5, LIKENESS_SHOWN, true, &found), 0);      /* the pair is 1's to tell */
    CHECK_INT(people_named(p, &arena, words, features_words(&secret, TEXT("alex dupont"), words), &named), 2);
    CHECK_INT(people_named(p, &arena, words, features_words(&secret, TEXT("  "), words), &named), 0);
    put(p, 5, TEXT("DUPOND"), 4000, NULL, 0);
    CHECK_INT(like(p, &arena, 1, &found), 0);
    put(p, 5, TEXT("DUPOND"), 3700, (const uint64_t[]){ 7, 1 }, 2);
    CHECK_INT(like(p, &arena, 1, &found), 0);   /* said to be another, on either side */
    CHECK_INT(like(p, &arena, 5, &found), 0);
    put(p, 5, TEXT("DUPOND"), 3700, NULL, 0);
    people_remove(p, 1);
    CHECK_INT(like(p, &arena, 5, &found), 0);
    CHECK_INT(like(p, &arena, 1, &found), 0);
    CHECK_INT(people_named(p, &arena, words, features_words(&secret, TEXT("dupont"), words), &named), 1);
    people_remove(p, 123456);
    CHECK_INT(people_count(p), 2);
    people_free(p);
    arena_free(&arena);
}

TEST(many_people_are_kept_apart)
{
    struct arena arena;
    struct candidate *found;
    struct people *p = people_new();
    arena_init(&arena, 16u << 20);
    for (uint64_t i = 0; i < PEOPLE; i++)      /* two of each day */
        put(p, i * 3, TEXT("Dupont"), (int32_t)(i / 2), NULL, 0);
    uint32_t wrong = 0;
    for (uint64_t i = 0; i < PEOPLE; i++) {
        uint32_t n = like(p, &arena, i * 3, &found);
        bool partner = false;
        for (uint32_t k = 0; k < n; k++)        /* the others were born that day, too, day and month exchanged */
            partner = partner || found[k].stream == (i ^ 1) * 3;
        wrong += !partner || n > 4;
    }
    CHECK_INT(wrong, 0);
    for (uint64_t i = 0; i < PEOPLE; i += 2)
        people_remove(p, i * 3);
    CHECK_INT(people_count(p), PEOPLE / 2);
    people_free(p);
    arena_free(&arena);
}
