/* A contrôle de service fait, rehearsed: files drawn from a seed, and what a control would find in each.
 *
 * The draw is reproducible: every file of the period has a number, made of the seed and its stream alone; those with the smallest
 * numbers are drawn. The same seed over the same files draws the same ones, and a larger sample holds the smaller. */
#include "reports.h"

#include <stdio.h>
#include <stdlib.h>

#include "../events/fund.h"
#include "participations.h"

#define RESULT_DAYS 28

/* Who met a participant, when: the agenda of that day is looked at once all were seen. */
struct meeting {
    uint64_t referent;
    int32_t day;
};
struct checked {
    uint64_t stream;
    int64_t draw, late;
    int64_t eligibility, entry_data, contract, signatures, agenda, steps, exit, result;    /* control_finding; ABSENT nothing to check */
    uint32_t meetings_from, meetings_until;
};
struct checking {
    struct checked *files;
    struct meeting *meetings, *slots;       /* of participants; of agendas */
    uint32_t n, room, meeting_count, meeting_room, slot_count, slot_room;
};

#define ADD(arena, list, count, list_room, ...) \
    do { \
        void *at = (list); \
        vector_room(arena, &(count), &(list_room), &at, sizeof(*(list))); \
        (list) = at; \
        (list)[(count)++] = (__VA_ARGS__); \
    } while (0)

/* Mixes all bits of both into 32 (the finaliser of splitmix64). */
static int64_t draw_of(uint64_t seed, uint64_t stream)
{
    uint64_t x = stream + (seed + 1) * 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return (int64_t)((x ^ x >> 31) >> 32);
}

static int64_t worst(int64_t a, int64_t b)
{
    return a == ABSENT || b > a ? b : a;
}

/* ---- one file ---- */
static bool holds(const struct evidence *x)
{
    return x->verdict >= 0;
}

static int32_t date_of(const struct evidence *x)
{
    return x->dated == DAY_NONE ? x->filed_on : x->dated;
}

static bool in_stay(const struct stay *stay, int32_t day)
{
    return day > stay->after && day <= stay->until;
}

static bool check_names(const struct dossier *d, const struct stay *stay, uint64_t piece)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->standing[i]->kind->number == KIND_eligibility_checked && in_stay(stay, d->standing[i]->on) &&
            ((const struct eligibility_checked *)d->standing[i]->data)->evidence == (int64_t)piece)
            return true;
    return false;
}

/* What pieces say of an entry of that parcours: one that a check of it names, or of that kind and filed since it began. */
static int64_t pieces_found(const struct dossier *d, const struct stay *stay, int32_t entry, const struct evidence *pieces, uint32_t n)
{
    int64_t found = control_finding_missing;
    for (uint32_t i = 0; i < n; i++) {
        const struct evidence *x = &pieces[i];
        bool filed = x->kind == evidence_kind_eligibility && x->filed_on > stay->after;
        if (!holds(x) || (!filed && !check_names(d, stay, x->seq)))
            continue;
        if (date_of(x) <= entry)
            return control_finding_ok;
        if (in_stay(stay, x->filed_on))     /* filed later, for another entry: it says nothing of this one */
            found = control_finding_outside;
    }
    return found;
}

/* Dated on the day of the entry at the latest. */
static int64_t eligibility_found(const struct dossier *d, const struct stay *stay, int32_t entry)
{
    int64_t now = pieces_found(d, stay, entry, d->p->evidence.at, d->p->evidence.n);
    int64_t before = pieces_found(d, stay, entry, d->p->earlier_evidence.at, d->p->earlier_evidence.n);
    return now < before ? now : before;
}

static int64_t contract_found(const struct dossier *d, const struct stay *stay)
{
    for (uint32_t i = 0; i < d->count; i++)
        if (d->standing[i]->kind->number == KIND_contract_signed && in_stay(stay, d->standing[i]->on))
            return control_finding_ok;
    return control_finding_missing;
}

