#include "filed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- which figures ---- */
enum filed_number {
#define FILED(c_name) FILED_##c_name,
#include "filed.def"
#undef FILED
    FILED_FIGURES
};

static const uint8_t place[FIGURES] = {    /* 1 more than its number among the filed; 0: it is not filed */
#define FILED(c_name) [FIGURE_##c_name] = FILED_##c_name + 1,
#include "filed.def"
#undef FILED
};

const struct period filed_period = { DAY_FIRST, INT32_MAX, INT32_MAX, INT64_MAX };

/* ---- sums ---- */
#define NOBODY 0u               /* nobody followed; a référent's stream plus one otherwise */
#define WHOLE 0u                /* of all words; a word of the first own dimension plus one otherwise */
#define SLOTS_FIRST 16u

struct slot {                   /* of one figure in one month */
    uint32_t referent;
    uint32_t word : 8, dossiers : 24;   /* how many dossiers have a part in it: 0, it is nobody's any more */
    struct tally tally;
};
struct month {
    struct slot *slots;         /* a hash of so many, a power of two; those with `used` */
    uint8_t *used;
    uint32_t room, n;
};
struct filed {
    struct {
        struct month *at;       /* from `first` on */
        int32_t first, n;
    } figures[FILED_FIGURES];
    size_t bytes, bytes_max;
    bool full;
};

struct filed *filed_new(size_t bytes_max)
{
    struct filed *f = calloc(1, sizeof(*f));
    if (!f)
        abort();
    f->bytes_max = bytes_max;
    return f;
}

void filed_clear(struct filed *f)
{
    for (unsigned i = 0; i < FILED_FIGURES; i++) {
        for (int32_t k = 0; k < f->figures[i].n; k++) {
            free(f->figures[i].at[k].slots);
            free(f->figures[i].at[k].used);
        }
        free(f->figures[i].at);
    }
    size_t bytes_max = f->bytes_max;
    memset(f, 0, sizeof(*f));
    f->bytes_max = bytes_max;
}

void filed_free(struct filed *f)
{
    if (f)
        filed_clear(f);
    free(f);
}

size_t filed_bytes(const struct filed *f)
{
    return f->bytes;
}

bool filed_large(const struct filed *f)
{
    return f->full;
}

static void *room(struct filed *f, size_t count, size_t each_bytes)
{
    void *at = calloc(count, each_bytes);
    if (!at)
        abort();
    f->bytes += count * each_bytes;
    return at;
}

/* The month of a figure, made when it is the first time. */
static struct month *month_of(struct filed *f, unsigned figure, int32_t month)
{
    struct month *was = f->figures[figure].at;
    int32_t first = f->figures[figure].first, n = f->figures[figure].n;
    if (n && month >= first && month < first + n)
        return &was[month - first];
    int32_t from = n && first < month ? first : month, until = n && first + n - 1 > month ? first + n - 1 : month;
    f->figures[figure].at = room(f, (size_t)(until - from + 1), sizeof(*was));
    f->figures[figure].first = from;
    f->figures[figure].n = until - from + 1;
    if (n)
        memcpy(&f->figures[figure].at[first - from], was, (size_t)n * sizeof(*was));
    f->bytes -= (size_t)n * sizeof(*was);
    free(was);
    return &f->figures[figure].at[month - from];
}

static struct slot *find(const struct month *m, uint32_t referent, uint32_t word)
{
    uint64_t h = (referent * UINT64_C(0x9e3779b97f4a7c15)) ^ (word * UINT64_C(0xc2b2ae3d27d4eb4f));
    uint32_t i = (uint32_t)(h >> 29) & (m->room - 1);
    while (m->used[i] && (m->slots[i].referent != referent || m->slots[i].word != word))
        i = (i + 1) & (m->room - 1);
    return &m->slots[i];
}

