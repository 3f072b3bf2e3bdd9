/* A cell that changed. Three tell of a fact: what the last import said, what stands now, and what the file says. A field that the file
 * changed is taken from it, unless somebody changed it by hand meanwhile; all else, blank cells included, stays as it stands. */
#include <stdlib.h>

#include "../events/days.h"
#include "../events/event.h"
#include "ctl.h"
#include "ctl_import.h"

static const struct json_limits limits = { (uint32_t)64 << 20, 32, 4000000 };

/* What an event says, read as the daemon reads it. */
struct said {
    int32_t on;
    void *data;
};

static const struct json *event_of(const struct json *events, uint64_t seq)
{
    for (const struct json *e = events ? events->first : NULL; e; e = e->next)
        if ((uint64_t)import_number(e, "seq", 0) == seq)
            return e;
    return NULL;
}

/* Of the event itself, or of the correction with that number. */
static bool content(struct sending *s, const struct kind *k, const struct json *events, uint64_t seq, struct said *ret)
{
    struct problems passed_over = { .count = 0 };   /* what was copied into it cannot be given, and is filled anew */
    const struct json *e = event_of(events, seq);
    if (e && text_is(import_text(e, "kind"), "event_corrected"))
        e = json_get(json_get(e, "data"), "content");
    if (!e || !day_parse(import_text(e, "on"), &ret->on))
        return false;
    ret->data = arena_take(&s->exchange, k->data_bytes + 1u);
    data_from_json(&s->exchange, k, NULL, json_get(e, "data"), "", ret->data, &passed_over);
    return true;
}

static bool same(const struct field *f, void *a, void *b)
{
    if (field_absent(f, a) || field_absent(f, b))
        return field_absent(f, a) == field_absent(f, b);
    return field_is_text(f) ? text_equal(*field_text(f, a), *field_text(f, b)) : *field_number(f, a) == *field_number(f, b);
}

static void take(const struct field *f, void *to, void *from)
{
    if (field_is_text(f))
        *field_text(f, to) = *field_text(f, from);
    else
        *field_number(f, to) = *field_number(f, from);
}

static uint64_t about(const struct json *e, const char *kind)
{
    return text_is(import_text(e, "kind"), kind) ? (uint64_t)import_number(json_get(e, "data"), "event", 0) : 0;
}

/* The event that said how things stood before `seq`: the last correction until then that was not taken out, or the event itself. */
static uint64_t standing_before(const struct json *events, uint64_t made, uint64_t seq)
{
    uint64_t last = made;
    for (const struct json *e = events->first; e; e = e->next)
        if ((uint64_t)import_number(e, "seq", 0) < seq && about(e, "event_corrected") == made) {
            uint64_t correction = (uint64_t)import_number(e, "seq", 0);
            bool gone = false;
            for (const struct json *v = e->next; v && !gone; v = v->next)
                gone = (uint64_t)import_number(v, "seq", 0) < seq && about(v, "event_voided") == correction;
            if (!gone)
                last = correction;
        }
    return last;
}

/* What the file said last, field by field: what it made the event with, then what each of its corrections changed. The rest of a
 * correction is what stood there, which a person may have written. */
static bool said_by_file(struct sending *s, const struct slot *slot, const struct json *events, struct said *ret)
{
    const struct kind *k = slot->command->kind;
    struct said before, after;
    if (!content(s, k, events, slot->made_seq, ret))
        return false;
    for (uint32_t i = 0; i < slot->correction_count; i++) {
        uint64_t seq = slot->corrections[i];
        if (!content(s, k, events, standing_before(events, slot->made_seq, seq), &before) || !content(s, k, events, seq, &after))
            return false;
        if (after.on != before.on)
            ret->on = after.on;
        for (unsigned f = 0; f < k->field_count; f++)
            if (k->fields[f].presence <= OPTIONAL && !same(&k->fields[f], after.data, before.data))
                take(&k->fields[f], ret->data, after.data);
    }
    return true;
}

static bool wrong(struct sending *s, struct slot *slot, struct text column, const char *fr, const char *en)
{
    import_wrong(s->slots->errors, slot->row, column, fr, en);
    slot->fate = SLOT_refused;
    s->tally.refused++;
    return false;
}

