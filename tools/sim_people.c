/* Who the persons are: invented names, and the proportions that Dijon published (DB-26): 49 % women, 57 % RSA, 35 % QPV,
 * mean age 40.2, 75 % at or under level V. */
#include <stdio.h>
#include <stdlib.h>

#include "../events/catalogue.h"
#include "sim.h"

#define WOMEN_PERCENT 49
#define RSA_PERCENT 57
#define QPV_PERCENT 35
#define RQTH_PERCENT 11
#define SINGLE_PARENT_PERCENT 19
#define LEVEL_4_PERCENT 26      /* of those in the middle: 12 of 46 */
#define AGE_YOUNGEST 21
#define AGE_SPREAD 13           /* three draws of so many years: a bell around 21 + 3 * 6.5 = 40.5, less half a year */

static const char *const names[] = {
    "Abadie", "Amrani", "Arnoult", "Aubertin", "Bachelet", "Barbosa", "Belkacemi", "Benmoussa", "Berthaud", "Besançon", "Bouvret",
    "Brugnon", "Camara", "Carpentier", "Chabrol", "Charlot", "Chevassus", "Colinet", "Cordier", "Courtejaire", "Da Costa",
    "Delaborde", "Demirci", "Diallo", "Dufraisse", "Duvernois", "El Hamdi", "Esteves", "Fauconnet", "Ferreira", "Fontanel",
    "Fourcade", "Gauthey", "Girardot", "Grandclément", "Guilleminot", "Haddad", "Hamidou", "Houdart", "Jacotot", "Jeannerot",
    "Kaddour", "Keita", "Lachaume", "Lambrey", "Larfouilloux", "Lemonnier", "Lhomme", "Maillard", "Mansouri", "Marchal",
    "Meunier", "Moindrot", "Montenot", "N'Guyen-Roux", "Nicolardot", "Ouedraogo", "Pacotte", "Parisot", "Pernin", "Petitjean",
    "Poncelin", "Quillot", "Ravier", "Renardet", "Rocher", "Saïdi", "Salmon", "Seguin", "Simonnot", "Sylla", "Tavernier",
    "Thévenot", "Tournier", "Traoré", "Vacherot", "Vernier", "Viennot", "Yilmaz", "Zeller",
};
static const char *const women[] = {
    "Adèle", "Aïcha", "Anne-Lise", "Béatrice", "Carole", "Céline", "Chantal", "Claire", "Corinne", "Delphine", "Djamila", "Élodie",
    "Fatou", "Françoise", "Gaëlle", "Hélène", "Inès", "Isabelle", "Jocelyne", "Karima", "Laëtitia", "Leïla", "Magali", "Mariam",
    "Martine", "Nadège", "Nathalie", "Odile", "Patricia", "Rachida", "Sandrine", "Sonia", "Sylvie", "Valérie", "Yasmina", "Zoé",
};
static const char *const men[] = {
    "Abdel", "Alain", "Aurélien", "Bakary", "Benoît", "Bruno", "Cédric", "Christian", "Denis", "Didier", "Eddy", "Fabrice",
    "Farid", "Gérald", "Hervé", "Ibrahim", "Jean-Luc", "Jérôme", "Karim", "Laurent", "Loïc", "Mamadou", "Marc", "Mehdi",
    "Mickaël", "Noël", "Olivier", "Pascal", "Rachid", "Rémi", "Samir", "Sébastien", "Thierry", "Tony", "Vincent", "Yannick",
};
static const char *const communes[] = {
    "21231", "21231", "21231", "21231", "21166", "21617", "21515", "21355", "21540", "21278", "21171", "21390",
};

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof((list)[0])))

static bool room_for_one_more(struct sim *s)
{
    if (s->person_count < s->person_room)
        return true;
    uint32_t room = s->person_room ? s->person_room * 2 : 4096;
    struct person *persons = realloc(s->persons, room * sizeof(*persons));
    if (!persons)
        return false;
    s->persons = persons;
    s->person_room = room;
    return true;
}

static uint8_t draw_flags(uint64_t *dice, bool woman)
{
    unsigned flags = dice_percent(dice, QPV_PERCENT) ? FLAG_QPV : 0;
    flags |= dice_percent(dice, RQTH_PERCENT) ? FLAG_RQTH : 0;
    flags |= dice_percent(dice, woman ? SINGLE_PARENT_PERCENT * 3 / 2 : SINGLE_PARENT_PERCENT / 2) ? FLAG_SINGLE_PARENT : 0;
    return (uint8_t)flags;
}

static uint8_t draw_benefits(uint64_t *dice)
{
    if (dice_percent(dice, RSA_PERCENT))
        return 1u << benefit_rsa;
    return (uint8_t)(1u << (dice_percent(dice, 40) ? benefit_ass : dice_percent(dice, 20) ? benefit_aah : benefit_are));
}

struct person *person_arrives(struct sim *s)
{
    static const uint8_t education[] = { 41, 46, 13 };      /* level V is in the second: 41 + 34 = 75 % at or under it */
    if (!room_for_one_more(s) || !ledger_room(&s->ledger, s->person_count + 1))
        return NULL;
    struct person *p = &s->persons[s->person_count++];
    uint64_t dice = dice_seed(s->settings.seed, s->person_count);
    bool woman = dice_percent(&dice, WOMEN_PERCENT);
    int32_t years = AGE_YOUNGEST;
    for (int i = 0; i < 3; i++)
        years += dice_between(&dice, 0, AGE_SPREAD - 1);
    *p = (struct person){ .next = NOBODY, .sex = woman ? sex_F : sex_M, .referent = LEDGER_NO_REFERENT, .last_on = DAY_FIRST };
    p->name = (uint16_t)dice_below(&dice, COUNT(names));
    p->first_name = (uint16_t)dice_below(&dice, woman ? COUNT(women) : COUNT(men));
    p->commune = (uint16_t)dice_below(&dice, COUNT(communes));
    p->born = s->today - years * 365 - dice_between(&dice, 0, 729);
    p->education = (uint8_t)dice_weighted(&dice, education, COUNT(education));
    p->level_4 = dice_percent(&dice, LEVEL_4_PERCENT);
    p->benefits = draw_benefits(&dice);
    p->flags = draw_flags(&dice, woman);
    p->started_on = p->contact_on = p->letter_on = p->decided_on = p->job_on = p->offer_on = DAY_NONE;
    p->dice = dice;
    return p;
}

struct text person_name(const struct person *p)
{
    return text_of(names[p->name]);
}

struct text person_first_name(const struct person *p)
{
    return text_of(p->sex == sex_F ? women[p->first_name] : men[p->first_name]);
}

struct text commune_code(const struct person *p)
{
    return text_of(communes[p->commune]);
}

struct text referent_name(uint32_t number)
{
    static char name[80];
    uint64_t dice = dice_seed(number, 71);
    snprintf(name, sizeof(name), "%s %s", women[dice_below(&dice, COUNT(women))], names[dice_below(&dice, COUNT(names))]);
    return text_of(name);
}

uint32_t person_index(const struct sim *s, const struct person *p)
{
    return (uint32_t)(p - s->persons);
}

int32_t age_on(const struct person *p, int32_t day)
{
    return (day - p->born) * 100 / 36525;
}
