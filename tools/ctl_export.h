/* `export`: a report of participants, as a file that another tool takes in. Which column is called what and says what stands in a mapping
 * (tools/exports/participants-fse.map explains itself): the lists of columns of those tools are not public, and change.
 * export_map_read refuses what is wrong in it with line and column, before anything is asked or written. */
#ifndef TOOLS_CTL_EXPORT_H
#define TOOLS_CTL_EXPORT_H

#include "../events/arena.h"
#include "../projections/reports.h"

#define EXPORT_COLUMNS_MAX 128

struct export_word {
    struct text word, said;
};
struct export_column {
    struct text title;                  /* in the file */
    const struct column *field;         /* of the report; NULL: a constant */
    struct text constant;
    struct export_word *words;          /* NULL: as a person reads them */
    uint32_t word_count, line, at;      /* of its statement in the mapping */
    bool required;
};
struct export_map {
    const char *path;
    struct text name;
    char separator;
    bool french_days, cp1252, only_declarable;
    struct export_column columns[EXPORT_COLUMNS_MAX];
    uint32_t count;
};
/* False, having said what is wrong as PATH:LINE:COLUMN. */
bool export_map_read(struct arena *, struct text bytes, const char *path, const struct report *, struct export_map *ret);
/* The same place, for what only the data show. Always false. */
bool export_wrong(const struct export_map *, const struct export_column *, const char *who, const char *fr, const char *en);

#endif
