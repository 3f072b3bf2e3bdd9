/* One cell, as the field's type wants it. What is only a matter of type is checked by the same reader that the daemon has
 * (data_from_json); here is what a spreadsheet writes otherwise: days, decimals, yes and no, words. */
#include <ctype.h>
#include <strings.h>

#include "../events/days.h"
#include "ctl.h"
#include "ctl_import.h"

static bool same_word(struct text a, struct text b)
{
    return a.bytes == b.bytes && strncasecmp(a.at, b.at, a.bytes) == 0;
}

static bool digits(struct text t, uint32_t from, uint32_t count, int32_t *ret)
{
    *ret = 0;
    for (uint32_t i = from; i < from + count; i++) {
        if (i >= t.bytes || !isdigit((unsigned char)t.at[i]))
            return false;
        *ret = *ret * 10 + (t.at[i] - '0');
    }
    return true;
}

bool cell_to_day(struct text t, int32_t *ret)
{
    int32_t d, m, y;
    if (day_parse(t, ret))
        return true;
    if (t.bytes != 10 || t.at[2] != '/' || t.at[5] != '/' || !digits(t, 0, 2, &d) || !digits(t, 3, 2, &m) || !digits(t, 6, 4, &y))
        return false;
    *ret = day_of(y, m, d);
    return *ret != DAY_NONE && *ret >= DAY_FIRST && *ret <= DAY_LAST;
}

/* ---- one function a type: NULL, or why not ---- */
static const char *day(struct json_out *out, const struct map_field *f, struct text t)
{
    int32_t n;
    (void)f;
    if (!cell_to_day(t, &n))
        return say("un jour est attendu : 31/01/2026 ou 2026-01-31", "a day is expected: 31/01/2026 or 2026-01-31");
    json_day(out, n);
    return NULL;
}

static const char *month(struct json_out *out, const struct map_field *f, struct text t)
{
    int32_t m, y, index;
    char text[16];
    (void)f;
    if (t.bytes == 7 && t.at[2] == '/' && digits(t, 0, 2, &m) && digits(t, 3, 4, &y)) {
        snprintf(text, sizeof(text), "%04d-%02d", y, m);
        t = text_of(text);
    }
    if (!month_parse(t, &index))
        return say("un mois est attendu : 01/2026 ou 2026-01", "a month is expected: 01/2026 or 2026-01");
    json_text(out, t);
    return NULL;
}

/* 17,5 or 17.5; groups of thousands apart by spaces; hundredths at most. */
static bool decimal(struct text t, int64_t *ret_hundredths)
{
    int64_t n = 0;
    int after = -1;
    bool negative = t.bytes && t.at[0] == '-', any = false;
    for (uint32_t i = negative; i < t.bytes; i++) {
        if (isdigit((unsigned char)t.at[i]) && after < 2 && n < INT64_C(100000000000000)) {
            n = n * 10 + (t.at[i] - '0');
            after += after >= 0;
            any = true;
        } else if ((t.at[i] == ',' || t.at[i] == '.') && after < 0) {
            after = 0;
        } else if (!(t.at[i] == ' ' && any && after < 0)) {
            return false;
        }
    }
    for (int i = after < 0 ? 0 : after; i < 2; i++)
        n *= 10;
    *ret_hundredths = negative ? -n : n;
    return any;
}

static const char *number(struct json_out *out, const struct map_field *f, struct text t)
{
    int64_t n;
    (void)f;
    if (!decimal(t, &n) || n % 100)
        return say("un nombre entier est attendu", "a whole number is expected");
    json_number(out, n / 100);
    return NULL;
}

static const char *hours(struct json_out *out, const struct map_field *f, struct text t)
{
    int64_t n;
    int32_t h, m;
    const char *colon = memchr(t.at, ':', t.bytes);
    uint32_t whole = colon ? (uint32_t)(colon - t.at) : 0;
    (void)f;
    if (colon && whole && whole <= 4 && t.bytes == whole + 3 && digits(t, 0, whole, &h) && digits(t, whole + 1, 2, &m) && m < 60)
        n = (int64_t)h * 100 + m * 100 / 60;
    else if (!decimal(t, &n))
        return say("des heures sont attendues : 17,5 ou 17:30", "hours are expected: 17.5 or 17:30");
    json_hundredths(out, n);
    return NULL;
}

static const char *flag(struct json_out *out, const struct map_field *f, struct text t)
{
    static const char *const yes[] = { "oui", "yes", "true", "vrai", "1", "x" }, *const no[] = { "non", "no", "false", "faux", "0" };
    (void)f;
    for (unsigned i = 0; i < 6; i++)
        if (same_word(t, text_of(yes[i]))) {
            json_bool(out, true);
            return NULL;
        }
    for (unsigned i = 0; i < 5; i++)
        if (same_word(t, text_of(no[i]))) {
            json_bool(out, false);
            return NULL;
        }
    return say("oui ou non est attendu", "yes or no is expected");
}

/* The word itself, or the catalogue's sentence for it. */
static const char *code(struct json_out *out, const struct map_field *f, struct text t)
{
    for (unsigned w = 0; w < vocabulary_count(f->field->of); w++)
        if (text_is(t, word_name(f->field->of, w)) || same_word(t, text_of(word_sentence(f->field->of, w, true)))) {
            json_string(out, word_name(f->field->of, w));
            return NULL;
        }
    return say("ce n'est ni un mot de la liste du champ, ni l'un de ceux que la correspondance traduit",
               "neither a word of the field's list nor one of those that the mapping translates");
}

static const char *text(struct json_out *out, const struct map_field *f, struct text t)
{
    (void)f;
    json_text(out, t);
    return NULL;
}

static struct text translated(const struct map_field *f, struct text t)
{
    for (uint32_t i = 0; i < f->word_count; i++)
        if (same_word(f->words[i].said, t))
            return f->words[i].meant;
    return t;
}

/* Several words in one cell stand apart by , ; | or +. */
static const char *codes(struct json_out *out, const struct map_field *f, struct text t)
{
    const char *why = NULL;
    json_open_list(out);
    for (uint32_t i = 0; i < t.bytes && !why;) {
        uint32_t n = 0;
        while (i + n < t.bytes && !strchr(",;|+", t.at[i + n]))
            n++;
        struct text one = { t.at + i, n };
        while (one.bytes && one.at[0] == ' ')
            one.at++, one.bytes--;
        while (one.bytes && one.at[one.bytes - 1] == ' ')
            one.bytes--;
        why = one.bytes ? code(out, f, translated(f, one)) : NULL;
        i += n + 1;
    }
    json_close_list(out);
    return why;
}

const char *cell_json(struct arena *arena, const struct map_field *f, struct text cell, struct text *ret)
{
    static const char *(*const writers[])(struct json_out *, const struct map_field *, struct text) = {
        [TYPE_CODE] = code, [TYPE_CODES] = codes, [TYPE_FLAG] = flag, [TYPE_DAY] = day, [TYPE_MONTH] = month, [TYPE_NUMBER] = number,
        [TYPE_HOURS] = hours, [TYPE_STREAM] = text, [TYPE_EVENT] = number, [TYPE_TEXT] = text, [TYPE_SLUG] = text, [TYPE_CHECKED] = text,
    };
    static struct json_out out;
    if (out.bytes_max == 0)
        json_out_init(&out, (size_t)8 * IMPORT_CELL_BYTES_MAX);
    json_out_reset(&out);
    const char *why = writers[f->field->type](&out, f, translated(f, cell));
    if (!why)
        *ret = arena_text(arena, out.at, out.bytes);
    return why;
}
