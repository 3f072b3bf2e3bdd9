/* POST /v1/commands: from bytes to tickets. What becomes of them is answered in command_results.c. */
#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "../events/failure.h"
#include "../events/ids.h"
#include "../events/roles.h"

#define COMMANDS_MAX 50000      /* of one request */
#define TOGETHER_MAX 10000      /* of an atomic order or a dry run, which the writer judges without a pause */
#define FULL_ANSWERS_MAX 1000   /* beyond, results tell seq, version and state alone */
static const struct json_limits one_command = { 1u << 20, 16, 20000 }, many_commands = { 32u << 20, 16, 1000000 };

/* ---- reading ---- */
struct posting {
    struct call *call;
    struct ticket *ticket;
    struct reading reading;
    struct text header_id;
};

static const struct kind *kind_of_event(void *context, uint64_t stream, uint64_t seq)
{
    struct call *c = context;
    struct text record;
    struct record_header h;
    if (!call_look(c) || !log_record(c->log, seq, &record) || !record_header(record, &h) || h.stream != stream)
        return NULL;
    return kind_of(h.kind);
}

static struct text item_id(struct posting *p, uint32_t index)
{
    if (!p->header_id.at || p->ticket->form == FORM_ONE)
        return p->header_id;
    return arena_print(&p->ticket->arena, "%.*s/%u", TEXT_ARGS(p->header_id), index);
}

static bool is_about(const struct command *c, enum stream_type type)
{
    return c->type == type || c->kind->stream == type;
}

/* Waivers, rulebooks, deliveries and erasure are the coordinator's; whoever may send commands may say that they are an import's. */
static bool for_coordinators(const struct command *c)
{
    bool of_the_plie = c->type == STREAM_plie && c->kind->number != KIND_import_noted;
    return c->waiver_count || of_the_plie || is_about(c, STREAM_delivery) || c->kind->number == KIND_participant_erased || c->kind->number == KIND_legal_hold_set ||
           c->kind->number == KIND_participant_merged;
}

static void read_one(struct posting *p, uint32_t index, const struct json *json)
{
    struct order *o = &p->ticket->order;
    struct outcome *out = &o->outcomes[index];
    out->refusal = command_read(&p->reading, json, item_id(p, index), &o->commands[index], &out->problems);
    if (out->refusal != REFUSED_none)
        return;
    bool theirs = p->call->role == ROLE_coordinator || !for_coordinators(&o->commands[index]);
    if (!theirs || is_about(&o->commands[index], STREAM_sending))       /* what was sent is the daemon's own record */
        out->refusal = REFUSED_forbidden;
}

static void make_room(struct posting *p, uint32_t count)
{
    struct order *o = &p->ticket->order;
    o->commands = ARENA_ARRAY(o->arena, struct command, count);
    o->outcomes = ARENA_ARRAY(o->arena, struct outcome, count);
    o->count = count;
}

static bool bad_json(struct posting *p, const struct json_error *e)
{
    struct problems problems = { .count = 0 };
    problem_add(&problems, e->why, "byte %u", e->byte);
    failure_forget();
    call_refuse(p->call, REFUSED_malformed, "the body is not JSON", &problems);
    return false;
}

static bool read_document(struct posting *p, struct text body)
{
    const struct json *json;
    struct json_error error;
    bool list = body.bytes > 4096 || memchr(body.at, '[', body.bytes < 64 ? body.bytes : 64);
    if (json_read(&p->ticket->arena, body, list ? &many_commands : &one_command, &json, &error) != 0)
        return bad_json(p, &error);
    p->ticket->form = json->type == JSON_ARRAY ? FORM_ARRAY : FORM_ONE;
    if (p->ticket->form == FORM_ARRAY && (json->count == 0 || json->count > COMMANDS_MAX)) {
        call_refuse(p->call, REFUSED_malformed, "an array holds 1 to 50,000 commands", NULL);
        return false;
    }
    if (p->ticket->form == FORM_ONE) {
        make_room(p, 1);
        read_one(p, 0, json);
        return true;
    }
    uint32_t i = 0;
    make_room(p, json->count);
    for (const struct json *item = json->first; item; item = item->next)
        read_one(p, i++, item);
    return true;
}

static uint32_t count_lines(struct text body)
{
    uint32_t lines = 0;
    for (uint32_t i = 0; i < body.bytes; i++)
        lines += body.at[i] == '\n';
    return lines + (body.bytes && body.at[body.bytes - 1] != '\n');
}

static void read_line(struct posting *p, uint32_t index, struct text line)
{
    const struct json *json = NULL;
    struct json_error error;
    struct outcome *out = &p->ticket->order.outcomes[index];
    if (json_read(&p->ticket->arena, line, &one_command, &json, &error) == 0) {
        read_one(p, index, json);
        return;
    }
    failure_forget();
    out->refusal = REFUSED_malformed;
    problem_add(&out->problems, error.why, "byte %u", error.byte);
}

