#include "unit.h"

#include "../events/days.h"

static void check_day(int32_t day, const char *wanted)
{
    char out[DAY_TEXT_BYTES];
    CHECK_STR(day_print(day, out), wanted);
}

TEST(days_known_answers)
{
    CHECK_INT(day_of(1970, 1, 1), 0);
    CHECK_INT(day_of(1969, 12, 31), -1);
    CHECK_INT(day_of(2000, 2, 29), 11016);
    CHECK_INT(day_of(2026, 1, 31), 20484);
    CHECK_INT(day_of(1900, 1, 1), DAY_FIRST);
    CHECK_INT(day_of(2099, 12, 31), DAY_LAST);
    CHECK_INT(day_of(1900, 2, 29), DAY_NONE);
    CHECK_INT(day_of(2023, 2, 29), DAY_NONE);
    CHECK_INT(day_of(2024, 13, 1), DAY_NONE);
    CHECK_INT(day_of(2024, 0, 1), DAY_NONE);
    CHECK_INT(day_of(2024, 4, 31), DAY_NONE);
    CHECK_INT(day_of(2024, 4, 0), DAY_NONE);
    check_day(0, "1970-01-01");
    check_day(DAY_NONE, "-");
    check_day(DAY_LAST, "2099-12-31");
}

/* A calendar counted day by day, sharing nothing with the one under test. */
TEST(days_every_day_there_and_back)
{
    static const int lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int32_t day = DAY_FIRST;
    for (int y = 1900; y <= 2099; y++) {
        for (int m = 1; m <= 12; m++) {
            int leap = m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
            for (int d = 1; d <= lengths[m - 1] + leap; d++, day++) {
                char text[DAY_TEXT_BYTES];
                int32_t parsed = 0;
                struct civil c = day_civil(day);
                bool ok = c.year == y && c.month == m && c.day == d && day_of(y, m, d) == day
                    && day_parse(text_of(day_print(day, text)), &parsed) && parsed == day
                    && month_index(day) == (y - 1970) * 12 + m - 1 && month_first(month_index(day)) == day - d + 1
                    && month_last(month_index(day)) == day - d + lengths[m - 1] + leap;
                if (!CHECK(ok))
                    return;
            }
        }
    }
    CHECK_INT(day, DAY_LAST + 1);
}

/* 1900-01-01 was a Monday. */
TEST(days_weeks_end_on_sunday)
{
    for (int32_t day = DAY_FIRST; day <= DAY_LAST; day++) {
        int32_t since = day - DAY_FIRST;
        if (!CHECK(week_index(day) - week_index(DAY_FIRST) == since / 7 && week_last(week_index(day)) == day + 6 - since % 7))
            return;
    }
}

TEST(days_add_months_clamps)
{
    check_day(day_add_months(day_of(2020, 8, 31), 6), "2021-02-28");
    check_day(day_add_months(day_of(2023, 8, 31), 6), "2024-02-29");
    check_day(day_add_months(day_of(2024, 2, 29), 12), "2025-02-28");
    check_day(day_add_months(day_of(2024, 2, 29), 48), "2028-02-29");
    check_day(day_add_months(day_of(2024, 8, 31), 18), "2026-02-28");
    check_day(day_add_months(day_of(2024, 1, 15), -1), "2023-12-15");
    check_day(day_add_months(day_of(2024, 3, 31), -1), "2024-02-29");
    check_day(day_add_months(day_of(1970, 1, 31), -13), "1968-12-31");
    check_day(day_add_months(day_of(2024, 5, 5), 0), "2024-05-05");
}

TEST(days_bad_text)
{
    static const char *const bad[] = { "", "2026-01-3", "2026-01-311", "2026-1-31", "2026/01/31", "2026-02-29", "2026-00-10",
        "2026-13-10", "2026-01-00", "2026-01-32", "1899-12-31", "2100-01-01", "+026-01-31", "20a6-01-31", " 026-01-31", "2026-01-3x" };
    int32_t day = 7;
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!day_parse(text_of(bad[i]), &day));
    CHECK(!day_parse((struct text){ 0 }, &day));
    CHECK_INT(day, 7);
    CHECK(day_parse((struct text){ "2026-01-31T", 10 }, &day));
}

TEST(days_months)
{
    int32_t index;
    char out[DAY_TEXT_BYTES];
    CHECK(month_parse(TEXT("1970-01"), &index));
    CHECK_INT(index, 0);
    CHECK(month_parse(TEXT("1969-12"), &index));
    CHECK_INT(index, -1);
    CHECK_STR(month_print(-1, out), "1969-12");
    CHECK_STR(month_print(672, out), "2026-01");
    CHECK_INT(days_in_month(673), 28);
    CHECK(!month_parse(TEXT("2026-13"), &index));
    CHECK(!month_parse(TEXT("2026-1"), &index));
    CHECK(!month_parse(TEXT("2026_01"), &index));
}

TEST(days_instants)
{
    int64_t ms = 0;
    char out[INSTANT_TEXT_BYTES];
    CHECK(instant_parse(TEXT("2026-01-31T09:15:02.123Z"), &ms));
    CHECK_INT(ms, INT64_C(1769850902123));
    CHECK_STR(instant_print(ms, out), "2026-01-31T09:15:02.123Z");
    CHECK(instant_parse(TEXT("2026-01-31T10:15:02.123+01:00"), &ms));
    CHECK_INT(ms, INT64_C(1769850902123));
    CHECK(instant_parse(TEXT("2026-01-31T00:15:02.1239-09:00"), &ms));
    CHECK_INT(ms, INT64_C(1769850902123));
    CHECK(instant_parse(TEXT("1970-01-01T00:00:00Z"), &ms));
    CHECK_INT(ms, 0);
    CHECK(instant_parse(TEXT("1969-12-31T23:59:59.5Z"), &ms));
    CHECK_INT(ms, -500);
    CHECK_STR(instant_print(-500, out), "1969-12-31T23:59:59.500Z");
    CHECK(instant_parse(TEXT("1970-01-01t00:00:00z"), &ms));
}

TEST(days_bad_instants)
{
    static const char *const bad[] = { "2026-01-31", "2026-01-31T09:15:02", "2026-01-31 09:15:02Z", "2026-01-31T24:00:00Z",
        "2026-01-31T09:60:00Z", "2026-01-31T09:15:60Z", "2026-01-31T09:15:02.Z", "2026-01-31T09:15:02.1", "2026-01-31T09:15:02ZZ",
        "2026-01-31T09:15:02+0100", "2026-01-31T09:15:02+24:00", "2026-01-31T09:15:02+1:00", "2026-02-30T09:15:02Z",
        "2026-01-31T09:15:02.1234567890Z", "2026-01-31T09-15:02Z", "2026-01-31T09:15:0xZ", "2026-01-31T09:15:02+01:00Z" };
    int64_t ms = 7;
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (!CHECK(!instant_parse(text_of(bad[i]), &ms)))
            CHECK_STR(bad[i], "refused");
    CHECK_INT(ms, 7);
}
