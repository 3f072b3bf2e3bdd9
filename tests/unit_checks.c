#include "unit.h"

#include <regex.h>
#include <string.h>

#include "../events/checks.h"

static const struct {
    enum check check;
    bool good;
    const char *text;
} vectors[] = {
    { CHECK_nir, true, "185077505612323" }, { CHECK_nir, true, "192102A13112357" }, { CHECK_nir, false, "192102A13112318" },
    { CHECK_nir, true, "1850775056123" }, { CHECK_nir, false, "18507750561232" }, { CHECK_nir, false, "185077505612324" },
    { CHECK_nir, false, "985077505612323" }, { CHECK_nir, false, "1850775056123AA" }, { CHECK_nir, false, "192102C13112357" },
    { CHECK_nir, true, "1850175056123" }, { CHECK_nir, false, "1850075056123" }, { CHECK_nir, false, "1851375056123" },
    { CHECK_nir, true, "1852075056123" }, { CHECK_nir, true, "1854275056123" }, { CHECK_nir, false, "1854375056123" },
    { CHECK_nir, false, "1854975056123" }, { CHECK_nir, true, "1859975056123" }, { CHECK_nir, true, "192102B13112384" },
    { CHECK_siret, true, "20003452800014" }, { CHECK_siret, false, "20003452800041" }, { CHECK_siret, true, "35600000009075" },
    { CHECK_siret, false, "35600000009076" }, { CHECK_siret, false, "2000345280001" }, { CHECK_siret, false, "2000345280001A" },
    { CHECK_siret, false, "20003452900014" },
    { CHECK_commune, true, "83137" }, { CHECK_commune, true, "2A004" }, { CHECK_commune, true, "2B033" }, { CHECK_commune, true, "99100" },
    { CHECK_commune, false, "2C033" }, { CHECK_commune, false, "8313" }, { CHECK_commune, false, "831370" }, { CHECK_commune, false, "2a004" },
    { CHECK_rome, true, "K2204" }, { CHECK_rome, true, "A1101" }, { CHECK_rome, true, "N4105" }, { CHECK_rome, false, "O1101" },
    { CHECK_rome, false, "k2204" }, { CHECK_rome, false, "K220" }, { CHECK_rome, false, "K22040" },
    { CHECK_rncp, true, "RNCP35419" }, { CHECK_rncp, true, "35419" }, { CHECK_rncp, true, "RS5000" }, { CHECK_rncp, false, "RNCP" },
    { CHECK_rncp, false, "RS" }, { CHECK_rncp, false, "RNCP 35419" }, { CHECK_rncp, false, "rncp35419" }, { CHECK_rncp, false, "RNCP0354" },
    { CHECK_rncp, false, "1234567" },
    { CHECK_naf, true, "8559A" }, { CHECK_naf, false, "8559" }, { CHECK_naf, false, "85.59A" }, { CHECK_naf, false, "8559a" },
    { CHECK_siren, true, "200034528" }, { CHECK_siren, false, "200034529" }, { CHECK_siren, true, "356000000" }, { CHECK_siren, false, "20003452" },
    { CHECK_siren, false, "20003452A" },
    { CHECK_rna, true, "W212001234" }, { CHECK_rna, false, "W21200123" }, { CHECK_rna, false, "212001234W" }, { CHECK_rna, false, "w212001234" },
    { CHECK_country, true, "99352" }, { CHECK_country, true, "99100" }, { CHECK_country, false, "99600" }, { CHECK_country, false, "98352" },
    { CHECK_country, false, "9935" }, { CHECK_country, false, "9935A" },
    { CHECK_qpv, true, "QN02101M" }, { CHECK_qpv, true, "QP021001" }, { CHECK_qpv, false, "QX021001" }, { CHECK_qpv, false, "QN0210" },
    { CHECK_qpv, false, "QN02101m" }, { CHECK_qpv, false, "QN021 1M" },
    { CHECK_url, true, "https://example.org" }, { CHECK_url, true, "http://127.0.0.1:8080/a?b=c@d" }, { CHECK_url, true, "https://[::1]/x" },
    { CHECK_url, false, "ftp://example.org" }, { CHECK_url, false, "https://" }, { CHECK_url, false, "https:///path" },
    { CHECK_url, false, "https://me:secret@example.org/" }, { CHECK_url, false, "https://me@example.org" }, { CHECK_url, false, "https://a b" },
    { CHECK_url, false, "https://:80/" }, { CHECK_url, false, "https://example.org/#x" }, { CHECK_url, false, "https://exämple.org" },
    { CHECK_url, false, "https://example.org/\r\nHost: x" },
    { CHECK_address, true, "o.quentin+plie@example.org" }, { CHECK_address, true, "root@localhost" }, { CHECK_address, false, "example.org" },
    { CHECK_address, false, "@example.org" }, { CHECK_address, false, "odile@" }, { CHECK_address, false, "a@b@c" },
    { CHECK_address, false, "a@b\r\nBcc: x@y" }, { CHECK_address, false, "Odile <o@example.org>" }, { CHECK_address, false, "a b@example.org" },
    { CHECK_address, false, "a@b,c@d" },
    { CHECK_rulebook, true, "{}" }, { CHECK_rulebook, false, "{" },
};

TEST(checks_vectors)
{
    for (unsigned i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const char *why = NULL;
        if (!CHECK_INT(check_text(vectors[i].check, text_of(vectors[i].text), &why), vectors[i].good))
            CHECK_STR(vectors[i].text, "(the one above)");
        CHECK((why == NULL) == vectors[i].good);
    }
    const char *why;
    for (int c = CHECK_nir; c <= CHECK_address; c++) {
        CHECK(!check_text((enum check)c, TEXT(""), &why));
        CHECK(!check_text((enum check)c, (struct text){ NULL, 0 }, &why));
    }
}

/* A schema may let pass what the check refuses (keys), never the contrary. */
TEST(checks_pass_their_patterns)
{
    for (unsigned i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        regex_t pattern;
        if (!vectors[i].good || check_pattern(vectors[i].check) == NULL)
            continue;
        CHECK_INT(regcomp(&pattern, check_pattern(vectors[i].check), REG_EXTENDED | REG_NOSUB), 0);
        if (!CHECK_INT(regexec(&pattern, vectors[i].text, 0, NULL, 0), 0))
            CHECK_STR(vectors[i].text, "(the one above)");
        regfree(&pattern);
    }
}

TEST(checks_slugs)
{
    static const char *const good[] = { "a", "A1", "Europe/Paris", "mission-locale", "0.x_y", "1234567890123456789012345678901234567890" };
    static const char *const bad[] = { "", "-a", "/a", ".a", "_a", "a b", "\xc3\xa9t\xc3\xa9", "a\n", "12345678901234567890123456789012345678901" };
    for (unsigned i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(text_is_slug(text_of(good[i])));
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!text_is_slug(text_of(bad[i])));
}

TEST(checks_plain_texts)
{
    CHECK(text_is_plain(TEXT("un\tdeux\ntrois \xc3\xa9\xc2\xa0!")));
    CHECK(!text_is_plain(TEXT("un\rdeux")));
    CHECK(!text_is_plain(TEXT("un\x1b[31m")));
    CHECK(!text_is_plain(TEXT("un\x7f")));
    CHECK(!text_is_plain(TEXT("un\xc2\x85")));
    CHECK(!text_is_plain((struct text){ "un\0", 3 }));
}
