/* The table of figures, and how they are counted: each contribution enters the whole, its word, its groups and the detail. */
#include "figures.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define IN_STREAM(type) (1u << STREAM_##type)
#define PARTICIPANTS IN_STREAM(participant)
#define NO_RULE -1, false
#define TARGET(rule) RULE_##rule, false
#define EACH(rule) RULE_##rule, true
#define OVER(fr, en) fr, en
#define NO_OVER NULL, NULL
#define NO_OWN { { NULL, { BY_WORD, -1, { NULL } } } }
#define OWN(...) { __VA_ARGS__ }
#define WORDS(name, vocabulary) { #name, { BY_WORD, VOCABULARY_##vocabulary, { NULL } } }
#define BANDS(name, ...) { #name, { BY_WORD, -1, { __VA_ARGS__ } } }
#define TEXTS(name) { #name, { BY_TEXT, -1, { NULL } } }
#define STREAMS(name, type) { #name, { BY_STREAM, STREAM_##type, { NULL } } }
const struct figure figures[FIGURES] = {
#define FIGURE(c_name, name, unit, walks, target, own, function, fr, en, over) { name, unit, walks, target, own, function, fr, en, over },
#include "figures.def"
#undef FIGURE
};

int figure_named(struct text name)
{
    for (int i = 0; i < FIGURES; i++)
        if (text_is(name, figures[i].name))
            return i;
    return -1;
}

unsigned keyed_words(const struct keyed *k)
{
    unsigned n = 0;
    if (k->type != BY_WORD)
        return 0;
    if (k->of >= 0)
        return vocabulary_count((unsigned)k->of);
    while (k->bands[n])
        n++;
    return n;
}

const char *keyed_word(const struct keyed *k, int64_t word)
{
    return k->of >= 0 ? word_name((unsigned)k->of, word) : k->bands[word];
}

/* ---- beginning ---- */
static int64_t month_ends(const struct period *p)
{
    int32_t to = p->to < p->as_of ? p->to : p->as_of;
    int32_t first = month_index(p->from), last = month_index(to);
    last -= month_last(last) > to;
    return last < first ? 0 : last - first + 1;
}

/* Of the whole; of a group, one month when they are told apart. */
static struct tally nothing_yet(const struct measuring *m, const struct measured *x, bool group)
{
    struct tally t = { 0, x->figure->unit == MONTHLY ? month_ends(&m->asked.period) : 0 };
    for (unsigned b = 0; group && b < m->asked.by_count; b++)
        if (m->asked.by[b] == &dimensions[DIMENSION_month])
            t.denominator = t.denominator > 0;
    return t;
}

static int own_named(const struct figure *f, struct text name)
{
    if (text_is(name, "type"))
        return f->own[0].name ? 0 : -1;
    for (int i = 0; i < OWN_MAX && f->own[i].name; i++)
        if (text_is(name, f->own[i].name))
            return i;
    return -1;
}

static void begin_one(struct measuring *m, const struct figure *f)
{
    struct measured *x = &m->at[m->count++];
    *x = (struct measured){ .figure = f };
    x->whole = nothing_yet(m, x, false);
    if (f->own[0].name && keyed_words(&f->own[0].keyed))
        x->words = ARENA_ARRAY(m->arena, struct tally, keyed_words(&f->own[0].keyed));
    for (unsigned b = 0; b < m->asked.by_count; b++)
        x->own[b] = m->asked.by[b] ? -1 : own_named(f, m->asked.own[b]);
}

void figures_begin(struct measuring *m, struct arena *arena, const struct figures_asked *asked)
{
    bool some = false;
    *m = (struct measuring){ .asked = *asked, .arena = arena };
    for (unsigned i = 0; i < FIGURES; i++)
        some = some || asked->only[i];
    for (unsigned i = 0; i < FIGURES; i++)
        if (!some || asked->only[i])
            begin_one(m, &figures[i]);
}

static bool needs_shares(const struct measuring *m)
{
    for (unsigned i = 0; i < m->count; i++)
        if (m->at[i].figure->target_each)
            return true;
    return false;
}

uint32_t figures_walks(const struct measuring *m)
{
    uint32_t walks = needs_shares(m) ? IN_STREAM(referent) : 0;
    for (unsigned i = 0; i < m->count; i++)
        walks |= m->at[i].figure->walks;
    return walks;
}

void figures_look(struct measuring *m, const struct dossier *d)
{
    if (d->type == STREAM_referent && needs_shares(m)) {
        void *at = m->shares;
        vector_room(m->arena, &m->share_count, &m->share_room, &at, sizeof(*m->shares));
        m->shares = at;
        m->shares[m->share_count++] = (struct share_of_time){ d->stream, d->card->share_percent };
    }
    for (unsigned i = 0; i < m->count; i++) {
        struct measure one = { .dossier = d, .all = m, .at = i };
        if (m->at[i].figure->walks >> d->type & 1)
            m->at[i].figure->measure(&one);
    }
}

