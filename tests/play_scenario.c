/* A scenario, from its file, line by line: the words of the player itself; commands and questions are elsewhere. */
#include <stdlib.h>

#include "../events/days.h"
#include "play.h"

#define SCENARIO_BYTES_MAX (1u << 20)

static bool day_word(struct play *p, const struct line *l, unsigned index, int32_t *ret)
{
    struct text word;
    if (line_bare(l, index, &word) && day_parse(word, ret))
        return true;
    play_fail(p, "a day is expected, YYYY-MM-DD");
    return false;
}

static void proves(struct play *p, const struct line *l)
{
    struct text by, how, what;
    bool shaped = line_bare(l, 2, &by) && line_bare(l, 3, &how) && line_bare(l, 4, &what) && text_is(by, "by");
    struct tweak ignored;
    char name[96], with[16];
    if (!shaped) {
        play_fail(p, "proves ID by rule|target|field|figure|report|column NAME");
        return;
    }
    snprintf(name, sizeof(name), "%.*s", TEXT_ARGS(what));
    snprintf(with, sizeof(with), "%.*s", TEXT_ARGS(how));
    bool rule = text_is(how, "rule") || text_is(how, "target");
    bool there = rule ? rule_named(what) >= 0 : tweak_without(with, name, &ignored) || (text_is(how, "field") && p->tweak->without);
    if (!there)
        play_fail(p, "there is no such %.*s: %s", TEXT_ARGS(how), name);
}

static void plie(struct play *p, const struct line *l)
{
    p->has_book = play_book(p, l, &p->book);
}

static void day(struct play *p, const struct line *l)
{
    int32_t d;
    if (day_word(p, l, 1, &d))
        play_day(p, d);
}

/* A plain entry: what every rulebook asks for, all of it on one day. */
static const char *const entry[] = {
    "orient %s prescriber=france-travail on=%s",
    "assign_referent %s referent=%s on=%s",
    "give_consent %s consent=accompaniment signed=yes on=%s",
    "give_consent %s consent=publicity on=%s",
    "record_diagnosis %s agreed=yes informed=yes on=%s",
    "file_evidence %s evidence=eligibility on=%s as entry-evidence",
    "check_eligibility %s criteria=rsa,in_territory,work_permit,difficulties,wish,minimum_age evidence=entry-evidence on=%s",
    "file_evidence %s evidence=engagement_contract on=%s",
    "file_evidence %s evidence=cv on=%s",
    "propose_entry %s on=%s",
    "decide_entry %s outcome=accepted session=%s on=%s",
    "sign_contract %s by_participant=yes by_referent=yes by_animation_team=yes on=%s",
    "transmit_contract %s on=%s",
};

/* What only a rulebook that names mandatory data asks for: elsewhere nobody's age or sex is made up. */
static const char *const mandatory[] = {
    "record_profile %s born=1980-01-01 sex=F commune=02691 on=%s",
    "record_fse_entry %s labour_status=unemployed education=isced_0_2 on=%s",
};

static void opened(struct play *p, const char *name, const char *line)
{
    if (!play_named(p, text_of(name)))
        play_text(p, line);
}

/* What the document lost refuses whom it would judge until the PLIE has filled it in: the committee waives it. */
static void waive_unknown(struct play *p, int32_t day, char *line, size_t size)
{
    static const enum rule_number lists[] = { RULE_target_public, RULE_entry_conditions };
    const struct rulebook *b = play_ready(p) ? rulebook_on(desk_rulebooks(p->desk), day, UINT64_MAX) : NULL;
    char waived[96] = "";
    for (unsigned i = 0; b && i < sizeof(lists) / sizeof(lists[0]); i++)
        if (b->rule[lists[i]].mode == MODE_UNKNOWN) {
            size_t at = strlen(line), said = strlen(waived);
            snprintf(line + at, size - at, " waive=%s:\"liste perdue\"", rules[lists[i]].name);
            snprintf(waived + said, sizeof(waived) - said, "%s%s", said ? ", " : " -> accepted, waived ", rules[lists[i]].name);
        }
    size_t at = strlen(line);
    snprintf(line + at, size - at, "%s", waived);
}

