/* Views made anew beside those that serve: compared, switched, given up; adoptions before, during and one after the other. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../daemon/desk_inside.h"
#include "../events/days.h"
#include "../events/failure.h"
#include "../events/founding.h"
#include "../events/ids.h"
#include "../events/roles.h"
#include "../projections/portfolios.h"
#include "unit.h"

#define PEOPLE 40
#define DAY_MS 86400000ll
#define TODAY 20000
#define FILE_BYTES_MAX 16384    /* less than an environment needs */

struct tried {
    char store[200], key[200];
    struct desk *desk;
    struct arena arena;
    uint64_t people[PEOPLE];
    unsigned calls;             /* of go_on */
    const char *adopts[3];      /* rulebooks adopted at its first, second... call */
    unsigned commands_at;       /* the call at which commands come; 0 never */
    unsigned stops_at;          /* the call that says no; 0 never */
};

static int64_t now_ms(void *context)
{
    (void)context;
    return TODAY * DAY_MS;
}

static int32_t day_of_ms(void *context, int64_t ms)
{
    (void)context;
    return (int32_t)(ms / DAY_MS);
}

static void open_desk(struct tried *x)
{
    struct desk_options options = { .directory = x->store, .master_key = x->key, .now_ms = now_ms, .day_of = day_of_ms };
    if (desk_open(&options, &x->desk) != 0) {
        printf("    %s\n", failure_sentence());
        abort();
    }
}

static struct outcome command(struct tried *x, const char *text)
{
    static const struct json_limits limits = { 1u << 20, 16, 20000 };
    const struct json *json;
    struct json_error error;
    struct key mac;
    struct command c;
    struct outcome out = { .refusal = REFUSED_none };
    arena_reset(&x->arena);
    vault_mac_key(x->desk->vault, "command_", &mac);
    struct reading reading = { .arena = &x->arena, .actor = actor_of(ROLE_coordinator, 1), .today = TODAY, .mac_key = &mac };
    if (json_read(&x->arena, text_of(text), &limits, &json, &error) != 0)
        abort();
    out.refusal = command_read(&reading, json, (struct text){ NULL, 0 }, &c, &out.problems);
    struct order order = { &c, &out, 1, false, false, &x->arena };
    if (desk_begin(x->desk) != 0)
        abort();
    if (out.refusal == REFUSED_none)
        desk_take(x->desk, &order);
    CHECK_INT(desk_commit(x->desk), 0);
    CHECK_STR(refusal_name(out.refusal), "none");
    return out;
}

static void record_contact(struct tried *x, unsigned who, int ago)
{
    char text[300], id[ID_TEXT_BYTES], day[DAY_TEXT_BYTES];
    snprintf(text, sizeof(text), "{\"command\":\"record_contact\",\"participant\":\"%s\",\"on\":\"%s\",\"data\":{\"channel\":\"interview\",\"signed\":true}}",
             id_print(STREAM_participant, x->people[who], id), day_print(TODAY - ago, day));
    command(x, text);
}

static void adopt(struct tried *x, const char *name)
{
    struct json_out out;
    struct text values = rulebook_shipped(text_of(name));
    json_out_init(&out, 1u << 20);
    json_open(&out);
    json_key(&out, "command"), json_string(&out, "adopt_rulebook");
    json_key(&out, "data"), json_open(&out);
    json_key(&out, "name"), json_string(&out, name);
    json_key(&out, "from_day"), json_day(&out, TODAY - 300);
    json_key(&out, "values"), json_text(&out, values);
    json_close(&out), json_close(&out);
    char *text = strndup(out.at, out.bytes);
    command(x, text);
    free(text);
    json_out_free(&out);
}

static struct tried *make(void)
{
    struct tried *x = calloc(1, sizeof(*x));
    char text[300], day[DAY_TEXT_BYTES];
    const char *root = unit_directory();
    chain_start();
    catalogue_start();
    snprintf(x->store, sizeof(x->store), "%s/store", root);
    snprintf(x->key, sizeof(x->key), "%s/master.key", root);
    struct founding f = { TEXT("PLIE"), TEXT("Europe/Paris"), rulebook_shipped(TEXT("standard")), false, now_ms(NULL), TODAY };
    arena_init(&x->arena, 64u << 20);
    if (store_found(x->store, x->key, &f) != 0)
        abort();
    open_desk(x);
    for (unsigned i = 0; i < PEOPLE; i++) {
        snprintf(text, sizeof(text), "{\"command\":\"orient\",\"on\":\"%s\",\"data\":{\"prescriber\":\"ccas\"}}", day_print(TODAY - 200 - (int)i, day));
        x->people[i] = command(x, text).stream;
        record_contact(x, i, 100);
    }
    return x;
}