/* ---- contributions ---- */
static const struct own *own_of(const struct measure *one, unsigned which, enum dimension_type type)
{
    const struct own *own = &one->all->at[one->at].figure->own[which];
    assert(which < OWN_MAX && own->name && own->keyed.type == type);
    return own;
}

void measure_own_word(struct measure *one, unsigned which, int64_t word)
{
    const struct own *own = own_of(one, which, BY_WORD);
    if (word >= 0 && word < keyed_words(&own->keyed))
        one->own[which] = (struct group_key){ true, word, { NULL, 0 } };
}

void measure_own_words(struct measure *one, unsigned which, int64_t set)
{
    own_of(one, which, BY_WORD);
    one->own_set[which] = set == ABSENT ? 0 : set;
}

void measure_own_text(struct measure *one, unsigned which, struct text text)
{
    own_of(one, which, BY_TEXT);
    one->own[which] = (struct group_key){ text.at != NULL, 0, text };
}

void measure_own_stream(struct measure *one, unsigned which, int64_t stream)
{
    own_of(one, which, BY_STREAM);
    one->own[which] = (struct group_key){ stream != ABSENT, stream, { NULL, 0 } };
}

static void add(struct tally *t, int64_t numerator, int64_t denominator)
{
    t->numerator += numerator;
    t->denominator += denominator;
}

int group_keys_compare(const struct group_key *a, const struct group_key *b)
{
    if (a->known != b->known)
        return a->known ? -1 : 1;
    if (!a->known || a->number != b->number)
        return !a->known ? 0 : a->number < b->number ? -1 : 1;
    uint32_t bytes = a->text.bytes < b->text.bytes ? a->text.bytes : b->text.bytes;
    int order = bytes ? memcmp(a->text.at, b->text.at, bytes) : 0;
    return order ? order : (a->text.bytes > b->text.bytes) - (a->text.bytes < b->text.bytes);
}

static int compare_groups(const struct group *a, const struct group *b)
{
    int order = group_keys_compare(&a->key[0], &b->key[0]);
    return order ? order : group_keys_compare(&a->key[1], &b->key[1]);
}

static struct group_key kept(struct arena *arena, struct group_key k)
{
    if (k.text.at)
        k.text = arena_text(arena, k.text.at, k.text.bytes);
    return k;
}

struct group figures_empty_group(const struct measuring *m, const struct measured *x, const struct group_key *first)
{
    struct group g = { .key = { *first }, .tally = nothing_yet(m, x, true) };
    if (x->words)
        g.words = ARENA_ARRAY(m->arena, struct tally, keyed_words(&x->figure->own[0].keyed));
    return g;
}

