/* What the gate once copied from another stream (a session's day and members, how long an operation lasts) follows when that stream
 * is corrected: in the same commit a correction is recorded in each file that holds a copy which would be another today, with the
 * seq of its cause in `from`. It gives the copied fields and nothing else (standing.c). So the lists, the rules and both times need
 * know of nothing: a copy is what the gate would have copied, had the other stream been typed right by then. */
#include <stdlib.h>
#include <string.h>

#include "desk_inside.h"

#define FOLLOWING_MAX 5000      /* corrections that follow one command */
#define LOOKED_MAX 20000        /* files that are looked at for the commands judged together; the first one may look at more */
#define FOLLOWING_BYTES_MAX (DESK_ARENA_BYTES / 3)     /* of the files that they are of: each is folded once more when they are kept */

/* A stream that is copied from, with the event that is judged. */
struct source {
    uint64_t stream;
    const struct event **standing;
    uint32_t count;
    struct source *next;
};

struct copying {
    struct desk *desk;
    struct lot *lot;
    const struct event *leader;
    uint64_t only;              /* the one that changed; 0: any */
    uint32_t before;            /* what followed the leader already: of a merge taken back, what it had brought */
    struct source *sources;
    struct outcome *out;
};

static const struct source *source_of(struct copying *c, uint64_t stream)
{
    const struct event **events;
    uint32_t count;
    struct source *s = c->sources;
    while (s && s->stream != stream)
        s = s->next;
    if (s)
        return s;
    if (lot_bytes(c->desk) > FOLLOWING_BYTES_MAX) {
        problem_add(&c->out->problems, "more is copied into it than one commit may look at", "/data/event");
        c->out->refusal = REFUSED_too_large;
        return NULL;
    }
    if (!events_anew(c->desk, &c->desk->arena, c->lot, stream, NULL, c->leader, &events, &count))
        return NULL;
    s = ARENA_ARRAY(&c->desk->arena, struct source, 1);
    *s = (struct source){ .stream = stream, .next = c->sources };
    s->count = parcours_standing(&c->desk->arena, events, count, INT32_MAX, INT64_MAX, &s->standing);
    c->sources = s;
    return s;
}

int64_t copy_source(const struct event *e, enum stream_type *ret_type)
{
    for (unsigned i = 0; i < e->kind->field_count; i++) {
        *ret_type = copied_from(e->kind->fields[i].presence);
        if (*ret_type != STREAM_TYPES)
            return stream_named(e->kind, e->data, *ret_type);
    }
    return ABSENT;
}

/* The source as it was when the event was told, had everything been typed right by then. */
bool copies_hold(struct arena *arena, const struct event *e, const struct event *const *source_standing, uint32_t count, void **ret_data)
{
    struct card card;
    enum stream_type type;
    uint32_t n = 0;
    uint64_t told = e->told ? e->told : e->from ? e->from : e->seq;
    const struct event **known = ARENA_ARRAY(arena, const struct event *, count + 1);
    copy_source(e, &type);
    for (uint32_t i = 0; i < count; i++)
        if (source_standing[i]->seq < told)
            known[n++] = source_standing[i];
    card_fold(&card, known, n);
    *ret_data = arena_copy(arena, e->data, e->kind->data_bytes);
    return !fill_copied(e->kind, *ret_data, type, &card);
}

static void *data_kept(struct arena *arena, const struct kind *kind, const void *data)
{
    void *copy = arena_copy(arena, data, kind->data_bytes);
    for (unsigned i = 0; i < kind->field_count; i++)
        if (field_is_text(&kind->fields[i]) && !field_absent(&kind->fields[i], copy)) {
            struct text *t = field_text(&kind->fields[i], copy);
            *t = arena_text(arena, t->at, t->bytes);
        }
    return copy;
}

static struct text reason_of(const struct event *e)
{
    return e->kind->number == KIND_event_voided ? ((const struct event_voided *)e->data)->reason : ((const struct event_corrected *)e->data)->reason;
}

static void correct_copy(struct copying *c, struct draft *w, const struct event *e, const void *data)
{
    struct desk *d = c->desk;
    struct content *content = ARENA_ARRAY(&d->arena, struct content, 1);
    struct event *correction = follow(d, c->lot, w, c->leader, kind_of(KIND_event_corrected), c->leader->on);
    *content = (struct content){ e->kind, e->on, data_kept(&d->arena, e->kind, data) };
    *(struct event_corrected *)correction->data = (struct event_corrected){ (int64_t)e->seq, content, reason_of(c->leader) };
    correction->from = c->leader->seq;
}

static bool copy_anew(struct copying *c, struct draft *w, const struct event *e)
{
    enum stream_type type;
    void *data;
    int64_t stream = copy_source(e, &type);
    if (stream == ABSENT || (c->only && (uint64_t)stream != c->only))
        return true;
    const struct source *s = source_of(c, (uint64_t)stream);
    if (s && !copies_hold(&c->desk->scratch, e, s->standing, s->count, &data))
        correct_copy(c, w, e, data);
    return s != NULL;
}

