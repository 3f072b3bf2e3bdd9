/* Figures: one row each in figures.def, with one small function beside it (figures_*.c). They are counted from the dossiers,
 * never from other counters, so they hold for any period, any day, any instant of knowledge; each keeps its numerator and
 * denominator, and the events behind it. Several are counted in one walk.
 *
 * Order of use: figures_begin; figures_look for each dossier of the types of figures_walks; then read. All of it lives in
 * the arena given at the start. */
#ifndef PROJECTIONS_FIGURES_H
#define PROJECTIONS_FIGURES_H

#include "dossier.h"

/* ---- the rows ---- */
enum figure_unit {
    COUNT,      /* the numerators; denominators are not looked at */
    SHARE,      /* numerator of denominator, in percent */
    CENTS,      /* a sum of cents */
    HOURS,      /* a sum of hundredths of an hour */
    MEAN,       /* numerator over denominator */
    DAYS,       /* a mean of days */
    MONTHLY,    /* a mean over the last days of the period's months: no denominators are given */
    CENTS_EACH, /* cents over heads; nothing when no cents are known */
};

enum dimension_type { BY_WORD, BY_TEXT, BY_STREAM, BY_MONTH };

#define OWN_MAX 4       /* dimensions of one figure's own */
#define BANDS_MAX 8

struct keyed {
    enum dimension_type type;
    int of;                             /* BY_WORD: vocabulary, or -1: `bands`; BY_STREAM: type of stream */
    const char *bands[BANDS_MAX + 1];   /* ended by NULL */
};

/* A dimension that one figure brings, under the name it is asked by; `type` is the first of them. */
struct own {
    const char *name;
    struct keyed keyed;
};

struct measure;
typedef void measure_fn(struct measure *);

struct figure {
    const char *name;
    enum figure_unit unit;
    uint32_t walks;                     /* set of stream types */
    int target;                         /* enum rule_number; -1 none */
    bool target_each;                   /* the target is one référent's, for the time they work */
    struct own own[OWN_MAX];            /* ended by a name of NULL, when there is room */
    measure_fn *measure;
    const char *fr, *en;
    const char *over_fr, *over_en;      /* what the denominators are; NULL: the unit does not divide */
};

enum figure_number {
#define FIGURE(c_name, ...) FIGURE_##c_name,
#include "figures.def"
#undef FIGURE
    FIGURES
};
extern const struct figure figures[FIGURES];
int figure_named(struct text);          /* -1 when there is none */
const char *figure_unit_name(enum figure_unit);

/* ---- dimensions that all figures share: one row each in dimensions.def ---- */
/* What a contribution is counted under; unknown: under none. */
struct group_key {
    bool known;
    int64_t number;             /* a word, a band, a stream, a month; 0 for texts */
    struct text text;           /* BY_TEXT; at == NULL otherwise */
};
#define GROUPS_OF_ONE_MAX 62    /* keys of one contribution in one dimension */
typedef unsigned dimension_fn(const struct dossier *, int32_t day, struct group_key ret[GROUPS_OF_ONE_MAX]);

struct dimension {
    const char *name;
    struct keyed keyed;
    dimension_fn *keys;                 /* how many; 0: under none */
    const char *fr, *en;
};
enum dimension_number {
#define DIMENSION(c_name, ...) DIMENSION_##c_name,
#include "dimensions.def"
#undef DIMENSION
    DIMENSIONS
};
extern const struct dimension dimensions[DIMENSIONS];

/* ---- what a figure's function is given ---- */
struct measuring;
struct measure {
    const struct dossier *dossier;
    struct measuring *all;
    unsigned at;                        /* which of the figures being counted */
    struct group_key own[OWN_MAX];      /* of the next contribution */
    int64_t own_set[OWN_MAX];           /* ... counted under each of these words */
};
/* One contribution, on a day (those outside of the period are the function's business), from an event (0: none). `own_word`
 * is the word of its first own dimension, ABSENT or below 0 for none. */
void measure_add(struct measure *, int64_t numerator, int64_t denominator, int32_t day, uint64_t seq, int64_t own_word);
/* Before measure_add, for own dimensions that are no word or are not the first; `which` is their place in the row. */
void measure_own_word(struct measure *, unsigned which, int64_t word);
void measure_own_words(struct measure *, unsigned which, int64_t set);      /* ABSENT: none. Under each, and once in the whole */
void measure_own_text(struct measure *, unsigned which, struct text);
void measure_own_stream(struct measure *, unsigned which, int64_t stream);

