/* What a digest says of a list of alerts and a calendar. */
#include "unit.h"

#include <string.h>

#include "../daemon/digest_told.h"

#define DAY 20463               /* 2026-01-10, a Saturday */
#define ME 3
#define OTHER 4

static struct arena arena;
static struct digest_facts digest;
static struct digest_told said;
static struct digest_alert alerts[300];
static struct calendar calendar;

static struct text person(void *context, uint64_t participant)
{
    (void)context;
    return participant == 7 ? TEXT("Alex <E.>") : (struct text){ NULL, 0 };
}

static void start(uint64_t reader)
{
    static const uint8_t sid[16] = { 1, 2, 3 };
    catalogue_start();
    ids_start(sid);
    arena_free(&arena);
    arena_init(&arena, 16u << 20);
    calendar_begin(&calendar, &arena, DAY);
    digest = (struct digest_facts){ .arena = &arena, .french = true, .reader = reader, .delivery = TEXT("d_0"), .day = DAY, .position = 12840,
                              .plie = TEXT("PLIE de la vallée"), .alerts = alerts, .calendar = reader == NOBODY ? NULL : &calendar };
}

static struct digest_alert *alert(int rule, uint64_t participant, int32_t due, int32_t since, uint64_t to)
{
    struct digest_alert *a = &alerts[digest.count++];
    *a = (struct digest_alert){ .is = { .owes = STREAM_participant, .owner = participant, .referent = to, .rule = rule, .due = due, .since = since, .shown_on = since,
                                        .seen_on = DAY_NONE, .until_day = DAY_NONE, .settled_on = DAY_NONE }, .to = to };
    return a;
}

static void entry(enum entry_kind kind, uint64_t participant, int32_t day, int32_t minute, int16_t word)
{
    struct entry *at = ARENA_ARRAY(&arena, struct entry, calendar.n + 1);
    if (calendar.n)
        memcpy(at, calendar.at, calendar.n * sizeof(*at));
    at[calendar.n++] = (struct entry){ .kind = kind, .stream = participant, .day = day, .minute = minute, .word = word };
    calendar.at = at;
}

static const char *say(void)
{
    CHECK(digest_tell(&digest, &said));
    return arena_print(&arena, "%.*s", TEXT_ARGS(said.plain)).at;
}

static const char *id(uint64_t participant)
{
    static char text[ID_TEXT_BYTES];
    return id_print(STREAM_participant, participant, text);
}

static bool says(const char *line)
{
    return strstr(say(), line) != NULL;
}

/* A line of the digest: one that begins with two blanks and holds both. */
static bool has_line(const char *a, const char *b)
{
    const char *t = say(), *line = t;
    for (; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *x = strstr(line, a), *y = strstr(line, b), *end = strchr(line, '\n');
        if (x && y && end && x < end && y < end)
            return true;
    }
    return false;
}

TEST(digest_of_nothing_says_so)
{
    start(ME);
    CHECK(says("[PLIE de la vallée] Votre journée du 10 janvier 2026\n\nRien à faire ce jour.\n\n--\nPLIE de la vallée, état au 10 janvier 2026, position 12840\n"));
    CHECK_INT(said.count, 0);
    digest.french = false;
    digest.mention = TEXT("Paid by the ESF");
    digest.public_url = TEXT("https://plie.example.org");
    CHECK(says("[PLIE de la vallée] Your day, 10 January 2026\n\nNothing to do today.\n\n--\nPLIE de la vallée, as of 10 January 2026, position 12840\n"
               "Paid by the ESF\nhttps://plie.example.org\nSettings: parcoursctl delivery show d_0\n"));
}

TEST(digest_tells_alerts_by_who_must_act)
{
    start(ME);
    alert(RULE_progress_review, 7, DAY - 17, DAY - 16, ME);
    alert(RULE_contacts_monthly, 8, DAY + 3, DAY - 400, ME);
    alert(RULE_contacts_monthly, 9, DAY - 1, DAY, ME)->escalated = true;
    alert(RULE_contacts_monthly, 10, DAY, DAY, ME)->is.seen_on = DAY - 1;
    alert(RULE_contacts_monthly, 11, DAY, DAY, ME)->is.until_day = DAY + 1;
    struct digest_alert *back = alert(RULE_contacts_monthly, 12, DAY, DAY, ME);
    back->is.until_day = DAY;
    say();
    CHECK_INT(said.count, 2);
    CHECK(says("À faire (3)\n"));
    CHECK(has_line(id(7), "depuis le 25 décembre 2025, 17 jours de retard"));
    CHECK(has_line(id(8), "depuis le 6 décembre 2024"));
    CHECK(has_line(id(12), "depuis le 10 janvier"));
    CHECK(!has_line(id(12), "retard"));
    CHECK(says("À faire, et vu aussi par la coordinatrice (1)\n"));
    CHECK(has_line(id(9), "1 jour de retard"));
    CHECK(!has_line(id(10), "") && !has_line(id(11), ""));
    CHECK(says("\n2 alertes vues ou reportées.\n"));
}

