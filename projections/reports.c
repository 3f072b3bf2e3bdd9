/* The table of reports, what is asked of them, and the cells of their lines. */
#include "reports.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../events/ids.h"

#define PARTICIPANTS IN_STREAM(participant)
#define IN_STREAM(type) (1u << STREAM_##type)
#define TAKES(name) (1u << PARAMETER_##name)
#define NO_PARAMETER 0
#define ALL_STREAMS ((1u << STREAM_TYPES) - 1)
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

/* ---- lines ---- */
void reports_begin(struct reporting *r, struct arena *arena, const struct reports_asked *asked)
{
    *r = (struct reporting){ .asked = *asked, .arena = arena };
    r->last_note = &r->notes;
}

uint32_t reports_walks(const struct report *r)
{
    return (r->walks & ALL_STREAMS) | IN_STREAM(plie);
}

/* A report of long ago is printed today. */
static void look_for_heads(struct reporting *r, const struct dossier *d)
{
    for (uint32_t i = 0; i < d->count_later; i++) {
        const struct event *e = d->standing[i];
        struct text *said = e->kind->number == KIND_publicity_set ? &r->mention : e->kind->number == KIND_plie_created ? &r->plie : NULL;
        struct text t = { NULL, 0 };
        if (said == &r->mention)
            t = ((const struct publicity_set *)e->data)->mention;
        else if (said)
            t = ((const struct plie_created *)e->data)->name;
        if (said)
            *said = arena_text(r->arena, t.at, t.bytes);
    }
}

void reports_look(struct reporting *r, const struct dossier *d)
{
    if (d->type == STREAM_plie)
        look_for_heads(r, d);
    if (!(r->asked.report->walks >> d->type & 1))
        return;
    r->asked.report->look(r, d);
    assert(r->at == 0);         /* the last line has all its cells */
}

/* Handed over at once, and then forgotten. */
static bool passes(const struct reporting *r)
{
    return r->sink && !r->order;
}

/* One cell more than it has columns: where it came, for lines that are put in order. */
static void open_line(struct reporting *r)
{
    void *at = r->lines;
    uint32_t kept = passes(r) ? 0 : r->n;
    r->n++;
    if (passes(r) && r->lines)
        return;
    vector_room(r->arena, &kept, &r->room, &at, sizeof(*r->lines));
    r->lines = at;
    r->lines[kept] = ARENA_ARRAY(r->arena, struct cell, r->asked.report->column_count + 1);
    r->lines[kept][r->asked.report->column_count].number = kept;
}

static void put(struct reporting *r, enum cell_type type, struct cell cell)
{
    const struct report *report = r->asked.report;
    if (r->at == 0)
        open_line(r);
    assert(report->columns[r->at].type == type);
    struct cell *line = r->lines[passes(r) ? 0 : r->n - 1];
    line[r->at] = cell;
    r->at = (r->at + 1) % report->column_count;
    if (r->at == 0 && passes(r)) {
        r->sink(r->sink_context, line);
        arena_reset(r->line_arena);
    }
}

static int in_order(const void *a, const void *b, void *context)
{
    const struct reporting *r = context;
    const struct cell *x = *(struct cell *const *)a, *y = *(struct cell *const *)b;
    unsigned came = r->asked.report->column_count;
    int first = r->order(x, y);
    return first ? first : (x[came].number > y[came].number) - (x[came].number < y[came].number);
}

/* Who counts lines as they come sees them all counted already. */
void reports_hand_over(struct reporting *r)
{
    if (!r->order || r->n == 0)
        return;
    qsort_r(r->lines, r->n, sizeof(*r->lines), in_order, r);
    for (uint32_t i = 0; r->sink && i < r->n; i++) {
        r->sink(r->sink_context, r->lines[i]);
        arena_reset(r->line_arena);
    }
}

void cell_text(struct reporting *r, struct text t)
{
    struct arena *arena = passes(r) ? r->line_arena : r->arena;
    put(r, CELL_text, (struct cell){ ABSENT, t.at ? arena_text(arena, t.at, t.bytes) : t });
}

static void number(struct reporting *r, enum cell_type type, int64_t n)
{
    put(r, type, (struct cell){ n, { NULL, 0 } });
}

void cell_word(struct reporting *r, int64_t word)
{
    number(r, CELL_word, word < 0 ? ABSENT : word);
}

void cell_day(struct reporting *r, int32_t day)
{
    number(r, CELL_day, day == DAY_NONE ? ABSENT : day);
}

void cell_month(struct reporting *r, int64_t month)
{
    number(r, CELL_month, month);
}

void cell_number(struct reporting *r, int64_t n)
{
    number(r, CELL_number, n);
}

void cell_cents(struct reporting *r, int64_t n)
{
    number(r, CELL_cents, n);
}

void cell_hundredths(struct reporting *r, int64_t n)
{
    number(r, CELL_hundredths, n);
}

void cell_id(struct reporting *r, int64_t stream)
{
    number(r, CELL_id, stream);
}

void cell_event(struct reporting *r, uint64_t seq)
{
    number(r, CELL_event, seq ? (int64_t)seq : ABSENT);
}

void cell_flag(struct reporting *r, bool flag)
{
    number(r, CELL_flag, flag);
}

const char *cell_print(const struct column *c, const struct cell *cell, char out[CELL_TEXT_BYTES])
{
    char text[ID_TEXT_BYTES];
    int64_t n = cell->number;
    out[0] = 0;
    if (n == ABSENT)
        return out;
    switch (c->type) {
    case CELL_word:
        return word_name(c->of, n);
    case CELL_flag:
        return n ? "yes" : "no";
    case CELL_day:
        return day_print((int32_t)n, out);
    case CELL_month:
        return month_print((int32_t)n, out);
    case CELL_id:
        snprintf(out, CELL_TEXT_BYTES, "%s", id_print((enum stream_type)c->of, (uint64_t)n, text));
        break;
    case CELL_cents:
    case CELL_hundredths:
        snprintf(out, CELL_TEXT_BYTES, "%s%" PRId64 ".%02d", n < 0 ? "-" : "", n < 0 ? -n / 100 : n / 100, (int)(n < 0 ? -n % 100 : n % 100));
        break;
    case CELL_number:
    case CELL_event:
        snprintf(out, CELL_TEXT_BYTES, "%" PRId64, n);
        break;
    case CELL_text:
        break;
    }
    return out;
}

void report_note(struct reporting *r, enum stream_type type, uint64_t stream, const char *fr, const char *en, struct text t)
{
    struct note *note;
    if (!t.at)
        return;
    note = ARENA_ARRAY(r->arena, struct note, 1);
    *note = (struct note){ type, stream, fr, en, arena_text(r->arena, t.at, t.bytes), NULL };
    *r->last_note = note;
    r->last_note = &note->next;
}

void report_count(struct reporting *r, unsigned total, bool one)
{
    r->totals[total] += one;
}

int64_t report_stream(const struct reporting *r, enum parameter_number p)
{
    return (int64_t)r->asked.stream[p];
}
