/* What the files of the scenario player share. The language is documented at the top of play.c. */
#ifndef TESTS_PLAY_H
#define TESTS_PLAY_H

#include <stdio.h>

#include "../daemon/desk_inside.h"
#include "../projections/alert.h"
#include "../projections/duties.h"
#include "../projections/figures.h"
#include "../projections/reports.h"

#define NAME_BYTES 32
#define NAMES_MAX 256
#define LABELS_MAX 512
#define WORDS_MAX_LINE 32
#define ANSWER_BYTES 4096
#define PATH_BYTES 512
#define DAYS_MAX 256            /* different days of one scenario */

/* ---- a mutation: what a scenario that proves a rule must not survive ---- */
enum tweak_how { TWEAK_none, TWEAK_off, TWEAK_more, TWEAK_less, TWEAK_other_word, TWEAK_drop_word };
struct tweak {
    int rule;                   /* enum rule_number */
    enum tweak_how how;
    int word;                   /* TWEAK_drop_word: which */
    struct field *without;      /* a field that counts as unknown; NULL none */
    const struct figure *figure;        /* counts nothing */
    const struct report *report;        /* has no lines */
    const struct column *column;        /* is blank */
};
bool tweak_parse(const char *rule_and_how, struct tweak *ret);      /* "parcours-length=+1" */
/* Without a "field" ("step_prescribed.objective"), a "figure" ("exits"), a "report" ("steps") or a "column" ("steps.kind"). */
bool tweak_without(const char *how, const char *what, struct tweak *ret);
bool tweak_book(const struct tweak *, struct rulebook *);           /* false: there is no such value, nothing was changed */
const char *tweak_print(const struct tweak *, char out[96]);

/* ---- a line ---- */
struct word {
    struct text key;            /* at == NULL: a bare word */
    struct text value;
};
struct line {
    struct word words[WORDS_MAX_LINE];
    unsigned count;
    struct text wanted;         /* after "->"; at == NULL: not said */
    struct text label;          /* after "as"; at == NULL none */
};
bool line_read(struct arena *, struct text, struct line *ret, const char **ret_why);
struct text line_value(const struct line *, const char *key);       /* at == NULL: not given */
bool line_bare(const struct line *, unsigned index, struct text *ret);  /* 0: the first word */

/* ---- names ---- */
struct named {
    char name[NAME_BYTES];
    enum stream_type type;
    uint64_t stream;
};
struct label {
    char name[NAME_BYTES];
    uint64_t seq, stream;
    const struct kind *kind;
    int32_t on;
};

struct play {
    /* asked */
    const char *path;
    const struct tweak *tweak;
    const char *dump;           /* directory for the independent model; NULL none */
    bool quiet;                 /* a mutation: the first failure ends it, nothing is said, nothing is checked afterwards */
    /* under way */
    unsigned line_number;
    unsigned passed, failed;
    struct arena arena;         /* of the scenario */
    struct arena scratch;       /* of one line */
    char directory[PATH_BYTES], store[PATH_BYTES + 16], key[PATH_BYTES + 16];
    struct desk *desk;
    bool in_batch;
    struct rulebook book;       /* the store's first */
    bool has_book, tweaked;     /* tweaked: the mutation could be made in some rulebook */
    int32_t today, days[DAYS_MAX];
    unsigned day_count;
    struct named names[NAMES_MAX];
    unsigned name_count;
    struct label labels[LABELS_MAX];
    unsigned label_count;
    struct text remembered;     /* play_remember.c */
    int32_t remembered_on;
    uint64_t remembered_streams;
};

