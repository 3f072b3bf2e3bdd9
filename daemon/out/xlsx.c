#include "xlsx.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "../../events/days.h"

#define SHEET_CHARACTERS_MAX 31
#define CELL_CHARACTERS_MAX 32767

struct xlsx {
    lxw_workbook *book;
    lxw_worksheet *sheets[XLSX_SHEETS_MAX];
    unsigned sheet_count;
    lxw_format *bold, *looks[XLSX_LOOKS];
    char *text;                 /* of one cell, with the end that the library wants */
    size_t text_room;
    bool failed;
};

/* At most so many characters, terminated, without what XML cannot hold at all; it lives until the next one. */
static const char *terminated(struct xlsx *x, struct text t, uint32_t characters_max)
{
    uint32_t bytes = 0, characters = 0;
    if (t.bytes >= x->text_room) {
        free(x->text);
        x->text_room = (size_t)t.bytes * 2 + 256;
        x->text = malloc(x->text_room);
        if (!x->text)
            abort();
    }
    for (uint32_t i = 0; i < t.bytes; i++) {
        uint8_t c = (uint8_t)t.at[i];
        characters += (c & 0xc0) != 0x80;
        if (characters > characters_max)
            break;
        if (c >= ' ' || c == '\t' || c == '\n')
            x->text[bytes++] = t.at[i];
    }
    x->text[bytes] = 0;
    return x->text;
}

static lxw_format *look_new(lxw_workbook *book, const char *format)
{
    lxw_format *f = workbook_add_format(book);
    if (f)
        format_set_num_format(f, format);
    return f;
}

struct xlsx *xlsx_open(const char *path, const char *directory, struct text title, struct text company)
{
    static const char *const formats[XLSX_LOOKS] = { [XLSX_NUMBER] = "0", [XLSX_DAY] = "dd/mm/yyyy", [XLSX_MONTH] = "mm/yyyy",
                                                     [XLSX_EUROS] = "#,##0.00 \"€\"", [XLSX_HUNDREDTHS] = "0.00" };
    struct xlsx *x = calloc(1, sizeof(*x));
    if (!x)
        abort();
    lxw_workbook_options options = { .constant_memory = 1, .tmpdir = (char *)directory };
    x->book = workbook_new_opt(path, &options);
    if (!x->book) {
        free(x);
        return NULL;
    }
    x->bold = workbook_add_format(x->book);
    if (x->bold)
        format_set_bold(x->bold);
    for (unsigned i = 0; i < XLSX_LOOKS; i++)
        x->looks[i] = look_new(x->book, formats[i]);
    char *both[] = { strndup(title.at ? title.at : "", title.bytes), strndup(company.at ? company.at : "", company.bytes) };
    lxw_doc_properties about = { .title = both[0], .company = both[1] };
    x->failed = workbook_set_properties(x->book, &about) != LXW_NO_ERROR;
    free(both[0]), free(both[1]);
    return x;
}

unsigned xlsx_sheet(struct xlsx *x, struct text name)
{
    char *at = (char *)terminated(x, name, SHEET_CHARACTERS_MAX);
    for (char *c = at; *c; c++)
        if (strchr("[]:*?/\\'", *c))
            *c = ' ';
    lxw_worksheet *sheet = x->sheet_count < XLSX_SHEETS_MAX ? workbook_add_worksheet(x->book, at) : NULL;
    if (!sheet) {
        x->failed = true;
        return XLSX_SHEETS_MAX;
    }
    x->sheets[x->sheet_count] = sheet;
    return x->sheet_count++;
}

static lxw_worksheet *sheet_of(struct xlsx *x, unsigned sheet)
{
    if (sheet < x->sheet_count)
        return x->sheets[sheet];
    x->failed = true;
    return NULL;
}

void xlsx_width(struct xlsx *x, unsigned sheet, uint32_t column, double characters)
{
    lxw_worksheet *s = sheet_of(x, sheet);
    if (s && worksheet_set_column(s, (lxw_col_t)column, (lxw_col_t)column, characters, NULL) != LXW_NO_ERROR)
        x->failed = true;
}

void xlsx_text(struct xlsx *x, unsigned sheet, uint32_t row, uint32_t column, struct text t, bool bold)
{
    lxw_worksheet *s = sheet_of(x, sheet);
    if (s && worksheet_write_string(s, row, (lxw_col_t)column, terminated(x, t, CELL_CHARACTERS_MAX), bold ? x->bold : NULL) != LXW_NO_ERROR)
        x->failed = true;
}

void xlsx_value(struct xlsx *x, unsigned sheet, uint32_t row, uint32_t column, enum xlsx_look look, int64_t n)
{
    lxw_error e = LXW_NO_ERROR;
    lxw_worksheet *s = sheet_of(x, sheet);
    if (!s)
        return;
    if (look == XLSX_DAY || look == XLSX_MONTH) {
        struct civil c = day_civil(look == XLSX_DAY ? (int32_t)n : month_first((int32_t)n));
        lxw_datetime day = { .year = c.year, .month = c.month, .day = c.day };
        e = worksheet_write_datetime(s, row, (lxw_col_t)column, &day, x->looks[look]);
    } else {
        double value = look == XLSX_NUMBER ? (double)n : (double)n / 100;
        e = worksheet_write_number(s, row, (lxw_col_t)column, value, x->looks[look]);
    }
    x->failed = x->failed || e != LXW_NO_ERROR;
}

void xlsx_filter(struct xlsx *x, unsigned sheet, uint32_t columns, uint32_t rows)
{
    lxw_worksheet *s = sheet_of(x, sheet);
    if (!s || columns == 0 || rows == 0)
        return;
    worksheet_freeze_panes(s, 1, 0);
    if (worksheet_autofilter(s, 0, 0, rows - 1, (lxw_col_t)(columns - 1)) != LXW_NO_ERROR)
        x->failed = true;
}

bool xlsx_close(struct xlsx *x)
{
    bool good = !x->failed;
    good = workbook_close(x->book) == LXW_NO_ERROR && good;
    free(x->text);
    free(x);
    return good;
}
