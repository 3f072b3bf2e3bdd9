/* What the keys of a file have made already. A key is used once for ever, so a command's key ends in a number: #0 made its event,
 * #1 corrected it, and so on; what an undo took out is passed over, and the next number makes it anew. */
#include <stdlib.h>

#include "ctl.h"
#include "ctl_import.h"

#define KEYS_ASKED 5000
#define ANSWER_BYTES_MAX ((uint32_t)64 << 20)

static const struct json_limits limits = { ANSWER_BYTES_MAX, 16, 4000000 };

int64_t import_number(const struct json *object, const char *key, int64_t otherwise)
{
    const struct json *j = json_get(object, key);
    return j && j->type == JSON_NUMBER ? j->hundredths / 100 : otherwise;
}

struct text import_text(const struct json *object, const char *key)
{
    const struct json *j = json_get(object, key);
    return j && j->type == JSON_STRING ? j->string : (struct text){ NULL, 0 };
}

/* Numbers come one after the other; a correction counts while what it corrects is there. */
static void take_made(struct sending *s, struct slot *slot, const struct json *made)
{
    if (made->type != JSON_OBJECT) {
        slot->chained = true;
        return;
    }
    int number = (int)slot->next++;
    uint64_t seq = (uint64_t)import_number(made, "seq", 0);
    const struct json *undone = json_get(made, "undone");
    bool corrects = text_is(import_text(made, "kind"), "event_corrected");
    struct text stream = import_text(made, stream_name(s->slots->map->type));
    if (stream.bytes < sizeof(slot->stream))
        snprintf(slot->stream, sizeof(slot->stream), "%.*s", TEXT_ARGS(stream));
    if (!corrects) {
        slot->made = slot->base = undone && undone->truth ? -1 : number;
        slot->made_seq = seq;
        slot->correction_count = 0;
    } else if (slot->made >= 0 && !(undone && undone->truth)) {
        uint64_t *more = ARENA_ARRAY(s->slots->arena, uint64_t, slot->correction_count + 1);
        if (slot->correction_count)
            memcpy(more, slot->corrections, slot->correction_count * sizeof(*more));
        more[slot->correction_count++] = seq;
        slot->corrections = more;
        slot->base = number;
    }
}

static int ask(struct sending *s, struct slot *const *slots, uint32_t count)
{
    struct json_out out;
    struct text answer;
    const struct json *json;
    struct json_error error;
    json_out_init(&out, (size_t)4 << 20);
    json_open_list(&out);
    for (uint32_t i = 0; i < count; i++)
        json_text(&out, arena_print(&s->exchange, "%.*s#%u", TEXT_ARGS(slots[i]->key), slots[i]->next));
    json_close_list(&out);
    int status = ctl_raw("/v1/commands/made", "application/json", (struct text){ out.at, (uint32_t)out.bytes }, &answer);
    json_out_free(&out);
    if (status != CTL_DONE)
        return status;
    if (json_read(&s->exchange, answer, &limits, &json, &error) != 0 || !json_get(json, "made") || json_get(json, "made")->count != count)
        return fprintf(stderr, "parcoursctl: %s\n", say("réponse illisible", "the answer cannot be read")), CTL_UNREACHED;
    const struct json *made = json_get(json, "made")->first;
    for (uint32_t i = 0; i < count; i++, made = made->next)
        take_made(s, slots[i], made);
    arena_reset(&s->exchange);
    return CTL_DONE;
}

/* Everything that is sent, and those whom the file speaks of without opening them. */
static struct slot **all_slots(struct slots *s, uint32_t *ret)
{
    struct slot **all = ARENA_ARRAY(s->arena, struct slot *, s->table_used + 1);
    *ret = 0;
    for (uint32_t i = 0; i < s->count; i++)
        all[(*ret)++] = s->at[i];
    for (uint32_t i = 0; i < s->table_room; i++)
        if (s->table[i] && !s->table[i]->command && !s->table[i]->stream[0])
            all[(*ret)++] = s->table[i];
    return all;
}

int chains_read(struct sending *s)
{
    uint32_t count, left;
    struct slot **all = all_slots(s->slots, &count);
    while (count) {
        for (uint32_t i = 0; i < count; i += KEYS_ASKED) {
            int status = ask(s, all + i, count - i < KEYS_ASKED ? count - i : KEYS_ASKED);
            if (status != CTL_DONE)
                return status;
            import_progress(say("ce qui est déjà là", "what is there already"), i, count);
        }
        left = 0;
        for (uint32_t i = 0; i < count; i++)
            if (!all[i]->chained)
                all[left++] = all[i];
        count = left;
    }
    return CTL_DONE;
}
