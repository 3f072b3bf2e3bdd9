/* parcours-sim: drives a daemon over HTTP with the life of a PLIE, keeps its own ledger, and compares at the end. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim.h"

#define EXIT_DIFFERS 1
#define EXIT_USAGE 2
#define EXIT_UNREACHED 69
#define PORTFOLIO 64            /* participants a référent follows: 900 for 14 */
#define BATCH_MAX 4096
#define DAY_SECONDS 86400

static const char usage[] =
    "usage: parcours-sim --url URL --token T --participants N --years Y --seed S [options]\n"
    "Lives the life of a PLIE through a daemon's HTTP endpoint, keeps its own ledger, and compares at the end.\n"
    "The store must be made for demonstration (parcoursctl init --demo) and empty.\n"
    "\n"
    "  --url URL            http://127.0.0.1:8421 (default), or unix:PATH\n"
    "  --token T            a coordinator's token; default: $PARCOURS_TOKEN\n"
    "  --participants N     stock aimed at: participants in a parcours at the end\n"
    "  --years Y            length of the history, 0.25 to 20\n"
    "  --seed S             the same seed lives the same life\n"
    "  --end YYYY-MM-DD     last day; default: yesterday\n"
    "  --referents R        default: one for 64 participants\n"
    "  --batch B            commands in one request, at most 4096; default: 256\n"
    "  --no-compare         does not compare\n"
    "  --quiet              no progress\n"
    "\n"
    "Exit status: 0 all agree, 1 something differs, 2 usage, 69 the daemon cannot be reached.\n";

static bool number(const char *text, double low, double high, double *ret)
{
    char *end;
    *ret = strtod(text, &end);
    return *text && !*end && *ret >= low && *ret <= high;
}

static bool set(struct sim_settings *set, int option, const char *value)
{
    double n = 0;
    bool good = true;
    switch (option) {
    case 'u': set->url = value; break;
    case 't': set->token = value; break;
    case 'n': good = number(value, 1, 5000000, &n), set->participants = (uint32_t)n; break;
    case 'y': good = number(value, 0.25, 20, &n), set->months = (int32_t)(n * 12 + 0.5); break;
    case 's': good = number(value, 0, 9e15, &n), set->seed = (uint64_t)n; break;
    case 'e': good = day_parse(text_of(value), &set->end_day); break;
    case 'b': good = number(value, 1, BATCH_MAX, &n), set->batch = (uint32_t)n; break;
    case 'r': good = number(value, 1, 60000, &n), set->referents = (uint32_t)n; break;
    case 'c': set->compare = false; break;
    case 'q': set->quiet = true; break;
    default: return false;
    }
    if (!good)
        fprintf(stderr, "parcours-sim: %s: not a value for this option\n", value);
    return good;
}

static bool read_options(int argc, char **argv, struct sim_settings *settings)
{
    static const struct option options[] = {
        { "url", required_argument, NULL, 'u' }, { "token", required_argument, NULL, 't' },
        { "participants", required_argument, NULL, 'n' }, { "years", required_argument, NULL, 'y' },
        { "seed", required_argument, NULL, 's' }, { "end", required_argument, NULL, 'e' },
        { "batch", required_argument, NULL, 'b' }, { "referents", required_argument, NULL, 'r' },
        { "no-compare", no_argument, NULL, 'c' }, { "quiet", no_argument, NULL, 'q' },
        { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 },
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            exit(EXIT_SUCCESS);
        }
        if (!set(settings, option, optarg))
            return false;
    }
    return optind == argc && settings->participants > 0 && settings->months > 0;
}

static bool start(struct sim *s)
{
    s->first_day = workday_from(day_add_months(s->settings.end_day, -s->settings.months));
    s->dice = dice_seed(s->settings.seed, UINT64_MAX);
    if (s->settings.referents == 0)
        s->settings.referents = s->settings.participants / PORTFOLIO > 0 ? s->settings.participants / PORTFOLIO : 1;
    struct client_settings to = { .url = s->settings.url, .token = s->settings.token, .language = "en" };
    s->client = client_open(&to);
    return s->client && calendar_start(s) && wire_start(s);
}

