/* Judging one command: unknown, repeated, version, state, rule; then the event it becomes. */
#include <assert.h>
#include <string.h>

#include "../events/days.h"
#include "../events/failure.h"
#include "../events/ids.h"
#include "desk_inside.h"

/* ---- drafts ---- */
static struct draft *find_draft(const struct lot *lot, uint64_t stream)
{
    struct draft *w = lot->drafts;
    while (w && w->fold.stream != stream)
        w = w->next;
    return w;
}

static struct draft *add_draft(struct desk *d, struct lot *lot)
{
    struct draft *w = ARENA_ARRAY(&d->arena, struct draft, 1);
    w->next = lot->drafts;
    lot->drafts = w;
    return w;
}

struct draft *draft_of(struct desk *d, struct lot *lot, uint64_t stream)
{
    struct draft *w = find_draft(lot, stream);
    if (w)
        return w;
    const struct fold *known = folds_get(d->folds, d->log_txn, d->views_txn, stream, atomic_load(&d->books));
    if (!known)
        return NULL;
    w = add_draft(d, lot);
    w->fold = *known;
    w->fold.parcours = NULL;
    if (known->parcours)
        parcours_unpack(&w->work, &d->arena, known->parcours);
    return w;
}

static struct draft *new_draft(struct desk *d, struct lot *lot, const struct kind *kind)
{
    struct draft *w = add_draft(d, lot);
    w->is_new = true;
    w->fold = (struct fold){ .stream = lot->streams++, .type = kind->stream, .last = { .on = DAY_NONE } };
    if (kind->stream == STREAM_participant)
        parcours_begin(&w->work, &d->arena, w->fold.stream);
    return w;
}

/* ---- references ---- */
static bool event_is(struct desk *d, const struct lot *lot, uint64_t stream, int64_t seq, uint16_t kind)
{
    struct text record;
    struct record_header h;
    for (const struct pending *p = lot->first; p; p = p->next)
        if ((int64_t)p->event->seq == seq)
            return p->event->stream == stream && (kind == KIND_any || p->event->kind->number == kind);
    return log_record(d->log_txn, (uint64_t)seq, &record) && record_header(record, &h) && h.stream == stream &&
           (kind == KIND_any || h.kind == kind);
}

static bool stream_is(struct desk *d, struct lot *lot, int64_t stream, enum stream_type type)
{
    struct draft *w = draft_of(d, lot, (uint64_t)stream);
    return w && w->fold.type == type;
}

static bool references_known(struct desk *d, struct lot *lot, const struct draft *w, const struct event *e, struct problems *problems)
{
    uint32_t before = problems->count;
    for (unsigned i = 0; i < e->kind->field_count; i++) {
        const struct field *f = &e->kind->fields[i];
        if ((f->type != TYPE_EVENT && f->type != TYPE_STREAM) || field_absent(f, e->data))
            continue;
        int64_t n = *field_number(f, e->data);
        bool there = f->type == TYPE_EVENT ? event_is(d, lot, w->fold.stream, n, f->of) : stream_is(d, lot, n, (enum stream_type)f->of);
        if (!there)
            problem_add(problems, f->type == TYPE_EVENT ? "there is no such event of that kind in this stream" : "there is nobody of that id", "/data/%s", f->name);
    }
    if (e->after && !event_is(d, lot, w->fold.stream, (int64_t)e->after, KIND_any))
        problem_add(problems, "there is no such event in this stream", "/after");
    return problems->count == before;
}

