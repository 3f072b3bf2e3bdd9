/* The forms in which a report leaves: one row each in report_forms.c, whose functions are in the report_*.c of that form. A
 * line is written when it is complete and then forgotten; the head, which says how many there are, is made last and sent first.
 *
 * `shown` is the report with the columns that are shown: beside its own, when names were asked for, two behind each participant. Forms
 * know no other.
 *
 * Order of use: making_begin; making_look for each dossier; making_end, which sends or refuses; making_free in any case. */
#ifndef DAEMON_REPORT_FORMS_H
#define DAEMON_REPORT_FORMS_H

#include "../projections/likeness.h"
#include "../projections/reports.h"
#include "call.h"
#include "out/csv.h"
#include "out/xlsx.h"
#include "spool.h"
#include "written.h"

struct making {
    struct call *call;
    const struct form *form;
    struct reporting reporting;
    struct report shown;
    struct cell *cells;             /* of a line, as shown */
    bool names;
    uint64_t named;                 /* whose names are at hand, in name_arena; ABSENT nobody's */
    struct identity identity;
    struct arena name_arena;
    struct spool spool;             /* the lines, and what comes after them */
    struct arena line_arena;
    struct json_out json;           /* of a line */
    struct csv csv;                 /* of a line */
    struct written page;            /* of a line */
    int64_t section;                /* HTML: what the table that is open is of */
    bool table;                     /* ... there is one */
    uint32_t given;                 /* lines handed over so far, the one at hand too */
    struct xlsx *workbook;          /* NULL: another form */
    unsigned about, lines;          /* its sheets */
};

struct form {
    const char *name;               /* format=, and how the file is called */
    const char *type;               /* of content */
    const char *accepted;           /* in Accept */
    const char *headers;            /* besides; NAME stands for the file's. NULL: an ETag */
    bool (*begin)(struct making *);             /* false: no memory was left; NULL: nothing to begin */
    void (*line)(struct making *, const struct cell *);
    struct text (*end)(struct making *);        /* the head, in the call's arena or output; what comes after the lines goes to the spool */
};
extern const struct form forms[];   /* ended by a name of NULL; the first is what nobody asked otherwise for */

/* `names`: of participants, opened; for reports that have a column of them. False: refused. */
bool making_begin(struct making *, struct call *, const struct form *, const struct reports_asked *, bool names);
bool report_has_participants(const struct report *);
void making_look(void *making, const struct dossier *);
void making_end(struct making *);
void making_free(struct making *);

/* ---- what the heads say (report_heads.c) ---- */
struct text making_scope(const struct making *);        /* of whom: the streams named, else the PLIE */
struct text making_period(const struct making *);       /* its two days */
struct text making_rulebook(const struct making *);
/* For forms that people read: each thing that the head says, under its name, in this order: report, mention of the Fund, scope, period,
 * parameters, rulebook, position, instant, rows. */
typedef void head_fn(void *context, struct text label, enum cell_type, const struct cell *);    /* a text, a day or a number */
void making_head(const struct making *, head_fn *, void *context);

/* ---- the forms ---- */
void json_report_line(struct making *, const struct cell *);
struct text json_report_end(struct making *);
void csv_report_line(struct making *, const struct cell *);
struct text csv_report_end(struct making *);
bool xlsx_report_begin(struct making *);
void xlsx_report_line(struct making *, const struct cell *);
struct text xlsx_report_end(struct making *);
void html_report_line(struct making *, const struct cell *);
struct text html_report_end(struct making *);

#endif
