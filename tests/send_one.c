/* Sends what standard input says, one transfer a line, and prints how each ended, one line each, as it ends:
 *   post URL [ca=FILE] [header=LINE...]        the body is {"n": LINE}
 *   mail URL FROM TO FILE [ca=FILE] [user=U] [password=P] [tls]
 * -> "NUMBER END ANSWERED RETRY_AFTER MILLISECONDS SENTENCE" (tests/transfers.py) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../daemon/out/transfer.h"

#define WORDS_MAX 16
#define BODY_BYTES_MAX (4u << 20)

static struct transfers *all;
static unsigned begun;

struct line {
    unsigned number;
    int64_t began_ms;
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void done(void *context, const struct transfer_result *r)
{
    static const char *const ends[] = { "sent", "refused", "unreachable", "timeout", "tls", "authentication", "address" };
    struct line *l = context;
    printf("%u %s %d %d %lld %s\n", l->number, ends[r->end], r->answered, r->retry_after_s, (long long)(now_ms() - l->began_ms), r->sentence);
    fflush(stdout);
    free(l);
}

static const char *option(char **words, int count, const char *name)
{
    size_t n = strlen(name);
    for (int i = 0; i < count; i++)
        if (strncmp(words[i], name, n) == 0)
            return words[i] + n;
    return NULL;
}

static size_t read_file(const char *path, char *out)
{
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(out, 1, BODY_BYTES_MAX, f) : 0;
    if (f)
        fclose(f);
    return n;
}

static void begin(char **w, int count)
{
    static char body[BODY_BYTES_MAX];
    const char *headers[WORDS_MAX];
    struct line *l = malloc(sizeof(*l));
    *l = (struct line){ begun++, now_ms() };
    struct transfer t = { .url = w[1], .headers = headers, .body = body, .done = done, .context = l, .ca_file = option(w, count, "ca=") };
    if (strcmp(w[0], "mail") == 0) {
        t.kind = TRANSFER_mail;
        t.from = w[2];
        t.to = w[3];
        t.body_bytes = read_file(w[4], body);
        t.user = option(w, count, "user=");
        t.password = option(w, count, "password=");
        t.tls_required = option(w, count, "tls") != NULL;
    } else {
        t.body_bytes = (size_t)snprintf(body, sizeof(body), "{\"n\": %u}", l->number);
        for (int i = 2; i < count; i++)
            if (strncmp(w[i], "header=", 7) == 0)
                headers[t.header_count++] = w[i] + 7;
    }
    transfers_begin(all, &t);
}

int main(void)
{
    char line[4096], *words[WORDS_MAX];
    if (transfers_start(&all) != 0)
        return 1;
    while (fgets(line, sizeof(line), stdin)) {
        int count = 0;
        for (char *w = strtok(line, " \n"); w && count < WORDS_MAX; w = strtok(NULL, " \n"))
            words[count++] = w;
        while (transfers_under_way(all) == TRANSFERS_MAX)
            transfers_wait(all, 1000);
        if (count >= 2)
            begin(words, count);
    }
    while (transfers_under_way(all))
        transfers_wait(all, 1000);
    transfers_stop(all);
    return 0;
}
