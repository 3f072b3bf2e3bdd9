/* Duplicates: a merge, and taking it back.
 *
 * `merge_into` is one command about the file that ends, B; what is worth keeping is recorded again in the other, A, in the same
 * commit: late events, on the days they happened, each with the seq of its original in `from`. When one life was over before the
 * other began, everything that stands in B is, decisions included: A then holds both parcours. Otherwise facts of the person alone,
 * from A's orientation on, for A's own parcours is the one that counts. A parcours that runs is never given up.
 *
 * Voiding the merge voids in A all that came with it; nothing can be recorded in B meanwhile, so both are again what they were.
 * These copies are not judged: they were, where they come from; and they are `imported`, for they are not late by anybody's fault. */
#include <stdlib.h>
#include <string.h>

#include "../events/failure.h"
#include "../events/roles.h"
#include "desk_inside.h"

/* What says something of the person whatever the parcours. */
static const uint16_t kept_kinds[] = {
    KIND_consent_given, KIND_consent_withdrawn, KIND_permit_recorded, KIND_contact_recorded, KIND_contact_attempted, KIND_letter_sent,
    KIND_letter_returned, KIND_presence_recorded, KIND_signature_obtained, KIND_evidence_filed, KIND_evidence_accepted, KIND_evidence_rejected,
    KIND_employment_started, KIND_employment_renewed, KIND_employment_amended, KIND_hours_recorded, KIND_employment_ended, KIND_business_started,
    KIND_business_ended, KIND_qualification_obtained, KIND_long_training_started, KIND_long_training_ended, KIND_chosen_situation_started,
    KIND_chosen_situation_ended,
};

/* ---- what follows the event that is judged ---- */
struct event *follow(struct desk *d, struct lot *lot, struct draft *w, const struct event *leader, const struct kind *kind, int32_t on)
{
    struct pending *p = ARENA_ARRAY(&d->arena, struct pending, 1);
    struct event *e = ARENA_ARRAY(&d->arena, struct event, 1);
    *e = (struct event){ .seq = leader->seq + 1 + lot->following_count, .stream = w->fold.stream, .recorded_ms = leader->recorded_ms,
                         .recorded_on = leader->recorded_on, .on = on, .kind = kind, .actor = leader->actor, .performed_by = ABSENT,
                         .data = arena_take(&d->arena, kind->data_bytes) };
    const struct rulebook *b = rulebook_on(atomic_load(&d->books), e->on, e->seq);
    e->rulebook = b ? b->seq : 0;
    data_clear(kind, e->data);
    *p = (struct pending){ .event = e, .draft = w };
    add_following(lot, p);
    return e;
}

static bool settle_draft(struct desk *d, struct lot *lot, struct draft *w)
{
    struct parcours anew;
    const struct event *last;
    if (!fold_anew(d, lot, w, NULL, &anew, &last))
        return false;
    replace_work(d, lot, w, &anew);
    fold_ends(&w->fold, last);
    return true;
}

void keep_following(struct desk *d, struct lot *lot)
{
    struct pending *first = lot->following, *next;
    forget_following(lot);
    for (struct pending *p = first; p; p = next) {
        next = p->next;
        p->next = p->of_draft = NULL;
        p->event->version = ++p->draft->fold.version;
        p->draft->fold.last_seq = p->event->seq;
        p->draft->changed = true;
        add_pending(d, lot, p);
    }
    for (struct pending *p = first; p; p = p->next)
        if (p->event->version == p->draft->fold.version && (!may_go_on(d) || !settle_draft(d, lot, p->draft)))   /* the last of its stream */
            return;
}

/* Those that stand, opened; in the lot's arena, as long as what is made of them. */
static bool standing_of(struct desk *d, struct lot *lot, uint64_t stream, const struct event ***ret, uint32_t *ret_count)
{
    struct key key;
    const struct event **events;
    uint32_t count;
    bool opened = vault_key(d->vault, stream, &key) == 0;
    if (!events_anew(d, &d->arena, lot, stream, opened ? &key : NULL, NULL, &events, &count))
        return false;
    *ret_count = parcours_standing(&d->arena, events, count, INT32_MAX, INT64_MAX, ret);
    return true;
}

