/* A refusal, told so that the person knows what to do next: the sentence, the rule, since when, what is allowed instead. */
#include <string.h>

#include "../events/catalogue.h"
#include "ctl.h"

#define LISTED_MAX 40

static struct text text_at(const struct json *object, const char *key)
{
    const struct json *j = json_get(object, key);
    return j && j->type == JSON_STRING ? j->string : (struct text){ NULL, 0 };
}

static void line(const char *name, struct text value)
{
    if (value.at && value.bytes)
        fprintf(stderr, "  %s%s%.*s\n", name, *name ? " " : "", TEXT_ARGS(value));
}

static void print_errors(const struct json *errors)
{
    for (const struct json *one = errors ? errors->first : NULL; one; one = one->next) {
        struct text pointer = text_at(one, "pointer"), why = text_at(one, "why");
        fprintf(stderr, "  %.*s: %.*s\n", TEXT_ARGS(pointer), TEXT_ARGS(why));
    }
}

static void print_rule(const struct json *problem)
{
    struct text rule = text_at(problem, "rule");
    const struct json *value = json_get(problem, "value"), *waivable = json_get(problem, "waivable");
    if (!rule.at)
        return;
    line(say("règle :", "rule:"), rule);
    if (value && value->type != JSON_NULL)
        line(say("valeur :", "value:"), value_text(value));
    line(say("référentiel :", "rulebook:"), text_at(problem, "rulebook"));
    line(say("depuis le", "since"), text_at(problem, "since"));
    if (waivable && waivable->truth)
        fprintf(stderr, "  %s --waive %.*s=\"%s\"\n", say("une coordinatrice peut passer outre :", "a coordinator may waive it:"),
                TEXT_ARGS(rule), say("motif", "reason"));
}

/* A list of names, or of objects that say whether each is allowed. Facts are allowed almost always: acts are what one
 * may choose from instead. */
static void print_allowed(const struct json *list)
{
    unsigned n = 0;
    for (const struct json *one = list ? list->first : NULL; one && n < LISTED_MAX; one = one->next) {
        const struct json *allowed = json_get(one, "allowed");
        if (one->type == JSON_OBJECT && !(allowed && allowed->truth))
            continue;
        struct text name = one->type == JSON_STRING ? one->string : text_at(one, "command");
        const struct kind *kind = kind_commanded(name);
        if (!kind || kind->nature != ACT)
            continue;
        fprintf(stderr, "%s%.*s", n++ ? ", " : say("  actes permis maintenant : ", "  acts allowed now: "), TEXT_ARGS(name));
    }
    if (n)
        fprintf(stderr, "\n");
}

static void print_state(const struct json *problem)
{
    struct text state = text_at(problem, "state");
    for (int s = 0; state.at && s < STATES; s++)
        if (text_is(state, state_name((enum state)s)))
            line(say("état :", "state:"), text_of(state_sentence((enum state)s, ctl.french)));
    const struct json *version = json_get(problem, "current_version"), *unfounded = json_get(problem, "unfounded");
    if (version)
        line(say("version actuelle :", "current version:"), value_text(version));
    if (unfounded)
        line(say("actes qui perdraient leur fondement :", "acts that would be left unfounded:"), value_text(unfounded));
}

/* Asked for when the refusal does not say it itself. */
static void print_instead(const struct json *listed, struct text code, const char *participant)
{
    char path[256] = "/v1/participants";
    const struct json *answer = NULL;
    if (listed && listed->count) {
        print_allowed(listed);
        return;
    }
    if (!participant || (!text_is(code, "state") && !text_is(code, "rule")))
        return;
    path_segment(path, sizeof(path), participant);
    strncat(path, "/commands", sizeof(path) - strlen(path) - 1);
    if (ctl_get(path, &answer) == CTL_DONE)
        print_allowed(json_get(answer, "commands"));
    fprintf(stderr, "  %s parcoursctl allowed %s\n", say("tout le reste :", "everything else:"), participant);
}

void refusal_print(const struct json *problem, long status, const char *participant)
{
    const struct json *again = json_get(problem, "retryable");
    struct text title = text_at(problem, "title");
    fprintf(stderr, "%s%s%s ", red(), say("refusé :", "refused:"), plain());
    if (title.at)
        fprintf(stderr, "%.*s\n", TEXT_ARGS(title));
    else
        fprintf(stderr, "HTTP %ld\n", status);
    line("", text_at(problem, "why"));
    line("", text_at(problem, "detail"));
    print_rule(problem);
    print_state(problem);
    print_errors(json_get(problem, "errors"));
    print_instead(json_get(problem, "allowed"), text_at(problem, "code"), participant);
    if (again && again->truth)
        fprintf(stderr, "  %s\n", say("à réessayer.", "try again."));
    if (status == 401)
        fprintf(stderr, "  %s\n", say("un jeton se donne par --token ou $PARCOURS_TOKEN.", "a token is given with --token or $PARCOURS_TOKEN."));
}