/* entered P1 DAY [by R1] */
static void entered(struct play *p, const struct line *l)
{
    char who[NAME_BYTES], referent[NAME_BYTES], session[NAME_BYTES], on[DAY_TEXT_BYTES], line[256];
    struct text name, by;
    int32_t d;
    if (!line_bare(l, 1, &name) || !day_word(p, l, 2, &d))
        return;
    if (!p->desk || d > p->today)
        play_day(p, d);
    snprintf(who, sizeof(who), "%.*s", TEXT_ARGS(name));
    day_print(d, on);
    snprintf(referent, sizeof(referent), "%.*s", line_bare(l, 4, &by) ? (int)by.bytes : 2, line_bare(l, 4, &by) ? by.at : "R1");
    snprintf(session, sizeof(session), "session-%s", on);
    snprintf(line, sizeof(line), "register_referent %s name=\"Camille Rivière\" on=%s", referent, on);
    opened(p, referent, line);
    snprintf(line, sizeof(line), "plan_session %s kind=integration day=%s on=%s", session, on, on);
    if (!play_named(p, text_of(session))) {
        play_text(p, line);
        snprintf(line, sizeof(line), "hold_session %s members=3 on=%s", session, on);
        play_text(p, line);
    }
    for (unsigned i = 0; i < sizeof(entry) / sizeof(entry[0]); i++) {
        const char *of = strstr(entry[i], "referent=%s") ? referent : strstr(entry[i], "session=%s") ? session : on;
        snprintf(line, sizeof(line), entry[i], who, of, on);
        if (strstr(entry[i], "decide_entry"))
            waive_unknown(p, d, line, sizeof(line));
        play_text(p, line);
        for (unsigned k = 0; i == 0 && rule_applies(&p->book, RULE_mandatory_data) && k < sizeof(mandatory) / sizeof(mandatory[0]); k++) {
            snprintf(line, sizeof(line), mandatory[k], who, on);
            play_text(p, line);
        }
    }
}

/* adopt NAME from=DAY RULE=VALUE... : the line of the command is made here, with the whole rulebook in it. */
static void adopt(struct play *p, const struct line *l)
{
    struct rulebook book;
    struct line command = { .count = 0, .wanted = l->wanted };
    if (!play_ready(p) || !play_book(p, l, &book))
        return;
    command.words[command.count++] = (struct word){ .value = TEXT("adopt_rulebook") };
    command.words[command.count++] = (struct word){ TEXT("name"), book.name };
    command.words[command.count++] = (struct word){ TEXT("from_day"), line_value(l, "from") };
    command.words[command.count++] = (struct word){ TEXT("values"), play_book_json(p, &book) };
    play_command(p, &command);
    play_settle(p);
}

static const struct {
    const char *word;
    void (*take)(struct play *, const struct line *);
} words[] = {
    { "proves", proves }, { "plie", plie }, { "day", day }, { "entered", entered }, { "adopt", adopt }, { "allowed", play_allowed },
};

static void take(struct play *p, const struct line *l)
{
    if (l->words[0].key.at) {
        play_fail(p, "a line begins with a word");
        return;
    }
    for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (text_is(l->words[0].value, words[i].word)) {
            words[i].take(p, l);
            return;
        }
    if (!play_ask(p, l) && !play_command(p, l))
        play_fail(p, "what is `%.*s`?", TEXT_ARGS(l->words[0].value));
}

static void one_line(struct play *p, struct text t)
{
    struct line l;
    const char *why;
    if (!line_read(&p->scratch, t, &l, &why))
        play_fail(p, "%s", why);
    else if (l.count)
        take(p, &l);
}

void play_text(struct play *p, const char *line)
{
    if (!play_over(p))
        one_line(p, text_of(line));
}

static bool read_file(struct play *p, struct text *ret)
{
    FILE *f = fopen(p->path, "r");
    char *at = arena_take(&p->arena, SCENARIO_BYTES_MAX);
    if (!f) {
        play_fail(p, "cannot be read");
        return false;
    }
    *ret = (struct text){ at, (uint32_t)fread(at, 1, SCENARIO_BYTES_MAX, f) };
    fclose(f);
    return true;
}

static void play_lines(struct play *p, struct text t)
{
    while (t.bytes && !play_over(p)) {
        const char *end = memchr(t.at, '\n', t.bytes);
        uint32_t n = end ? (uint32_t)(end - t.at) : t.bytes;
        p->line_number++;
        arena_reset(&p->scratch);
        uint32_t first = 0;
        while (first < n && t.at[first] == ' ')
            first++;
        if (first < n && t.at[first] != '#')
            one_line(p, (struct text){ t.at + first, n - first });
        t.at += n;
        t.bytes -= n;
        if (t.bytes)
            t.at++, t.bytes--;
    }
}

void play_scenario(struct play *p)
{
    struct text t;
    if (!read_file(p, &t))
        return;
    play_lines(p, t);
    if (p->desk && !p->quiet) {
        play_settle(p);
        play_dump(p);
        play_check(p);
    }
    play_close(p);
    play_remove(p);
}
