/* The scenario player. Scenarios are the specification: a référent can read them, and this program plays them on the desk
 * (daemon/desk.h), in a store made for each.
 *
 *   play [--tweak RULE=off|+1|-1|other|-WORD] [--without WHAT=NAME] [--dump DIR] SCENARIO...
 *       WHAT=NAME: field=KIND.FIELD figure=NAME report=NAME column=REPORT.COLUMN
 *   play --until failure SCENARIO...    ends each at its first failure, checks nothing afterwards, and names those that fail
 *   play --rules RULES SCENARIO...      which rules the scenarios prove (see play_prove.c)
 *
 * A scenario is a text, one line one thing; `#` begins a comment line. `-> answer` says what is expected. Words:
 *
 *   proves PM-05 by rule parcours-length    it must fail when that rule is off, or its value one more or one less;
 *   proves PM-04 by field KIND.FIELD        ... when that field is unknown
 *   proves PM-03 by figure NAME             ... when that figure counts nothing; `by target RULE`: as a rule, by the figure's target
 *   proves PM-12 by report NAME             ... when that report has no lines; `by column REPORT.COLUMN`: that column is blank
 *   plie NAME [RULE=VALUE...]               the rulebook of the store: a shipped one, with other values. VALUE is a number, a
 *                                           list of words a,b, `yes` or `off`; `flag:` or `refuse:` before it sets the mode
 *   day 2024-08-31                          what follows is recorded that day, at 09:00 UTC, and happens that day unless `on=`
 *   entered P1 2024-08-31 [by R1]           a plain entry, all of it on that day, under whatever rulebook; P1's name is new
 *   adopt NAME from=DAY [RULE=VALUE...]     another rulebook, in force from that day
 *   COMMAND WHO key=value... [as LABEL]     a command of the catalogue. WHO is a name (P1, R1, S1): new when the command opens
 *                                           a stream. Values: a word, a list a,b,c, yes, no, a day, a number, "a text",
 *                                           the name of a stream, the label of an event. Also on=DAY after=LABEL
 *                                           waive=RULE:"why" imported=yes accept_unfounded=yes performed_by=R1 id=KEY
 *                                           expected_version=N. `correct P1 event=T1 reason="..." to on=DAY key=value...`
 *     -> accepted                           nothing is marked (so it is when nothing is said)
 *     -> accepted, marked RULE, RULE        a fact, or an act under a rule that only flags; `state`: it does not fit the state
 *     -> accepted, waived RULE
 *     -> refused RULE [since DAY] | refused state [in STATE] | refused malformed [/data/x] | refused unknown [/data/x]
 *        | refused unfounded [LABEL...] | refused version | repeated
 *   state P1            -> active, started DAY, limit DAY, uncounted N, extensions N, referent R1, parcours N
 *   show P1 as_of=DAY known_at=DAY          the same, of what had happened by then, of what was known at that day's end
 *   limit P1            -> DAY [does not bite]      while a consolidation is open, the day is as if it ended today
 *   alerts [P1] [on=DAY] [rule=RULE]        -> none | P1 RULE since DAY; P2 RULE since DAY
 *   alert P1 RULE [on=DAY]  -> none | put_off until DAY since DAY, to R1, escalates on DAY: one of them, or of the duties of R1, S1, PLIE; before
 *                                           `since` stands open, seen or put_off until DAY; `to R2 (substitute)`, `to coordinator (absent)`; escalated since DAY
 *   due P1 RULE         -> DAY, shown from DAY | none
 *   marks P1 [rule=RULE]    -> none | LABEL RULE unfounded; record_contact RULE
 *   late P1 [rule=RULE]     -> none | RULE since DAY until DAY: deadlines settled late
 *   exit-check P1 CRITERION [on=DAY]        -> met | not met (what is missing), earliest DAY|never
 *   figure NAME [from=DAY] [to=DAY] [as_of=DAY] [known_at=DAY] [of=R1]      a row of figures.def; of what R1 followed
 *     -> 3 | 3, target 80 | 1 of 2, 50 %, target 50 % | 1200.00 (euros) | 17.5 (hours) | 16.0 (320 of 20): a mean
 *   figure NAME by=DIMENSION[,DIMENSION]    -> R1 3; R2 1; - 2 | R1/2026-01 3 | none: by name, `-` without, zeros left out
 *   difference NAME [from=DAY] [to=DAY] known_from=DAY [known_to=DAY]   between what was known at the ends of two days
 *     -> +0 of +1: exit_decided P1 on 2026-03-12; ...    because of which events, stream by stream; `P1 by the rulebook`
 *   report NAME key=value... [line=N]       a row of reports.def, with its parameters; as_of= and known_at=; the first line
 *     -> column=value lines=2 counts.TOTAL=1    the columns named are compared (`-`: nothing in it) | none; mention="..." its head
 *   caseload R1 on=DAY      -> 2 of 60
 *   exits from=DAY to=DAY   -> 1 positive of 2, 50 % of 50 %
 *   duties R1 [on=DAY] [known_at=DAY] [rule=RULE]   -> none | RULE since DAY; RULE since DAY: what a référent, a session... owes;
 *                                           `PLIE` is the PLIE itself
 *   field P1 KIND.FIELD     -> the value last recorded, opened
 *   allowed P1 COMMAND [key=value...]       -> yes | no RULE | no state
 *   events P1               -> how many
 *   remember                every fold and every figure until today; later, as-remembered -> yes | no: but for versions
 *
 * `-> whatever` expects nothing: the checks below and the model have their say all the same (tests/lives.py).
 * An answer may leave out its end from a comma or a space on, except of `accepted`, lists and `allowed`. After each scenario
 * play_check.c looks at what must always hold; --dump writes what the independent model compares (play_dump.c). */
