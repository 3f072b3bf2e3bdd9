/* Rows to commands. A row whose cells do not hold is left out whole; what several rows say of one command is put together, and must
 * agree. A blank cell says nothing. */
#include <stdlib.h>

#include "../events/days.h"
#include "../events/event.h"
#include "ctl.h"
#include "ctl_import.h"

static const struct json_limits data_limits = { 1u << 20, 8, 4096 };

/* What one row asks of one command, before it is known whether the row holds. */
struct asked {
    bool wanted;
    int32_t on;
    struct text *values, by;
};

struct row {
    struct slots *s;
    struct text *cells, key;
    uint32_t number;
    bool good;
    struct asked asked[IMPORT_MAP_COMMANDS_MAX];
    struct slot *slots[IMPORT_MAP_COMMANDS_MAX];
};

static void row_wrong(struct row *r, struct text column, const char *fr, const char *en)
{
    import_wrong(r->s->errors, r->number, column, fr, en);
    r->good = false;
}

/* ---- the table of keys ---- */
static uint64_t spread(struct text t)
{
    uint64_t h = 1469598103934665603u;
    for (uint32_t i = 0; i < t.bytes; i++)
        h = (h ^ (uint8_t)t.at[i]) * 1099511628211u;
    return h ^ h >> 29;
}

static struct slot **place_of(struct slots *s, struct text key)
{
    uint32_t i = (uint32_t)spread(key) & (s->table_room - 1);
    while (s->table[i] && !text_equal(s->table[i]->key, key))
        i = (i + 1) & (s->table_room - 1);
    return &s->table[i];
}

static void grow(struct slots *s)
{
    struct slot **old = s->table;
    uint32_t room = s->table_room;
    s->table_room = room ? room * 2 : 4096;
    s->table = ARENA_ARRAY(s->arena, struct slot *, s->table_room);
    for (uint32_t i = 0; i < room; i++)
        if (old[i])
            *place_of(s, old[i]->key) = old[i];
}

static struct slot *slot_known(struct slots *s, struct text key)
{
    return s->table_room ? *place_of(s, key) : NULL;
}

static struct slot *slot_add(struct slots *s, struct text key, uint32_t row)
{
    if (s->table_used * 2 >= s->table_room)
        grow(s);
    struct slot **at = place_of(s, key);
    *at = ARENA_ARRAY(s->arena, struct slot, 1);
    **at = (struct slot){ .key = key, .row = row, .made = -1, .base = -1 };
    s->table_used++;
    return *at;
}

static void to_send(struct slots *s, struct slot *slot)
{
    if (s->count == s->room) {
        struct slot **old = s->at;
        s->room = s->room ? s->room * 2 : 4096;
        s->at = ARENA_ARRAY(s->arena, struct slot *, s->room);
        if (s->count)
            memcpy(s->at, old, s->count * sizeof(*old));
    }
    s->at[s->count++] = slot;
}

/* ---- cells ---- */
static bool command_wanted(struct row *r, const struct map_command *c)
{
    if (!c->when.at)
        return true;
    struct text cell = r->cells[c->when_at];
    for (uint32_t i = 0; i < c->when_is_count; i++)
        if (text_equal(cell, c->when_is[i]))
            return true;
    return cell.bytes > 0 && c->when_is_count == 0;
}

static bool read_day(struct row *r, const struct map_field *on, int32_t *ret)
{
    struct text cell = on->from == FROM_CONSTANT ? on->constant : r->cells[on->at];
    if (cell.bytes == 0)
        return false;
    if (cell_to_day(cell, ret))
        return true;
    row_wrong(r, on->column, "un jour est attendu : 31/01/2026 ou 2026-01-31", "a day is expected: 31/01/2026 or 2026-01-31");
    return false;
}

struct text slot_column(const struct slot *slot, const char *field)
{
    const struct map_command *c = slot->command;
    if (!c)
        return (struct text){ NULL, 0 };
    for (uint32_t i = 0; i < c->field_count; i++)
        if (strcmp(c->fields[i].field->name, field) == 0)
            return c->fields[i].column.at ? c->fields[i].column : text_of(field);
    return strcmp(field, "on") == 0 ? c->on.column : text_of(field);
}

static void write_values(struct json_out *out, const struct map_command *c, const struct text *values)
{
    json_open(out);
    for (uint32_t i = 0; i < c->field_count; i++)
        if (values[i].at) {
            json_key(out, c->fields[i].field->name);
            json_raw(out, values[i]);
        }
    json_close(out);
}

