/* A digest as text, in columns, and as a page for readers of mail, which pass over style sheets. */
#include <inttypes.h>
#include <string.h>

#include "digest_told.h"
#include "html.h"

#define CELLS 4
#define CELL_CHARACTERS_MAX 64      /* in a column of the text; the page shows all of it */

#define BODY_STYLE "font-family:sans-serif;font-size:14px"
#define TABLE_STYLE "border-collapse:collapse"
#define CELL_STYLE "padding:2px 12px 2px 0;vertical-align:top;text-align:left"
#define FOOT_STYLE "color:#555;font-size:12px"

static struct text cell_of(const struct digest_line *line, int cell)
{
    struct text cells[CELLS] = { line->when, line->whom, line->what, line->note };
    return cells[cell];
}

/* ---- text ---- */
static uint32_t characters(struct text t)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t.bytes; i += character_bytes(t, i))
        n++;
    return n;
}

/* The beginning of a long sentence, ended between two words. */
static struct text cut(struct arena *arena, struct text t)
{
    uint32_t end = 0, blank = 0, n = 0;
    if (characters(t) <= CELL_CHARACTERS_MAX)
        return t;
    for (; n < CELL_CHARACTERS_MAX - 3; n++) {
        if (t.at[end] == ' ')
            blank = end;
        end += character_bytes(t, end);
    }
    end = blank ? blank : end;
    while (end && memchr(" ,;:", t.at[end - 1], 4))
        end--;
    return arena_print(arena, "%.*s...", (int)end, t.at);
}

static uint32_t width_of(const struct digest_facts *d, const struct digest_section *s, int cell)
{
    uint32_t width = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t n = characters(cut(d->arena, cell_of(&s->at[i], cell)));
        width = n > width ? n : width;
    }
    return width;
}

static struct text more_words(const struct digest_facts *d, const struct digest_section *s)
{
    if (!d->french)
        return arena_print(d->arena, "and %" PRIu32 " more", s->left_out);
    return arena_print(d->arena, "et %" PRIu32 " autre%s", s->left_out, s->left_out > 1 ? "s" : "");
}

static void plain_section(struct written *w, const struct digest_facts *d, const struct digest_section *s)
{
    uint32_t widths[CELLS];
    for (int c = 0; c < CELLS; c++)
        widths[c] = width_of(d, s, c);
    written_print(w, "%.*s\n", TEXT_ARGS(s->title));
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t owed = 2;      /* blanks before the next cell: none stands at the end of a line */
        for (int c = 0; c < CELLS; c++) {
            struct text t = cut(d->arena, cell_of(&s->at[i], c));
            if (t.bytes)
                written_print(w, "%*s%.*s", (int)owed, "", TEXT_ARGS(t));
            owed = widths[c] ? (t.bytes ? 0 : owed) + widths[c] - characters(t) + 3 : owed;
        }
        written_string(w, "\n");
    }
    if (s->left_out) {
        struct text more = more_words(d, s);
        written_print(w, "  %.*s\n", TEXT_ARGS(more));
    }
    written_string(w, "\n");
}

static struct text nothing_words(const struct digest_facts *d)
{
    return text_of(d->french ? "Rien à faire ce jour." : "Nothing to do today.");
}

/* The PLIE, what it is of, who pays, where the rest is. */
static uint32_t foot(const struct digest_facts *d, struct text ret[4])
{
    uint32_t n = 0;
    struct text date = digest_date(d, d->day);
    struct civil c = day_civil(d->day);
    ret[n++] = arena_print(d->arena, d->french ? "%.*s, état au %.*s %" PRId32 ", position %" PRIu64 : "%.*s, as of %.*s %" PRId32 ", position %" PRIu64,
                           TEXT_ARGS(d->plie), TEXT_ARGS(date), c.year, d->position);
    if (d->mention.bytes)
        ret[n++] = d->mention;
    if (d->public_url.bytes)
        ret[n++] = d->public_url;
    ret[n++] = arena_print(d->arena, d->french ? "Réglages : parcoursctl delivery show %.*s" : "Settings: parcoursctl delivery show %.*s", TEXT_ARGS(d->delivery));
    return n;
}

static void write_plain(struct written *w, const struct digest_facts *d, const struct digest_told *said)
{
    struct text lines[4];
    uint32_t n = foot(d, lines);
    written_print(w, "%.*s\n\n", TEXT_ARGS(said->subject));
    for (uint32_t i = 0; i < said->count; i++)
        plain_section(w, d, &said->sections[i]);
    if (said->count == 0)
        written_print(w, "%.*s\n\n", TEXT_ARGS(nothing_words(d)));
    if (said->heeded.bytes)
        written_print(w, "%.*s\n\n", TEXT_ARGS(said->heeded));
    written_string(w, "--\n");
    for (uint32_t i = 0; i < n; i++)
        written_print(w, "%.*s\n", TEXT_ARGS(lines[i]));
}

/* ---- a page ---- */
static void html_section(struct written *w, const struct digest_facts *d, const struct digest_section *s)
{
    uint32_t widths[CELLS];
    for (int c = 0; c < CELLS; c++)
        widths[c] = width_of(d, s, c);
    html_heading(w, 2, s->title, "font-size:16px");
    html_table(w, TABLE_STYLE);
    for (uint32_t i = 0; i < s->n; i++) {
        html_row(w, NULL);
        for (int c = 0; c < CELLS; c++)
            if (widths[c])
                html_cell(w, cell_of(&s->at[i], c), CELL_STYLE);
        html_row_end(w);
    }
    html_table_end(w);
    if (s->left_out)
        html_paragraph(w, more_words(d, s), NULL);
}

static void write_html(struct written *w, const struct digest_facts *d, const struct digest_told *said)
{
    struct text lines[4];
    uint32_t n = foot(d, lines);
    html_page(w, said->subject, d->french, NULL);
    written_string(w, "<div style=\"" BODY_STYLE "\">\n");
    html_heading(w, 1, said->subject, "font-size:18px");
    for (uint32_t i = 0; i < said->count; i++)
        html_section(w, d, &said->sections[i]);
    if (said->count == 0)
        html_paragraph(w, nothing_words(d), NULL);
    if (said->heeded.bytes)
        html_paragraph(w, said->heeded, NULL);
    for (uint32_t i = 0; i < n; i++)
        html_paragraph(w, lines[i], FOOT_STYLE);
    written_string(w, "</div>\n");
    html_page_end(w);
}

bool digest_write(const struct digest_facts *d, struct digest_told *said)
{
    struct written w;
    written_begin(&w, DIGEST_BYTES_MAX);
    write_plain(&w, d, said);
    bool good = !w.failed;
    said->plain = arena_text(d->arena, w.at, w.bytes);
    w.bytes = 0;
    write_html(&w, d, said);
    good = good && !w.failed;
    said->html = arena_text(d->arena, w.at, w.bytes);
    written_end(&w);
    return good;
}
