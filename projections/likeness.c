#include "likeness.h"

#include <stdio.h>
#include <string.h>

#include "../events/days.h"

static const char *const feature_words[][3] = {
#define X(name, fr, en) { #name, fr, en },
    FEATURES_LIST(X)
#undef X
};
static const char *const agreement_words[][3] = {
#define X(name, fr, en) { #name, fr, en },
    AGREEMENTS(X)
#undef X
};

const char *feature_name(enum feature f)
{
    return feature_words[f][0];
}

const char *agreement_name(enum agreement a)
{
    return agreement_words[a][0];
}

const char *feature_sentence(enum feature f, bool french)
{
    return feature_words[f][french ? 1 : 2];
}

const char *agreement_sentence(enum agreement a, bool french)
{
    return agreement_words[a][french ? 1 : 2];
}

/* ---- what is known ---- */
bool identity_kind(uint16_t kind)
{
    return kind == KIND_participant_oriented || kind == KIND_profile_recorded;
}

static void learn(struct text *known, struct text told)
{
    if (told.at)
        *known = told;
}

void identity_learn(struct identity *i, const struct event *e)
{
    if (e->kind->number == KIND_participant_oriented) {
        const struct participant_oriented *o = e->data;
        learn(&i->name, o->name);
        learn(&i->first_name, o->first_name);
        i->born = o->born.exact == ABSENT ? i->born : o->born.exact;
    } else if (e->kind->number == KIND_profile_recorded) {
        const struct profile_recorded *o = e->data;
        learn(&i->name, o->name);
        learn(&i->first_name, o->first_name);
        learn(&i->nir, o->nir);
        learn(&i->employment_service_id, o->employment_service_id);
        learn(&i->telephone, o->telephone);
        learn(&i->email, o->email);
        i->born = o->born.exact == ABSENT ? i->born : o->born.exact;
    }
}

/* ---- to hashes ---- */
#define TELEPHONE_DIGITS 9      /* the last ones: with 0, +33 or 0033 before them it is one number */
#define NIR_CHARACTERS 13       /* without its key */

static uint64_t hash(const struct key *key, const char *what, const char *value)
{
    uint8_t mac[MAC_BYTES];
    uint64_t n;
    if (!*value)
        return 0;
    chain_mac(mac, key, text_of(what), text_of(value));
    memcpy(&n, mac, sizeof(n));
    return n ? n : 1;
}

/* Letters and digits alone, upper case. */
static const char *strip(struct text t, char out[FOLDED_BYTES])
{
    char *to = name_fold(t, out) ? out : out;
    for (const char *at = out; *at; at++)
        if (*at != ' ')
            *to++ = *at;
    *to = 0;
    return out;
}

static const char *digits(struct text t, char out[FOLDED_BYTES])
{
    size_t n = 0;
    for (uint32_t i = 0; i < t.bytes && n + 1 < FOLDED_BYTES; i++)
        if (t.at[i] >= '0' && t.at[i] <= '9')
            out[n++] = t.at[i];
    out[n] = 0;
    if (n < TELEPHONE_DIGITS)
        return "";
    return out + n - TELEPHONE_DIGITS;
}

static const char *lower(struct text t, char out[FOLDED_BYTES])
{
    size_t n = 0;
    for (uint32_t i = 0; i < t.bytes && n + 1 < FOLDED_BYTES; i++)
        if (t.at[i] != ' ')
            out[n++] = t.at[i] >= 'A' && t.at[i] <= 'Z' ? (char)(t.at[i] + 'a' - 'A') : t.at[i];
    out[n] = 0;
    return memchr(out, '@', n) ? out : "";
}

static void hash_birth(const struct key *key, int64_t born, struct features *f)
{
    char day[DAY_TEXT_BYTES], inverted[DAY_TEXT_BYTES];
    int32_t other;
    if (born == ABSENT)
        return;
    day_print((int32_t)born, day);
    snprintf(inverted, sizeof(inverted), "%.4s-%.2s-%.2s", day, day + 8, day + 5);
    f->birth = hash(key, "birth", day);
    if (strcmp(inverted, day) != 0 && day_parse(text_of(inverted), &other))
        f->birth_inverted = hash(key, "birth", inverted);
}

static void hash_first_name(const struct key *key, struct text first_name, struct features *f)
{
    char folded[FOLDED_BYTES], word[FOLDED_BYTES], without[FOLDED_BYTES], sound[FOLDED_BYTES];
    name_fold(first_name, folded);
    memcpy(word, folded, FOLDED_BYTES);
    word[strcspn(word, " ")] = 0;
    f->first_word = hash(key, "name", word);
    strip(first_name, folded);
    f->first = hash(key, "name", folded);
    f->first_sound = *folded ? hash(key, "sound", name_sound(folded, sound)) : 0;
    size_t letters = strlen(folded);
    for (size_t i = 0; letters >= 3 && i < letters && i < CLOSE_MAX; i++) {
        memcpy(without, folded, i);
        memcpy(without + i, folded + i + 1, letters - i);
        f->close[f->close_count++] = (uint32_t)hash(key, "name", without);
    }
}

static void add_block(struct features *f, uint64_t hash_of_it)
{
    if (hash_of_it)
        f->blocks[f->block_count++] = hash_of_it;
}

uint32_t features_words(const struct key *key, struct text words, uint64_t ret[WORDS_OF_NAME_MAX])
{
    char folded[FOLDED_BYTES], sound[FOLDED_BYTES];
    uint32_t n = 0;
    name_fold(words, folded);
    for (char *at = folded, *end; *at && n < WORDS_OF_NAME_MAX; at = end) {
        end = at + strcspn(at, " ");
        if (*end)
            *end++ = 0;
        ret[n++] = hash(key, "word", name_sound(at, sound));
    }
    return n;
}