/* By the daemon's own reader: bounds, lengths, checked numbers. What is only missing may stand in another row. */
static void check_values(struct row *r, const struct map_command *c, const struct text *values)
{
    static struct json_out out;
    static struct arena arena;
    if (out.bytes_max == 0) {
        json_out_init(&out, 1u << 20);
        arena_init(&arena, (size_t)64 << 20);
    }
    const struct json *json;
    struct json_error error;
    struct problems problems = { .count = 0 };
    json_out_reset(&out);
    arena_reset(&arena);
    write_values(&out, c, values);
    if (json_read(&arena, (struct text){ out.at, (uint32_t)out.bytes }, &data_limits, &json, &error) != 0) {
        row_wrong(r, (struct text){ NULL, 0 }, "une cellule que JSON ne sait pas dire", "a cell that JSON cannot tell");
        return;
    }
    data_from_json(&arena, c->kind, NULL, json, "", arena_take(&arena, c->kind->data_bytes + 1u), &problems);
    for (uint32_t p = 0; p < problems.count; p++)
        for (uint32_t i = 0; i < c->field_count; i++)
            if (values[i].at && strcmp(problems.at[p].pointer + 1, c->fields[i].field->name) == 0) {
                struct text column = c->fields[i].column.at ? c->fields[i].column : text_of(c->fields[i].field->name);
                import_refused(r->s->errors, r->number, column, arena_text(r->s->arena, problems.at[p].why, strlen(problems.at[p].why)),
                               (struct text){ NULL, 0 });
                r->good = false;
            }
}

static void read_command(struct row *r, struct map_command *c, struct asked *a)
{
    bool filled = false;
    a->values = ARENA_ARRAY(r->s->arena, struct text, c->field_count + 1);
    if (!command_wanted(r, c))
        return;
    a->wanted = read_day(r, &c->on, &a->on);
    for (uint32_t i = 0; i < c->field_count; i++) {
        struct map_field *f = &c->fields[i];
        struct text cell = f->from == FROM_CONSTANT ? f->constant : f->from == FROM_COLUMN ? r->cells[f->at] : (struct text){ NULL, 0 };
        filled = filled || (f->from == FROM_COLUMN && cell.bytes);
        const char *why = a->wanted && cell.bytes ? cell_json(r->s->arena, f, cell, &a->values[i]) : NULL;
        if (why)
            row_wrong(r, f->column.at ? f->column : text_of(f->field->name), why, why);
    }
    if (a->wanted && c->each && !c->by_day) {
        a->by = r->cells[c->by_at];
        if (a->by.bytes == 0 || a->by.bytes > IMPORT_KEY_BYTES_MAX)
            row_wrong(r, c->by, "1 à 60 octets sont attendus : c'est ce qui distingue cette ligne", "1 to 60 bytes are expected: it tells this row from the others");
    }
    if (a->wanted && r->good)
        check_values(r, c, a->values);
    c->undated += !a->wanted && filled && c->each;
}

/* ---- to slots ---- */
static struct text key_of(struct row *r, const struct map_command *c, const struct asked *a)
{
    const struct map *m = r->s->map;
    struct arena *arena = r->s->arena;
    char day[DAY_TEXT_BYTES];
    if (!c->each)
        return arena_print(arena, "import/%.*s/%.*s/%u:%.*s", TEXT_ARGS(m->name), TEXT_ARGS(c->label), r->key.bytes, TEXT_ARGS(r->key));
    if (!c->by_day)
        return arena_print(arena, "import/%.*s/%.*s/%u:%.*s/%.*s", TEXT_ARGS(m->name), TEXT_ARGS(c->label), r->key.bytes, TEXT_ARGS(r->key), TEXT_ARGS(a->by));
    for (uint32_t n = 1;; n++) {    /* the second of a day is another */
        struct text key = arena_print(arena, "import/%.*s/%.*s/%u:%.*s/%s/%u", TEXT_ARGS(m->name), TEXT_ARGS(c->label), r->key.bytes,
                                      TEXT_ARGS(r->key), day_print(a->on, day), n);
        if (!slot_known(r->s, key))
            return key;
    }
}

/* Whether what this row says fits what others said of the same command. */
static void look_whether_it_agrees(struct row *r, const struct slot *slot, const struct map_command *c, const struct asked *a)
{
    const char *fr = "une ligne précédente dit autre chose du même fait", *en = "an earlier row says otherwise of the same fact";
    if (slot->on != a->on)
        row_wrong(r, c->on.column, fr, en);
    for (uint32_t i = 0; i < c->field_count; i++)
        if (slot->values[i].at && a->values[i].at && !text_equal(slot->values[i], a->values[i]))
            row_wrong(r, c->fields[i].column, fr, en);
}

static struct slot *person_of(struct row *r)
{
    struct slots *s = r->s;
    struct text key = arena_print(s->arena, "import/%.*s/%.*s", TEXT_ARGS(s->map->people), TEXT_ARGS(r->key));
    struct slot *p = slot_known(s, key);
    enum stream_type type;
    uint64_t stream;
    if (p)
        return p;
    p = slot_add(s, key, r->number);
    p->person = p;
    s->people++;
    if (id_parse(r->key, &type, &stream) && type == s->map->type)   /* the key is the id of a stream that is there already */
        snprintf(p->stream, sizeof(p->stream), "%.*s", TEXT_ARGS(r->key));
    return p;
}

