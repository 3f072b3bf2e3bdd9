/* Random histories: folding is the same whatever the order of recording, step by step or all at once, packed or not; and a
 * voided event, or a voided correction, leaves what was there without it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../events/failure.h"
#include "../events/parcours.h"
#include "unit.h"

#define HISTORIES 400
#define EVENTS_MAX 60
#define FIRST_DAY 19000     /* 2022-01-08 */

struct history {
    struct arena arena;
    struct rulebooks books;
    struct event *events[EVENTS_MAX];       /* in the order they happened: each has a day of its own */
    uint32_t count;
    uint64_t random;
};

static uint32_t dice(struct history *h, uint32_t sides)
{
    h->random = h->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(h->random >> 33) % sides;
}

static void adopt_standard(struct history *h)
{
    struct rulebook *book = ARENA_ARRAY(&h->arena, struct rulebook, 1);
    struct problems problems = { .count = 0 };
    CHECK_INT(rulebook_read(&h->arena, rulebook_shipped(TEXT("standard")), book, &problems), 0);
    book->seq = 1;
    book->from_day = DAY_FIRST;
    memset(&h->books, 0, sizeof(h->books));
    CHECK_INT(rulebooks_adopt(&h->books, book), 0);
}

/* References are the index of an earlier event, turned into its seq once the order of recording is drawn. */
static int64_t random_number(struct history *h, const struct field *f, uint32_t index, int32_t on)
{
    switch (f->type) {
    case TYPE_CODE: return dice(h, vocabulary_count(f->of));
    case TYPE_CODES: return 1 + dice(h, (1u << vocabulary_count(f->of)) - 1);
    case TYPE_FLAG: return dice(h, 2);
    case TYPE_DAY: return on + (int32_t)dice(h, 200) - 100;
    case TYPE_MONTH: return month_index(on);
    case TYPE_EVENT: return index ? dice(h, index) : ABSENT;
    case TYPE_STREAM: return 1 + dice(h, 5);
    default: return f->min + dice(h, (uint32_t)(f->max - f->min + 1 > 4000 ? 4000 : f->max - f->min + 1));
    }
}

static void *random_data(struct history *h, const struct kind *kind, uint32_t index, int32_t on)
{
    void *data = arena_take(&h->arena, kind->data_bytes + 8u);
    data_clear(kind, data);
    for (unsigned i = 0; i < kind->field_count; i++) {
        const struct field *f = &kind->fields[i];
        if (f->type == TYPE_CONTENT || (f->presence != REQUIRED && dice(h, 3) == 0))
            continue;
        if (field_is_text(f))
            *field_text(f, data) = f->check == CHECK_rncp ? TEXT("RNCP35419") : TEXT("abc");
        else
            *field_number(f, data) = random_number(h, f, index, on);
        if (f->protection == COARSE)
            *field_coarse(f, data) = dice(h, 2);
    }
    return data;
}

static const struct kind *random_kind(struct history *h, uint32_t index)
{
    /* The first ones make a parcours likely; then anything. */
    static const uint16_t likely[] = { KIND_participant_oriented, KIND_referent_assigned, KIND_diagnosis_recorded, KIND_eligibility_checked,
                                       KIND_entry_proposed, KIND_entry_decided, KIND_contract_signed };
    if (index < sizeof(likely) / sizeof(likely[0]))
        return kind_of(likely[index]);
    for (;;) {
        const struct kind *kind = catalogue_at(dice(h, catalogue_count()));
        bool ends = kind->number == KIND_participant_erased || kind->number == KIND_exit_decided;
        bool merges = kind->number == KIND_participant_merged;      /* takes out all the others: no step of a fold */
        if (kind->stream == STREAM_participant && kind->nature != META && !merges && !(ends && dice(h, 4)))
            return kind;
    }
}

static void live(struct history *h, uint64_t seed)
{
    arena_init(&h->arena, 256u << 20);
    h->random = seed;
    adopt_standard(h);
    h->count = 8 + dice(h, EVENTS_MAX - 8);
    int32_t on = FIRST_DAY;
    for (uint32_t i = 0; i < h->count; i++) {
        struct event *e = ARENA_ARRAY(&h->arena, struct event, 1);
        on += 1 + (int32_t)dice(h, 25);
        *e = (struct event){ .stream = 7, .on = on, .recorded_on = on, .kind = random_kind(h, i), .performed_by = ABSENT };
        e->data = random_data(h, e->kind, i, on);
        if (e->kind->number == KIND_entry_decided && dice(h, 4))
            ((struct entry_decided *)e->data)->outcome = entry_outcome_accepted;
        h->events[i] = e;
    }
}

/* Records the history in an order: rank[i] is when the i-th that happened was recorded. Seqs and references follow. */
static const struct event **record(struct history *h, const uint32_t *rank)
{
    const struct event **events = ARENA_ARRAY(&h->arena, const struct event *, h->count);
    for (uint32_t i = 0; i < h->count; i++) {
        struct event *e = arena_copy(&h->arena, h->events[i], sizeof(struct event));
        e->seq = rank[i] + 2;
        e->version = rank[i] + 1;
        e->data = arena_copy(&h->arena, e->data, e->kind->data_bytes + 8u);
        for (unsigned f = 0; f < e->kind->field_count; f++)
            if (e->kind->fields[f].type == TYPE_EVENT && !field_absent(&e->kind->fields[f], e->data)) {
                int64_t *reference = field_number(&e->kind->fields[f], e->data);
                *reference = rank[*reference] + 2;
            }
        events[rank[i]] = e;
    }
    return events;
}

