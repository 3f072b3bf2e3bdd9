/* The only place that reads a clock or a zone. */
#include <time.h>

#include "../events/days.h"
#include "service.h"

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

int32_t service_day_of(void *context, int64_t ms)
{
    struct tm t;
    time_t seconds = (time_t)(ms / 1000);
    (void)context;
    localtime_r(&seconds, &t);
    return day_of(t.tm_year + 1900, t.tm_mon + 1, t.tm_mday);
}

int32_t service_today(struct service *s)
{
    int64_t ms = desk_is_demo(s->desk) ? desk_last_recorded_ms(s->desk) : service_now_ms();
    return service_day_of(NULL, ms);
}

int64_t service_clock(void *context)
{
    (void)context;
    return service_now_ms();
}