static void put_values(struct row *r, struct slot *slot, const struct map_command *c, const struct asked *a)
{
    for (uint32_t i = 0; i < c->field_count; i++) {
        const struct map_field *f = &c->fields[i];
        if (a->values[i].at)
            slot->values[i] = a->values[i];
        if (f->from != FROM_EVENT)
            continue;
        for (uint32_t k = 0; k < r->s->map->count; k++)
            if (text_equal(r->s->map->commands[k].label, f->constant))
                slot->events[i] = r->slots[k];
    }
}

/* The row's commands become slots; those known from earlier rows were seen to agree. */
static void keep(struct row *r)
{
    struct slots *s = r->s;
    struct slot *person = person_of(r);
    for (uint32_t k = 0; k < s->map->count; k++) {
        struct map_command *c = &s->map->commands[k];
        bool opens = (int)k == s->map->opening;
        if (!r->asked[k].wanted || (opens && person->stream[0]))
            continue;
        struct text key = opens ? person->key : key_of(r, c, &r->asked[k]);
        struct slot *slot = slot_known(s, key);
        if (!slot || (opens && !slot->command)) {
            slot = opens ? person : slot_add(s, key, r->number);
            slot->command = c;
            slot->person = person;
            slot->on = r->asked[k].on;
            slot->values = ARENA_ARRAY(s->arena, struct text, c->field_count + 1);
            slot->events = ARENA_ARRAY(s->arena, struct slot *, c->field_count + 1);
            to_send(s, slot);
        }
        r->slots[k] = slot;
        put_values(r, slot, c, &r->asked[k]);
    }
}

static void look_at_others(struct row *r)
{
    struct slots *s = r->s;
    for (uint32_t k = 0; k < s->map->count && r->good; k++) {
        const struct map_command *c = &s->map->commands[k];
        if (!r->asked[k].wanted || (c->each && c->by_day))
            continue;
        struct text key = (int)k == s->map->opening ? arena_print(s->arena, "import/%.*s/%.*s", TEXT_ARGS(s->map->people), TEXT_ARGS(r->key))
                                                    : key_of(r, c, &r->asked[k]);
        struct slot *slot = slot_known(s, key);
        if (slot && slot->command)
            look_whether_it_agrees(r, slot, c, &r->asked[k]);
    }
}

static void take_row(struct slots *s, uint32_t index)
{
    struct row r = { .s = s, .cells = s->sheet->row[index], .number = index + 2, .good = true };
    r.key = r.cells[s->map->key_at];
    if (r.key.bytes == 0 || r.key.bytes > IMPORT_KEY_BYTES_MAX)
        row_wrong(&r, s->map->key, "sans clef (1 à 60 octets), cette ligne ne parle de personne", "without a key (1 to 60 bytes) this row is about nobody");
    for (uint32_t k = 0; k < s->map->count && r.good; k++)
        read_command(&r, &s->map->commands[k], &r.asked[k]);
    if (r.good)
        look_at_others(&r);
    if (r.good)
        keep(&r);
    else
        s->rows_refused++;
}

/* ---- in order ---- */
static int in_order(const void *a, const void *b)
{
    const struct slot *x = *(struct slot *const *)a, *y = *(struct slot *const *)b;
    if (x->person != y->person)
        return x->person->row < y->person->row ? -1 : 1;
    if (x->on != y->on)
        return x->on < y->on ? -1 : 1;
    if (x->command->kind->place != y->command->kind->place)
        return x->command->kind->place < y->command->kind->place ? -1 : 1;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (int)x->command->index - (int)y->command->index;
}

/* What no row of the file gives. */
static bool complete(struct slots *s, const struct slot *slot)
{
    const struct map_command *c = slot->command;
    for (unsigned i = 0; i < c->kind->field_count; i++) {
        const struct field *f = &c->kind->fields[i];
        bool given = f->presence != REQUIRED;
        for (uint32_t k = 0; k < c->field_count && !given; k++)
            given = c->fields[k].field == f && (slot->values[k].at || slot->events[k]);
        if (!given) {
            import_wrong(s->errors, slot->row, slot_column(slot, f->name), "ce champ est obligatoire", "this field is required");
            return false;
        }
    }
    return true;
}

void slots_make(struct slots *s)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < s->sheet->rows; i++)
        if (s->sheet->row[i])
            take_row(s, i);
    for (uint32_t i = 0; i < s->count; i++) {
        struct slot *slot = s->at[i];
        if (complete(s, slot)) {
            s->at[kept++] = slot;
            continue;
        }
        slot->fate = SLOT_refused;
        if (slot->person == slot)
            slot->command = NULL;       /* not opened by this file */
    }
    s->count = kept;
    if (s->count)
        qsort(s->at, s->count, sizeof(*s->at), in_order);
}
