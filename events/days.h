/* Civil days, inclusive, in the PLIE's one time zone: a day is an int32_t counting from 1970-01-01. DAY_NONE is no day.
 * Pure: no clock, no zone here (the daemon turns instants into days and passes them in).
 * Months are calendar months; adding months clamps to the last day of the month (08-31 + 6 months = 02-28 or 29). */
#ifndef EVENTS_DAYS_H
#define EVENTS_DAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "text.h"

#define DAY_NONE INT32_MIN
#define DAY_FIRST (-25567)      /* 1900-01-01: nobody whom a PLIE follows was born before */
#define DAY_LAST 47481          /* 2099-12-31 */
#define DAY_TEXT_BYTES 11       /* "2026-01-31" and its end */

struct civil {
    int32_t year;
    int32_t month;  /* 1..12 */
    int32_t day;    /* 1..31 */
};

struct civil day_civil(int32_t day);
int32_t day_of(int32_t year, int32_t month, int32_t day);       /* DAY_NONE when there is no such day */
int32_t day_add_months(int32_t day, int32_t months);            /* clamped; months may be negative */
int32_t days_in_month(int32_t month_index);
/* Months are counted too, from 1970-01: month_index(1970-01-31) is 0. */
int32_t month_index(int32_t day);
int32_t month_first(int32_t month_index);
int32_t month_last(int32_t month_index);
/* Weeks begin on Monday. */
int32_t week_index(int32_t day);
int32_t week_last(int32_t week_index);                          /* its Sunday */
bool day_parse(struct text, int32_t *ret_day);                  /* exactly YYYY-MM-DD, an existing day within bounds */
bool month_parse(struct text, int32_t *ret_month_index);        /* exactly YYYY-MM */
const char *day_print(int32_t day, char out[DAY_TEXT_BYTES]);   /* returns out; "-" for DAY_NONE */
const char *month_print(int32_t month_index, char out[DAY_TEXT_BYTES]);
/* Instants: UTC milliseconds since 1970; text is RFC 3339 "2026-01-31T09:15:02.123Z" (offsets are read, too). */
#define INSTANT_TEXT_BYTES 25
const char *instant_print(int64_t ms, char out[INSTANT_TEXT_BYTES]);
bool instant_parse(struct text, int64_t *ret_ms);

#endif
