/* What an event names elsewhere: that it exists; and what is copied from there, or kept in clear of a sealed value. */
#include <string.h>

#include "../events/days.h"
#include "../events/tokens.h"
#include "desk_inside.h"

/* ---- references ---- */
static bool event_is(struct desk *d, const struct lot *lot, uint64_t stream, int64_t seq, uint16_t kind)
{
    struct text record;
    struct record_header h;
    const struct event *pending = pending_event(d, lot, seq);
    if (pending)
        return pending->stream == stream && (kind == KIND_any || pending->kind->number == kind);
    return log_record(d->log_txn, (uint64_t)seq, &record) && record_header(record, &h) && h.stream == stream &&
           (kind == KIND_any || h.kind == kind);
}

static bool stream_is(struct desk *d, struct lot *lot, int64_t stream, enum stream_type type)
{
    struct draft *w = draft_of(d, lot, (uint64_t)stream);
    bool there = w && w->fold.type == type;
    return there && (type == STREAM_participant || w->fold.card.opened_on != DAY_NONE);     /* what was opened by mistake is nobody */
}

static void check_fields(struct desk *d, struct lot *lot, uint64_t stream, const struct kind *kind, void *data, const char *pointer, struct problems *problems)
{
    for (unsigned i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->fields[i];
        if ((f->type != TYPE_EVENT && f->type != TYPE_STREAM) || field_absent(f, data))
            continue;
        int64_t n = *field_number(f, data);
        if (f->type == TYPE_EVENT && !event_is(d, lot, stream, n, f->of))
            problem_add(problems, "there is no such event of that kind in this stream", "%s/%s", pointer, f->name);
        else if (f->type == TYPE_STREAM && (uint64_t)n == stream)
            problem_add(problems, "somebody else is meant", "%s/%s", pointer, f->name);
        else if (f->type == TYPE_STREAM && !stream_is(d, lot, n, (enum stream_type)f->of))
            problem_add(problems, "there is nobody of that id", "%s/%s", pointer, f->name);
    }
}

/* Entries, exits and extensions are not a training committee's: it decides of trainings. */
static void check_committee(struct desk *d, struct lot *lot, const struct kind *kind, void *data, const char *pointer, struct problems *problems)
{
    static const uint16_t decides[] = { KIND_entry_decided, KIND_exit_proposed, KIND_exit_decided, KIND_extension_requested, KIND_extension_decided };
    bool concerned = false;
    for (unsigned i = 0; i < sizeof decides / sizeof decides[0]; i++)
        concerned = concerned || decides[i] == kind->number;
    for (unsigned i = 0; concerned && i < kind->field_count; i++) {
        const struct field *f = &kind->fields[i];
        if (f->type != TYPE_STREAM || f->of != STREAM_session || field_absent(f, data))
            continue;
        const struct draft *w = draft_of(d, lot, (uint64_t)*field_number(f, data));
        if (w && w->fold.type == STREAM_session && w->fold.card.kind == session_kind_training)
            problem_add(problems, "a training committee does not decide this", "%s/%s", pointer, f->name);
    }
}

enum refusal refuse_references(struct desk *d, struct lot *lot, const struct draft *w, const struct event *e, struct problems *problems)
{
    uint32_t before = problems->count;
    check_fields(d, lot, w->fold.stream, e->kind, e->data, "/data", problems);
    if (kind_has_content(e->kind)) {
        const struct content *c = ((const struct event_corrected *)e->data)->content;
        check_fields(d, lot, w->fold.stream, c->kind, c->data, "/data/content/data", problems);
    }
    if (e->after && !event_is(d, lot, w->fold.stream, (int64_t)e->after, KIND_any))
        problem_add(problems, "there is no such event in this stream", "/after");
    if (e->performed_by != ABSENT && !stream_is(d, lot, e->performed_by, STREAM_referent))
        problem_add(problems, "there is nobody of that id", "/performed_by");
    if (problems->count > before)
        return REFUSED_unknown;
    check_committee(d, lot, e->kind, e->data, "/data", problems);
    if (kind_has_content(e->kind)) {
        const struct content *c = ((const struct event_corrected *)e->data)->content;
        check_committee(d, lot, c->kind, c->data, "/data/content/data", problems);
    }
    return problems->count > before ? REFUSED_malformed : REFUSED_none;
}

/* ---- what is named by the key of the command that made it ---- */
static bool made_by(struct desk *d, const struct lot *lot, const uint8_t id[MAC_BYTES], struct record_header *ret)
{
    uint64_t seq;
    struct text record;
    for (const struct pending *p = lot->first; p; p = p->next)
        if (p->fingerprint.given && memcmp(p->fingerprint.id, id, MAC_BYTES) == 0) {
            *ret = (struct record_header){ .seq = p->event->seq, .stream = p->event->stream };
            return true;
        }
    return views_command(d->views_txn, id, &seq) && log_record(d->log_txn, seq, &record) && record_header(record, ret);
}

/* An order may be judged again: each time anew. */
bool resolve(struct desk *d, const struct lot *lot, const struct command *c, uint64_t *ret_stream, struct problems *problems)
{
    *ret_stream = c->stream;
    for (uint32_t i = 0; i < c->reference_count; i++) {
        const struct reference *r = &c->references[i];
        struct record_header h;
        const char *name = r->field ? r->field->name : stream_name(c->type);
        if (!made_by(d, lot, r->id, &h)) {
            problem_add(problems, "nothing was made by a command of that key", "%s/%s", r->field ? "/data" : "", name);
            return false;
        }
        if (r->field)
            *field_number(r->field, c->data) = (int64_t)h.seq;
        else
            *ret_stream = h.stream;
    }
    return true;
}

