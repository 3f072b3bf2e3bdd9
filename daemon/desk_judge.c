/* Judging one command: unknown, repeated, version, state, rule; then the event it becomes. */
#include <assert.h>
#include <string.h>

#include "../events/days.h"
#include "../events/failure.h"
#include "../events/ids.h"
#include "desk_inside.h"

/* ---- what the answer will tell ---- */

/* A copy for the loop that answers; NULL once the order holds enough of them. */
static const struct parcours *copy_for_answer(struct order *o, const struct draft *w)
{
    if (o->arena->taken_bytes + parcours_bytes(&w->work) > ORDER_FOLDS_BYTES_MAX)
        return NULL;
    struct parcours *copy = ARENA_ARRAY(o->arena, struct parcours, 1);
    parcours_copy(copy, o->arena, &w->work);
    return copy;
}

static void remember_after(struct order *o, struct outcome *out, const struct draft *w)
{
    out->state_after = w->work.state;
    out->after = copy_for_answer(o, w);
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
    struct draft *w = draft_of(d, lot, e.stream);
    out->type = w ? w->fold.type : e.kind->stream;
    if (w && w->fold.type == STREAM_participant)
        remember_after(o, out, w);
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
    if (now < lot->last_ms)
        now = lot->last_ms;   /* recorded instants never decrease */
    *e = (struct event){ .seq = d->position.seq + lot->count + 1, .stream = w->fold.stream, .version = w->fold.version + 1,
                         .recorded_ms = now, .recorded_on = d->options.day_of(d->options.context, now), .on = c->on, .kind = c->kind,
                         .actor = c->actor, .after = c->after, .performed_by = c->performed_by, .imported = c->imported,
                         .waivers = c->waivers, .waiver_count = c->waiver_count, .data = c->data };
    const struct rulebook *b = rulebook_on(atomic_load(&d->books), e->on, e->seq);
    e->rulebook = b ? b->seq : 0;
    return e;
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
    if (!j.in_state && (e->kind->nature == ACT || w->work.state == STATE_nobody))
        out->refusal = REFUSED_state;   /* before the orientation there is nobody to whom even a fact could happen */
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

static bool before_orientation(const struct parcours *p, uint64_t seq)
{
    for (uint32_t i = 0; i < p->marks.n; i++)
        if (p->marks.at[i].seq == seq && p->marks.at[i].rule == MARK_STATE && p->marks.at[i].state == STATE_nobody)
            return true;
    return false;
}

/* With which the file begins, as it stands with `e`. DAY_NONE: there is none. */
static int32_t orientation_day(struct desk *d, struct lot *lot, const struct draft *w, const struct event *e)
{
    const struct event **events;
    uint32_t count;
    if (!events_again(d, lot, w->fold.stream, e, &events, &count))
        return DAY_NONE;
    count = parcours_standing(&d->scratch, events, count, INT32_MAX, INT64_MAX, &events);
    for (uint32_t i = 0; i < count; i++)
        if (events[i]->kind->number == KIND_participant_oriented)
            return events[i]->on;
    return DAY_NONE;
}

/* Nothing happens to somebody who is not there yet, whether it is told so or corrected so. */
static bool refuse_before_orientation(struct desk *d, struct lot *lot, struct draft *w, const struct event *e, const struct parcours *again,
                                      struct order *o, struct outcome *out)
{
    char day[DAY_TEXT_BYTES];
    uint64_t corrected = e->kind->number == KIND_event_corrected ? (uint64_t)meta_target(e) : 0;
    bool moved = corrected && before_orientation(again, corrected) && !before_orientation(&w->work, corrected);
    if (!moved && !before_orientation(again, e->seq))
        return false;
    out->refusal = REFUSED_state;
    out->state_before = STATE_nobody;
    int32_t oriented_on = orientation_day(d, lot, w, e);
    if (oriented_on != DAY_NONE)
        problem_add(&out->problems, arena_print(o->arena, "nothing may be dated before the orientation, which is of %s", day_print(oriented_on, day)).at,
                    corrected ? "/data/content/on" : "/on");
    return true;
}

bool refuse_unfounded(const struct parcours *before, const struct parcours *after, const struct command *c, struct outcome *out)
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

static bool judge_again(struct desk *d, struct lot *lot, struct draft *w, const struct event *e, const struct command *c,
                        struct order *o, struct outcome *out)
{
    struct parcours again;
    const struct event *last;
    const struct rulebooks *books = atomic_load(&d->books);
    if (!restore_copies(d, lot, w, e, out) || !fold_anew(d, lot, w, e, &again, &last))
        return false;
    const struct mark *m = unfounded_mark(&again, e->seq);
    if (refuse_before_orientation(d, lot, w, e, &again, o, out))
        return false;
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
    replace_work(d, lot, w, &again);
    fold_ends(&w->fold, last);      /* a correction or a void may have moved it */
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
    bool good;
    if (w->work.state == STATE_merged)
        good = judge_merged(d, lot, w, e, c, out);
    else if (e->kind->number == KIND_participant_merged)
        good = judge_merge(d, lot, w, e, out);
    else
        good = again ? judge_again(d, lot, w, e, c, o, out) : judge_next(d, w, e, out);
    if (good && e->kind->number == KIND_participant_erased)
        good = erase_duplicates(d, lot, w, e);
    if (!good) {
        out->before = copy_for_answer(o, w);
        return false;
    }
    if (!again && e->kind->number != KIND_participant_merged)
        fold_ends(&w->fold, e);
    return true;
}

static void accept(struct lot *lot, struct desk *d, struct draft *w, struct event *e, const struct command *c, struct order *o, struct outcome *out)
{
    struct pending *p = ARENA_ARRAY(&d->arena, struct pending, 1);
    *p = (struct pending){ .event = e, .fingerprint = c->fingerprint, .draft = w };
    add_pending(d, lot, p);
    w->changed = true;
    w->fold.version = e->version;
    w->fold.last_seq = e->seq;
    w->work.version = e->version;
    out->seq = e->seq;
    out->version = e->version;
    out->stream = e->stream;
    out->type = w->fold.type;
    if (w->fold.type == STREAM_participant)
        remember_after(o, out, w);
    else if (e->kind->nature != META)
        card_step(&w->fold.card, e);    /* for what follows in this lot; refolded when it is kept */
}

/* What is open is folded of participants alone: elsewhere an alert is named whole. */
static void name_alert(const struct kind *kind, const void *data, enum stream_type type, const char *pointer, struct problems *problems)
{
    const struct alert_acknowledged *seen = data;
    const struct alert_snoozed *put_off = data;
    bool is_seen = kind->number == KIND_alert_acknowledged;
    if ((is_seen || kind->number == KIND_alert_snoozed) && type != STREAM_participant && (is_seen ? seen->since : put_off->since) == ABSENT)
        problem_add(problems, "of a stream that is no participant's, an alert is named by its rule and the day it is counted since", "%s/since", pointer);
}

/* What the day of recording forbids, and what only the whole of a value tells. */
static bool readable(struct desk *d, const struct event *e, enum stream_type type, struct problems *problems)
{
    name_alert(e->kind, e->data, type, "/data", problems);
    if (e->on > e->recorded_on)
        problem_add(problems, "a day in the future: what is planned goes into the command's own fields", "/on");
    if (kind_has_content(e->kind)) {
        const struct content *content = ((const struct event_corrected *)e->data)->content;
        if (content->on > e->recorded_on)
            problem_add(problems, "a day in the future", "/data/content/on");
        name_alert(content->kind, content->data, type, "/data/content/data", problems);
        if (kind_has_secret(content->kind))
            problem_add(problems, "its secret stands: change_delivery and renew_secret say what changes, void takes it out", "/data/event");
        data_check_whole(content->kind, content->data, e->recorded_on, "/data/content/data", problems);
    }
    if (e->kind->number == KIND_duplicate_received)
        problem_add(problems, "it comes with merge_into, which is a command about the duplicate", "/command");
    data_check_whole(e->kind, e->data, e->recorded_on, "/data", problems);
    if (e->kind->number == KIND_alert_snoozed && ((const struct alert_snoozed *)e->data)->until_day <= e->on)
        problem_add(problems, "an alert is put off until a later day", "/data/until_day");
    if (e->kind->number == KIND_rulebook_adopted) {
        struct problems inside = { .count = 0 };
        const struct rulebook_adopted *a = e->data;
        struct rulebook *book = ARENA_ARRAY(&d->arena, struct rulebook, 1);
        if (rulebook_read(&d->arena, a->values, book, &inside) != 0 && inside.count == 0)
            problem_add(problems, "not a rulebook", "/data/values");
        for (uint32_t i = 0; i < inside.count; i++)
            problem_add(problems, inside.at[i].why, "/data/values%.70s", inside.at[i].pointer);
        failure_forget();
    }
    return problems->count == 0;
}

/* Participants' states are the fold's; other streams have two: not yet opened, and open. And an adoption stands alone: what
 * followed it in a lot would be judged without it. */
static bool fits_stream(const struct lot *lot, const struct order *o, const struct draft *w, const struct event *e, struct outcome *out)
{
    if (w->fold.type != STREAM_participant && w->fold.version > 0 && e->kind->states == IN(nobody))
        out->refusal = REFUSED_state;
    if (e->kind->number == KIND_rulebook_adopted && (lot->count > 0 || (o->atomic && o->count > 1))) {
        out->refusal = REFUSED_malformed;
        problem_add(&out->problems, "an adoption is not part of an atomic order", "/command");
    }
    return out->refusal == REFUSED_none;
}

static void list_missed(struct desk *d, const struct draft *w, int64_t expected, struct outcome *out)
{
    uint64_t *seqs = ARENA_ARRAY(&d->arena, uint64_t, w->fold.version + 1);
    uint32_t n = views_stream(d->views_txn, w->fold.stream, seqs, (uint32_t)w->fold.version);
    for (uint32_t i = expected < 0 ? 0 : (uint32_t)expected; expected < (int64_t)n && i < n && out->missed_count < MISSED_LISTED_MAX; i++)
        out->missed[out->missed_count++] = seqs[i];
}

static struct draft *target(struct desk *d, struct lot *lot, const struct command *c, struct outcome *out)
{
    uint64_t stream;
    if (!resolve(d, lot, c, &stream, &out->problems)) {
        out->refusal = REFUSED_unknown;
        return NULL;
    }
    if (!c->has_target)
        return new_draft(d, lot, c->kind);
    struct draft *w = draft_of(d, lot, stream);
    if (!w || w->fold.type != c->type) {
        out->refusal = REFUSED_unknown;
        problem_add(&out->problems, "there is nobody of that id", "/%s", stream_name(c->type));
        return NULL;
    }
    return w;
}

static void judge_one(struct desk *d, struct lot *lot, struct order *o, const struct command *c, struct outcome *out)
{
    forget_following(lot);
    if (lot_full(d, lot)) {
        out->refusal = REFUSED_too_large;
        problem_add(&out->problems, "judged together, these commands take more than one commit may: send fewer at once", "/command");
        return;
    }
    if (repeated(d, lot, o, c, out))
        return;
    struct draft *w = target(d, lot, c, out);
    if (!w)
        return;
    struct event *e = event_of(d, lot, c, w);
    if (!readable(d, e, w->fold.type, &out->problems) || tied_to_merge(d, lot, e, &out->problems)) {
        out->refusal = REFUSED_malformed;
        return;
    }
    if (e->kind->number == KIND_participant_erased && d->erased_count + lot->count >= ERASED_MAX) {
        out->refusal = REFUSED_busy;    /* a key destroyed rewrites the vault */
        return;
    }
    out->refusal = refuse_references(d, lot, w, e, &out->problems);
    if (out->refusal != REFUSED_none)
        return;
    out->current_version = w->fold.version;
    bool too_many_rulebooks = e->kind->number == KIND_rulebook_adopted && atomic_load(&d->books)->count == RULEBOOKS_MAX;
    if (w->fold.version >= EVENTS_OF_STREAM_MAX || w->fold.bytes >= BYTES_OF_STREAM_MAX || too_many_rulebooks) {
        out->refusal = REFUSED_too_large;
        return;
    }
    if (c->expected_version != ABSENT && c->expected_version != (int64_t)w->fold.version) {
        out->refusal = REFUSED_version;
        out->stream = w->fold.stream;
        out->type = w->fold.type;
        list_missed(d, w, c->expected_version, out);
        return;
    }
    if (!fits_stream(lot, o, w, e, out))
        return;
    fill_event(d, lot, e);
    bool good = w->fold.type == STREAM_participant ? judge_participant(d, lot, w, e, c, o, out) : judge_outside(d, lot, w, e, c, out);
    if (!good)
        return;
    lot->last_ms = e->recorded_ms;
    accept(lot, d, w, e, c, o, out);
    keep_following(d, lot);
}

bool may_go_on(struct desk *d)
{
    d->interrupted = d->interrupted || (d->options.go_on && !d->options.go_on(d->options.context));
    return !d->interrupted;
}

void judge(struct desk *d, struct lot *lot, struct order *o, const struct command *c, struct outcome *out)
{
    if (may_go_on(d))
        judge_one(d, lot, o, c, out);
    if (!d->interrupted)
        return;
    *out = (struct outcome){ .refusal = REFUSED_busy, .taken = true };
    problem_add(&out->problems, "stopping: nothing of it was kept", "/command");
}