static void check_entry(const struct dossier *d, struct checked *c, int32_t entry)
{
    struct stay stay = dossier_stay(d, entry);
    c->eligibility = worst(c->eligibility, eligibility_found(d, &stay, entry));
    c->contract = worst(c->contract, contract_found(d, &stay));
}

/* The entry in the operation; and that of the parcours, when the person came back in another: each has its own pieces. */
static void check_entries(const struct dossier *d, struct checked *c, const struct participation *x)
{
    if (x)
        check_entry(d, c, x->joined_on);
    if (d->p->start_on != DAY_NONE && (!x || dossier_stay(d, x->joined_on).number != d->p->number))
        check_entry(d, c, d->p->start_on);
}

static int64_t entry_data_found(const struct participation *x)
{
    if (!x)
        return ABSENT;
    if (x->outside)
        return control_finding_outside;
    if (!participation_declarable(x))
        return control_finding_missing;
    return x->complete_on <= x->joined_on ? control_finding_ok : control_finding_outside;
}

#define STEP_PIECES (1ll << evidence_kind_attendance_sheet | 1ll << evidence_kind_training_entry | 1ll << evidence_kind_training_certificate | \
                     1ll << evidence_kind_diploma | 1ll << evidence_kind_review | 1ll << evidence_kind_follow_up_record)

static int latest_first(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x < y) - (x > y);
}

/* Each step of the period has a piece of its own, dated since it started: the one that started last takes the last one. */
static int64_t steps_found(const struct dossier *d)
{
    int32_t *starts = ARENA_ARRAY(d->arena, int32_t, d->p->steps.n + 1), *dates = ARENA_ARRAY(d->arena, int32_t, d->p->evidence.n + 1);
    uint32_t steps = 0, pieces = 0;
    for (uint32_t i = 0; i < d->p->steps.n; i++)
        if (d->p->steps.at[i].started_on != DAY_NONE && dossier_within(d, d->p->steps.at[i].ended_on))
            starts[steps++] = d->p->steps.at[i].started_on;
    for (uint32_t i = 0; i < d->p->evidence.n; i++)
        if (holds(&d->p->evidence.at[i]) && STEP_PIECES >> d->p->evidence.at[i].kind & 1)
            dates[pieces++] = date_of(&d->p->evidence.at[i]);
    qsort(starts, steps, sizeof(*starts), latest_first);
    qsort(dates, pieces, sizeof(*dates), latest_first);
    for (uint32_t i = 0; i < steps; i++)
        if (i >= pieces || dates[i] < starts[i])
            return control_finding_missing;
    return steps ? control_finding_ok : ABSENT;
}

/* What a piece says of the day: its period, else its month, else that what it attests was so already. */
static bool covers(const struct evidence *x, int32_t day)
{
    if (x->covers_from != DAY_NONE || x->covers_until != DAY_NONE)
        return x->covers_from != DAY_NONE && x->covers_from <= day && (x->covers_until == DAY_NONE || day <= x->covers_until);
    return x->month != DAY_NONE ? x->month == month_index(day) : date_of(x) <= day;
}

static int64_t exit_found(const struct dossier *d)
{
    const struct parcours *p = d->later;
    int64_t found = control_finding_missing;
    if (!dossier_within(d, d->p->exited_on) || d->p->exit_outcome != exit_outcome_positive || p->number != d->p->number)
        return ABSENT;
    for (uint32_t i = 0; i < p->evidence.n; i++) {
        if (!holds(&p->evidence.at[i]) || !evidence_of_this_exit(d->p, &p->evidence.at[i]))
            continue;
        if (covers(&p->evidence.at[i], d->p->effective_on))
            return control_finding_ok;
        found = control_finding_outside;
    }
    return found;
}