/* ---- merging ---- */
struct event_place {
    int64_t seq;
    uint32_t at;
};
struct merge {
    struct draft *gone, *stays;
    const struct event **events;        /* that stand in the one that goes */
    uint32_t count;
    bool *kept;
    uint64_t *seqs;                     /* of the copies */
    struct event_place *places;               /* of the events, in the order of their seqs */
};

static bool is_kept_kind(const struct kind *kind)
{
    for (unsigned i = 0; i < sizeof(kept_kinds) / sizeof(kept_kinds[0]); i++)
        if (kept_kinds[i] == kind->number)
            return true;
    return false;
}

static int ascending(const void *a, const void *b)
{
    const struct event_place *x = a, *y = b;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

/* Every event may name another: each is looked for among all. */
static void place_all(struct arena *arena, struct merge *m)
{
    m->places = ARENA_ARRAY(arena, struct event_place, m->count + 1);
    for (uint32_t i = 0; i < m->count; i++)
        m->places[i] = (struct event_place){ (int64_t)m->events[i]->seq, i };
    qsort(m->places, m->count, sizeof(*m->places), ascending);
}

/* count when it does not stand. */
static uint32_t place_of(const struct merge *m, int64_t seq)
{
    const struct event_place wanted = { .seq = seq }, *found = m->count ? bsearch(&wanted, m->places, m->count, sizeof(*m->places), ascending) : NULL;
    return found ? found->at : m->count;
}

/* What an event cannot do without must be kept, too. */
static bool complete(const struct merge *m, const struct event *e)
{
    for (unsigned i = 0; i < e->kind->field_count; i++) {
        const struct field *f = &e->kind->fields[i];
        if (f->type != TYPE_EVENT || f->presence != REQUIRED || field_absent(f, e->data))
            continue;
        uint32_t at = place_of(m, *field_number(f, e->data));
        if (at == m->count || !m->kept[at])
            return false;
    }
    return true;
}

static void choose(struct merge *m, bool everything, int32_t from_day)
{
    bool changed = true;
    for (uint32_t i = 0; i < m->count; i++) {
        const struct kind *kind = m->events[i]->kind;
        m->kept[i] = kind->number != KIND_duplicate_received && kind->number != KIND_duplicate_dismissed &&
                     (everything || (is_kept_kind(kind) && m->events[i]->on >= from_day));
    }
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < m->count; i++)
            if (m->kept[i] && !complete(m, m->events[i]))
                changed = true, m->kept[i] = false;
    }
}

static void point_anew(const struct merge *m, struct event *copy)
{
    for (unsigned i = 0; i < copy->kind->field_count; i++) {
        const struct field *f = &copy->kind->fields[i];
        if (f->type != TYPE_EVENT || field_absent(f, copy->data))
            continue;
        int64_t *n = field_number(f, copy->data);
        uint32_t at = place_of(m, *n);
        *n = at < m->count && m->kept[at] ? (int64_t)m->seqs[at] : ABSENT;
    }
}

static int64_t done_by(const struct event *e)
{
    if (e->performed_by == ABSENT && actor_role(&e->actor) == ROLE_referent)
        return (int64_t)actor_number(&e->actor);
    return e->performed_by;
}

/* In the order of the fold, so that their own seqs keep it. */
static void copy_kept(struct desk *d, struct lot *lot, struct merge *m, const struct event *leader)
{
    uint64_t seq = leader->seq + 1 + lot->following_count;
    for (uint32_t i = 0; i < m->count; i++)
        m->seqs[i] = m->kept[i] ? seq++ : 0;
    for (uint32_t i = 0; i < m->count; i++) {
        const struct event *e = m->events[i];
        if (!m->kept[i])
            continue;
        struct event *copy = follow(d, lot, m->stays, leader, e->kind, e->on);
        if (e->kind->data_bytes)
            memcpy(copy->data, e->data, e->kind->data_bytes);
        copy->performed_by = done_by(e);
        copy->imported = true;
        copy->from = e->seq;
        copy->waivers = e->waivers;
        copy->waiver_count = e->waiver_count;
        point_anew(m, copy);
    }
}

