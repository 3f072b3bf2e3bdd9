/* A test frame: TEST(name) { ... } registers itself before main; a failed CHECK prints one line and the test goes on. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

struct unit_test {
    const char *name, *file;
    void (*run)(void);
    struct unit_test *next;
};

void unit_add(struct unit_test *);
bool unit_check(bool ok, const char *file, int line, const char *what);
bool unit_check_int(int64_t got, int64_t wanted, const char *file, int line, const char *what);
bool unit_check_str(const char *got, const char *wanted, const char *file, int line, const char *what);
/* A fresh empty directory for this test, removed at exit; lives until then. */
const char *unit_directory(void);

#define TEST(name)                                                              \
    static void test_##name(void);                                              \
    static struct unit_test row_##name = { #name, __FILE__, test_##name, 0 };   \
    __attribute__((constructor)) static void add_##name(void)                   \
    {                                                                           \
        unit_add(&row_##name);                                                  \
    }                                                                           \
    static void test_##name(void)

#define CHECK(ok) unit_check((ok), __FILE__, __LINE__, #ok)
#define CHECK_INT(got, wanted) unit_check_int((int64_t)(got), (int64_t)(wanted), __FILE__, __LINE__, #got)
#define CHECK_STR(got, wanted) unit_check_str((got), (wanted), __FILE__, __LINE__, #got)

#endif
