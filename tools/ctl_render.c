/* Answers to text: an object as lines, a list as a table. Nothing here knows a route; words of the domain are put into
 * the person's language where the catalogue has them. */
#include <inttypes.h>
#include <string.h>

#include "../events/catalogue.h"
#include "ctl.h"

#define COLUMNS_MAX 16
#define INDENT 2

static const struct {
    const char *key, *fr, *en;
} labels[] = {
#define LABEL(key, fr, en) { #key, fr, en },
#define SPOKEN(...)
#include "ctl_labels.def"
#undef LABEL
#undef SPOKEN
};

static const struct {
    const char *key, *word, *fr, *en;
} words[] = {
#define LABEL(...)
#define SPOKEN(key, word, fr, en) { #key, #word, fr, en },
#include "ctl_labels.def"
#undef LABEL
#undef SPOKEN
};

const char *label(struct text key)
{
    for (unsigned i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
        if (text_is(key, labels[i].key))
            return say(labels[i].fr, labels[i].en);
    return arena_print(&ctl.arena, "%.*s", TEXT_ARGS(key)).at;
}

static struct text listed_key(struct text key)
{
    for (int s = 0; s < STATES; s++)
        if (text_is(key, state_name((enum state)s)))
            return text_of(state_sentence((enum state)s, ctl.french));
    return text_of(label(key));
}

static struct text list_text(const struct json *j)
{
    struct text all = TEXT("");
    for (const struct json *one = j->first; one; one = one->next) {
        struct text t = value_text(one);
        struct text key = j->type == JSON_OBJECT ? listed_key(one->key) : (struct text){ "", 0 };
        all = arena_print(&ctl.arena, "%.*s%s%.*s%s%.*s", TEXT_ARGS(all), all.bytes ? ", " : "", TEXT_ARGS(key), key.bytes ? "=" : "", TEXT_ARGS(t));
    }
    return all.bytes ? all : TEXT("-");
}

struct text value_text(const struct json *j)
{
    if (!j)
        return TEXT("-");
    switch (j->type) {
    case JSON_NULL:
        return TEXT("-");
    case JSON_BOOL:
        return text_of(j->truth ? say("oui", "yes") : say("non", "no"));
    case JSON_STRING:
        return j->string.bytes ? j->string : TEXT("-");
    case JSON_NUMBER:
        if (j->whole)
            return arena_print(&ctl.arena, "%" PRId64, j->hundredths / 100);
        return arena_print(&ctl.arena, "%s%" PRId64 ".%02d", j->hundredths < 0 ? "-" : "", (j->hundredths < 0 ? -j->hundredths : j->hundredths) / 100,
                           (int)((j->hundredths < 0 ? -j->hundredths : j->hundredths) % 100));
    default:
        /* What is said in a sentence needs no code beside it. */
        return json_get(j, "sentence") ? value_text(json_get(j, "sentence")) : list_text(j);
    }
}

/* Words of vocabularies, under the keys that answers give them. */
static const struct {
    const char *key;
    unsigned vocabulary;
} worded[] = {
    { "kind", VOCABULARY_step_kind }, { "kind", VOCABULARY_employment_kind }, { "kind", VOCABULARY_evidence_kind }, { "kind", VOCABULARY_session_kind },
    { "state", VOCABULARY_piece_state }, { "result", VOCABULARY_objective_result }, { "outcome", VOCABULARY_exit_outcome },
    { "reason", VOCABULARY_exit_reason }, { "reason", VOCABULARY_stop_reason }, { "purpose", VOCABULARY_employment_purpose },
    { "topic", VOCABULARY_delivery_topic }, { "failed", VOCABULARY_failure_kind }, { "language", VOCABULARY_language },
};

/* A state and a kind of event have a sentence, a word has its own. */
struct text spoken(struct text key, struct text value)
{
    for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (text_is(key, words[i].key) && text_is(value, words[i].word))
            return text_of(say(words[i].fr, words[i].en));
    for (int s = 0; s < STATES && text_is(key, "state"); s++)
        if (text_is(value, state_name((enum state)s)))
            return text_of(state_sentence((enum state)s, ctl.french));
    for (unsigned i = 0; i < sizeof(worded) / sizeof(worded[0]); i++) {
        int64_t word = text_is(key, worded[i].key) ? word_numbered(worded[i].vocabulary, value) : ABSENT;
        if (word != ABSENT)
            return text_of(word_sentence(worded[i].vocabulary, word, ctl.french));
    }
    const struct kind *kind = text_is(key, "kind") ? kind_named(value) : NULL;
    return kind ? text_of(say(kind->fr, kind->en)) : value;
}

/* "next.due" is a member of a member. */
static struct text cell(const struct json *object, const char *key)
{
    const char *dot = strchr(key, '.');
    const struct json *j = json_get(object, dot ? arena_print(&ctl.arena, "%.*s", (int)(dot - key), key).at : key);
    if (dot && j)
        j = json_get(j, dot + 1);
    struct text t = spoken(text_of(dot ? dot + 1 : key), value_text(j));
    return cut(t, strcmp(key, "details") == 0 ? DETAILS_COLUMNS_MAX : CELL_COLUMNS_MAX);
}

/* The keys of the list's objects, in the order they are first met. */
static unsigned keys_met(const struct json *list, const char **keys)
{
    unsigned n = 0;
    for (const struct json *one = list->first; one; one = one->next)
        for (const struct json *j = one->first; j && one->type == JSON_OBJECT; j = j->next) {
            bool known = false;
            for (unsigned i = 0; i < n; i++)
                known = known || text_is(j->key, keys[i]);
            if (!known && n < COLUMNS_MAX)
                keys[n++] = arena_print(&ctl.arena, "%.*s", TEXT_ARGS(j->key)).at;
        }
    return n;
}

static unsigned pick(const struct json *list, const char *const *columns, const char **keys)
{
    unsigned n = 0, met;
    const char *all[COLUMNS_MAX];
    met = keys_met(list, all);
    if (!columns) {
        memcpy(keys, all, met * sizeof(*keys));
        return met;
    }
    for (; *columns && n < COLUMNS_MAX; columns++)
        for (unsigned i = 0; i < met; i++)
            if (strncmp(*columns, all[i], strcspn(*columns, ".")) == 0 && strlen(all[i]) == strcspn(*columns, "."))
                keys[n++] = *columns;
    return n ? n : pick(list, NULL, keys);
}

static void render_list(const struct json *list, const char *const *columns, unsigned indent)
{
    const char *keys[COLUMNS_MAX];
    unsigned n = pick(list, columns, keys);
    if (n == 0) {
        printf("%*s%.*s\n", (int)indent, "", TEXT_ARGS(value_text(list)));
        return;
    }
    struct table *t = table_new(n, true);
    for (unsigned i = 0; i < n; i++)
        table_cell(t, text_of(label(text_of(strchr(keys[i], '.') ? strchr(keys[i], '.') + 1 : keys[i]))));
    for (const struct json *one = list->first; one; one = one->next)
        for (unsigned i = 0; i < n; i++)
            table_cell(t, one->type == JSON_OBJECT ? cell(one, keys[i]) : value_text(one));
    table_print(t, indent);
}

/* Members that the verb does not want to see; ended by NULL. */
static const char *const *left_out;

static bool hidden(const struct json *j)
{
    for (const char *const *one = left_out; one && *one; one++)
        if (text_is(j->key, *one))
            return true;
    return false;
}

static bool is_table(const struct json *j)
{
    return !hidden(j) && j->type == JSON_ARRAY && j->first && j->first->type == JSON_OBJECT;
}

/* The first member that is a table itself: such rows do not fit a line each. */
static const struct json *inner_table(const struct json *object)
{
    const struct json *j = object->first;
    while (j && !is_table(j))
        j = j->next;
    return j;
}

static bool shown(const char *const *columns, struct text key)
{
    if (!columns)
        return true;
    while (*columns && !text_is(key, *columns))
        columns++;
    return *columns;
}

static void render_rows(const struct json *list, const char *const *columns, unsigned indent)
{
    if (!inner_table(list->first)) {
        render_list(list, columns, indent);
        return;
    }
    for (const struct json *one = list->first; one; one = one->next) {
        for (const struct json *j = one->first; j; j = j->next)
            if (!is_table(j) && !hidden(j) && shown(columns, j->key))
                printf("%*s%s%s %.*s%s\n", (int)indent, "", bold(), label(j->key), TEXT_ARGS(spoken(j->key, value_text(j))), plain());
        if (inner_table(one))
            render_list(inner_table(one), columns, indent + INDENT);
    }
}

static void title(const struct json *j)
{
    printf("\n%s%s%s\n", bold(), label(j->key), plain());
}

static bool has_rows(const struct json *j)
{
    return !hidden(j) && j->type == JSON_OBJECT && j->count > 1;
}

/* The members that fit a line each; those that are objects themselves too, when `deep` is false. */
static unsigned render_plain(const struct json *object, const char *const *columns, bool deep, unsigned indent)
{
    struct table *rows = table_new(2, false);
    unsigned n = 0;
    for (const struct json *j = object->first; j; j = j->next) {
        if (hidden(j) || is_table(j) || (deep && has_rows(j)) || (j->type == JSON_ARRAY && !j->first && columns))
            continue;
        table_cell(rows, text_of(label(j->key)));
        table_cell(rows, spoken(j->key, value_text(j)));
        n++;
    }
    if (n)
        table_print(rows, indent);
    return n;
}

static void render_object(const struct json *object, const char *const *columns)
{
    unsigned blocks = 0, plain_ones = render_plain(object, columns, true, 0);
    for (const struct json *j = object->first; j; j = j->next)
        blocks += is_table(j) || has_rows(j);
    if (plain_ones == 0 && blocks == 0)
        printf("%s\n", say("rien.", "nothing."));
    bool alone = plain_ones == 0 && blocks == 1;    /* all there is needs no title */
    for (const struct json *j = object->first; j; j = j->next) {
        if (!is_table(j) && !has_rows(j))
            continue;
        if (!alone)
            title(j);
        if (is_table(j))
            render_rows(j, columns, alone ? 0 : INDENT);
        else
            render_plain(j, NULL, false, INDENT);
    }
}

void render_without(const struct json *j, const char *const *columns, const char *const *without)
{
    left_out = without;
    render(j, columns);
    left_out = NULL;
}

void render(const struct json *j, const char *const *columns)
{
    if (!j)
        return;
    if (j->type == JSON_ARRAY)
        render_list(j, columns, 0);
    else if (j->type == JSON_OBJECT)
        render_object(j, columns);
    else
        printf("%.*s\n", TEXT_ARGS(value_text(j)));
}
