/* A mapping: which column says which field of which command. One statement a line, words apart by spaces, names of columns in
 * double quotes, # begins a comment. tools/imports/suivi.map is the example that explains itself. */
#include <stdlib.h>

#include "../events/days.h"
#include "../events/rules.h"
#include "ctl.h"
#include "ctl_import.h"

#define TOKENS_MAX 256
#define LABEL_BYTES_MAX 40      /* with the two cells of a key, below what a command's id may have */

struct tokens {
    struct text at[TOKENS_MAX];
    bool quoted[TOKENS_MAX];
    uint32_t n, i;
};

struct reading {
    struct arena *arena;
    struct map *map;
    struct map_command *command;        /* being described; NULL: none yet */
    const char *path;
    uint32_t line;
    struct tokens t;
};

static bool wrong(const struct reading *r, const char *fr, const char *en)
{
    fprintf(stderr, "parcoursctl: %s:%u: %s\n", r->path, r->line, say(fr, en));
    return false;
}

/* ---- words of a line ---- */
static bool split(struct reading *r, struct text line)
{
    struct tokens *t = &r->t;
    t->n = t->i = 0;
    for (uint32_t i = 0; i < line.bytes;) {
        if (strchr(" \t\r", line.at[i])) {
            i++;
            continue;
        }
        if (line.at[i] == '#')
            return true;
        if (t->n == TOKENS_MAX)
            return wrong(r, "trop de mots sur une ligne", "too many words on a line");
        bool quoted = t->quoted[t->n] = line.at[i] == '"', equals = line.at[i] == '=';
        uint32_t from = i += quoted;
        while (i < line.bytes && (quoted ? line.at[i] != '"' : i == from || (!equals && !strchr(" \t\r\"=", line.at[i]))))
            i++;
        if (quoted && i == line.bytes)
            return wrong(r, "un guillemet s'ouvre et ne se referme pas", "a quote opens and does not close");
        t->at[t->n++] = (struct text){ line.at + from, i - from };
        i += quoted;
    }
    return true;
}

static bool next(struct reading *r, struct text *ret)
{
    if (r->t.i == r->t.n)
        return wrong(r, "la ligne s'arrête trop tôt", "the line ends too soon");
    *ret = r->t.at[r->t.i++];
    return true;
}

static bool next_is(struct reading *r, const char *word)
{
    if (r->t.i == r->t.n || r->t.quoted[r->t.i] || !text_is(r->t.at[r->t.i], word))
        return false;
    r->t.i++;
    return true;
}

static bool at_column(const struct reading *r)
{
    return r->t.i < r->t.n && r->t.quoted[r->t.i];
}

static bool column(struct reading *r, struct text *ret)
{
    if (!at_column(r))
        return wrong(r, "le nom d'une colonne, entre guillemets, est attendu", "the name of a column, in quotes, is expected");
    return next(r, ret);
}

/* ---- what stands after the command's line ---- */
static bool take_words(struct reading *r, struct map_field *f)
{
    f->words = ARENA_ARRAY(r->arena, struct word_pair, r->t.n);
    while (r->t.i < r->t.n) {
        struct word_pair *w = &f->words[f->word_count++];
        if (!next(r, &w->said) || !next_is(r, "=") || !next(r, &w->meant))
            return wrong(r, "words \"ce que dit le fichier\"=mot ...", "words \"what the file says\"=word ...");
    }
    return true;
}

static bool take_event(struct reading *r, struct map_field *f)
{
    f->from = FROM_EVENT;
    if (!next(r, &f->constant))
        return false;
    for (uint32_t i = 0; i + 1 < r->map->count; i++)
        if (text_equal(r->map->commands[i].label, f->constant))
            return f->field && f->field->type == TYPE_EVENT ? true : wrong(r, "ce champ ne nomme pas d'événement", "this field names no event");
    return wrong(r, "event nomme une commande d'une ligne précédente", "event names a command of an earlier line");
}

static bool take_source(struct reading *r, struct map_field *f)
{
    if (next_is(r, "constant")) {
        f->from = FROM_CONSTANT;
        return next(r, &f->constant);
    }
    if (next_is(r, "event"))
        return take_event(r, f);
    if (!column(r, &f->column))
        return false;
    return next_is(r, "words") ? take_words(r, f) : true;
}

static const struct field *field_named(const struct kind *k, struct text name)
{
    for (unsigned i = 0; i < k->field_count; i++)
        if (text_is(name, k->fields[i].name) && k->fields[i].presence <= OPTIONAL && k->fields[i].type != TYPE_CONTENT)
            return &k->fields[i];
    return NULL;
}

