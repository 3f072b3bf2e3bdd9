/* Workbooks of spreadsheets (XLSX), by libxlsxwriter and nowhere else. Rows go from top to bottom, and only one of each sheet is
 * in memory; the rest waits in nameless temporary files of `directory`, which is memory when there is some (/dev/shm).
 *
 * What is text is written as text, so no cell is ever a formula; numbers are numbers, days are dates.
 * Order of use: xlsx_open; xlsx_sheet...; for each sheet its cells, row by row; xlsx_close. Errors stick: xlsx_close tells. */
#ifndef DAEMON_OUT_XLSX_H
#define DAEMON_OUT_XLSX_H

#include <stdbool.h>
#include <stdint.h>

#include "../../events/text.h"

#define XLSX_ROWS_MAX 1048576       /* of a sheet, by the format; beyond them xlsx_close is false */
#define XLSX_SHEETS_MAX 4

struct xlsx;
enum xlsx_look { XLSX_NUMBER, XLSX_DAY, XLSX_MONTH, XLSX_EUROS, XLSX_HUNDREDTHS, XLSX_LOOKS };

/* NULL: no memory, or the directory takes no files (NULL: that of the system). The texts are copied. */
struct xlsx *xlsx_open(const char *path, const char *directory, struct text title, struct text company);
/* Its number, from 0. Of the name what the format forbids is left out, and what is beyond 31 characters. */
unsigned xlsx_sheet(struct xlsx *, struct text name);
void xlsx_width(struct xlsx *, unsigned sheet, uint32_t column, double characters);
void xlsx_text(struct xlsx *, unsigned sheet, uint32_t row, uint32_t column, struct text, bool bold);      /* cut at 32,767 characters */
/* XLSX_DAY: days since 1970; XLSX_MONTH: months since then; XLSX_EUROS, XLSX_HUNDREDTHS: hundredths. */
void xlsx_value(struct xlsx *, unsigned sheet, uint32_t row, uint32_t column, enum xlsx_look, int64_t);
/* The first row stays in sight, and each column can be filtered, down to the last row. */
void xlsx_filter(struct xlsx *, unsigned sheet, uint32_t columns, uint32_t rows);
bool xlsx_close(struct xlsx *);     /* writes the file; it is gone, whatever the answer */

#endif
