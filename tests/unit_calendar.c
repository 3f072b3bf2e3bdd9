/* The calendar of a participant: what is told of appointments that are moved, taken out and excused, and of deadlines. */
#include "unit.h"

#include <string.h>

#include "../projections/calendar.h"

#define PERSON 7
#define FIRST_DAY 20454         /* 2026-01-01 */
#define EVENTS_MAX 32

static struct arena arena;
static struct rulebooks books;
static struct calendar calendar;
static struct event *events[EVENTS_MAX];
static uint32_t count;

static void start(void)
{
    struct rulebook *book;
    struct problems problems = { .count = 0 };
    catalogue_start();
    arena_free(&arena);
    arena_init(&arena, 64u << 20);
    book = ARENA_ARRAY(&arena, struct rulebook, 1);
    CHECK_INT(rulebook_read(&arena, rulebook_shipped(TEXT("standard")), book, &problems), 0);
    book->seq = 1;
    book->from_day = DAY_FIRST;
    books = (struct rulebooks){ .count = 0 };
    CHECK_INT(rulebooks_adopt(&books, book), 0);
    count = 0;
}

/* Recorded on its day; seqs are 10, 20, 30... */
static void *happens(uint16_t kind, int32_t on)
{
    struct event *e = ARENA_ARRAY(&arena, struct event, 1);
    *e = (struct event){ .stream = PERSON, .on = on, .recorded_on = on, .kind = kind_of(kind), .performed_by = ABSENT };
    e->seq = 10 * (count + 1);
    e->version = count + 1;
    e->recorded_ms = on * INT64_C(86400000) + count;
    e->data = arena_take(&arena, e->kind->data_bytes + 8u);
    data_clear(e->kind, e->data);
    events[count++] = e;
    return e->data;
}

static uint64_t plan(int32_t on, int32_t day, int64_t minute)
{
    struct appointment_planned *d = happens(KIND_appointment_planned, on);
    d->day = day;
    d->minute = minute;
    return events[count - 1]->seq;
}

static uint64_t void_it(int32_t on, uint64_t seq)
{
    struct event_voided *d = happens(KIND_event_voided, on);
    d->event = (int64_t)seq;
    return events[count - 1]->seq;
}

static uint64_t move_it(int32_t on, uint64_t seq, int32_t day, int64_t minute)
{
    struct event_corrected *d = happens(KIND_event_corrected, on);
    struct appointment_planned *now = ARENA_ARRAY(&arena, struct appointment_planned, 1);
    d->event = (int64_t)seq;
    d->content = ARENA_ARRAY(&arena, struct content, 1);
    *d->content = (struct content){ kind_of(KIND_appointment_planned), events[seq / 10 - 1]->on, now };
    data_clear(d->content->kind, now);
    now->day = day;
    now->minute = minute;
    return events[count - 1]->seq;
}

static void look(int32_t today)
{
    struct parcours p;
    parcours_fold(&p, &arena, PERSON, (const struct event *const *)events, count, INT32_MAX, INT64_MAX, &books);
    calendar_begin(&calendar, &arena, today);
    calendar_of(&calendar, &p, (const struct event *const *)events, count);
    calendar_sort(&calendar);
}

static const struct entry *entry(enum entry_kind kind, uint64_t seq_or_rule, int32_t today)
{
    look(today);
    const struct entry *found = NULL;
    for (uint32_t i = 0; i < calendar.n; i++) {
        const struct entry *e = &calendar.at[i];
        if (e->kind != kind || (kind == ENTRY_appointment ? e->seq : (uint64_t)e->word) != seq_or_rule)
            continue;
        CHECK(!found);      /* one entry, one name */
        found = e;
    }
    return found;
}

static bool said(const struct entry *e, int32_t day, int32_t minute, bool cancelled, uint64_t changed)
{
    return CHECK(e) && CHECK_INT(e->day, day) && CHECK_INT(e->minute, minute) && CHECK_INT(e->cancelled, cancelled) && CHECK_INT(e->changed_seq, changed);
}

