/* What a digest says: its sections. */
#include "digest_told.h"

#include <inttypes.h>

#include "answers.h"

#define SATURDAY 5

static const char *const months_fr[] = { "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre" };
static const char *const months_en[] = { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" };
static const char *const weekdays_fr[] = { "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche" };
static const char *const weekdays_en[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };

/* ---- words ---- */
static struct text whole_date(const struct digest_facts *d, int32_t day)
{
    struct civil c = day_civil(day);
    if (!d->french)
        return arena_print(d->arena, "%" PRId32 " %s %" PRId32, c.day, months_en[c.month - 1], c.year);
    return arena_print(d->arena, "%" PRId32 "%s %s %" PRId32, c.day, c.day == 1 ? "er" : "", months_fr[c.month - 1], c.year);
}

struct text digest_date(const struct digest_facts *d, int32_t day)
{
    struct text t = whole_date(d, day);
    if (day_civil(day).year == day_civil(d->day).year)
        t.bytes -= (uint32_t)sizeof(" 2026") - 1;
    return t;
}

static int32_t weekday(int32_t day)     /* 0: Monday */
{
    return 6 - (week_last(week_index(day)) - day);
}

/* Holidays are not known here: an appointment on one is told a day early, never late. */
static int32_t next_working_day(int32_t day)
{
    do
        day++;
    while (weekday(day) >= SATURDAY);
    return day;
}

static struct text since_words(const struct digest_facts *d, const struct alert *a)
{
    struct text since = digest_date(d, a->since);
    int32_t late = d->day > a->due ? d->day - a->due : 0;
    struct text t = arena_print(d->arena, d->french ? "depuis le %.*s" : "since %.*s", TEXT_ARGS(since));
    if (late == 0)
        return t;
    if (d->french)
        return arena_print(d->arena, "%.*s, %" PRId32 " jour%s de retard", TEXT_ARGS(t), late, late > 1 ? "s" : "");
    return arena_print(d->arena, "%.*s, %" PRId32 " day%s late", TEXT_ARGS(t), late, late > 1 ? "s" : "");
}

static struct text id_words(const struct digest_facts *d, enum stream_type type, uint64_t stream)
{
    char id[ID_TEXT_BYTES];
    if (type == STREAM_referent && stream == d->reader)
        return text_of(d->french ? "vous" : "you");
    id_print(type, stream, id);
    struct text person = type == STREAM_participant && d->person ? d->person(d->context, stream) : (struct text){ NULL, 0 };
    return person.bytes ? arena_print(d->arena, "%s %.*s", id, TEXT_ARGS(person)) : arena_print(d->arena, "%s", id);
}

static struct text hour_words(const struct digest_facts *d, int32_t day, int32_t minute)
{
    int32_t w = weekday(day);
    struct text date = digest_date(d, day);
    struct text t = day == d->day ? text_of(d->french ? "aujourd'hui" : "today")
                                  : arena_print(d->arena, "%s %.*s", d->french ? weekdays_fr[w] : weekdays_en[w], TEXT_ARGS(date));
    if (minute < 0)
        return t;
    if (!d->french)
        return arena_print(d->arena, "%.*s %02" PRId32 ":%02" PRId32, TEXT_ARGS(t), minute / 60, minute % 60);
    if (minute % 60 == 0)
        return arena_print(d->arena, "%.*s %" PRId32 " h", TEXT_ARGS(t), minute / 60);
    return arena_print(d->arena, "%.*s %" PRId32 " h %02" PRId32, TEXT_ARGS(t), minute / 60, minute % 60);
}

/* ---- sections ---- */
/* Asked before a line is put into words: names are opened for nobody who is only counted. */
static bool leave_out(struct digest_section *s)
{
    s->left_out += s->n == DIGEST_LINES_MAX;
    return s->n == DIGEST_LINES_MAX;
}

static void add_line(const struct digest_facts *d, struct digest_section *s, struct digest_line line)
{
    void *at = s->at;
    vector_room(d->arena, &s->n, &s->room, &at, sizeof(line));
    s->at = at;
    s->at[s->n++] = line;
}

static void add_section(const struct digest_facts *d, struct digest_told *said, struct digest_section s, const char *fr, const char *en)
{
    if (s.n == 0)
        return;
    s.title = arena_print(d->arena, "%s (%" PRIu32 ")", d->french ? fr : en, s.n + s.left_out);
    said->sections[said->count++] = s;
}

/* Where an alert is told. */
enum digest_place { TOLD_escalated, TOLD_here, TOLD_unfollowed, TOLD_others, TOLD_heeded };

/* What was seen is quiet until it is escalated; what is put off, until its day. */
static enum digest_place told_where(const struct digest_facts *d, const struct digest_alert *a)
{
    enum alert_status status = alert_status_on(&a->is, d->day);
    if (status == ALERT_put_off || status == ALERT_settled || (status == ALERT_seen && !a->escalated))
        return TOLD_heeded;
    if (a->escalated)
        return TOLD_escalated;
    if (d->reader != NOBODY)
        return TOLD_here;
    if (a->to != NOBODY)
        return TOLD_others;
    return rules[a->is.rule].turn == COORDINATOR ? TOLD_here : TOLD_unfollowed;
}

static void add_alert(const struct digest_facts *d, struct digest_section *s, const struct digest_alert *a)
{
    struct digest_line line = { .whom = id_words(d, a->is.owes, a->is.owner), .what = text_of(rule_sentence((enum rule_number)a->is.rule, d->french)),
                                .note = since_words(d, &a->is) };
    bool whose = d->reader == NOBODY && a->is.owes == STREAM_participant && a->to != NOBODY;
    if (whose) {
        struct text who = id_words(d, STREAM_referent, a->to);
        line.note = arena_print(d->arena, "%.*s, %.*s", TEXT_ARGS(who), TEXT_ARGS(line.note));
    }
    add_line(d, s, line);
}

static struct digest_section alerts_told(const struct digest_facts *d, enum digest_place where)
{
    struct digest_section s = { .n = 0 };
    for (uint32_t i = 0; i < d->count; i++)
        if (told_where(d, &d->alerts[i]) == where && !leave_out(&s))
            add_alert(d, &s, &d->alerts[i]);
    return s;
}

/* ---- a line a référent, for the coordinator ---- */
struct share {
    uint64_t referent;
    uint32_t open, late;
    int32_t oldest;
};

static void add_share(const struct digest_facts *d, struct digest_section *s, const struct share *of)
{
    struct text oldest = digest_date(d, of->oldest);
    struct digest_line line = { .whom = id_words(d, STREAM_referent, of->referent) };
    if (d->french) {
        line.what = arena_print(d->arena, "%" PRIu32 " alerte%s, dont %" PRIu32 " en retard", of->open, of->open > 1 ? "s" : "", of->late);
        line.note = arena_print(d->arena, "la plus ancienne depuis le %.*s", TEXT_ARGS(oldest));
    } else {
        line.what = arena_print(d->arena, "%" PRIu32 " alert%s, %" PRIu32 " late", of->open, of->open > 1 ? "s" : "", of->late);
        line.note = arena_print(d->arena, "the oldest since %.*s", TEXT_ARGS(oldest));
    }
    add_line(d, s, line);
}

/* In the order of who has waited longest, for the alerts come so. */
static struct digest_section shares_told(const struct digest_facts *d)
{
    struct { struct share *at; uint32_t n, room; } shares = { NULL, 0, 0 };
    struct digest_section s = { .n = 0 };
    for (uint32_t i = 0; i < d->count; i++) {
        const struct digest_alert *a = &d->alerts[i];
        uint32_t k = 0;
        if (a->to == NOBODY || told_where(d, a) == TOLD_heeded)
            continue;
        while (k < shares.n && shares.at[k].referent != a->to)
            k++;
        if (k == shares.n) {
            void *at = shares.at;
            vector_room(d->arena, &shares.n, &shares.room, &at, sizeof(*shares.at));
            shares.at = at;
            shares.at[shares.n++] = (struct share){ .referent = a->to, .oldest = a->is.since };
        }
        shares.at[k].open++;
        shares.at[k].late += d->day > a->is.due;
    }
    for (uint32_t i = 0; i < shares.n; i++)
        if (!leave_out(&s))
            add_share(d, &s, &shares.at[i]);
    return s;
}

/* ---- from the calendar ---- */
static struct digest_section appointments_told(const struct digest_facts *d)
{
    struct digest_section s = { .n = 0 };
    int32_t next = next_working_day(d->day);
    for (uint32_t i = 0; i < d->calendar->n; i++) {
        const struct entry *e = &d->calendar->at[i];
        if (e->kind != ENTRY_appointment || e->cancelled || (e->day != d->day && e->day != next) || leave_out(&s))
            continue;
        const char *what = e->word >= 0 ? word_sentence(VOCABULARY_channel, e->word, d->french) : d->french ? "rendez-vous" : "appointment";
        add_line(d, &s, (struct digest_line){ .when = hour_words(d, e->day, e->minute), .whom = id_words(d, STREAM_participant, e->stream),
                                              .what = text_of(what) });
    }
    return s;
}

static bool shows_already(const struct digest_facts *d, const struct entry *e)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->alerts[i].is.owes == STREAM_participant && d->alerts[i].is.owner == e->stream && d->alerts[i].is.rule == e->word)
            return true;
    return false;
}

