/* `import`: a CSV file and a mapping become commands, all of them `imported`. The daemon knows nothing of files: what makes an
 * import repeatable is the key of each command, made of the mapping, the person's key and the command's place in them, never of
 * values; the log keeps the keys, so nothing is remembered here between two files.
 * In this order: sheet_read (bytes to cells), map_read (what they mean), slots_make (cells to commands; errors by row and column),
 * chains_read (what each key has made already), import_send (repeats, corrections, new ones).
 * Everything lives in the import's arena until the program ends. No value of a cell is ever printed. */
#ifndef TOOLS_CTL_IMPORT_H
#define TOOLS_CTL_IMPORT_H

#include "../events/arena.h"
#include "../events/catalogue.h"
#include "../events/ids.h"
#include "../events/json.h"

#define IMPORT_FILE_BYTES_MAX ((size_t)64 << 20)
#define IMPORT_ROWS_MAX 100000
#define IMPORT_COLUMNS_MAX 256
#define IMPORT_CELL_BYTES_MAX 8192
#define IMPORT_MAP_COMMANDS_MAX 64
#define IMPORT_KEY_BYTES_MAX 60         /* of a key's cell */
#define IMPORT_ERRORS_LISTED_MAX 200    /* the others are counted */

/* ---- what went wrong, and where ---- */
struct import_error {
    uint32_t row;                       /* as a spreadsheet counts: 1 is the header; 0: the whole file */
    struct text column, why, rule;      /* column and rule may be absent */
};
struct import_errors {
    struct arena *arena;
    struct import_error *at;
    uint32_t count, listed;
};
void import_wrong(struct import_errors *, uint32_t row, struct text column, const char *fr, const char *en);
void import_refused(struct import_errors *, uint32_t row, struct text column, struct text why, struct text rule);

/* ---- the sheet (ctl_import_sheet.c) ---- */
struct sheet {
    struct text *header;
    uint32_t columns, rows;             /* rows without the header */
    struct text **row;                  /* cells, trimmed; NULL: an empty row, or one that was refused */
    uint32_t empty;
    char separator;
    bool cp1252;
};
/* `separator` 0: the one of ; , tab that stands most often in the header. False: the errors say why nothing can be read. */
bool sheet_read(struct arena *, struct text bytes, char separator, struct sheet *ret, struct import_errors *);

/* ---- the mapping (ctl_import_map.c) ---- */
struct word_pair {
    struct text said, meant;
};
enum source { FROM_COLUMN, FROM_CONSTANT, FROM_EVENT };
struct map_field {
    const struct field *field;          /* NULL: the day of the command */
    enum source from;
    struct text column, constant;       /* constant: also the command that FROM_EVENT names */
    uint32_t at;                        /* the column's place in the sheet */
    struct word_pair *words;
    uint32_t word_count;
};
struct map_command {
    const struct kind *kind;
    struct text label;                  /* what others call it; unique */
    bool each, by_day;                  /* once a row, told apart by a column or by the day; otherwise once a person */
    struct text by;
    uint32_t by_at;
    struct text when;                   /* only where this column is filled, or says one of these */
    uint32_t when_at;
    struct text *when_is;
    uint32_t when_is_count;
    struct map_field on, *fields;
    uint32_t field_count;
    struct text waive_rule, waive_reason;
    uint32_t undated;                   /* rows that fill its columns, but not its day: nothing is made of them, and it is said */
    uint32_t index;
};
struct map {
    struct text name, people, key;
    char separator;
    uint32_t key_at;
    struct map_command *commands;
    uint32_t count;
    int opening;                        /* the command that opens the stream that the key names; -1: none */
    enum stream_type type;              /* of that stream */
};
/* Said on standard error, with the line of the mapping, when it is not one. */
bool map_read(struct arena *, struct text bytes, const char *path, struct map *ret);
/* Finds the columns; the errors say which are missing. */
bool map_fit(struct map *, const struct sheet *, struct import_errors *);

/* ---- cells (ctl_import_cells.c) ---- */
/* The JSON value of a cell; NULL, or why not. */
const char *cell_json(struct arena *, const struct map_field *, struct text cell, struct text *ret);
bool cell_to_day(struct text cell, int32_t *ret);      /* 31/01/2026 or 2026-01-31 */

/* ---- commands (ctl_import_slots.c) ---- */
enum slot_fate { SLOT_new, SLOT_same, SLOT_changed, SLOT_refused, SLOT_held };
/* One command that the file asks for, and what its key has made before. */
struct slot {
    const struct map_command *command;  /* NULL: the person is only looked up */
    struct slot *person;                /* the one that opens (or opened) the stream; itself for that one */
    struct text key;
    uint32_t row;                       /* the first that speaks of it */
    int32_t on;
    struct text *values;                /* JSON, a field each; at == NULL where the cell is blank */
    struct slot **events;               /* for FROM_EVENT */
    /* the chain of what its key, #0, #1... has made: ctl_import_chains.c */
    uint32_t next;                      /* the first number that is free */
    int made, base;                     /* number of the command that made the event; of the last that changed it; -1 none */
    uint64_t made_seq;
    uint64_t *corrections;              /* the imports' own, that stand, oldest first */
    uint32_t correction_count;
    char stream[ID_TEXT_BYTES];         /* its id, once known */
    bool chained;
    /* ctl_import_send.c */
    enum slot_fate fate;
    struct text content;                /* of a correction */
};
struct slots {
    struct arena *arena;
    const struct map *map;
    const struct sheet *sheet;
    struct slot **at;                   /* to be sent: by person, day, place */
    uint32_t count, room, people;
    struct slot **table;                /* by key */
    uint32_t table_room, table_used;
    struct import_errors *errors;
    uint32_t rows_refused;
};
void slots_make(struct slots *);
struct text slot_column(const struct slot *, const char *field);    /* the column behind a field; "on" for the day */

/* ---- what keys have made, and sending (ctl_import_chains.c, ctl_import_change.c, ctl_import_send.c) ---- */
/* The line that opens (`begins`) or closes the import or undoing `name` in the log; `undoes`: the import it takes out, NULL none. */
void import_note(struct json_out *, struct text name, bool begins, const char *undoes);
struct tally {
    uint32_t created, corrected, same, refused, held;   /* held: what rests on something refused */
};
struct sending {
    struct slots *slots;
    struct text name;                   /* of the import */
    bool dry;
    struct arena exchange;              /* of one request */
    struct tally tally;
    const char *doing;                  /* for the progress */
};
int chains_read(struct sending *);      /* CTL_DONE, or what to exit with */
int changes_read(struct sending *);     /* what differs from what the last import said: SLOT_changed with its content, or SLOT_same */
int import_send(struct sending *);
void slot_command_json(struct json_out *, const struct slot *, int number);
struct text import_name_now(struct arena *, struct text before);   /* before/2026-01-31/091502123: no two runs share one */
void import_progress(const char *doing, uint32_t done, uint32_t all);
void import_progress_end(void);
int64_t import_number(const struct json *object, const char *key, int64_t otherwise);
struct text import_text(const struct json *object, const char *key);

/* ---- the verbs beneath ---- */
int import_undo(int argc, char **argv);     /* ctl_import_undo.c */
int import_list(int argc, char **argv);

#endif
