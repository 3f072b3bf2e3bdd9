/* `do`: one command, its fields typed through the catalogue. */
#include <stdlib.h>
#include <string.h>

#include "../events/catalogue.h"
#include "../events/ids.h"
#include "ctl.h"

#define BODY_BYTES_MAX ((size_t)1 << 20)
#define WAIVERS_MAX 8

struct order {
    const struct kind *kind;
    const struct kind *content;             /* of a correction: what the corrected event is */
    const char *stream, *on, *id, *performed_by, *content_on;
    const char *waive[WAIVERS_MAX];
    unsigned waivers;
    bool dry, accept_unfounded;
    char **pairs;
    int pair_count;
};

static int wrong(const char *fr, const char *en, const char *what)
{
    fprintf(stderr, "parcoursctl: %s %s\n", say(fr, en), what);
    return CTL_USAGE;
}

static bool take_option(struct order *o, int option, const char *value)
{
    switch (option) {
    case 'p': o->stream = value; return true;
    case 'o': o->on = value; return true;
    case 'd': o->dry = true; return true;
    case 'i': o->id = value; return true;
    case 'b': o->performed_by = value; return true;
    case 'a': o->accept_unfounded = true; return true;
    case 'w':
        if (o->waivers == WAIVERS_MAX || !strchr(value, '=')) {
            fprintf(stderr, "parcoursctl: --waive: %s\n", say("RÈGLE=MOTIF, huit au plus", "RULE=REASON, eight at most"));
            return false;
        }
        o->waive[o->waivers++] = value;
        return true;
    default:
        return settings_option("do", option, value);
    }
}

static const struct field *field_named(const struct kind *k, const char *pair)
{
    size_t n = strcspn(pair, "=");
    for (unsigned i = 0; k && i < k->field_count; i++)
        if (strlen(k->fields[i].name) == n && strncmp(k->fields[i].name, pair, n) == 0)
            return &k->fields[i];
    return NULL;
}

static const char *pair_between(const struct order *o, int from, int to, const char *name)
{
    size_t n = strlen(name);
    for (int i = from; i < to; i++)
        if (strncmp(o->pairs[i], name, n) == 0 && o->pairs[i][n] == '=')
            return o->pairs[i] + n + 1;
    return NULL;
}

/* A name that the command and the content it corrects share (reason=) is the command's before `content=`, the content's after it. */
static const char *pair_for(const struct order *o, const struct kind *kind, const char *name)
{
    int content = 0;
    bool shared = o->content && field_named(o->kind, name) && field_named(o->content, name);
    while (content < o->pair_count && strncmp(o->pairs[content], "content=", 8) != 0)
        content++;
    if (!shared)
        return pair_between(o, 0, o->pair_count, name);
    return kind == o->kind ? pair_between(o, 0, content, name) : pair_between(o, content, o->pair_count, name);
}

/* Every pair names a field, of the command or of the content it corrects. */
static bool pairs_known(struct order *o)
{
    const char *content = pair_for(o, o->kind, "content");
    if (content && field_named(o->kind, "content"))
        o->content = kind_commanded(text_of(content));
    o->content_on = o->content ? pair_for(o, o->content, "on") : NULL;
    for (int i = 0; i < o->pair_count; i++) {
        bool day = o->content && strncmp(o->pairs[i], "on=", 3) == 0;
        if (strchr(o->pairs[i], '=') && (day || field_named(o->kind, o->pairs[i]) || field_named(o->content, o->pairs[i])))
            continue;
        wrong("champ inconnu :", "no such field:", o->pairs[i]);
        kind_help(stderr, o->kind);
        return false;
    }
    return true;
}

/* The fields of `kind` that are given; a required one that is not is said. */
static bool write_fields(const struct order *o, const struct kind *kind, struct json_out *out)
{
    bool good = true;
    for (unsigned i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->fields[i];
        const char *value = pair_for(o, kind, f->name);
        if (f->type == TYPE_CONTENT)
            continue;
        if (value)
            good = value_write(out, f, value) && good;
        else if (f->presence == REQUIRED) {
            fprintf(stderr, "parcoursctl: %s= %s (%s)\n", f->name, say("manque", "is missing"), say(f->fr, f->en));
            good = false;
        }
    }
    return good;
}

static bool write_content(const struct order *o, struct json_out *out)
{
    if (!field_named(o->kind, "content"))
        return true;
    if (!o->content || !o->content_on) {
        fprintf(stderr, "parcoursctl: %s\n", say("content=COMMANDE et on=JOUR disent ce que l'événement devient",
                                              "content=COMMAND and on=DAY say what the event becomes"));
        return false;
    }
    json_key(out, "content");
    json_open(out);
    json_key(out, "on");
    json_string(out, o->content_on);
    json_key(out, "data");
    json_open(out);
    bool good = write_fields(o, o->content, out);
    json_close(out);
    json_close(out);
    return good;
}