/* Each exit pronounced in the period, of any of the person's parcours; and whether it is positive: founded, a piece accepted. */
typedef void exit_fn(struct measure *, const struct ending *);
void figures_each_exit(struct measure *, exit_fn *);
bool ending_positive(const struct ending *);

/* The sector of a job: the letter with which its ROME code begins; none when it is not known. */
static inline struct text rome_sector(struct text rome)
{
    return (struct text){ rome.at, rome.at ? 1 : 0 };
}

/* Each whole month of the period, with the fold as it stood at its end, or on the last day in the parcours. */
typedef void month_fn(struct measure *, const struct parcours *, int32_t day);
void figures_each_month(struct measure *, month_fn *);

#define FIGURE(c_name, name, unit, walks, target, own, function, ...) measure_fn function;
#include "figures.def"
#undef FIGURE

/* ---- counting ---- */
#define BY_MAX 2                /* dimensions crossed */
#define DETAIL_MAX 10000        /* contributions told at once */

struct tally {
    int64_t numerator, denominator;
};
struct group {
    struct group_key key[BY_MAX];
    struct tally tally;
    struct tally *words;        /* as those of the whole */
};
struct measured {
    const struct figure *figure;
    int own[BY_MAX];            /* the own dimension it is grouped by; -1: the shared one, or not one it has */
    struct tally whole;
    struct tally *words;        /* of a first own dimension of words: by word, in their order; NULL otherwise */
    struct group *groups;       /* when a dimension is asked for: those that count something, in the order of their keys, none last */
    uint32_t n, room;
};
struct contribution {           /* the drill-down */
    uint64_t stream, seq;
    enum stream_type type;
    int32_t day;
    struct group group;
};

/* What is asked. */
struct figures_asked {
    struct period period;
    const struct rulebooks *books;
    bool only[FIGURES];         /* none: all of them */
    int64_t referent;           /* only what this référent followed; ABSENT: all */
    struct {                    /* only what counts under a word of a shared dimension (public=qpv) */
        bool asked;
        int64_t word;
    } having[DIMENSIONS];
    bool in_operations;         /* only what happened while the person took part in an operation, or says itself that it is of one: */
    int64_t operation;          /* ... of this one; ABSENT: of any */
    unsigned by_count;
    const struct dimension *by[BY_MAX];     /* NULL: an own dimension, of this name: */
    struct text own[BY_MAX];
    uint32_t detail, skip;      /* contributions to tell, after so many; 0: none */
};
/* "exits,entries"; "referent,month". False: there is no such name, or too many. */
bool figures_ask(struct figures_asked *, struct text names);
bool figures_ask_by(struct figures_asked *, struct text names);
bool figures_ask_having(struct figures_asked *, const struct dimension *, struct text word);
const char *figures_by_name(const struct figures_asked *, unsigned which, char out[32]);

struct share_of_time {          /* how much of a full time a référent works */
    uint64_t referent;
    int64_t percent;
};
struct measuring {
    struct figures_asked asked;
    struct measured at[FIGURES];
    unsigned count;
    struct contribution *details;
    uint32_t detail_count, detail_room;
    uint64_t detail_all;        /* of the contributions there are, told or not */
    struct share_of_time *shares;       /* for targets */
    uint32_t share_count, share_room;
    struct arena *arena;
};

void figures_begin(struct measuring *, struct arena *, const struct figures_asked *);
uint32_t figures_walks(const struct measuring *);       /* set of the stream types to look at */
void figures_look(struct measuring *, const struct dossier *);
int group_keys_compare(const struct group_key *, const struct group_key *);    /* their order; unknown last */
struct group figures_empty_group(const struct measuring *, const struct measured *, const struct group_key *first);

/* ---- reading ---- */
/* In the figure's unit; SHARE, MEAN and DAYS in hundredths, rounded. False: a share of nothing. */
bool tally_value(enum figure_unit, const struct tally *, int64_t *ret);
bool figure_unit_divides(enum figure_unit);     /* its denominator says something */
/* The rulebook's value on the period's last day; ABSENT: none. `group` NULL: of the whole. */
int64_t figures_target(const struct measuring *, const struct measured *, const struct group *);
#define GROUP_TEXT_BYTES 64
/* A key in words; streams as ids. "-" for none. */
const char *group_print(const struct measuring *, const struct measured *, const struct group *, unsigned which, char out[GROUP_TEXT_BYTES]);
const struct keyed *group_keyed(const struct measuring *, const struct measured *, unsigned which);     /* NULL: not a dimension of this figure */
unsigned keyed_words(const struct keyed *);     /* how many words it has; 0 when it is not BY_WORD */
const char *keyed_word(const struct keyed *, int64_t word);

#endif
