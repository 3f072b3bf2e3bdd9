/* The lines of reports: cells one after the other, kept, put in order, or handed over. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../events/ids.h"
#include "reports.h"

void reports_begin(struct reporting *r, struct arena *arena, const struct reports_asked *asked)
{
    *r = (struct reporting){ .asked = *asked, .arena = arena };
    r->last_note = &r->notes;
}

/* A report of long ago is printed today. */
static void look_for_heads(struct reporting *r, const struct dossier *d)
{
    for (uint32_t i = 0; i < d->count_later; i++) {
        const struct event *e = d->standing[i];
        struct text *said = e->kind->number == KIND_publicity_set ? &r->mention : e->kind->number == KIND_plie_created ? &r->plie : NULL;
        struct text t = { NULL, 0 };
        if (said == &r->mention)
            t = ((const struct publicity_set *)e->data)->mention;
        else if (said)
            t = ((const struct plie_created *)e->data)->name;
        if (said)
            *said = arena_text(r->arena, t.at, t.bytes);
    }
}

void reports_look(struct reporting *r, const struct dossier *d)
{
    if (d->type == STREAM_plie)
        look_for_heads(r, d);
    if (!(r->asked.report->walks >> d->type & 1))
        return;
    r->asked.report->look(r, d);
    assert(r->at == 0);         /* the last line has all its cells */
}

/* Handed over at once, and then forgotten. */
static bool passes(const struct reporting *r)
{
    return r->sink && !r->order;
}

/* One cell more than it has columns: where it came, for lines that are put in order. */
static void open_line(struct reporting *r)
{
    void *at = r->lines;
    uint32_t kept = passes(r) ? 0 : r->n;
    r->n++;
    if (passes(r) && r->lines)
        return;
    vector_room(r->arena, &kept, &r->room, &at, sizeof(*r->lines));
    r->lines = at;
    r->lines[kept] = ARENA_ARRAY(r->arena, struct cell, r->asked.report->column_count + 1);
    r->lines[kept][r->asked.report->column_count].number = kept;
}

static void put(struct reporting *r, enum cell_type type, struct cell cell)
{
    const struct report *report = r->asked.report;
    if (r->at == 0)
        open_line(r);
    assert(report->columns[r->at].type == type);
    struct cell *line = r->lines[passes(r) ? 0 : r->n - 1];
    line[r->at] = cell;
    r->at = (r->at + 1) % report->column_count;
    if (r->at == 0 && passes(r)) {
        r->sink(r->sink_context, line);
        arena_reset(r->line_arena);
    }
}

static int in_order(const void *a, const void *b, void *context)
{
    const struct reporting *r = context;
    const struct cell *x = *(struct cell *const *)a, *y = *(struct cell *const *)b;
    unsigned came = r->asked.report->column_count;
    int first = r->order(x, y);
    return first ? first : (x[came].number > y[came].number) - (x[came].number < y[came].number);
}

/* Who counts lines as they come sees them all counted already. */
void reports_hand_over(struct reporting *r)
{
    if (!r->order || r->n == 0)
        return;
    qsort_r(r->lines, r->n, sizeof(*r->lines), in_order, r);
    for (uint32_t i = 0; r->sink && i < r->n; i++) {
        r->sink(r->sink_context, r->lines[i]);
        arena_reset(r->line_arena);
    }
}

void cell_text(struct reporting *r, struct text t)
{
    struct arena *arena = passes(r) ? r->line_arena : r->arena;
    put(r, CELL_text, (struct cell){ ABSENT, t.at ? arena_text(arena, t.at, t.bytes) : t });
}

static void number(struct reporting *r, enum cell_type type, int64_t n)
{
    put(r, type, (struct cell){ n, { NULL, 0 } });
}

void cell_word(struct reporting *r, int64_t word)
{
    number(r, CELL_word, word < 0 ? ABSENT : word);
}

void cell_day(struct reporting *r, int32_t day)
{
    number(r, CELL_day, day == DAY_NONE ? ABSENT : day);
}

void cell_month(struct reporting *r, int64_t month)
{
    number(r, CELL_month, month);
}

void cell_number(struct reporting *r, int64_t n)
{
    number(r, CELL_number, n);
}

void cell_cents(struct reporting *r, int64_t n)
{
    number(r, CELL_cents, n);
}

void cell_hundredths(struct reporting *r, int64_t n)
{
    number(r, CELL_hundredths, n);
}

void cell_id(struct reporting *r, int64_t stream)
{
    number(r, CELL_id, stream);
}

void cell_event(struct reporting *r, uint64_t seq)
{
    number(r, CELL_event, seq ? (int64_t)seq : ABSENT);
}

void cell_flag(struct reporting *r, bool flag)
{
    number(r, CELL_flag, flag);
}

const char *cell_print(const struct column *c, const struct cell *cell, char out[CELL_TEXT_BYTES])
{
    char text[ID_TEXT_BYTES];
    int64_t n = cell->number;
    out[0] = 0;
    if (n == ABSENT)
        return out;
    switch (c->type) {
    case CELL_word:
        return word_name(c->of, n);
    case CELL_flag:
        return n ? "yes" : "no";
    case CELL_day:
        return day_print((int32_t)n, out);
    case CELL_month:
        return month_print((int32_t)n, out);
    case CELL_id:
        snprintf(out, CELL_TEXT_BYTES, "%s", id_print((enum stream_type)c->of, (uint64_t)n, text));
        break;
    case CELL_cents:
    case CELL_hundredths:
        snprintf(out, CELL_TEXT_BYTES, "%s%" PRId64 ".%02d", n < 0 ? "-" : "", n < 0 ? -n / 100 : n / 100, (int)(n < 0 ? -n % 100 : n % 100));
        break;
    case CELL_number:
    case CELL_event:
        snprintf(out, CELL_TEXT_BYTES, "%" PRId64, n);
        break;
    case CELL_text:
        break;
    }
    return out;
}

void report_note(struct reporting *r, enum stream_type type, uint64_t stream, const char *fr, const char *en, struct text t)
{
    struct note *note;
    if (!t.at)
        return;
    note = ARENA_ARRAY(r->arena, struct note, 1);
    *note = (struct note){ type, stream, fr, en, arena_text(r->arena, t.at, t.bytes), false, NULL };
    *r->last_note = note;
    r->last_note = &note->next;
}

void report_count(struct reporting *r, unsigned total, bool one)
{
    r->totals[total] += one;
}

int64_t report_stream(const struct reporting *r, enum parameter_number p)
{
    return (int64_t)r->asked.stream[p];
}
