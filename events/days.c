#include "days.h"

#include <assert.h>
#include <stddef.h>

/* The calendar repeats every 400 years ("era"). Years are counted from March here, so that the leap day is a year's
 * last day and a month's first day is a linear function of the month: (153 m + 2) / 5. */
#define DAYS_PER_ERA 146097
#define ERA_DAYS_BEFORE_1970 719468     /* 0000-03-01 to 1970-01-01 */
#define DAY_MS INT64_C(86400000)
/* Days that day_civil and its kin accept: years -9999 to 9999, far beyond what day_parse lets in. */
#define FAR_DAY 4000000

static int32_t floor_div(int32_t a, int32_t b)
{
    return a / b - (a % b < 0);
}

static int32_t day_of_civil(int32_t year, int32_t month, int32_t day)
{
    int32_t march_year = month <= 2 ? year - 1 : year;
    int32_t era = floor_div(march_year, 400);
    int32_t year_of_era = march_year - era * 400;
    int32_t march_month = (month + 9) % 12;
    int32_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - ERA_DAYS_BEFORE_1970;
}

struct civil day_civil(int32_t day)
{
    assert(day >= -FAR_DAY && day <= FAR_DAY);
    int32_t shifted = day + ERA_DAYS_BEFORE_1970;
    int32_t era = floor_div(shifted, DAYS_PER_ERA);
    int32_t day_of_era = shifted - era * DAYS_PER_ERA;
    /* Takes the leap days out: one each 4 years (1460 days), but not each 100, but each 400. */
    int32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t march_month = (5 * day_of_year + 2) / 153;
    int32_t month = march_month < 10 ? march_month + 3 : march_month - 9;
    return (struct civil){
        .year = year_of_era + era * 400 + (month <= 2),
        .month = month,
        .day = day_of_year - (153 * march_month + 2) / 5 + 1,
    };
}

int32_t month_index(int32_t day)
{
    struct civil c = day_civil(day);
    return (c.year - 1970) * 12 + c.month - 1;
}

int32_t month_first(int32_t index)
{
    assert(index >= -100000 && index <= 100000);
    int32_t year = floor_div(index, 12);
    return day_of_civil(1970 + year, index - year * 12 + 1, 1);
}

int32_t month_last(int32_t index)
{
    return month_first(index + 1) - 1;
}

int32_t week_index(int32_t day)     /* 1970-01-01 was a Thursday */
{
    int32_t from_monday = day + 3;
    return from_monday >= 0 ? from_monday / 7 : -((6 - from_monday) / 7);
}

int32_t week_last(int32_t index)
{
    return index * 7 + 3;
}

int32_t days_in_month(int32_t index)
{
    return month_first(index + 1) - month_first(index);
}

int32_t day_of(int32_t year, int32_t month, int32_t day)
{
    if (year < -8000 || year > 9999 || month < 1 || month > 12 || day < 1)
        return DAY_NONE;
    if (day > days_in_month((year - 1970) * 12 + month - 1))
        return DAY_NONE;
    return day_of_civil(year, month, day);
}

int32_t day_add_months(int32_t day, int32_t months)
{
    assert(months >= -100000 && months <= 100000);
    int32_t index = month_index(day), wanted = index + months;
    int32_t in_month = day - month_first(index), length = days_in_month(wanted);
    return month_first(wanted) + (in_month < length ? in_month : length - 1);
}

/* `count` digits at `at`, and nothing else; -1 otherwise. */
static int32_t digits(const char *at, int count)
{
    int32_t n = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        n = n * 10 + (at[i] - '0');
    }
    return n;
}

bool month_parse(struct text t, int32_t *ret_month_index)
{
    if (t.bytes != 7 || t.at[4] != '-')
        return false;
    int32_t year = digits(t.at, 4), month = digits(t.at + 5, 2);
    if (year < 1900 || year > 2099 || month < 1 || month > 12)
        return false;
    *ret_month_index = (year - 1970) * 12 + month - 1;
    return true;
}

