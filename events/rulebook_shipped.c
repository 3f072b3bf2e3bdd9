/* The rulebooks that come with the program, embedded as they are written. The assembler's paths begin at the project's
 * root, where make runs. */
#include "rulebook.h"

#ifndef RULEBOOKS_DIR
#define RULEBOOKS_DIR "events/rulebooks"
#endif

/* SHIPPED(X): X(symbol, name): one line a file. */
#define SHIPPED(X)                                      \
    X(standard, "standard")                             \
    X(provence_mediterranee, "provence-mediterranee")   \
    X(saint_quentin_2012, "saint-quentin-2012")         \
    X(boulonnais, "boulonnais")                         \
    X(dijon_2018, "dijon-2018")                         \
    X(dijon_2021, "dijon-2021")

#define X(symbol, name)                                                         \
    extern const char rulebook_##symbol##_at[], rulebook_##symbol##_end[];      \
    __asm__(".pushsection .rodata\n"                                            \
            ".global rulebook_" #symbol "_at, rulebook_" #symbol "_end\n"       \
            ".hidden rulebook_" #symbol "_at, rulebook_" #symbol "_end\n"       \
            "rulebook_" #symbol "_at:\n"                                        \
            ".incbin \"" RULEBOOKS_DIR "/" name ".json\"\n"                     \
            "rulebook_" #symbol "_end:\n"                                       \
            ".byte 0\n"                                                         \
            ".popsection\n");
SHIPPED(X)
#undef X

static const struct {
    const char *name, *at, *end;
} shipped[] = {
#define X(symbol, name) { name, rulebook_##symbol##_at, rulebook_##symbol##_end },
    SHIPPED(X)
#undef X
};
#define SHIPPED_COUNT (sizeof(shipped) / sizeof(shipped[0]))

unsigned rulebook_shipped_count(void)
{
    return SHIPPED_COUNT;
}

struct text rulebook_shipped_name(unsigned index)
{
    return index < SHIPPED_COUNT ? text_of(shipped[index].name) : (struct text){ NULL, 0 };
}

struct text rulebook_shipped(struct text name)
{
    for (unsigned i = 0; i < SHIPPED_COUNT; i++)
        if (text_is(name, shipped[i].name))
            return (struct text){ shipped[i].at, (uint32_t)(shipped[i].end - shipped[i].at) };
    return (struct text){ NULL, 0 };
}