/* What the mapping itself says must be of the field's list, before any row is read. */
static bool meant_well(struct reading *r, const struct map_field *f)
{
    struct text value;
    const char *why = f->from == FROM_CONSTANT ? cell_json(r->arena, f, f->constant, &value) : NULL;
    for (uint32_t i = 0; i < f->word_count && !why; i++)
        why = cell_json(r->arena, f, f->words[i].said, &value);
    return why ? wrong(r, why, why) : true;
}

static bool field_line(struct reading *r, struct text name)
{
    struct map_command *c = r->command;
    const struct field *f = field_named(c->kind, name);
    if (!f)
        return wrong(r, "la commande n'a pas ce champ (parcoursctl commands COMMANDE les dit)", "the command has no such field (parcoursctl commands COMMAND tells them)");
    for (uint32_t i = 0; i < c->field_count; i++)
        if (c->fields[i].field == f)
            return wrong(r, "ce champ est déjà dit", "this field is told already");
    c->fields[c->field_count] = (struct map_field){ .field = f };
    if (!next_is(r, "="))
        return wrong(r, "champ = \"Colonne\"", "field = \"Column\"");
    struct map_field *to = &c->fields[c->field_count++];
    return take_source(r, to) && meant_well(r, to);
}

static bool on_line(struct reading *r)
{
    r->command->on = (struct map_field){ .field = NULL };
    return take_source(r, &r->command->on);
}

static bool when_line(struct reading *r)
{
    struct map_command *c = r->command;
    if (!column(r, &c->when))
        return false;
    c->when_is = ARENA_ARRAY(r->arena, struct text, r->t.n);
    if (next_is(r, "is"))
        while (r->t.i < r->t.n)
            c->when_is[c->when_is_count++] = r->t.at[r->t.i++];
    return true;
}

static bool waive_line(struct reading *r)
{
    struct map_command *c = r->command;
    return next(r, &c->waive_rule) && next(r, &c->waive_reason) &&
           (rule_named(c->waive_rule) >= 0 || wrong(r, "pas de règle de ce nom", "no rule of that name"));
}

/* ---- the command's line ---- */
static bool command_options(struct reading *r, struct map_command *c)
{
    if (next_is(r, "each")) {
        c->each = true;
        if (!next_is(r, "by"))
            return wrong(r, "each by \"Colonne\" ou each by day dit ce qui distingue une ligne d'une autre",
                         "each by \"Column\" or each by day says what tells one row from another");
        c->by_day = next_is(r, "day");
        if (!c->by_day && !column(r, &c->by))
            return false;
    }
    if (next_is(r, "as") && !next(r, &c->label))
        return false;
    if (c->label.bytes == 0 || c->label.bytes > LABEL_BYTES_MAX || memchr(c->label.at, '/', c->label.bytes))
        return wrong(r, "un nom de 1 à 40 octets, sans /", "a name of 1 to 40 bytes, without /");
    for (uint32_t i = 0; i + 1 < r->map->count; i++)
        if (text_equal(r->map->commands[i].label, c->label))
            return wrong(r, "une autre commande porte ce nom : as NOM", "another command has this name: as NAME");
    return true;
}

static bool command_line(struct reading *r)
{
    struct text name;
    if (!next(r, &name))
        return false;
    const struct kind *k = kind_commanded(name);
    if (!k || k->nature == META || k->stream == STREAM_plie)
        return wrong(r, "pas de commande de ce nom que l'on puisse importer", "no command of that name that can be imported");
    if (r->map->count == IMPORT_MAP_COMMANDS_MAX)
        return wrong(r, "trop de commandes", "too many commands");
    struct map_command *c = r->command = &r->map->commands[r->map->count++];
    *c = (struct map_command){ .kind = k, .label = name, .index = r->map->count - 1,
                               .fields = ARENA_ARRAY(r->arena, struct map_field, k->field_count + 1) };
    c->on.from = FROM_EVENT;    /* until `on` is told */
    return command_options(r, c);
}

