/* Every verb, one row each. */
#include <string.h>

#include "ctl.h"

static const struct verb verbs[] = {
    { "init", "--store DIR --rulebook NAME|FILE [--name \"PLIE ...\"] [--key FILE] [--zone ZONE] [--demo [--today DAY]]",
      "Fonde un magasin, affiche un jeton de coordinatrice, une fois.", "Founds a store, prints a coordinator's token, once.", verb_init },
    { "token", "--store DIR --role ROLE [--number N] [--key FILE]",
      "Crée un jeton (magasin à l'arrêt).", "Makes a token (of a store that is not served).", verb_token },
    { "rebuild", "[--store DIR]",
      "Refait les vues à partir du journal, et les compare (--store : magasin à l'arrêt).",
      "Makes the views anew from the log, and compares (--store: of a store that is not served).", verb_rebuild },
    { "do", "COMMAND key=value... [--participant ID] [--of ID] [--on DAY] [--dry-run]"
      " [--waive RULE=REASON] [--id KEY] [--performed-by REFERENT] [--accept-unfounded]",
      "Envoie une commande.", "Sends a command.", verb_do },
    { "show", "PARTICIPANT [--as-of DAY] [--known-at INSTANT]",
      "Où en est un participant.", "Where a participant stands.", verb_show },
    { "events", "ID [--as-of DAY] [--known-at INSTANT]", "Ce qui lui est arrivé : un participant, un référent, une séance... ou plie.",
      "What happened to a participant, a referent, a session... or plie.", verb_events },
    { "explain", "PARTICIPANT limit|alert:RULE|refusal:COMMAND, or ALERT [--on DAY], or figure:NAME [--from DAY] [--to DAY] [--as-of DAY] [--limit N]; [--known-at INSTANT]",
      "Pourquoi : les événements et la règle.", "Why: the events and the rule.", verb_explain },
    { "exit-check", "PARTICIPANT [--on DAY]",
      "Chaque critère de sortie : rempli, ou ce qui manque.", "Each exit criterion: met, or what is missing.", verb_exit_check },
    { "file", "PARTICIPANT [--on DAY]",
      "Son dossier : pièces présentes, manquantes, périmées, rejetées.", "Their file: pieces present, missing, expired, rejected.", verb_file },
    { "allowed", "PARTICIPANT [--as-of DAY] [--known-at INSTANT]", "Ce qui est permis maintenant, et pourquoi le reste ne l'est pas.",
      "What is allowed now, and why the rest is not.", verb_allowed },
    { "portfolio", "REFERENT [--on DAY] [--as-of DAY] [--known-at INSTANT]", "Les participants d'un référent.", "The participants of a referent.", verb_portfolio },
    { "alerts", "[--on DAY] [--referent ID] [--participant ID] [--rule RULE] [--to REFERENT|coordinator] [--status open,seen,put_off,settled] [--escalated 1] [--known-at INSTANT] [--limit N] [--after CURSOR]", "Ce qui est dû.", "What is due.", verb_alerts },
    { "duplicates", "[--least SCORE] [--limit N]", "Les dossiers qui se ressemblent, par paires.", "Files that look alike, in pairs.", verb_duplicates },
    { "duplicates-of", "PARTICIPANT [--least SCORE]", "Les dossiers qui peuvent être de cette personne, et en quoi.",
      "Files that may be of this person, and why.", verb_duplicates_of },
    { "participants", "[--q NAME] [--state STATE] [--referent ID] [--limit N] [--after CURSOR]",
      "La liste des participants.", "The list of participants.", verb_participants },
    { "indicators", "[--from DAY] [--to DAY] [--by WHAT[,WHAT]] [--figure NAME[,NAME]] [--referent ID] [--sex F...] [--as-of DAY] [--known-at INSTANT]",
      "Les chiffres de la période (parcoursctl figures dit lesquels).", "The figures of the period (parcoursctl figures lists them).", verb_indicators },
    { "difference", "NAME --known-from INSTANT [--known-to INSTANT] [--from DAY] [--to DAY] [--by WHAT[,WHAT]] [--referent ID] [--sex F...] [--as-of DAY] [--limit N] [--after N]",
      "Pourquoi un indicateur n'est plus ce qu'il était : les événements enregistrés entre deux instants.",
      "Why a figure is no longer what it was: the events recorded between two instants.", verb_difference },
    { "report", "NAME [PARAMETER...] [--names] [--csv | --format xlsx --out FILE]",
      "Un rapport ; sans nom, la liste et les paramètres de chacun.", "A report; without a name, the list and the parameters of each.", verb_report },
    { "export", "fse --map FILE [--operation ID] [--from DAY] [--to DAY] [--format csv|xlsx] [--out FILE]",
      "Les participants du FSE, tels qu'un autre outil les attend : une correspondance dit ses colonnes (tools/exports).",
      "The Fund's participants as another tool takes them in: a mapping says its columns (tools/exports).", verb_export },
    { "reports", "", "Les rapports qu'il y a, et leurs paramètres.", "The reports there are, and their parameters.", verb_reports },
    { "figures", "", "Les indicateurs qu'il y a, et par quoi les ventiler.", "The figures there are, and what to group them by.", verb_figures },
    { "rulebooks", "", "Les référentiels adoptés.", "The adopted rulebooks.", verb_rulebooks },
    { "rulebook", "list | show NAME|FILE [RULE] | diff NAME|FILE NAME|FILE | check NAME|FILE | adopt|simulate NAME|FILE --from DAY [rule=value...] [--dry-run]",
      "Lire un référentiel, en comparer deux, en adopter un, ou voir ce qu'il changerait.", "Read a rulebook, compare two, adopt one, or see what it would change.", verb_rulebook },
    { "import", "FILE --map MAP [--key COLUMN] [--name NAME] [--dry-run] [--atomic] | undo NAME [--dry-run] [--accept-unfounded] | list",
      "Importe un fichier CSV, défait un import, ou dit ce qui fut importé.", "Imports a CSV file, undoes an import, or tells what was imported.", verb_import },
    { "commands", "[COMMAND]", "Les commandes et leurs champs (hors ligne).", "The commands and their fields (offline).", verb_commands },
    { "acknowledge", "ALERT [--on DAY]", "Une alerte est vue.", "An alert was seen.", verb_acknowledge },
    { "snooze", "ALERT --until DAY --reason REASON [--on DAY]", "Reporte une alerte.", "Puts an alert off.", verb_snooze },
    { "delivery", "list | show ID | open-webhook url=URL [topics=WHAT,WHAT] | open-digest address=VALUE time=HH:MM [referent=ID] | open-calendar referent=ID"
      " | change ID key=value... | renew|stop|resume|test ID | replay ID from_day=DAY | sent ID [--from DAY] [--to DAY] [--subject ALERT] [--limit N] [--after CURSOR] | preview ID [--on DAY]",
      "Ce qui est envoyé, à qui, et comment cela va.", "What is sent, to whom, and how it goes.", verb_delivery },
    { "feed", "[--after SEQ] [--limit N]", "Le journal, événement par événement.", "The log, event after event.", verb_feed },
};

