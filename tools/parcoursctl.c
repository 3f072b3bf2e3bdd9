/* parcoursctl: finds the verb and runs it. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "../events/catalogue.h"
#include "ctl.h"

static void help(FILE *to)
{
    fprintf(to, "%s: parcoursctl [--url URL] [--token T] [--lang fr|en] [--json] %s ...\n\n", say("usage ", "usage"), say("VERBE", "VERB"));
    for (unsigned i = 0; verb_at(i); i++)
        fprintf(to, "  %s%-13s%s %s\n", to == stdout ? bold() : "", verb_at(i)->name, to == stdout ? plain() : "",
                say(verb_at(i)->fr, verb_at(i)->en));
    fputs(say("\nL'adresse (--url ; http://127.0.0.1:8421 par défaut, ou unix:CHEMIN) et le jeton (--token, $PARCOURS_TOKEN) se lisent aussi\n"
              "dans ~/.config/parcoursctl, en lignes « clef = valeur », lisible de vous seul.\n"
              "parcoursctl VERBE --help dit ce qu'un verbe attend. Statut : 0 fait, 1 refusé, 2 usage, 69 injoignable ;\n"
              "de init et token aussi : 65 abîmé, 66 absent, 73 déjà là, 75 pris, 77 sans clef.\n",
              "\nThe address (--url; http://127.0.0.1:8421 by default, or unix:PATH) and the token (--token, $PARCOURS_TOKEN) are also\n"
              "read in ~/.config/parcoursctl, as lines \"key = value\", readable by you alone.\n"
              "parcoursctl VERB --help says what a verb wants. Status: 0 done, 1 refused, 2 usage, 69 cannot reach;\n"
              "of init and token, too: 65 damaged, 66 not there, 73 there already, 75 taken, 77 no key.\n"), to);
}

static int usage(const char *why, const char *what)
{
    if (why)
        fprintf(stderr, "parcoursctl: %s%s\n", why, what);
    help(stderr);
    return CTL_USAGE;
}

int main(int argc, char **argv)
{
    static const struct option options[] = { CTL_OPTIONS };
    int option;
    setlocale(LC_CTYPE, "");
    catalogue_start();
    if (!settings_start())
        return CTL_USAGE;
    while ((option = ctl_option(argc, argv, "+", options)) != -1) {
        if (option == 'H') {
            help(stdout);
            return CTL_DONE;
        }
        if (!settings_option(NULL, option, optarg))
            return CTL_USAGE;
    }
    if (optind == argc)
        return usage(NULL, NULL);
    if (strcmp(argv[optind], "help") == 0) {
        help(stdout);
        return CTL_DONE;
    }
    const struct verb *verb = verb_named(argv[optind]);
    if (!verb)
        return usage(say("verbe inconnu : ", "no such verb: "), argv[optind]);
    argc -= optind;
    argv += optind;
    optind = 0;         /* 0 and not 1: glibc starts over, permutation included */
    int status = verb->run(argc, argv);
    ctl_hang_up();
    arena_free(&ctl.arena);
    return fflush(stdout) == 0 ? status : CTL_REFUSED;
}
