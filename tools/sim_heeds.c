/* What the référents say of the alerts they have: at the end of each month they have seen some, and put others off. The ledger of it, and of the
 * absences that say to whom an alert goes, is compared with the alerts of the last days.
 * Which alert is heeded is drawn from the person, the rule and the day, and moves nothing else: ids differ from store to store, lives do not. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim_compare.h"

#define HEEDED_PERCENT 10           /* of the alerts open at the end of a month */
#define SNOOZED_PERCENT 35          /* of them: put off, not just seen */
#define SUBSTITUTES_MAX 3           /* of a substitute of a substitute */
#define DAYS_COMPARED 3             /* the last one, and the first of the month in which somebody went away last */

/* ---- what is known ---- */
static uint32_t person_of(const struct sim *s, struct text id)
{
    for (uint32_t i = 0; i < s->person_count; i++)
        if (text_is(id, s->persons[i].id))
            return i;
    return NOBODY;
}

static struct heed *heed_of(struct sim *s, struct text id, struct text rule, int32_t since)
{
    for (uint32_t i = 0; i < s->heed_count; i++) {
        struct heed *h = &s->heeds[i];
        if (h->since == since && text_is(rule, h->rule) && text_is(id, s->persons[h->person].id))
            return h;
    }
    return NULL;
}

static struct heed *heed_more(struct sim *s, uint32_t person, struct text rule, int32_t since)
{
    if (s->heed_count == s->heed_room) {
        uint32_t room = s->heed_room ? s->heed_room * 2 : 256;
        struct heed *more = realloc(s->heeds, room * sizeof(*more));
        if (!more)
            return NULL;
        s->heeds = more;
        s->heed_room = room;
    }
    struct heed *h = &s->heeds[s->heed_count++];
    *h = (struct heed){ .person = person, .since = since, .seen_on = DAY_NONE, .until_day = DAY_NONE };
    snprintf(h->rule, sizeof(h->rule), "%.*s", TEXT_ARGS(rule));
    return h;
}

void away_from(struct sim *s, uint32_t referent, int32_t until, uint32_t substitute)
{
    if (s->away_count == s->away_room) {
        uint32_t room = s->away_room ? s->away_room * 2 : 64;
        struct away *more = realloc(s->aways, room * sizeof(*more));
        if (!more)
            return;     /* the comparison then says so */
        s->aways = more;
        s->away_room = room;
    }
    s->aways[s->away_count++] = (struct away){ referent, substitute, s->today, until };
}

void heeds_free(struct sim *s)
{
    free(s->heeds);
    free(s->aways);
}

/* ---- a month ends ---- */
static uint64_t dice_of(const struct sim *s, uint32_t person, struct text rule)
{
    uint64_t of = person;
    for (uint32_t i = 0; i < rule.bytes; i++)
        of = of * 31 + (unsigned char)rule.at[i];
    return dice_seed(s->settings.seed + (uint64_t)s->today, of);
}

static bool heed(struct sim *s, const struct json *alert)
{
    struct text id = text_at(alert, "participant"), rule = text_at(alert, "rule"), to = text_at(alert, "to");
    int32_t since;
    uint32_t person = id.at && to.at && day_parse(text_at(alert, "since"), &since) ? person_of(s, id) : NOBODY;
    if (person == NOBODY)
        return true;
    uint64_t dice = dice_of(s, person, rule);
    if (!dice_percent(&dice, HEEDED_PERCENT))
        return true;
    struct heed *h = heed_of(s, id, rule, since);
    if (!h && !(h = heed_more(s, person, rule, since)))
        return false;
    bool later = dice_percent(&dice, SNOOZED_PERCENT);
    if (!matter_open(s, later ? MATTER_snooze : MATTER_acknowledge, (uint32_t)(h - s->heeds), s->persons[person].id))
        return false;
    say_word(s, "rule", h->rule);
    if (later) {
        h->until_day = s->today + dice_between(&dice, 4, 28);
        say_day(s, "until_day", h->until_day);
        say_word(s, "reason", "Rendez-vous déjà pris.");
    } else {
        h->seen_on = s->today;
    }
    say_day(s, "since", since);
    wire_close(s);
    return true;
}

bool heeds_month(struct sim *s)
{
    struct comparison c = { .sim = s };
    char path[96], day[DAY_TEXT_BYTES];
    long status;
    bool went_on = true;
    if (month_index(workday_from(s->today + 1)) == month_index(s->today))
        return true;
    arena_init(&c.arena, (size_t)1 << 28);
    snprintf(path, sizeof(path), "/v1/alerts?status=open&on=%s&min_position=%" PRIu64, day_print(s->today, day), s->last_seq);
    const struct json *list = json_get(ask(&c, path, &status), "alerts");
    if (!list)
        difference(s, "alerts: answered %ld", status);
    for (const struct json *one = list ? list->first : NULL; one && went_on; one = one->next)
        went_on = heed(s, one);
    went_on = went_on && !c.lost && wire_send(s);
    arena_free(&c.arena);
    return went_on;
}

