/* A CSV file, strictly: UTF-8 or else Windows-1252, quotes with new lines in them, one separator. */
#include "../events/json_decode.h"
#include "ctl.h"
#include "ctl_import.h"

/* ---- to UTF-8 ---- */
static bool is_utf8(struct text t)
{
    const uint8_t *at = (const uint8_t *)t.at;
    for (uint32_t i = 0; i < t.bytes;) {
        unsigned n = at[i] < 0x80 ? 1 : json_utf8_bytes(at + i);    /* it looks no further than a byte that does not fit: the NUL at the end */
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

static bool decode(struct arena *arena, struct text bytes, struct sheet *s, struct import_errors *errors, struct text *ret)
{
    static const struct text none;
    if (bytes.bytes >= 3 && memcmp(bytes.at, "\xef\xbb\xbf", 3) == 0)
        bytes.at += 3, bytes.bytes -= 3;
    bool wide = bytes.bytes >= 2 && (memcmp(bytes.at, "\xff\xfe", 2) == 0 || memcmp(bytes.at, "\xfe\xff", 2) == 0);
    if (wide || memchr(bytes.at, 0, bytes.bytes)) {
        import_wrong(errors, 0, none, "ni UTF-8 ni Windows-1252 (UTF-16 ? enregistrer en « CSV UTF-8 »)",
                     "neither UTF-8 nor Windows-1252 (UTF-16? save it as \"CSV UTF-8\")");
        return false;
    }
    *ret = bytes;
    s->cp1252 = !is_utf8(bytes);
    if (!s->cp1252 || cp1252_read(arena, bytes, ret))
        return true;
    import_wrong(errors, 0, none, "ni UTF-8 ni Windows-1252", "neither UTF-8 nor Windows-1252");
    return false;
}

/* ---- cells ---- */
struct reading {
    struct arena *arena;
    struct import_errors *errors;
    const char *at, *end;
    char separator;
    uint32_t row;
};

static char guess_separator(struct text t)
{
    static const char separators[] = ";,\t";
    uint32_t count[3] = { 0 };
    bool quoted = false;
    unsigned best = 0;
    for (uint32_t i = 0; i < t.bytes && (quoted || (t.at[i] != '\n' && t.at[i] != '\r')); i++) {
        quoted ^= t.at[i] == '"';
        for (unsigned s = 0; s < 3 && !quoted; s++)
            count[s] += t.at[i] == separators[s];
    }
    for (unsigned s = 1; s < 3; s++)
        if (count[s] > count[best])
            best = s;
    return separators[best];
}

/* Spaces of any kind that spreadsheets leave at the ends, the no-break ones included. */
static struct text trimmed(struct text t)
{
    for (;;) {
        unsigned front = 0, back = 0;
        if (t.bytes >= 1 && strchr(" \t\r\n", t.at[0]))
            front = 1;
        else if (t.bytes >= 2 && memcmp(t.at, "\xc2\xa0", 2) == 0)
            front = 2;
        else if (t.bytes >= 3 && memcmp(t.at, "\xe2\x80\xaf", 3) == 0)
            front = 3;
        else if (t.bytes >= 1 && strchr(" \t\r\n", t.at[t.bytes - 1]))
            back = 1;
        else if (t.bytes >= 2 && memcmp(t.at + t.bytes - 2, "\xc2\xa0", 2) == 0)
            back = 2;
        else if (t.bytes >= 3 && memcmp(t.at + t.bytes - 3, "\xe2\x80\xaf", 3) == 0)
            back = 3;
        if (front + back == 0)
            return t;
        t.at += front;
        t.bytes -= front + back;
    }
}

static bool stop(struct reading *r, const char *fr, const char *en)
{
    import_wrong(r->errors, r->row, (struct text){ NULL, 0 }, fr, en);
    return false;
}

static bool ends_cell(const struct reading *r)
{
    return r->at == r->end || *r->at == r->separator || *r->at == '\n' || *r->at == '\r';
}

/* From after the opening quote; a doubled one is a quote. */
static bool read_quoted(struct reading *r, struct text *ret)
{
    const char *from = r->at;
    bool doubled = false;
    for (;; r->at++) {
        r->at = memchr(r->at, '"', (size_t)(r->end - r->at));
        if (!r->at)
            return stop(r, "un guillemet s'ouvre ici et ne se referme jamais", "a quote opens here and never closes");
        if (r->at + 1 == r->end || r->at[1] != '"')
            break;
        doubled = true;
        r->at++;
    }
    *ret = (struct text){ from, (uint32_t)(r->at - from) };
    r->at++;
    if (!ends_cell(r))
        return stop(r, "du texte suit un guillemet fermant", "text follows a closing quote");
    if (!doubled)
        return true;
    char *to = arena_take(r->arena, ret->bytes);
    uint32_t n = 0;
    for (uint32_t i = 0; i < ret->bytes; i++) {
        to[n++] = ret->at[i];
        i += ret->at[i] == '"';
    }
    *ret = (struct text){ to, n };
    return true;
}

static bool read_cell(struct reading *r, struct text *ret)
{
    if (r->at < r->end && *r->at == '"') {
        r->at++;
        if (!read_quoted(r, ret))
            return false;
    } else {
        *ret = (struct text){ r->at, 0 };
        while (!ends_cell(r))
            r->at++;
        ret->bytes = (uint32_t)(r->at - ret->at);
    }
    *ret = trimmed(*ret);
    if (ret->bytes > IMPORT_CELL_BYTES_MAX)
        return stop(r, "une cellule de plus de 8 Kio", "a cell of more than 8 KiB");
    return true;
}

/* One row of cells, with the end of its line; the cells are copied once their number is known. */
static bool read_row(struct reading *r, struct text *cells, uint32_t *ret_count)
{
    *ret_count = 0;
    for (;;) {
        if (*ret_count == IMPORT_COLUMNS_MAX)
            return stop(r, "plus de 256 colonnes", "more than 256 columns");
        if (!read_cell(r, &cells[(*ret_count)++]))
            return false;
        if (r->at == r->end || *r->at != r->separator)
            break;
        r->at++;
    }
    if (r->at < r->end && *r->at == '\r')
        r->at++;
    if (r->at < r->end && *r->at == '\n')
        r->at++;
    return true;
}

static bool read_header(struct reading *r, struct sheet *s, struct text *cells)
{
    if (!read_row(r, cells, &s->columns))
        return false;
    while (s->columns && cells[s->columns - 1].bytes == 0)
        s->columns--;
    s->header = arena_copy(r->arena, cells, (s->columns + 1) * sizeof(*cells));
    if (s->columns == 0)
        return stop(r, "pas d'en-tête", "there is no header");
    bool good = true;
    for (uint32_t i = 0; i < s->columns; i++)
        for (uint32_t k = 0; k < i; k++)
            if (cells[i].bytes && text_equal(cells[i], cells[k])) {
                /* By number: a file without a header would have its first row told here. */
                struct text why = arena_print(r->arena, say("les colonnes %u et %u portent le même nom", "columns %u and %u have the same name"), k + 1, i + 1);
                import_refused(r->errors, 1, (struct text){ NULL, 0 }, why, (struct text){ NULL, 0 });
                good = false;
            }
    return good;
}

/* A row of another width is not ours to guess at; separators that a spreadsheet left behind the last column are nothing. */
static void keep_row(struct reading *r, struct sheet *s, const struct text *cells, uint32_t count)
{
    uint32_t filled = count;
    while (filled && cells[filled - 1].bytes == 0)
        filled--;
    s->row[s->rows] = NULL;
    if (filled == 0)
        s->empty++;
    else if (filled > s->columns)
        stop(r, "plus de colonnes que l'en-tête", "more columns than the header");
    else if (count < s->columns)
        stop(r, "moins de colonnes que l'en-tête", "fewer columns than the header");
    else
        s->row[s->rows] = arena_copy(r->arena, cells, s->columns * sizeof(*cells));
    s->rows++;
}

bool sheet_read(struct arena *arena, struct text bytes, char separator, struct sheet *s, struct import_errors *errors)
{
    struct text text, cells[IMPORT_COLUMNS_MAX];
    uint32_t count;
    *s = (struct sheet){ .columns = 0 };
    if (!decode(arena, bytes, s, errors, &text))
        return false;
    s->separator = separator ? separator : guess_separator(text);
    struct reading r = { arena, errors, text.at, text.at + text.bytes, s->separator, 1 };
    if (!read_header(&r, s, cells))
        return false;
    s->row = ARENA_ARRAY(arena, struct text *, IMPORT_ROWS_MAX + 1);
    while (r.at < r.end) {
        r.row++;
        if (s->rows == IMPORT_ROWS_MAX)
            return stop(&r, "plus de 100 000 lignes", "more than 100,000 rows");
        if (!read_row(&r, cells, &count))
            return false;
        keep_row(&r, s, cells, count);
    }
    return true;
}
