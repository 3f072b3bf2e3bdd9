/* What the machine says no to: one list gives number, text, HTTP status and exit status. A business refusal is not a
 * failure (see gate.h); a bug is an assert. Functions that can fail return 0 or one of these. The sentence with its
 * context ("open log: not a parcoursd store") is kept by failure_say for the thread, innermost first. Library code
 * never prints it: daemon/ and tools/ do. */
#ifndef EVENTS_FAILURE_H
#define EVENTS_FAILURE_H

/*       name               HTTP exit  sentence */
#define FAILURES(X) \
    X(FAIL_SYSTEM,           500, 71, "the system refused")                                   \
    X(FAIL_MEMORY,           503, 71, "out of memory")                                        \
    X(FAIL_FULL,             507, 74, "no room left on the disk or in the store's quota")     \
    X(FAIL_PERMISSION,       500, 77, "permission denied")                                    \
    X(FAIL_MISSING,          404, 66, "there is no such store")                               \
    X(FAIL_EXISTS,           409, 73, "there is a store already")                             \
    X(FAIL_VERSION,          500, 65, "made by another version of the store's format")        \
    X(FAIL_DAMAGED,          500, 65, "the store is damaged")                                 \
    X(FAIL_LOCKED,           503, 75, "another process serves this store")                    \
    X(FAIL_CLOCK,            503, 75, "the clock is behind the last record")                  \
    X(FAIL_KEY,              500, 77, "the key does not open this vault")                     \
    X(FAIL_ERASED,           410, 65, "the key of this stream was destroyed")                 \
    X(FAIL_MALFORMED,        400, 65, "malformed")                                            \
    X(FAIL_TOO_LARGE,        413, 65, "larger than its limit")                                \
    X(FAIL_UNKNOWN,          500, 74, "the outcome is unknown: retry with the same key")      \
    X(FAIL_ADDRESS,          500, 69, "cannot listen there")                                  \
    X(FAIL_STOPPED,          503, 75, "stopped before its end")

enum failure {
    FAIL_NONE = 0,
#define X(name, http, status, sentence) name,
    FAILURES(X)
#undef X
};

/* Adds `what` in front of the thread's sentence ("open log" + "no such file" = "open log: no such file") and returns
 * `failure`, so that a caller writes: return failure_say(f, "open log %s", path); */
int failure_say(int failure, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *failure_sentence(void);     /* the thread's last whole sentence; "" when none */
void failure_forget(void);
const char *failure_text(int failure);
const char *failure_name(int failure);  /* "FAIL_FULL" */
int failure_http(int failure);
int failure_exit(int failure);

#endif
