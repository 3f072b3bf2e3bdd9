#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "../daemon/outbox.h"
#include "../events/days.h"
#include "../events/ids.h"

#define DAY 20500               /* 2026-02-16 */
#define HOUR_MS 3600000ll
static const uint8_t sid[16] = { 1, 2, 3 };

static struct alert_today alert_of(uint64_t owner, int32_t since)
{
    return (struct alert_today){ .alert = { .owes = STREAM_participant, .owner = owner, .referent = 7, .rule = RULE_progress_review, .due = since - 1, .since = since,
                                       .shown_on = since, .seen_on = DAY_NONE, .until_day = DAY_NONE, .settled_on = DAY_NONE }, .to = 7 };
}

static void open_box(struct outbox *o)
{
    ids_start(sid);
    outbox_init(o, sid, 42);
    o->set = (struct subscription){ .stream = 42, .topics = 7, .referent = ABSENT, .stopped_on = DAY_NONE };
}

/* Sends all that waits; the ids, in order. */
static unsigned drain(struct outbox *o, char ids[][MESSAGE_ID_BYTES], enum message_topic *topics)
{
    unsigned n = 0;
    const struct message *m;
    while ((m = outbox_begin(o, 1000)) != NULL) {
        memcpy(ids[n], m->id, MESSAGE_ID_BYTES);
        topics[n++] = m->topic;
        outbox_sent(o, 1000, 200);
    }
    return n;
}

TEST(outbox_an_alert_is_told_once)
{
    struct outbox o;
    char ids[8][MESSAGE_ID_BYTES];
    enum message_topic topics[8];
    struct alert_today all[2] = { alert_of(1, DAY), alert_of(2, DAY - 3) };
    open_box(&o);
    outbox_difference(&o, all, 2, DAY);
    CHECK_INT(drain(&o, ids, topics), 2);
    CHECK_INT(topics[0], MESSAGE_shown);
    CHECK_INT(o.unrecorded.n, 2);
    CHECK_INT(o.unrecorded.at[0].alert.owner, 2);       /* the one that is late the longest first */
    CHECK(memcmp(ids[0], "msg_", 4) == 0 && strlen(ids[0]) == 30 && !strchr(ids[0], '.'));
    CHECK(strcmp(ids[0], ids[1]) != 0);
    outbox_difference(&o, all, 2, DAY + 1);
    CHECK_INT(drain(&o, ids, topics), 0);
    outbox_free(&o);
}

TEST(outbox_seen_and_put_off)
{
    struct outbox o;
    char ids[8][MESSAGE_ID_BYTES], again[8][MESSAGE_ID_BYTES];
    enum message_topic topics[8];
    struct alert_today all[2] = { alert_of(1, DAY), alert_of(2, DAY) };
    open_box(&o);
    all[0].alert.seen_on = DAY;
    all[1].alert.until_day = DAY + 5;
    outbox_difference(&o, all, 2, DAY);
    CHECK_INT(drain(&o, ids, topics), 0);       /* one was seen, the other put off */
    outbox_difference(&o, all, 2, DAY + 4);
    CHECK_INT(drain(&o, ids, topics), 0);
    outbox_difference(&o, all, 2, DAY + 5);
    CHECK_INT(drain(&o, ids, topics), 1);
    outbox_difference(&o, all, 2, DAY + 6);
    CHECK_INT(drain(&o, again, topics), 0);
    all[1].alert.until_day = DAY + 9;           /* put off again */
    outbox_difference(&o, all, 2, DAY + 7);
    CHECK_INT(drain(&o, again, topics), 0);
    outbox_difference(&o, all, 2, DAY + 9);
    CHECK_INT(drain(&o, again, topics), 1);
    CHECK(strcmp(ids[0], again[0]) != 0);
    outbox_free(&o);
}

TEST(outbox_settled_and_back)
{
    struct outbox o;
    char first[8][MESSAGE_ID_BYTES], settled[8][MESSAGE_ID_BYTES], second[8][MESSAGE_ID_BYTES];
    enum message_topic topics[8];
    struct alert_today one = alert_of(1, DAY);
    open_box(&o);
    outbox_difference(&o, &one, 1, DAY);
    CHECK_INT(drain(&o, first, topics), 1);
    outbox_difference(&o, NULL, 0, DAY + 1);
    CHECK_INT(drain(&o, settled, topics), 1);
    CHECK_INT(topics[0], MESSAGE_settled);
    outbox_difference(&o, NULL, 0, DAY + 1);
    CHECK_INT(drain(&o, settled, topics), 0);
    outbox_difference(&o, &one, 1, DAY + 2);    /* what had settled it was taken out */
    CHECK_INT(drain(&o, second, topics), 1);
    CHECK(strcmp(first[0], second[0]) != 0);
    outbox_free(&o);
}

