/* Commands read from JSON, and the words of refusal. */
#include "gate.h"

#include <string.h>

#include "days.h"
#include "ids.h"

static const struct {
    const char *name;
    int http;
    bool retry;
    const char *fr, *en;
} refusals[] = {
#define X(name, http, retry, fr, en) { #name, http, retry, fr, en },
    REFUSALS(X)
#undef X
};

const char *refusal_name(enum refusal r)
{
    return refusals[r].name;
}

int refusal_http(enum refusal r)
{
    return refusals[r].http;
}

bool refusal_retryable(enum refusal r)
{
    return refusals[r].retry;
}

const char *refusal_sentence(enum refusal r, bool french)
{
    return french ? refusals[r].fr : refusals[r].en;
}

/* ---- one reader a key ---- */
struct reader {
    const struct reading *reading;
    struct command *command;
    struct problems *problems;
    const struct json *data;
    bool unknown;               /* a well-formed id that names nobody */
    unsigned targets;           /* how many streams were named */
};

static bool want(struct reader *r, const struct json *j, enum json_type type, const char *why)
{
    if (j->type != type)
        problem_add(r->problems, why, "/%.*s", TEXT_ARGS(j->key));
    return j->type == type;
}

static void read_data(struct reader *r, const struct json *j)
{
    r->data = j;
}

static void read_command(struct reader *r, const struct json *j)
{
    (void)r, (void)j;   /* read first: everything else depends on it */
}

static void read_on(struct reader *r, const struct json *j)
{
    r->command->on_given = true;
    if (want(r, j, JSON_STRING, "a day is written \"YYYY-MM-DD\"") && !day_parse(j->string, &r->command->on))
        problem_add(r->problems, "there is no such day (YYYY-MM-DD, from 1900 to 2099)", "/on");
}

static void read_id(struct reader *r, const struct json *j)
{
    if (!want(r, j, JSON_STRING, "an id is a string"))
        return;
    if (j->string.bytes == 0 || j->string.bytes > COMMAND_ID_BYTES_MAX)
        problem_add(r->problems, "an id has 1 to 200 bytes", "/id");
    else
        r->command->id = j->string;
}

static bool read_whole(struct reader *r, const struct json *j, int64_t min, int64_t *ret)
{
    if (!want(r, j, JSON_NUMBER, "a whole number is expected"))
        return false;
    if (!j->whole || j->hundredths / 100 < min) {
        problem_add(r->problems, "out of bounds", "/%.*s", TEXT_ARGS(j->key));
        return false;
    }
    *ret = j->hundredths / 100;
    return true;
}

static void read_expected(struct reader *r, const struct json *j)
{
    read_whole(r, j, 0, &r->command->expected_version);
}

static void read_after(struct reader *r, const struct json *j)
{
    int64_t seq;
    if (read_whole(r, j, 1, &seq))
        r->command->after = (uint64_t)seq;
}

static bool read_stream(struct reader *r, const struct json *j, enum stream_type wanted, uint64_t *ret)
{
    enum stream_type type;
    if (!want(r, j, JSON_STRING, "an id is a string"))
        return false;
    if (id_parse(j->string, &type, ret) && type == wanted)
        return true;
    r->unknown = true;  /* ids are dense: what is not one of ours names nobody */
    problem_add(r->problems, "there is nobody of that id", "/%.*s", TEXT_ARGS(j->key));
    return false;
}

/* "=KEY" */
static void add_reference(struct reader *r, const struct field *f, struct text written, const char *pointer)
{
    struct command *c = r->command;
    if (written.bytes < 2 || written.bytes > COMMAND_ID_BYTES_MAX + 1)
        problem_add(r->problems, "after = stands the key of a command, 1 to 200 bytes", "%s", pointer);
    else if (c->reference_count == REFERENCES_MAX)
        problem_add(r->problems, "too many references by key", "%s", pointer);
    else
        c->references[c->reference_count++] = (struct reference){ f, { written.at + 1, written.bytes - 1 }, { 0 } };
}

static bool by_key(const struct json *j)
{
    return j->type == JSON_STRING && j->string.bytes && j->string.at[0] == '=';
}

static void read_target(struct reader *r, const struct json *j)
{
    struct command *c = r->command;
    if (by_key(j)) {
        c->has_target = true;
        add_reference(r, NULL, j->string, "");
    } else {
        c->has_target = read_stream(r, j, c->type, &c->stream);
    }
}