static void end(struct tried *x)
{
    desk_close(x->desk, true);
    arena_free(&x->arena);
    free(x);
}

static bool is_there(const struct tried *x, const char *name)
{
    char path[300];
    struct stat st;
    snprintf(path, sizeof(path), "%s/%s", x->store, name);
    return stat(path, &st) == 0;
}

/* ---- what must hold ---- */
/* A filling under the rulebooks of the rows that are there equals them. */
static const struct rulebooks *row_books(void *desk)
{
    return ((struct desk *)desk)->row_books;
}

static void check_as_they_are(struct tried *x)
{
    struct rebuild r;
    desk_rebuild_begin(x->desk, &r);
    r.books = row_books;
    CHECK_INT(rebuild_fill(&r), 0);
    CHECK(r.comparison.rows_equal);
    CHECK_INT(r.comparison.differ, 0);
    rebuild_drop(&r);
    CHECK(!is_there(x, "views.aside"));
}

static void check_right(struct tried *x)
{
    struct comparison c;
    CHECK(!rows_behind(x->desk));
    CHECK_INT(desk_rulebook_pending(x->desk), 0);
    CHECK_INT(desk_rebuild(x->desk, &c), 0);
    CHECK(c.rows_equal);
    CHECK_INT(c.differ, 0);
    CHECK(c.count == TABLES_FIXED - 1 + projection_count);
}

static void reopen(struct tried *x, bool trusted)
{
    desk_close(x->desk, true);
    open_desk(x);
    CHECK(desk_refilled(x->desk) == !trusted);
}

/* ---- what happens between two chunks ---- */
static bool go_on(void *context, uint64_t done, uint64_t all)
{
    struct tried *x = context;
    unsigned call = ++x->calls;
    CHECK(done <= all);
    if (call == x->stops_at)
        return false;
    if (call <= 3 && x->adopts[call - 1])
        adopt(x, x->adopts[call - 1]);
    if (call == x->commands_at)
        for (unsigned i = 0; i < PEOPLE; i++)
            record_contact(x, i, 50 - (int)i % 7);
    return true;
}

static int rebuild(struct tried *x, struct comparison *ret, unsigned *ret_fills)
{
    struct rebuild r;
    bool done = false;
    int f;
    desk_rebuild_begin(x->desk, &r);
    r.go_on = go_on;
    r.context = x;
    x->calls = 0;
    *ret_fills = 0;
    do {
        f = rebuild_fill(&r);
        ++*ret_fills;
        if (!f)
            f = desk_rebuild_switch(x->desk, &r, &done);
    } while (!f && !done && *ret_fills < 50);
    *ret = r.comparison;
    if (!f)
        CHECK_INT(desk_rebuild_settle(&r), 0);
    else
        rebuild_drop(&r);
    return f;
}

TEST(rebuild_plain)
{
    struct tried *x = make();
    check_right(x);
    check_right(x);
    CHECK(!is_there(x, "views.aside"));
    record_contact(x, 3, 4);
    reopen(x, true);        /* the new ones are trusted */
    check_right(x);
    end(x);
}

TEST(rebuild_finds_and_mends_a_wrong_row)
{
    struct tried *x = make();
    struct comparison c;
    uint8_t key[9] = { STATE_refused };
    store_key_u64(key + 1, x->people[5]);
    if (!CHECK_INT(desk_begin(x->desk), 0))
        abort();
    store_put(x->desk->views_txn, projection_table(&states), (struct text){ (const char *)key, sizeof(key) }, TEXT(""));
    key[0] = STATE_oriented;
    CHECK(store_delete(x->desk->views_txn, projection_table(&states), (struct text){ (const char *)key, sizeof(key) }));
    CHECK_INT(desk_commit(x->desk), 0);
    CHECK_INT(desk_rebuild(x->desk, &c), 0);
    CHECK(c.rows_equal);
    CHECK_INT(c.differ, 2);
    check_right(x);
    end(x);
}

