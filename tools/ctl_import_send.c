/* Commands to the daemon, in orders of JSON Lines: first those whose keys have made something, which tells what is the same; then what
 * is new or changed, between two notes of the import's name, so that an undo knows what is whose. A person's commands are never
 * split over two orders unless they are thousands: a dry run judges each order by itself. */
#include <stdlib.h>
#include <unistd.h>

#include "ctl.h"
#include "ctl_import.h"

#define ORDER_COMMANDS 2000
#define ORDER_COMMANDS_MAX 9000
#define ORDER_BYTES ((size_t)8 << 20)
#define BODY_BYTES_MAX ((size_t)31 << 20)

static const struct json_limits one_result = { 4u << 20, 16, 100000 };

/* ---- progress ---- */
static bool progressing;

void import_progress(const char *doing, uint32_t done, uint32_t all)
{
    if (!isatty(STDERR_FILENO))
        return;
    progressing = true;
    fprintf(stderr, "\r\033[K%s: %u / %u", doing, done, all);
}

void import_progress_end(void)
{
    if (progressing)
        fputs("\r\033[K", stderr);
    progressing = false;
}

/* ---- one command ---- */
static void key_member(struct json_out *out, const char *member, const char *before, struct text key, unsigned number)
{
    char text[256];
    snprintf(text, sizeof(text), "%s%.*s#%u", before, TEXT_ARGS(key), number);
    json_key(out, member), json_string(out, text);
}

/* The number of the command that has made what the slot stands for, or will. */
static unsigned maker(const struct slot *s)
{
    return s->made >= 0 ? (unsigned)s->made : s->next;
}

static void target_member(struct json_out *out, const struct slot *s)
{
    const struct slot *person = s->person;
    const char *member = stream_name(s->command->kind->stream);
    if (person == s) {
        if (maker(s) > 0)       /* opened before, and undone: the same stream again */
            json_key(out, member), json_string(out, s->stream);
        return;
    }
    if (person->made < 0 && !person->command)
        json_key(out, member), json_string(out, person->stream);    /* the file's key is an id */
    else
        key_member(out, member, "=", person->key, maker(person));
}

static void data_member(struct json_out *out, const struct slot *s)
{
    const struct map_command *c = s->command;
    json_key(out, "data");
    json_open(out);
    for (uint32_t i = 0; i < c->field_count; i++)
        if (s->values[i].at)
            json_key(out, c->fields[i].field->name), json_raw(out, s->values[i]);
        else if (s->events[i])
            key_member(out, c->fields[i].field->name, "=", s->events[i]->key, maker(s->events[i]));
    json_close(out);
}

static void plain_content(struct json_out *out, const struct slot *s)
{
    const struct map_command *c = s->command;
    json_open(out);
    json_key(out, "on"), json_day(out, s->on);
    json_key(out, "data");
    json_open(out);
    for (uint32_t i = 0; i < c->field_count; i++)
        if (s->values[i].at)
            json_key(out, c->fields[i].field->name), json_raw(out, s->values[i]);
        else if (s->events[i] && s->events[i]->made >= 0)
            json_key(out, c->fields[i].field->name), json_number(out, (int64_t)s->events[i]->made_seq);
    json_close(out);
    json_close(out);
}

static void correction(struct json_out *out, const struct slot *s)
{
    json_key(out, "command"), json_string(out, "correct");
    json_key(out, stream_name(s->command->kind->stream)), json_string(out, s->stream);
    json_key(out, "data");
    json_open(out);
    json_key(out, "event"), json_number(out, (int64_t)s->made_seq);
    json_key(out, "reason"), json_string(out, "import");
    json_key(out, "content");
    if (s->content.at)
        json_raw(out, s->content);
    else
        plain_content(out, s);
    json_close(out);
}

void slot_command_json(struct json_out *out, const struct slot *s, int number)
{
    const struct map_command *c = s->command;
    json_open(out);
    key_member(out, "id", "", s->key, (unsigned)number);
    json_key(out, "imported"), json_bool(out, true);
    if (s->made >= 0 && number != s->made) {
        correction(out, s);
    } else {
        json_key(out, "command"), json_string(out, c->kind->command);
        target_member(out, s);
        json_key(out, "on"), json_day(out, s->on);
        data_member(out, s);
        if (c->waive_rule.at) {
            json_key(out, "waive");
            json_open_list(out);
            json_open(out);
            json_key(out, "rule"), json_text(out, c->waive_rule);
            json_key(out, "reason"), json_text(out, c->waive_reason);
            json_close(out);
            json_close_list(out);
        }
    }
    json_close(out);
    json_line(out);
}