static void add_words(const struct key *key, struct features *f, struct text words)
{
    uint64_t found[WORDS_OF_NAME_MAX];
    uint32_t n = features_words(key, words, found);
    for (uint32_t i = 0; i < n && f->block_count < BLOCKS_MAX; i++)
        add_block(f, found[i]);
}

void features_of(const struct key *key, const struct identity *i, struct features *f)
{
    char text[FOLDED_BYTES], sound[FOLDED_BYTES];
    memset(f, 0, sizeof(*f));
    strip(i->nir, text);
    text[NIR_CHARACTERS] = 0;
    f->nir = hash(key, "nir", text);
    f->employment_service_id = hash(key, "employment service", strip(i->employment_service_id, text));
    f->telephone = hash(key, "telephone", digits(i->telephone, text));
    f->email = hash(key, "email", lower(i->email, text));
    hash_birth(key, i->born, f);
    f->name = hash(key, "name", strip(i->name, text));
    f->name_sound = *text ? hash(key, "sound", name_sound(text, sound)) : 0;
    hash_first_name(key, i->first_name, f);
    add_block(f, f->nir);
    add_block(f, f->employment_service_id);
    add_block(f, f->telephone);
    add_block(f, f->email);
    add_block(f, f->birth_inverted && f->birth_inverted < f->birth ? f->birth_inverted : f->birth);     /* one for both */
    f->match_count = f->block_count;
    add_words(key, f, i->name);
    add_words(key, f, i->first_name);
}

/* ---- comparing ---- */
static enum agreement same(uint64_t a, uint64_t b)
{
    return a == 0 || b == 0 ? AGREEMENT_unknown : a == b ? AGREEMENT_agrees : AGREEMENT_differs;
}

static enum agreement same_sound(uint64_t a, uint64_t b, uint64_t a_sound, uint64_t b_sound)
{
    enum agreement exact = same(a, b);
    return exact == AGREEMENT_differs && a_sound == b_sound ? AGREEMENT_sounds : exact;
}

static bool in_close(const struct features *f, uint64_t hash_of_it)
{
    for (unsigned i = 0; i < f->close_count; i++)
        if (f->close[i] == (uint32_t)hash_of_it)
            return true;
    return false;
}

static bool close_first_names(const struct features *a, const struct features *b)
{
    if (a->first_word == b->first || b->first_word == a->first || in_close(a, b->first) || in_close(b, a->first))
        return true;
    for (unsigned i = 0; i < a->close_count; i++)
        if (in_close(b, a->close[i]))
            return true;
    return false;
}

static bool exchanged(const struct features *a, const struct features *b)
{
    return a->name && a->first && a->name_sound == b->first_sound && a->first_sound == b->name_sound;
}

static enum agreement birth_of(const struct features *a, const struct features *b)
{
    enum agreement exact = same(a->birth, b->birth);
    return exact == AGREEMENT_differs && a->birth_inverted == b->birth ? AGREEMENT_inverted : exact;
}

/* One place for the weights: two names and a birth date make 80; a number that is one person's, 90 or 100 alone. */
static int weight_of(enum feature f, enum agreement a)
{
    static const int weights[FEATURES][AGREEMENT_exchanged + 1] = {
        [FEATURE_nir] = { [AGREEMENT_agrees] = 100, [AGREEMENT_differs] = -60 },
        [FEATURE_employment_service_id] = { [AGREEMENT_agrees] = 90 },
        [FEATURE_birth] = { [AGREEMENT_agrees] = 40, [AGREEMENT_inverted] = 20, [AGREEMENT_differs] = -20 },
        [FEATURE_name] = { [AGREEMENT_agrees] = 20, [AGREEMENT_sounds] = 20, [AGREEMENT_exchanged] = 10, [AGREEMENT_differs] = -20 },
        [FEATURE_first_name] = { [AGREEMENT_agrees] = 20, [AGREEMENT_sounds] = 20, [AGREEMENT_close] = 5, [AGREEMENT_exchanged] = 10, [AGREEMENT_differs] = -20 },
        [FEATURE_telephone] = { [AGREEMENT_agrees] = 30 },
        [FEATURE_email] = { [AGREEMENT_agrees] = 30 },
    };
    return weights[f][a];
}

void likeness(const struct features *a, const struct features *b, struct likeness *ret)
{
    enum agreement of[FEATURES] = {
        [FEATURE_nir] = same(a->nir, b->nir),
        [FEATURE_employment_service_id] = same(a->employment_service_id, b->employment_service_id),
        [FEATURE_birth] = birth_of(a, b),
        [FEATURE_name] = same_sound(a->name, b->name, a->name_sound, b->name_sound),
        [FEATURE_first_name] = same_sound(a->first, b->first, a->first_sound, b->first_sound),
        [FEATURE_telephone] = same(a->telephone, b->telephone),
        [FEATURE_email] = same(a->email, b->email),
    };
    if (of[FEATURE_name] == AGREEMENT_differs && of[FEATURE_first_name] == AGREEMENT_differs && exchanged(a, b))
        of[FEATURE_name] = of[FEATURE_first_name] = AGREEMENT_exchanged;
    if (of[FEATURE_first_name] == AGREEMENT_differs && close_first_names(a, b))
        of[FEATURE_first_name] = AGREEMENT_close;
    ret->score = 0;
    for (unsigned f = 0; f < FEATURES; f++) {
        ret->of[f].agreement = of[f];
        ret->of[f].weight = weight_of((enum feature)f, of[f]);
        ret->score += ret->of[f].weight;
    }
}
