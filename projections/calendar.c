#include "calendar.h"

#include <stdlib.h>

void calendar_begin(struct calendar *c, struct arena *arena, int32_t today)
{
    *c = (struct calendar){ .arena = arena, .today = today };
}

static void add_entry(struct calendar *c, struct entry e)
{
    void *at = c->at;
    if (e.day < c->today - CALENDAR_DAYS_BACK || e.day > c->today + CALENDAR_DAYS_ON)
        return;
    vector_room(c->arena, &c->n, &c->room, &at, sizeof(e));
    c->at = at;
    c->at[c->n++] = e;
}

/* ---- appointments ---- */
struct planned {
    uint64_t seq;
    const struct appointment_planned *data;     /* as it stands; of one that was taken out, as it was told last */
    const struct event *changed;
    bool stands, off;
};

struct agenda {
    struct planned *at;         /* in seq order */
    uint32_t n;
    const struct event *changed;    /* the last event that concerns any of them */
    bool vague;                 /* an end that does not say of which one: what it ends depends on all that was planned before */
};

static struct planned *find_planned(struct agenda *a, int64_t seq)
{
    uint32_t low = 0, high = a->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if ((int64_t)a->at[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low < a->n && (int64_t)a->at[low].seq == seq ? &a->at[low] : NULL;
}

/* Which one an event is about that says how an appointment went; false: it is of another kind. *ret ABSENT: the one that comes next. */
static bool names_appointment(const struct kind *kind, const void *data, int64_t *ret)
{
    switch (kind->number) {
    case KIND_appointment_kept: *ret = ((const struct appointment_kept *)data)->appointment; return true;
    case KIND_appointment_excused: *ret = ((const struct appointment_excused *)data)->appointment; return true;
    case KIND_appointment_missed: *ret = ((const struct appointment_missed *)data)->appointment; return true;
    case KIND_appointment_cancelled: *ret = ((const struct appointment_cancelled *)data)->appointment; return true;
    default: return false;
    }
}

static void touch_named(struct agenda *a, const struct kind *kind, const void *data, const struct event *by)
{
    int64_t named;
    if (!names_appointment(kind, data, &named))
        return;
    struct planned *p = named == ABSENT ? NULL : find_planned(a, named);
    a->vague = a->vague || named == ABSENT;
    a->changed = by;
    if (p)
        p->changed = by;
}

static const struct event *event_of(const struct event *const *all, uint32_t before, int64_t seq)
{
    for (uint32_t i = before; i-- > 0;)
        if ((int64_t)all[i]->seq == seq)
            return all[i];
    return NULL;
}

/* What `by` does to appointments: itself, or by what it corrects or takes out, which may be a correction in its turn. */
static void touch(struct agenda *a, const struct event *const *all, uint32_t at, const struct event *by)
{
    const struct event *e = by;
    for (; e && e->kind->nature == META; e = event_of(all, at, meta_target(e))) {
        if (e->kind->number != KIND_event_corrected)
            continue;
        const struct content *content = ((const struct event_corrected *)e->data)->content;
        struct planned *p = content->kind->number == KIND_appointment_planned ? find_planned(a, meta_target(e)) : NULL;
        touch_named(a, content->kind, content->data, by);
        if (p)
            p->data = content->data;
    }
    if (!e)
        return;
    touch_named(a, e->kind, e->data, by);
    if (e->kind->number == KIND_appointment_planned) {
        find_planned(a, (int64_t)e->seq)->changed = by;
        a->changed = by;
    }
}

/* As the fold reads them (apply_entry.c): an end that names none is of the one that was planned last and is not over. */
static void go_through(struct agenda *a, const struct event *const *standing, uint32_t count)
{
    struct planned *next = NULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct event *e = standing[i];
        int64_t named;
        if (e->kind->number == KIND_appointment_planned) {
            next = find_planned(a, (int64_t)e->seq);
            next->stands = true;
            next->data = e->data;
        } else if (names_appointment(e->kind, e->data, &named)) {
            struct planned *p = named == ABSENT ? next : find_planned(a, named);
            if (p)
                p->off = e->kind->number == KIND_appointment_excused || e->kind->number == KIND_appointment_cancelled;
            next = p == next ? NULL : next;
        }
    }
}

static struct agenda read_agenda(struct arena *arena, const struct event *const *all, uint32_t count)
{
    const struct event **standing;
    struct agenda a = { .n = 0 };
    for (uint32_t i = 0; i < count; i++)
        a.n += all[i]->kind->number == KIND_appointment_planned;
    if (a.n == 0)
        return a;
    a.at = ARENA_ARRAY(arena, struct planned, a.n);
    a.n = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (all[i]->kind->number == KIND_appointment_planned)
            a.at[a.n++] = (struct planned){ .seq = all[i]->seq, .data = all[i]->data };
        touch(&a, all, i, all[i]);
    }
    uint32_t n = parcours_standing(arena, all, count, INT32_MAX, INT64_MAX, &standing);
    go_through(&a, standing, n);
    return a;
}

