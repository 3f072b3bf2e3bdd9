/* Ids and statuses of alerts, the day on which one escalates, and whom it goes to. */
#include "unit.h"

#include <string.h>

#include "../events/days.h"
#include "../projections/routing.h"

static struct arena arena;
static struct rulebook book, later_book;
static struct rulebooks books;
static const uint8_t sid[16] = { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6 };

static void start(void)
{
    struct problems problems = { .count = 0 };
    catalogue_start();
    ids_start(sid);
    arena_free(&arena);
    arena_init(&arena, 1 << 24);
    CHECK_INT(rulebook_read(&arena, rulebook_shipped(TEXT("standard")), &book, &problems), 0);
    later_book = book;
    book.seq = 1;
    book.from_day = DAY_FIRST;
    books = (struct rulebooks){ .count = 0 };
    CHECK_INT(rulebooks_adopt(&books, &book), 0);
}

static struct alert shown_from(int32_t day)
{
    return (struct alert){ .owes = STREAM_participant, .owner = 12, .referent = 1, .rule = RULE_progress_review, .due = day - 1, .since = day, .shown_on = day,
                           .seen_on = DAY_NONE, .until_day = DAY_NONE, .settled_on = DAY_NONE };
}

TEST(alert_ids_come_back)
{
    char id[ALERT_ID_BYTES];
    struct alert read;
    start();
    for (int r = 0; r < RULES; r++)
        for (int type = 0; type < STREAM_TYPES; type++) {
            struct alert a = shown_from(day_of(2026, 1, 16));
            a.rule = r;
            a.owes = (enum stream_type)type;
            a.owner = type == STREAM_plie ? 0 : STREAM_NUMBERS - 1;
            CHECK(alert_id_read(text_of(alert_id(&a, id)), &read));
            CHECK(read.rule == r && read.owes == a.owes && read.owner == a.owner && read.since == a.since && alert_compare(&read, &a) == 0);
        }
}

TEST(alert_ids_that_are_none)
{
    static const char *const none[] = { "", ":", "::", "progress-review", "progress-review:plie", "progress-review:plie:", "progress-review:plie:2026-02-30",
        "progress-review:plie:2026-01-16:", "progress-review:plie:2026-01-16 ", " progress-review:plie:2026-01-16", "no-rule:plie:2026-01-16",
        "progress-review:p_:2026-01-16", "progress-review:x_00000000:2026-01-16", "progress-review::2026-01-16", "progress-review:plie:2026-1-16" };
    struct alert read;
    start();
    CHECK(alert_id_read(TEXT("progress-review:plie:2026-01-16"), &read));
    for (unsigned i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        CHECK(!alert_id_read(text_of(none[i]), &read));
}

TEST(alert_statuses_by_day)
{
    struct alert a = shown_from(100);
    CHECK_INT(alert_status_on(&a, 100), ALERT_open);
    a.seen_on = 105;
    CHECK_INT(alert_status_on(&a, 104), ALERT_open);
    CHECK_INT(alert_status_on(&a, 105), ALERT_seen);
    a.until_day = 110;
    CHECK_INT(alert_status_on(&a, 109), ALERT_put_off);
    CHECK_INT(alert_status_on(&a, 110), ALERT_seen);
    a.settled_on = 108;
    CHECK_INT(alert_status_on(&a, 107), ALERT_put_off);
    CHECK_INT(alert_status_on(&a, 108), ALERT_settled);
    for (int s = 0; s < ALERT_STATUSES; s++)
        CHECK_INT(alert_status_named(text_of(alert_status_name((enum alert_status)s))), s);
    CHECK_INT(alert_status_named(TEXT("late")), -1);
}

TEST(alerts_escalate_from_the_last_of_three_days)
{
    struct alert a = shown_from(1000);
    start();
    CHECK_INT(alert_escalates_on(&a, &books), 1014);
    a.shown_on = 1003;      /* what opened it was told of a later day: nobody left it open before */
    CHECK_INT(alert_escalates_on(&a, &books), 1017);
    a.seen_on = 1001;
    CHECK_INT(alert_escalates_on(&a, &books), 1017);
    a.seen_on = 1005;
    CHECK_INT(alert_escalates_on(&a, &books), 1019);
    a.until_day = 1030;
    CHECK_INT(alert_escalates_on(&a, &books), 1044);
    later_book.seq = 2;
    later_book.from_day = 1044;     /* that day already falls under it */
    later_book.rule[RULE_escalation].value.at[0] = 20;
    CHECK_INT(rulebooks_adopt(&books, &later_book), 0);
    CHECK_INT(alert_escalates_on(&a, &books), 1050);
    later_book.rule[RULE_escalation].mode = MODE_OFF;
    CHECK_INT(alert_escalates_on(&a, &books), DAY_NONE);
    a.until_day = 1029;
    CHECK_INT(alert_escalates_on(&a, &books), 1043);
    a.rule = RULE_caseload_margin;
    CHECK_INT(alert_escalates_on(&a, &books), DAY_NONE);
}

/* Five référents: each the substitute of the one before, absent from the day of their number on. */
static bool card(void *context, uint64_t referent, struct card *ret)
{
    unsigned *reads = context;
    ++*reads;
    card_fold(ret, NULL, 0);
    ret->opened_on = 0;
    ret->absent_on = (int32_t)referent * 10;
    ret->absent_until = referent == 2 ? 29 : DAY_NONE;
    ret->substitute = (int64_t)referent + 1;
    return referent <= 6;
}

static struct way way_on(int32_t day, unsigned *reads)
{
    static struct followers f;
    struct alert a = shown_from(1);
    f = (struct followers){ .arena = &arena, .card = card, .context = reads, .day = day };
    a.until_day = 1000;     /* not escalated */
    alert_route(&f, &a, &books);
    return alert_route(&f, &a, &books);
}

TEST(alerts_go_to_who_stands_in)
{
    unsigned reads = 0;
    start();
    CHECK(way_on(9, &reads).to == 1 && way_on(9, &reads).how == ROUTED_referent);
    CHECK(way_on(10, &reads).to == 2 && way_on(19, &reads).how == ROUTED_substitute);
    CHECK_INT(way_on(29, &reads).to, 3);    /* the last day of the second's absence */
    CHECK_INT(way_on(30, &reads).to, 2);
    reads = 0;
    CHECK_INT(way_on(29, &reads).to, 3);
    CHECK_INT(reads, 3);    /* each once, however often it is asked */
}