const struct verb *verb_named(const char *name)
{
    for (unsigned i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

const struct verb *verb_at(unsigned index)
{
    return index < sizeof(verbs) / sizeof(verbs[0]) ? &verbs[index] : NULL;
}

/* What stands for a value, in French. */
static const char *const stands[][2] = {
    { "DAY", "JOUR" }, { "NAME", "NOM" }, { "FILE", "FICHIER" }, { "RULE", "RÈGLE" }, { "REASON", "MOTIF" }, { "KEY", "CLEF" }, { "VALUE", "VALEUR" },
    { "STATE", "ÉTAT" }, { "WHAT", "QUOI" }, { "COLUMN", "COLONNE" }, { "MAP", "CORRESPONDANCE" }, { "DIR", "DOSSIER" }, { "COMMAND", "COMMANDE" },
    { "REFERENT", "RÉFÉRENT" }, { "ALERT", "ALERTE" }, { "CURSOR", "PAGE" }, { "PARAMETER", "PARAMÈTRE" }, { "ZONE", "FUSEAU" }, { "ROLE", "RÔLE" }, { "key=value", "clef=valeur" },
    { "rule=value", "règle=valeur" }, { "RULE=REASON", "RÈGLE=MOTIF" },
};

static const char *in_french(const char *at, size_t n)
{
    for (unsigned i = 0; i < sizeof(stands) / sizeof(stands[0]); i++)
        if (strlen(stands[i][0]) == n && strncmp(stands[i][0], at, n) == 0)
            return stands[i][1];
    return NULL;
}

static void print_arguments(FILE *to, const char *arguments)
{
    for (const char *at = arguments; *at;) {
        size_t n = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-");
        const char *fr = ctl.french && n ? in_french(at, n) : NULL;
        n = n ? n : 1;
        fprintf(to, "%.*s", fr ? (int)strlen(fr) : (int)n, fr ? fr : at);
        at += n;
    }
}

void verb_print(FILE *to, const struct verb *v)
{
    fprintf(to, "%s: parcoursctl %s ", say("usage ", "usage"), v->name);
    print_arguments(to, v->arguments);
    fprintf(to, "\n");
}

int verb_usage(const char *name)
{
    verb_print(stderr, verb_named(name));
    return CTL_USAGE;
}