/* What the file says, in a struct like the others'. */
static bool read_file(struct sending *s, struct slot *slot, struct said *ret)
{
    const struct map_command *c = slot->command;
    const struct json *json;
    struct json_error error;
    struct json_out out;
    struct problems passed_over = { .count = 0 };
    json_out_init(&out, 1u << 20);
    json_open(&out);
    for (uint32_t i = 0; i < c->field_count; i++) {
        if (!slot->values[i].at && !slot->events[i])
            continue;
        json_key(&out, c->fields[i].field->name);
        if (slot->values[i].at)
            json_raw(&out, slot->values[i]);
        else
            json_number(&out, (int64_t)slot->events[i]->made_seq);
    }
    json_close(&out);
    *ret = (struct said){ slot->on, arena_take(&s->exchange, c->kind->data_bytes + 1u) };
    struct text text = arena_text(&s->exchange, out.at, out.bytes);
    json_out_free(&out);
    if (json_read(&s->exchange, text, &limits, &json, &error) != 0)
        return wrong(s, slot, c->on.column, "illisible", "cannot be read");
    data_from_json(&s->exchange, c->kind, NULL, json, "", ret->data, &passed_over);
    return true;
}

static const char by_hand_fr[] = "corrigé à la main depuis l'import, et changé dans le fichier : à trancher par une personne";
static const char by_hand_en[] = "corrected by hand since the import, and changed in the file: somebody has to decide";

/* Puts what the file changed into `now`; false: it cannot be. */
static bool merge(struct sending *s, struct slot *slot, struct said *was, struct said *now, struct said *file, bool *ret_differs)
{
    const struct map_command *c = slot->command;
    *ret_differs = false;
    if (file->on != was->on && file->on != now->on) {
        if (now->on != was->on)
            return wrong(s, slot, c->on.column, by_hand_fr, by_hand_en);
        now->on = file->on;
        *ret_differs = true;
    }
    for (uint32_t i = 0; i < c->field_count; i++) {
        const struct field *f = c->fields[i].field;
        struct text column = c->fields[i].column.at ? c->fields[i].column : text_of(f->name);
        if (slot->events[i] && slot->events[i]->made < 0)
            return wrong(s, slot, column, "la correction dépend d'un fait nouveau : réimporter ensuite", "the correction rests on a new fact: import again afterwards");
        if (field_absent(f, file->data) || same(f, file->data, was->data) || same(f, file->data, now->data))
            continue;
        if (!same(f, was->data, now->data))
            return wrong(s, slot, column, by_hand_fr, by_hand_en);
        take(f, now->data, file->data);
        *ret_differs = true;
    }
    return true;
}

static void compare(struct sending *s, struct slot *slot, const struct json *events)
{
    const struct kind *k = slot->command->kind;
    const struct json *made = event_of(events, slot->made_seq);
    const struct json *standing = made ? json_get(made, "standing") : NULL;
    uint64_t corrected = made ? (uint64_t)import_number(made, "corrected_by", 0) : 0;
    struct said was, now, file;
    bool differs = false;
    if (!said_by_file(s, slot, events, &was) || !content(s, k, events, corrected ? corrected : slot->made_seq, &now)) {
        wrong(s, slot, slot->command->on.column, "ce qui fut importé ne se lit plus", "what was imported cannot be read any more");
        return;
    }
    if (!read_file(s, slot, &file) || !merge(s, slot, &was, &now, &file, &differs))
        return;
    slot->fate = differs ? SLOT_changed : SLOT_same;
    if (!differs) {
        s->tally.same++;
    } else if (!standing || !standing->truth) {
        wrong(s, slot, slot->command->on.column, "annulé à la main depuis l'import, et changé dans le fichier : à trancher par une personne",
              "taken out by hand since the import, and changed in the file: somebody has to decide");
    } else {
        struct json_out out;
        json_out_init(&out, 1u << 20);
        json_open(&out);
        json_key(&out, "on"), json_day(&out, now.on);
        json_key(&out, "data"), data_to_json(&out, k, now.data, true);
        json_close(&out);
        slot->content = arena_text(s->slots->arena, out.at, out.bytes);
        json_out_free(&out);
    }
}

int changes_read(struct sending *s)
{
    struct slots *all = s->slots;
    const struct json *json = NULL, *events = NULL;
    const struct slot *of = NULL;
    for (uint32_t i = 0; i < all->count; i++) {
        struct slot *slot = all->at[i];
        if (slot->fate != SLOT_changed)
            continue;
        if (of != slot->person) {
            char path[128];
            struct text answer = { NULL, 0 };
            struct json_error error;
            arena_reset(&s->exchange);
            snprintf(path, sizeof(path), "/v1/%s", stream_plural(all->map->type));
            path_segment(path, sizeof(path), slot->stream);
            path_segment(path, sizeof(path), "events");
            int status = ctl_raw(path, NULL, answer, &answer);
            if (status == CTL_UNREACHED)
                return status;
            events = status == CTL_DONE && json_read(&s->exchange, answer, &limits, &json, &error) == 0 ? json_get(json, "events") : NULL;
            of = slot->person;
        }
        compare(s, slot, events);
    }
    arena_reset(&s->exchange);
    return CTL_DONE;
}