void import_note(struct json_out *out, struct text name, bool begins, const char *undoes)
{
    json_open(out);
    json_key(out, "command"), json_string(out, "note_import");
    json_key(out, "data");
    json_open(out);
    json_key(out, "name"), json_text(out, name);
    json_key(out, "begins"), json_bool(out, begins);
    if (undoes)
        json_key(out, "undoes"), json_string(out, undoes);
    json_close(out);
    json_close(out);
    json_line(out);
}

/* ---- what became of it ---- */

/* "/data/content/data/name" to the column of `name`. */
static struct text column_of(const struct slot *s, struct text pointer)
{
    char name[64];
    uint32_t from = pointer.bytes;
    while (from && pointer.at[from - 1] != '/')
        from--;
    snprintf(name, sizeof(name), "%.*s", (int)(pointer.bytes - from), pointer.at + from);
    return slot_column(s, name);
}

/* What it rests on was refused itself: said once, there. */
static bool rests_on_refused(const struct slot *s, struct text pointer)
{
    if (s->person != s && text_is((struct text){ pointer.at + 1, pointer.bytes ? pointer.bytes - 1 : 0 }, stream_name(s->command->kind->stream)))
        return s->person->command && s->person->made < 0;
    for (uint32_t i = 0; i < s->command->field_count; i++)
        if (s->events[i] && pointer.bytes > 6 && text_is((struct text){ pointer.at + 6, pointer.bytes - 6 }, s->command->fields[i].field->name))
            return s->events[i]->fate == SLOT_refused || s->events[i]->fate == SLOT_held;
    return false;
}

static void refused(struct sending *s, struct slot *slot, const struct json *result)
{
    const struct json *errors = json_get(result, "errors"), *first = errors ? errors->first : NULL;
    struct text pointer = first ? import_text(first, "pointer") : (struct text){ NULL, 0 };
    struct text why = first ? import_text(first, "why") : import_text(result, "why");
    struct arena *lasting = s->slots->arena;
    if (pointer.at && rests_on_refused(slot, pointer)) {
        slot->fate = SLOT_held;
        s->tally.held++;
        return;
    }
    if (!why.at)
        why = import_text(result, "title");
    struct text rule = import_text(result, "rule"), column = pointer.at ? column_of(slot, pointer) : (struct text){ NULL, 0 };
    struct text state = rule.at ? (struct text){ NULL, 0 } : import_text(result, "state");
    slot->fate = SLOT_refused;
    s->tally.refused++;
    why = arena_print(lasting, "%s: %.*s%s%.*s%s", slot->command->kind->command, TEXT_ARGS(why), state.at ? " (" : "", state.at ? (int)state.bytes : 0,
                      state.at ? state.at : "", state.at ? ")" : "");
    import_refused(s->slots->errors, slot->row, column.at ? arena_text(lasting, column.at, column.bytes) : column, why,
                   rule.at ? arena_text(lasting, rule.at, rule.bytes) : rule);
}

/* False: the daemon takes nothing at the moment. */
static bool take_result(struct sending *s, struct slot *slot, const struct json *result, bool again)
{
    int64_t status = import_number(result, "status", 0);
    const struct json *retry = json_get(result, "retryable");
    if (retry && retry->truth) {
        import_progress_end();
        fprintf(stderr, "parcoursctl: %.*s\n", TEXT_ARGS(import_text(result, "title")));
        return false;
    }
    if (again && text_is(import_text(result, "code"), "other_command")) {
        slot->fate = SLOT_changed;
    } else if (status != 200 && status != 201) {
        refused(s, slot, result);
    } else if (again || json_get(result, "replayed")) {
        slot->fate = SLOT_same;
        s->tally.same++;
    } else if (slot->content.at) {
        s->tally.corrected++;
    } else {
        s->tally.created++;
    }
    return true;
}

