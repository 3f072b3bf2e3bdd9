/* The table of reports, and what is asked of them. */
#include "reports.h"

#define PARTICIPANTS IN_STREAM(participant)
#define IN_STREAM(type) (1u << STREAM_##type)
#define TAKES(name) (1u << PARAMETER_##name)
#define NO_PARAMETER 0
/* What is sent is nothing that a report is about. */
#define ALL_STREAMS (((1u << STREAM_TYPES) - 1) & ~IN_STREAM(delivery) & ~IN_STREAM(sending))
#define A_TEXT CELL_text, SAID_plain
#define SAYS(what) CELL_text, SAID_##what
#define SOME_WORDS(vocabulary) CELL_text, SAID_words + VOCABULARY_##vocabulary
#define A_WORD(vocabulary) CELL_word, VOCABULARY_##vocabulary
#define A_DAY CELL_day, 0
#define A_MONTH CELL_month, 0
#define A_NUMBER CELL_number, 0
#define SOME_CENTS CELL_cents, 0
#define HUNDREDTHS CELL_hundredths, 0
#define AN_ID(type) CELL_id, STREAM_##type
#define AN_EVENT CELL_event, 0
#define YES_NO CELL_flag, 0

const struct parameter parameters[PARAMETERS] = {
#define PARAMETER(name, how, fr, en) { #name, how, fr, en },
#include "reports.def"
#undef PARAMETER
};

#define COLUMN(report, name, type, fr, en) { #name, type, fr, en },
#define TOTAL(...)
#define SIGNED(...)
#define SECTION(...)
#define REPORT(c_name, name, walks, takes, function, fr, en, ...) \
    static const struct column columns_of_##c_name[] = { __VA_ARGS__ { NULL, CELL_text, 0, NULL, NULL } };
