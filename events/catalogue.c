/* The tables made from the rows, and what walks them. */
#include "catalogue.h"

#include <assert.h>

/* ---- rows to tables ---- */
#define TYPE_code(v) .type = TYPE_CODE, .of = VOCABULARY_##v
#define TYPE_codes(v) .type = TYPE_CODES, .of = VOCABULARY_##v
#define TYPE_flag .type = TYPE_FLAG
#define TYPE_day .type = TYPE_DAY
#define TYPE_month .type = TYPE_MONTH
#define TYPE_number(lo, hi) .type = TYPE_NUMBER, .min = lo, .max = hi
#define TYPE_hours(lo, hi) .type = TYPE_HOURS, .min = (lo) * 100, .max = (hi) * 100
#define TYPE_stream(t) .type = TYPE_STREAM, .of = STREAM_##t
#define TYPE_event(k) .type = TYPE_EVENT, .of = KIND_##k
#define TYPE_text(hi) .type = TYPE_TEXT, .max = hi
#define TYPE_slug .type = TYPE_SLUG, .max = 40
#define TYPE_checked(how) .type = TYPE_CHECKED, .max = CHECK_BYTES_##how, .check = CHECK_##how
#define TYPE_content .type = TYPE_CONTENT
#define PRESENCE_REQUIRED REQUIRED
#define PRESENCE_OPTIONAL OPTIONAL
#define PRESENCE_FILLED(how) FILL_##how
#define PROTECTION_CLEAR .protection = CLEAR
#define PROTECTION_SEALED .protection = SEALED
#define PROTECTION_COARSE(how) .protection = COARSE, .coarse = COARSE_##how
#define FIELD(type, presence_, protection_, name_, fr_, en_) \
    { .name = #name_, TYPE_##type, .presence = PRESENCE_##presence_, PROTECTION_##protection_, .fr = fr_, .en = en_ },
#define EVENT(number, name, command, nature, place, states, apply, fr, en, ...) \
    static struct field fields_##name[] = { __VA_ARGS__ { 0 } };
#include "catalogue/all.def"

#define FIELD(...)
#define EVENT(number_, name_, command_, nature_, place_, states_, apply_, fr_, en_, ...) \
    { .number = number_, .stream = HERE, .name = #name_, .command = command_, .nature = nature_, .place = place_, \
      .states = states_, .apply = apply_, .fr = fr_, .en = en_, .fields = fields_##name_, \
      .field_count = sizeof(fields_##name_) / sizeof(struct field) - 1, .data_bytes = sizeof(struct name_) },
static struct kind kinds[] = {
#include "catalogue/all.def"
};
#define KINDS_COUNT (sizeof(kinds) / sizeof(kinds[0]))
static const struct kind *by_number[KIND_NUMBERS];

struct word {
    const char *name, *fr, *en;
};
#define WORD(vocabulary, word, fr, en) { #word, fr, en },
#define VOCABULARY(name, words) static const struct word words_##name[] = { words };
#include "catalogue/vocabularies.def"
#undef VOCABULARY
static const struct {
    const char *name;
    const struct word *words;
    unsigned count;
} vocabularies[] = {
#define VOCABULARY(name, words) { #name, words_##name, sizeof(words_##name) / sizeof(struct word) },
#include "catalogue/vocabularies.def"
#undef VOCABULARY
#undef WORD
};

static const struct word states[] = {
#define STATE(name, fr, en) { #name, fr, en },
#include "catalogue/states.def"
#undef STATE
};
static const struct {
    const char *name, *prefix, *plural;
} streams[] = {
#define STREAM(name, prefix, plural) { #name, prefix, plural },
#include "catalogue/streams.def"
#undef STREAM
};

static unsigned field_bytes(const struct field *f)
{
    unsigned bytes = field_is_text(f) ? sizeof(struct text) : sizeof(int64_t);
    return f->protection == COARSE ? bytes + (unsigned)sizeof(int64_t) : bytes;
}

void catalogue_start(void)
{
    static_assert(sizeof(struct text) == 16 && sizeof(void *) == 8, "the layout of the structs is counted in eights");
    for (unsigned i = 0; i < KINDS_COUNT; i++) {
        struct kind *k = &kinds[i];
        unsigned offset = 0;
        assert(k->number > 0 && k->number < KIND_NUMBERS && k->field_count <= FIELDS_MAX && k->data_bytes <= DATA_BYTES_MAX);
        assert(by_number[k->number] == NULL || by_number[k->number] == k);
        for (unsigned j = 0; j < k->field_count; j++) {
            k->fields[j].offset = (uint16_t)offset;
            offset += field_bytes(&k->fields[j]);
        }
        assert(offset == k->data_bytes);
        by_number[k->number] = k;
    }
    for (unsigned v = 0; v < VOCABULARIES; v++)
        assert(vocabularies[v].count <= WORDS_MAX);
}

unsigned catalogue_count(void)
{
    return KINDS_COUNT;
}

const struct kind *catalogue_at(unsigned index)
{
    assert(index < KINDS_COUNT);
    return &kinds[index];
}

const struct kind *kind_of(uint16_t number)
{
    return number < KIND_NUMBERS ? by_number[number] : NULL;
}

const struct kind *kind_named(struct text name)
{
    for (unsigned i = 0; i < KINDS_COUNT; i++)
        if (text_is(name, kinds[i].name))
            return &kinds[i];
    return NULL;
}

const struct kind *kind_commanded(struct text command)
{
    for (unsigned i = 0; i < KINDS_COUNT; i++)
        if (text_is(command, kinds[i].command))
            return &kinds[i];
    return NULL;
}

const char *state_name(enum state s)
{
    assert(s < STATES);
    return states[s].name;
}

const char *state_sentence(enum state s, bool french)
{
    assert(s < STATES);
    return french ? states[s].fr : states[s].en;
}

const char *stream_name(enum stream_type t)
{
    assert(t < STREAM_TYPES);
    return streams[t].name;
}

const char *stream_prefix(enum stream_type t)
{
    assert(t < STREAM_TYPES);
    return streams[t].prefix;
}

const char *stream_plural(enum stream_type t)
{
    assert(t < STREAM_TYPES);
    return streams[t].plural;
}

int stream_type_named(struct text name)
{
    for (int i = 0; i < STREAM_TYPES; i++)
        if (text_is(name, streams[i].name))
            return i;
    return -1;
}

const char *vocabulary_name(unsigned v)
{
    assert(v < VOCABULARIES);
    return vocabularies[v].name;
}

unsigned vocabulary_count(unsigned v)
{
    assert(v < VOCABULARIES);
    return vocabularies[v].count;
}

const char *word_name(unsigned v, int64_t word)
{
    assert(v < VOCABULARIES);
    return word >= 0 && word < vocabularies[v].count ? vocabularies[v].words[word].name : "?";
}

const char *word_sentence(unsigned v, int64_t word, bool french)
{
    assert(v < VOCABULARIES);
    if (word < 0 || word >= vocabularies[v].count)
        return "?";
    return french ? vocabularies[v].words[word].fr : vocabularies[v].words[word].en;
}

int64_t word_numbered(unsigned v, struct text word)
{
    assert(v < VOCABULARIES);
    for (unsigned i = 0; i < vocabularies[v].count; i++)
        if (text_is(word, vocabularies[v].words[i].name))
            return i;
    return ABSENT;
}

int64_t *field_number(const struct field *f, void *data)
{
    assert(!field_is_text(f) && f->type != TYPE_CONTENT);
    return (int64_t *)((char *)data + f->offset);
}

struct text *field_text(const struct field *f, void *data)
{
    assert(field_is_text(f));
    return (struct text *)((char *)data + f->offset);
}

struct content **field_content(const struct field *f, void *data)
{
    assert(f->type == TYPE_CONTENT);
    return (struct content **)((char *)data + f->offset);
}

int64_t *field_coarse(const struct field *f, void *data)
{
    assert(f->protection == COARSE);
    return (int64_t *)((char *)data + f->offset + field_bytes(f) - sizeof(int64_t));
}

bool field_absent(const struct field *f, const void *data)
{
    void *at = (void *)(uintptr_t)data;     /* the accessors serve writers too; nothing is written here */
    if (field_is_text(f))
        return field_text(f, at)->at == NULL;
    if (f->type == TYPE_CONTENT)
        return *field_content(f, at) == NULL;
    return *field_number(f, at) == ABSENT;
}

void data_clear(const struct kind *k, void *data)
{
    memset(data, 0, k->data_bytes);
    for (unsigned i = 0; i < k->field_count; i++) {
        const struct field *f = &k->fields[i];
        if (!field_is_text(f) && f->type != TYPE_CONTENT)
            *field_number(f, data) = ABSENT;
        if (f->protection == COARSE)
            *field_coarse(f, data) = ABSENT;
    }
}

bool kind_has_secret(const struct kind *kind)
{
    for (unsigned i = 0; i < kind->field_count; i++)
        if (kind->fields[i].presence == FILL_secret)
            return true;
    return false;
}

int64_t stream_named(const struct kind *kind, const void *data, enum stream_type type)
{
    for (unsigned i = 0; i < kind->field_count; i++)
        if (kind->fields[i].type == TYPE_STREAM && kind->fields[i].of == type && !field_absent(&kind->fields[i], data))
            return *field_number(&kind->fields[i], (void *)(uintptr_t)data);
    return ABSENT;
}