TEST(calendar_follows_an_appointment)
{
    start();
    happens(KIND_participant_oriented, FIRST_DAY);
    uint64_t a = plan(FIRST_DAY, FIRST_DAY + 20, 870);
    CHECK(said(entry(ENTRY_appointment, a, FIRST_DAY), FIRST_DAY + 20, 870, false, a));
    happens(KIND_contact_attempted, FIRST_DAY + 1);     /* none of its business */
    CHECK(said(entry(ENTRY_appointment, a, FIRST_DAY), FIRST_DAY + 20, 870, false, a));
    uint64_t moved = move_it(FIRST_DAY + 2, a, FIRST_DAY + 21, ABSENT);
    CHECK(said(entry(ENTRY_appointment, a, FIRST_DAY + 2), FIRST_DAY + 21, -1, false, moved));
    uint64_t back = void_it(FIRST_DAY + 3, moved);
    CHECK(said(entry(ENTRY_appointment, a, FIRST_DAY + 3), FIRST_DAY + 20, 870, false, back));
    uint64_t again = move_it(FIRST_DAY + 4, a, FIRST_DAY + 30, 540);
    uint64_t out = void_it(FIRST_DAY + 5, a);
    CHECK(out > again);
    CHECK(said(entry(ENTRY_appointment, a, FIRST_DAY + 5), FIRST_DAY + 30, 540, true, out));
    CHECK(entry(ENTRY_appointment, a, FIRST_DAY + 5 + CANCELLED_DAYS));
    CHECK(!entry(ENTRY_appointment, a, FIRST_DAY + 6 + CANCELLED_DAYS));
    uint64_t restored = void_it(FIRST_DAY + 6, out);
    CHECK(said(entry(ENTRY_appointment, a, FIRST_DAY + 6), FIRST_DAY + 30, 540, false, restored));
}

TEST(calendar_knows_how_an_appointment_went)
{
    start();
    happens(KIND_participant_oriented, FIRST_DAY);
    uint64_t a = plan(FIRST_DAY, FIRST_DAY + 10, 600), b = plan(FIRST_DAY, FIRST_DAY + 20, 600);
    struct appointment_cancelled *off = happens(KIND_appointment_cancelled, FIRST_DAY + 1);
    off->appointment = (int64_t)a;
    uint64_t cancelled = events[count - 1]->seq;
    CHECK(said(entry(ENTRY_appointment, a, FIRST_DAY + 1), FIRST_DAY + 10, 600, true, cancelled));
    CHECK(said(entry(ENTRY_appointment, b, FIRST_DAY + 1), FIRST_DAY + 20, 600, false, b));
    uint64_t uncancelled = void_it(FIRST_DAY + 2, cancelled);
    CHECK(said(entry(ENTRY_appointment, a, FIRST_DAY + 2), FIRST_DAY + 10, 600, false, uncancelled));
    ((struct appointment_kept *)happens(KIND_appointment_kept, FIRST_DAY + 10))->appointment = (int64_t)a;
    CHECK(said(entry(ENTRY_appointment, a, FIRST_DAY + 10), FIRST_DAY + 10, 600, false, events[count - 1]->seq));
    happens(KIND_appointment_excused, FIRST_DAY + 20);  /* it does not say which: the one planned last */
    CHECK(said(entry(ENTRY_appointment, b, FIRST_DAY + 20), FIRST_DAY + 20, 600, true, events[count - 1]->seq));
    /* And then one that was planned meanwhile is told late: it is the one that was excused. */
    uint64_t c = plan(FIRST_DAY + 20, FIRST_DAY + 21, ABSENT);
    events[count - 1]->on = FIRST_DAY + 15;
    CHECK(said(entry(ENTRY_appointment, b, FIRST_DAY + 20), FIRST_DAY + 20, 600, false, c));
    CHECK(said(entry(ENTRY_appointment, c, FIRST_DAY + 20), FIRST_DAY + 21, -1, true, c));
    happens(KIND_appointment_missed, FIRST_DAY + 22);   /* nothing is left that it could end */
    CHECK(said(entry(ENTRY_appointment, c, FIRST_DAY + 22), FIRST_DAY + 21, -1, true, events[count - 1]->seq));
}