/* ---- what the gate copies from elsewhere ---- */
static const struct card *session_of(struct desk *d, struct lot *lot, const struct event *e)
{
    for (unsigned i = 0; i < e->kind->field_count; i++) {
        const struct field *f = &e->kind->fields[i];
        if (f->type != TYPE_STREAM || f->of != STREAM_session || field_absent(f, e->data))
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

static void fill(const struct desk *d, const struct kind *kind, void *data, const struct card *session)
{
    for (unsigned i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->fields[i];
        if (f->presence == FILL_session_day)
            *field_number(f, data) = session && session->day != DAY_NONE ? session->day : ABSENT;
        else if (f->presence == FILL_session_members)
            *field_number(f, data) = session ? session->members : ABSENT;
        else if (f->protection == COARSE && !field_absent(f, data))
            fill_coarse(d, f, data);
    }
}

static void fill_event(struct desk *d, struct lot *lot, struct event *e)
{
    fill(d, e->kind, e->data, session_of(d, lot, e));
    if (!kind_has_content(e->kind))
        return;
    struct content *c = ((struct event_corrected *)e->data)->content;
    struct event inner = *e;
    inner.kind = c->kind;
    inner.data = c->data;
    fill(d, c->kind, c->data, session_of(d, lot, &inner));
}

/* ---- repeated ---- */
static bool answer_again(struct desk *d, struct lot *lot, struct order *o, const struct command *c, struct outcome *out, uint64_t seq)
{
    struct text record;
    struct event e;
    struct fingerprint f;
    if (!log_record(d->log_txn, seq, &record) || !record_read(&d->arena, record, NULL, &e, &f))
        return false;
    out->refusal = memcmp(f.content, c->fingerprint.content, MAC_BYTES) == 0 ? REFUSED_repeated : REFUSED_other_command;
    if (out->refusal == REFUSED_other_command) {
        problem_add(&out->problems, "this key already stands for another command", "/id");
        return true;
    }
    out->seq = seq;
    out->version = e.version;
    out->stream = e.stream;
    out->type = e.kind->stream;
    struct draft *w = draft_of(d, lot, e.stream);
    if (w && w->fold.type == STREAM_participant) {
        struct parcours *copy = ARENA_ARRAY(o->arena, struct parcours, 1);
        parcours_unpack(copy, o->arena, &w->work);
        out->after = copy;
    }
    return true;
}

static bool repeated(struct desk *d, struct lot *lot, struct order *o, const struct command *c, struct outcome *out)
{
    uint64_t seq;
    if (!c->fingerprint.given)
        return false;
    for (const struct pending *p = lot->first; p; p = p->next)
        if (p->fingerprint.given && memcmp(p->fingerprint.id, c->fingerprint.id, MAC_BYTES) == 0) {
            out->refusal = REFUSED_in_flight;   /* twice in one atomic order */
            return true;
        }
    return views_command(d->views_txn, c->fingerprint.id, &seq) && answer_again(d, lot, o, c, out, seq);
}

/* ---- the event ---- */
static struct event *event_of(struct desk *d, const struct lot *lot, const struct command *c, const struct draft *w)
{
    struct event *e = ARENA_ARRAY(&d->arena, struct event, 1);
    int64_t now = d->options.now_ms(d->options.context);
    if (d->demo && c->recorded_ms != ABSENT)
        now = c->recorded_ms;
    if (now < d->last_ms)
        now = d->last_ms;   /* recorded instants never decrease */
    *e = (struct event){ .seq = d->position.seq + lot->count + 1, .stream = w->fold.stream, .version = w->fold.version + 1,
                         .recorded_ms = now, .recorded_on = d->options.day_of(d->options.context, now), .on = c->on, .kind = c->kind,
                         .actor = c->actor, .after = c->after, .performed_by = c->performed_by, .imported = c->imported,
                         .waivers = c->waivers, .waiver_count = c->waiver_count, .data = c->data };
    const struct rulebook *b = rulebook_on(atomic_load(&d->books), e->on, e->seq);
    e->rulebook = b ? b->seq : 0;
    return e;
}

static void remember_before(struct order *o, struct outcome *out, const struct draft *w)
{
    struct parcours *copy = ARENA_ARRAY(o->arena, struct parcours, 1);
    parcours_unpack(copy, o->arena, &w->work);
    out->before = copy;
}

static void refuse_rule(struct outcome *out, int rule, const struct rulebook *book, const struct parcours *p)
{
    out->refusal = REFUSED_rule;
    out->rule = rule;
    out->book = book;
    out->since = p->open[rule].due != DAY_NONE ? deadline_shown_on(&p->open[rule]) : DAY_NONE;
}

/* The common case: nothing recorded comes after it. */
static bool judge_next(struct desk *d, struct draft *w, const struct event *e, struct outcome *out)
{
    const struct rulebooks *books = atomic_load(&d->books);
    const struct rulebook *book = rulebook_on(books, e->on, e->seq);
    struct judgement j = parcours_judge(&w->work, e, book);
    if (e->kind->nature == ACT && !j.in_state)
        out->refusal = REFUSED_state;
    else if (j.refused_by >= 0)
        refuse_rule(out, j.refused_by, book, &w->work);
    if (out->refusal != REFUSED_none)
        return false;
    parcours_step(&w->work, e, books);
    return true;
}

/* ---- late events, corrections, voids: the stream is folded again ---- */
static const struct mark *unfounded_mark(const struct parcours *p, uint64_t seq)
{
    for (uint32_t i = 0; i < p->marks.n; i++)
        if (p->marks.at[i].seq == seq && p->marks.at[i].unfounded)
            return &p->marks.at[i];
    return NULL;
}

static bool refuse_unfounded(const struct parcours *before, const struct parcours *after, const struct command *c, struct outcome *out)
{
    for (uint32_t i = 0; i < after->marks.n && out->unfounded_count < UNFOUNDED_LISTED_MAX; i++) {
        const struct mark *m = &after->marks.at[i];
        bool listed = out->unfounded_count && out->unfounded[out->unfounded_count - 1] == m->seq;
        if (m->unfounded && !listed && !parcours_unfounded(before, m->seq))
            out->unfounded[out->unfounded_count++] = m->seq;
    }
    if (out->unfounded_count == 0 || c->accept_unfounded)
        return false;
    out->refusal = REFUSED_unfounded;
    return true;
}

static bool judge_again(struct desk *d, struct lot *lot, struct draft *w, const struct event *e, const struct command *c, struct outcome *out)
{
    const struct event **stored, **events;
    uint32_t count;
    struct parcours again;
    const struct rulebooks *books = atomic_load(&d->books);
    if (stream_events(&d->arena, d->log_txn, d->views_txn, w->fold.stream, NULL, &stored, &count) != 0) {
        d->failure = FAIL_DAMAGED;
        return false;
    }
    events = ARENA_ARRAY(&d->arena, const struct event *, count + lot->count + 1);
    memcpy(events, stored, count * sizeof(*events));
    for (const struct pending *p = lot->first; p; p = p->next)
        if (p->event->stream == w->fold.stream)
            events[count++] = p->event;
    events[count++] = e;
    parcours_fold(&again, &d->arena, w->fold.stream, events, count, INT32_MAX, INT64_MAX, books);
    const struct mark *m = unfounded_mark(&again, e->seq);
    if (e->kind->nature == ACT && m) {
        if (m->rule == MARK_STATE) {
            out->refusal = REFUSED_state;
            out->state_before = (enum state)m->state;
        } else {
            refuse_rule(out, m->rule, rulebook_on(books, e->on, e->seq), &again);
        }
        return false;
    }
    if (e->kind->nature == META && refuse_unfounded(&w->work, &again, c, out))
        return false;
    w->work = again;
    return true;
}

static bool judge_participant(struct desk *d, struct lot *lot, struct draft *w, const struct event *e, const struct command *c,
                              struct order *o, struct outcome *out)
{
    bool again = e->kind->nature == META || (w->fold.last.kind && event_compare(e, &w->fold.last) < 0);
    out->judged = true;
    out->state_before = w->work.state;
    if (w->work.state == STATE_erased) {
        out->refusal = REFUSED_erased;
        return false;
    }
    if (again ? !judge_again(d, lot, w, e, c, out) : !judge_next(d, w, e, out)) {
        remember_before(o, out, w);
        return false;
    }
    if (!again)
        w->fold.last = (struct event){ .on = e->on, .kind = e->kind, .after = e->after, .seq = e->seq };
    return true;
}

static void accept(struct lot *lot, struct desk *d, struct draft *w, struct event *e, const struct command *c, struct order *o, struct outcome *out)
{
    struct pending *p = ARENA_ARRAY(&d->arena, struct pending, 1);
    *p = (struct pending){ e, c->fingerprint, w, NULL };
    *lot->last = p;
    lot->last = &p->next;
    lot->count++;
    w->changed = true;
    w->fold.version = e->version;
    w->fold.last_seq = e->seq;
    w->work.version = e->version;
    out->seq = e->seq;
    out->version = e->version;
    out->stream = e->stream;
    out->type = e->kind->stream;
    if (w->fold.type == STREAM_participant) {
        struct parcours *copy = ARENA_ARRAY(o->arena, struct parcours, 1);
        parcours_unpack(copy, o->arena, &w->work);
        out->after = copy;
    } else {
        struct card ignored = w->fold.card;     /* refolded when the unit is kept */
        (void)ignored;
    }
}

static struct draft *target(struct desk *d, struct lot *lot, const struct command *c, struct outcome *out)
{
    if (!c->has_target)
        return new_draft(d, lot, c->kind);
    struct draft *w = draft_of(d, lot, c->stream);
    if (!w || w->fold.type != c->kind->stream) {
        out->refusal = REFUSED_unknown;
        problem_add(&out->problems, "there is nobody of that id", "/%s", stream_name(c->kind->stream));
        return NULL;
    }
    return w;
}

void judge(struct desk *d, struct lot *lot, struct order *o, const struct command *c, struct outcome *out)
{
    if (repeated(d, lot, o, c, out))
        return;
    struct draft *w = target(d, lot, c, out);
    if (!w)
        return;
    struct event *e = event_of(d, lot, c, w);
    if (e->on > e->recorded_on) {
        out->refusal = REFUSED_malformed;
        problem_add(&out->problems, "a day in the future: what is planned goes into the command's own fields", "/on");
        return;
    }
    if (!references_known(d, lot, w, e, &out->problems)) {
        out->refusal = REFUSED_unknown;
        return;
    }
    out->current_version = w->fold.version;
    if (c->expected_version != ABSENT && c->expected_version != (int64_t)w->fold.version) {
        out->refusal = REFUSED_version;
        out->stream = w->fold.stream;
        out->type = w->fold.type;
        return;
    }
    fill_event(d, lot, e);
    if (w->fold.type == STREAM_participant && !judge_participant(d, lot, w, e, c, o, out))
        return;
    d->last_ms = o->dry_run ? d->last_ms : e->recorded_ms;
    accept(lot, d, w, e, c, o, out);
}
