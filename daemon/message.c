#include "message.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../events/days.h"

#define ROOM_FIRST 64

static const char *const topics[MESSAGE_TOPICS] = { "alert_shown", "alert_escalated", "alert_settled", "event", "test", "digest" };

const char *message_topic_name(enum message_topic t)
{
    return topics[t];
}

const char *message_subject(const struct message *m, char out[MESSAGE_LINE_BYTES])
{
    char id[ALERT_ID_BYTES], day[DAY_TEXT_BYTES];
    if (!message_of_alert(m)) {
        if (m->topic == MESSAGE_digest)
            snprintf(out, MESSAGE_LINE_BYTES, "%s", day_print(m->day, day));
        else
            snprintf(out, MESSAGE_LINE_BYTES, "%llu", (unsigned long long)m->seq);
        return out;
    }
    alert_id(&m->alert, id);
    if (m->until_day == DAY_NONE)
        snprintf(out, MESSAGE_LINE_BYTES, "%s", id);
    else
        snprintf(out, MESSAGE_LINE_BYTES, "%s@%s", id, day_print(m->until_day, day));
    return out;
}

const char *message_line(const struct message *m, char out[MESSAGE_LINE_BYTES])
{
    char subject[MESSAGE_LINE_BYTES];
    if (m->count && m->topic == MESSAGE_event) {
        snprintf(out, MESSAGE_LINE_BYTES, "- event %llu-%llu", (unsigned long long)m->from, (unsigned long long)m->seq);
        return out;
    }
    int n = snprintf(out, MESSAGE_LINE_BYTES, "%s %s %s", m->id, topics[m->topic], message_subject(m, subject));
    assert(n > 0 && n < MESSAGE_LINE_BYTES);
    return out;
}

static struct text word_of(struct text *rest)
{
    const char *space = memchr(rest->at, ' ', rest->bytes);
    struct text word = { rest->at, space ? (uint32_t)(space - rest->at) : rest->bytes };
    uint32_t taken = word.bytes + (space != NULL);
    *rest = (struct text){ rest->at + taken, rest->bytes - taken };
    return word;
}

static bool number_read(struct text t, uint64_t *ret)
{
    *ret = 0;
    for (uint32_t i = 0; i < t.bytes; i++) {
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
        *ret = *ret * 10 + (uint64_t)(t.at[i] - '0');
    }
    return t.bytes > 0 && t.bytes < 19;
}

static bool subject_read(struct text t, struct message *m)
{
    if (message_of_alert(m)) {
        const char *at = memchr(t.at, '@', t.bytes);
        struct text id = { t.at, at ? (uint32_t)(at - t.at) : t.bytes };
        return alert_id_read(id, &m->alert) && (!at || day_parse((struct text){ at + 1, t.bytes - id.bytes - 1 }, &m->until_day));
    }
    if (m->topic == MESSAGE_digest)
        return day_parse(t, &m->day);
    return number_read(t, &m->seq);
}

bool message_read_run(struct text line, uint64_t *ret_from, uint64_t *ret_until)
{
    struct text id = word_of(&line), topic = word_of(&line);
    const char *dash = line.bytes ? memchr(line.at, '-', line.bytes) : NULL;
    if (!text_is(id, "-") || !text_is(topic, topics[MESSAGE_event]) || !dash)
        return false;
    uint32_t bytes = (uint32_t)(dash - line.at);
    return number_read((struct text){ line.at, bytes }, ret_from) && number_read((struct text){ dash + 1, line.bytes - bytes - 1 }, ret_until);
}

bool message_read(struct text line, struct message *ret)
{
    *ret = (struct message){ .topic = MESSAGE_TOPICS, .to = ABSENT, .until_day = DAY_NONE, .escalated_on = DAY_NONE, .day = DAY_NONE };
    struct text id = word_of(&line), topic = word_of(&line);
    for (int t = 0; t < MESSAGE_TOPICS; t++)
        if (text_is(topic, topics[t]))
            ret->topic = (enum message_topic)t;
    if (ret->topic == MESSAGE_TOPICS || id.bytes >= MESSAGE_ID_BYTES)
        return false;
    memcpy(ret->id, id.at, id.bytes);
    return subject_read(line, ret);
}

bool message_next_line(struct text *rest, struct text *ret)
{
    if (rest->bytes == 0)
        return false;
    const char *end = memchr(rest->at, '\n', rest->bytes);
    *ret = (struct text){ rest->at, end ? (uint32_t)(end - rest->at) : rest->bytes };
    uint32_t taken = ret->bytes + (end != NULL);
    *rest = (struct text){ rest->at + taken, rest->bytes - taken };
    return true;
}

void messages_add(struct messages *list, const struct message *m)
{
    if (list->n == list->room) {
        list->room = list->room ? list->room * 2 : ROOM_FIRST;
        list->at = realloc(list->at, list->room * sizeof(*list->at));
        if (!list->at)
            abort();
    }
    list->at[list->n++] = *m;
}

int64_t messages_place(const struct messages *list, const char *id)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (strcmp(list->at[i].id, id) == 0)
            return i;
    return -1;
}

void messages_take_out(struct messages *list, int64_t i)
{
    if (i < 0)
        return;
    list->n--;
    memmove(&list->at[i], &list->at[i + 1], (list->n - (uint32_t)i) * sizeof(*list->at));
}

void messages_put_first(struct messages *list, const struct message *m)
{
    messages_add(list, m);
    memmove(&list->at[1], &list->at[0], (list->n - 1) * sizeof(*list->at));
    list->at[0] = *m;
}