/* Its place among the sorted groups, made when it is the first of its keys. */
static struct group *group_of(struct measuring *m, struct measured *x, const struct group *wanted)
{
    uint32_t low = 0, high = x->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_groups(&x->groups[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < x->n && compare_groups(&x->groups[low], wanted) == 0)
        return &x->groups[low];
    void *at = x->groups;
    vector_room(m->arena, &x->n, &x->room, &at, sizeof(*x->groups));
    x->groups = at;
    memmove(&x->groups[low + 1], &x->groups[low], (x->n++ - low) * sizeof(*x->groups));
    struct group_key first = kept(m->arena, wanted->key[0]);
    x->groups[low] = figures_empty_group(m, x, &first);
    x->groups[low].key[1] = kept(m->arena, wanted->key[1]);
    return &x->groups[low];
}

static void tell(struct measuring *m, const struct dossier *d, int32_t day, uint64_t seq, struct group group)
{
    const struct figures_asked *a = &m->asked;
    if (a->detail == 0 || m->detail_all++ < a->skip || m->detail_count >= a->detail)
        return;
    void *at = m->details;
    vector_room(m->arena, &m->detail_count, &m->detail_room, &at, sizeof(*m->details));
    m->details = at;
    for (unsigned b = 0; b < BY_MAX; b++)
        group.key[b] = kept(m->arena, group.key[b]);
    m->details[m->detail_count++] = (struct contribution){ d->stream, seq, d->type, day, group };
}

/* The keys of one contribution in one of the dimensions asked for; one at least. */
static unsigned keys_of(const struct measure *one, unsigned which, int32_t day, struct group_key *ret)
{
    const struct measuring *m = one->all;
    int own = m->at[one->at].own[which];
    unsigned n = 0;
    if (m->asked.by[which])
        n = m->asked.by[which]->keys(one->dossier, day, ret);
    else if (own >= 0 && one->own[own].known)
        ret[n++] = one->own[own];
    else if (own >= 0)
        for (unsigned word = 0; one->own_set[own] >> word; word++)
            if (one->own_set[own] >> word & 1)
                ret[n++] = (struct group_key){ true, word, { NULL, 0 } };
    if (n == 0)
        ret[n++] = (struct group_key){ .known = false };
    return n;
}

/* Under the word or the words of its first own dimension. */
static void add_words(const struct measure *one, struct tally *words, const struct tally *t)
{
    if (!words)
        return;     /* its first own dimension has no words: its number is a stream's, or a band's */
    if (one->own[0].known)
        add(&words[one->own[0].number], t->numerator, t->denominator);
    for (unsigned word = 0; !one->own[0].known && one->own_set[0] >> word; word++)
        if (one->own_set[0] >> word & 1)
            add(&words[word], t->numerator, t->denominator);
}

static void add_to_group(const struct measure *one, struct group *g, const struct tally *t)
{
    add(&g->tally, t->numerator, t->denominator);
    add_words(one, g->words, t);
}

static void add_groups(const struct measure *one, const struct tally *t, int32_t day, uint64_t seq)
{
    struct measuring *m = one->all;
    struct group_key keys[BY_MAX][GROUPS_OF_ONE_MAX];
    unsigned n[BY_MAX] = { 1, 1 }, by = m->asked.by_count;
    keys[0][0] = keys[1][0] = (struct group_key){ .known = false };
    for (unsigned b = 0; b < by; b++)
        n[b] = keys_of(one, b, day, keys[b]);
    for (unsigned i = 0; i < n[0]; i++)
        for (unsigned j = 0; j < n[1]; j++) {
            struct group g = { { keys[0][i], keys[1][j] }, *t, NULL };
            if (by)
                add_to_group(one, group_of(m, &m->at[one->at], &g), t);
            tell(m, one->dossier, day, seq, g);
        }
}

static bool followed_by(const struct measure *one, int32_t day, int64_t referent)
{
    struct group_key key[GROUPS_OF_ONE_MAX];
    return dimensions[DIMENSION_referent].keys(one->dossier, day, key) == 1 && key[0].number == referent;
}

/* Under the words asked for, each of them. */
static bool among(const struct measure *one, int32_t day)
{
    struct group_key key[GROUPS_OF_ONE_MAX];
    for (unsigned i = 0; i < DIMENSIONS; i++) {
        bool found = !one->all->asked.having[i].asked;
        unsigned n = found ? 0 : dimensions[i].keys(one->dossier, day, key);
        while (!found && n)
            found = key[--n].number == one->all->asked.having[i].word;
        if (!found)
            return false;
    }
    return true;
}

/* What is counted by operation knows which; anything else is of those in which the person took part on that day. */
static bool in_operation(const struct measure *one, int32_t day)
{
    const struct figures_asked *a = &one->all->asked;
    const struct figure *f = one->all->at[one->at].figure;
    const struct parcours *p = one->dossier->p;
    for (unsigned o = 0; o < OWN_MAX && f->own[o].name; o++)
        if (f->own[o].keyed.type == BY_STREAM && f->own[o].keyed.of == STREAM_operation)
            return one->own[o].known && (a->operation == ABSENT || one->own[o].number == a->operation);
    for (uint32_t i = 0; p && i < p->participations.n; i++) {
        const struct participation *x = &p->participations.at[i];
        if ((a->operation == ABSENT || (int64_t)x->operation == a->operation) && x->joined_on <= day && (x->left_on == DAY_NONE || day <= x->left_on))
            return true;
    }
    return false;
}

/* Whether the question is about what happened on that day at all. */
static bool asked_for(const struct measure *one, int32_t day)
{
    const struct figures_asked *a = &one->all->asked;
    return (a->referent == ABSENT || followed_by(one, day, a->referent)) && among(one, day) && (!a->in_operations || in_operation(one, day));
}

void measure_add(struct measure *one, int64_t numerator, int64_t denominator, int32_t day, uint64_t seq, int64_t own_word)
{
    struct measuring *m = one->all;
    struct measured *x = &m->at[one->at];
    struct tally t = { numerator, denominator };
    if (own_word >= 0)
        measure_own_word(one, 0, own_word);
    if (asked_for(one, day)) {
        add(&x->whole, numerator, denominator);
        add_words(one, x->words, &t);
        if (m->asked.by_count || m->asked.detail)
            add_groups(one, &t, day, seq);
    }
    memset(one->own, 0, sizeof(one->own));
    memset(one->own_set, 0, sizeof(one->own_set));
}
