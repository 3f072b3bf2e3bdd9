#include "file.h"

int64_t file_required(const struct rulebook *b)
{
    return rule_applies(b, RULE_file_evidence) ? b->rule[RULE_file_evidence].value.at[0] : 0;
}

static int16_t state_of(const struct evidence *x, int32_t day)
{
    if (x->verdict < 0)
        return piece_state_rejected;
    return x->valid_until != DAY_NONE && x->valid_until < day ? piece_state_expired : piece_state_present;
}

uint32_t file_pieces_max(const struct parcours *p)
{
    return p->evidence.n + evidence_kind_words;
}

uint32_t file_pieces(const struct parcours *p, int64_t required, int32_t day, struct piece *ret)
{
    uint32_t n = 0;
    for (int16_t kind = 0; kind < evidence_kind_words; kind++) {
        bool wanted = required >> kind & 1, filed = false;
        for (uint32_t i = 0; i < p->evidence.n; i++) {
            const struct evidence *x = &p->evidence.at[i];
            if (x->kind != kind)
                continue;
            ret[n++] = (struct piece){ kind, wanted, state_of(x, day), x };
            filed = true;
        }
        if (wanted && !filed)
            ret[n++] = (struct piece){ kind, true, piece_state_missing, NULL };
    }
    return n;
}

int32_t file_holds_until(const struct parcours *p, int kind, uint64_t *ret_seq)
{
    int32_t until = DAY_NONE;       /* the smallest day there is */
    for (uint32_t i = 0; i < p->evidence.n; i++) {
        const struct evidence *x = &p->evidence.at[i];
        int32_t holds = x->valid_until == DAY_NONE ? INT32_MAX : x->valid_until;
        if (x->kind != kind || x->verdict < 0 || holds <= until)
            continue;
        until = holds;
        *ret_seq = x->seq;
    }
    return until;
}

bool file_is_complete(const struct parcours *p, int64_t required, int32_t day)
{
    uint64_t ignored;
    for (int kind = 0; kind < evidence_kind_words; kind++)
        if (required >> kind & 1 && file_holds_until(p, kind, &ignored) < day)
            return false;
    return true;
}