TEST(outbox_scope_and_topics)
{
    struct outbox o;
    char ids[8][MESSAGE_ID_BYTES];
    enum message_topic topics[8];
    struct alert_today all[2] = { alert_of(1, DAY), alert_of(2, DAY) };
    open_box(&o);
    all[1].to = 8;
    o.set.referent = 8;
    outbox_difference(&o, all, 2, DAY);
    CHECK_INT(drain(&o, ids, topics), 1);
    CHECK_INT(o.unrecorded.at[0].alert.owner, 2);
    all[1].to = 7;                              /* handed over: it is another's now, and not settled */
    outbox_difference(&o, all, 2, DAY);
    CHECK_INT(drain(&o, ids, topics), 0);
    outbox_difference(&o, all, 1, DAY);
    CHECK_INT(drain(&o, ids, topics), 1);
    CHECK_INT(topics[0], MESSAGE_settled);
    o.set.referent = ABSENT;
    o.set.topics = 1u << MESSAGE_settled;
    outbox_difference(&o, all, 2, DAY);
    CHECK_INT(drain(&o, ids, topics), 0);
    all[0].escalated = true;
    o.set.topics = 1u << MESSAGE_escalated;
    outbox_difference(&o, all, 2, DAY);
    CHECK_INT(drain(&o, ids, topics), 1);
    outbox_difference(&o, all, 2, DAY);
    CHECK_INT(drain(&o, ids, topics), 0);
    outbox_free(&o);
}

/* What was learnt of the log is what was sent: nothing goes twice, said once or twice, and the ids are the same. */
TEST(outbox_from_the_log)
{
    struct outbox o, later;
    char ids[8][MESSAGE_ID_BYTES], line[MESSAGE_LINE_BYTES];
    enum message_topic topics[8];
    struct message m;
    struct alert_today all[2] = { alert_of(1, DAY), alert_of(2, DAY) };
    open_box(&o);
    open_box(&later);
    outbox_difference(&o, all, 2, DAY);
    drain(&o, ids, topics);
    outbox_difference(&o, all, 1, DAY);
    drain(&o, ids, topics);
    CHECK_INT(o.unrecorded.n, 3);
    for (int twice = 0; twice < 2; twice++)
        for (uint32_t i = 0; i < o.unrecorded.n; i++) {
            CHECK(message_read(text_of(message_line(&o.unrecorded.at[i], line)), &m));
            outbox_told(&later, &m);
        }
    outbox_difference(&later, all, 1, DAY);
    CHECK_INT(drain(&later, ids, topics), 0);
    outbox_difference(&later, all, 2, DAY);
    outbox_difference(&o, all, 2, DAY);
    CHECK_INT(later.waiting.n, 1);
    CHECK_STR(later.waiting.at[0].id, o.waiting.at[0].id);
    outbox_free(&o);
    outbox_free(&later);
}

TEST(outbox_lines)
{
    static const char *const lines[] = {
        "msg_q77tvk41x4j6t3j0qpe9j786t7 test 812", "msg_q77tvk41x4j6t3j0qpe9j786t7 event 9007199254740992", "digest.2026-01-10.d_brmmb31j digest 2026-01-10",
        "- event 12-40",
    };
    struct message m;
    uint64_t from, until;
    char line[MESSAGE_LINE_BYTES];
    for (int i = 0; i < 3; i++) {
        CHECK(message_read(text_of(lines[i]), &m));
        CHECK_STR(message_line(&m, line), lines[i]);
        CHECK(!message_read_run(text_of(lines[i]), &from, &until));
    }
    CHECK(message_read_run(text_of(lines[3]), &from, &until));
    CHECK(from == 12 && until == 40);
    static const char *const wrong[] = { "", "msg_1", "msg_1 test", "msg_1 test x", "msg_1 shown 1", "msg_1 digest 2026-02-30", "msg_1 alert_shown nothing",
                                         "msg_0123456789012345678901234567890 test 1", "- event 12-40" };
    for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK(!message_read(text_of(wrong[i]), &m));
    m = (struct message){ .id = "msg_1", .topic = MESSAGE_shown, .alert = alert_of(99, DAY).alert, .until_day = DAY + 3 };
    struct message back;
    CHECK(message_read(text_of(message_line(&m, line)), &back));
    CHECK(back.alert.owner == 99 && back.alert.since == DAY && back.alert.rule == RULE_progress_review && back.until_day == DAY + 3);
}