TEST(rebuild_while_commands_come)
{
    struct tried *x = make();
    struct comparison c;
    unsigned fills;
    for (x->commands_at = 1; x->commands_at <= 4; x->commands_at++) {
        uint64_t before = desk_position(x->desk);
        CHECK_INT(rebuild(x, &c, &fills), 0);
        CHECK_INT(c.differ, 0);
        CHECK(x->calls < x->commands_at || desk_position(x->desk) == before + PEOPLE);
        check_right(x);
    }
    end(x);
}

TEST(rebuild_after_an_adoption)
{
    struct tried *x = make();
    struct comparison c;
    adopt(x, "provence-mediterranee");
    CHECK(rows_behind(x->desk));
    CHECK_INT(desk_rulebook_pending(x->desk), desk_position(x->desk));
    for (unsigned i = 0; i < PEOPLE; i++)
        record_contact(x, i, 90 - (int)i);      /* late, or not; judged by the new one, rows under the old */
    check_as_they_are(x);
    reopen(x, true);        /* as after a kill: the rows are what they were, and behind */
    CHECK(rows_behind(x->desk));
    check_as_they_are(x);
    CHECK_INT(desk_rebuild(x->desk, &c), 0);
    CHECK(!c.rows_equal);
    CHECK_INT(c.differ, 0);     /* the index, the ids, the streams */
    check_right(x);
    reopen(x, true);
    check_right(x);
    end(x);
}

TEST(rebuild_with_adoptions_in_a_row_and_meanwhile)
{
    struct tried *x = make();
    struct comparison c;
    unsigned fills;
    adopt(x, "provence-mediterranee");
    adopt(x, "standard");
    x->adopts[0] = "provence-mediterranee";
    x->adopts[2] = "standard";
    x->commands_at = 2;
    CHECK_INT(rebuild(x, &c, &fills), 0);
    CHECK(x->calls >= 3 && x->desk->row_books->count == 5);
    CHECK(!c.rows_equal);
    check_right(x);
    end(x);
}

TEST(rebuild_given_up)
{
    struct tried *x = make();
    struct comparison c;
    unsigned fills;
    adopt(x, "provence-mediterranee");
    x->commands_at = 1;
    for (x->stops_at = 2; x->stops_at <= 4; x->stops_at++) {
        int f = rebuild(x, &c, &fills);
        CHECK_INT(f, x->calls < x->stops_at ? 0 : FAIL_STOPPED);
        if (f == 0)
            break;
        failure_forget();
        CHECK(!is_there(x, "views.aside") && rows_behind(x->desk));
        check_as_they_are(x);
        record_contact(x, 1, 30);
    }
    CHECK(x->stops_at > 3);     /* it was given up more than once */
    reopen(x, true);
    check_as_they_are(x);
    end(x);
}

/* A process that died while filling leaves half an environment beside. */
TEST(rebuild_left_half_done)
{
    struct tried *x = make();
    char path[300];
    snprintf(path, sizeof(path), "%s/views.aside", x->store);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/views.aside/data.mdb", x->store);
    FILE *half = fopen(path, "w");
    fputs("half", half);
    fclose(half);
    reopen(x, true);
    CHECK(!is_there(x, "views.aside"));
    check_right(x);
    end(x);
}

TEST(rebuild_on_a_full_disk)
{
    struct tried *x = make();
    struct comparison c;
    struct rlimit before, full;
    adopt(x, "provence-mediterranee");
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    full = before;
    full.rlim_cur = FILE_BYTES_MAX;
    setrlimit(RLIMIT_FSIZE, &full);
    CHECK_INT(desk_rebuild(x->desk, &c), FAIL_FULL);
    setrlimit(RLIMIT_FSIZE, &before);
    failure_forget();
    CHECK(!is_there(x, "views.aside") && rows_behind(x->desk));
    record_contact(x, 2, 20);
    check_as_they_are(x);
    CHECK_INT(desk_rebuild(x->desk, &c), 0);
    check_right(x);
    end(x);
}

/* Views thrown away: filled aside at the start, and nothing is left aside. */
TEST(rebuild_at_the_start)
{
    struct tried *x = make();
    char path[300];
    adopt(x, "provence-mediterranee");
    desk_close(x->desk, true);
    snprintf(path, sizeof(path), "%s/views.mark", x->store);
    unlink(path);
    open_desk(x);
    CHECK(desk_refilled(x->desk) && !is_there(x, "views.aside"));
    check_right(x);
    reopen(x, true);
    end(x);
}
