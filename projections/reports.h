/* Reports: one row each in reports.def, with its columns and one function beside it (reports_*.c), which is given the same
 * dossiers as the figures and emits lines. Every line has every cell, in the order of the columns and of their types: a
 * cell that is none of it is a bug and asserts.
 *
 * Order of use: reports_asked, parameters; reports_begin; reports_look for each dossier; reports_end; then read the lines. All
 * of it lives in the arena given at the start. Who wants the lines one by one, and none of them kept, sets `sink` and `line_arena`
 * after reports_begin: each line is handed over when it is complete, and gone when the sink returns. */
#ifndef PROJECTIONS_REPORTS_H
#define PROJECTIONS_REPORTS_H

#include "dossier.h"

/* ---- parameters ---- */
enum parameter_number {
#define PARAMETER(name, how, fr, en) PARAMETER_##name,
#include "reports.def"
#undef PARAMETER
    PARAMETERS
};
/* How a parameter is read: a type of stream (an id), or one of these. */
enum { TAKEN_month = STREAM_TYPES, TAKEN_quarter, TAKEN_year, TAKEN_from, TAKEN_to, TAKEN_on, TAKEN_number };
extern const struct parameter {
    const char *name;
    int how;
    const char *fr, *en;
} parameters[PARAMETERS];
const char *parameter_written(enum parameter_number, bool french);      /* how its value is written */

/* ---- the rows ---- */
enum cell_type { CELL_text, CELL_word, CELL_day, CELL_month, CELL_number, CELL_cents, CELL_hundredths, CELL_id, CELL_event, CELL_flag };

/* What a text is for the program, when it is not just a text: how a person reads it. */
enum said {
    SAID_plain, SAID_figure, SAID_unit, SAID_dimension, SAID_group, SAID_state, SAID_rules, SAID_why, SAID_outcome, SAID_reason, SAID_to_do,
    SAID_words          /* + a vocabulary: some of its words, separated by commas */
};
struct column {
    const char *name;
    enum cell_type type;
    unsigned of;                /* CELL_word: vocabulary; CELL_id: type of stream; CELL_text: enum said */
    const char *fr, *en;
};
struct total {
    const char *name, *fr, *en;
};
struct signatory {
    const char *fr, *en;
};

struct reporting;
struct sheet;
typedef void report_fn(struct reporting *, const struct dossier *);

struct report {
    const char *name;
    uint32_t walks;                     /* stream types; OPENS and PRINTED besides */
    uint32_t takes;
    report_fn *look;
    const char *fr, *en;
    const struct column *columns;       /* ended by a name of NULL */
    unsigned column_count;
    const struct total *totals;         /* ended by a name of NULL */
    const struct signatory *signatories;        /* who signs it on paper; ended by NULL */
    const char *section;                /* the column by which a printed one is cut into tables, as its lines come; "" none */
};
/* Beside the stream types of a row's `walks`. */
#define OPENS(type) (1u << (16 + STREAM_##type))    /* its streams are read with what is sealed */
#define PRINTED (1u << 31)                          /* there is a form to print and to sign */
_Static_assert(STREAM_TYPES <= 15, "room for OPENS");
uint32_t reports_opens(const struct report *);      /* set of stream types */
bool report_printed(const struct report *);
int report_section(const struct report *);          /* a column; -1 none */

enum report_number {
#define COLUMN(...)
#define TOTAL(...)
#define SIGNED(...)
#define SECTION(...)
#define REPORT(c_name, ...) REPORT_##c_name,
#include "reports.def"
#undef REPORT
    REPORTS
};
#undef COLUMN
#undef TOTAL
#define COLUMN(...)
#define TOTAL(report, name, fr, en) TOTAL_##report##_##name,
#define REPORT(c_name, name, walks, takes, function, fr, en, ...) enum { __VA_ARGS__ TOTALS_OF_##c_name };
#include "reports.def"
#undef REPORT
#define REPORT(c_name, name, walks, takes, function, ...) report_fn function;
#include "reports.def"
#undef REPORT
#undef COLUMN
#undef TOTAL
#undef SIGNED
#undef SECTION

#define TOTALS_MAX 16
extern const struct report reports[REPORTS];
const struct report *report_named(struct text);         /* NULL when there is none */
int report_column(const struct report *, struct text name);     /* -1 when there is none */

