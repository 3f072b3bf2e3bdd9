#include "checks.h"

#include <assert.h>

#include "rulebook.h"

#define NIR_BYTES 15
#define NIR_BYTES_WITHOUT_KEY 13
#define SIREN_BYTES 9
#define SIRET_BYTES 14
#define LA_POSTE "356000000"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool all_digits(const char *at, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!is_digit(at[i]))
            return false;
    return true;
}

/* ---- social security number ---- */

static bool nir_month(const char *at)
{
    int month = (at[0] - '0') * 10 + at[1] - '0';
    return (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
}

static bool is_corsican(const char *at)
{
    return at[0] == '2' && (at[1] == 'A' || at[1] == 'B');
}

/* The first 13 as a number; Corsica's 2A and 2B count as 19 and 18. */
static int64_t nir_number(const char *at)
{
    int64_t n = 0;
    for (int i = 0; i < NIR_BYTES_WITHOUT_KEY; i++)
        n = n * 10 + (is_digit(at[i]) ? at[i] - '0' : 0);
    /* "2A" was read as 20, "2B" too. */
    if (is_corsican(at + 5))
        n -= (at[6] == 'A' ? 1 : 2) * INT64_C(1000000);
    return n;
}

static bool is_nir(struct text t)
{
    if (t.bytes != NIR_BYTES && t.bytes != NIR_BYTES_WITHOUT_KEY)
        return false;
    if (t.at[0] == '\0' || strchr("123478", t.at[0]) == NULL || !all_digits(t.at + 1, 4) || !nir_month(t.at + 3))
        return false;
    if ((!is_corsican(t.at + 5) && !all_digits(t.at + 5, 2)) || !all_digits(t.at + 7, t.bytes - 7))
        return false;
    if (t.bytes == NIR_BYTES_WITHOUT_KEY)
        return true;
    return (t.at[13] - '0') * 10 + t.at[14] - '0' == 97 - nir_number(t.at) % 97;
}

/* ---- enterprises ---- */

static bool luhn(const char *at, uint32_t count)
{
    int sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        int digit = at[count - 1 - i] - '0';
        sum += i % 2 == 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
    }
    return sum % 10 == 0;
}

static bool is_siren(struct text t)
{
    return t.bytes == SIREN_BYTES && all_digits(t.at, SIREN_BYTES) && luhn(t.at, SIREN_BYTES);
}

/* An association that has no SIREN. */
static bool is_rna(struct text t)
{
    return t.bytes == 10 && t.at[0] == 'W' && all_digits(t.at + 1, 9);
}

/* La Poste has more establishments than Luhn leaves numbers for. */
static bool is_la_poste(const char *at)
{
    int sum = 0;
    for (int i = 0; i < SIRET_BYTES; i++)
        sum += at[i] - '0';
    return memcmp(at, LA_POSTE, SIREN_BYTES) == 0 && sum % 5 == 0;
}

static bool is_siret(struct text t)
{
    return t.bytes == SIRET_BYTES && all_digits(t.at, SIRET_BYTES) && luhn(t.at, SIREN_BYTES)
        && (luhn(t.at, SIRET_BYTES) || is_la_poste(t.at));
}

static bool is_naf(struct text t)
{
    return t.bytes == 5 && all_digits(t.at, 4) && is_upper(t.at[4]);
}

/* ---- places, jobs, certifications ---- */

static bool is_commune(struct text t)
{
    return t.bytes == 5 && (is_corsican(t.at) || all_digits(t.at, 2)) && all_digits(t.at + 2, 3);
}

static bool is_country(struct text t)
{
    return t.bytes == 5 && t.at[0] == '9' && t.at[1] == '9' && t.at[2] < '6' && all_digits(t.at + 2, 3);
}

/* QP: the neighbourhoods of 2015; QN: those of 2024. */
static bool is_qpv(struct text t)
{
    if (t.bytes != 8 || t.at[0] != 'Q' || (t.at[1] != 'P' && t.at[1] != 'N'))
        return false;
    for (int i = 2; i < 8; i++)
        if (!is_digit(t.at[i]) && !is_upper(t.at[i]))
            return false;
    return true;
}

static bool is_rome(struct text t)
{
    return t.bytes == 5 && t.at[0] >= 'A' && t.at[0] <= 'N' && all_digits(t.at + 1, 4);
}

static bool is_rncp(struct text t)
{
    uint32_t letters = t.bytes > 4 && memcmp(t.at, "RNCP", 4) == 0 ? 4 : t.bytes > 2 && memcmp(t.at, "RS", 2) == 0 ? 2 : 0;
    uint32_t digits = t.bytes - letters;
    return digits >= 1 && digits <= 6 && all_digits(t.at + letters, digits) && t.at[letters] != '0';
}

/* Only its size: what it says is rulebook_read's business, which lists every problem. */
static bool is_rulebook(struct text t)
{
    return t.bytes >= 2 && t.bytes <= RULEBOOK_BYTES_MAX;
}

