/* Verbs that open a store directly: init, token. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../events/days.h"
#include "../events/failure.h"
#include "../events/founding.h"
#include "../events/tokens.h"
#include "ctl_rulebook.h"

#define PATH_BYTES 4096
#define FOUNDER 1           /* number of the first coordinator */

struct init {
    const char *store, *key, *rulebook, *name, *zone, *today;
    bool demo;
};

static int usage(const char *verb, const char *why)
{
    fprintf(stderr, "parcoursctl: %s\n", why);
    return verb_usage(verb);
}

static int failed(const char *what, int f)
{
    fprintf(stderr, "parcoursctl: %s: %s (%s)\n", what, failure_sentence(), failure_text(f));
    return failure_exit(f);
}

static void key_path(const char *store, const char *key, char out[PATH_BYTES])
{
    size_t bytes = strlen(store);
    while (bytes > 1 && store[bytes - 1] == '/')
        bytes--;
    if (key)
        snprintf(out, PATH_BYTES, "%s", key);
    else
        snprintf(out, PATH_BYTES, "%.*s.key", (int)bytes, store);
}

static int print_token(const char *store, const char *key, enum role role, uint64_t number)
{
    char vault_path[PATH_BYTES + 8], token[TOKEN_TEXT_BYTES];
    struct vault *vault;
    snprintf(vault_path, sizeof(vault_path), "%s/vault", store);
    int f = vault_open(vault_path, key, &vault);
    if (f)
        return failed(say("le coffre ne s'ouvre pas (le démon le sert-il ?)", "cannot open the vault (is the daemon serving it?)"), f);
    f = token_make(vault, role, number, token);
    if (!f)
        f = vault_commit(vault);
    vault_close(vault);
    if (f)
        return failed(say("le jeton n'est pas gardé", "cannot keep the token"), f);
    puts(token);
    return 0;
}

static bool zone_known(const char *zone)
{
    char path[PATH_BYTES];
    struct stat s;
    snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", zone);
    return zone[0] && !strstr(zone, "..") && strlen(zone) <= 40 && stat(path, &s) == 0 && S_ISREG(s.st_mode);
}

static bool name_good(const char *name)
{
    for (const char *c = name; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return false;
    return name[0] && strlen(name) <= 200;
}

static int make_store(const struct init *i, struct text rulebook)
{
    char key[PATH_BYTES];
    struct timespec now;
    struct tm local;
    key_path(i->store, i->key, key);
    setenv("TZ", i->zone, 1);
    tzset();
    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &local);
    struct founding founding = { .name = text_of(i->name), .zone = text_of(i->zone), .rulebook = rulebook, .demo = i->demo,
                               .now_ms = (int64_t)now.tv_sec * 1000, .today = day_of(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday) };
    if (i->today) {
        if (!i->demo || !day_parse(text_of(i->today), &founding.today))
            return usage("init", say("--today JOUR (AAAA-MM-JJ) va avec --demo", "--today DAY (YYYY-MM-DD) goes with --demo"));
        founding.now_ms = (int64_t)founding.today * 86400000;
    }
    int f = store_found(i->store, key, &founding);
    if (f)
        return failed(say("le magasin n'est pas fondé", "cannot make the store"), f);
    fprintf(stderr, say("parcoursctl : %s est prêt ; sa clef maîtresse est %s : gardez-en une copie ailleurs, sans elle rien de personnel ne se lit.\n"
                        "parcoursctl : le jeton de la coordinatrice, montré une fois :\n",
                        "parcoursctl: %s is ready; its master key is %s: keep a copy elsewhere, without it nothing personal can be read.\n"
                        "parcoursctl: the coordinator's token, shown once:\n"), i->store, key);
    return print_token(i->store, key, ROLE_coordinator, FOUNDER);
}

