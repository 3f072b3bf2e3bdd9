/* What the pairs of référents do with enterprises: visits, lasting partnerships, needs; and the markets with a social clause. */
#include <stdio.h>
#include <stdlib.h>

#include "sim.h"

#define PAIRS 7
#define MET_PERMILLE 52             /* of a pair's working days: a new enterprise, about one a month */
#define PARTNER_PERCENT 52          /* of those met: six partnerships a year and pair, as asked */
#define LASTING_PERCENT 94
#define MARKET_PARTICIPANTS 300     /* one is open for so many */
#define MARKET_PERMILLE 5           /* of the working days: another one */

/* A pair works on one sector. */
static const struct {
    const char *name, *sector, *naf;
} pairs[PAIRS] = {
    { "binome-hotellerie", "hospitality", "5610A" }, { "binome-commerce", "retail", "4711D" },
    { "binome-proprete", "personal_services", "8121Z" }, { "binome-metal", "metal", "2562B" },
    { "binome-agro", "food_pharma", "1071A" }, { "binome-logistique", "logistics", "5229A" },
    { "binome-batiment", "construction", "4399C" },
};

/* The building trade: divisions 41 to 43. */
bool in_btp(const char *naf)
{
    return naf[0] == '4' && naf[1] >= '1' && naf[1] <= '3';
}

/* As many as there are couples of référents at the beginning. */
static uint32_t pair_count(const struct sim *s)
{
    uint32_t couples = s->settings.referents / 2;
    return couples < 1 ? 1 : couples > PAIRS ? PAIRS : couples;
}

static bool working(const struct referent *r)
{
    return r->id[0] && !r->leaving && r->absent_until == DAY_NONE;
}

/* The first of a pair who works today, from a given one on; NOBODY: none. */
static uint32_t of_pair(const struct sim *s, uint32_t pair, uint32_t from)
{
    for (uint32_t i = from; i < s->referent_count; i++)
        if (i % pair_count(s) == pair && working(&s->referents[i]))
            return i;
    return NOBODY;
}

static bool join_pairs(struct sim *s)
{
    for (uint32_t i = 0; i < s->referent_count; i++) {
        struct referent *r = &s->referents[i];
        uint32_t pair = i % pair_count(s);
        if (r->pair_on == DAY_NONE || r->pair_on > s->today || !working(r))
            continue;
        r->pair_on = DAY_NONE;
        if (!matter_open(s, MATTER_join_pair, i, r->id))
            return false;
        say_word(s, "pair", pairs[pair].name);
        say_word(s, "sector", pairs[pair].sector);
        wire_close(s);
    }
    return true;
}

/* ---- enterprises ---- */
static bool meet(struct sim *s, uint32_t pair)
{
    if (s->enterprise_count == s->enterprise_room) {
        uint32_t room = s->enterprise_room ? s->enterprise_room * 2 : 64;
        struct enterprise *more = realloc(s->enterprises, room * sizeof(*more));
        if (!more)
            return false;
        s->enterprises = more;
        s->enterprise_room = room;
    }
    uint32_t number = s->enterprise_count++;
    s->enterprises[number] = (struct enterprise){ .pair = pair, .visit_on = s->today + dice_between(&s->dice, 2, 20),
                                                  .partner_on = DAY_NONE, .need_on = DAY_NONE };
    if (!matter_open(s, MATTER_enterprise, number, NULL))
        return false;
    char name[48];
    snprintf(name, sizeof(name), "Entreprise %03u", number + 1);
    say_word(s, "name", name);
    say_word(s, "sector", pairs[pair].sector);
    say_word(s, "naf", pairs[pair].naf);
    wire_close(s);
    if (in_btp(pairs[pair].naf))
        ledger_count(&s->ledger, KEPT_btp_actions, "enterprise", 1, 0);
    return true;
}

void matter_enterprise(struct sim *s, const struct saying *saying, const struct answer *a)
{
    snprintf(s->enterprises[saying->subject].id, SIM_ID_BYTES, "%.*s", TEXT_ARGS(a->id));
}

static bool visit(struct sim *s, uint32_t number)
{
    static const char *const purposes[] = { "followup", "group_visit", "offer", "immersion" };
    static const uint8_t shares[] = { 46, 12, 26, 16 };
    struct enterprise *e = &s->enterprises[number];
    uint32_t one = of_pair(s, e->pair, 0), other = one == NOBODY ? NOBODY : of_pair(s, e->pair, one + 1);
    if (one == NOBODY) {
        e->visit_on = s->today + 1;
        return true;
    }
    const char *purpose = e->known ? purposes[dice_weighted(&s->dice, shares, 4)] : "discovery";
    if (!matter_open(s, MATTER_visit, number, e->id))
        return false;
    say_word(s, "referent", s->referents[one].id);
    if (other != NOBODY)
        say_word(s, "with", s->referents[other].id);
    say_word(s, "pair", pairs[e->pair].name);
    say_word(s, "purpose", purpose);
    wire_close(s);
    ledger_count(&s->ledger, KEPT_visits, purpose, 1, 0);
    ledger_count(&s->ledger, KEPT_visits_by_pair, pairs[e->pair].name, 1, 0);
    if (!e->known) {
        ledger_count(&s->ledger, KEPT_enterprises_met, pairs[e->pair].sector, 1, 0);
        ledger_count(&s->ledger, KEPT_enterprises_met_by_pair, pairs[e->pair].name, 1, 0);
    }
    if (in_btp(pairs[e->pair].naf))
        ledger_count(&s->ledger, KEPT_btp_actions, "visit", 1, 0);
    if (!e->known && dice_percent(&s->dice, PARTNER_PERCENT))
        e->partner_on = s->today + dice_between(&s->dice, 10, 60);
    if (!e->known)
        e->need_on = s->today + dice_between(&s->dice, 0, 60);
    e->known = true;
    e->visit_on = s->today + dice_between(&s->dice, 70, 170);
    return true;
}

