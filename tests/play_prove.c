/* Which rules the scenarios prove. A scenario claims one (`proves PM-05 by rule parcours-length`); the claim holds when the
 * scenario passes untouched, and when some scenario that makes the same claim fails under each mutation: the rule off, its
 * value one more, one less (as far as the rule's bounds let it), the other word, each word of its set dropped (`by target`
 * the same, for a figure's); the field unknown, the figure counting nothing, the report without lines, the column blank. A rule of the list is proved when it is claimed, and every claim about it holds.
 *
 * The list (tests/rules.txt) has an id and a sentence a line. Prints one line each, and how many are proved. */
#include <stdlib.h>

#include "play.h"

#define SCENARIOS_MAX 512
#define CLAIMS_MAX 2048
#define LINE_BYTES 512
#define TRIALS_MAX 16384
#define SCENARIO_ARENA_BYTES (64u << 20)
#define LINE_ARENA_BYTES (256u << 20)

struct claim {
    char id[16], how[16], what[96];
    unsigned scenario;
};
/* One scenario under one mutation. */
struct trial {
    struct tweak tweak;
    unsigned scenario;
    bool fails, changed;        /* changed: the mutation could be made in its rulebook */
};
struct proof {
    char *const *paths;
    unsigned scenarios, claims, trials;
    struct claim claim[CLAIMS_MAX];
    struct trial trial[TRIALS_MAX];
    bool passes[SCENARIOS_MAX];
    bool sound;                 /* every claim made holds */
};

/* ---- playing ---- */
static struct play *play_one(struct proof *x, unsigned scenario, const struct tweak *tweak, bool quiet)
{
    static struct play p;
    memset(&p, 0, sizeof(p));
    p.path = x->paths[scenario];
    p.tweak = tweak;
    p.quiet = quiet;
    arena_init(&p.arena, SCENARIO_ARENA_BYTES);
    arena_init(&p.scratch, LINE_ARENA_BYTES);
    play_scenario(&p);
    arena_free(&p.arena);
    arena_free(&p.scratch);
    return &p;
}

static bool same_tweak(const struct tweak *a, const struct tweak *b)
{
    return a->rule == b->rule && a->how == b->how && a->word == b->word && a->without == b->without && a->figure == b->figure &&
           a->report == b->report && a->column == b->column;
}

static const struct trial *try(struct proof *x, unsigned scenario, const struct tweak *t)
{
    const char *name = t->without ? t->without->name : NULL;
    for (unsigned i = 0; i < x->trials; i++) {
        const struct trial *known = &x->trial[i];
        if (known->scenario == scenario && same_tweak(&known->tweak, t))
            return known;
    }
    if (x->trials == TRIALS_MAX) {
        fprintf(stderr, "more than %d trials\n", TRIALS_MAX);
        exit(1);
    }
    if (t->without)
        t->without->name = "(unknown)";
    const struct play *p = play_one(x, scenario, t, true);
    if (t->without)
        t->without->name = name;
    x->trial[x->trials] = (struct trial){ *t, scenario, p->failed > 0, p->tweaked || t->rule < 0 };
    return &x->trial[x->trials++];
}

/* ---- claims ---- */
static void read_claims(struct proof *x, unsigned scenario)
{
    char line[LINE_BYTES];
    FILE *f = fopen(x->paths[scenario], "r");
    while (f && fgets(line, sizeof(line), f)) {
        struct claim c = { .scenario = scenario };
        if (sscanf(line, " proves %15s by %15s %95s", c.id, c.how, c.what) == 3 && x->claims < CLAIMS_MAX)
            x->claim[x->claims++] = c;
    }
    if (f)
        fclose(f);
}

static bool same_claim(const struct claim *a, const struct claim *b)
{
    return strcmp(a->id, b->id) == 0 && strcmp(a->how, b->how) == 0 && strcmp(a->what, b->what) == 0;
}

/* Some scenario that makes the claim fails; or the mutation can be made in none of them. */
static bool caught(struct proof *x, const struct claim *c, const struct tweak *t, bool needed)
{
    bool possible = needed;
    for (unsigned i = 0; i < x->claims; i++) {
        if (!same_claim(&x->claim[i], c))
            continue;
        const struct trial *trial = try(x, x->claim[i].scenario, t);
        if (trial->changed && trial->fails)
            return true;
        possible = possible || trial->changed;
    }
    return !possible;
}