/* The events of data that are named by a key; those of a correction's content are named by number. */
static void find_references(struct reader *r, const struct kind *kind, void *data, const struct json *json)
{
    for (unsigned i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->fields[i];
        if (f->type == TYPE_EVENT && *field_number(f, data) == EVENT_BY_KEY) {
            if (kind == r->command->kind)
                add_reference(r, f, json_get(json, f->name)->string, "/data");
            else
                problem_add(r->problems, "in a correction an event is named by its number", "/data/content/data/%s", f->name);
        } else if (f->type == TYPE_CONTENT && !field_absent(f, data)) {
            struct content *inner = *field_content(f, data);
            find_references(r, inner->kind, inner->data, NULL);
        }
    }
}

static void read_performed_by(struct reader *r, const struct json *j)
{
    uint64_t stream;
    if (read_stream(r, j, STREAM_referent, &stream))
        r->command->performed_by = (int64_t)stream;
}

static void read_imported(struct reader *r, const struct json *j)
{
    if (want(r, j, JSON_BOOL, "true or false is expected"))
        r->command->imported = j->truth;
}

static void read_accept_unfounded(struct reader *r, const struct json *j)
{
    if (want(r, j, JSON_BOOL, "true or false is expected"))
        r->command->accept_unfounded = j->truth;
}

static void read_recorded(struct reader *r, const struct json *j)
{
    if (!r->reading->demo)
        problem_add(r->problems, "only a demonstration store lets commands set the clock", "/recorded");
    else if (want(r, j, JSON_STRING, "an instant is written in RFC 3339") && !instant_parse(j->string, &r->command->recorded_ms))
        problem_add(r->problems, "an instant is written in RFC 3339, \"2026-01-31T09:15:02Z\"", "/recorded");
}

static void read_waive(struct reader *r, const struct json *j)
{
    struct command *c = r->command;
    if (!want(r, j, JSON_ARRAY, "a list of {rule, reason} is expected"))
        return;
    if (j->count > WAIVERS_MAX) {
        problem_add(r->problems, "too many waivers", "/waive");
        return;
    }
    c->waivers = ARENA_ARRAY(r->reading->arena, struct waiver, j->count + 1);
    for (const struct json *w = j->first; w; w = w->next) {
        const struct json *rule = json_get(w, "rule"), *reason = json_get(w, "reason");
        bool shaped = w->type == JSON_OBJECT && w->count == 2 && rule && reason && rule->type == JSON_STRING && reason->type == JSON_STRING;
        if (!shaped || rule_named(rule->string) < 0 || reason->string.bytes == 0 || reason->string.bytes > 500)
            problem_add(r->problems, "a waiver is {\"rule\": a rule's name, \"reason\": 1 to 500 bytes}", "/waive/%u", c->waiver_count);
        else
            c->waivers[c->waiver_count] = (struct waiver){ rule->string, reason->string };
        c->waiver_count++;
    }
}

static const struct {
    const char *key;
    void (*read)(struct reader *, const struct json *);
} keys[] = {
    { "command", read_command }, { "on", read_on }, { "data", read_data }, { "id", read_id },
    { "expected_version", read_expected }, { "after", read_after }, { "performed_by", read_performed_by },
    { "imported", read_imported }, { "accept_unfounded", read_accept_unfounded }, { "recorded", read_recorded },
    { "waive", read_waive },
};

/* An unknown key is named only when it looks like one: whatever else a client sends does not come back in an answer. */
static bool like_a_key(struct text key)
{
    for (uint32_t i = 0; i < key.bytes; i++)
        if (!(key.at[i] >= 'a' && key.at[i] <= 'z') && key.at[i] != '_')
            return false;
    return key.bytes <= 40;
}

/* The PLIE's own commands need not name it; what any stream may bear says whose it is. */
static bool names_target(struct reader *r, struct text key)
{
    struct command *c = r->command;
    int type = stream_type_named(key);
    if (type < 0 || !kind_fits(c->kind, (enum stream_type)type) || (type == STREAM_plie && !kind_of_any_stream(c->kind)))
        return false;
    if (r->targets++)
        problem_add(r->problems, "a command is about one stream", "/%s", stream_name((enum stream_type)type));
    c->type = (enum stream_type)type;
    return true;
}