#define ENTERED (RUNNING | IN(admitted))

static bool refuse_merge(struct outcome *out, enum refusal refusal, const struct draft *w, const char *why)
{
    out->refusal = refusal;
    out->state_before = w->work.state;
    problem_add(&out->problems, why, "/data/into");
    return false;
}

bool judge_merge(struct desk *d, struct lot *lot, struct draft *w, const struct event *e, struct outcome *out)
{
    struct merge m = { .gone = w, .stays = draft_of(d, lot, (uint64_t)((const struct participant_merged *)e->data)->into) };
    const struct event **theirs;
    uint32_t their_count;
    struct parcours anew;
    const struct event *last;
    if (!(e->kind->states >> w->work.state & 1)) {
        out->refusal = REFUSED_state;
        return false;
    }
    if (!(KNOWN >> m.stays->work.state & 1))
        return refuse_merge(out, REFUSED_state, m.stays, "the file that stays is merged or erased itself");
    if (!standing_of(d, lot, w->fold.stream, &m.events, &m.count) || !standing_of(d, lot, m.stays->fold.stream, &theirs, &their_count))
        return false;
    int32_t first = their_count ? theirs[0]->on : INT32_MAX;
    bool before = m.count && m.events[m.count - 1]->on < first && (ENDED >> w->work.state & 1);
    bool after = m.count && m.stays->work.last_on < m.events[0]->on && (ENDED >> m.stays->work.state & 1);
    if ((ENTERED >> w->work.state & 1) && !after)
        return refuse_merge(out, REFUSED_state, w, ENTERED >> m.stays->work.state & 1 ? "both parcours are running: end one of them first"
                                                                                     : "its parcours is running: merge the other file into this one");
    /* Room for what takes it back, too: as many events again. */
    if (m.stays->fold.version + 2 * (m.count + 1) > EVENTS_OF_STREAM_MAX || m.stays->fold.bytes + w->fold.bytes >= BYTES_OF_STREAM_MAX)
        return refuse_merge(out, REFUSED_too_large, w, "the file that stays would be too large");
    m.kept = ARENA_ARRAY(&d->arena, bool, m.count + 1);
    m.seqs = ARENA_ARRAY(&d->arena, uint64_t, m.count + 1);
    place_all(&d->arena, &m);
    choose(&m, before || after, first);
    struct event *received = follow(d, lot, m.stays, e, kind_of(KIND_duplicate_received), e->on);
    ((struct duplicate_received *)received->data)->duplicate = (int64_t)w->fold.stream;
    copy_kept(d, lot, &m, e);
    if (!fold_anew(d, lot, w, e, &anew, &last))
        return false;
    replace_work(d, lot, w, &anew);
    fold_ends(&w->fold, last);
    out->into = m.stays->fold.stream;
    out->kept = lot->following_count - 1;
    out->left = m.count - out->kept;
    return true;
}

/* ---- taking it back ---- */
bool record_is(struct desk *d, struct lot *lot, int64_t seq, struct event *ret)
{
    struct text record;
    const struct event *pending = pending_event(d, lot, seq);
    if (pending) {
        *ret = *pending;
        return true;
    }
    return log_record(d->log_txn, (uint64_t)seq, &record) && record_read(&d->arena, arena_text(&d->arena, record.at, record.bytes), NULL, ret, NULL);
}

static bool made_by_merge(const struct event *e)
{
    return (e->from && e->kind->nature != META) || e->kind->number == KIND_participant_merged || e->kind->number == KIND_duplicate_received;
}

bool tied_to_merge(struct desk *d, struct lot *lot, const struct event *e, struct problems *problems)
{
    struct event about, again;
    if (e->kind->number == KIND_event_corrected) {
        const struct event_corrected *c = e->data;
        if (!record_is(d, lot, c->event, &about) || about.from || !made_by_merge(&about))
            return false;
    } else if (e->kind->number == KIND_event_voided) {
        const struct event_voided *v = e->data;
        if (!record_is(d, lot, v->event, &about))
            return false;
        bool voids_void = about.kind->number == KIND_event_voided && record_is(d, lot, ((const struct event_voided *)about.data)->event, &again);
        if (about.kind->number != KIND_duplicate_received && !(voids_void && made_by_merge(&again)))
            return false;
    } else {
        return false;
    }
    problem_add(problems, "a merge is taken back by voiding merge_into, and made again by merge_into", "/data/event");
    return true;
}

