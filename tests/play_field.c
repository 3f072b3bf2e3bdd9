/* field P KIND.FIELD: reading back what was recorded, opened, in the words in which it was given. */
#include "../events/days.h"
#include "play.h"

static void say_codes(struct asked *a, unsigned vocabulary, int64_t set)
{
    const char *comma = "";
    for (unsigned word = 0; word < vocabulary_count(vocabulary); word++)
        if (set >> word & 1) {
            say(a, "%s%s", comma, word_name(vocabulary, word));
            comma = ",";
        }
}

static void say_hours(struct asked *a, int64_t hundredths)
{
    say(a, "%lld", (long long)(hundredths / 100));
    if (hundredths % 100)
        say(a, hundredths % 10 ? ".%02d" : ".%.1d", (int)(hundredths % 10 ? hundredths % 100 : hundredths % 100 / 10));
}

static void say_number(struct play *p, struct asked *a, const struct field *f, int64_t n)
{
    char text[DAY_TEXT_BYTES];
    const char *label = f->type == TYPE_EVENT ? play_label_of(p, (uint64_t)n) : NULL;
    if (f->type == TYPE_CODE)
        say(a, "%s", word_name(f->of, n));
    else if (f->type == TYPE_CODES)
        say_codes(a, f->of, n);
    else if (f->type == TYPE_FLAG)
        say(a, "%s", n ? "yes" : "no");
    else if (f->type == TYPE_DAY)
        say(a, "%s", day_print((int32_t)n, text));
    else if (f->type == TYPE_MONTH)
        say(a, "%s", month_print((int32_t)n, text));
    else if (f->type == TYPE_HOURS)
        say_hours(a, n);
    else if (f->type == TYPE_STREAM)
        say(a, "%s", play_name_of(p, (uint64_t)n));
    else if (label)
        say(a, "%s", label);
    else
        say(a, "%lld", (long long)n);
}

static void say_field(struct play *p, struct asked *a, const struct field *f, void *data)
{
    if (field_absent(f, data))
        say(a, "nothing");
    else if (f->type == TYPE_TEXT)
        say(a, "\"%.*s\"", TEXT_ARGS(*field_text(f, data)));
    else if (field_is_text(f))
        say(a, "%.*s", TEXT_ARGS(*field_text(f, data)));
    else if (f->type != TYPE_CONTENT)
        say_number(p, a, f, *field_number(f, data));
}

static const struct field *named_field(const struct kind *k, const char *name)
{
    for (unsigned i = 0; k && i < k->field_count; i++)
        if (strcmp(k->fields[i].name, name) == 0)
            return &k->fields[i];
    return NULL;
}

static const struct field *asked_field(struct text t, const struct kind **ret)
{
    char name[96];
    snprintf(name, sizeof(name), "%.*s", TEXT_ARGS(t));
    char *dot = strchr(name, '.');
    if (!dot)
        return NULL;
    *dot = 0;
    *ret = kind_named(text_of(name)) ? kind_named(text_of(name)) : kind_commanded(text_of(name));
    return named_field(*ret, dot + 1);
}

void play_field(struct play *p, const struct line *l)
{
    const struct kind *kind = NULL;
    struct asked a = { .bytes = 0 };
    struct text name = { "", 0 };
    uint32_t count;
    struct named *who = play_who(p, l, 1);
    const struct field *f = line_bare(l, 2, &name) ? asked_field(name, &kind) : NULL;
    if (!f) {
        play_fail(p, "there is no field `%.*s`", TEXT_ARGS(name));
        return;
    }
    const struct event **events = who ? play_events(p, who->stream, &count) : NULL;
    if (!events)
        return;
    count = parcours_standing(&p->scratch, events, count, INT32_MAX, INT64_MAX, &events);    /* corrections and voids count */
    while (count && events[count - 1]->kind != kind)
        count--;
    if (count)
        say_field(p, &a, f, events[count - 1]->data);
    play_expect(p, l->wanted, count ? a.at : "no such event", true);
}