/* What a fold says, but for the seqs, which are another order's. */
static struct text said(struct arena *arena, const struct parcours *p)
{
    struct json_out out;
    json_out_init(&out, 1u << 20);
    json_open(&out);
    json_key(&out, "state"), json_string(&out, state_name(p->state));
    json_key(&out, "number"), json_number(&out, p->number);
    json_key(&out, "start"), json_day(&out, p->start_on);
    json_key(&out, "extensions"), json_number(&out, p->extensions);
    json_key(&out, "contacts"), json_number(&out, p->contacts);
    json_key(&out, "eligibility"), json_number(&out, p->eligibility);
    json_key(&out, "steps"), json_number(&out, p->steps.n);
    json_key(&out, "jobs"), json_number(&out, p->jobs.n);
    json_key(&out, "spans"), json_number(&out, p->spans.n);
    json_key(&out, "evidence"), json_number(&out, p->evidence.n);
    json_key(&out, "past"), json_number(&out, p->past.n);
    json_open_list(&out);
    for (uint32_t i = 0; i < p->marks.n; i++)
        json_number(&out, p->marks.at[i].rule * 4 + p->marks.at[i].unfounded * 2 + p->marks.at[i].waived);
    for (int r = 0; r < RULES; r++)
        json_day(&out, p->open[r].due), json_day(&out, p->open[r].since), json_day(&out, p->open[r].opened_on);
    for (uint32_t i = 0; i < p->episodes.n; i++)
        json_day(&out, p->episodes.at[i].shown_on), json_day(&out, p->episodes.at[i].settled_on), json_number(&out, p->episodes.at[i].rule);
    json_close_list(&out);
    json_close(&out);
    struct text t = arena_text(arena, out.at, out.bytes);
    json_out_free(&out);
    return t;
}

static struct text fold_said(struct history *h, const struct event *const *events, uint32_t count)
{
    struct parcours p;
    parcours_fold(&p, &h->arena, 7, events, count, INT32_MAX, INT64_MAX, &h->books);
    return said(&h->arena, &p);
}

/* Packed and unpacked between any two steps. */
static struct text stepped_said(struct history *h, const struct event *const *events)
{
    struct parcours p;
    parcours_begin(&p, &h->arena, 7);
    for (uint32_t i = 0; i < h->count; i++) {
        parcours_step(&p, events[i], &h->books);
        struct packed *packed = parcours_pack(&p);
        parcours_unpack(&p, &h->arena, packed);
        free(packed);
    }
    return said(&h->arena, &p);
}

static void in_order(const struct history *h, uint32_t *rank)
{
    for (uint32_t i = 0; i < h->count; i++)
        rank[i] = i;
}

static void shuffle(struct history *h, uint32_t *rank)
{
    in_order(h, rank);
    for (uint32_t i = h->count; i > 1; i--) {
        uint32_t j = dice(h, i), other = rank[j];
        rank[j] = rank[i - 1];
        rank[i - 1] = other;
    }
}

TEST(any_order_of_recording_folds_the_same)
{
    uint32_t rank[EVENTS_MAX];
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        struct history h;
        live(&h, seed);
        in_order(&h, rank);
        const struct event **events = record(&h, rank);
        struct text straight = fold_said(&h, events, h.count);
        CHECK(text_equal(straight, stepped_said(&h, events)));
        for (int again = 0; again < 3; again++) {
            shuffle(&h, rank);
            if (!CHECK(text_equal(straight, fold_said(&h, record(&h, rank), h.count))))
                printf("seed %llu\n", (unsigned long long)seed);
        }
        arena_free(&h.arena);
    }
}

static struct event *about(struct history *h, uint16_t kind, uint64_t seq, uint64_t target)
{
    struct event *e = ARENA_ARRAY(&h->arena, struct event, 1);
    *e = (struct event){ .seq = seq, .stream = 7, .version = seq - 1, .on = FIRST_DAY + 5000, .recorded_on = FIRST_DAY + 5000, .kind = kind_of(kind),
                         .performed_by = ABSENT };
    e->data = arena_take(&h->arena, e->kind->data_bytes);
    data_clear(e->kind, e->data);
    *field_number(&e->kind->fields[0], e->data) = (int64_t)target;
    return e;
}

TEST(voids_and_corrections_leave_what_was)
{
    uint32_t rank[EVENTS_MAX];
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        struct history h;
        live(&h, seed);
        in_order(&h, rank);
        const struct event **events = record(&h, rank), *more[EVENTS_MAX + 3], *fewer[EVENTS_MAX];
        uint32_t target = dice(&h, h.count), n = 0;
        for (uint32_t i = 0; i < h.count; i++)
            if (i != target)
                fewer[n++] = events[i];
        memcpy(more, events, h.count * sizeof(*events));
        struct text whole = fold_said(&h, events, h.count), without = fold_said(&h, fewer, n);
        more[h.count] = about(&h, KIND_event_voided, h.count + 2, events[target]->seq);
        CHECK(text_equal(without, fold_said(&h, more, h.count + 1)));
        /* The void is voided: all is as before. */
        more[h.count + 1] = about(&h, KIND_event_voided, h.count + 3, h.count + 2);
        CHECK(text_equal(whole, fold_said(&h, more, h.count + 2)));
        /* A correction that moves the event, voided in its turn. */
        struct event *correction = about(&h, KIND_event_corrected, h.count + 2, events[target]->seq);
        struct content content = { events[target]->kind, events[target]->on + 400, events[target]->data };
        ((struct event_corrected *)correction->data)->content = &content;
        more[h.count] = correction;
        struct event moved = *events[target];
        moved.on += 400;
        events[target] = &moved;
        CHECK(text_equal(fold_said(&h, events, h.count), fold_said(&h, more, h.count + 1)));
        CHECK(text_equal(whole, fold_said(&h, more, h.count + 2)));
        arena_free(&h.arena);
    }
}
