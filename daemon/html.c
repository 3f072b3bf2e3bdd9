#include "html.h"

#define REPLACEMENT "\xef\xbf\xbd"

static const char *escape_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\t': case '\n': case '\r': return NULL;
    default: return (uint8_t)c < ' ' || c == 0x7f ? REPLACEMENT : NULL;
    }
}

void html_text(struct written *w, struct text t)
{
    uint32_t plain = 0;     /* from there on nothing was written yet */
    for (uint32_t i = 0; i < t.bytes; i++) {
        const char *escape = escape_of(t.at[i]);
        if (!escape)
            continue;
        written_bytes(w, t.at + plain, i - plain);
        written_string(w, escape);
        plain = i + 1;
    }
    if (t.bytes)
        written_bytes(w, t.at + plain, t.bytes - plain);
}

static void open_tag(struct written *w, const char *tag, const char *style)
{
    if (style)
        written_print(w, "<%s style=\"%s\">", tag, style);
    else
        written_print(w, "<%s>", tag);
}

static void element(struct written *w, const char *tag, struct text t, const char *style)
{
    open_tag(w, tag, style);
    html_text(w, t);
    written_print(w, "</%s>", tag);
}

void html_page(struct written *w, struct text title, bool french, const char *sheet)
{
    written_print(w, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", french ? "fr" : "en");
    element(w, "title", title, NULL);
    if (sheet)
        written_print(w, "\n<style>%s</style>", sheet);
    written_string(w, "\n</head>\n<body>\n");
}

void html_page_end(struct written *w)
{
    written_string(w, "</body>\n</html>\n");
}

void html_heading(struct written *w, int level, struct text t, const char *style)
{
    const char tag[] = { 'h', (char)('0' + level), '\0' };
    element(w, tag, t, style);
    written_string(w, "\n");
}

void html_paragraph(struct written *w, struct text t, const char *style)
{
    element(w, "p", t, style);
    written_string(w, "\n");
}

void html_table(struct written *w, const char *style)
{
    open_tag(w, "table", style);
    written_string(w, "\n");
}

void html_table_end(struct written *w)
{
    written_string(w, "</table>\n");
}

void html_table_head(struct written *w)
{
    written_string(w, "<thead>");
}

void html_table_body(struct written *w)
{
    written_string(w, "</thead>\n");
}

void html_row(struct written *w, const char *style)
{
    open_tag(w, "tr", style);
}

void html_cell(struct written *w, struct text t, const char *style)
{
    element(w, "td", t, style);
}

void html_cell_heading(struct written *w, struct text t, const char *style)
{
    open_tag(w, "th scope=\"col\"", style);
    html_text(w, t);
    written_string(w, "</th>");
}

void html_row_end(struct written *w)
{
    written_string(w, "</tr>\n");
}