int verb_init(int argc, char **argv)
{
    static const struct option options[] = {
        { "store", required_argument, NULL, 's' }, { "key", required_argument, NULL, 'k' }, { "rulebook", required_argument, NULL, 'r' },
        { "name", required_argument, NULL, 'n' }, { "zone", required_argument, NULL, 'z' }, { "demo", no_argument, NULL, 'd' },
        { "today", required_argument, NULL, 't' }, CTL_OPTIONS };
    struct init i = { .name = "PLIE", .zone = "Europe/Paris" };
    int c, f = chain_start();
    umask(0077);
    if (f)
        return failed(say("rien ne démarre", "cannot start"), f);
    while ((c = ctl_option(argc, argv, "", options)) != -1) {
        switch (c) {
        case 's': i.store = optarg; break;
        case 'k': i.key = optarg; break;
        case 'r': i.rulebook = optarg; break;
        case 'n': i.name = optarg; break;
        case 'z': i.zone = optarg; break;
        case 'd': i.demo = true; break;
        case 't': i.today = optarg; break;
        default:
            if (!settings_option("init", c, optarg))
                return CTL_USAGE;
        }
    }
    if (!words_counted(argc, argv, 0))
        return CTL_USAGE;
    if (!i.store || !i.rulebook)
        return usage("init", say("il faut --store et --rulebook", "--store and --rulebook are needed"));
    if (!name_good(i.name))
        return usage("init", say("un nom a 1 à 200 octets, sans caractère de commande", "a name has 1 to 200 bytes, without controls"));
    if (!zone_known(i.zone))
        return usage("init", say("ce fuseau n'existe pas (Europe/Paris, America/Guadeloupe...)", "there is no such time zone (Europe/Paris, America/Guadeloupe...)"));
    struct text rulebook = book_text(i.rulebook);
    if (!rulebook.at) {
        fprintf(stderr, "parcoursctl: %s %s\n", say("ni référentiel livré, ni fichier lisible :", "neither a shipped rulebook nor a readable file:"), i.rulebook);
        book_list_shipped(stderr);
        return 66;
    }
    return book_read_text(i.rulebook, rulebook) ? make_store(&i, rulebook) : 65;
}

static int role_numbered(const char *name)
{
    for (int r = 1; r < ROLES_HELD; r++)
        if (strcmp(role_name((unsigned)r), name) == 0)
            return r;
    return 0;
}

static int unknown_role(const char *role)
{
    fprintf(stderr, "parcoursctl: %s %s\n  %s", say("il n'y a pas de rôle", "there is no role"), role, say("connus :", "known:"));
    for (unsigned r = 1; r < ROLES_HELD; r++)
        fprintf(stderr, " %s", role_name(r));
    fprintf(stderr, "\n");
    return CTL_USAGE;
}

int verb_token(int argc, char **argv)
{
    static const struct option options[] = { { "store", required_argument, NULL, 's' }, { "key", required_argument, NULL, 'k' },
                                             { "role", required_argument, NULL, 'r' }, { "number", required_argument, NULL, 'n' }, CTL_OPTIONS };
    const char *store = NULL, *key = NULL, *role = NULL;
    char path[PATH_BYTES];
    unsigned long long number = FOUNDER;
    int c, f = chain_start();
    umask(0077);
    if (f)
        return failed(say("rien ne démarre", "cannot start"), f);
    while ((c = ctl_option(argc, argv, "", options)) != -1) {
        switch (c) {
        case 's': store = optarg; break;
        case 'k': key = optarg; break;
        case 'r': role = optarg; break;
        case 'n': number = strtoull(optarg, NULL, 10); break;
        default:
            if (!settings_option("token", c, optarg))
                return CTL_USAGE;
        }
    }
    if (!words_counted(argc, argv, 0))
        return CTL_USAGE;
    if (!store || !role)
        return usage("token", say("il faut --store et --role", "--store and --role are needed"));
    if (!role_numbered(role))
        return unknown_role(role);
    key_path(store, key, path);
    return print_token(store, path, (enum role)role_numbered(role), number);
}