/* The copies that stand in one participant's file. False: it could not be read, and the batch fails. */
static bool copies_anew(struct copying *c, struct draft *w)
{
    struct desk *d = c->desk;
    const struct event **events;
    struct key key;
    uint32_t count;
    if (!may_go_on(d))
        return false;
    c->lot->looked++;
    if (w->work.state == STATE_erased)
        return true;    /* it accepts nothing more */
    bool opened = vault_key(d->vault, w->fold.stream, &key) == 0;       /* not of a file that this very order opens */
    arena_reset(&d->scratch);
    if (!events_anew(d, &d->scratch, c->lot, w->fold.stream, opened ? &key : NULL, c->leader, &events, &count))
        return false;
    count = parcours_standing(&d->scratch, events, count, INT32_MAX, INT64_MAX, &events);
    uint32_t before = c->lot->following_count;
    for (uint32_t i = 0; i < count; i++)
        if (!copy_anew(c, w, events[i]))
            return false;
    if (w->fold.version + 1 + c->lot->following_count - before > EVENTS_OF_STREAM_MAX)
        problem_add(&c->out->problems, "what follows it elsewhere is more than a file may hold", "/data/event");
    else if (c->lot->following_count - c->before > FOLLOWING_MAX || lot_bytes(d) > FOLLOWING_BYTES_MAX)
        problem_add(&c->out->problems, "more files copied from it than one commit may follow", "/data/event");
    else
        return true;
    c->out->refusal = REFUSED_too_large;
    return false;
}

bool restore_copies(struct desk *d, struct lot *lot, struct draft *w, const struct event *e, struct outcome *out)
{
    struct event about;
    struct copying c = { .desk = d, .lot = lot, .leader = e, .before = lot->following_count, .out = out };
    if (e->kind->number != KIND_event_voided || !record_is(d, lot, meta_target(e), &about))
        return true;
    bool restores = about.kind->nature == META || about.kind->number == KIND_participant_merged;
    return !restores || copies_anew(&c, w);
}

/* ---- those who name a stream ---- */
static bool named_in(const struct event *e, uint64_t stream)
{
    uint64_t names[NAMES_OF_EVENT_MAX];
    for (unsigned n = event_names(e, names); n-- > 0;)
        if (names[n] == stream)
            return true;
    return false;
}

struct streams {
    uint64_t *at;
    uint32_t n, room;
};

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void add_stream(struct arena *arena, struct streams *s, uint64_t stream)
{
    if (s->n && s->at[s->n - 1] == stream)
        return;
    vector_room(arena, &s->n, &s->room, (void **)&s->at, sizeof(*s->at));
    s->at[s->n++] = stream;
}

/* The streams of which some event names this one, each once. */
static struct streams namers_of(struct desk *d, const struct lot *lot, uint64_t stream)
{
    struct streams all = { .n = 0 }, once = { .n = 0 };
    for (uint64_t by = views_named_by(d->views_txn, stream, 0); by; by = views_named_by(d->views_txn, stream, by))
        add_stream(&d->arena, &all, by);
    for (const struct pending *p = lot->first; p; p = p->next)
        if (named_in(p->event, stream))
            add_stream(&d->arena, &all, p->event->stream);
    if (all.n)
        qsort(all.at, all.n, sizeof(*all.at), ascending);
    for (uint32_t i = 0; i < all.n; i++)
        add_stream(&d->arena, &once, all.at[i]);
    return once;
}

/* Whatever would be unfounded by what follows, in all files. */
static bool refuse_followers(struct desk *d, struct lot *lot, const struct command *c, struct outcome *out)
{
    bool refused = false;
    const struct draft *last = NULL;
    for (const struct pending *p = lot->following; p; p = p->next) {
        struct parcours anew;
        const struct event *ignored;
        if (p->draft == last)
            continue;
        last = p->draft;
        if (!may_go_on(d) || !fold_anew(d, lot, last, NULL, &anew, &ignored))
            return true;
        refused = refuse_unfounded(&last->work, &anew, c, out) || refused;
    }
    return refused;
}

bool follow_copies(struct desk *d, struct lot *lot, const struct draft *source, const struct event *e, const struct command *command, struct outcome *out)
{
    struct copying c = { .desk = d, .lot = lot, .leader = e, .only = source->fold.stream, .out = out };
    if (lot->looked >= LOOKED_MAX) {
        problem_add(&out->problems, "the files copied from it are too many to be followed again in the same order: send fewer at once", "/data/event");
        out->refusal = REFUSED_too_large;
        return false;
    }
    const struct streams namers = namers_of(d, lot, c.only);
    for (uint32_t i = 0; i < namers.n; i++) {
        struct draft *w = draft_of(d, lot, namers.at[i]);
        if (w && w->fold.type == STREAM_participant && !copies_anew(&c, w))
            return false;
    }
    out->followed = lot->following_count;
    return !refuse_followers(d, lot, command, out);
}

bool list_namers(struct desk *d, struct lot *lot, uint64_t stream, struct outcome *out)
{
    const struct streams namers = namers_of(d, lot, stream);
    for (uint32_t by = 0; by < namers.n && out->unfounded_count < UNFOUNDED_LISTED_MAX; by++) {
        const struct event **events;
        uint32_t count;
        arena_reset(&d->scratch);
        if (!may_go_on(d) || !events_anew(d, &d->scratch, lot, namers.at[by], NULL, NULL, &events, &count))
            return false;
        count = parcours_standing(&d->scratch, events, count, INT32_MAX, INT64_MAX, &events);
        for (uint32_t i = 0; i < count && out->unfounded_count < UNFOUNDED_LISTED_MAX; i++)
            if (named_in(events[i], stream))
                out->unfounded[out->unfounded_count++] = events[i]->seq;
    }
    return true;
}