#include "reports.def"
#undef REPORT
#undef COLUMN
#undef TOTAL
#define COLUMN(...)
#define TOTAL(report, name, fr, en) { #name, fr, en },
#define REPORT(c_name, name, walks, takes, function, fr, en, ...) \
    static const struct total totals_of_##c_name[] = { __VA_ARGS__ { NULL, NULL, NULL } }; \
    _Static_assert(TOTALS_OF_##c_name <= TOTALS_MAX, "room for its totals");
#include "reports.def"
#undef REPORT
#undef TOTAL
#undef SIGNED
#define TOTAL(...)
#define SIGNED(report, fr, en) { fr, en },
#define REPORT(c_name, name, walks, takes, function, fr, en, ...) static const struct signatory signatories_of_##c_name[] = { __VA_ARGS__ { NULL, NULL } };
#include "reports.def"
#undef REPORT
#undef SIGNED
#undef SECTION
#define SIGNED(...)
#define SECTION(report, column) #column
#define REPORT(c_name, name, walks, takes, function, fr, en, ...) static const char section_of_##c_name[] = "" __VA_ARGS__;
#include "reports.def"
#undef REPORT

const struct report reports[REPORTS] = {
#define REPORT(c_name, name, walks, takes, function, fr, en, ...) \
    { name, walks, takes, function, fr, en, columns_of_##c_name, sizeof(columns_of_##c_name) / sizeof(struct column) - 1, totals_of_##c_name, \
      signatories_of_##c_name, section_of_##c_name },
#include "reports.def"
#undef REPORT
};

const struct report *report_named(struct text name)
{
    for (unsigned i = 0; i < REPORTS; i++)
        if (text_is(name, reports[i].name))
            return &reports[i];
    return NULL;
}

int report_column(const struct report *r, struct text name)
{
    for (unsigned i = 0; i < r->column_count; i++)
        if (text_is(name, r->columns[i].name))
            return (int)i;
    return -1;
}

int report_section(const struct report *r)
{
    return report_column(r, text_of(r->section));
}

uint32_t reports_walks(const struct report *r)
{
    return (r->walks & ALL_STREAMS) | IN_STREAM(plie);
}

uint32_t reports_opens(const struct report *r)
{
    return r->walks >> 16 & ALL_STREAMS;
}

bool report_printed(const struct report *r)
{
    return r->walks & PRINTED;
}

/* ---- asking ---- */
bool report_takes(const struct report *r, enum parameter_number p)
{
    return r->takes >> p & 1;
}

static void whole_month(struct period *p, int32_t month)
{
    p->from = month_first(month);
    p->to = month_last(month);
}

static void whole_quarter(struct period *p, int32_t month)
{
    int32_t first = month - (day_civil(month_first(month)).month - 1) % 3;
    p->from = month_first(first);
    p->to = month_last(first + 2);
}

static void whole_year(struct period *p, int32_t year)
{
    p->from = day_of(year, 1, 1);
    p->to = day_of(year, 12, 31);
}

const char *parameter_written(enum parameter_number p, bool french)
{
    static const char *const ways[][2] = {
        { "AAAA-MM", "YYYY-MM" }, { "2021-Q2, 2021-T2, ou un de ses mois, AAAA-MM", "2021-Q2, or one of its months, YYYY-MM" },
        { "AAAA", "YYYY" }, { "AAAA-MM-JJ", "YYYY-MM-DD" }, { "AAAA-MM-JJ", "YYYY-MM-DD" }, { "AAAA-MM-JJ", "YYYY-MM-DD" },
        { "un nombre de 9 chiffres au plus", "a number of 9 digits at most" },
    };
    _Static_assert(sizeof(ways) / sizeof(ways[0]) == TAKEN_number - TAKEN_month + 1, "each way of writing is told");
    return parameters[p].how < STREAM_TYPES ? (french ? "un identifiant" : "an id") : ways[parameters[p].how - TAKEN_month][!french];
}

struct reports_asked reports_asked(const struct report *r, int32_t today)
{
    int32_t year = day_civil(today).year;
    struct reports_asked a = { .report = r, .period = { day_of(year, 1, 1), today, INT32_MAX, INT64_MAX } };
    for (unsigned i = 0; i < PARAMETERS; i++)
        a.stream[i] = (uint64_t)ABSENT, a.number[i] = ABSENT;
    if (report_takes(r, PARAMETER_month))
        whole_month(&a.period, month_index(today));
    else if (report_takes(r, PARAMETER_quarter))
        whole_quarter(&a.period, month_index(today));
    else if (report_takes(r, PARAMETER_year))
        whole_year(&a.period, year);
    else if (report_takes(r, PARAMETER_on))
        a.period.from = today;
    return a;
}

#define NUMBER_DIGITS_MAX 9

static bool read_number(struct text t, int64_t *ret)
{
    int64_t n = 0;
    if (t.bytes < 1 || t.bytes > NUMBER_DIGITS_MAX)
        return false;
    for (uint32_t i = 0; i < t.bytes; i++) {
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
        n = n * 10 + (t.at[i] - '0');
    }
    *ret = n;
    return true;
}

/* 2021-Q2, or any of its months. */
static bool quarter_parse(struct text t, int32_t *ret_month)
{
    char first[] = "0000-01";
    bool named = t.bytes == 7 && t.at[4] == '-' && (t.at[5] == 'Q' || t.at[5] == 'T') && t.at[6] >= '1' && t.at[6] <= '4';
    if (!named)
        return month_parse(t, ret_month);
    memcpy(first, t.at, 4);
    if (!month_parse(text_of(first), ret_month))
        return false;
    *ret_month += (t.at[6] - '1') * 3;
    return true;
}

bool reports_ask(struct reports_asked *a, enum parameter_number p, struct text value)
{
    int32_t month;
    struct period *period = &a->period;
    switch (parameters[p].how) {
    case TAKEN_month:
        if (!month_parse(value, &month))
            return false;
        whole_month(period, month);
        return true;
    case TAKEN_quarter:
        if (!quarter_parse(value, &month))
            return false;
        whole_quarter(period, month);
        return true;
    case TAKEN_year: {
        char first[16];
        if (value.bytes != 4)
            return false;
        memcpy(first, value.at, 4), memcpy(first + 4, "-01", 4);
        if (!month_parse((struct text){ first, 7 }, &month))
            return false;
        whole_year(period, day_civil(month_first(month)).year);
        return true;
    }
    case TAKEN_number:
        return read_number(value, &a->number[p]);
    case TAKEN_from:
        return day_parse(value, &period->from);
    case TAKEN_to:
        return day_parse(value, &period->to);
    case TAKEN_on:
        if (!day_parse(value, &period->to))
            return false;
        period->from = period->to;
        return true;
    }
    return false;
}