static void write_waivers(const struct order *o, struct json_out *out)
{
    if (o->waivers == 0)
        return;
    json_key(out, "waive");
    json_open_list(out);
    for (unsigned i = 0; i < o->waivers; i++) {
        const char *equals = strchr(o->waive[i], '=');
        json_open(out);
        json_key(out, "rule");
        json_text(out, (struct text){ o->waive[i], (uint32_t)(equals - o->waive[i]) });
        json_key(out, "reason");
        json_string(out, equals + 1);
        json_close(out);
    }
    json_close_list(out);
}

static void member(struct json_out *out, const char *key, const char *value)
{
    if (!value)
        return;
    json_key(out, key);
    json_string(out, value);
}

/* What corrects or takes out an event is about whatever stream its id says. */
static enum stream_type type_of(const struct order *o)
{
    enum stream_type type;
    uint64_t ignored;
    bool told = kind_of_any_stream(o->kind) && o->stream && id_parse(text_of(o->stream), &type, &ignored);
    return told ? type : o->kind->stream;
}

static bool write_order(const struct order *o, struct json_out *out)
{
    json_open(out);
    member(out, "command", o->kind->command);
    member(out, stream_name(type_of(o)), o->stream);
    member(out, "on", o->on);
    member(out, "id", o->id);
    member(out, "performed_by", o->performed_by);
    if (o->accept_unfounded) {
        json_key(out, "accept_unfounded");
        json_bool(out, true);
    }
    write_waivers(o, out);
    json_key(out, "data");
    json_open(out);
    bool good = write_fields(o, o->kind, out) && write_content(o, out);
    json_close(out);
    json_close(out);
    return good && !json_out_failed(out);
}

static void print_done(const struct json *answer, bool dry)
{
    static const char *const columns[] = { "rule", "unfounded", "due", "since", "turn", "cause", NULL };
    static const char *const left_out[] = { "status", "allowed", "dry_run", NULL };     /* `allowed` tells them better */
    printf("%s%s%s\n", bold(), dry ? say("serait accepté", "would be accepted") : say("enregistré", "recorded"), plain());
    render_without(answer, columns, left_out);
}

static int send(const struct order *o)
{
    struct json_out out;
    const struct json *answer;
    json_out_init(&out, BODY_BYTES_MAX);
    int status = CTL_USAGE;
    if (write_order(o, &out))
        status = ctl_post(o->dry ? "/v1/commands?dry_run=1" : "/v1/commands", (struct text){ out.at, (uint32_t)out.bytes },
                          type_of(o) == STREAM_participant ? o->stream : NULL, &answer);
    else
        kind_help(stderr, o->kind);
    json_out_free(&out);
    if (status == CTL_DONE && answer)
        print_done(answer, o->dry);
    return status;
}

int verb_do(int argc, char **argv)
{
    static const struct option options[] = {
        { "participant", required_argument, NULL, 'p' }, { "of", required_argument, NULL, 'p' }, { "on", required_argument, NULL, 'o' },
        { "dry-run", no_argument, NULL, 'd' }, { "waive", required_argument, NULL, 'w' }, { "id", required_argument, NULL, 'i' },
        { "performed-by", required_argument, NULL, 'b' }, { "accept-unfounded", no_argument, NULL, 'a' }, CTL_OPTIONS,
    };
    struct order o = { 0 };
    int option;
    while ((option = ctl_option(argc, argv, "", options)) != -1)
        if (!take_option(&o, option, optarg))
            return CTL_USAGE;
    if (optind == argc)
        return verb_usage("do");
    o.kind = kind_commanded(text_of(argv[optind]));
    if (!o.kind)
        return wrong("commande inconnue (parcoursctl commands les dit) :", "no such command (parcoursctl commands lists them):", argv[optind]);
    o.pairs = argv + optind + 1;
    o.pair_count = argc - optind - 1;
    if (!pairs_known(&o))
        return CTL_USAGE;
    if (!o.stream && !(o.kind->states & IN(nobody)) && o.kind->stream != STREAM_plie)
        return wrong("--participant ou --of dit de qui il s'agit :", "--participant or --of says whom it is about:",
                     kind_of_any_stream(o.kind) ? "p_... r_... e_... s_... m_... o_... a_... plie" : stream_name(o.kind->stream));
    return send(&o);
}
