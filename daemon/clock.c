/* The only place that reads a clock or a zone. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../events/days.h"
#include "service.h"

#define MINUTES_OF_DAY 1440

int64_t service_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t service_elapsed_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t service_worked_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int32_t service_day_of(void *context, int64_t ms)
{
    struct tm t;
    time_t seconds = (time_t)(ms / 1000);
    (void)context;
    localtime_r(&seconds, &t);
    return day_of(t.tm_year + 1900, t.tm_mon + 1, t.tm_mday);
}

int32_t service_minute_of(int64_t ms)
{
    struct tm t;
    time_t seconds = (time_t)(ms / 1000);
    localtime_r(&seconds, &t);
    return t.tm_hour * 60 + t.tm_min;
}

/* Whether that minute is on that day's clock; of two that bear the same name, the first. mktime alone says neither: what does
 * not exist it moves, either way, and of two it takes either. */
static bool minute_exists(int32_t day, int32_t minute, int64_t *ret_ms)
{
    bool exists = false;
    for (int dst = 1; dst >= 0; dst--) {
        struct tm t = { .tm_year = 70, .tm_mday = day + 1, .tm_min = minute, .tm_isdst = dst };
        int64_t ms = (int64_t)mktime(&t) * 1000;
        if (service_day_of(NULL, ms) != day || service_minute_of(ms) != minute || (exists && ms >= *ret_ms))
            continue;
        *ret_ms = ms;
        exists = true;
    }
    return exists;
}

int64_t service_instant_of(int32_t day, int32_t minute)
{
    int64_t ms = 0;
    while (!minute_exists(day, minute, &ms))
        if (++minute == MINUTES_OF_DAY)
            day++, minute = 0;
    return ms;
}

const char *service_instant_print(int64_t ms, char out[SERVICE_INSTANT_BYTES])
{
    struct tm t;
    char day[DAY_TEXT_BYTES];
    time_t seconds = (time_t)(ms / 1000);
    localtime_r(&seconds, &t);
    long minutes = labs(t.tm_gmtoff) / 60;
    snprintf(out, SERVICE_INSTANT_BYTES, "%sT%02d:%02d:%02d%c%02ld:%02ld", day_print(service_day_of(NULL, ms), day), t.tm_hour, t.tm_min, t.tm_sec,
             t.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return out;
}

int64_t service_clock_ms(struct service *s)
{
    return desk_is_demo(s->desk) ? desk_last_recorded_ms(s->desk) : service_now_ms();
}

int32_t service_today(struct service *s)
{
    return service_day_of(NULL, service_clock_ms(s));
}

int64_t service_clock(void *context)
{
    (void)context;
    return service_now_ms();
}
