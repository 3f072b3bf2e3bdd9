/* HTML that a person prints, or reads in a mail: one page, no script, nothing from outside. Every text is escaped here and
 * nowhere else; tags and styles are the program's own constants.
 * Order of use: html_page; html_heading, html_paragraph, html_table (html_row, html_cell..., html_row_end) html_table_end; html_page_end.
 * A style is CSS for a `style` attribute, or NULL: readers of mail pass over a <style> element, so mails say it at each piece. */
#ifndef DAEMON_HTML_H
#define DAEMON_HTML_H

#include "written.h"

void html_text(struct written *, struct text);      /* & < > " ' are escaped, bytes that no page may hold become U+FFFD */
/* From the doctype to <body>. `sheet` is the CSS of a <style> element, or NULL. */
void html_page(struct written *, struct text title, bool french, const char *sheet);
void html_page_end(struct written *);
void html_heading(struct written *, int level, struct text, const char *style);
void html_paragraph(struct written *, struct text, const char *style);
void html_table(struct written *, const char *style);
void html_table_end(struct written *);
void html_table_head(struct written *);         /* rows that are printed again on each page, until html_table_body */
void html_table_body(struct written *);
void html_row(struct written *, const char *style);
void html_cell(struct written *, struct text, const char *style);
void html_cell_heading(struct written *, struct text, const char *style);   /* <th>, of a column */
void html_row_end(struct written *);

#endif
