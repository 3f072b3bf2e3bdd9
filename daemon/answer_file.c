/* GET /v1/participants/{participant}/file: the dossier unique of the parcours, as it stands on a day: every piece filed, those
 * that the rulebook of the day requires and that are missing, and whether it is complete and archived. */
#include "../events/file.h"
#include "answers.h"

/* The sealed fields of the filing: where the document is, and its label. */
static const struct evidence_filed *filing_of(const struct event *const *events, uint32_t count, uint64_t seq)
{
    for (uint32_t i = 0; i < count; i++)
        if (events[i]->seq == seq && events[i]->kind->number == KIND_evidence_filed)
            return events[i]->data;
    return NULL;
}

static const char *verdict_name(int8_t verdict)
{
    return verdict < 0 ? "rejected" : verdict > 0 ? "accepted" : "filed";
}

static void put_filed(struct json_out *out, const struct evidence *e, const struct evidence_filed *filing)
{
    json_key(out, "evidence"), json_seq(out, e->seq);
    json_key(out, "filed"), json_day(out, e->filed_on);
    json_key(out, "verdict"), json_string(out, verdict_name(e->verdict));
    json_key(out, "dated"), json_day(out, e->dated);
    json_key(out, "covers_from"), json_day(out, e->covers_from);
    json_key(out, "covers_until"), json_day(out, e->covers_until);
    json_key(out, "valid_until"), json_day(out, e->valid_until);
    json_key(out, "document"), json_text(out, filing ? filing->document : (struct text){ NULL, 0 });
    json_key(out, "label"), json_text(out, filing ? filing->label : (struct text){ NULL, 0 });
}

static void put_piece(struct call *call, const struct piece *x, const struct event *const *events, uint32_t count)
{
    struct json_out *out = call->out;
    json_open(out);
    json_key(out, "piece"), json_word(out, VOCABULARY_evidence_kind, x->kind);
    json_key(out, "sentence"), json_string(out, word_sentence(VOCABULARY_evidence_kind, x->kind, call->french));
    json_key(out, "required"), json_bool(out, x->required);
    json_key(out, "state"), json_word(out, VOCABULARY_piece_state, x->state);
    if (x->at)
        put_filed(out, x->at, filing_of(events, count, x->at->seq));
    json_close(out);
}

static void put_counts(struct json_out *out, const struct piece *pieces, uint32_t n)
{
    json_open(out);
    for (unsigned state = 0; state < vocabulary_count(VOCABULARY_piece_state); state++) {
        int64_t count = 0;
        for (uint32_t i = 0; i < n; i++)
            count += pieces[i].state == (int16_t)state;
        json_key(out, word_name(VOCABULARY_piece_state, state)), json_number(out, count);
    }
    json_close(out);
}

static void put_file(struct call *call, const struct parcours *p, int32_t on, const struct event *const *events, uint32_t count)
{
    struct json_out *out = call->out;
    const struct rulebook *book = rulebook_on(call->books, on, UINT64_MAX);
    int64_t required = book ? file_required(book) : 0;
    struct piece *pieces = ARENA_ARRAY(call->arena, struct piece, file_pieces_max(p));
    uint32_t n = file_pieces(p, required, on, pieces);
    json_open(out);
    json_key(out, "participant"), json_id(out, STREAM_participant, call->stream);
    json_key(out, "on"), json_day(out, on);
    json_key(out, "rulebook"), json_text(out, book ? book->name : (struct text){ NULL, 0 });
    json_key(out, "complete"), json_bool(out, file_is_complete(p, required, on));
    json_key(out, "archived"), json_day(out, p->archived_on);
    json_key(out, "counts"), put_counts(out, pieces, n);
    json_key(out, "pieces"), json_open_list(out);
    for (uint32_t i = 0; i < n; i++)
        put_piece(call, &pieces[i], events, count);
    json_close_list(out);
    json_close(out);
}

void answer_file(struct call *call)
{
    struct moment m;
    const struct parcours *p;
    const struct event *const *events;
    uint32_t count;
    if (!call_moment(call, &m))
        return;
    int32_t on = m.as_of == INT32_MAX ? call->today : m.as_of;
    if (!call_day(call, "on", &on) || !call_look(call) || !(p = call_fold(call, call->stream, m.as_of, m.known_at, true, &events, &count)))
        return;
    put_file(call, p, on, events, count);
}