/* Those that are nobody's any more are left behind. */
static void grow(struct filed *f, struct month *m)
{
    struct month was = *m;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < was.room; i++)
        kept += was.used[i] && was.slots[i].dossiers;
    m->room = SLOTS_FIRST;
    while (m->room * 3 / 4 <= kept + 1)
        m->room *= 2;
    m->slots = room(f, m->room, sizeof(*m->slots));
    m->used = room(f, m->room, 1);
    m->n = 0;
    for (uint32_t i = 0; i < was.room; i++)
        if (was.used[i] && was.slots[i].dossiers) {
            struct slot *s = find(m, was.slots[i].referent, was.slots[i].word);
            *s = was.slots[i];
            m->used[s - m->slots] = 1;
            m->n++;
        }
    f->bytes -= (size_t)was.room * (sizeof(*was.slots) + 1);
    free(was.slots);
    free(was.used);
}

static void put(struct filed *f, struct month *m, uint32_t referent, uint32_t word, const struct tally *t, int sign)
{
    if (m->room == 0 || m->n + 1 > m->room * 3 / 4)
        grow(f, m);
    struct slot *s = find(m, referent, word);
    if (!m->used[s - m->slots]) {
        *s = (struct slot){ .referent = referent, .word = word & 0xff };
        m->used[s - m->slots] = 1;
        m->n++;
    }
    assert(sign > 0 || s->dossiers > 0);     /* what is taken back was put */
    s->dossiers = (s->dossiers + (uint32_t)sign) & 0xffffff;
    s->tally.numerator += sign * t->numerator;
    s->tally.denominator += sign * t->denominator;
}

/* ---- a dossier ---- */
static void put_group(struct filed *f, unsigned figure, const struct figure *row, const struct group *g, int sign)
{
    uint32_t referent = g->key[1].known ? (uint32_t)g->key[1].number + 1 : NOBODY;
    struct month *m = month_of(f, figure, (int32_t)g->key[0].number);
    put(f, m, referent, WHOLE, &g->tally, sign);
    for (unsigned w = 0; g->words && w < keyed_words(&row->own[0].keyed); w++)
        if (g->words[w].numerator || g->words[w].denominator)
            put(f, m, referent, w + 1, &g->words[w], sign);
}

static void ask_all(struct figures_asked *a, const struct dossier *d)
{
    *a = (struct figures_asked){ .period = d->period, .books = d->books, .referent = ABSENT };
    for (unsigned i = 0; i < FIGURES; i++)
        a->only[i] = place[i] != 0;
    figures_ask_by(a, TEXT("month,referent"));
}

bool filed_add(struct filed *f, const struct dossier *d, int sign)
{
    struct figures_asked asked;
    struct measuring *m = ARENA_ARRAY(d->arena, struct measuring, 1);
    if (f->full)
        return false;
    ask_all(&asked, d);
    figures_begin(m, d->arena, &asked);
    figures_look(m, d);
    for (unsigned i = 0; i < m->count; i++)
        for (uint32_t k = 0; k < m->at[i].n; k++)
            put_group(f, place[m->at[i].figure - figures] - 1u, m->at[i].figure, &m->at[i].groups[k], sign);
    if (f->bytes <= f->bytes_max)
        return true;
    filed_clear(f);
    f->full = true;
    return false;
}

/* ---- answering ---- */
static bool plain(const struct figures_asked *a)
{
    bool plain = a->period.as_of == INT32_MAX && a->period.known_at == INT64_MAX && a->referent == ABSENT && a->detail == 0;
    for (unsigned i = 0; i < DIMENSIONS; i++)
        plain = plain && !a->having[i].asked;
    for (unsigned b = 0; b < a->by_count; b++)
        plain = plain && (a->by[b] == &dimensions[DIMENSION_month] || a->by[b] == &dimensions[DIMENSION_referent]);
    return plain;
}

bool filed_answers(const struct figures_asked *a, int32_t today)
{
    const struct period *p = &a->period;
    bool some = false, all = true;
    for (unsigned i = 0; i < FIGURES; i++) {
        some = some || a->only[i];
        all = all && (!a->only[i] || place[i]);
    }
    bool whole = p->from == month_first(month_index(p->from)) && (p->to == month_last(month_index(p->to)) || p->to >= today);
    return some && all && whole && plain(a);
}

