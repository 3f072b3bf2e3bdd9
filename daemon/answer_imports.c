/* What imports have made: asked by the keys of their commands, so that a client need remember nothing between two files; and by
 * import, so that one can be undone. The log alone knows both. */
#include <string.h>

#include "../events/days.h"
#include "../events/failure.h"
#include "answers.h"
#include "service.h"

#define KEYS_MAX 10000      /* asked in one request */

static const struct json_limits limits = { 4u << 20, 4, KEYS_MAX + 16 };

/* ---- by key ---- */

/* The events of one stream that an undo took out, kept while the keys asked are of that stream. */
struct undone {
    uint64_t stream;
    int64_t *seqs;
    uint32_t n;
    bool read;
};

static void read_undone(struct call *call, struct undone *u, uint64_t stream)
{
    uint32_t count = (uint32_t)views_stream_version(call->views, stream);
    uint64_t *seqs = ARENA_ARRAY(call->arena, uint64_t, count + 1);
    struct record_header h;
    struct text record;
    *u = (struct undone){ stream, NULL, 0, true };
    count = views_stream(call->views, stream, seqs, count);
    for (uint32_t i = 0; i < count; i++) {
        struct event e;
        if (!log_record(call->log, seqs[i], &record) || !record_header(record, &h) || h.kind != KIND_event_voided ||
            !record_read(call->arena, record, NULL, &e, NULL) || !e.imported)
            continue;
        if (!u->seqs)
            u->seqs = ARENA_ARRAY(call->arena, int64_t, count);
        u->seqs[u->n++] = ((const struct event_voided *)e.data)->event;
    }
}

static bool is_undone(struct call *call, struct undone *u, const struct record_header *h)
{
    if (!u->read || u->stream != h->stream)
        read_undone(call, u, h->stream);
    for (uint32_t i = 0; i < u->n; i++)
        if (u->seqs[i] == (int64_t)h->seq)
            return true;
    return false;
}

static void put_made(struct call *call, struct undone *u, struct text key)
{
    struct json_out *out = call->out;
    uint8_t id[MAC_BYTES];
    uint64_t seq;
    struct text record;
    struct record_header h;
    command_key(&call->service->mac_key, &call->actor, true, key, id);
    if (!views_command(call->views, id, &seq) || !log_record(call->log, seq, &record) || !record_header(record, &h)) {
        json_null(out);
        return;
    }
    struct event e;
    enum stream_type type;
    if (!record_read(call->arena, record, NULL, &e, NULL) || !views_stream_type(call->views, &e, &type)) {
        json_null(out);
        return;
    }
    json_open(out);
    json_key(out, "seq"), json_seq(out, h.seq);
    json_key(out, stream_name(type)), json_id(out, type, h.stream);
    json_key(out, "kind"), json_string(out, e.kind->name);
    json_key(out, "undone"), json_bool(out, is_undone(call, u, &h));
    json_close(out);
}

static const struct json *keys_asked(struct call *call)
{
    const struct json *list = NULL;
    struct json_error error;
    if (json_read(call->arena, call->request->body, &limits, &list, &error) == 0 && list->type == JSON_ARRAY && list->count <= KEYS_MAX) {
        for (const struct json *one = list->first; one && list; one = one->next)
            if (one->type != JSON_STRING || one->string.bytes == 0 || one->string.bytes > COMMAND_ID_BYTES_MAX)
                list = NULL;
        if (list)
            return list;
    }
    failure_forget();
    call_refuse(call, REFUSED_malformed, "a list of at most 10,000 keys of 1 to 200 bytes is expected", NULL);
    return NULL;
}

void answer_made(struct call *call)
{
    struct undone u = { .read = false };
    const struct json *list = keys_asked(call);
    if (!list || !call_look(call))
        return;
    json_open(call->out);
    json_key(call->out, "made"), json_open_list(call->out);
    for (const struct json *one = list->first; one; one = one->next)
        put_made(call, &u, one->string);
    json_close_list(call->out);
    json_close(call->out);
}

/* ---- by import ---- */
struct part {
    struct text name, undoes;
    uint64_t from, until;       /* positions of its opening and of its closing; until 0: it never closed */
    int64_t begun_ms;
    struct actor actor;
};

/* An order is judged whole, so that nothing of others stands between its opening and its closing. */
static void take_note(const struct event *e, struct part *parts, uint32_t *n)
{
    const struct import_noted *note = e->data;
    if (note->begins == 1)
        parts[(*n)++] = (struct part){ note->name, note->undoes, e->seq, 0, e->recorded_ms, e->actor };
    else if (*n && parts[*n - 1].until == 0 && text_equal(parts[*n - 1].name, note->name))
        parts[*n - 1].until = e->seq;
}

static void put_part(struct json_out *out, const struct part *p)
{
    char actor[ACTOR_TEXT_BYTES], instant[INSTANT_TEXT_BYTES];
    json_open(out);
    json_key(out, "name"), json_text(out, p->name);
    json_key(out, "undoes"), json_text(out, p->undoes);
    json_key(out, "actor"), json_string(out, actor_print(&p->actor, actor));
    json_key(out, "recorded"), json_string(out, instant_print(p->begun_ms, instant));
    json_key(out, "from"), json_seq(out, p->from);
    json_key(out, "until"), json_seq(out, p->until);
    json_close(out);
}

void answer_imports(struct call *call)
{
    struct json_out *out = call->out;
    struct text record, name = { NULL, 0 };
    struct record_header h;
    uint32_t n = 0;
    if (!call_text(call, "name", &name) || !call_look(call))
        return;
    uint32_t count = (uint32_t)views_stream_version(call->views, 0);
    uint64_t *seqs = ARENA_ARRAY(call->arena, uint64_t, count + 1);
    struct part *parts = ARENA_ARRAY(call->arena, struct part, count + 1);
    count = views_stream(call->views, 0, seqs, count);
    for (uint32_t i = 0; i < count; i++) {
        struct event *e = arena_take(call->arena, sizeof(*e));
        if (log_record(call->log, seqs[i], &record) && record_header(record, &h) && h.kind == KIND_import_noted &&
            record_read(call->arena, record, NULL, e, NULL))
            take_note(e, parts, &n);
    }
    json_open(out);
    json_key(out, "parts"), json_open_list(out);
    for (uint32_t i = 0; i < n; i++)
        if (!name.at || text_equal(name, parts[i].name))
            put_part(out, &parts[i]);
    json_close_list(out);
    json_close(out);
}
