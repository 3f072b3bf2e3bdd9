/* Reports of the committees: what was decided, what awaits a decision, the sessions and their minutes. */
#include "reports.h"

#include <stdio.h>

#include "../events/parcours.h"

#define LIST_BYTES 1024

/* Words one after the other, separated by commas. */
struct list {
    char at[LIST_BYTES];
    size_t bytes;
};

static void list_add(struct list *l, const char *word)
{
    int n = snprintf(l->at + l->bytes, LIST_BYTES - l->bytes, "%s%s", l->bytes ? "," : "", word);
    if (n > 0 && l->bytes + (size_t)n < LIST_BYTES)
        l->bytes += (size_t)n;
}

static void cell_list(struct reporting *r, const struct list *l)
{
    cell_text(r, l->bytes ? (struct text){ l->at, (uint32_t)l->bytes } : (struct text){ NULL, 0 });
}

static bool asked_for(const struct reporting *r, int64_t session)
{
    int64_t asked = report_stream(r, PARAMETER_session);
    return asked == ABSENT ? session != ABSENT : session == asked;
}

/* ---- what was decided ---- */
struct decision {
    int64_t matter;
    const char *decision, *reason;
    struct text alternative;
};

static const char *word_or_none(unsigned vocabulary, int64_t word)
{
    return word == ABSENT ? NULL : word_name(vocabulary, word);
}

static bool decision_of(const struct event *e, struct decision *ret)
{
    static const struct text nothing = { NULL, 0 };
    const struct entry_decided *entry = e->data;
    const struct exit_decided *ending = e->data;
    switch (e->kind->number) {
    case KIND_entry_decided:
        *ret = (struct decision){ committee_matter_entry, word_name(VOCABULARY_entry_outcome, entry->outcome), NULL, entry->alternative };
        return true;
    case KIND_extension_decided:
        *ret = (struct decision){ committee_matter_extension, ((const struct extension_decided *)e->data)->granted == 1 ? "granted" : "refused", NULL, nothing };
        return true;
    case KIND_training_decided:
        *ret = (struct decision){ committee_matter_training,
                                  word_name(VOCABULARY_training_outcome, ((const struct training_decided *)e->data)->outcome), NULL, nothing };
        return true;
    case KIND_exit_decided:
        *ret = (struct decision){ committee_matter_exit, word_name(VOCABULARY_exit_outcome, ending->outcome),
                                  ending->criterion == ABSENT ? word_or_none(VOCABULARY_exit_reason, ending->reason)
                                                              : word_name(VOCABULARY_exit_criterion, ending->criterion), nothing };
        return true;
    }
    return false;
}

/* The session that an event names, and what was copied from there. */
static int64_t session_of(const struct event *e)
{
    for (unsigned i = 0; i < e->kind->field_count; i++)
        if (e->kind->fields[i].type == TYPE_STREAM && e->kind->fields[i].of == STREAM_session)
            return *field_number(&e->kind->fields[i], e->data);
    return ABSENT;
}

static int64_t members_of(const struct event *e)
{
    for (unsigned i = 0; i < e->kind->field_count; i++)
        if (e->kind->fields[i].presence == FILL_session_members)
            return *field_number(&e->kind->fields[i], e->data);
    return ABSENT;
}

static void cell_word_text(struct reporting *r, const char *word)
{
    cell_text(r, word ? text_of(word) : (struct text){ NULL, 0 });
}

static void put_decision(struct reporting *r, const struct dossier *d, const struct event *e, const struct decision *x)
{
    struct list waived = { .bytes = 0 };
    for (uint32_t i = 0; i < e->waiver_count; i++)
        list_add(&waived, rules[rule_named(e->waivers[i].rule)].name);
    cell_id(r, session_of(e));
    cell_day(r, e->on);
    cell_number(r, members_of(e));
    cell_id(r, (int64_t)d->stream);
    cell_word(r, x->matter);
    cell_word_text(r, x->decision);
    cell_word_text(r, x->reason);
    cell_text(r, x->alternative);
    cell_list(r, &waived);
}

/* What the sessions left: who was there, what was written. */
static void note_session(struct reporting *r, const struct dossier *d)
{
    for (uint32_t i = 0; i < d->count_later && asked_for(r, (int64_t)d->stream); i++) {
        const struct event *e = d->standing[i];
        if (e->kind->number == KIND_session_held)
            report_note(r, d->type, d->stream, "Membres", "Members", ((const struct session_held *)e->data)->names);
        else if (e->kind->number == KIND_minutes_filed)
            report_note(r, d->type, d->stream, "Compte rendu", "Minutes", ((const struct minutes_filed *)e->data)->minutes);
    }
}

/* By day, then by session: a session's decisions are together. */
static int by_session(const struct cell *a, const struct cell *b)
{
    if (a[1].number != b[1].number)
        return a[1].number < b[1].number ? -1 : 1;
    return (a[0].number > b[0].number) - (a[0].number < b[0].number);
}