/* ---- where something is sent ---- */
static bool is_printable(struct text t)
{
    for (uint32_t i = 0; i < t.bytes; i++)
        if (t.at[i] <= ' ' || t.at[i] > '~')
            return false;
    return true;
}

/* http or https, a host, and no name or password before it: these would be kept as an address and shown as one. */
static bool is_url(struct text t)
{
    uint32_t scheme = t.bytes > 8 && memcmp(t.at, "https://", 8) == 0 ? 8 : t.bytes > 7 && memcmp(t.at, "http://", 7) == 0 ? 7 : 0;
    if (!scheme || t.bytes > CHECK_BYTES_url || !is_printable(t) || memchr(t.at, '#', t.bytes))
        return false;
    uint32_t host = scheme;
    while (host < t.bytes && t.at[host] != '/' && t.at[host] != '?' && t.at[host] != '@')
        host++;
    return host > scheme && t.at[scheme] != ':' && (host == t.bytes || t.at[host] != '@');
}

static bool all_of(const char *at, const char *end, const char *allowed)
{
    for (; at < end; at++)
        if (!is_digit(*at) && !is_upper(*at) && !(*at >= 'a' && *at <= 'z') && !strchr(allowed, *at))
            return false;
    return true;
}

/* What a mail server takes without quotes: it is put into headers and commands as it is. */
static bool is_address(struct text t)
{
    const char *sign = t.bytes ? memchr(t.at, '@', t.bytes) : NULL, *end = t.at + t.bytes;
    return sign && t.bytes <= CHECK_BYTES_address && is_printable(t) && sign > t.at && sign + 1 < end && all_of(t.at, sign, ".!#$%&'*+/=?^_`{|}~-") &&
           all_of(sign + 1, end, ".-");
}

static const struct {
    bool (*holds)(struct text);
    const char *why, *pattern;
} checks[] = {
    [CHECK_nir] = { is_nir, "not a social security number: 13 characters, or 15 with their key",
                    "^[123478][0-9]{4}(2[AB]|[0-9]{2})[0-9]{6}([0-9]{2})?$" },
    [CHECK_commune] = { is_commune, "not the INSEE code of a commune: 5 characters", "^([0-9]{5}|2[AB][0-9]{3})$" },
    [CHECK_rome] = { is_rome, "not a ROME code: a letter from A to N, and 4 digits", "^[A-N][0-9]{4}$" },
    [CHECK_rncp] = { is_rncp, "not an RNCP or RS number", "^(RNCP|RS)?[1-9][0-9]{0,5}$" },
    [CHECK_naf] = { is_naf, "not a NAF code: 4 digits and a letter", "^[0-9]{4}[A-Z]$" },
    [CHECK_siret] = { is_siret, "not a SIRET: 14 digits with their keys", "^[0-9]{14}$" },
    [CHECK_siren] = { is_siren, "not a SIREN: 9 digits with their key", "^[0-9]{9}$" },
    [CHECK_rna] = { is_rna, "not an RNA number: W and 9 digits", "^W[0-9]{9}$" },
    [CHECK_country] = { is_country, "not the INSEE code of a country: 99 and 3 digits, the first of them 5 at most", "^99[0-5][0-9]{2}$" },
    [CHECK_qpv] = { is_qpv, "not the code of a priority neighbourhood: QN (or QP) and 6 characters", "^Q[NP][0-9A-Z]{6}$" },
    [CHECK_url] = { is_url, "not an address for a web-hook: http:// or https://, a host, no user and no #", "^https?://[^/?#@:]" },
    [CHECK_address] = { is_address, "not an e-mail address: name@host, without quotes, brackets or blanks", "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+$" },
    [CHECK_rulebook] = { is_rulebook, "too short or too long for a rulebook", NULL },
};

bool check_text(enum check check, struct text t, const char **ret_why)
{
    assert(check > CHECK_none && check < sizeof checks / sizeof checks[0]);
    if (t.at != NULL && checks[check].holds(t))
        return true;
    *ret_why = checks[check].why;
    return false;
}

const char *check_pattern(enum check check)
{
    assert(check < sizeof checks / sizeof checks[0]);
    return checks[check].pattern;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || is_upper(c);
}

bool text_is_slug(struct text t)
{
    for (uint32_t i = 0; i < t.bytes; i++) {
        char c = t.at[i];
        bool inner = c == '.' || c == '/' || c == '_' || c == '-';
        if (!is_letter(c) && !is_digit(c) && !(i > 0 && inner))
            return false;
    }
    return t.bytes >= 1 && t.bytes <= 40;
}

bool text_is_plain(struct text t)
{
    for (uint32_t i = 0; i < t.bytes; i++) {
        uint8_t b = (uint8_t)t.at[i];
        if ((b < 0x20 && b != '\n' && b != '\t') || b == 0x7f)
            return false;
        /* U+0080 to U+009F; the bytes are UTF-8 already. */
        if (b == 0xc2 && i + 1 < t.bytes && (uint8_t)t.at[i + 1] < 0xa0)
            return false;
    }
    return true;
}