TEST(calendar_reaches_so_far_and_no_further)
{
    start();
    happens(KIND_participant_oriented, FIRST_DAY);
    uint64_t a = plan(FIRST_DAY, FIRST_DAY + 400, 0);
    CHECK(!entry(ENTRY_appointment, a, FIRST_DAY + 400 - CALENDAR_DAYS_ON - 1));
    CHECK(entry(ENTRY_appointment, a, FIRST_DAY + 400 - CALENDAR_DAYS_ON));
    CHECK(entry(ENTRY_appointment, a, FIRST_DAY + 400 + CALENDAR_DAYS_BACK));
    CHECK(!entry(ENTRY_appointment, a, FIRST_DAY + 400 + CALENDAR_DAYS_BACK + 1));
}

TEST(calendar_tells_deadlines_by_rule_and_parcours)
{
    start();
    struct participant_oriented *o = happens(KIND_participant_oriented, FIRST_DAY);
    o->prescriber = TEXT("ccas");
    ((struct referent_assigned *)happens(KIND_referent_assigned, FIRST_DAY))->referent = 3;
    ((struct entry_decided *)happens(KIND_entry_decided, FIRST_DAY + 1))->outcome = entry_outcome_accepted;
    happens(KIND_contract_signed, FIRST_DAY + 2);
    look(FIRST_DAY + 2);
    const struct entry *limit = entry(ENTRY_deadline, RULE_contract_transmission, FIRST_DAY + 2);
    if (!CHECK(limit))
        return;
    int32_t due = limit->day;
    CHECK_INT(limit->changed_seq, 40);
    CHECK_INT(limit->minute, -1);
    CHECK_INT(limit->number, 1);
    happens(KIND_contact_attempted, due + 10);
    CHECK(said(entry(ENTRY_deadline, RULE_contract_transmission, due + 10), due, -1, false, 50));
    happens(KIND_contract_transmitted, due + 11);       /* settled late */
    CHECK(said(entry(ENTRY_deadline, RULE_contract_transmission, due + 11), due, -1, true, 60));
    CHECK(entry(ENTRY_deadline, RULE_contract_transmission, due + 11 + CANCELLED_DAYS));
    CHECK(!entry(ENTRY_deadline, RULE_contract_transmission, due + 12 + CANCELLED_DAYS));
    for (uint32_t i = 0; i < calendar.n; i++)
        CHECK(rules[calendar.at[i].word].turn == REFERENT);
}

TEST(calendar_deadlines_change_with_the_rulebook_too)
{
    struct parcours p;
    start();
    ((struct participant_oriented *)happens(KIND_participant_oriented, FIRST_DAY))->prescriber = TEXT("ccas");
    ((struct referent_assigned *)happens(KIND_referent_assigned, FIRST_DAY))->referent = 3;
    ((struct entry_decided *)happens(KIND_entry_decided, FIRST_DAY + 1))->outcome = entry_outcome_accepted;
    happens(KIND_contract_signed, FIRST_DAY + 2);
    parcours_fold(&p, &arena, PERSON, (const struct event *const *)events, count, INT32_MAX, INT64_MAX, &books);
    calendar_begin(&calendar, &arena, FIRST_DAY);
    calendar.rulebook_seq = 99;
    calendar.rulebook_ms = 1234;
    calendar_of(&calendar, &p, (const struct event *const *)events, count);
    CHECK(calendar.n > 0);
    for (uint32_t i = 0; i < calendar.n; i++) {
        CHECK_INT(calendar.at[i].changed_seq, 99);
        CHECK_INT(calendar.at[i].changed_ms, 1234);
    }
}
