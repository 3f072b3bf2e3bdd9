/* The log as a feed: a line an event, until there is no more. */
#include <inttypes.h>
#include <stdlib.h>

#include "../events/catalogue.h"
#include "ctl.h"

#define PATH_BYTES 256
#define PAGE "1000"
#define DATA_COLUMNS_MAX 100
#define EVENT_BYTES_MAX ((uint32_t)1 << 20)

static const struct json_limits limits = { EVENT_BYTES_MAX, 32, 20000 };

static struct text text_at(const struct json *object, const char *key)
{
    return value_text(json_get(object, key));
}

/* The number of the event; 0 when the line is none. */
static int64_t print_event(struct text line)
{
    const struct json *event;
    struct json_error error;
    arena_reset(&ctl.arena);
    if (json_read(&ctl.arena, line, &limits, &event, &error) != 0)
        return 0;
    const struct json *seq = json_get(event, "seq");
    const struct kind *kind = kind_named(text_at(event, "kind"));
    if (ctl.json) {
        printf("%.*s\n", TEXT_ARGS(line));
    } else {
        struct text name = kind ? text_of(say(kind->fr, kind->en)) : text_at(event, "kind"), number = value_text(seq);
        const struct json *who = kind ? json_get(event, stream_name(kind->stream)) : NULL;
        printf("%8.*s  %.*s  %-11.*s %.*s  %.*s\n", TEXT_ARGS(number), TEXT_ARGS(text_at(event, "on")),
               TEXT_ARGS(who ? value_text(who) : text_at(event, "stream")), TEXT_ARGS(name),
               TEXT_ARGS(cut(json_get(event, "data") ? text_at(event, "data") : TEXT(""), DATA_COLUMNS_MAX)));
    }
    return seq ? seq->hundredths / 100 : 0;
}

static int64_t print_page(struct text page, int64_t *left)
{
    int64_t last = 0;
    while (page.bytes > 0 && *left > 0) {
        const char *newline = memchr(page.at, '\n', page.bytes);
        uint32_t bytes = newline ? (uint32_t)(newline - page.at) : page.bytes;
        if (bytes > 0) {
            int64_t seq = print_event((struct text){ page.at, bytes });
            last = seq ? seq : last;
            --*left;
        }
        page = (struct text){ page.at + bytes + (newline != NULL), page.bytes - bytes - (newline != NULL) };
    }
    return last;
}

int verb_feed(int argc, char **argv)
{
    static const struct option options[] = { { "after", required_argument, NULL, 'a' }, { "limit", required_argument, NULL, 'l' }, CTL_OPTIONS };
    int64_t after = 0, left = INT64_MAX;
    int option;
    while ((option = ctl_option(argc, argv, "", options)) != -1) {
        if (option == 'a')
            after = strtoll(optarg, NULL, 10);
        else if (option == 'l')
            left = strtoll(optarg, NULL, 10);
        else if (!settings_option("feed", option, optarg))
            return CTL_USAGE;
    }
    if (optind != argc || after < 0 || left < 1)
        return verb_usage("feed");
    while (left > 0) {
        char path[PATH_BYTES];
        struct text page;
        snprintf(path, sizeof(path), "/v1/events?after=%" PRId64 "&limit=" PAGE, after);
        int status = ctl_get_lines(path, &page);
        if (status != CTL_DONE)
            return status;
        int64_t last = print_page(page, &left);
        if (last <= after)
            break;
        after = last;
    }
    return CTL_DONE;
}
