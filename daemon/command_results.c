/* What the writer decided, as answers: one result, an array or JSON Lines. */
#include <stdio.h>

#include "../events/ids.h"
#include "commands.h"

#define HEADERS_BYTES 256

static void stream_json(struct json_out *out, const struct outcome *o)
{
    json_key(out, stream_name(o->type));
    json_id(out, o->type, o->stream);
}

static void done_json(struct json_out *out, const struct outcome *o, const struct ticket *t, const struct rulebooks *books)
{
    bool replayed = o->refusal == REFUSED_repeated;
    json_open(out);
    json_key(out, "status"), json_number(out, t->order.dry_run || replayed ? 200 : 201);
    json_key(out, "seq"), json_number(out, (int64_t)o->seq);
    json_key(out, "version"), json_number(out, (int64_t)o->version);
    stream_json(out, o);
    if (replayed)
        json_key(out, "replayed"), json_bool(out, true);
    if (t->order.dry_run)
        json_key(out, "dry_run"), json_bool(out, true);
    if (o->into) {
        json_key(out, "into"), json_id(out, STREAM_participant, o->into);
        json_key(out, "kept"), json_number(out, o->kept);
        json_key(out, "left"), json_number(out, o->left);
    }
    if (o->followed)
        json_key(out, "followed"), json_number(out, o->followed);
    if (o->type == STREAM_participant)
        json_key(out, "state"), json_string(out, state_name(o->state_after));
    if (o->after) {
        commands_marks_json(out, o);
        if (!t->minimal) {
            json_key(out, "deadlines"), parcours_deadlines_json(out, o->after, t->french, true);
            json_key(out, "allowed"), parcours_allowed_json(out, o->after, t->today, books);
        }
    }
    json_close(out);
}

void commands_marks_json(struct json_out *out, const struct outcome *o)
{
    bool any = false;
    for (uint32_t i = 0; i < o->after->marks.n; i++) {
        const struct mark *m = &o->after->marks.at[i];
        if (m->seq != o->seq)
            continue;
        if (!any) {
            json_key(out, "marks");
            json_open_list(out);
            any = true;
        }
        json_open(out);
        json_key(out, "rule"), json_string(out, m->rule == MARK_STATE ? "state" : rules[m->rule].name);
        json_key(out, "unfounded"), json_bool(out, m->unfounded);
        json_key(out, "waived"), json_bool(out, m->waived);
        json_close(out);
    }
    if (any)
        json_close_list(out);
}

static void rule_json(struct json_out *out, const struct outcome *o, bool french)
{
    const struct rulebook_rule *r = &o->book->rule[o->rule];
    json_key(out, "rule"), json_string(out, rules[o->rule].name);
    json_key(out, "value"), rule_value_json(out, (enum rule_number)o->rule, &r->value);
    if (r->mode == MODE_UNKNOWN)
        json_key(out, "unknown"), json_bool(out, true);
    json_key(out, "rulebook"), json_text(out, o->book->name);
    json_key(out, "source"), json_text(out, r->source);
    json_key(out, "words"), json_text(out, r->words);
    json_key(out, "since"), json_day(out, o->since);
    json_key(out, "why"), json_string(out, french ? rules[o->rule].fr : rules[o->rule].en);
    json_key(out, "waivable"), json_bool(out, true);
}

static void seqs_json(struct json_out *out, const char *key, const uint64_t *seqs, uint32_t count)
{
    json_key(out, key);
    json_open_list(out);
    for (uint32_t i = 0; i < count; i++)
        json_number(out, (int64_t)seqs[i]);
    json_close_list(out);
}

/* The members of an object that is open. */
static void refused_members(struct json_out *out, const struct outcome *o, const struct ticket *t, const struct rulebooks *books)
{
    char trace_id[TRACE_ID_BYTES];
    struct problems first = { .count = 0 };
    json_key(out, "status"), json_number(out, refusal_http(o->refusal));
    json_key(out, "code"), json_string(out, refusal_name(o->refusal));
    json_key(out, "title"), json_string(out, refusal_sentence(o->refusal, t->french));
    if (o->why)
        json_key(out, "why"), json_string(out, o->why);
    json_key(out, "retryable"), json_bool(out, refusal_retryable(o->refusal));
    json_key(out, "trace_id"), json_string(out, trace_id_new(trace_id));
    if (o->refusal == REFUSED_rule)
        rule_json(out, o, t->french);
    if (o->judged)
        json_key(out, "state"), json_string(out, state_name(o->state_before));
    if (o->refusal == REFUSED_state && o->before && !t->minimal)
        json_key(out, "allowed"), parcours_allowed_json(out, o->before, t->today, books);
    if (o->refusal == REFUSED_version) {
        json_key(out, "current_version"), json_number(out, (int64_t)o->current_version);
        seqs_json(out, "missed", o->missed, o->missed_count);
    }
    if (o->unfounded_count)
        seqs_json(out, "unfounded", o->unfounded, o->unfounded_count);
    if (t->minimal && o->problems.count > 1)
        first.at[0] = o->problems.at[0], first.count = 1;
    problems_json(out, first.count ? &first : &o->problems, t->french);
}