static bool become_partners(struct sim *s, uint32_t number)
{
    struct enterprise *e = &s->enterprises[number];
    bool lasting = dice_percent(&s->dice, LASTING_PERCENT);
    e->partner_on = DAY_NONE;
    if (!matter_open(s, MATTER_partnership, number, e->id))
        return false;
    say_word(s, "pair", pairs[e->pair].name);
    say_flag(s, "lasting", lasting);
    wire_close(s);
    ledger_count(&s->ledger, KEPT_partnerships, lasting ? pairs[e->pair].sector : NULL, lasting, 0);
    ledger_count(&s->ledger, KEPT_partnerships_by_pair, lasting ? pairs[e->pair].name : NULL, lasting, 0);
    return true;
}

static bool tell_need(struct sim *s, uint32_t number)
{
    static const char *const trades[] = { "G1602", "D1507", "K2204", "H2909", "H2102", "N1103", "F1704" };
    struct enterprise *e = &s->enterprises[number];
    int32_t posts = dice_between(&s->dice, 1, 4);
    e->need_on = s->today + dice_between(&s->dice, 90, 260);
    if (!matter_open(s, MATTER_need, number, e->id))
        return false;
    say_word(s, "rome", trades[e->pair]);
    say_number(s, "posts", posts);
    say_word(s, "prerequisites", "Ponctualité, travail en équipe ; formation assurée sur place.");
    wire_close(s);
    ledger_count(&s->ledger, KEPT_enterprise_needs, pairs[e->pair].sector, posts, 0);
    return true;
}

static bool due(int32_t on, const struct sim *s)
{
    return on != DAY_NONE && on <= s->today;
}

static bool enterprise_day(struct sim *s, uint32_t number)
{
    const struct enterprise *e = &s->enterprises[number];
    if (!e->id[0])
        return true;
    return (!due(e->visit_on, s) || visit(s, number)) && (!due(e->partner_on, s) || become_partners(s, number)) &&
           (!due(e->need_on, s) || tell_need(s, number));
}

const char *enterprise_for(const struct sim *s, uint32_t nth)
{
    const char *id = s->enterprise_count ? s->enterprises[nth % s->enterprise_count].id : "";
    return id[0] ? id : NULL;
}

/* ---- markets ---- */
static bool open_market(struct sim *s)
{
    static const char *const owners[] = { "metropole", "bailleur-social", "departement", "ville" };
    char reference[32];
    if (s->market_count == MARKETS_MAX)
        return true;
    uint32_t number = s->market_count++;
    if (!matter_open(s, MATTER_market, number, NULL))
        return false;
    snprintf(reference, sizeof(reference), "marche-%03u", number + 1);
    say_word(s, "reference", reference);
    json_key(&s->out, "hours_due");
    int64_t due = (int64_t)dice_between(&s->dice, 12, 60) * 10000;
    json_hundredths(&s->out, due);
    say_word(s, "owner", owners[dice_below(&s->dice, 4)]);
    const char *naf = dice_percent(&s->dice, 70) ? "4399C" : "8121Z";
    say_word(s, "naf", naf);
    wire_close(s);
    ledger_count(&s->ledger, KEPT_market_hours_done, NULL, 0, due);
    if (in_btp(naf))
        ledger_count(&s->ledger, KEPT_btp_actions, "market", 1, 0);
    return true;
}

void matter_market(struct sim *s, const struct saying *saying, const struct answer *a)
{
    snprintf(s->markets[saying->subject], SIM_ID_BYTES, "%.*s", TEXT_ARGS(a->id));
}

/* Once an enterprise is known. */
static bool award_markets(struct sim *s)
{
    const char *enterprise = enterprise_for(s, s->awarded * 5);
    if (s->awarded == s->market_count || !s->markets[s->awarded][0] || !enterprise)
        return true;
    uint32_t number = s->awarded++;
    if (!matter_open(s, MATTER_award, number, s->markets[number]))
        return false;
    say_word(s, "enterprise", enterprise);
    wire_close(s);
    return true;
}

const char *market_for(struct sim *s, uint64_t *dice)
{
    uint32_t open = 0;
    while (open < s->market_count && s->markets[open][0])
        open++;
    return open ? s->markets[dice_below(dice, open)] : NULL;
}

bool enterprises_day(struct sim *s)
{
    uint32_t wanted = (s->settings.participants + MARKET_PARTICIPANTS - 1) / MARKET_PARTICIPANTS;
    bool another = s->market_count < wanted || dice_permille(&s->dice, MARKET_PERMILLE);
    if (!join_pairs(s) || (another && !open_market(s)) || !award_markets(s))
        return false;
    for (uint32_t pair = 0; pair < pair_count(s); pair++)
        if (dice_permille(&s->dice, MET_PERMILLE) && !meet(s, pair))
            return false;
    for (uint32_t i = 0; i < s->enterprise_count; i++)
        if (!enterprise_day(s, i))
            return false;
    return true;
}