/* 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, 8 h, a last time after a day; each from 0.8 to 1.2 of it. */
TEST(outbox_pauses)
{
    static const int64_t pauses_s[] = { 5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800 };
    for (uint32_t dice = 0; dice < 401; dice += 100) {
        struct outbox o;
        struct alert_today one = alert_of(1, DAY);
        int64_t now = 5000;
        char id[MESSAGE_ID_BYTES] = "";
        bool gives_up = false;
        open_box(&o);
        outbox_difference(&o, &one, 1, DAY);
        for (unsigned i = 0; !gives_up && i < 20; i++) {
            const struct message *m = outbox_begin(&o, now);
            CHECK(m != NULL && (i == 0 || strcmp(m->id, id) == 0));
            memcpy(id, m->id, sizeof(id));
            gives_up = outbox_failed(&o, now, 0, dice);
            CHECK(gives_up == (now == 5000 + 24 * HOUR_MS));
            int64_t pause = i < 9 ? pauses_s[i] * (800 + dice) : 28800ll * (800 + dice), end = 5000 + 24 * HOUR_MS;
            CHECK_INT(o.next_ms, now + pause < end ? now + pause : end);
            CHECK(gives_up || outbox_begin(&o, o.next_ms - 1) == NULL);
            outbox_difference(&o, &one, 1, DAY);
            now = o.next_ms;
        }
        CHECK(gives_up);
        outbox_free(&o);
    }
}

TEST(outbox_retry_after_and_tests)
{
    struct outbox o;
    struct alert_today one = alert_of(1, DAY);
    open_box(&o);
    outbox_difference(&o, &one, 1, DAY);
    outbox_begin(&o, 0);
    outbox_failed(&o, 0, 100, 0);
    CHECK_INT(o.next_ms, 100000);
    outbox_test(&o, 12);
    const struct message *m = outbox_begin(&o, 1);      /* a test does not wait, ... */
    CHECK(m && m->topic == MESSAGE_test && m->seq == 12);
    CHECK(!outbox_failed(&o, 1, 0, 0));                 /* ... and is not tried again */
    CHECK_INT(o.attempts, 1);
    CHECK(outbox_begin(&o, 99999) == NULL);
    CHECK(outbox_begin(&o, 100000) != NULL);
    outbox_failed(&o, 100000, 999999, 0);
    CHECK_INT(o.next_ms, 100000 + HOUR_MS);
    o.set.stopped_on = DAY;
    outbox_test(&o, 13);
    CHECK(outbox_begin(&o, 100000 + HOUR_MS) != NULL);  /* also when it is stopped */
    outbox_sent(&o, 0, 200);
    CHECK(outbox_begin(&o, 100000 + HOUR_MS) == NULL);
    outbox_free(&o);
}

TEST(outbox_replay)
{
    struct outbox o;
    const struct message *m;
    struct kind sent = { .number = KIND_messages_sent };
    struct messages_sent early = { .messages = TEXT("msg_a test 3\n- event 5-9"), .day = DAY - 1 };
    struct messages_sent late = { .messages = TEXT("msg_b alert_shown progress-review:p_00000000:2026-02-16\nmsg_c alert_settled progress-review:p_00000000:2026-02-16\n- event 10-20"),
                                  .day = DAY };
    struct event events[2] = { { .kind = &sent, .data = &early }, { .kind = &sent, .data = &late } };
    const struct event *past[2] = { &events[0], &events[1] };
    open_box(&o);
    char id[ID_TEXT_BYTES], text[300];
    snprintf(text, sizeof(text), "msg_b alert_shown progress-review:%s:2026-02-16\nmsg_c alert_settled progress-review:%s:2026-02-16\n- event 10-20",
             id_print(STREAM_participant, 1, id), id);
    late.messages = text_of(text);
    o.through = 20;
    outbox_replay(&o, past, 2, DAY);
    CHECK_INT(o.through, 9);
    CHECK_INT(o.again.n, 2);
    m = outbox_begin(&o, 0);
    CHECK_STR(m->id, "msg_b");
    outbox_failed(&o, 0, 0, 0);
    m = outbox_begin(&o, o.next_ms);
    CHECK_STR(m->id, "msg_b");
    outbox_sent(&o, 0, 200);
    m = outbox_begin(&o, 0);
    CHECK_STR(m->id, "msg_c");
    outbox_sent(&o, 0, 200);
    CHECK(outbox_begin(&o, 0) == NULL);
    outbox_replay(&o, past, 2, DAY - 1);
    CHECK_INT(o.through, 4);
    outbox_free(&o);
}