static struct digest_section coming_told(const struct digest_facts *d)
{
    struct digest_section s = { .n = 0 };
    for (uint32_t i = 0; i < d->calendar->n; i++) {
        const struct entry *e = &d->calendar->at[i];
        if (e->kind != ENTRY_deadline || e->cancelled || e->day < d->day || e->day > d->day + DIGEST_DAYS_ON || shows_already(d, e) ||
            leave_out(&s))
            continue;
        struct text date = digest_date(d, e->day);
        add_line(d, &s, (struct digest_line){ .whom = id_words(d, STREAM_participant, e->stream), .what = text_of(rule_sentence((enum rule_number)e->word, d->french)),
                                              .note = arena_print(d->arena, d->french ? "le %.*s" : "on %.*s", TEXT_ARGS(date)) });
    }
    return s;
}

/* ---- all of it ---- */
static struct text heeded_words(const struct digest_facts *d)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->count; i++)
        n += told_where(d, &d->alerts[i]) == TOLD_heeded;
    if (n == 0)
        return (struct text){ NULL, 0 };
    if (d->french)
        return arena_print(d->arena, "%" PRIu32 " alerte%s vue%s ou reportée%s.", n, n > 1 ? "s" : "", n > 1 ? "s" : "", n > 1 ? "s" : "");
    return arena_print(d->arena, "%" PRIu32 " alert%s seen or put off.", n, n > 1 ? "s" : "");
}

