/* What the independent model (tests/model) compares: the events as the feed tells them, and our answers, after a scenario.
 * DIR/NAME.events.jsonl and DIR/NAME.answers.jsonl, one JSON object a line. */
#include <string.h>

#include "../events/days.h"
#include "../events/exits.h"
#include "../events/ids.h"
#include "play.h"

#define DAY_MS 86400000ll
#define DUMP_BYTES_MAX (64u << 20)
#define ALERTS_MAX 1024

static void write_file(struct play *p, const char *end, struct json_out *out)
{
    char path[PATH_BYTES * 2];
    const char *name = strrchr(p->path, '/') ? strrchr(p->path, '/') + 1 : p->path;
    snprintf(path, sizeof(path), "%s/%.*s.%s.jsonl", p->dump, (int)strcspn(name, "."), name, end);
    FILE *f = fopen(path, "w");
    bool good = f && !json_out_failed(out) && fwrite(out->at, 1, out->bytes, f) == out->bytes;
    if (f && fclose(f) != 0)
        good = false;
    if (!good)
        play_fail(p, "%s could not be written", path);
    json_out_free(out);
}

/* ---- events ---- */
struct telling {
    struct play *play;
    struct json_out *out;
};

static bool tell_record(void *context, uint64_t seq, struct text record)
{
    struct telling *t = context;
    struct key key;
    struct event e;
    struct record_header h;
    (void)seq;
    if (!record_header(record, &h))
        return false;
    bool readable = vault_key(t->play->desk->vault, h.stream, &key) == 0;
    if (!record_read(&t->play->scratch, record, readable ? &key : NULL, &e, NULL))
        return false;
    event_to_json(t->out, &e, play_type(t->play, &e), readable);
    json_line(t->out);
    return true;
}

/* ---- participants ---- */
static void put_day(struct json_out *out, const char *key, int32_t day)
{
    json_key(out, key);
    json_day(out, day);
}

static void put_number(struct json_out *out, const char *key, int64_t n)
{
    json_key(out, key);
    json_number(out, n);
}

static void put_rule(struct json_out *out, int rule)
{
    json_key(out, "rule");
    json_string(out, rule == MARK_STATE ? "state" : rules[rule].name);
}

static void put_deadlines(struct json_out *out, const struct parcours *q)
{
    json_key(out, "deadlines");
    json_open_list(out);
    for (int r = 0; r < RULES; r++) {
        if (q->open[r].due == DAY_NONE)
            continue;
        json_open(out);
        put_rule(out, r);
        put_day(out, "due", q->open[r].due);
        put_day(out, "since", q->open[r].since);
        put_number(out, "cause", (int64_t)q->open[r].cause);
        json_close(out);
    }
    json_close_list(out);
}

static void put_marks(struct json_out *out, const struct parcours *q)
{
    json_key(out, "marks");
    json_open_list(out);
    for (uint32_t i = 0; i < q->marks.n; i++) {
        const struct mark *m = &q->marks.at[i];
        json_open(out);
        put_number(out, "event", (int64_t)m->seq);
        put_rule(out, m->rule);
        json_key(out, "unfounded");
        json_bool(out, m->unfounded);
        json_key(out, "waived");
        json_bool(out, m->waived);
        json_close(out);
    }
    json_close_list(out);
}

static void put_late(struct json_out *out, const struct parcours *q)
{
    json_key(out, "late");
    json_open_list(out);
    for (uint32_t i = 0; i < q->episodes.n; i++) {
        const struct episode *e = &q->episodes.at[i];
        json_open(out);
        put_rule(out, e->rule);
        put_day(out, "due", e->due);
        put_day(out, "since", e->since);
        put_day(out, "settled_on", e->settled_on);
        put_number(out, "cause", (int64_t)e->cause);
        put_number(out, "settled", (int64_t)e->settled);
        json_close(out);
    }
    json_close_list(out);
}

static void put_id(struct json_out *out, const char *key, enum stream_type type, uint64_t stream)
{
    char id[ID_TEXT_BYTES];
    json_key(out, key);
    json_string(out, id_print(type, stream, id));
}

static void put_participant(struct json_out *out, const struct parcours *q, const struct rulebooks *books)
{
    const struct rulebook *book;
    int32_t limit = parcours_limit_in_force(q, books, &book);
    json_open(out);
    put_id(out, "participant", STREAM_participant, q->stream);
    json_key(out, "state");
    json_string(out, state_name(q->state));
    put_number(out, "parcours", q->number);
    put_number(out, "version", (int64_t)q->version);
    put_day(out, "started", q->start_on);
    put_day(out, "limit", limit);
    put_number(out, "uncounted_days", parcours_uncounted_days(q, book));
    put_number(out, "extensions", q->extensions);
    if (q->referent == ABSENT) {
        json_key(out, "referent");
        json_null(out);
    } else {
        put_id(out, "referent", STREAM_referent, (uint64_t)q->referent);
    }
    put_deadlines(out, q);
    put_marks(out, q);
    put_late(out, q);
    json_close(out);
}

