#include "unit.h"

#include <stdlib.h>
#include <time.h>

#include "../daemon/service.h"
#include "../events/days.h"

#define HOUR_MS 3600000ll

static void in_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

/* Instants as date -d prints them. */
TEST(clock_minutes_of_a_day)
{
    in_zone("Europe/Paris");
    CHECK_INT(service_instant_of(day_of(2026, 1, 10), 7 * 60 + 30), 1768026600000);     /* 06:30 UTC */
    CHECK_INT(service_instant_of(day_of(2026, 7, 10), 7 * 60 + 30), 1783661400000);     /* 05:30 UTC */
    for (int32_t day = day_of(2026, 3, 25); day < day_of(2026, 11, 2); day++)
        for (int32_t minute = 0; minute < 1440; minute += 17) {
            int64_t ms = service_instant_of(day, minute);
            bool jumped = day == day_of(2026, 3, 29) && minute >= 120 && minute < 180;
            CHECK_INT(service_minute_of(ms), jumped ? 180 : minute);
            CHECK_INT(service_day_of(NULL, ms), day);
        }
    unsetenv("TZ");
    tzset();
}

TEST(clock_instants_are_printed_in_the_zone)
{
    char out[SERVICE_INSTANT_BYTES];
    in_zone("Europe/Paris");
    CHECK_STR(service_instant_print(service_instant_of(day_of(2026, 1, 16), 0), out), "2026-01-16T00:00:00+01:00");
    CHECK_STR(service_instant_print(1783661400999, out), "2026-07-10T07:30:00+02:00");
    in_zone("America/St_Johns");
    CHECK_STR(service_instant_print(1768026600000, out), "2026-01-10T03:00:00-03:30");
    unsetenv("TZ");
    tzset();
}

TEST(clock_hours_that_are_not_and_hours_that_come_twice)
{
    in_zone("Europe/Paris");
    int32_t march = day_of(2026, 3, 29), october = day_of(2026, 10, 25);
    CHECK_INT(service_instant_of(march, 119), 1774745940000);           /* 01:59, 00:59 UTC */
    CHECK_INT(service_instant_of(march, 120), 1774746000000);           /* 02:00 is not: 03:00, 01:00 UTC */
    CHECK_INT(service_instant_of(march, 150), 1774746000000);
    CHECK_INT(service_instant_of(march, 180), 1774746000000);
    CHECK_INT(service_instant_of(october, 150), 1792888200000);         /* 02:30, the first: 00:30 UTC */
    CHECK_INT(service_instant_of(october, 180) - service_instant_of(october, 150), HOUR_MS + HOUR_MS / 2);
    in_zone("UTC");
    CHECK_INT(service_instant_of(0, 0), 0);
    CHECK_INT(service_instant_of(march, 150), 1774751400000);
    unsetenv("TZ");
    tzset();
}
