#include "sentences.h"

#include <stdio.h>
#include <string.h>

#define PUT_IN_MAX 3

static const struct sentence {
    const char *en, *fr;
} sentences[] = {
#define SENTENCE(en, fr) { en, fr },
#include "sentences.def"
#undef SENTENCE
};
#define SENTENCES (sizeof(sentences) / sizeof(sentences[0]))

struct put_in {
    const char *at;
    int bytes;
};

/* Whether `said` is the row's sentence, and what was put in for each "%s": as little as lets the rest follow. */
static bool matches(const char *row, const char *said, struct put_in *in)
{
    for (; *row; row++, said++) {
        if (row[0] == '%' && row[1] == 's') {
            for (int bytes = 0; said[0] && bytes <= (int)strlen(said); bytes++)
                if (matches(row + 2, said + bytes, in + 1)) {
                    *in = (struct put_in){ said, bytes };
                    return true;
                }
            return false;
        }
        if (*row != *said)
            return false;
    }
    return *said == 0;
}

/* What is put in may be a sentence itself. */
static void put(char *out, size_t *n, const struct put_in *in)
{
    char inner[SENTENCE_BYTES], said[SENTENCE_BYTES];
    snprintf(inner, sizeof(inner), "%.*s", in->bytes, in->at);
    int bytes = snprintf(out + *n, SENTENCE_BYTES - *n, "%s", sentence_said(inner, true, said));
    *n = *n + (size_t)bytes < SENTENCE_BYTES ? *n + (size_t)bytes : SENTENCE_BYTES - 1;
}

static const char *fill(const char *french, const struct put_in *in, char out[SENTENCE_BYTES])
{
    size_t n = 0;
    for (; *french && n < SENTENCE_BYTES - 1; french++) {
        if (french[0] == '%' && french[1] == 's')
            put(out, &n, in++), french++;
        else
            out[n++] = *french;
    }
    out[n] = 0;
    return out;
}

const char *sentence_said(const char *english, bool french, char out[SENTENCE_BYTES])
{
    struct put_in in[PUT_IN_MAX + 1];
    for (unsigned i = 0; french && english && i < SENTENCES; i++)
        if (matches(sentences[i].en, english, in))
            return strchr(sentences[i].en, '%') ? fill(sentences[i].fr, in, out) : sentences[i].fr;
    return english;
}

unsigned sentence_count(void)
{
    return SENTENCES;
}

const char *sentence_at(unsigned index, bool french)
{
    return french ? sentences[index].fr : sentences[index].en;
}