/* Everything; or what had happened by a day; or what was known at its end. */
enum when { ALL, AS_OF, KNOWN_AT };

static void put_question(struct json_out *out, enum when when, int32_t day, int64_t known_ms)
{
    char instant[INSTANT_TEXT_BYTES];
    json_key(out, "question");
    json_open(out);
    if (when == AS_OF)
        put_day(out, "as_of", day);
    if (when == KNOWN_AT) {
        json_key(out, "known_at");
        json_string(out, instant_print(known_ms, instant));
    }
    json_close(out);
}

static void answer_participant(struct play *p, struct json_out *out, uint64_t stream, enum when when, int32_t day)
{
    struct parcours q;
    const struct rulebooks *books;
    int64_t known_ms = when == KNOWN_AT ? (day + 1ll) * DAY_MS - 1 : INT64_MAX;
    if (!play_then(p, stream, when == AS_OF ? day : INT32_MAX, known_ms, &q, &books) || (when == KNOWN_AT && q.version == 0))
        return;     /* not there yet */
    json_open(out);
    put_question(out, when, day, known_ms);
    json_key(out, "participant");
    if (when == ALL)
        put_participant(out, play_parcours(p, stream), desk_rulebooks(p->desk));
    else
        put_participant(out, &q, books);
    json_close(out);
    json_line(out);
}

static void answer_exit_check(struct play *p, struct json_out *out, uint64_t stream, int32_t day)
{
    const struct parcours *q = play_parcours(p, stream);
    json_open(out);
    json_key(out, "question");
    json_open(out);
    put_day(out, "exit_check", day);
    put_id(out, "participant", STREAM_participant, stream);
    json_close(out);
    json_key(out, "criteria");
    json_open_list(out);
    for (unsigned i = 0; i < exit_criteria(); i++) {
        struct exit_check c = exit_outlook(q, i, day, desk_rulebooks(p->desk));
        json_open(out);
        json_key(out, "criterion");
        json_string(out, word_name(VOCABULARY_exit_criterion, i));
        json_key(out, "met");
        json_bool(out, c.met);
        put_day(out, "earliest", c.earliest);
        json_close(out);
    }
    json_close_list(out);
    json_close(out);
    json_line(out);
}

static void answer_alerts(struct play *p, struct json_out *out, int32_t day)
{
    static struct alert shown[ALERTS_MAX];
    char id[ID_TEXT_BYTES];
    unsigned n = play_alerts_on(p, day, shown, ALERTS_MAX);
    json_open(out);
    json_key(out, "question");
    json_open(out);
    put_day(out, "alerts", day);
    json_close(out);
    json_key(out, "alerts");
    json_open_list(out);
    for (unsigned i = 0; i < n; i++) {
        json_open_list(out);
        json_string(out, rules[shown[i].rule].name);
        json_string(out, id_print(STREAM_participant, shown[i].owner, id));
        json_day(out, shown[i].since);
        json_day(out, shown[i].due);
        json_close_list(out);
    }
    json_close_list(out);
    json_close(out);
    json_line(out);
}

/* Of the others every criterion answers "nothing has started", which takes the model long to find out. */
static bool has_situation(const struct parcours *q)
{
    return q->jobs.n || q->spans.n || q->hours.n || q->qualified_seq;
}

static void answer_all(struct play *p, struct json_out *out)
{
    for (uint64_t stream = 1; stream < p->desk->position.streams; stream++) {
        const struct parcours *q = play_parcours(p, stream);
        if (!q)
            continue;
        bool situation = has_situation(q);
        answer_participant(p, out, stream, ALL, DAY_NONE);
        for (unsigned i = 0; i < p->day_count; i++) {
            answer_participant(p, out, stream, AS_OF, p->days[i]);
            answer_participant(p, out, stream, KNOWN_AT, p->days[i]);
        }
        if (situation)
            answer_exit_check(p, out, stream, p->today);
    }
    for (unsigned i = 0; i < p->day_count; i++)
        answer_alerts(p, out, p->days[i]);
    play_dump_figures(p, out);
}

void play_dump(struct play *p)
{
    struct json_out out;
    struct telling telling = { p, &out };
    arena_reset(&p->scratch);
    if (!p->dump || !play_rows(p))
        return;
    json_out_init(&out, DUMP_BYTES_MAX);
    log_walk(p->desk->log_txn, 1, tell_record, &telling);
    write_file(p, "events", &out);
    json_out_init(&out, DUMP_BYTES_MAX);
    answer_all(p, &out);
    write_file(p, "answers", &out);
}
