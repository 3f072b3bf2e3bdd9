/* Commands: from a line to JSON, through the gate, to the desk; and the words of what became of them. */
#include "../events/days.h"
#include "../events/roles.h"
#include "play.h"

#define COORDINATOR_NUMBER 1
static const struct json_limits limits = { 1u << 20, 16, 20000 };

static const struct kind *kind_of_event(void *context, uint64_t stream, uint64_t seq)
{
    struct play *p = context;
    struct text record;
    struct record_header h;
    if (!log_record(p->desk->log_txn, seq, &record) || !record_header(record, &h) || h.stream != stream)
        return NULL;
    return kind_of(h.kind);
}

/* ---- the words of an answer ---- */
static void say_marks(struct asked *a, const struct parcours *after, uint64_t seq, bool waived)
{
    bool first = true;
    for (uint32_t i = 0; after && i < after->marks.n; i++) {
        const struct mark *m = &after->marks.at[i];
        if (m->seq != seq || m->waived != waived)
            continue;
        say(a, "%s%s", first ? (waived ? ", waived " : ", marked ") : ", ", m->rule == MARK_STATE ? "state" : rules[m->rule].name);
        first = false;
    }
}

static void say_event(struct play *p, struct asked *a, uint64_t seq)
{
    const char *label = play_label_of(p, seq);
    if (label)
        say(a, " %s", label);
    else
        say(a, " event %llu", (unsigned long long)seq);
}

static void say_refusal(struct play *p, struct asked *a, const struct outcome *out)
{
    char day[DAY_TEXT_BYTES];
    if (out->refusal == REFUSED_rule) {
        say(a, "refused %s", rules[out->rule].name);
        if (out->since != DAY_NONE)
            say(a, " since %s", day_print(out->since, day));
        return;
    }
    say(a, "refused %s", refusal_name(out->refusal));
    if (out->refusal == REFUSED_state)
        say(a, " in %s", state_name(out->state_before));
    for (uint32_t i = 0; i < out->problems.count && out->refusal != REFUSED_state; i++)
        say(a, " %s", out->problems.at[i].pointer);
    for (uint32_t i = 0; i < out->unfounded_count; i++)
        say_event(p, a, out->unfounded[i]);
}

static void say_outcome(struct play *p, struct asked *a, const struct outcome *out)
{
    if (out->refusal == REFUSED_repeated) {
        say(a, "repeated");
    } else if (out->refusal == REFUSED_none) {
        say(a, "accepted");
        say_marks(a, out->after, out->seq, false);
        say_marks(a, out->after, out->seq, true);
    } else {
        say_refusal(p, a, out);
    }
}

/* ---- to the desk ---- */
static bool read_command(struct play *p, const struct kind *k, const struct line *l, unsigned first, struct command *c, struct outcome *out)
{
    const struct json *json;
    struct json_error error;
    struct key mac;
    vault_mac_key(p->desk->vault, "command_", &mac);
    struct reading reading = { .arena = &p->scratch, .actor = actor_of(ROLE_coordinator, COORDINATOR_NUMBER), .today = p->today, .demo = true,
                               .mac_key = &mac, .kind_of_event = kind_of_event, .context = p };
    struct text text = play_command_json(p, k, l, first);
    if (json_read(&p->scratch, text, &limits, &json, &error) != 0) {
        play_fail(p, "the player made bad JSON: %s (%.*s)", error.why, TEXT_ARGS(text));
        return false;
    }
    out->refusal = command_read(&reading, json, (struct text){ NULL, 0 }, c, &out->problems);
    return true;
}

static bool take(struct play *p, const struct kind *k, const struct line *l, unsigned first, bool dry, struct command *c, struct outcome *out)
{
    if (!play_ready(p) || !read_command(p, k, l, first, c, out))
        return false;
    struct order order = { c, out, 1, false, dry, &p->scratch };
    desk_take(p->desk, &order);
    if (p->desk->failure)
        play_fail(p, "the desk failed: %d", p->desk->failure);
    return !p->desk->failure;
}

/* Words that are nothing: neither the name of the command, nor whom it is about, nor key=value. */
static bool stray(struct play *p, const struct kind *k, const struct line *l, unsigned first)
{
    for (unsigned i = first + (k->stream != STREAM_plie); i < l->count; i++)
        if (!l->words[i].key.at && !text_is(l->words[i].value, "to")) {
            play_fail(p, "what is `%.*s`?", TEXT_ARGS(l->words[i].value));
            return true;
        }
    return false;
}

bool play_command(struct play *p, const struct line *l)
{
    const struct kind *k = kind_commanded(l->words[0].value);
    struct command command;
    struct outcome out = { .refusal = REFUSED_none };
    struct asked got = { .bytes = 0 };
    if (!k)
        return false;
    if (stray(p, k, l, 1) || !take(p, k, l, 1, false, &command, &out))
        return true;
    say_outcome(p, &got, &out);
    if (out.refusal == REFUSED_none) {
        if (!command.has_target)
            play_bind(p, l->words[1].value, k->stream, out.stream);
        if (l->label.at)
            play_label(p, l->label, k, &out, command.on);
    }
    play_expect(p, l->wanted.at ? l->wanted : TEXT("accepted"), got.at, out.refusal == REFUSED_none);
    return true;
}

/* allowed P COMMAND [key=value...]: what would become of it. */
void play_allowed(struct play *p, const struct line *l)
{
    struct line asked = *l;
    struct command command;
    struct outcome out = { .refusal = REFUSED_none };
    struct asked got = { .bytes = 0 };
    const struct kind *k = l->count > 2 ? kind_commanded(l->words[2].value) : NULL;
    if (!k) {
        play_fail(p, "allowed P COMMAND");
        return;
    }
    asked.words[2] = l->words[1];   /* the name comes after the command there */
    if (stray(p, k, &asked, 2) || !take(p, k, &asked, 2, true, &command, &out))
        return;
    if (out.refusal == REFUSED_none)
        say(&got, "yes");
    else if (out.refusal == REFUSED_rule)
        say(&got, "no %s", rules[out.rule].name);
    else
        say(&got, "no %s", refusal_name(out.refusal));
    play_expect(p, l->wanted, got.at, true);
}