static void print_totals(const struct sim *s)
{
    static const char *const criteria[] = { "employment", "hours", "business", "aided contract", "atypical", "qualification", "long training" };
    const struct ledger_totals *t = &s->ledger.totals;
    printf("%u persons, %" PRIu64 " orientations (%" PRIu64 " came back), %u in a parcours at the end, %u referents\n", s->person_count,
           t->oriented, t->again, s->running, s->referent_count);
    printf("entries %" PRIu64 ", refused %" PRIu64 ", deferred %" PRIu64 ", not entered %" PRIu64 "; exits %" PRIu64 ", positive %" PRIu64
           " (%.0f %%), with accepted evidence %" PRIu64 ":", t->entries, t->entry_refusals, t->deferred, t->non_entries, t->exits, t->positive,
           t->exits ? 100.0 * (double)t->positive / (double)t->exits : 0, t->proved);
    for (unsigned i = 0; i < LEDGER_CRITERIA; i++)
        printf(" %s %" PRIu64, criteria[i], t->proved_by[i]);
    printf("\ncontacts %" PRIu64 ", steps started %" PRIu64 ", ended %" PRIu64 ", abandoned %" PRIu64 ", extensions %" PRIu64 "\n",
           t->contacts, t->steps_started, t->steps_ended, t->steps_abandoned, t->extensions);
    uint64_t untidy = t->late + t->corrected + t->voided + t->handed_over;
    printf("late %" PRIu64 ", corrected %" PRIu64 ", voided %" PRIu64 ", handed over %" PRIu64 " (%.1f %% of the events); refusals expected"
           " %" PRIu64 "\n", t->late, t->corrected, t->voided, t->handed_over, t->events ? 100.0 * (double)untidy / (double)t->events : 0,
           t->expected_refusals);
}

/* The last year, beside what Dijon published: 1,525 followed for 900 in stock is 1.69; 16 months. */
static void print_year(const struct sim *s)
{
    int32_t to = s->settings.end_day, from = day_add_months(to, -12) + 1;
    uint64_t followed = ledger_followed(&s->ledger, from, to);
    printf("last 12 months: %" PRIu64 " followed, %.2f times the stock; parcours that ended lasted %.1f months\n", followed,
           s->running ? (double)followed / s->running : 0, ledger_mean_days(&s->ledger, from, to) / 30.44);
}

/* What the monthly letter says of its year: tests/letter.py compares it with the report, to the unit. */
static void print_letter(const struct sim *s)
{
    static const struct {
        enum ledger_kept which;
        const char *figure;
    } told[] = {
        { KEPT_women, "women" }, { KEPT_rsa, "rsa" }, { KEPT_qpv, "qpv" }, { KEPT_low_level, "low_level" },
        { KEPT_mean_months, "mean_months" }, { KEPT_positive_exit_rate, "positive_exit_rate" },
    };
    struct ledger_tally year[LEDGER_KEPT] = { 0 };
    char month[DAY_TEXT_BYTES];
    int32_t from = day_of(day_civil(s->settings.end_day).year, 1, 1);
    ledger_people(&s->ledger, from > s->first_day ? from : s->first_day, s->settings.end_day, year);
    printf("letter of %.7s, of its year:", day_print(s->settings.end_day, month));
    for (unsigned i = 0; i < sizeof(told) / sizeof(told[0]); i++)
        printf(" %s %" PRId64 "/%" PRId64, told[i].figure, year[told[i].which].numerator, year[told[i].which].denominator);
    printf("\n");
}

static int finish(struct sim *s, double seconds)
{
    uint64_t compared = 0, differ = 0;
    print_totals(s);
    print_year(s);
    print_letter(s);
    printf("%" PRIu64 " events in %.1f s: %.0f events/s, %" PRIu64 " requests\n", s->ledger.totals.events, seconds,
           seconds > 0 ? (double)s->ledger.totals.events / seconds : 0, s->batches);
    if (s->settings.compare && !compare_all(s, &compared, &differ))
        return EXIT_UNREACHED;
    /* What an answer already contradicted while it was lived counts as well. */
    compared += s->said;
    differ += s->unexpected;
    printf("ledger: %" PRIu64 " compared, %" PRIu64 " differ\n", compared, differ);
    return differ ? EXIT_DIFFERS : EXIT_SUCCESS;
}

static void end(struct sim *s)
{
    client_close(s->client);
    wire_free(s);
    calendar_free(s);
    organisation_free(s);
    ledger_free(&s->ledger);
    free(s->persons);
}

int main(int argc, char **argv)
{
    struct sim s = { .settings = { .url = "http://127.0.0.1:8421", .token = getenv("PARCOURS_TOKEN"), .seed = 1, .batch = 256, .compare = true } };
    struct timespec from, until;
    s.settings.end_day = (int32_t)(time(NULL) / DAY_SECONDS) - 1;
    if (!read_options(argc, argv, &s.settings)) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (!start(&s)) {
        fprintf(stderr, "parcours-sim: out of memory\n");
        return EXIT_FAILURE;
    }
    clock_gettime(CLOCK_MONOTONIC, &from);
    bool lived = sim_days(&s);
    clock_gettime(CLOCK_MONOTONIC, &until);
    double seconds = (double)(until.tv_sec - from.tv_sec) + (double)(until.tv_nsec - from.tv_nsec) / 1e9;
    int status = lived ? finish(&s, seconds) : s.unexpected ? EXIT_DIFFERS : EXIT_UNREACHED;
    end(&s);
    return status;
}
