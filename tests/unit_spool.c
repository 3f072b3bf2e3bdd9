/* Answers that are written piece by piece, workbooks, and how a person reads a cell. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../daemon/out/xlsx.h"
#include "../daemon/spool.h"
#include "../projections/reports.h"
#include "unit.h"

static struct hash hash_in_pieces(const char *at, size_t bytes, size_t piece)
{
    struct spool s;
    CHECK(spool_open(&s));
    for (size_t i = 0; i < bytes; i += piece)
        spool_put(&s, at + i, bytes - i < piece ? bytes - i : piece);
    CHECK(spool_end(&s));
    struct hash h = s.hash;
    spool_close(&s);
    return h;
}

TEST(spool_hash_is_of_its_bytes)
{
    static char bytes[200000];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(i * 7 % 251);
    struct hash whole = hash_in_pieces(bytes, sizeof(bytes), sizeof(bytes)), pieces = hash_in_pieces(bytes, sizeof(bytes), 777);
    CHECK(memcmp(&whole, &pieces, sizeof(whole)) == 0);
    bytes[100]++;
    struct hash other = hash_in_pieces(bytes, sizeof(bytes), 777);
    CHECK(memcmp(&whole, &other, sizeof(whole)) != 0);
    struct hash shorter = hash_in_pieces(bytes, sizeof(bytes) - 1, 777);
    CHECK(memcmp(&other, &shorter, sizeof(other)) != 0);
}

TEST(spool_gives_its_file)
{
    struct spool s;
    char back[8] = "";
    CHECK(spool_open(&s));
    spool_put(&s, "abc", 3);
    spool_put(&s, "", 0);
    spool_put(&s, "de", 2);
    CHECK(spool_end(&s));
    CHECK_INT(s.bytes, 5);
    int fd = spool_take(&s);
    spool_close(&s);
    CHECK_INT(pread(fd, back, sizeof(back), 0), 5);
    CHECK_STR(back, "abcde");
    CHECK_INT(close(fd), 0);
}

TEST(spool_has_a_limit)
{
    struct spool s;
    CHECK(spool_open(&s));
    spool_put(&s, "a", 1);
    spool_put(&s, "never looked at", (size_t)SPOOL_BYTES_MAX);
    CHECK(s.too_large);
    spool_put(&s, "b", 1);
    CHECK(!spool_end(&s));
    spool_close(&s);
}

static bool with_row(uint32_t row)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/rows.xlsx", unit_directory());
    struct xlsx *x = xlsx_open(path, unit_directory(), TEXT("title"), TEXT("company"));
    unsigned sheet = xlsx_sheet(x, TEXT("a name that is longer: than 31 [characters]"));
    CHECK_INT(sheet, 0);
    xlsx_text(x, sheet, 0, 0, TEXT("=1+1"), false);
    xlsx_value(x, sheet, row, 1, XLSX_DAY, 20000);
    return xlsx_close(x);
}

TEST(xlsx_has_so_many_rows)
{
    CHECK(with_row(XLSX_ROWS_MAX - 1));
    CHECK(!with_row(XLSX_ROWS_MAX));
}

TEST(xlsx_cuts_what_no_cell_holds)
{
    static char at[60000];
    char path[4096];
    struct stat about;
    memset(at, 0xc3, sizeof(at));
    for (size_t i = 1; i < sizeof(at); i += 2)
        at[i] = (char)0xa9;     /* 30,000 times é: it is cut between two characters, or not at all */
    snprintf(path, sizeof(path), "%s/cut.xlsx", unit_directory());
    struct xlsx *x = xlsx_open(path, unit_directory(), TEXT(""), TEXT(""));
    unsigned sheet = xlsx_sheet(x, TEXT("one"));
    xlsx_text(x, sheet, 0, 0, (struct text){ at, sizeof(at) }, false);
    memset(at, 'a', 40000);
    xlsx_text(x, sheet, 1, 0, (struct text){ at, 40000 }, false);
    at[7] = 1;
    xlsx_text(x, sheet, 2, 0, (struct text){ at, 40000 }, false);
    CHECK(xlsx_close(x));
    CHECK_INT(stat(path, &about), 0);
    struct xlsx *bad = xlsx_open("/nowhere/at/all.xlsx", unit_directory(), TEXT(""), TEXT(""));
    CHECK_INT(xlsx_sheet(bad, TEXT("one")), 0);
    CHECK(!xlsx_close(bad));
}

static bool says(const char *report, const char *column, int64_t number, const char *text, bool french, const char *wanted)
{
    char got[512];
    struct arena arena;
    struct cell line[64] = { { ABSENT, { NULL, 0 } } };
    const struct report *r = report_named(text_of(report));
    int at = report_column(r, text_of(column));
    for (unsigned i = 0; i < r->column_count; i++)
        line[i].number = ABSENT;
    line[at] = (struct cell){ number, text ? text_of(text) : (struct text){ NULL, 0 } };
    arena_init(&arena, 1 << 20);
    struct text t = cell_said(r, line, (unsigned)at, french, &arena);
    snprintf(got, sizeof(got), "%.*s", TEXT_ARGS(t));
    arena_free(&arena);
    return CHECK_STR(got, wanted);
}

TEST(cells_as_a_person_reads_them)
{
    says("quarterly", "why", ABSENT, "near-limit", true, "proche de la limite du parcours");
    says("quarterly", "why", ABSENT, "idle", false, "without a step");
    says("quarterly", "limit", 0, NULL, true, "01/01/1970");
    says("quarterly", "limit", 0, NULL, false, "1970-01-01");
    says("quarterly", "limit", ABSENT, NULL, true, "");
    says("operation", "expenses", -123456, NULL, true, "-1234,56 €");
    says("operation", "expenses", 5, NULL, false, "0.05 €");
    says("letter", "value", 4910, NULL, true, "49,10");
    says("letter", "value", -200, NULL, true, "-2");
    says("letter", "unit", ABSENT, "percent", true, "%");
    says("letter", "figure", ABSENT, "exits", true, "Sorties prononcées dans la période.");
    says("letter", "figure", ABSENT, "no such figure", true, "no such figure");
    says("aided_wages", "month", 13, NULL, true, "02/1971");
    says("steps", "abandoned", 1, NULL, true, "oui");
    says("portfolio", "obstacles", ABSENT, "housing,mobility", true, "logement ; mobilité");
    says("control", "to_do", ABSENT, "contract:missing,late:outside", true, "contrat d'engagement signé : manquant ; saisie dans le délai : hors délai ou hors période");
    says("control", "to_do", ABSENT, "contract", true, "contract");
}
