/* The commands and their fields, from the tables: needs no daemon. */
#include <inttypes.h>
#include <stdlib.h>

#include "../events/catalogue.h"
#include "ctl.h"

static struct text words_of(unsigned vocabulary)
{
    struct text all = TEXT("");
    for (unsigned w = 0; w < vocabulary_count(vocabulary); w++)
        all = arena_print(&ctl.arena, "%.*s%s%s", TEXT_ARGS(all), w ? "|" : "", word_name(vocabulary, w));
    return all;
}

static struct text type_text(const struct field *f)
{
    switch (f->type) {
    case TYPE_CODE:
        return words_of(f->of);
    case TYPE_CODES:
        return arena_print(&ctl.arena, "%s %.*s", say("liste de", "list of"), TEXT_ARGS(words_of(f->of)));
    case TYPE_FLAG:
        return text_of(say("oui|non", "yes|no"));
    case TYPE_DAY:
        return text_of(say("AAAA-MM-JJ", "YYYY-MM-DD"));
    case TYPE_MONTH:
        return text_of(say("AAAA-MM", "YYYY-MM"));
    case TYPE_NUMBER:
        return arena_print(&ctl.arena, "%" PRId64 "..%" PRId64, f->min, f->max);
    case TYPE_HOURS:
        return arena_print(&ctl.arena, "%s, %" PRId64 "..%" PRId64, say("heures", "hours"), f->min / 100, f->max / 100);
    case TYPE_STREAM:
        return arena_print(&ctl.arena, "%s_...", stream_prefix(f->of));
    case TYPE_EVENT:
        return arena_print(&ctl.arena, "%s%s%s", say("n° d'événement", "number of an event"), f->of ? " " : "", f->of ? kind_of(f->of)->name : "");
    case TYPE_CONTENT:
        return text_of(say("COMMANDE, puis on= et ses champs", "COMMAND, then on= and its fields"));
    default:
        return arena_print(&ctl.arena, "%s, %" PRId64 " %s", f->type == TYPE_SLUG ? say("mot", "word") : say("texte", "text"),
                           f->max, say("octets", "bytes"));
    }
}

static const char *nature_text(enum nature n)
{
    static const char *const fr[] = { "fait", "acte", "à propos d'un événement" }, *const en[] = { "fact", "act", "about an event" };
    return say(fr[n], en[n]);
}

static const char *whose(const struct kind *k)
{
    return kind_of_any_stream(k) ? say("tous", "any") : stream_name(k->stream);
}

static void print_states(FILE *to, const struct kind *k)
{
    bool first = true;
    if (k->stream != STREAM_participant || k->nature == META)
        return;
    fprintf(to, "  %s", say("états :", "states:"));
    for (int s = 0; s < STATES; s++)
        if (k->states >> s & 1)
            fprintf(to, "%s%s", first ? " " : ", ", state_sentence((enum state)s, ctl.french)), first = false;
    fprintf(to, "\n");
}

void kind_help(FILE *to, const struct kind *k)
{
    fprintf(to, "%s (%s, %s): %s\n", k->command, whose(k), nature_text(k->nature), say(k->fr, k->en));
    print_states(to, k);
    for (unsigned i = 0; i < k->field_count; i++) {
        const struct field *f = &k->fields[i];
        if (f->presence > OPTIONAL)
            continue;
        fprintf(to, "  %s%s=%s  %s%s\n      %.*s\n", f->presence == REQUIRED ? "" : "[", f->name, f->presence == REQUIRED ? "" : "]",
                say(f->fr, f->en), f->protection == CLEAR ? "" : say("  (scellé)", "  (sealed)"), TEXT_ARGS(type_text(f)));
    }
}

static int list_all(void)
{
    struct table *t = table_new(4, true);
    const char *const head[] = { say("commande", "command"), say("de", "of"), say("nature", "nature"), "" };
    for (unsigned i = 0; i < 4; i++)
        table_cell(t, text_of(head[i]));
    for (unsigned i = 0; i < catalogue_count(); i++) {
        const struct kind *k = catalogue_at(i);
        table_cell(t, text_of(k->command));
        table_cell(t, text_of(whose(k)));
        table_cell(t, text_of(nature_text(k->nature)));
        table_cell(t, text_of(say(k->fr, k->en)));
    }
    table_print(t, 0);
    return CTL_DONE;
}

int verb_commands(int argc, char **argv)
{
    static const struct option options[] = { CTL_OPTIONS };
    int option;
    while ((option = ctl_option(argc, argv, "", options)) != -1)
        if (!settings_option(argv[0], option, optarg))
            return CTL_USAGE;
    if (optind == argc)
        return list_all();
    const struct kind *k = kind_commanded(text_of(argv[optind]));
    if (!k) {
        fprintf(stderr, "parcoursctl: %s %s\n", say("commande inconnue :", "no such command:"), argv[optind]);
        return CTL_USAGE;
    }
    kind_help(stdout, k);
    return CTL_DONE;
}
