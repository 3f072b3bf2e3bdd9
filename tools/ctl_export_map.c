/* The mapping of an export: one statement a line, words apart by spaces, what may have spaces in double quotes, # begins a comment. */
#include <string.h>

#include "ctl.h"
#include "ctl_export.h"

#define LINE_WORDS_MAX 128       /* on a line */

struct word {
    struct text text;
    uint32_t at;            /* its place on the line, from 1, in bytes */
    bool quoted;
};
struct reading {
    struct arena *arena;
    const struct report *report;
    struct export_map *map;
    uint32_t line, n, i;
    struct word words[LINE_WORDS_MAX];
};

static bool wrong_at(const char *path, uint32_t line, uint32_t at, const char *fr, const char *en)
{
    fprintf(stderr, "parcoursctl: %s:%u:%u: %s\n", path, line, at, say(fr, en));
    return false;
}

bool export_wrong(const struct export_map *m, const struct export_column *c, const char *who, const char *fr, const char *en)
{
    fprintf(stderr, "parcoursctl: %s:%u:%u: \"%.*s\", %s: %s\n", m->path, c->line, c->at, TEXT_ARGS(c->title), who, say(fr, en));
    return false;
}

/* At the word that was read last; at the end of the line when it was too short. */
static bool wrong(const struct reading *r, const char *fr, const char *en)
{
    uint32_t last = r->i && r->i <= r->n ? r->words[r->i - 1].at : 1;
    return wrong_at(r->map->path, r->line, last, fr, en);
}

/* ---- words of a line ---- */
static bool split(struct reading *r, struct text line)
{
    r->n = r->i = 0;
    for (uint32_t i = 0; i < line.bytes;) {
        if (strchr(" \t\r", line.at[i])) {
            i++;
            continue;
        }
        if (line.at[i] == '#')
            return true;
        if (r->n == LINE_WORDS_MAX)
            return wrong_at(r->map->path, r->line, i + 1, "trop de mots sur une ligne", "too many words on a line");
        struct word *w = &r->words[r->n++];
        *w = (struct word){ .at = i + 1, .quoted = line.at[i] == '"' };
        uint32_t from = i += w->quoted;
        while (i < line.bytes && (w->quoted ? line.at[i] != '"' : i == from || (line.at[from] != '=' && !strchr(" \t\r\"=", line.at[i]))))
            i++;
        if (w->quoted && i == line.bytes)
            return wrong_at(r->map->path, r->line, w->at, "un guillemet s'ouvre et ne se referme pas", "a quote opens and does not close");
        w->text = (struct text){ line.at + from, i - from };
        i += w->quoted;
    }
    return true;
}

static bool next(struct reading *r, struct text *ret)
{
    if (r->i == r->n)
        return wrong(r, "la ligne s'arrête trop tôt", "the line ends too soon");
    *ret = r->words[r->i++].text;
    return true;
}

static bool next_is(struct reading *r, const char *word)
{
    if (r->i == r->n || r->words[r->i].quoted || !text_is(r->words[r->i].text, word))
        return false;
    r->i++;
    return true;
}

static bool at_end(struct reading *r)
{
    if (r->i == r->n)
        return true;
    r->i++;
    return wrong(r, "un mot de trop", "a word too many");
}

/* ---- statements ---- */
/* The words of the report's column; flags have two. -1: it has none. */
static int64_t words_of(const struct column *c)
{
    return c->type == CELL_word ? (int64_t)vocabulary_count(c->of) : c->type == CELL_flag ? 2 : -1;
}

static const char *word_at(const struct column *c, int64_t i)
{
    return c->type == CELL_word ? word_name(c->of, i) : i ? "yes" : "no";
}

static bool is_word(const struct column *c, struct text word)
{
    for (int64_t i = 0; i < words_of(c); i++)
        if (text_is(word, word_at(c, i)))
            return true;
    return false;
}

/* Each of the report's words must be told: one that is missing would be noticed when the first person has it. */
static bool all_words_told(struct reading *r, const struct export_column *c)
{
    for (int64_t i = 0; i < words_of(c->field); i++) {
        bool told = false;
        for (uint32_t k = 0; k < c->word_count; k++)
            told = told || text_is(c->words[k].word, word_at(c->field, i));
        if (!told) {
            struct text fr = arena_print(r->arena, "le mot %s n'a pas de traduction", word_at(c->field, i));
            struct text en = arena_print(r->arena, "the word %s has no translation", word_at(c->field, i));
            return wrong_at(r->map->path, r->line, c->at, fr.at, en.at);
        }
    }
    return true;
}

