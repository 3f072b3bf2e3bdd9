/* parcoursctl: a person's client. Each verb is one function, one row in ctl_verbs.c. Verbs over HTTP ask through
 * ctl_get and ctl_post and print through render or table; verbs that open a store directly need none of this.
 * A verb gets argv[0] = its name, and answers an exit status. */
#ifndef TOOLS_CTL_H
#define TOOLS_CTL_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../events/arena.h"
#include "../events/json.h"
#include "../events/text.h"

enum { CTL_DONE = 0, CTL_REFUSED = 1, CTL_USAGE = 2, CTL_UNREACHED = 69 };

struct verb {
    const char *name, *arguments;
    const char *fr, *en;
    int (*run)(int argc, char **argv);
};
const struct verb *verb_named(const char *name);
const struct verb *verb_at(unsigned index);     /* NULL after the last */
void verb_print(FILE *, const struct verb *);   /* how it is called, on a line */
int verb_usage(const char *name);               /* prints how the verb is called on standard error: CTL_USAGE */

/* ---- settings (ctl_settings.c): made at start, read by all ---- */
struct ctl {
    char url[1024], token[512];
    bool json;              /* raw answers */
    bool french, colour, terminal;
    struct arena arena;     /* one run of the program */
};
extern struct ctl ctl;
bool settings_start(void);                      /* configuration file, environment; false, having said why */
/* The options every verb takes: put them at the end of its own list, and give what it does not know to settings_option. */
#define CTL_OPTIONS \
    { "url", required_argument, NULL, 'U' }, { "token", required_argument, NULL, 'T' }, { "json", no_argument, NULL, 'J' }, \
    { "lang", required_argument, NULL, 'L' }, { "help", no_argument, NULL, 'H' }, { NULL, 0, NULL, 0 }
bool settings_option(const char *verb, int option, const char *value);  /* ends the program after --help */
/* getopt_long in the person's language: an option that is not among them is named, with those that are. */
int ctl_option(int argc, char **argv, const char *order, const struct option *all);    /* order: "", or "+" to stop at the first word */
/* Says which word is one too many, or that one is missing, when not `wanted` of them are left. */
bool words_counted(int argc, char **argv, int wanted);
const char *say(const char *fr, const char *en);                        /* in the person's language */

/* ---- asking (ctl_ask.c) ---- */
/* CTL_DONE with the answer's tree (NULL with --json: printed already), or what to exit with: refusals are printed. */
int ctl_get(const char *path, const struct json **ret);
int ctl_post(const char *path, struct text body, const char *participant, const struct json **ret);
int ctl_get_lines(const char *path, struct text *ret);                  /* JSON Lines, as they are */
/* The answer as it came, printed by nobody unless it is a refusal; a NULL content type asks by GET. */
int ctl_raw(const char *path, const char *content_type, struct text body, struct text *ret);
void ctl_hang_up(void);
/* Adds "?key=value" or "&key=value", escaped; nothing when value is NULL. */
void path_add(char *path, size_t room, const char *key, const char *value);
void path_segment(char *path, size_t room, const char *segment);

/* ---- refusals (ctl_refusal.c) ---- */
void refusal_print(const struct json *problem, long status, const char *participant);

/* ---- printing (ctl_table.c, ctl_render.c) ---- */
struct table;
struct table *table_new(unsigned columns, bool head);    /* head: the first row is one */
void table_cell(struct table *, struct text);   /* row after row */
void table_print(const struct table *, unsigned indent);
const char *bold(void);
const char *red(void);
const char *plain(void);
unsigned columns_wide(struct text);             /* how many columns a terminal gives it */
struct text cut(struct text, unsigned columns); /* on one line, with an ellipsis when it is longer */

#define CELL_COLUMNS_MAX 72     /* a longer cell is cut: --json shows it whole */
#define DETAILS_COLUMNS_MAX 110 /* ... and what an event says */
struct text value_text(const struct json *);    /* one cell */
const char *label(struct text key);
struct text spoken(struct text key, struct text value);      /* a word of that key, in the person's language */
/* An object: its plain members, then its lists as tables. A list: a table. `columns` (ended by NULL) picks and orders
 * those of the lists; NULL: as they come. */
void render(const struct json *, const char *const *columns);
void render_without(const struct json *, const char *const *columns, const char *const *left_out);

/* ---- values typed by the catalogue (ctl_values.c) ---- */
struct field;
struct kind;
/* Writes the member; false, having said what is expected. */
bool value_write(struct json_out *, const struct field *, const char *text);
void kind_help(FILE *, const struct kind *);    /* ctl_catalogue.c: its fields, in the person's language */

/* ---- files ---- */
bool ctl_file(struct arena *, const char *path, size_t bytes_max, struct text *ret);   /* whole, with a NUL behind; false, having said why (ctl_import.c) */
/* ctl_cp1252.c. False: a character that the other does not have. */
bool cp1252_read(struct arena *, struct text, struct text *ret);
bool cp1252_write(struct arena *, struct text, struct text *ret);

/* ---- the verbs ---- */
int verb_do(int argc, char **argv);
int verb_show(int argc, char **argv);
int verb_events(int argc, char **argv);
int verb_explain_participant(int argc, char **argv);
int verb_exit_check(int argc, char **argv);
int verb_file(int argc, char **argv);
int verb_allowed(int argc, char **argv);
int verb_portfolio(int argc, char **argv);
int verb_alerts(int argc, char **argv);
int verb_participants(int argc, char **argv);
int verb_duplicates(int argc, char **argv);
int verb_duplicates_of(int argc, char **argv);
int verb_indicators(int argc, char **argv);
int verb_difference(int argc, char **argv);
void difference_print(const struct json *answer);     /* ctl_difference.c */
int verb_report(int argc, char **argv);         /* ctl_reports.c */
int verb_reports(int argc, char **argv);
int verb_figures(int argc, char **argv);
int verb_rulebooks(int argc, char **argv);
int verb_rulebook(int argc, char **argv);
int verb_commands(int argc, char **argv);
int verb_feed(int argc, char **argv);
int verb_import(int argc, char **argv);
int verb_export(int argc, char **argv);         /* ctl_export.c */
int verb_acknowledge(int argc, char **argv);    /* ctl_alerts.c, and these two */
int verb_snooze(int argc, char **argv);
int verb_explain(int argc, char **argv);
int verb_delivery(int argc, char **argv);       /* ctl_delivery.c */
/* ctl_store.c: these open a store themselves */
int verb_init(int argc, char **argv);
int verb_token(int argc, char **argv);
int verb_rebuild(int argc, char **argv);        /* ctl_rebuild.c; or asks the daemon */

#endif