static bool read_lines(struct posting *p, struct text body)
{
    uint32_t lines = count_lines(body), n = 0;
    p->ticket->form = FORM_LINES;
    if (lines == 0 || lines > COMMANDS_MAX) {
        call_refuse(p->call, REFUSED_malformed, "1 to 50,000 lines", NULL);
        return false;
    }
    make_room(p, lines);
    for (uint32_t at = 0; at < body.bytes && n < lines;) {
        const char *end = memchr(body.at + at, '\n', body.bytes - at);
        uint32_t bytes = end ? (uint32_t)(end - body.at) - at : body.bytes - at;
        read_line(p, n++, (struct text){ body.at + at, bytes });
        at += bytes + 1;
    }
    return true;
}

static bool is_lines(const struct http_request *r)
{
    const struct text *type = http_header(r, "content-type");
    return type && type->bytes >= 20 && strncasecmp(type->at, "application/x-ndjson", 20) == 0;
}

/* "key", or bare. */
static struct text idempotency_key(struct call *c, struct arena *arena)
{
    const struct text *h = http_header(c->request, "idempotency-key");
    if (!h || h->bytes == 0)
        return (struct text){ NULL, 0 };
    bool quoted = h->bytes >= 2 && h->at[0] == '"' && h->at[h->bytes - 1] == '"';
    return quoted ? arena_text(arena, h->at + 1, h->bytes - 2) : arena_text(arena, h->at, h->bytes);
}

static bool flag(struct call *c, const char *name, bool *ret)
{
    int64_t n = 0;
    if (!call_number(c, name, 0, 1, &n))
        return false;
    *ret = n == 1;
    return true;
}

/* If-Match: "14" or "14-20779" stands for expected_version of a single command; "*" for any version. What names no version
 * is refused: passing it over would write what the caller wanted to be guarded. */
static bool match_version(struct call *c, struct ticket *t)
{
    const struct text *h = http_header(c->request, "if-match");
    int64_t version = 0;
    uint32_t digits = 0;
    if (!h || text_is(*h, "*"))
        return true;
    uint32_t quote = h->bytes > 1 && h->at[0] == '"';
    for (uint32_t i = quote; i < h->bytes && h->at[i] >= '0' && h->at[i] <= '9' && digits < 18; i++, digits++)
        version = version * 10 + (h->at[i] - '0');
    uint32_t end = quote + digits;
    bool ended = end == h->bytes || h->at[end] == '-' || (quote && h->at[end] == '"');
    if (digits == 0 || !ended || t->form != FORM_ONE) {
        call_refuse(c, REFUSED_malformed, "If-Match names the version of a single command's stream, \"14\" or the ETag it was given with", NULL);
        return false;
    }
    if (t->order.commands[0].expected_version == ABSENT)
        t->order.commands[0].expected_version = version;
    return true;
}

static bool prefers_minimal(const struct http_request *r)
{
    const struct text *prefer = http_header(r, "prefer");
    return prefer && prefer->bytes >= 14 && memmem(prefer->at, prefer->bytes, "return=minimal", 14);
}

static bool nothing_to_judge(const struct order *o)
{
    for (uint32_t i = 0; i < o->count; i++)
        if (o->outcomes[i].refusal == REFUSED_none)
            return false;
    return true;
}

static bool fits_together(struct call *c, const struct ticket *t)
{
    if (t->order.count <= TOGETHER_MAX || !(t->order.atomic || t->order.dry_run))
        return true;
    call_refuse(c, REFUSED_malformed, "at most 10,000 commands are judged together (atomic=1, dry_run=1)", NULL);
    return false;
}

static struct ticket *read_request(struct call *c)
{
    struct ticket *t = ticket_take(c->loop);
    struct posting p = { .call = c, .ticket = t };
    p.reading = (struct reading){ .arena = &t->arena, .actor = c->actor, .today = c->today, .demo = desk_is_demo(c->service->desk),
                                  .mac_key = &c->service->mac_key, .kind_of_event = kind_of_event, .context = c };
    /* The body is the connection's: it is copied, for the answer comes later. */
    struct text body = arena_text(&t->arena, c->request->body.at, c->request->body.bytes);
    p.header_id = idempotency_key(c, &t->arena);
    t->french = c->french;
    t->today = c->today;
    t->minimal = prefers_minimal(c->request);
    bool good = flag(c, "dry_run", &t->order.dry_run) && flag(c, "atomic", &t->order.atomic);
    if (good && p.header_id.at && (p.header_id.bytes == 0 || p.header_id.bytes > COMMAND_ID_BYTES_MAX - 12)) {
        call_refuse(c, REFUSED_malformed, "an Idempotency-Key has 1 to 188 bytes", NULL);
        good = false;
    }
    if (good)
        good = is_lines(c->request) ? read_lines(&p, body) : read_document(&p, body);
    if (good)
        good = match_version(c, t) && fits_together(c, t);
    t->minimal = t->minimal || t->order.count > FULL_ANSWERS_MAX;
    if (!good)
        ticket_give_back(c->loop, t);
    return good ? t : NULL;
}

void answer_commands(struct call *c)
{
    struct ticket *t = read_request(c);
    if (!t)
        return;
    t->exchange = c->exchange;
    if (nothing_to_judge(&t->order)) {
        t->position = desk_position(c->service->desk);
        c->answered = true;
        commands_deliver(c->loop, t);
    } else if (!writer_submit(c->loop, t)) {    /* a daemon that stops still answers what has reached it */
        call_refuse(c, REFUSED_busy, NULL, NULL);
        ticket_give_back(c->loop, t);
    }
    c->answered = true;
}
