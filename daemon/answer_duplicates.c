/* Candidates: files that may be of one person, with the features that agree and what each weighs; never a value. */
#include <stdlib.h>

#include "answers.h"
#include "duplicates.h"
#include "workers.h"

#define SHOWN 100
#define SHOWN_MAX 1000
#define PAIRS_MAX 100000        /* found before any is shown; then a higher `least` is asked for */

static bool waits(void *context)
{
    struct call *call = context;
    return !task_cancelled(call->task) && !atomic_load(&call->service->draining);
}

bool call_duplicates(struct call *call)
{
    if (duplicates_wait(call->service->duplicates, call->position.seq, waits, call))
        return true;
    call_refuse(call, REFUSED_busy, "what looks for duplicates is not there yet", NULL);
    return false;
}

static void put_features(struct json_out *out, const struct likeness *l, bool french)
{
    json_open_list(out);
    for (unsigned f = 0; f < FEATURES; f++) {
        json_open(out);
        json_key(out, "feature"), json_string(out, feature_name((enum feature)f));
        json_key(out, "agreement"), json_string(out, agreement_name(l->of[f].agreement));
        json_key(out, "weight"), json_number(out, l->of[f].weight);
        json_key(out, "feature_sentence"), json_string(out, feature_sentence((enum feature)f, french));
        json_key(out, "agreement_sentence"), json_string(out, agreement_sentence(l->of[f].agreement, french));
        json_close(out);
    }
    json_close_list(out);
}

static void put_candidate(struct call *call, const char *key, const struct candidate *c)
{
    struct json_out *out = call->out;
    json_key(out, key), json_id(out, STREAM_participant, c->stream);
    json_key(out, "score"), json_number(out, c->likeness.score);
    json_key(out, "features"), put_features(out, &c->likeness, call->french);
}

void answer_duplicates_of(struct call *call)
{
    int64_t least = LIKENESS_SHOWN;
    struct candidate *found;
    struct json_out *out = call->out;
    if (!call_number(call, "least", LIKENESS_SHOWN, 1000, &least) || !call_look(call) ||
        !call_fold(call, call->stream, INT32_MAX, INT64_MAX, false, NULL, NULL) || !call_duplicates(call))
        return;
    uint32_t n = duplicates_of(call->service->duplicates, call->arena, call->stream, (int)least, &found);
    json_open(out);
    json_key(out, "participant"), json_id(out, STREAM_participant, call->stream);
    json_key(out, "candidates"), json_open_list(out);
    for (uint32_t i = 0; i < n && i < SHOWN_MAX; i++) {
        json_open(out);
        put_candidate(call, "participant", &found[i]);
        json_close(out);
    }
    json_close_list(out);
    json_close(out);
}

static int likeliest_first(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    if (x->candidate.likeness.score != y->candidate.likeness.score)
        return y->candidate.likeness.score - x->candidate.likeness.score;
    if (x->stream != y->stream)
        return x->stream < y->stream ? -1 : 1;
    return (x->candidate.stream > y->candidate.stream) - (x->candidate.stream < y->candidate.stream);
}

void answer_duplicates(struct call *call)
{
    int64_t least = LIKENESS_SHOWN, limit = SHOWN;
    uint64_t next = 0;
    struct pairs pairs = { .n = 0 };
    struct json_out *out = call->out;
    bool more = true;
    if (!call_number(call, "least", LIKENESS_SHOWN, 1000, &least) || !call_number(call, "limit", 1, SHOWN_MAX, &limit) || !call_look(call) ||
        !call_duplicates(call))
        return;
    while (more && pairs.n < PAIRS_MAX) {
        if (!call_go_on(call))
            return;
        more = duplicates_pairs(call->service->duplicates, call->arena, (int)least, &next, &pairs);
    }
    if (pairs.n > 1)
        qsort(pairs.at, pairs.n, sizeof(*pairs.at), likeliest_first);
    json_open(out);
    json_key(out, "count"), json_number(out, pairs.n);
    json_key(out, "complete"), json_bool(out, !more);
    json_key(out, "duplicates"), json_open_list(out);
    for (uint32_t i = 0; i < pairs.n && i < limit; i++) {
        json_open(out);
        json_key(out, "participant"), json_id(out, STREAM_participant, pairs.at[i].stream);
        put_candidate(call, "other", &pairs.at[i].candidate);
        json_close(out);
    }
    json_close_list(out);
    json_close(out);
}
