/* The participant's one file: what it holds, and what it lacks. */
#include "reports.h"

#include "../events/file.h"

static void put_piece(struct reporting *r, uint64_t participant, const struct piece *x)
{
    const struct evidence *e = x->at;
    cell_id(r, (int64_t)participant);
    cell_word(r, x->kind);
    cell_flag(r, x->required);
    cell_word(r, x->state);
    cell_day(r, e ? e->filed_on : DAY_NONE);
    cell_day(r, e ? e->dated : DAY_NONE);
    cell_day(r, e ? e->covers_from : DAY_NONE);
    cell_day(r, e ? e->covers_until : DAY_NONE);
    cell_day(r, e ? e->valid_until : DAY_NONE);
    cell_flag(r, e && e->verdict > 0);
    cell_event(r, e ? e->seq : 0);
}

/* Who is named, whatever their state; else who is accompanied on the day. */
static bool asked_for(const struct reporting *r, const struct dossier *d)
{
    int64_t participant = report_stream(r, PARAMETER_participant), referent = report_stream(r, PARAMETER_referent);
    if (participant != ABSENT)
        return participant == (int64_t)d->stream;
    return parcours_running(d->p) && (referent == ABSENT || referent == d->p->referent);
}

void report_file(struct reporting *r, const struct dossier *d)
{
    const struct rulebook *book = rulebook_on(d->books, d->end, UINT64_MAX);
    int64_t required = book ? file_required(book) : 0;
    if (!asked_for(r, d) || d->count == 0)
        return;
    struct piece *pieces = ARENA_ARRAY(d->arena, struct piece, file_pieces_max(d->p));
    uint32_t n = file_pieces(d->p, required, d->end, pieces);
    for (uint32_t i = 0; i < n; i++)
        put_piece(r, d->stream, &pieces[i]);
    report_count(r, TOTAL_file_files, true);
    report_count(r, TOTAL_file_complete, file_is_complete(d->p, required, d->end));
    report_count(r, TOTAL_file_archived, d->p->archived_on != DAY_NONE);
}
