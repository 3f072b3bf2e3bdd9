/* A run of bytes that somebody else owns: never terminated, never freed through this. `at` is NULL when absent. */
#ifndef EVENTS_TEXT_H
#define EVENTS_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct text {
    const char *at;
    uint32_t bytes;
};

#define TEXT(literal) ((struct text){ (literal), sizeof(literal) - 1 })

/* For printf: printf("%.*s", TEXT_ARGS(t)). */
#define TEXT_ARGS(t) (int)(t).bytes, (t).at

static inline struct text text_of(const char *s)
{
    return (struct text){ s, s ? (uint32_t)strlen(s) : 0 };
}

static inline bool text_equal(struct text a, struct text b)
{
    return a.bytes == b.bytes && (a.bytes == 0 || memcmp(a.at, b.at, a.bytes) == 0);
}

static inline bool text_is(struct text t, const char *s)
{
    return text_equal(t, text_of(s));
}

#endif
