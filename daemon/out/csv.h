/* CSV as RFC 4180 writes it, for spreadsheets: a cell that they would take for a formula gets a quote in front.
 * Order of use: csv_begin; csv_cell... csv_row for each row; read `at` and `bytes`; csv_end. What goes beyond bytes_max is
 * dropped and `failed` says so. */
#ifndef DAEMON_OUT_CSV_H
#define DAEMON_OUT_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../events/text.h"

struct csv {
    char *at;
    size_t bytes, room, bytes_max;
    char separator;         /* a comma, unless whoever began it says otherwise */
    bool failed, inside;    /* inside a row: the next cell needs a separator */
};

void csv_begin(struct csv *, size_t bytes_max);
void csv_end(struct csv *);
void csv_reset(struct csv *);                   /* empty again, the buffer kept, `failed` too: for who takes it row by row */
void csv_cell(struct csv *, struct text);       /* an absent text is an empty cell */
void csv_day(struct csv *, int32_t day);        /* empty for DAY_NONE */
void csv_number(struct csv *, int64_t);
void csv_row(struct csv *);                     /* ends the row */

#endif