static void add_appointments(struct calendar *c, const struct parcours *p, const struct agenda *a)
{
    for (uint32_t i = 0; i < a->n; i++) {
        const struct planned *one = &a->at[i];
        const struct event *changed = a->vague ? a->changed : one->changed;
        bool cancelled = !one->stands || one->off;
        if (cancelled && changed->recorded_on < c->today - CANCELLED_DAYS)
            continue;
        add_entry(c, (struct entry){ .kind = ENTRY_appointment, .stream = p->stream, .seq = one->seq, .number = p->number, .day = (int32_t)one->data->day,
                                     .minute = one->data->minute == ABSENT ? -1 : (int32_t)one->data->minute,
                                     .word = one->data->channel == ABSENT ? -1 : (int16_t)one->data->channel, .cancelled = cancelled,
                                     .changed_seq = changed->seq, .changed_ms = changed->recorded_ms });
    }
}

/* ---- deadlines ---- */
static int32_t number_on(const struct parcours *p, int32_t day)
{
    for (uint32_t i = 0; i < p->past.n; i++)
        if (day <= p->past.at[i].ended_on)
            return p->past.at[i].number;
    return p->number;
}

static struct entry deadline_entry(const struct calendar *c, const struct parcours *p, int rule, int32_t due, uint64_t cause, const struct event *last)
{
    bool moved = c->rulebook_seq > last->seq;
    return (struct entry){ .kind = ENTRY_deadline, .stream = p->stream, .seq = cause, .number = p->number, .day = due, .minute = -1, .word = (int16_t)rule,
                           .changed_seq = moved ? c->rulebook_seq : last->seq, .changed_ms = moved ? c->rulebook_ms : last->recorded_ms };
}

/* One entry a rule and parcours: the open deadline, or the one that was settled last. */
static bool told_already(const struct calendar *c, uint32_t first, const struct entry *e)
{
    for (uint32_t i = first; i < c->n; i++)
        if (c->at[i].kind == ENTRY_deadline && c->at[i].word == e->word && c->at[i].number == e->number)
            return true;
    return false;
}

static void add_deadlines(struct calendar *c, const struct parcours *p, const struct event *last)
{
    uint32_t first = c->n;
    for (int r = 0; r < RULES; r++)
        if (p->open[r].due != DAY_NONE && rules[r].turn == REFERENT)
            add_entry(c, deadline_entry(c, p, r, p->open[r].due, p->open[r].cause, last));
    for (uint32_t i = p->episodes.n; i-- > 0;) {
        const struct episode *over = &p->episodes.at[i];
        struct entry e = deadline_entry(c, p, over->rule, over->due, over->cause, last);
        e.number = number_on(p, over->settled_on);
        e.cancelled = true;
        bool open = e.number == p->number && p->open[over->rule].due != DAY_NONE;   /* perhaps beyond the window */
        if (over->settled_on >= c->today - CANCELLED_DAYS && rules[over->rule].turn == REFERENT && !open && !told_already(c, first, &e))
            add_entry(c, e);
    }
}

void calendar_of(struct calendar *c, const struct parcours *p, const struct event *const *all, uint32_t count)
{
    struct agenda a = read_agenda(p->arena, all, count);
    add_appointments(c, p, &a);
    add_deadlines(c, p, all[count - 1]);
}

static int in_order(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    if (a->stream != b->stream)
        return a->stream < b->stream ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->word != b->word)
        return a->word < b->word ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

void calendar_sort(struct calendar *c)
{
    if (c->n > 1)
        qsort(c->at, c->n, sizeof(*c->at), in_order);
}
