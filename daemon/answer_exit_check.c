/* Each exit criterion: met or not on a day, what is missing, and the first day on which it could be met. */
#include "../events/exits.h"
#include "answers.h"

static void put_missing(struct json_out *out, uint32_t missing, bool french)
{
    json_open_list(out);
    for (int m = 0; m < MISSINGS; m++) {
        if (!(missing >> m & 1))
            continue;
        json_open(out);
        json_key(out, "code"), json_string(out, missing_name((enum missing)m));
        json_key(out, "sentence"), json_string(out, missing_sentence((enum missing)m, french));
        json_close(out);
    }
    json_close_list(out);
}

static void put_criterion(struct call *call, const struct parcours *p, unsigned criterion, int32_t on)
{
    struct json_out *out = call->out;
    struct exit_check c = exit_outlook(p, criterion, on, call->books);
    json_open(out);
    json_key(out, "criterion"), json_word(out, VOCABULARY_exit_criterion, criterion);
    json_key(out, "sentence"), json_string(out, word_sentence(VOCABULARY_exit_criterion, criterion, call->french));
    json_key(out, "rule"), json_string(out, rules[exit_rule(criterion)].name);
    json_key(out, "met"), json_bool(out, c.met);
    json_key(out, "earliest"), json_day(out, c.earliest);
    json_key(out, "missing"), put_missing(out, c.missing, call->french);
    json_key(out, "cause"), json_seq(out, c.cause);
    json_close(out);
}

void answer_exit_check(struct call *call)
{
    struct moment m;
    const struct parcours *p;
    struct json_out *out = call->out;
    if (!call_moment(call, &m))
        return;
    int32_t on = m.as_of == INT32_MAX ? call->today : m.as_of;
    if (!call_day(call, "on", &on) || !call_look(call) || !(p = call_fold(call, call->stream, m.as_of, m.known_at, false, NULL, NULL)))
        return;
    json_open(out);
    json_key(out, "participant"), json_id(out, STREAM_participant, call->stream);
    json_key(out, "on"), json_day(out, on);
    json_key(out, "criteria"), json_open_list(out);
    for (unsigned i = 0; i < exit_criteria(); i++)
        put_criterion(call, p, i, on);
    json_close_list(out);
    json_close(out);
}
