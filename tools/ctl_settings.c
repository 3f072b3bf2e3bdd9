/* Where the daemon is, who asks, in which language: from the configuration file, then the environment, then the options. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"

#define ADDRESS "http://127.0.0.1:8421"
#define LINE_BYTES 2048
#define ARENA_BYTES_MAX ((size_t)2 << 30)   /* the largest answer, as a tree */

struct ctl ctl;

const char *say(const char *fr, const char *en)
{
    return ctl.french ? fr : en;
}

static bool set(char *to, size_t room, const char *value)
{
    if (strlen(value) >= room) {
        fprintf(stderr, "parcoursctl: %s\n", say("valeur trop longue", "value too long"));
        return false;
    }
    strcpy(to, value);
    return true;
}

static char *trimmed(char *s)
{
    s += strspn(s, " \t");
    size_t n = strlen(s);
    while (n > 0 && strchr(" \t\r\n", s[n - 1]))
        s[--n] = 0;
    return s;
}

static bool read_line(char *line, const char *path, int number)
{
    char *key = trimmed(line), *equals = strchr(key, '=');
    if (*key == 0 || *key == '#')
        return true;
    if (equals) {
        *equals = 0;
        key = trimmed(key);
        if (strcmp(key, "url") == 0)
            return set(ctl.url, sizeof(ctl.url), trimmed(equals + 1));
        if (strcmp(key, "token") == 0)
            return set(ctl.token, sizeof(ctl.token), trimmed(equals + 1));
    }
    fprintf(stderr, "%s:%d: %s\n", path, number, say("« url = ... » ou « token = ... » attendu", "\"url = ...\" or \"token = ...\" is expected"));
    return false;
}

/* A token in a file that others may read is a token given away: such a file is refused, not used. */
static bool private_enough(FILE *f, const char *path)
{
    struct stat st;
    if (fstat(fileno(f), &st) == 0 && (st.st_mode & 077) == 0 && st.st_uid == geteuid())
        return true;
    fprintf(stderr, "%s: %s chmod 600 %s\n", path, say("lisible par d'autres que vous :", "others than you may read it:"), path);
    return false;
}

static bool read_file(const char *path)
{
    char line[LINE_BYTES];
    FILE *f = fopen(path, "re");
    if (!f)
        return errno == ENOENT || errno == ENOTDIR;
    bool good = private_enough(f, path);
    for (int number = 1; good && fgets(line, sizeof(line), f); number++)
        good = read_line(line, path, number);
    fclose(f);
    return good;
}

static void learn_language(void)
{
    const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    for (unsigned i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) {
            ctl.french = strncmp(value, "fr", 2) == 0;
            return;
        }
    }
}

bool settings_start(void)
{
    char path[LINE_BYTES] = "";
    const char *home = getenv("HOME"), *config = getenv("XDG_CONFIG_HOME"), *token = getenv("PARCOURS_TOKEN"), *no_colour = getenv("NO_COLOR");
    learn_language();
    arena_init(&ctl.arena, ARENA_BYTES_MAX);
    ctl.terminal = isatty(STDOUT_FILENO);
    ctl.colour = ctl.terminal && !(no_colour && *no_colour);
    set(ctl.url, sizeof(ctl.url), ADDRESS);
    if (config && *config)
        snprintf(path, sizeof(path), "%s/parcoursctl", config);
    else if (home)
        snprintf(path, sizeof(path), "%s/.config/parcoursctl", home);
    if (*path && !read_file(path)) {
        fprintf(stderr, "parcoursctl: %s %s\n", say("configuration écartée :", "configuration refused:"), path);
        return false;
    }
    return !token || !*token || set(ctl.token, sizeof(ctl.token), token);
}

bool settings_option(const char *verb, int option, const char *value)
{
    switch (option) {
    case 'U':
        return set(ctl.url, sizeof(ctl.url), value);
    case 'T':
        return set(ctl.token, sizeof(ctl.token), value);
    case 'L':
        if (strcmp(value, "fr") != 0 && strcmp(value, "en") != 0) {
            fprintf(stderr, "parcoursctl: --lang: fr | en\n");
            return false;
        }
        ctl.french = *value == 'f';
        return true;
    case 'J':
        ctl.json = true;
        return true;
    case 'H':
        verb_print(stdout, verb_named(verb));
        printf("%s\n", say(verb_named(verb)->fr, verb_named(verb)->en));
        exit(CTL_DONE);
    default:
        return false;
    }
}