/* Known within four weeks of the exit; nothing is missing before they are over. */
static int64_t result_found(const struct dossier *d)
{
    int32_t until = d->p->effective_on + RESULT_DAYS;
    if (!dossier_within(d, d->p->exited_on))
        return ABSENT;
    for (uint32_t i = 0; i < d->count_later; i++) {
        const struct event *e = d->standing[i];
        if (e->kind->number == KIND_situation_recorded && e->on >= d->p->effective_on &&
            ((const struct situation_recorded *)e->data)->point == situation_point_four_weeks)
            return e->on <= until ? control_finding_ok : control_finding_outside;
    }
    return until < d->end ? control_finding_missing : ABSENT;
}

static int64_t late_count(const struct dossier *d)
{
    int64_t n = 0;
    for (uint32_t i = 0; i < d->count; i++)
        for (uint32_t k = 0; dossier_within(d, d->standing[i]->on) && k < d->p->marks.n; k++)
            n += d->p->marks.at[k].rule == RULE_recording_delay && d->p->marks.at[k].seq == d->standing[i]->seq;
    return n;
}

/* Signatures of the period; meetings are kept for the agendas. */
static void check_meetings(struct reporting *r, const struct dossier *d, struct checked *c)
{
    struct checking *all = r->checking;
    c->meetings_from = all->meeting_count;
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        struct signing s = event_signing(e);
        if (!s.asked || !dossier_within(d, e->on))
            continue;
        c->signatures = worst(c->signatures, dossier_signed(d, i) ? control_finding_ok : control_finding_missing);
        int64_t referent = e->performed_by != ABSENT ? e->performed_by : dossier_referent(d, e->on);
        if (s.channel >= 0)
            ADD(r->arena, all->meetings, all->meeting_count, all->meeting_room, (struct meeting){ (uint64_t)referent, e->on });
    }
    c->meetings_until = all->meeting_count;
}

/* ---- which files ---- */
/* The participation that is controlled: in the operation asked for, else the last one of the period that was entered. */
static const struct participation *participation_of(const struct reporting *r, const struct dossier *d)
{
    const struct participation *last = NULL;
    int64_t operation = report_stream(r, PARAMETER_operation);
    for (uint32_t i = 0; i < d->p->participations.n; i++) {
        const struct participation *x = &d->p->participations.at[i];
        bool asked = operation == ABSENT || operation == (int64_t)x->operation;
        bool there = x->left_on == DAY_NONE || x->left_on >= d->period.from;
        if (asked && there && (!last || participation_entered(x)))
            last = x;
    }
    return last;
}

static bool of_the_population(const struct reporting *r, const struct dossier *d, const struct participation *x)
{
    int64_t referent = report_stream(r, PARAMETER_referent);
    int32_t left_on = parcours_left_on(d->p);
    if (referent != ABSENT && referent != d->p->referent)
        return false;
    if (report_stream(r, PARAMETER_operation) != ABSENT)
        return x != NULL;
    return d->p->start_on != DAY_NONE && (left_on == DAY_NONE || left_on >= d->period.from);
}

static void check_file(struct reporting *r, const struct dossier *d)
{
    const struct participation *x = participation_of(r, d);
    int64_t seed = r->asked.number[PARAMETER_seed];
    if (d->count == 0 || !of_the_population(r, d, x))
        return;
    struct checked c = { .stream = d->stream, .draw = draw_of(seed == ABSENT ? 0 : (uint64_t)seed, d->stream), .late = late_count(d),
                         .eligibility = ABSENT, .entry_data = entry_data_found(x), .contract = ABSENT,
                         .signatures = ABSENT, .agenda = ABSENT, .steps = steps_found(d), .exit = exit_found(d), .result = result_found(d) };
    check_entries(d, &c, x);
    check_meetings(r, d, &c);
    ADD(r->arena, r->checking->files, r->checking->n, r->checking->room, c);
}

static void learn_agenda(struct reporting *r, const struct dossier *d)
{
    struct checking *all = r->checking;
    for (uint32_t i = 0; i < d->count_later; i++)
        if (d->standing[i]->kind->number == KIND_agenda_recorded) {
            int32_t day = (int32_t)((const struct agenda_recorded *)d->standing[i]->data)->day;
            ADD(r->arena, all->slots, all->slot_count, all->slot_room, (struct meeting){ d->stream, day });
        }
}