void matter_heeded(struct sim *s, const struct saying *saying, const struct answer *a)
{
    (void)a;
    s->ledger.rows[s->heeds[saying->subject].person].version++;
    s->ledger.totals.heeded++;
    ledger_recorded(&s->ledger, saying->on, s->today, 1);
}

/* ---- the comparison ---- */
static void compare_heed(struct comparison *c, const struct json *alert, int32_t on)
{
    int32_t since = DAY_NONE, seen = DAY_NONE, until = DAY_NONE;
    struct text id = text_at(alert, "participant"), rule = text_at(alert, "rule");
    day_parse(text_at(alert, "since"), &since);
    if (!day_parse(text_at(alert, "seen_on"), &seen))
        seen = DAY_NONE;
    if (!day_parse(text_at(alert, "until"), &until))
        until = DAY_NONE;
    const struct heed none = { .seen_on = DAY_NONE, .until_day = DAY_NONE }, *h = id.at ? heed_of(c->sim, id, rule, since) : NULL;
    h = h ? h : &none;
    const char *status = h->until_day != DAY_NONE && on < h->until_day ? "put_off" : h->seen_on != DAY_NONE ? "seen" : "open";
    c->compared++;
    c->heeded += h != &none;
    if (!text_is(text_at(alert, "status"), status) || seen != h->seen_on || until != h->until_day)
        differs(c, "alert %.*s: %.*s, the ledger has %s", TEXT_ARGS(text_at(alert, "alert")), TEXT_ARGS(text_at(alert, "status")), status);
}

static const struct away *away_on(const struct sim *s, uint32_t referent, int32_t day)
{
    for (uint32_t i = 0; i < s->away_count; i++)
        if (s->aways[i].referent == referent && s->aways[i].from <= day && day <= s->aways[i].until)
            return &s->aways[i];
    return NULL;
}

/* Who has it: the référent, who stands in, or NOBODY: the coordinator. */
static uint32_t goes_to(const struct sim *s, uint32_t referent, int32_t day)
{
    for (unsigned steps = 0;; steps++) {
        const struct referent *r = &s->referents[referent];
        const struct away *a = away_on(s, referent, day);
        if (r->left_on != DAY_NONE && r->left_on <= day)
            return NOBODY;
        if (!a)
            return referent;
        if (a->substitute == NOBODY || steps == SUBSTITUTES_MAX)
            return NOBODY;
        referent = a->substitute;
    }
}

static void compare_route(struct comparison *c, const struct json *alert, int32_t day)
{
    const struct sim *s = c->sim;
    struct text follows = text_at(alert, "referent"), to = text_at(alert, "to");
    uint32_t referent = 0, expected = NOBODY;
    while (referent < s->referent_count && !text_is(follows, s->referents[referent].id))
        referent++;
    /* A past day's list says who follows today: who took up their post since tells nothing of that day. */
    if (referent < s->referent_count && s->referents[referent].since > day)
        return;
    if (text_is(text_at(alert, "turn"), "referent") && referent < s->referent_count)
        expected = goes_to(s, referent, day);
    c->compared++;
    c->elsewhere += expected != NOBODY && expected != referent;
    if (!text_is(to, expected == NOBODY ? "" : s->referents[expected].id))
        differs(c, "alert %.*s goes to %.*s, not to %s", TEXT_ARGS(text_at(alert, "alert")), TEXT_ARGS(to),
                expected == NOBODY ? "the coordinator" : s->referents[expected].id);
}

static void compare_day(struct comparison *c, int32_t day, bool last)
{
    char path[96], text[DAY_TEXT_BYTES];
    long status;
    snprintf(path, sizeof(path), "/v1/alerts?on=%s", day_print(day, text));
    const struct json *list = json_get(ask(c, path, &status), "alerts");
    if (!list)
        differs(c, "alerts on %s: answered %ld", text, status);
    for (const struct json *one = list ? list->first : NULL; one; one = one->next) {
        compare_route(c, one, day);
        if (last)
            compare_heed(c, one, day);
    }
}

/* What was said of alerts, on the last day; to whom they go, then and on the days when somebody went away last. */
void compare_alerts(struct comparison *c)
{
    const struct sim *s = c->sim;
    compare_day(c, s->settings.end_day, true);
    for (uint32_t i = s->away_count; i > 0 && i + DAYS_COMPARED > s->away_count && !c->lost; i--)
        compare_day(c, s->aways[i - 1].from, false);
    printf("alerts: %" PRIu64 " times heeded, %" PRIu64 " still seen or put off; %" PRIu64 " gone to somebody else on the days compared\n",
           s->ledger.totals.heeded, c->heeded, c->elsewhere);
}
