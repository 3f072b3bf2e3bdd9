#include "failure.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SENTENCE_BYTES 512

struct row {
    const char *name, *text;
    int http, exit_status;
};

static const struct row rows[] = {
    [FAIL_NONE] = { "FAIL_NONE", "no failure", 200, 0 },
#define X(name, http, status, sentence) [name] = { #name, sentence, http, status },
    FAILURES(X)
#undef X
};

/* One for each thread: workers, loops and the writer fail on their own, and a caller asks on the thread that failed. */
static _Thread_local char sentence[SENTENCE_BYTES];

static const struct row *row_of(int failure)
{
    assert(failure >= 0 && (size_t)failure < sizeof rows / sizeof rows[0]);
    return &rows[failure];
}

int failure_say(int failure, const char *format, ...)
{
    char longer[SENTENCE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(longer, sizeof longer, format, arguments);
    va_end(arguments);
    assert(n >= 0);
    size_t used = (size_t)n < sizeof longer ? (size_t)n : sizeof longer - 1;
    if (sentence[0] != '\0') {
        snprintf(longer + used, sizeof longer - used, ": ");
        used = strlen(longer);
        memccpy(longer + used, sentence, '\0', sizeof longer - used);
        longer[sizeof longer - 1] = '\0';
    }
    memcpy(sentence, longer, sizeof sentence);
    return failure;
}

const char *failure_sentence(void)
{
    return sentence;
}

void failure_forget(void)
{
    sentence[0] = '\0';
}

const char *failure_text(int failure)
{
    return row_of(failure)->text;
}

const char *failure_name(int failure)
{
    return row_of(failure)->name;
}

int failure_http(int failure)
{
    return row_of(failure)->http;
}

int failure_exit(int failure)
{
    return row_of(failure)->exit_status;
}