static bool take_results(struct sending *s, struct slot *const *slots, uint32_t count, struct text answer, bool noted, bool again)
{
    uint32_t line = 0, all = count + (noted ? 2 : 0);
    for (uint32_t at = 0; at < answer.bytes && line < all; line++) {
        const struct json *result;
        struct json_error error;
        const char *end = memchr(answer.at + at, '\n', answer.bytes - at);
        uint32_t n = end ? (uint32_t)(end - answer.at) - at : answer.bytes - at;
        bool is_note = noted && (line == 0 || line == all - 1);
        arena_reset(&s->exchange);
        if (json_read(&s->exchange, (struct text){ answer.at + at, n }, &one_result, &result, &error) != 0)
            return false;
        if (!is_note && !take_result(s, slots[line - noted], result, again))
            return false;
        at += n + 1;
    }
    return line == all;
}

/* ---- orders ---- */
static int send_order(struct sending *s, struct json_out *out, struct slot *const *slots, uint32_t count, bool again)
{
    struct text answer;
    bool noted = !again && !s->dry;
    if (noted)
        import_note(out, s->name, false, NULL);
    if (json_out_failed(out))
        return fprintf(stderr, "parcoursctl: %s\n", say("une personne a plus de 31 Mio de données", "a person has more than 31 MiB of data")), CTL_REFUSED;
    int status = ctl_raw(s->dry ? "/v1/commands?dry_run=1" : "/v1/commands", "application/x-ndjson", (struct text){ out->at, (uint32_t)out->bytes }, &answer);
    if (status == CTL_DONE && !take_results(s, slots, count, answer, noted, again))
        status = CTL_UNREACHED;
    json_out_reset(out);
    return status;
}

static bool belongs(const struct slot *slot, bool again)
{
    if (again)
        return slot->base >= 0;
    return (slot->fate == SLOT_new && slot->base < 0) || (slot->fate == SLOT_changed && slot->content.at);
}

/* `again`: those whose keys have made something, as they were asked then, to learn whether the file still says so. */
static int send_those(struct sending *s, bool again)
{
    struct slots *all = s->slots;
    struct slot **batch = ARENA_ARRAY(all->arena, struct slot *, ORDER_COMMANDS_MAX + 1);
    struct json_out out;
    uint32_t n = 0;
    int status = CTL_DONE;
    json_out_init(&out, BODY_BYTES_MAX);
    for (uint32_t i = 0; i < all->count && status == CTL_DONE; i++) {
        struct slot *slot = all->at[i];
        bool full = n >= ORDER_COMMANDS || out.bytes >= ORDER_BYTES, whole = n && batch[n - 1]->person != slot->person;
        if (n == ORDER_COMMANDS_MAX || (full && (whole || !s->dry))) {
            status = send_order(s, &out, batch, n, again);
            n = 0;
            import_progress(s->doing, i, all->count);
        }
        if (status != CTL_DONE || !belongs(slot, again))
            continue;
        if (n == 0 && !again && !s->dry)
            import_note(&out, s->name, true, NULL);
        slot_command_json(&out, slot, again ? slot->base : (int)slot->next);
        batch[n++] = slot;
    }
    if (status == CTL_DONE && n)
        status = send_order(s, &out, batch, n, again);
    json_out_free(&out);
    return status;
}

/* Whoever the file speaks of must be there, or be opened by it. */
static void find_people(struct sending *s)
{
    struct slots *all = s->slots;
    for (uint32_t i = 0; i < all->count; i++) {
        struct slot *slot = all->at[i], *person = slot->person;
        bool there = person->command || person->made >= 0 || (person->stream[0] && person->next == 0);
        if (there)
            continue;
        if (person->fate != SLOT_refused)
            import_wrong(all->errors, slot->row, all->map->key, "personne n'est connu sous cette clef, et cette ligne n'ouvre pas de dossier",
                         "nobody is known under this key, and this row opens no file");
        person->fate = slot->fate = SLOT_refused;
        s->tally.refused++;
    }
}

int import_send(struct sending *s)
{
    int status = chains_read(s);
    if (status != CTL_DONE)
        return status;
    find_people(s);
    s->doing = say("ce qui est resté le même", "what stayed the same");
    status = send_those(s, true);
    if (status == CTL_DONE)
        status = changes_read(s);
    s->doing = s->dry ? say("à blanc", "dry run") : say("envoyé", "sent");
    if (status == CTL_DONE)
        status = send_those(s, false);
    import_progress_end();
    return status;
}