/* ---- once all were seen ---- */
static int by_day(const void *a, const void *b)
{
    const struct meeting *x = a, *y = b;
    if (x->referent != y->referent)
        return x->referent < y->referent ? -1 : 1;
    return (x->day > y->day) - (x->day < y->day);
}

static int by_draw(const void *a, const void *b)
{
    const struct checked *x = a, *y = b;
    if (x->draw != y->draw)
        return x->draw < y->draw ? -1 : 1;
    return (x->stream > y->stream) - (x->stream < y->stream);
}

static int by_stream(const void *a, const void *b)
{
    const struct checked *x = a, *y = b;
    return (x->stream > y->stream) - (x->stream < y->stream);
}

#define TO_DO_BYTES 256

/* "eligibility:missing,late:outside": the columns that are not in order, which cell_said puts into words. */
static void cell_to_do(struct reporting *r, const struct checked *c, const int64_t *findings)
{
    static const char *const columns[] = { "eligibility", "entry_data", "contract", "signatures", "agenda", "steps", "exit", "result", "late" };
    char text[TO_DO_BYTES] = "";
    size_t n = 0;
    for (unsigned i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        int64_t finding = i < 8 ? findings[i] : c->late ? control_finding_outside : ABSENT;
        if (finding > control_finding_ok)
            n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s:%s", n ? "," : "", columns[i], word_name(VOCABULARY_control_finding, finding));
    }
    cell_text(r, n ? text_of(text) : (struct text){ NULL, 0 });
}

static void put_file(struct reporting *r, const struct checked *c)
{
    int64_t findings[] = { c->eligibility, c->entry_data, c->contract, c->signatures, c->agenda, c->steps, c->exit, c->result };
    int64_t verdict = c->late ? control_finding_outside : control_finding_ok;
    cell_id(r, (int64_t)c->stream);
    cell_number(r, c->draw);
    for (unsigned i = 0; i < sizeof(findings) / sizeof(findings[0]); i++) {
        cell_word(r, findings[i]);
        verdict = worst(verdict, findings[i]);
    }
    cell_number(r, c->late);
    cell_word(r, verdict);
    cell_to_do(r, c, findings);
    report_count(r, TOTAL_control_drawn, true);
    report_count(r, TOTAL_control_in_order, verdict == control_finding_ok);
}

static void control_end(struct reporting *r)
{
    struct checking *all = r->checking;
    int64_t size = r->asked.number[PARAMETER_size];
    r->totals[TOTAL_control_population] = all->n;
    if (all->n)
        qsort(all->files, all->n, sizeof(*all->files), by_draw);
    if (size != ABSENT && size < all->n)
        all->n = (uint32_t)size;
    if (all->n)
        qsort(all->files, all->n, sizeof(*all->files), by_stream);
    if (all->slot_count)
        qsort(all->slots, all->slot_count, sizeof(*all->slots), by_day);
    for (uint32_t i = 0; i < all->n; i++) {
        struct checked *c = &all->files[i];
        for (uint32_t k = c->meetings_from; k < c->meetings_until; k++) {
            bool there = all->slot_count && bsearch(&all->meetings[k], all->slots, all->slot_count, sizeof(*all->slots), by_day);
            c->agenda = worst(c->agenda, there ? control_finding_ok : control_finding_missing);
        }
        put_file(r, c);
    }
}

void report_control(struct reporting *r, const struct dossier *d)
{
    if (!r->checking) {
        r->checking = ARENA_ARRAY(r->arena, struct checking, 1);
        *r->checking = (struct checking){ .n = 0 };
        r->end = control_end;
    }
    if (d->type == STREAM_participant)
        check_file(r, d);
    else
        learn_agenda(r, d);
}