/* A slot under the keys that are asked for, in their order; whoever is nobody comes last. */
struct found {
    uint64_t key;
    uint32_t word;
    const struct slot *slot;
};

static int by_key(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->word > y->word) - (x->word < y->word);
}

/* One of the two halves of a key. */
static uint32_t code(const struct measuring *m, unsigned which, int32_t month, const struct slot *s)
{
    if (which >= m->asked.by_count)
        return 0;
    if (m->asked.by[which] == &dimensions[DIMENSION_month])
        return (uint32_t)month ^ 0x80000000u;     /* in the order of the months, those before 1970 too */
    return s->referent == NOBODY ? UINT32_MAX : s->referent;
}

static struct group_key key_of(const struct measuring *m, unsigned which, uint32_t code)
{
    struct group_key none = { false, 0, { NULL, 0 } };
    if (which >= m->asked.by_count)
        return none;
    if (m->asked.by[which] == &dimensions[DIMENSION_month])
        return (struct group_key){ true, (int32_t)(code + (uint32_t)INT32_MIN), { NULL, 0 } };
    return code == UINT32_MAX ? none : (struct group_key){ true, (int64_t)code - 1, { NULL, 0 } };
}

static void add(struct tally *whole, struct tally *words, const struct slot *s)
{
    struct tally *t = s->word == WHOLE ? whole : words ? &words[s->word - 1] : NULL;
    if (t) {
        t->numerator += s->tally.numerator;
        t->denominator += s->tally.denominator;
    }
}

static struct group *group_after(struct measuring *m, struct measured *x, uint64_t key)
{
    void *at = x->groups;
    struct group_key first = key_of(m, 0, (uint32_t)(key >> 32));
    vector_room(m->arena, &x->n, &x->room, &at, sizeof(*x->groups));
    x->groups = at;
    x->groups[x->n] = figures_empty_group(m, x, &first);
    x->groups[x->n].key[1] = key_of(m, 1, (uint32_t)key);
    return &x->groups[x->n++];
}

static void group_all(struct measuring *m, struct measured *x, struct found *found, uint32_t n)
{
    struct group *g = NULL;
    qsort(found, n, sizeof(*found), by_key);
    for (uint32_t i = 0; i < n; i++) {
        if (i == 0 || found[i].key != found[i - 1].key)
            g = group_after(m, x, found[i].key);
        add(&g->tally, g->words, found[i].slot);
    }
}

static void answer_one(const struct filed *f, struct measuring *m, struct measured *x)
{
    unsigned figure = place[x->figure - figures] - 1u;
    int32_t first = f->figures[figure].first, last = first + f->figures[figure].n - 1;
    int32_t from = month_index(m->asked.period.from), until = month_index(m->asked.period.to);
    uint32_t n = 0, all = 0;
    from = from > first ? from : first;
    until = until < last ? until : last;
    for (int32_t month = from; month <= until; month++)
        all += f->figures[figure].at[month - first].n;
    struct found *found = malloc((all + 1) * sizeof(*found));
    if (!found)
        abort();
    for (int32_t month = from; month <= until; month++) {
        const struct month *shelf = &f->figures[figure].at[month - first];
        for (uint32_t i = 0; i < shelf->room; i++) {
            const struct slot *s = &shelf->slots[i];
            if (!shelf->used[i] || s->dossiers == 0)
                continue;
            add(&x->whole, x->words, s);
            found[n++] = (struct found){ (uint64_t)code(m, 0, month, s) << 32 | code(m, 1, month, s), s->word, s };
        }
    }
    if (m->asked.by_count)
        group_all(m, x, found, n);
    free(found);
}

void filed_answer(const struct filed *f, struct measuring *m)
{
    for (unsigned i = 0; i < m->count; i++)
        answer_one(f, m, &m->at[i]);
}
