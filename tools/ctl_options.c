/* Options and words of a command line: what is not known is named, with what is. */
#include <string.h>

#include "ctl.h"

static void print_known(const struct option *all)
{
    fprintf(stderr, "  %s", say("options connues :", "options known:"));
    for (; all->name; all++)
        fprintf(stderr, " --%s", all->name);
    fprintf(stderr, "\n");
}

/* The option that getopt stumbled on by its value, when its name is what was typed (or the beginning of it). */
static const struct option *meant(const struct option *all, const char *typed)
{
    size_t n = strcspn(typed, "=");
    for (; all->name; all++)
        if (all->val == optopt && strncmp(all->name, typed, n) == 0)
            return all;
    return NULL;
}

int ctl_option(int argc, char **argv, const char *order, const struct option *all)
{
    opterr = 0;
    int option = getopt_long(argc, argv, order, all, NULL);
    if (option != '?')
        return option;
    const char *word = argv[optind - 1];
    const struct option *one = optopt && strncmp(word, "--", 2) == 0 ? meant(all, word + 2) : NULL;
    if (one)
        fprintf(stderr, "parcoursctl: --%s %s\n", one->name, one->has_arg == required_argument ? say("attend une valeur", "wants a value") : say("n'a pas de valeur", "takes no value"));
    else if (optopt)
        fprintf(stderr, "parcoursctl: %s -%c\n", say("option inconnue :", "no such option:"), optopt);
    else
        fprintf(stderr, "parcoursctl: %s %s\n", say("option inconnue :", "no such option:"), word);
    print_known(all);
    return option;
}

bool words_counted(int argc, char **argv, int wanted)
{
    if (argc - optind > wanted)
        fprintf(stderr, "parcoursctl: %s %s\n", say("un mot de trop :", "one word too many:"), argv[optind + wanted]);
    else if (argc - optind < wanted)
        fprintf(stderr, "parcoursctl: %s\n", say("il manque un mot", "a word is missing"));
    return argc - optind == wanted;
}