static bool is_done(const struct outcome *o)
{
    return o->refusal == REFUSED_none || o->refusal == REFUSED_repeated;
}

static void result_json(struct json_out *out, const struct outcome *o, const struct ticket *t, const struct rulebooks *books)
{
    if (is_done(o)) {
        done_json(out, o, t, books);
        return;
    }
    json_open(out);
    refused_members(out, o, t, books);
    json_close(out);
}

static int status_of_one(const struct ticket *t)
{
    const struct outcome *o = &t->order.outcomes[0];
    return o->refusal == REFUSED_none && t->order.dry_run ? 200 : refusal_http(o->refusal);
}

static void answer_one(struct json_out *out, const struct ticket *t, const struct rulebooks *books)
{
    const struct outcome *o = &t->order.outcomes[0];
    char headers[HEADERS_BYTES], id[ID_TEXT_BYTES];
    bool done = is_done(o);
    int n = snprintf(headers, sizeof(headers), "Parcours-Position: %llu\r\n", (unsigned long long)t->position);
    if (done)
        n += snprintf(headers + n, sizeof(headers) - (size_t)n, "ETag: \"%llu-%d\"\r\nLocation: /v1/%ss/%s\r\n%s", (unsigned long long)o->version,
                      t->today, stream_name(o->type), id_print(o->type, o->stream, id), o->refusal == REFUSED_repeated ? "Idempotency-Replayed: true\r\n" : "");
    else if (refusal_retryable(o->refusal))
        snprintf(headers + n, sizeof(headers) - (size_t)n, "Retry-After: 1\r\n");
    result_json(out, o, t, books);
    http_answer(t->exchange, status_of_one(t), headers, done ? "application/json" : "application/problem+json", out->at, out->bytes);
}

/* The command for whose sake an atomic order was refused, the first of them; NULL: it was not, or is answered one by one. */
static const struct outcome *refused_whole(const struct ticket *t)
{
    const struct outcome *o = t->order.outcomes;
    for (uint32_t i = 0; t->order.atomic && i < t->order.count; i++)
        if (!is_done(&o[i]) && o[i].refusal != REFUSED_batch)
            return &o[i];
    return NULL;
}

static void put_results(struct json_out *out, const struct ticket *t, const struct rulebooks *books)
{
    for (uint32_t i = 0; i < t->order.count; i++) {
        result_json(out, &t->order.outcomes[i], t, books);
        if (t->form == FORM_LINES)
            json_line(out);
    }
}

/* An order that is all or nothing has one status: who looks at nothing else must not take a refused one for done. */
static void answer_many(struct json_out *out, const struct ticket *t, const struct rulebooks *books)
{
    char headers[HEADERS_BYTES];
    const struct outcome *refused = refused_whole(t);
    int n = snprintf(headers, sizeof(headers), "Parcours-Position: %llu\r\n", (unsigned long long)t->position);
    if (refused && refusal_retryable(refused->refusal))
        snprintf(headers + n, sizeof(headers) - (size_t)n, "Retry-After: 1\r\n");
    if (t->form == FORM_LINES) {
        put_results(out, t, books);
    } else {
        json_open(out);
        if (refused) {
            refused_members(out, refused, t, books);
            json_key(out, "item"), json_number(out, refused - t->order.outcomes);
        }
        json_key(out, "results"), json_open_list(out);
        put_results(out, t, books);
        json_close_list(out);
        json_close(out);
    }
    http_answer(t->exchange, refused ? refusal_http(refused->refusal) : 200, headers,
                t->form == FORM_LINES ? "application/x-ndjson" : refused ? "application/problem+json" : "application/json", out->at, out->bytes);
}

void commands_deliver(struct loop *loop, struct ticket *t)
{
    const struct rulebooks *books = desk_rulebooks(loop->service->desk);
    json_out_reset(&loop->out);
    if (http_exchange_is_orphan(t->exchange))
        http_answer(t->exchange, 200, NULL, NULL, NULL, 0);
    else if (t->form == FORM_ONE)
        answer_one(&loop->out, t, books);
    else
        answer_many(&loop->out, t, books);
    json_out_reset(&loop->out);
    ticket_give_back(loop, t);
}