static void gather_referent(const struct digest_facts *d, struct digest_told *said)
{
    struct text until = digest_date(d, d->day + DIGEST_DAYS_ON);
    add_section(d, said, alerts_told(d, TOLD_here), "À faire", "To do");
    add_section(d, said, alerts_told(d, TOLD_escalated), "À faire, et vu aussi par la coordinatrice", "To do, and seen by the coordinator as well");
    if (!d->calendar)
        return;
    add_section(d, said, appointments_told(d), "Rendez-vous", "Appointments");
    add_section(d, said, coming_told(d), arena_print(d->arena, "À venir d'ici le %.*s", TEXT_ARGS(until)).at,
                arena_print(d->arena, "Coming until %.*s", TEXT_ARGS(until)).at);
}

static void gather_coordinator(const struct digest_facts *d, struct digest_told *said)
{
    add_section(d, said, alerts_told(d, TOLD_escalated), "Laissé ouvert par le référent", "Left open by the referent");
    add_section(d, said, alerts_told(d, TOLD_here), "À faire par la coordinatrice", "For the coordinator to do");
    add_section(d, said, alerts_told(d, TOLD_unfollowed), "Que personne ne suit", "Nobody follows");
    add_section(d, said, shares_told(d), "Par référent", "By referent");
}

void digest_gather(const struct digest_facts *d, struct digest_told *ret)
{
    *ret = (struct digest_told){ .heeded = heeded_words(d) };
    struct text date = whole_date(d, d->day);
    const char *format = d->french ? "[%.*s] Votre journée du %.*s" : "[%.*s] Your day, %.*s";
    ret->subject = arena_print(d->arena, format, TEXT_ARGS(d->plie), TEXT_ARGS(date));
    if (d->reader == NOBODY)
        gather_coordinator(d, ret);
    else
        gather_referent(d, ret);
}

bool digest_tell(const struct digest_facts *d, struct digest_told *ret)
{
    digest_gather(d, ret);
    return digest_write(d, ret);
}