static bool survives(struct proof *x, const struct claim *c, const struct tweak *t, bool needed)
{
    char name[96];
    if (caught(x, c, t, needed))
        return false;
    printf("  %s survives %s %s\n", c->id, c->what, tweak_print(t, name));
    return true;
}

static bool rule_claim_holds(struct proof *x, const struct claim *c)
{
    struct tweak t = { .rule = rule_named(text_of(c->what)), .how = TWEAK_off };
    if (t.rule < 0)
        return false;
    /* A word that nothing judges by itself (where the parcours starts) is, when off, its first word. */
    bool only_other = rules[t.rule].unit == UNIT_WORD && !rules[t.rule].allows && !rules[t.rule].due;
    bool holds = only_other || !survives(x, c, &t, true);
    if (rules[t.rule].unit == UNIT_WORD) {
        t.how = TWEAK_other_word;
        holds = !survives(x, c, &t, true) && holds;
    } else if (rules[t.rule].unit == UNIT_SET_OF) {
        t.how = TWEAK_drop_word;
        for (t.word = 0; t.word < (int)vocabulary_count(rules[t.rule].vocabulary); t.word++)
            holds = !survives(x, c, &t, false) && holds;
    } else if (rules[t.rule].unit != UNIT_YES) {
        t.how = TWEAK_more;
        holds = !survives(x, c, &t, false) && holds;
        t.how = TWEAK_less;
        holds = !survives(x, c, &t, false) && holds;
    }
    return holds;
}

static bool claim_holds(struct proof *x, const struct claim *c)
{
    struct tweak t;
    bool passes = false;
    for (unsigned i = 0; i < x->claims; i++)
        if (same_claim(&x->claim[i], c))
            passes = x->passes[x->claim[i].scenario];
    if (!passes)
        return false;
    if (strcmp(c->how, "rule") == 0 || strcmp(c->how, "target") == 0)
        return rule_claim_holds(x, c);
    return tweak_without(c->how, c->what, &t) && !survives(x, c, &t, true);
}

/* ---- the list ---- */
static void print_scenarios(const struct proof *x, const char *id)
{
    int last = -1;
    for (unsigned i = 0; i < x->claims; i++) {
        if (strcmp(x->claim[i].id, id) != 0 || (int)x->claim[i].scenario == last)
            continue;
        last = (int)x->claim[i].scenario;
        const char *slash = strrchr(x->paths[last], '/');
        printf(" %s", slash ? slash + 1 : x->paths[last]);
    }
    printf("\n");
}

static bool proved(struct proof *x, const char *id, const char *sentence)
{
    bool claimed = false, holds = true;
    for (unsigned i = 0; i < x->claims; i++) {
        if (strcmp(x->claim[i].id, id) != 0)
            continue;
        claimed = true;
        holds = claim_holds(x, &x->claim[i]) && holds;
    }
    printf("%s %-10s %s", id, !claimed ? "-" : holds ? "proved" : "NOT PROVED", sentence);
    if (claimed)
        print_scenarios(x, id);
    else
        printf("\n");
    x->sound = x->sound && holds;
    return claimed && holds;
}

int play_prove(const char *rules_path, char *const *paths, unsigned count)
{
    static struct proof x;
    char line[LINE_BYTES], id[16], sentence[LINE_BYTES];
    unsigned listed = 0, good = 0;
    const struct tweak none = { .rule = -1 };
    x.paths = paths;
    x.scenarios = count < SCENARIOS_MAX ? count : SCENARIOS_MAX;
    x.sound = true;
    for (unsigned i = 0; i < x.scenarios; i++) {
        x.passes[i] = play_one(&x, i, &none, false)->failed == 0;
        read_claims(&x, i);
    }
    FILE *f = fopen(rules_path, "r");
    while (f && fgets(line, sizeof(line), f))
        if (sscanf(line, "%15s %400[^\n]", id, sentence) == 2 && id[0] != '#') {
            listed++;
            good += proved(&x, id, sentence);
        }
    if (f)
        fclose(f);
    printf("rules: %u of %u proved\n", good, listed);
    return !x.sound || listed == 0;
}
