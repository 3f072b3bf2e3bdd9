/* Runs every TEST of the unit_*.c files, or those whose name holds the first argument. */
#include "unit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct unit_test *first, **last = &first;
static bool this_failed;
static char root[64];

void unit_add(struct unit_test *t)
{
    *last = t;
    last = &t->next;
}

bool unit_check(bool ok, const char *file, int line, const char *what)
{
    if (ok)
        return true;
    this_failed = true;
    printf("%s:%d: %s\n", file, line, what);
    return false;
}

bool unit_check_int(int64_t got, int64_t wanted, const char *file, int line, const char *what)
{
    if (got == wanted)
        return true;
    this_failed = true;
    printf("%s:%d: %s is %" PRId64 ", not %" PRId64 "\n", file, line, what, got, wanted);
    return false;
}

bool unit_check_str(const char *got, const char *wanted, const char *file, int line, const char *what)
{
    if (got && strcmp(got, wanted) == 0)
        return true;
    this_failed = true;
    printf("%s:%d: %s is \"%s\", not \"%s\"\n", file, line, what, got ? got : "(none)", wanted);
    return false;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st, (void)type, (void)where;
    return remove(path);
}

static void remove_root(void)
{
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *unit_directory(void)
{
    static char paths[256][96];
    static unsigned used;
    if (root[0] == '\0') {
        snprintf(root, sizeof root, "/tmp/unit.XXXXXX");
        if (mkdtemp(root) == NULL)
            abort();
        atexit(remove_root);
    }
    if (used == 256)
        abort();
    snprintf(paths[used], sizeof paths[used], "%s/%u", root, used);
    if (mkdir(paths[used], 0700) < 0)
        abort();
    return paths[used++];
}

int main(int argc, char **argv)
{
    unsigned passed = 0, failed = 0;
    setvbuf(stdout, NULL, _IOLBF, 0);   /* a test that dies must not take the lines before it along */
    for (struct unit_test *t = first; t; t = t->next) {
        if (argc > 1 && strstr(t->name, argv[1]) == NULL)
            continue;
        this_failed = false;
        t->run();
        if (this_failed)
            printf("%s: %s failed\n", t->file, t->name);
        failed += this_failed;
        passed += !this_failed;
    }
    printf("%u passed, %u failed\n", passed, failed);
    return failed > 0;
}
