/* What is true of every event, whatever its kind. */
#include "event.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "days.h"
#include "ids.h"
#include "roles.h"

/* ---- order ---- */

static uint64_t anchor(const struct event *e)
{
    return e->after ? e->after : e->seq;
}

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

int event_compare(const struct event *a, const struct event *b)
{
    if (a->on != b->on)
        return ORDER(a->on, b->on);
    if (a->kind->place != b->kind->place)
        return ORDER(a->kind->place, b->kind->place);
    if (anchor(a) != anchor(b))
        return ORDER(anchor(a), anchor(b));
    return ORDER(a->seq, b->seq);
}

/* ---- who ---- */

const char *role_name(unsigned role)
{
    static const char *const names[] = {
#define X(number, name) [number] = #name,
        ROLES(X)
#undef X
    };
    return role < sizeof names / sizeof names[0] ? names[role] : NULL;
}

struct actor actor_of(unsigned role, uint64_t number)
{
    struct actor a = { .at = { (uint8_t)role } };
    for (int i = 0; i < 8; i++)
        a.at[ACTOR_BYTES - 1 - i] = (uint8_t)(number >> 8 * i);
    return a;
}

unsigned actor_role(const struct actor *a)
{
    return a->at[0];
}

uint64_t actor_number(const struct actor *a)
{
    uint64_t n = 0;
    for (int i = 8; i < ACTOR_BYTES; i++)
        n = n << 8 | a->at[i];
    return n;
}

const char *actor_print(const struct actor *a, char out[ACTOR_TEXT_BYTES])
{
    const char *role = role_name(actor_role(a));
    uint64_t number = actor_number(a);
    if (actor_role(a) == ROLE_referent && number < STREAM_NUMBERS) {
        char id[ID_TEXT_BYTES];
        snprintf(out, ACTOR_TEXT_BYTES, "%s", id_print(STREAM_referent, number, id));
    } else {
        snprintf(out, ACTOR_TEXT_BYTES, "%s-%" PRIu64, role ? role : "unknown", number);
    }
    return out;
}

/* ---- what is wrong with it ---- */

void problem_add(struct problems *p, const char *why, const char *format, ...)
{
    if (p->count == PROBLEMS_MAX)
        return;
    struct problem *one = &p->at[p->count++];
    one->why = why;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(one->pointer, sizeof one->pointer, format, arguments);
    va_end(arguments);
}

/* ---- the whole of it ---- */

static void put_identity(struct json_out *out, const struct event *e, enum stream_type type)
{
    char text[INSTANT_TEXT_BYTES > ID_TEXT_BYTES ? INSTANT_TEXT_BYTES : ID_TEXT_BYTES];
    json_key(out, "seq");
    json_number(out, (int64_t)e->seq);
    json_key(out, "stream");
    json_string(out, id_print(type, e->stream, text));
    json_key(out, "type");
    json_string(out, stream_name(type));
    json_key(out, "version");
    json_number(out, (int64_t)e->version);
    json_key(out, "kind");
    json_string(out, e->kind->name);
    json_key(out, "on");
    json_day(out, e->on);
    json_key(out, "recorded");
    json_string(out, instant_print(e->recorded_ms, text));
    json_key(out, "recorded_on");
    json_day(out, e->recorded_on);
}

static void put_origin(struct json_out *out, const struct event *e)
{
    char text[ACTOR_TEXT_BYTES];
    json_key(out, "actor");
    json_string(out, actor_print(&e->actor, text));
    if (e->rulebook) {
        json_key(out, "rulebook");
        json_number(out, (int64_t)e->rulebook);
    }
    if (e->after) {
        json_key(out, "after");
        json_number(out, (int64_t)e->after);
    }
    if (e->from) {
        json_key(out, "from");
        json_number(out, (int64_t)e->from);
    }
    if (e->performed_by != ABSENT) {
        json_key(out, "performed_by");
        json_string(out, id_print(STREAM_referent, (uint64_t)e->performed_by, text));
    }
    if (e->imported) {
        json_key(out, "imported");
        json_bool(out, true);
    }
}

static void put_waivers(struct json_out *out, const struct event *e, bool sealed)
{
    if (e->waiver_count == 0)
        return;
    json_key(out, "waived");
    json_open_list(out);
    for (uint32_t i = 0; i < e->waiver_count; i++) {
        json_open(out);
        json_key(out, "rule");
        json_text(out, e->waivers[i].rule);
        if (sealed && e->waivers[i].reason.at) {
            json_key(out, "reason");
            json_text(out, e->waivers[i].reason);
        }
        json_close(out);
    }
    json_close_list(out);
}

static unsigned data_names(const struct kind *kind, void *data, uint64_t *ret)
{
    unsigned n = 0;
    for (unsigned i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->fields[i];
        if (f->type == TYPE_STREAM && !field_absent(f, data))
            ret[n++] = (uint64_t)*field_number(f, data);
        else if (f->type == TYPE_CONTENT && !field_absent(f, data))
            n += data_names((*field_content(f, data))->kind, (*field_content(f, data))->data, ret + n);
    }
    return n;
}

unsigned event_names(const struct event *e, uint64_t ret[NAMES_OF_EVENT_MAX])
{
    unsigned n = data_names(e->kind, e->data, ret);
    if (e->performed_by != ABSENT)
        ret[n++] = (uint64_t)e->performed_by;
    return n;
}

void event_to_json(struct json_out *out, const struct event *e, enum stream_type type, bool sealed)
{
    assert(e->kind && (e->data || e->kind->field_count == 0));
    json_open(out);
    put_identity(out, e, type);
    put_origin(out, e);
    put_waivers(out, e, sealed);
    json_key(out, "data");
    data_to_json(out, e->kind, e->data, sealed);
    json_close(out);
}
