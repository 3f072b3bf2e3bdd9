/* The data of an event in the words of the catalogue, for people: "par quel moyen : entretien ; émargé : oui". One small function
 * a field type, in a table. Nothing here knows a kind. */
#include "event.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "days.h"
#include "ids.h"

#define WORDS_BYTES_MAX 2000    /* of one event; beyond, "…" */
#define TEXT_BYTES_SHOWN 120    /* of one text */

struct wording {
    char at[WORDS_BYTES_MAX];
    size_t n;
    bool french, cut;
};
typedef void say_fn(struct wording *, const struct field *, void *data);

/* The first byte of a character, at `n` or before it. */
static size_t whole_characters(const char *at, size_t n)
{
    while (n && ((unsigned char)at[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static void __attribute__((format(printf, 2, 3))) say(struct wording *w, const char *format, ...)
{
    va_list args;
    if (w->cut)
        return;
    va_start(args, format);
    int more = vsnprintf(w->at + w->n, sizeof(w->at) - w->n, format, args);
    va_end(args);
    w->cut = more < 0 || (size_t)more >= sizeof(w->at) - w->n;
    if (!w->cut)
        w->n += (size_t)more;
}

static void say_number(struct wording *w, const struct field *f, void *data)
{
    say(w, "%" PRId64, *field_number(f, data));
}

static void say_hours(struct wording *w, const struct field *f, void *data)
{
    int64_t n = *field_number(f, data);
    say(w, n % 100 ? "%" PRId64 "%c%02d" : "%" PRId64, n / 100, w->french ? ',' : '.', (int)(n % 100));
}

static void say_flag(struct wording *w, const struct field *f, void *data)
{
    bool yes = *field_number(f, data) != 0;
    say(w, "%s", w->french ? (yes ? "oui" : "non") : yes ? "yes" : "no");
}

static void say_code(struct wording *w, const struct field *f, void *data)
{
    say(w, "%s", word_sentence(f->of, *field_number(f, data), w->french));
}

static void say_codes(struct wording *w, const struct field *f, void *data)
{
    int64_t set = *field_number(f, data);
    bool first = true;
    for (unsigned word = 0; word < vocabulary_count(f->of); word++)
        if (set >> word & 1) {
            say(w, "%s%s", first ? "" : ", ", word_sentence(f->of, word, w->french));
            first = false;
        }
}

static void say_day(struct wording *w, const struct field *f, void *data)
{
    char text[DAY_TEXT_BYTES];
    say(w, "%s", day_print((int32_t)*field_number(f, data), text));
}

static void say_month(struct wording *w, const struct field *f, void *data)
{
    char text[DAY_TEXT_BYTES];
    say(w, "%s", month_print((int32_t)*field_number(f, data), text));
}

static void say_stream(struct wording *w, const struct field *f, void *data)
{
    char text[ID_TEXT_BYTES];
    say(w, "%s", id_print(f->of, (uint64_t)*field_number(f, data), text));
}

static void say_text(struct wording *w, const struct field *f, void *data)
{
    struct text t = *field_text(f, data);
    bool whole = t.bytes <= TEXT_BYTES_SHOWN;
    say(w, "%.*s%s", (int)(whole ? t.bytes : whole_characters(t.at, TEXT_BYTES_SHOWN)), t.at, whole ? "" : "…");
}

static say_fn *const sayers[] = {
    [TYPE_CODE] = say_code, [TYPE_CODES] = say_codes, [TYPE_FLAG] = say_flag, [TYPE_DAY] = say_day,
    [TYPE_MONTH] = say_month, [TYPE_NUMBER] = say_number, [TYPE_HOURS] = say_hours, [TYPE_STREAM] = say_stream,
    [TYPE_EVENT] = say_number, [TYPE_TEXT] = say_text, [TYPE_SLUG] = say_text, [TYPE_CHECKED] = say_text,
};

/* What a label says in brackets is for whoever types. Not the length of a text, which is told beside it for rules alone; nor what is kept in clear of a sealed value. */
static void say_data(struct wording *w, const struct kind *k, void *data)
{
    for (unsigned i = 0; i < k->field_count; i++) {
        const struct field *f = &k->fields[i];
        if (f->presence == FILL_length || f->type == TYPE_CONTENT || field_absent(f, data))
            continue;
        const char *label = w->french ? f->fr : f->en, *aside = strstr(label, " (");
        say(w, "%s%.*s%s", !w->n ? "" : w->french ? " ; " : "; ", (int)(aside ? aside - label : (ptrdiff_t)strlen(label)), label, w->french ? " : " : ": ");
        sayers[f->type](w, f, data);
    }
}

struct text event_words(struct arena *arena, const struct event *e, bool french)
{
    struct wording w = { .french = french };
    const struct content *c = kind_has_content(e->kind) ? ((const struct event_corrected *)e->data)->content : NULL;
    char day[DAY_TEXT_BYTES];
    say_data(&w, e->kind, e->data);
    if (c) {
        say(&w, "%s%s", french ? " ; nouveau contenu : " : "; new content: ", day_print(c->on, day));
        say_data(&w, c->kind, c->data);
    }
    return arena_print(arena, "%.*s%s", (int)w.n, w.at, w.cut ? "…" : "");
}