void report_session(struct reporting *r, const struct dossier *d)
{
    struct decision x;
    r->order = by_session;
    if (d->type == STREAM_session) {
        note_session(r, d);
        return;
    }
    for (uint32_t i = 0; i < d->count; i++)
        if (decision_of(d->standing[i], &x) && asked_for(r, session_of(d->standing[i])))
            put_decision(r, d, d->standing[i], &x);
}

/* ---- what awaits a decision ---- */
/* The rules that an agreement would break, whatever their mode; that the committee sits is taken for granted. */
static struct list broken_by(const struct dossier *d, uint16_t kind, void *data)
{
    struct list l = { .bytes = 0 };
    const struct rulebook *book = rulebook_on(d->books, d->end, UINT64_MAX);
    struct event e = { .kind = kind_of(kind), .stream = d->stream, .on = d->end, .recorded_on = d->end, .data = data };
    struct judgement j = parcours_judge(d->p, &e, book);
    for (int rule = 0; rule < RULES; rule++)
        if (rule_in(&j.broken, rule))
            list_add(&l, rules[rule].name);
    return l;
}

#define EVERYBODY 200

static struct list missing_for_entry(const struct dossier *d)
{
    struct entry_decided agreed;
    data_clear(kind_of(KIND_entry_decided), &agreed);
    agreed.outcome = entry_outcome_accepted;
    agreed.session_members = EVERYBODY;
    return broken_by(d, KIND_entry_decided, &agreed);
}

static struct list missing_for_extension(const struct dossier *d)
{
    struct extension_decided agreed;
    data_clear(kind_of(KIND_extension_decided), &agreed);
    agreed.granted = 1;
    agreed.session_members = EVERYBODY;
    return broken_by(d, KIND_extension_decided, &agreed);
}

static int64_t word_or_absent(int16_t word)
{
    return word < 0 ? ABSENT : word;
}

static struct list missing_for_exit(const struct dossier *d)
{
    struct exit_decided agreed;
    data_clear(kind_of(KIND_exit_decided), &agreed);
    agreed.outcome = word_or_absent(d->p->exit_outcome);
    agreed.criterion = word_or_absent(d->p->exit_criterion);
    agreed.reason = word_or_absent(d->p->exit_reason);
    agreed.case_by_case = 1;
    agreed.session_members = EVERYBODY;
    return broken_by(d, KIND_exit_decided, &agreed);
}

static void put_item(struct reporting *r, const struct dossier *d, const struct event *e, int64_t matter, struct list missing)
{
    if (!asked_for(r, session_of(e)))
        return;
    cell_id(r, session_of(e));
    cell_id(r, (int64_t)d->stream);
    cell_word(r, matter);
    cell_day(r, e->on);
    cell_list(r, &missing);
}

/* The last proposal of an entry, when it is the one that waits. */
static bool entry_waits(const struct dossier *d, uint32_t at)
{
    for (uint32_t i = at + 1; i < d->count; i++)
        if (d->standing[i]->kind->number == KIND_entry_proposed)
            return false;
    return d->p->state == STATE_proposed;
}

void report_agenda(struct reporting *r, const struct dossier *d)
{
    for (uint32_t i = 0; i < d->count; i++) {
        const struct event *e = d->standing[i];
        if (e->kind->number == KIND_entry_proposed && entry_waits(d, i))
            put_item(r, d, e, committee_matter_entry, missing_for_entry(d));
        else if (e->kind->number == KIND_extension_requested && d->p->extension_seq == e->seq)
            put_item(r, d, e, committee_matter_extension, missing_for_extension(d));
        else if (e->kind->number == KIND_exit_proposed && d->p->exit_proposed_seq == e->seq && d->p->state == STATE_exit_proposed)
            put_item(r, d, e, committee_matter_exit, missing_for_exit(d));
    }
}

/* ---- the sessions ---- */
void report_sessions(struct reporting *r, const struct dossier *d)
{
    int32_t held_on = DAY_NONE, filed_on = DAY_NONE;
    struct list roles = { .bytes = 0 };
    for (uint32_t i = 0; i < d->count_later; i++) {
        const struct event *e = d->standing[i];
        const struct session_held *held = e->data;
        if (e->kind->number == KIND_minutes_filed)
            filed_on = e->on;
        if (e->kind->number != KIND_session_held || held_on != DAY_NONE)
            continue;       /* told again, it does not count */
        held_on = e->on;
        for (unsigned word = 0; held->member_roles != ABSENT && word < vocabulary_count(VOCABULARY_member_role); word++)
            if (held->member_roles >> word & 1)
                list_add(&roles, word_name(VOCABULARY_member_role, word));
    }
    if (!dossier_within(d, held_on))
        return;
    cell_id(r, (int64_t)d->stream);
    cell_word(r, d->card->kind);
    cell_day(r, held_on);
    cell_number(r, d->card->members);
    cell_list(r, &roles);
    cell_day(r, filed_on);
}