static bool head_line(struct reading *r, struct text word)
{
    struct map *m = r->map;
    if (text_is(word, "mapping") || text_is(word, "people")) {
        struct text *to = text_is(word, "mapping") ? &m->name : &m->people;
        if (!next(r, to))
            return false;
        bool slug = to->bytes >= 1 && to->bytes <= 16;
        for (uint32_t i = 0; i < to->bytes; i++)
            slug = slug && ((to->at[i] >= 'a' && to->at[i] <= 'z') || (to->at[i] >= '0' && to->at[i] <= '9') || (i && to->at[i] == '-'));
        return slug ? true : wrong(r, "1 à 16 lettres minuscules, chiffres et -", "1 to 16 small letters, digits and -");
    }
    if (text_is(word, "key"))
        return column(r, &m->key);
    if (text_is(word, "separator")) {
        struct text s;
        if (!next(r, &s))
            return false;
        m->separator = text_is(s, "tab") ? '\t' : s.at[0];
        return s.bytes == 1 || m->separator == '\t' ? true : wrong(r, "\";\", \",\" ou tab", "\";\", \",\" or tab");
    }
    return wrong(r, "mapping, people, key, separator ou command est attendu", "mapping, people, key, separator or command is expected");
}

static bool read_line(struct reading *r)
{
    struct text word;
    if (r->t.n == 0)
        return true;
    if (!next(r, &word))
        return false;
    bool good;
    if (text_is(word, "command"))
        good = command_line(r);
    else if (!r->command)
        good = head_line(r, word);
    else if (text_is(word, "on"))
        good = on_line(r);
    else if (text_is(word, "when"))
        good = when_line(r);
    else if (text_is(word, "waive"))
        good = waive_line(r);
    else
        good = field_line(r, word);
    return good && (r->t.i == r->t.n || wrong(r, "la ligne dit autre chose encore", "the line says something more"));
}

/* ---- the whole ---- */
static bool describes(struct reading *r)
{
    struct map *m = r->map;
    r->line = 0;
    if (!m->name.at || !m->key.at || m->count == 0)
        return wrong(r, "mapping, key et au moins une command sont attendus", "mapping, key and at least one command are expected");
    if (!m->people.at)
        m->people = m->name;
    m->opening = -1;
    m->type = m->commands[0].kind->stream;
    for (uint32_t i = 0; i < m->count; i++) {
        struct map_command *c = &m->commands[i];
        if (c->on.from == FROM_EVENT)
            return wrong(r, "à une commande manque son jour : on \"Colonne\"", "a command lacks its day: on \"Column\"");
        if (c->kind->stream != m->type)
            return wrong(r, "une correspondance parle d'une seule sorte de dossiers", "a mapping speaks of one kind of streams");
        if ((c->kind->states & IN(nobody)) && m->opening < 0)
            m->opening = (int)i;
    }
    if (m->opening >= 0 && m->commands[m->opening].each)
        return wrong(r, "ce qui ouvre un dossier arrive une fois : sans each", "what opens a stream happens once: without each");
    return true;
}

bool map_read(struct arena *arena, struct text bytes, const char *path, struct map *ret)
{
    struct reading *r = ARENA_ARRAY(arena, struct reading, 1);
    *r = (struct reading){ .arena = arena, .map = ret, .path = path };
    *ret = (struct map){ .commands = ARENA_ARRAY(arena, struct map_command, IMPORT_MAP_COMMANDS_MAX) };
    for (uint32_t at = 0; at < bytes.bytes;) {
        const char *end = memchr(bytes.at + at, '\n', bytes.bytes - at);
        uint32_t n = end ? (uint32_t)(end - bytes.at) - at : bytes.bytes - at;
        r->line++;
        if (!split(r, (struct text){ bytes.at + at, n }) || !read_line(r))
            return false;
        at += n + 1;
    }
    return describes(r);
}

/* ---- against a sheet ---- */
static bool find(const struct sheet *s, struct text column, uint32_t *ret, struct import_errors *errors)
{
    for (uint32_t i = 0; column.at && i < s->columns; i++)
        if (text_equal(s->header[i], column)) {
            *ret = i;
            return true;
        }
    if (column.at)
        import_wrong(errors, 1, column, "la correspondance nomme cette colonne, que le fichier n'a pas",
                     "the mapping names this column, which the file does not have");
    return !column.at;
}

bool map_fit(struct map *m, const struct sheet *s, struct import_errors *errors)
{
    bool good = find(s, m->key, &m->key_at, errors);
    for (uint32_t i = 0; i < m->count; i++) {
        struct map_command *c = &m->commands[i];
        good = find(s, c->by, &c->by_at, errors) && good;
        good = find(s, c->when, &c->when_at, errors) && good;
        good = find(s, c->on.column, &c->on.at, errors) && good;
        for (uint32_t k = 0; k < c->field_count; k++)
            good = find(s, c->fields[k].column, &c->fields[k].at, errors) && good;
    }
    return good;
}
