/* Names as they are compared: without accents, case and hyphens; and by sound. */
#include <string.h>

#include "likeness.h"

/* From U+00C0 on, both cases: letters as they are written without accents; "" is no letter. */
static const char *const latin1[] = {
    "A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I",
    "D", "N", "O", "O", "O", "O", "O", "", "O", "U", "U", "U", "U", "Y", "TH", "SS",
    "A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I",
    "D", "N", "O", "O", "O", "O", "O", "", "O", "U", "U", "U", "U", "Y", "TH", "Y",
};
/* From U+0100 to U+017F. */
static const char extended[] = "AAAAAACCCCCCCCDDDDEEEEEEEEEEGGGGGGGGHHHHIIIIIIIIIIIIJJKKKLLLLLLLLLLNNNNNNNNNOOOOOOOORRRRRRSSSSSSSSTTTTTTUUUUUUUUUUUUWWYYYZZZZZZS";
_Static_assert(sizeof(extended) == 129, "one letter each");

#define CODE_NONE 0xffffffffu

static unsigned next_code(const uint8_t **at, const uint8_t *end)
{
    unsigned c = *(*at)++, more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
    if (c < 0x80)
        return c;
    c &= 0x3fu >> more;
    while (more-- && *at < end && (**at & 0xc0) == 0x80)
        c = c << 6 | (*(*at)++ & 0x3f);
    return c;
}

struct folding {
    char *out;
    size_t n;
    bool gap;       /* a space is due before the next letter */
};

static void add(struct folding *f, const char *letters)
{
    size_t bytes = strlen(letters);
    if (f->n + bytes + 2 > FOLDED_BYTES || bytes == 0)
        return;
    if (f->gap && f->n)
        f->out[f->n++] = ' ';
    f->gap = false;
    memcpy(f->out + f->n, letters, bytes);
    f->n += bytes;
}

static void add_code(struct folding *f, unsigned c)
{
    char one[8] = { 0 };
    if (c >= 'a' && c <= 'z') {
        one[0] = (char)(c - 'a' + 'A');
    } else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
        one[0] = (char)c;
    } else if (c >= 0xc0 && c <= 0xff) {
        add(f, latin1[c - 0xc0]);
    } else if (c == 0x152 || c == 0x153) {
        add(f, "OE");
    } else if (c >= 0x100 && c <= 0x17f) {
        one[0] = extended[c - 0x100];
    } else if (c >= 0x370) {
        /* Another script: kept as it is, in three bytes that no letter has. */
        one[0] = (char)(0x80 | (c >> 14 & 0x7f)), one[1] = (char)(0x80 | (c >> 7 & 0x7f)), one[2] = (char)(0x80 | (c & 0x7f));
        f->gap = f->gap || (c >= 0x2000 && c < 0x2070);     /* typographic hyphens, quotes and spaces */
        one[0] = c >= 0x2000 && c < 0x2070 ? 0 : one[0];
    } else if (c < 0x300) {
        f->gap = true;  /* a hyphen, an apostrophe, a space; accents that stand alone (from U+0300 on) are nothing */
    }
    add(f, one);
}

const char *name_fold(struct text t, char out[FOLDED_BYTES])
{
    struct folding f = { .out = out };
    const uint8_t *at = (const uint8_t *)t.at, *end = at + t.bytes;
    while (at && at < end)
        add_code(&f, next_code(&at, end));
    out[f.n] = 0;
    return out;
}

/* ---- by sound ---- */
static bool soft(char next)
{
    return next == 'E' || next == 'I' || next == 'Y';
}

/* The sound of the consonant at `at`: one letter, or 0 for none; *ret_taken is how many letters it took. */
static char consonant(const char *at, size_t *ret_taken)
{
    char c = at[0], next = at[1];
    *ret_taken = 1;
    if ((c == 'P' && next == 'H') || (c == 'C' && next == 'H') || (c == 'S' && next == 'H'))
        *ret_taken = 2;
    if (c == 'P')
        return next == 'H' ? 'F' : 'P';
    if (c == 'C')
        return next == 'H' ? 'X' : soft(next) ? 'S' : 'K';
    if (c == 'S')
        return next == 'H' ? 'X' : 'S';
    if (c == 'Q')
        return 'K';
    if (c == 'Z')
        return 'S';
    if (c == 'W')
        return 'V';
    if (c == 'G')
        return soft(next) ? 'J' : 'G';
    if (c == 'M')
        return 'N';     /* before another consonant they sound alike, and hands mix them up elsewhere */
    return strchr("AEIOUYH", c) ? 0 : c;
}

const char *name_sound(const char *folded, char out[FOLDED_BYTES])
{
    size_t n = 0, bytes = strlen(folded);
    /* Final letters that are written and not heard. */
    while (bytes > 2 && strchr("TDSXZEH", folded[bytes - 1]))
        bytes--;
    for (size_t i = 0; i < bytes && n + 1 < FOLDED_BYTES;) {
        size_t taken = 1;
        char c = folded[i] == ' ' ? 0 : consonant(folded + i, &taken);
        if (i == 0 && !c && folded[0] != 'H')
            c = 'A';    /* it begins with a vowel, whichever */
        if (c && (n == 0 || out[n - 1] != c))
            out[n++] = c;
        i += taken;
    }
    if (n < 2) {        /* too short a name to be told by its consonants */
        memmove(out, folded, strlen(folded) + 1);
        return out;
    }
    out[n] = 0;
    return out;
}