static bool take_words(struct reading *r, struct export_column *c)
{
    if (words_of(c->field) < 0)
        return wrong(r, "ce champ n'a pas de mots à traduire", "this field has no words to translate");
    c->words = ARENA_ARRAY(r->arena, struct export_word, r->n);
    while (r->i < r->n) {
        struct export_word *w = &c->words[c->word_count++];
        if (!next(r, &w->word))
            return false;
        if (!is_word(c->field, w->word))
            return wrong(r, "ce champ n'a pas ce mot", "this field has no such word");
        if (!next_is(r, "=") || !next(r, &w->said))
            return wrong(r, "words mot=\"ce qui est écrit\" ...", "words word=\"what is written\" ...");
    }
    return all_words_told(r, c);
}

static bool take_column(struct reading *r)
{
    struct text field = { NULL, 0 };
    struct export_map *m = r->map;
    if (m->count == EXPORT_COLUMNS_MAX)
        return wrong(r, "trop de colonnes", "too many columns");
    struct export_column *c = &m->columns[m->count];
    *c = (struct export_column){ .line = r->line };
    if (!next(r, &c->title))
        return false;
    c->at = r->words[r->i - 1].at;
    if (!r->words[r->i - 1].quoted || !next_is(r, "="))
        return wrong(r, "column \"Titre\" = champ", "column \"Title\" = field");
    m->count++;
    if (next_is(r, "constant"))
        return next(r, &c->constant) && at_end(r);
    if (!next(r, &field))
        return false;
    int at = report_column(r->report, field);
    if (at < 0)
        return wrong(r, "il n'y a pas de tel champ (parcoursctl report fse_participants --csv les montre)", "there is no such field (parcoursctl report fse_participants --csv shows them)");
    c->field = &r->report->columns[at];
    c->required = next_is(r, "required");
    return next_is(r, "words") ? take_words(r, c) : at_end(r);
}

static bool take_separator(struct reading *r)
{
    struct text t = { NULL, 0 };
    if (!next(r, &t))
        return false;
    if (t.bytes != 1 || !strchr(";,\t", t.at[0]))
        return wrong(r, "separator \";\" ou \",\"", "separator \";\" or \",\"");
    r->map->separator = t.at[0];
    return at_end(r);
}

/* One of two words; *ret is whether it is the second. */
static bool take_choice(struct reading *r, const char *first, const char *second, bool *ret)
{
    struct text t = { NULL, 0 };
    if (!next(r, &t))
        return false;
    *ret = text_is(t, second);
    if (!*ret && !text_is(t, first)) {
        struct text fr = arena_print(r->arena, "%s ou %s", first, second), en = arena_print(r->arena, "%s or %s", first, second);
        return wrong(r, fr.at, en.at);
    }
    return at_end(r);
}

static bool statement(struct reading *r)
{
    struct export_map *m = r->map;
    if (r->n == 0)
        return true;
    if (next_is(r, "export"))
        return next(r, &m->name) && at_end(r);
    if (next_is(r, "separator"))
        return take_separator(r);
    if (next_is(r, "dates"))
        return take_choice(r, "yyyy-mm-dd", "dd/mm/yyyy", &m->french_days);
    if (next_is(r, "encoding"))
        return take_choice(r, "utf-8", "cp1252", &m->cp1252);
    if (next_is(r, "only"))
        return take_choice(r, "all", "declarable", &m->only_declarable);
    if (next_is(r, "column"))
        return take_column(r);
    r->i = 1;
    return wrong(r, "export, separator, dates, encoding, only ou column est attendu", "export, separator, dates, encoding, only or column is expected");
}

bool export_map_read(struct arena *arena, struct text bytes, const char *path, const struct report *report, struct export_map *ret)
{
    struct reading r = { .arena = arena, .report = report, .map = ret };
    *ret = (struct export_map){ .path = path, .separator = ';' };
    for (uint32_t from = 0; from < bytes.bytes;) {
        const char *end = memchr(bytes.at + from, '\n', bytes.bytes - from);
        struct text line = { bytes.at + from, end ? (uint32_t)(end - bytes.at) - from : bytes.bytes - from };
        r.line++;
        if (!split(&r, line) || !statement(&r))
            return false;
        from += line.bytes + 1;
    }
    if (ret->name.at && ret->count)
        return true;
    return wrong_at(path, r.line + 1, 1, "il y faut export NOM et une colonne au moins", "it wants export NAME and one column at least");
}