/* ---- what the gate copies from elsewhere ---- */
static const struct card *card_named(struct desk *d, struct lot *lot, const struct event *e, enum stream_type type)
{
    for (unsigned i = 0; i < e->kind->field_count; i++) {
        const struct field *f = &e->kind->fields[i];
        if (f->type != TYPE_STREAM || f->of != type || field_absent(f, e->data))
            continue;
        struct draft *w = draft_of(d, lot, (uint64_t)*field_number(f, e->data));
        return w ? &w->fold.card : NULL;
    }
    return NULL;
}

static bool commune_listed(const struct desk *d, struct text commune)
{
    const char *at = d->territory;
    while (*at) {
        size_t bytes = strcspn(at, " ,;\n");
        if (text_equal(commune, (struct text){ at, (uint32_t)bytes }))
            return true;
        at += bytes + strspn(at + bytes, " ,;\n");
    }
    return false;
}

static void fill_coarse(const struct desk *d, const struct field *f, void *data)
{
    int64_t *coarse = field_coarse(f, data);
    switch (f->coarse) {
    case COARSE_birth:  /* the month of turning 55 */
        *coarse = month_index(day_add_months((int32_t)*field_number(f, data), 55 * 12));
        break;
    case COARSE_territory:
        if (d->territory[0])
            *coarse = commune_listed(d, *field_text(f, data));
        break;
    case COARSE_disability: {
        int64_t word = *field_number(f, data);
        *coarse = word == disability_none ? yes_no_no : word == disability_prefers_not ? yes_no_prefers_not : yes_no_yes;
        break;
    }
    case COARSE_none:
        break;
    }
}

/* In characters: those bytes of UTF-8 that begin one. */
static int64_t characters(struct text t)
{
    int64_t n = 0;
    for (uint32_t i = 0; i < t.bytes; i++)
        n += ((unsigned char)t.at[i] & 0xc0) != 0x80;
    return n;
}

static int64_t length_of(const struct kind *kind, const void *data, const char *name)
{
    size_t stem = strlen(name) - strlen("_bytes");
    for (unsigned i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->fields[i];
        if (strlen(f->name) == stem && memcmp(f->name, name, stem) == 0)
            return field_absent(f, data) ? ABSENT : characters(*field_text(f, (void *)(uintptr_t)data));
    }
    return ABSENT;
}

static int64_t days_of(const struct card *operation)
{
    bool told = operation && operation->from_day != DAY_NONE && operation->until_day != DAY_NONE;
    if (!told)
        return ABSENT;
    return operation->until_day < operation->from_day ? 0 : operation->until_day - operation->from_day + 1;
}

static int64_t day_or_absent(int32_t day)
{
    return day == DAY_NONE ? ABSENT : day;
}

static int64_t copied(enum presence what, const struct card *c)
{
    switch (what) {
    case FILL_session_day:
        return c ? day_or_absent(c->day) : ABSENT;
    case FILL_session_members:
        return c ? c->members : ABSENT;
    case FILL_session_kind:
        return c ? c->kind : ABSENT;
    case FILL_operation_from:
        return c ? day_or_absent(c->from_day) : ABSENT;
    case FILL_operation_until:
        return c ? day_or_absent(c->until_day) : ABSENT;
    default:
        return days_of(c);
    }
}

bool fill_copied(const struct kind *kind, void *data, enum stream_type from, const struct card *card)
{
    bool changed = false;
    for (unsigned i = 0; i < kind->field_count; i++) {
        if (copied_from(kind->fields[i].presence) != from)
            continue;
        int64_t *n = field_number(&kind->fields[i], data), now = copied(kind->fields[i].presence, card);
        changed = changed || *n != now;
        *n = now;
    }
    return changed;
}

static void fill_secret(struct desk *d, const struct field *f, void *data)
{
    char secret[SECRET_CHARACTERS + 1];
    secret_make(secret);
    *field_text(f, data) = arena_text(&d->arena, secret, SECRET_CHARACTERS);
}

static void fill(struct desk *d, const struct kind *kind, void *data, const struct card *session, const struct card *operation)
{
    fill_copied(kind, data, STREAM_session, session);
    fill_copied(kind, data, STREAM_operation, operation);
    for (unsigned i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->fields[i];
        if (f->presence == FILL_length)
            *field_number(f, data) = length_of(kind, data, f->name);
        else if (f->presence == FILL_secret)
            fill_secret(d, f, data);
        else if (f->protection == COARSE && !field_absent(f, data))
            fill_coarse(d, f, data);
    }
}

void fill_event(struct desk *d, struct lot *lot, struct event *e)
{
    fill(d, e->kind, e->data, card_named(d, lot, e, STREAM_session), card_named(d, lot, e, STREAM_operation));
    if (!kind_has_content(e->kind))
        return;
    struct content *c = ((struct event_corrected *)e->data)->content;
    struct event inner = *e;
    inner.kind = c->kind;
    inner.data = c->data;
    fill(d, c->kind, c->data, card_named(d, lot, &inner, STREAM_session), card_named(d, lot, &inner, STREAM_operation));
}
