/* Two files of one person: what is the same in spite of how it was written, and what is not. */
#include <string.h>

#include "../events/days.h"
#include "../projections/likeness.h"
#include "unit.h"

static const struct key secret = { { 7 } };

struct who {
    const char *name, *first_name, *born, *nir, *telephone, *email, *employment_service_id;
};

static struct features features(const struct who *w)
{
    struct features f;
    struct identity i = NO_IDENTITY;
    int32_t day;
    i.name = w->name ? text_of(w->name) : i.name;
    i.first_name = w->first_name ? text_of(w->first_name) : i.first_name;
    i.nir = w->nir ? text_of(w->nir) : i.nir;
    i.telephone = w->telephone ? text_of(w->telephone) : i.telephone;
    i.email = w->email ? text_of(w->email) : i.email;
    i.employment_service_id = w->employment_service_id ? text_of(w->employment_service_id) : i.employment_service_id;
    if (w->born && day_parse(text_of(w->born), &day))
        i.born = day;
    features_of(&secret, &i, &f);
    return f;
}

static struct likeness compare(struct who a, struct who b)
{
    struct features x = features(&a), y = features(&b);
    struct likeness l, back;
    likeness(&x, &y, &l);
    likeness(&y, &x, &back);
    CHECK(memcmp(&l, &back, sizeof(l)) == 0);
    if (l.score >= LIKENESS_SHOWN) {    /* then an index by the blocks finds it */
        bool shared = false;
        for (unsigned i = 0; i < x.match_count; i++)
            for (unsigned j = 0; j < y.match_count; j++)
                shared = shared || x.blocks[i] == y.blocks[j];
        CHECK(shared);
    }
    return l;
}

TEST(names_are_folded)
{
    char out[FOLDED_BYTES];
    CHECK_STR(name_fold(TEXT("Jean-Noël"), out), "JEAN NOEL");
    CHECK_STR(name_fold(TEXT("d'Œuvre"), out), "D OEUVRE");
    CHECK_STR(name_fold(TEXT("  Łukasz  Çelik "), out), "LUKASZ CELIK");
    CHECK_STR(name_fold(TEXT("Noe\xcc\x88l"), out), "NOEL");        /* the accent apart */
    CHECK_STR(name_fold(TEXT("L\xe2\x80\x99Hôte"), out), "L HOTE");     /* a typographic apostrophe */
    CHECK(*name_fold(TEXT("Олена"), out) != 0);
    CHECK_STR(name_fold(TEXT("\xc3"), out), "");        /* cut short: nothing is read beyond */
}

TEST(names_are_heard)
{
    char a[FOLDED_BYTES], b[FOLDED_BYTES];
    CHECK_STR(name_sound("DUPONT", a), name_sound("DUPOND", b));
    CHECK_STR(name_sound("PHILIPPE", a), name_sound("FILIPE", b));
    CHECK_STR(name_sound("KATHERINE", a), name_sound("CATERINE", b));
    CHECK(strcmp(name_sound("MARTIN", a), name_sound("BERTIN", b)) != 0);
    CHECK_STR(name_sound("LY", a), "LY");
}

TEST(accents_case_and_hyphens_are_nothing)
{
    struct likeness l = compare((struct who){ "LEFÈVRE", "Jean-Noël", .born = "1980-02-21" }, (struct who){ "lefevre", "JEAN NOEL", .born = "1980-02-21" });
    CHECK_INT(l.score, 80);
    CHECK_INT(l.of[FEATURE_name].agreement, AGREEMENT_agrees);
    CHECK_INT(l.of[FEATURE_first_name].agreement, AGREEMENT_agrees);
    CHECK_INT(l.of[FEATURE_nir].agreement, AGREEMENT_unknown);
}