bool day_parse(struct text t, int32_t *ret_day)
{
    int32_t index;
    if (t.bytes != 10 || t.at[7] != '-' || !month_parse((struct text){ t.at, 7 }, &index))
        return false;
    int32_t in_month = digits(t.at + 8, 2);
    if (in_month < 1 || in_month > days_in_month(index))
        return false;
    *ret_day = month_first(index) + in_month - 1;
    return true;
}

static void put_digits(char *at, int count, int32_t n)
{
    for (int i = count - 1; i >= 0; i--, n /= 10)
        at[i] = (char)('0' + n % 10);
}

static void put_day(char *at, int32_t day)
{
    struct civil c = day_civil(day);
    assert(c.year >= 0 && c.year <= 9999);
    put_digits(at, 4, c.year);
    at[4] = '-';
    put_digits(at + 5, 2, c.month);
    at[7] = '-';
    put_digits(at + 8, 2, c.day);
}

const char *day_print(int32_t day, char out[DAY_TEXT_BYTES])
{
    if (day == DAY_NONE)
        return memcpy(out, "-", 2);
    put_day(out, day);
    out[10] = '\0';
    return out;
}

const char *month_print(int32_t index, char out[DAY_TEXT_BYTES])
{
    put_day(out, month_first(index));
    out[7] = '\0';
    return out;
}

const char *instant_print(int64_t ms, char out[INSTANT_TEXT_BYTES])
{
    int64_t day = ms / DAY_MS - (ms % DAY_MS < 0);
    assert(day >= -FAR_DAY && day <= FAR_DAY);
    int32_t rest = (int32_t)(ms - day * DAY_MS);
    memcpy(out, "0000-00-00T00:00:00.000Z", INSTANT_TEXT_BYTES);
    put_day(out, (int32_t)day);
    put_digits(out + 11, 2, rest / 3600000);
    put_digits(out + 14, 2, rest / 60000 % 60);
    put_digits(out + 17, 2, rest / 1000 % 60);
    put_digits(out + 20, 3, rest % 1000);
    return out;
}

/* hh:mm at `at`, as minutes; -1 otherwise. */
static int32_t minutes_at(const char *at)
{
    int32_t hours = digits(at, 2), minutes = digits(at + 3, 2);
    if (at[2] != ':' || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return -1;
    return hours * 60 + minutes;
}

/* ".123": milliseconds, further digits dropped; returns how many bytes it read, 0 when malformed. */
static uint32_t read_fraction(const char *at, uint32_t left, int32_t *ret_ms)
{
    int32_t ms = 0, weight = 100;
    uint32_t n = 1;
    for (; n < left && at[n] >= '0' && at[n] <= '9'; n++, weight /= 10)
        ms += (at[n] - '0') * weight;
    *ret_ms = ms;
    return n > 1 && n <= 10 ? n : 0;
}

/* "Z" or "+01:00", and nothing after it. */
static bool read_offset(struct text t, int32_t *ret_minutes)
{
    *ret_minutes = 0;
    if (t.bytes == 1)
        return t.at[0] == 'Z' || t.at[0] == 'z';
    if (t.bytes != 6 || (t.at[0] != '+' && t.at[0] != '-'))
        return false;
    int32_t minutes = minutes_at(t.at + 1);
    *ret_minutes = t.at[0] == '-' ? -minutes : minutes;
    return minutes >= 0;
}

bool instant_parse(struct text t, int64_t *ret_ms)
{
    int32_t day, ms = 0, offset;
    if (t.bytes < 20 || !day_parse((struct text){ t.at, 10 }, &day) || (t.at[10] != 'T' && t.at[10] != 't'))
        return false;
    int32_t minutes = minutes_at(t.at + 11), seconds = digits(t.at + 17, 2);
    /* No leap seconds: UTC milliseconds cannot hold one. */
    if (minutes < 0 || t.at[16] != ':' || seconds < 0 || seconds > 59)
        return false;
    uint32_t at = 19;
    if (t.at[at] == '.') {
        uint32_t n = read_fraction(t.at + at, t.bytes - at, &ms);
        if (n == 0)
            return false;
        at += n;
    }
    if (!read_offset((struct text){ t.at + at, t.bytes - at }, &offset))
        return false;
    *ret_ms = day * DAY_MS + (int64_t)(minutes - offset) * 60000 + seconds * 1000 + ms;
    return true;
}
