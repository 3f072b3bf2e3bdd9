/* Flags and environment, from the table. */
#include "settings.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USAGE_EXIT 64
#define HELP (-1)

enum setting_type { SETTING_TEXT, SETTING_NUMBER };

static const struct setting {
    const char *name, *unit, *text_default, *sentence;
    enum setting_type type;
    int64_t min, max, number_default;
    size_t offset;
} table[] = {
#define TEXT_SETTING(c_name, name_, default_, sentence_) \
    { .name = name_, .type = SETTING_TEXT, .text_default = default_, .sentence = sentence_, .offset = offsetof(struct settings, c_name) },
#define NUMBER_SETTING(c_name, name_, unit_, min_, max_, default_, sentence_) \
    { .name = name_, .unit = unit_, .type = SETTING_NUMBER, .min = min_, .max = max_, .number_default = default_, .sentence = sentence_, \
      .offset = offsetof(struct settings, c_name) },
#include "settings.def"
#undef TEXT_SETTING
#undef NUMBER_SETTING
};
#define SETTINGS (sizeof(table) / sizeof(table[0]))

static const char **text_at(struct settings *s, const struct setting *row)
{
    return (const char **)(void *)((char *)s + row->offset);
}

static int64_t *number_at(struct settings *s, const struct setting *row)
{
    return (int64_t *)(void *)((char *)s + row->offset);
}

static int set(struct settings *s, const struct setting *row, const char *value, const char *where)
{
    char *end;
    if (row->type == SETTING_TEXT) {
        *text_at(s, row) = value;
        return 0;
    }
    errno = 0;
    long long n = strtoll(value, &end, 10);
    if (errno || end == value || *end || n < row->min || n > row->max) {
        fprintf(stderr, "parcoursd: %s: a number of %s from %lld to %lld is expected\n", where, row->unit,
                (long long)row->min, (long long)row->max);
        return USAGE_EXIT;
    }
    *number_at(s, row) = n;
    return 0;
}

static int set_flag(struct settings *s, const struct setting *row, const char *value)
{
    char name[64];
    snprintf(name, sizeof(name), "--%s", row->name);
    return set(s, row, value, name);
}

static int read_environment(struct settings *s)
{
    int f = 0;
    for (unsigned i = 0; i < SETTINGS && !f; i++) {
        char name[64] = "PARCOURSD_";
        size_t at = strlen(name);
        for (const char *c = table[i].name; *c && at < sizeof(name) - 1; c++)
            name[at++] = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
        name[at] = 0;
        const char *value = getenv(name);
        if (value)
            f = set(s, &table[i], value, name);
    }
    return f;
}

static void help(void)
{
    printf("parcoursd serves the store of one PLIE over HTTP.\n\n  parcoursd --store DIR [--listen ADDRESS:PORT | unix:PATH]\n\n");
    for (unsigned i = 0; i < SETTINGS; i++) {
        const struct setting *r = &table[i];
        printf("  --%-18s %s", r->name, r->sentence);
        if (r->type == SETTING_NUMBER)
            printf(" (%s, %lld to %lld; %lld)", r->unit, (long long)r->min, (long long)r->max, (long long)r->number_default);
        else if (r->text_default)
            printf(" (%s)", r->text_default);
        printf("\n");
    }
    printf("  -n                   checks the settings and the store, and exits\n  --help, --version\n");
}

static int read_flags(struct settings *s, int argc, char **argv)
{
    struct option options[SETTINGS + 3] = { 0 };
    int c, index = 0, f = 0;
    for (unsigned i = 0; i < SETTINGS; i++)
        options[i] = (struct option){ table[i].name, required_argument, NULL, 0 };
    options[SETTINGS] = (struct option){ "help", no_argument, NULL, 'h' };
    options[SETTINGS + 1] = (struct option){ "version", no_argument, NULL, 'V' };
    while (!f && (c = getopt_long(argc, argv, "nh", options, &index)) != -1) {
        if (c == 0)
            f = set_flag(s, &table[index], optarg);
        else if (c == 'n')
            s->check_only = true;
        else if (c == 'h')
            help(), f = HELP;
        else if (c == 'V')
            puts("parcoursd 0.1"), f = HELP;
        else
            fprintf(stderr, "See parcoursd --help\n"), f = USAGE_EXIT;
    }
    if (!f && optind < argc) {
        fprintf(stderr, "parcoursd: what is \"%s\"? See parcoursd --help\n", argv[optind]);
        f = USAGE_EXIT;
    }
    return f;
}

/* "plie/" and "plie" are the same store. */
static size_t path_bytes(const char *path)
{
    size_t bytes = strlen(path);
    while (bytes > 1 && path[bytes - 1] == '/')
        bytes--;
    return bytes;
}

int settings_read(struct settings *s, int argc, char **argv)
{
    memset(s, 0, sizeof(*s));
    for (unsigned i = 0; i < SETTINGS; i++)
        if (table[i].type == SETTING_TEXT)
            *text_at(s, &table[i]) = table[i].text_default;
        else
            *number_at(s, &table[i]) = table[i].number_default;
    int f = read_environment(s);
    if (!f)
        f = read_flags(s, argc, argv);
    if (!f && !s->store) {
        fprintf(stderr, "parcoursd: --store DIR is needed (parcoursctl init makes one)\n");
        f = USAGE_EXIT;
    }
    if (!f && s->key)
        snprintf(s->key_path, sizeof(s->key_path), "%s", s->key);
    else if (!f)
        snprintf(s->key_path, sizeof(s->key_path), "%.*s.key", (int)path_bytes(s->store), s->store);
    return f ? f : mail_server_read(s, &s->mail_server);
}