TEST(another_spelling_by_sound_or_by_one_letter)
{
    struct likeness l = compare((struct who){ "DUPONT", "Catherine", .born = "1980-02-21" }, (struct who){ "DUPOND", "Katerine", .born = "1980-02-21" });
    CHECK_INT(l.score, 80);
    CHECK_INT(l.of[FEATURE_name].agreement, AGREEMENT_sounds);
    l = compare((struct who){ "DUPONT", "Marine", .born = "1980-02-21" }, (struct who){ "DUPONT", "Martine", .born = "1980-02-21" });
    CHECK_INT(l.score, 65);
    CHECK_INT(l.of[FEATURE_first_name].agreement, AGREEMENT_close);
    l = compare((struct who){ "DUPONT", "Marie", .born = "1980-02-21" }, (struct who){ "DUPONT", "Marie-Claude", .born = "1980-02-21" });
    CHECK_INT(l.of[FEATURE_first_name].agreement, AGREEMENT_close);
    l = compare((struct who){ "DUPONT", "Marie", .born = "1980-02-21" }, (struct who){ "DUPONT", "Louis", .born = "1980-02-21" });
    CHECK_INT(l.score, 40);     /* twins: not shown */
}

TEST(day_and_month_exchanged)
{
    struct likeness l = compare((struct who){ "DUPONT", "Alex", .born = "1980-02-03" }, (struct who){ "DUPONT", "Alex", .born = "1980-03-02" });
    CHECK_INT(l.score, 60);
    CHECK_INT(l.of[FEATURE_birth].agreement, AGREEMENT_inverted);
    l = compare((struct who){ "DUPONT", "Alex", .born = "1980-02-21" }, (struct who){ "DUPONT", "Alex", .born = "1980-02-12" });
    CHECK_INT(l.of[FEATURE_birth].agreement, AGREEMENT_differs);
    CHECK(l.score < LIKENESS_SHOWN);
}

TEST(names_exchanged)
{
    struct likeness l = compare((struct who){ "MARTIN", "Éloïse", .born = "1980-02-21" }, (struct who){ "ELOISE", "Martin", .born = "1980-02-21" });
    CHECK_INT(l.score, 60);
    CHECK_INT(l.of[FEATURE_name].agreement, AGREEMENT_exchanged);
}

TEST(numbers_of_one_person)
{
    struct likeness l = compare((struct who){ "A", "B", .nir = "180027512345678" }, (struct who){ "DURAND", "Zoé", .nir = "1 80 02 75 123 456" });
    CHECK_INT(l.of[FEATURE_nir].agreement, AGREEMENT_agrees);
    CHECK_INT(l.score, 60);     /* both names differ: shown all the same */
    l = compare((struct who){ "DUPONT", "Alex", .born = "1980-02-21", .nir = "180027512345678" }, (struct who){ "DUPONT", "Alex", .born = "1980-02-21", .nir = "180027512345999" });
    CHECK_INT(l.of[FEATURE_nir].agreement, AGREEMENT_differs);
    CHECK_INT(l.score, 20);
    l = compare((struct who){ .employment_service_id = "0123456 a" }, (struct who){ .employment_service_id = "0123456A" });
    CHECK_INT(l.score, 90);
}

TEST(telephone_and_mail)
{
    struct likeness l = compare((struct who){ "DUPONT", .telephone = "06 12 34 56 78" }, (struct who){ "Dupont", .telephone = "+33612345678" });
    CHECK_INT(l.score, 50);
    l = compare((struct who){ "DUPONT", "Alex", .telephone = "06 12 34 56 78" }, (struct who){ "Dupont", "Sacha", .telephone = "0033 612345678" });
    CHECK_INT(l.score, 30);     /* one household */
    l = compare((struct who){ "DUPONT", .email = "A.Dupont@Example.org" }, (struct who){ "Dupont", .email = "a.dupont@example.org" });
    CHECK_INT(l.score, 50);
    l = compare((struct who){ "DUPONT", .telephone = "12", .email = "néant" }, (struct who){ "Dupont", .telephone = "12", .email = "néant" });
    CHECK_INT(l.score, 20);
}

TEST(nothing_known_is_like_nobody)
{
    struct likeness l = compare((struct who){ NULL }, (struct who){ NULL });
    CHECK_INT(l.score, 0);
    for (unsigned f = 0; f < FEATURES; f++)
        CHECK_INT(l.of[f].agreement, AGREEMENT_unknown);
}

TEST(another_key_gives_other_hashes)
{
    struct key other = { { 8 } };
    struct features a, b;
    struct identity i = { .name = TEXT("DUPONT"), .born = 3000 };
    features_of(&secret, &i, &a);
    features_of(&other, &i, &b);
    CHECK(a.name != b.name && a.birth != b.birth);
}