static void read_key(struct reader *r, const struct json *j)
{
    for (unsigned i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (text_is(j->key, keys[i].key)) {
            if (j->type != JSON_NULL)
                keys[i].read(r, j);
            return;
        }
    if (names_target(r, j->key)) {
        read_target(r, j);
        return;
    }
    problem_add(r->problems, "a key that this command does not have", "/%.*s", like_a_key(j->key) ? (int)j->key.bytes : 0, j->key.at);
}

static const struct kind *corrected_kind(const struct reader *r)
{
    const struct json *event = r->data && r->data->type == JSON_OBJECT ? json_get(r->data, "event") : NULL;
    if (!kind_has_content(r->command->kind) || !event || event->type != JSON_NUMBER || !event->whole || !r->command->has_target)
        return NULL;
    return r->reading->kind_of_event(r->reading->context, r->command->stream, (uint64_t)(event->hundredths / 100));
}

static void check_target(struct reader *r)
{
    struct command *c = r->command;
    bool opens = c->kind->states & IN(nobody);
    if (c->kind->stream == STREAM_plie) {
        c->has_target = true;
        c->stream = 0;
    } else if (!c->has_target && !opens && !r->unknown) {
        problem_add(r->problems, "this command names the one it is about", "/%s", stream_name(c->kind->stream));
    }
}

enum refusal command_read(const struct reading *reading, const struct json *json, struct text default_id, struct command *c, struct problems *problems)
{
    struct reader r = { reading, c, problems, NULL, false, 0 };
    memset(c, 0, sizeof(*c));
    c->actor = reading->actor;
    c->on = reading->today;
    c->id = default_id;
    c->expected_version = c->performed_by = c->recorded_ms = ABSENT;
    const struct json *name = json && json->type == JSON_OBJECT ? json_get(json, "command") : NULL;
    if (!name || name->type != JSON_STRING) {
        problem_add(problems, "a command is an object with the key \"command\"", "/command");
        return REFUSED_malformed;
    }
    c->kind = kind_commanded(name->string);
    if (!c->kind) {
        problem_add(problems, "there is no such command: GET /v1/commands lists them", "/command");
        return REFUSED_malformed;
    }
    c->type = c->kind->stream;
    for (const struct json *j = json->first; j; j = j->next)
        read_key(&r, j);
    check_target(&r);
    c->data = arena_take(reading->arena, c->kind->data_bytes ? c->kind->data_bytes : 1);
    uint32_t before = problems->count;
    data_from_json(reading->arena, c->kind, corrected_kind(&r), r.data, "/data", c->data, problems);
    if (problems->count == before)
        find_references(&r, c->kind, c->data, r.data);
    if (problems->count > (r.unknown ? 1u : 0u) || problems->count > before)
        return REFUSED_malformed;
    if (r.unknown)
        return REFUSED_unknown;
    for (uint32_t i = 0; i < c->reference_count; i++)
        command_key(reading->mac_key, &c->actor, c->imported, c->references[i].key, c->references[i].id);
    command_fingerprint(reading, c);
    return REFUSED_none;
}

void command_key(const struct key *mac_key, const struct actor *actor, bool imported, struct text key, uint8_t ret[MAC_BYTES])
{
    chain_mac(ret, mac_key, imported ? TEXT("imported") : (struct text){ (const char *)actor->at, ACTOR_BYTES }, key);
}

/* The fingerprint covers what was asked, decoded: the order of keys and white space do not matter. */
void command_fingerprint(const struct reading *reading, struct command *c)
{
    struct pack_out out;
    if (!c->id.at)
        return;
    pack_out_init(&out, RECORD_BYTES_MAX * 2);
    pack_int(&out, c->kind->number);
    pack_int(&out, c->has_target ? (int64_t)c->stream : -1);
    pack_int(&out, c->on_given ? c->on : INT32_MIN);   /* a retry after midnight is the same command */
    pack_int(&out, (int64_t)c->after);
    pack_int(&out, c->performed_by == ABSENT ? -1 : c->performed_by);
    pack_bool(&out, c->imported);
    for (uint32_t i = 0; i < c->waiver_count; i++) {
        pack_text(&out, c->waivers[i].rule);
        pack_text(&out, c->waivers[i].reason);
    }
    data_pack(&out, c->kind, c->data, false);
    data_pack(&out, c->kind, c->data, true);
    for (uint32_t i = 0; i < c->reference_count; i++)
        pack_text(&out, c->references[i].key);
    c->fingerprint.given = true;
    command_key(reading->mac_key, &c->actor, c->imported, c->id, c->fingerprint.id);
    chain_mac(c->fingerprint.content, reading->mac_key, TEXT("content"), (struct text){ (const char *)out.at, (uint32_t)out.bytes });
    pack_out_free(&out);
}