TEST(digest_tells_the_day_and_the_next_working_one)
{
    start(ME);
    entry(ENTRY_appointment, 7, DAY, 870, channel_interview);
    entry(ENTRY_appointment, 8, DAY + 1, 540, -1);
    entry(ENTRY_appointment, 9, DAY + 2, 540, -1);      /* Monday */
    entry(ENTRY_appointment, 10, DAY + 3, 540, -1);
    entry(ENTRY_appointment, 11, DAY, -1, -1);
    entry(ENTRY_appointment, 12, DAY, 60, -1);
    calendar.at[5].cancelled = true;
    say();
    CHECK(says("Rendez-vous (3)\n"));
    CHECK(has_line("  aujourd'hui 14 h 30 ", "entretien en face à face"));
    CHECK(has_line("  lundi 12 janvier 9 h ", id(9)));
    CHECK(has_line("  aujourd'hui ", id(11)));
    digest.french = false;
    CHECK(has_line("  Monday 12 January 09:00 ", id(9)));
    digest.day = DAY + 2;
    say();
    CHECK(says("Appointments (2)\n"));
    CHECK(has_line("Tuesday 13 January 09:00", id(10)));
}

TEST(digest_tells_what_comes_within_a_week)
{
    start(ME);
    alert(RULE_progress_review, 7, DAY + 1, DAY, ME);
    entry(ENTRY_deadline, 7, DAY + 1, -1, RULE_progress_review);
    entry(ENTRY_deadline, 8, DAY + 7, -1, RULE_progress_review);
    entry(ENTRY_deadline, 9, DAY + 8, -1, RULE_progress_review);
    entry(ENTRY_deadline, 10, DAY - 1, -1, RULE_progress_review);
    say();
    CHECK(says("À venir d'ici le 17 janvier (1)\n"));
    CHECK(has_line(id(8), "le 17 janvier"));
}

TEST(digest_of_the_coordinator_tells_what_nobody_else_will_do)
{
    start(NOBODY);
    alert(RULE_progress_review, 7, DAY - 40, DAY - 39, ME)->escalated = true;
    alert(RULE_progress_review, 8, DAY - 3, DAY - 2, OTHER);
    alert(RULE_contacts_monthly, 8, DAY + 3, DAY, OTHER);
    alert(RULE_progress_review, 9, DAY - 3, DAY - 2, NOBODY);
    struct digest_alert *own = alert(RULE_exit_decision, 10, DAY - 3, DAY - 2, NOBODY);
    own->is.referent = ME;
    say();
    CHECK_INT(said.count, 4);
    CHECK(says("Laissé ouvert par le référent (1)\n") && has_line(id(7), "40 jours de retard"));
    CHECK(says("À faire par la coordinatrice (1)\n") && has_line(id(10), ""));
    CHECK(says("Que personne ne suit (1)\n") && has_line(id(9), ""));
    CHECK(says("Par référent (2)\n"));
    char other[ID_TEXT_BYTES];
    CHECK(has_line(id_print(STREAM_referent, OTHER, other), "2 alertes, dont 1 en retard"));
    CHECK(has_line(other, "la plus ancienne depuis le 8 janvier"));
    CHECK(!has_line(id(8), ""));
}

TEST(digest_names_people_only_when_it_may)
{
    start(ME);
    alert(RULE_progress_review, 7, DAY, DAY, ME);
    CHECK(!says("Alex"));
    digest.person = person;
    CHECK(says("Alex <E.>"));
    CHECK(memmem(said.html.at, said.html.bytes, "Alex &lt;E.&gt;", 15));
    CHECK(!memmem(said.html.at, said.html.bytes, "Alex <E.>", 9));
    CHECK(!memmem(said.subject.at, said.subject.bytes, "Alex", 4));
}

TEST(digest_counts_what_is_too_much)
{
    start(ME);
    for (unsigned i = 0; i < DIGEST_LINES_MAX + 3; i++)
        alert(RULE_progress_review, 100 + i, DAY, DAY, ME);
    CHECK(says("À faire (203)\n"));
    CHECK(says("\n  et 3 autres\n"));
    CHECK_INT(said.sections[0].n, DIGEST_LINES_MAX);
}
