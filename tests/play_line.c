/* One line of a scenario, taken apart: words, key=value, quoted texts, "as LABEL", "-> answer". */
#include "play.h"

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct text trimmed(struct text t)
{
    while (t.bytes && blank(t.at[0]))
        t.at++, t.bytes--;
    while (t.bytes && blank(t.at[t.bytes - 1]))
        t.bytes--;
    return t;
}

/* The next word from *at on, its quotes taken off; false at the end. */
static bool next_word(struct arena *arena, struct text t, uint32_t *at, struct text *ret, const char **ret_why)
{
    bool quoted = false;
    while (*at < t.bytes && blank(t.at[*at]))
        ++*at;
    if (*at == t.bytes)
        return false;
    char *out = arena_take(arena, t.bytes - *at + 1);
    uint32_t n = 0;
    for (; *at < t.bytes && (quoted || !blank(t.at[*at])); ++*at) {
        if (t.at[*at] == '"')
            quoted = !quoted;
        else
            out[n++] = t.at[*at];
    }
    if (quoted)
        *ret_why = "a quoted text does not end";
    *ret = (struct text){ out, n };
    return true;
}

static struct word split(struct text t)
{
    const char *equals = memchr(t.at, '=', t.bytes);
    if (!equals || equals == t.at)
        return (struct word){ .value = t };
    uint32_t n = (uint32_t)(equals - t.at);
    return (struct word){ { t.at, n }, { equals + 1, t.bytes - n - 1 } };
}

/* Where the answer begins; an arrow within a quoted text is none. */
static const char *arrow(struct text t)
{
    bool quoted = false;
    for (uint32_t i = 0; i + 1 < t.bytes; i++) {
        quoted ^= t.at[i] == '"';
        if (!quoted && t.at[i] == '-' && t.at[i + 1] == '>')
            return t.at + i;
    }
    return NULL;
}

bool line_read(struct arena *arena, struct text t, struct line *ret, const char **ret_why)
{
    struct text word;
    uint32_t at = 0;
    const char *answer = arrow(t);
    *ret = (struct line){ .count = 0 };
    *ret_why = NULL;
    if (answer) {
        ret->wanted = trimmed((struct text){ answer + 2, t.bytes - (uint32_t)(answer - t.at) - 2 });
        t.bytes = (uint32_t)(answer - t.at);
    }
    while (next_word(arena, t, &at, &word, ret_why)) {
        if (text_is(word, "as")) {
            if (!next_word(arena, t, &at, &ret->label, ret_why))
                *ret_why = "`as` is followed by a label";
            continue;
        }
        if (ret->count == WORDS_MAX_LINE) {
            *ret_why = "too many words";
            break;
        }
        ret->words[ret->count++] = split(word);
    }
    return *ret_why == NULL;
}

struct text line_value(const struct line *l, const char *key)
{
    for (unsigned i = 0; i < l->count; i++)
        if (l->words[i].key.at && text_is(l->words[i].key, key))
            return l->words[i].value;
    return (struct text){ NULL, 0 };
}

bool line_bare(const struct line *l, unsigned index, struct text *ret)
{
    for (unsigned i = 0, bare = 0; i < l->count; i++)
        if (!l->words[i].key.at && bare++ == index) {
            *ret = l->words[i].value;
            return true;
        }
    return false;
}