/* play.c: the fate of one expectation. */
void play_expect(struct play *, struct text wanted, const char *got, bool whole);
void play_fail(struct play *, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool play_over(const struct play *);        /* nothing more is worth doing */

/* play_scenario.c */
void play_scenario(struct play *);
void play_text(struct play *, const char *line);    /* one line made by the player itself */

/* play_store.c: where the scenario happens, and its clock. */
bool play_make(struct play *, int32_t day);
bool play_open(struct play *);
void play_close(struct play *);
void play_remove(struct play *);
void play_day(struct play *, int32_t day);
bool play_ready(struct play *);             /* a batch is open: desk->log_txn and desk->views_txn may be read */
void play_settle(struct play *);            /* what was accepted is committed */
bool play_rows(struct play *);              /* like play_ready, and the rows of the views reflect every rulebook adopted */
void play_rebuild(struct play *, bool as_they_are);     /* made anew and compared; as they are: under their own rulebooks, then dropped */
bool play_forget_views(struct play *);
const struct fold *play_fold(struct play *, uint64_t stream);
const struct parcours *play_parcours(struct play *, uint64_t stream);     /* NULL: no participant; as long as the scratch arena */
enum stream_type play_type(struct play *, const struct event *);      /* of its stream */
const struct event **play_events(struct play *, uint64_t stream, uint32_t *ret_count);    /* opened; in scratch */

/* The rulebooks that were known at an instant; in scratch. */
const struct rulebooks *play_books(struct play *, int64_t known_ms);
/* A participant as of a day, as known at an instant, with the rulebooks that were known then. False: it could not be read. */
bool play_then(struct play *, uint64_t stream, int32_t as_of, int64_t known_ms, struct parcours *ret, const struct rulebooks **ret_books);

/* play_names.c */
struct named *play_named(struct play *, struct text name);
const char *play_name_of(struct play *, uint64_t stream);
void play_bind(struct play *, struct text name, enum stream_type, uint64_t stream);
struct label *play_labelled(struct play *, struct text name);
const char *play_label_of(struct play *, uint64_t seq);     /* NULL when it has none */
void play_label(struct play *, struct text name, const struct kind *, const struct outcome *, int32_t on);

/* play_command.c, play_json.c */
bool play_command(struct play *, const struct line *);      /* false: not a command */
void play_allowed(struct play *, const struct line *);
struct text play_command_json(struct play *, const struct kind *, const struct line *, unsigned first);
void play_put_value(struct play *, struct json_out *, const struct field *, struct text value);

/* play_ask.c, play_alerts.c, play_figures.c, play_report.c, play_field.c, play_duties.c */
bool play_ask(struct play *, const struct line *);          /* false: not a question */
void play_alerts(struct play *, const struct line *);
void play_alert(struct play *, const struct line *);
void play_figure(struct play *, const struct line *);
void play_report(struct play *, const struct line *);
void play_difference(struct play *, const struct line *);   /* play_difference.c */
void play_check_differences(struct play *);
void play_check_filed(struct play *);                       /* play_filed.c */
void play_caseload(struct play *, const struct line *);
void play_exits(struct play *, const struct line *);
void play_field(struct play *, const struct line *);
void play_duties(struct play *, const struct line *);
void play_remember(struct play *, const struct line *);     /* play_remember.c */
void play_remembered(struct play *, const struct line *);
struct asked {                  /* a text that grows; too long ends in "..." */
    char at[ANSWER_BYTES];
    size_t bytes;
};
void say(struct asked *, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool play_day_of(struct play *, const struct line *, const char *key, int32_t otherwise, int32_t *ret);
struct named *play_who(struct play *, const struct line *, unsigned index);
/* play_walk.c */
bool play_known(struct play *, const struct line *, struct period *);       /* as_of= and known_at= */
typedef void play_look(void *context, const struct dossier *);
/* Every stream of the types in the set, in order of creation. False: one could not be read. */
bool play_walk(struct play *, uint32_t walks, const struct period *, play_look *, void *context);
/* Counts what is asked for, in scratch. NULL: it could not be read. */
struct measuring *play_measure(struct play *, struct figures_asked *);
unsigned play_alerts_on(struct play *, int32_t day, struct alert *ret, unsigned max);   /* of participants: by participant and rule */
/* What a stream owes on a day, and its events that stood then; in scratch. */
unsigned play_duties_of(struct play *, const struct named *, int32_t day, int64_t known_at, struct duty ret[], const struct event ***ret_events, uint32_t *ret_count);

/* play_book.c */
bool play_book(struct play *, const struct line *, struct rulebook *ret);   /* a shipped one, with what the line changes */
struct text play_book_json(struct play *, const struct rulebook *);

/* play_check.c, play_print.c: what must hold after every scenario. */
void play_check(struct play *);
struct text fold_print(struct arena *, const struct parcours *);    /* every member, one a line */

/* play_dump.c, play_dump_figures.c */
void play_dump(struct play *);
void play_dump_figures(struct play *, struct json_out *);

/* play_prove.c */
int play_prove(const char *rules_path, char *const *paths, unsigned count);

#endif