static bool comes_from(struct desk *d, struct lot *lot, const struct event *e, uint64_t duplicate)
{
    struct event original;
    if (e->kind->number == KIND_duplicate_received)
        return (uint64_t)((const struct duplicate_received *)e->data)->duplicate == duplicate;
    return e->from && record_is(d, lot, (int64_t)e->from, &original) && original.stream == duplicate;
}

static bool unmerge(struct desk *d, struct lot *lot, struct draft *w, const struct event *e, const struct command *c, struct outcome *out)
{
    struct draft *stays = draft_of(d, lot, (uint64_t)w->work.merged_into);
    const struct event **theirs, *last;
    uint32_t count;
    struct parcours anew;
    if (!(KNOWN >> stays->work.state & 1)) {
        out->refusal = REFUSED_state;
        out->state_before = stays->work.state;
        problem_add(&out->problems, "the file that stayed is merged or erased itself", "/data/event");
        return false;
    }
    if (!standing_of(d, lot, stays->fold.stream, &theirs, &count))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (comes_from(d, lot, theirs[i], w->fold.stream)) {
            struct event_voided *v = follow(d, lot, stays, e, kind_of(KIND_event_voided), e->on)->data;
            *v = (struct event_voided){ (int64_t)theirs[i]->seq, ((const struct event_voided *)e->data)->reason };
        }
    if (stays->fold.version + lot->following_count > EVENTS_OF_STREAM_MAX) {
        out->refusal = REFUSED_too_large;
        problem_add(&out->problems, "what follows it elsewhere is more than a file may hold", "/data/event");
        return false;
    }
    /* What was recorded there since may rest on what goes. */
    if (!fold_anew(d, lot, stays, NULL, &anew, &last) || refuse_unfounded(&stays->work, &anew, c, out) || !restore_copies(d, lot, w, e, out) ||
        !fold_anew(d, lot, w, e, &anew, &last))
        return false;
    replace_work(d, lot, w, &anew);
    fold_ends(&w->fold, last);
    return true;
}

bool judge_merged(struct desk *d, struct lot *lot, struct draft *w, const struct event *e, const struct command *c, struct outcome *out)
{
    struct event about;
    bool voids = e->kind->number == KIND_event_voided && record_is(d, lot, ((const struct event_voided *)e->data)->event, &about);
    if (!voids || about.kind->number != KIND_participant_merged) {
        out->refusal = REFUSED_state;
        problem_add(&out->problems, "the file was merged: what happens is recorded in the other", "/participant");
        return false;
    }
    if (actor_role(&c->actor) != ROLE_coordinator) {
        out->refusal = REFUSED_forbidden;
        return false;
    }
    return unmerge(d, lot, w, e, c, out);
}

/* ---- erasure: of the same person, all files ---- */
bool erase_duplicates(struct desk *d, struct lot *lot, const struct draft *w, const struct event *e)
{
    const struct event **events;
    uint32_t count, n = 0;
    arena_reset(&d->scratch);
    if (!events_anew(d, &d->scratch, lot, w->fold.stream, NULL, NULL, &events, &count))
        return false;
    count = parcours_standing(&d->scratch, events, count, INT32_MAX, INT64_MAX, &events);
    uint64_t *duplicates = ARENA_ARRAY(&d->arena, uint64_t, count + 1);
    for (uint32_t i = 0; i < count; i++)
        if (events[i]->kind->number == KIND_duplicate_received)
            duplicates[n++] = (uint64_t)((const struct duplicate_received *)events[i]->data)->duplicate;
    for (uint32_t i = 0; i < n; i++) {
        struct draft *duplicate = draft_of(d, lot, duplicates[i]);
        struct event *erased = follow(d, lot, duplicate, e, e->kind, e->on);
        memcpy(erased->data, e->data, e->kind->data_bytes);
        if (!erase_duplicates(d, lot, duplicate, e))
            return false;
    }
    return true;
}
