/* What another rulebook would change, on the real log: {"values": the rulebook's JSON text, "from_day": DAY}. Everybody is
 * folded twice; totals by rule, then the differences one by one, at most ?limit= of them. Nothing is written. */
#include <string.h>

#include "../events/exits.h"
#include "../events/failure.h"
#include "../projections/simulation.h"
#include "answers.h"
#include "dossiers.h"
#include "service.h"

#define LINES_MAX 10000
#define NUMBERS_MAX (RULES > WORDS_MAX ? RULES : WORDS_MAX)

struct simulating {
    struct call *call;
    struct arena fold;              /* of the second fold */
    struct rulebooks other;
    struct rulebook book;
    int64_t limit;
    struct difference *lines;
    uint32_t n, room;
    struct counts {
        uint32_t gained, lost, changed;
    } counts[DIFFERENCES][NUMBERS_MAX];
    uint64_t participants, touched, last_touched, all;
};

/* ---- what is asked ---- */
static bool refuse_body(struct call *call, const char *pointer, const char *why)
{
    struct problems problems = { .count = 0 };
    problem_add(&problems, why, "%s", pointer);
    call_refuse(call, REFUSED_malformed, NULL, &problems);
    return false;
}

static bool read_book(struct simulating *s, const struct json *body)
{
    const struct json *values = json_get(body, "values"), *from = json_get(body, "from_day");
    struct problems problems = { .count = 0 };
    if (!values || values->type != JSON_STRING)
        return refuse_body(s->call, "/values", "the JSON text of a rulebook is expected, all values resolved");
    if (!from || from->type != JSON_STRING || !day_parse(from->string, &s->book.from_day))
        return refuse_body(s->call, "/from_day", "a day is expected, YYYY-MM-DD");
    int32_t from_day = s->book.from_day;
    if (rulebook_read(s->call->arena, values->string, &s->book, &problems) != 0) {
        failure_forget();
        call_refuse(s->call, REFUSED_malformed, "the rulebook cannot be read", &problems);
        return false;
    }
    s->book.seq = 0;        /* known to every event, as if it had always been */
    s->book.from_day = from_day;
    return true;
}

static bool read_asked(struct simulating *s)
{
    static const struct json_limits limits = { 4 * RULEBOOK_BYTES_MAX, 4, 100 };
    struct json_error error;
    const struct json *body;
    s->limit = 1000;
    if (!call_number(s->call, "limit", 0, LINES_MAX, &s->limit))
        return false;
    if (json_read(s->call->arena, s->call->request->body, &limits, &body, &error) != 0) {
        failure_forget();
        return refuse_body(s->call, "", error.why);
    }
    if (body->type != JSON_OBJECT)
        return refuse_body(s->call, "", "an object is expected: values, from_day");
    return read_book(s, body);
}

/* ---- counting ---- */
static void take(void *context, const struct difference *d)
{
    struct simulating *s = context;
    struct counts *c = &s->counts[d->kind][d->number];
    if (d->before == d->after)
        c->changed++;
    else if (d->after)
        c->gained++;
    else
        c->lost++;
    s->touched += s->last_touched != d->participant;
    s->last_touched = d->participant;
    s->all++;
    if (s->n >= s->limit)
        return;
    void *at = s->lines;
    vector_room(s->call->arena, &s->n, &s->room, &at, sizeof(*d));
    s->lines = at;
    s->lines[s->n++] = *d;
}

static bool fold_again(void *context, const struct parcours *p, const struct event *const *standing, uint32_t count)
{
    struct simulating *s = context;
    struct parcours other;
    arena_reset(&s->fold);
    parcours_begin(&other, &s->fold, p->stream);
    for (uint32_t i = 0; i < count; i++)
        parcours_step(&other, standing[i], &s->other);
    simulation_compare(p, s->call->books, &other, &s->other, s->call->today, take, s);
    s->participants++;
    return true;
}

/* ---- the answer ---- */
static const char *number_name(enum difference_kind kind, int number)
{
    return kind == DIFFERENT_EXIT ? word_name(VOCABULARY_exit_criterion, number) : rules[number].name;
}

static void put_totals(struct json_out *out, const struct simulating *s)
{
    json_key(out, "totals"), json_open_list(out);
    for (int kind = 0; kind < DIFFERENCES; kind++)
        for (int r = 0; r < NUMBERS_MAX; r++) {
            const struct counts *c = &s->counts[kind][r];
            if (c->gained + c->lost + c->changed == 0)
                continue;
            json_open(out);
            json_key(out, "what"), json_string(out, difference_name((enum difference_kind)kind));
            json_key(out, kind == DIFFERENT_EXIT ? "criterion" : "rule"), json_string(out, number_name((enum difference_kind)kind, r));
            json_key(out, "gained"), json_number(out, c->gained);
            json_key(out, "lost"), json_number(out, c->lost);
            json_key(out, "changed"), json_number(out, c->changed);
            json_close(out);
        }
    json_close_list(out);
}

static void put_line(struct json_out *out, const struct difference *d)
{
    json_open(out);
    json_key(out, "what"), json_string(out, difference_name(d->kind));
    json_key(out, d->kind == DIFFERENT_EXIT ? "criterion" : "rule"), json_string(out, number_name(d->kind, d->number));
    json_key(out, "participant"), json_id(out, STREAM_participant, d->participant);
    json_key(out, "event"), json_seq(out, d->event);
    json_key(out, "before"), json_bool(out, d->before);
    json_key(out, "after"), json_bool(out, d->after);
    json_key(out, "day_before"), json_day(out, d->day_before);
    json_key(out, "day_after"), json_day(out, d->day_after);
    json_close(out);
}

static void put_answer(struct simulating *s)
{
    struct json_out *out = s->call->out;
    json_open(out);
    json_key(out, "rulebook"), json_text(out, s->book.name);
    json_key(out, "from_day"), json_day(out, s->book.from_day);
    json_key(out, "participants"), json_number(out, (int64_t)s->participants);
    json_key(out, "participants_touched"), json_number(out, (int64_t)s->touched);
    json_key(out, "differences_in_all"), json_number(out, (int64_t)s->all);
    put_totals(out, s);
    json_key(out, "differences"), json_open_list(out);
    for (uint32_t i = 0; i < s->n; i++)
        put_line(out, &s->lines[i]);
    json_close_list(out);
    json_close(out);
}

void answer_simulate(struct call *call)
{
    struct simulating *s = ARENA_ARRAY(call->arena, struct simulating, 1);
    s->call = call;
    if (!read_asked(s) || !call_look(call))
        return;
    if (simulation_rulebooks(call->books, &s->book, &s->other) != 0) {
        failure_forget();
        refuse_body(call, "/values", "as many rulebooks as there may be are adopted already");
        return;
    }
    struct streams all = streams_of(call, STREAM_participant);
    arena_init(&s->fold, REQUEST_ARENA_BYTES);
    bool good = walk_participants(call, &all, NOW, fold_again, s);
    arena_free(&s->fold);
    if (good)
        put_answer(s);
}
