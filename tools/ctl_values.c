/* What a person types, as the catalogue wants it: words of a vocabulary, lists by commas, yes and no, days, hours. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "../events/catalogue.h"
#include "ctl.h"
#include "../events/days.h"

static bool expected(const struct field *f, const char *fr, const char *en)
{
    fprintf(stderr, "parcoursctl: %s=: %s\n", f->name, say(fr, en));
    return false;
}

static bool expected_word(const struct field *f)
{
    fprintf(stderr, "parcoursctl: %s=: %s", f->name, say("un mot parmi", "one word of"));
    for (unsigned w = 0; w < vocabulary_count(f->of); w++)
        fprintf(stderr, "%s %s", w ? "," : "", word_name(f->of, w));
    fprintf(stderr, "\n");
    return false;
}

static bool write_code(struct json_out *out, const struct field *f, const char *text)
{
    if (word_numbered(f->of, text_of(text)) == ABSENT)
        return expected_word(f);
    json_string(out, text);
    return true;
}

static bool write_codes(struct json_out *out, const struct field *f, const char *text)
{
    bool good = true;
    json_open_list(out);
    while (good && *text) {
        size_t n = strcspn(text, ",");
        struct text word = { text, (uint32_t)n };
        good = word_numbered(f->of, word) != ABSENT || expected_word(f);
        json_text(out, word);
        text += n + (text[n] == ',');
    }
    json_close_list(out);
    return good;
}

static bool write_flag(struct json_out *out, const struct field *f, const char *text)
{
    static const char *const yes[] = { "true", "yes", "oui", "vrai", "1" }, *const no[] = { "false", "no", "non", "faux", "0" };
    for (unsigned i = 0; i < 5; i++)
        if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
            json_bool(out, strcasecmp(text, yes[i]) == 0);
            return true;
        }
    return expected(f, "oui ou non", "yes or no");
}

static bool write_day(struct json_out *out, const struct field *f, const char *text)
{
    int32_t day;
    if (!day_parse(text_of(text), &day))
        return expected(f, "un jour AAAA-MM-JJ", "a day YYYY-MM-DD");
    json_string(out, text);
    return true;
}

static bool write_month(struct json_out *out, const struct field *f, const char *text)
{
    int32_t month;
    if (!month_parse(text_of(text), &month))
        return expected(f, "un mois AAAA-MM", "a month YYYY-MM");
    json_string(out, text);
    return true;
}

static bool write_number(struct json_out *out, const struct field *f, const char *text)
{
    char *end;
    long long n = strtoll(text, &end, 10);
    bool bounded = f->type == TYPE_NUMBER;
    if (!*text || *end || (bounded && (n < f->min || n > f->max)) || (!bounded && n < 1)) {
        if (!bounded)
            return expected(f, "le numéro d'un événement", "the number of an event");
        fprintf(stderr, "parcoursctl: %s=: %s %" PRId64 " %s %" PRId64 "\n", f->name, say("un nombre de", "a number from"), f->min,
                say("à", "to"), f->max);
        return false;
    }
    json_number(out, n);
    return true;
}

/* 17.5, 17,5 and 17:30 are the same; hundredths are all that is kept. */
static bool write_hours(struct json_out *out, const struct field *f, const char *text)
{
    int64_t whole = 0, hundredths = 0;
    const char *at = text;
    for (; isdigit((unsigned char)*at) && whole < 1000000; at++)
        whole = whole * 10 + (*at - '0');
    char separator = *at;
    unsigned digits = separator ? (unsigned)strspn(at + 1, "0123456789") : 0;
    if (separator == ':' && digits == 2 && atoi(at + 1) < 60)
        hundredths = atoi(at + 1) * 100 / 60;
    else if ((separator == '.' || separator == ',') && (digits == 1 || digits == 2))
        hundredths = atoi(at + 1) * (digits == 1 ? 10 : 1);
    else if (separator)
        return expected(f, "des heures : 17.5, 17,5 ou 17:30", "hours: 17.5 or 17:30");
    int64_t total = whole * 100 + hundredths;
    if (at == text || (separator && at[1 + digits]) || total < f->min || total > f->max)
        return expected(f, "des heures : 17.5, 17,5 ou 17:30", "hours: 17.5 or 17:30");
    json_hundredths(out, total);
    return true;
}

static bool write_text(struct json_out *out, const struct field *f, const char *text)
{
    if (!*text || strlen(text) > (size_t)f->max)
        return expected(f, "un texte, pas si long", "a text, not so long");
    json_string(out, text);
    return true;
}

static bool write_stream(struct json_out *out, const struct field *f, const char *text)
{
    size_t n = strlen(stream_prefix(f->of));
    if (strncmp(text, stream_prefix(f->of), n) != 0 || text[n] != '_') {
        fprintf(stderr, "parcoursctl: %s=: %s %s_...\n", f->name, say("un identifiant", "an id"), stream_prefix(f->of));
        return false;
    }
    json_string(out, text);
    return true;
}

bool value_write(struct json_out *out, const struct field *f, const char *text)
{
    static bool (*const writers[])(struct json_out *, const struct field *, const char *) = {
        [TYPE_CODE] = write_code, [TYPE_CODES] = write_codes, [TYPE_FLAG] = write_flag, [TYPE_DAY] = write_day, [TYPE_MONTH] = write_month,
        [TYPE_NUMBER] = write_number, [TYPE_HOURS] = write_hours, [TYPE_STREAM] = write_stream, [TYPE_EVENT] = write_number,
        [TYPE_TEXT] = write_text, [TYPE_SLUG] = write_text, [TYPE_CHECKED] = write_text,
    };
    json_key(out, f->name);
    return writers[f->type](out, f, text);
}