#include "play.h"

#include <stdarg.h>
#include <stdlib.h>

#include "../events/chain.h"
#include "../events/rulebook.h"

#define SCENARIO_ARENA_BYTES (64u << 20)
#define LINE_ARENA_BYTES (256u << 20)

bool play_over(const struct play *p)
{
    return p->quiet && p->failed;
}

void play_fail(struct play *p, const char *format, ...)
{
    va_list list;
    p->failed++;
    if (p->quiet)
        return;
    printf("%s:%u: ", p->path, p->line_number);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n");
}

/* Whole, or its beginning up to a comma or a space. */
static bool answers(struct text wanted, struct text got, bool whole)
{
    if (text_is(wanted, "whatever"))
        return true;
    if (wanted.bytes == got.bytes || whole)
        return text_equal(wanted, got);
    return wanted.bytes > 0 && wanted.bytes < got.bytes && memcmp(wanted.at, got.at, wanted.bytes) == 0 &&
           (got.at[wanted.bytes] == ',' || got.at[wanted.bytes] == ' ');
}

void play_expect(struct play *p, struct text wanted, const char *got, bool whole)
{
    if (!wanted.at)
        play_fail(p, "a question has an answer: -> %s", got);
    else if (answers(wanted, text_of(got), whole))
        p->passed++;
    else
        play_fail(p, "expected `%.*s`, got `%s`", TEXT_ARGS(wanted), got);
}

void say(struct asked *a, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(a->at + a->bytes, sizeof(a->at) - a->bytes, format, list);
    va_end(list);
    size_t room = sizeof(a->at) - a->bytes - 1;
    a->bytes += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room;
}

struct asking {
    struct tweak tweak;
    const char *dump, *rules;
    bool until_failure;
    char **paths;
    unsigned count;
};

static int usage(void)
{
    fprintf(stderr, "play [--tweak RULE=off|+1|-1|other|-WORD] [--without field|figure|report|column=NAME] [--dump DIR] [--until failure] [--rules FILE] SCENARIO...\n");
    return 2;
}

static bool read_without(const char *text, struct tweak *ret)
{
    char how[16];
    const char *equals = strchr(text, '=');
    snprintf(how, sizeof(how), "%.*s", equals ? (int)(equals - text) : 0, text);
    return equals && tweak_without(how, equals + 1, ret);
}

static bool read_arguments(int argc, char **argv, struct asking *a)
{
    int i = 1;
    a->tweak = (struct tweak){ .rule = -1 };
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        bool good = true;
        if (strcmp(argv[i], "--tweak") == 0)
            good = tweak_parse(argv[i + 1], &a->tweak);
        else if (strcmp(argv[i], "--without") == 0)
            good = read_without(argv[i + 1], &a->tweak);
        else if (strcmp(argv[i], "--dump") == 0)
            a->dump = argv[i + 1];
        else if (strcmp(argv[i], "--rules") == 0)
            a->rules = argv[i + 1];
        else if (strcmp(argv[i], "--until") == 0)
            good = a->until_failure = strcmp(argv[i + 1], "failure") == 0;
        else
            good = false;
        if (!good) {
            fprintf(stderr, "%s %s?\n", argv[i], argv[i + 1]);
            return false;
        }
    }
    a->paths = argv + i;
    a->count = (unsigned)(argc - i);
    return a->count > 0;
}

static int play_all(const struct asking *a)
{
    static struct play p;
    unsigned passed = 0, failed = 0;
    if (a->tweak.without)
        a->tweak.without->name = "(unknown)";
    for (unsigned i = 0; i < a->count; i++) {
        memset(&p, 0, sizeof(p));
        p.path = a->paths[i];
        p.tweak = &a->tweak;
        p.dump = a->dump;
        p.quiet = a->until_failure;
        arena_init(&p.arena, SCENARIO_ARENA_BYTES);
        arena_init(&p.scratch, LINE_ARENA_BYTES);
        play_scenario(&p);
        if (p.quiet && p.failed)
            printf("%s: %s\n", p.path, p.has_book ? "fails" : "no rulebook");
        arena_free(&p.arena);
        arena_free(&p.scratch);
        passed += p.passed;
        failed += p.failed;
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0;
}

int main(int argc, char **argv)
{
    struct asking asking = { .dump = NULL };
    catalogue_start();
    if (chain_start() != 0)
        return 1;
    if (!read_arguments(argc, argv, &asking))
        return usage();
    return asking.rules ? play_prove(asking.rules, asking.paths, asking.count) : play_all(&asking);
}