/* ---- asking ---- */
struct reports_asked {
    const struct report *report;
    struct period period;
    const struct rulebooks *books;
    uint64_t stream[PARAMETERS];        /* (uint64_t)ABSENT: not given */
    int64_t number[PARAMETERS];         /* ABSENT: not given */
};
/* With what stands when nothing is given. */
struct reports_asked reports_asked(const struct report *, int32_t today);
bool report_takes(const struct report *, enum parameter_number);
/* A parameter that is no stream. False: it is not written like that. */
bool reports_ask(struct reports_asked *, enum parameter_number, struct text value);

/* ---- making ---- */
struct cell {
    int64_t number;             /* ABSENT: nothing */
    struct text text;
};
struct note {
    enum stream_type type;
    uint64_t stream;            /* who it is about */
    const char *fr, *en;        /* what it is */
    struct text text;
    bool told;                  /* for who writes them: it has been */
    struct note *next;          /* in the order in which they came */
};
struct reporting {
    struct reports_asked asked;
    void (*sink)(void *context, const struct cell *line);   /* NULL: lines are kept */
    void *sink_context;
    struct arena *line_arena;   /* of a line that is handed over: emptied after each */
    struct cell **lines;        /* column_count cells each; the sink's: one, used again and again */
    uint32_t n, room;           /* lines so far, handed over or kept */
    int64_t totals[TOTALS_MAX];
    struct text plie;           /* its name, as it is now */
    struct text mention;        /* of the European co-funding, printed on every report; at == NULL none */
    unsigned at;                /* the next cell of the line that is open; 0 none is */
    struct arena *arena;
    struct sheet *sheets;       /* of a report of figures */
    bool begun;                 /* ... once they are there */
    struct note *notes, **last_note;
    /* Of a report whose lines are put in order once all are there: below 0 when the first comes before the second. */
    int (*order)(const struct cell *, const struct cell *);
    void (*end)(struct reporting *);    /* of a report whose lines wait until everything was seen, set by its function; may be NULL */
    struct checking *checking;  /* of the report `control` */
};

void reports_begin(struct reporting *, struct arena *, const struct reports_asked *);
uint32_t reports_walks(const struct report *);                  /* set of the stream types to look at */
void reports_look(struct reporting *, const struct dossier *);
void reports_end(struct reporting *);       /* what can be said once everything was seen (reports_figures.c) */

void reports_hand_over(struct reporting *); /* of reports_end: the lines that were to be put in order */

/* For the functions: the cells of a line, one after the other; the last one closes it. Texts are copied. */
void cell_text(struct reporting *, struct text);
void cell_word(struct reporting *, int64_t word);       /* below 0: nothing */
void cell_day(struct reporting *, int32_t day);
void cell_month(struct reporting *, int64_t month);     /* ABSENT: nothing */
void cell_number(struct reporting *, int64_t);
void cell_cents(struct reporting *, int64_t);
void cell_hundredths(struct reporting *, int64_t);
void cell_id(struct reporting *, int64_t stream);
void cell_event(struct reporting *, uint64_t seq);      /* 0: nothing */
void cell_flag(struct reporting *, bool);
/* What somebody wrote about the whole, opened: printed below the lines. Copied; nothing for an absent one. */
void report_note(struct reporting *, enum stream_type, uint64_t stream, const char *fr, const char *en, struct text);
/* A cell that is no text, in words: ids, yes or no, 1200.00; empty for nothing. */
#define CELL_TEXT_BYTES 64
const char *cell_print(const struct column *, const struct cell *, char out[CELL_TEXT_BYTES]);
/* What a person reads: the sentence of a word, of a figure, of a rule; days as 31/01/2026; euros; empty for nothing. `line` is the whole
 * line of the cell, in the order of the report's columns. In the arena, or constant. (reports_said.c) */
struct text cell_said(const struct report *, const struct cell *line, unsigned column, bool french, struct arena *);
void report_note_operation(struct reporting *, const struct dossier *);     /* what its reports say in words (reports_fund.c) */
void report_count(struct reporting *, unsigned total, bool one);
int64_t report_stream(const struct reporting *, enum parameter_number);     /* ABSENT: not given */

#endif
