/* What must hold after every scenario, whatever it was about:
 * the chain of the records; each record read and written again; the states after closing and opening; every row of the views
 * after they were thrown away and filled again, and after they were made anew beside those that serve; each participant folded at once as they were folded step by step;
 * each copy from a session or an operation, which is what would be copied today; what explains why a figure is another
 * (play_difference.c); and the figures that are kept summed (play_filed.c). */
#include <inttypes.h>

#include "play.h"

/* ---- the records ---- */
struct reading_log {
    struct play *play;
    struct hash *leaves;        /* of each stream's last record */
    uint64_t *versions;
    uint64_t streams, seq;
    int64_t ms;
    struct recorder recorder;
};

static void check_links(struct reading_log *x, const struct record_header *h, struct text record)
{
    struct play *p = x->play;
    static const struct hash none;
    if (h->stream >= x->streams) {
        play_fail(p, "record %" PRIu64 ": its stream was never opened", h->seq);
        return;
    }
    const struct hash *prev = x->versions[h->stream] ? &x->leaves[h->stream] : &none;
    if (h->seq != x->seq + 1 || h->version != x->versions[h->stream] + 1 || h->recorded_ms < x->ms)
        play_fail(p, "record %" PRIu64 ": not the next one", h->seq);
    if (memcmp(&h->prev, prev, sizeof(*prev)) != 0 || memcmp(h->sid, p->desk->sid, SID_BYTES) != 0)
        play_fail(p, "record %" PRIu64 ": not chained to the one before", h->seq);
    if (!record_intact(record))
        play_fail(p, "record %" PRIu64 ": its content is not what its header commits to", h->seq);
    x->leaves[h->stream] = record_leaf(record);
    x->versions[h->stream] = h->version;
    x->seq = h->seq;
    x->ms = h->recorded_ms;
}

static struct text event_text(struct play *p, const struct event *e)
{
    struct json_out out;
    json_out_init(&out, RECORD_BYTES_MAX * 4);
    event_to_json(&out, e, play_type(p, e), true);
    struct text t = arena_text(&p->scratch, out.at, out.bytes);
    json_out_free(&out);
    return t;
}

/* Decoded, encoded and decoded again it says the same. The bytes differ by the nonce. */
static void check_round(struct reading_log *x, const struct record_header *h, struct text record)
{
    struct play *p = x->play;
    struct key key;
    struct event one, two;
    struct fingerprint f;
    struct hash leaf;
    struct text again;
    if (vault_key(p->desk->vault, h->stream, &key) != 0)
        return;     /* erased: nobody can write it again */
    bool good = record_read(&p->scratch, record, &key, &one, &f) &&
                record_write(&x->recorder, &one, &f, &h->prev, &key, &again, &leaf) == 0 && record_read(&p->scratch, again, &key, &two, NULL);
    if (!good || again.bytes != record.bytes || !text_equal(event_text(p, &one), event_text(p, &two)))
        play_fail(p, "record %" PRIu64 ": written again, it is another", h->seq);
}

static bool check_record(void *context, uint64_t seq, struct text record)
{
    struct reading_log *x = context;
    struct record_header h;
    if (!record_header(record, &h) || h.seq != seq) {
        play_fail(x->play, "record %" PRIu64 ": not a record", seq);
        return false;
    }
    check_links(x, &h, record);
    check_round(x, &h, record);
    return true;
}

static void check_log(struct play *p)
{
    struct reading_log x = { .play = p, .streams = p->desk->position.streams };
    x.leaves = ARENA_ARRAY(&p->scratch, struct hash, x.streams);
    x.versions = ARENA_ARRAY(&p->scratch, uint64_t, x.streams);
    recorder_init(&x.recorder, p->desk->sid);
    log_walk(p->desk->log_txn, 1, check_record, &x);
    recorder_free(&x.recorder);
}

static bool add_record(void *context, uint64_t seq, struct text record)
{
    struct json_out *out = context;
    struct hash h = record_leaf(record);
    json_number(out, (int64_t)seq);
    for (unsigned i = 0; i < HASH_BYTES; i++)
        json_number(out, h.at[i]);
    json_number(out, record.bytes);
    h = chain_hash(record.at, record.bytes);
    for (unsigned i = 0; i < HASH_BYTES; i++)
        json_number(out, h.at[i]);
    return true;
}

/* ---- what is remembered from before ---- */
struct remembered {
    struct text records, rows, folds;
};
#define REMEMBERED_BYTES_MAX (64u << 20)

static void add_hex(struct json_out *out, struct text t)
{
    char hex[1024];
    size_t n = 0;
    for (uint32_t i = 0; i < t.bytes && n + 3 < sizeof(hex); i++)
        n += (size_t)snprintf(hex + n, 3, "%02x", (uint8_t)t.at[i]);
    hex[n] = 0;
    json_string(out, hex);
}

static void add_rows(struct play *p, struct json_out *out)
{
    for (unsigned table = TABLE_STREAM_EVENTS; table < TABLES_FIXED + projection_count; table++) {
        struct text key, value;
        struct store_cursor *c = store_cursor(p->desk->views_txn, table);
        for (bool more = store_seek(c, (struct text){ "", 0 }, &key, &value); more; more = store_next(c, &key, &value)) {
            json_number(out, table);
            add_hex(out, key);
            add_hex(out, value);
            json_line(out);
        }
        store_cursor_close(c);
    }
}

static void add_folds(struct play *p, struct json_out *out)
{
    for (uint64_t stream = 1; stream < p->desk->position.streams; stream++) {
        const struct parcours *q = play_parcours(p, stream);
        if (q)
            json_text(out, fold_print(&p->scratch, q));
        json_line(out);
    }
}

static struct text remembered_text(struct play *p, struct json_out *out)
{
    if (json_out_failed(out))
        play_fail(p, "too much to compare");
    struct text t = arena_text(&p->scratch, out->at, json_out_failed(out) ? 0 : out->bytes);
    json_out_free(out);
    return t;
}

static struct remembered remember(struct play *p)
{
    struct remembered r;
    struct json_out out;
    play_ready(p);
    json_out_init(&out, REMEMBERED_BYTES_MAX);
    log_walk(p->desk->log_txn, 1, add_record, &out);
    r.records = remembered_text(p, &out);
    json_out_init(&out, REMEMBERED_BYTES_MAX);
    add_rows(p, &out);
    r.rows = remembered_text(p, &out);
    json_out_init(&out, REMEMBERED_BYTES_MAX);
    add_folds(p, &out);
    r.folds = remembered_text(p, &out);
    return r;
}

#define SHOWN_BEFORE 40

/* Where two texts part. */
static void check_same(struct play *p, const char *what, struct text before, struct text after)
{
    uint32_t i = 0;
    if (text_equal(before, after)) {
        p->passed++;
        return;
    }
    while (i < before.bytes && i < after.bytes && before.at[i] == after.at[i])
        i++;
    i = i > SHOWN_BEFORE ? i - SHOWN_BEFORE : 0;
    play_fail(p, "%s differ: `%.*s` and `%.*s`", what, before.bytes - i < 160 ? (int)(before.bytes - i) : 160, before.at + i,
              after.bytes - i < 160 ? (int)(after.bytes - i) : 160, after.at + i);
}

static void compare(struct play *p, const char *when, const struct remembered *before)
{
    char what[96];
    struct remembered after = remember(p);
    snprintf(what, sizeof(what), "%s, the records", when);
    check_same(p, what, before->records, after.records);
    snprintf(what, sizeof(what), "%s, the rows of the views", when);
    check_same(p, what, before->rows, after.rows);
    snprintf(what, sizeof(what), "%s, the folds", when);
    check_same(p, what, before->folds, after.folds);
}

static void reopen(struct play *p, const char *when, bool forget, const struct remembered *before)
{
    play_close(p);
    if (forget && !play_forget_views(p))
        play_fail(p, "the views could not be thrown away");
    if (!play_open(p) || !play_ready(p))
        return;
    if (desk_refilled(p->desk) != forget)
        play_fail(p, "%s, the views were %s", when, forget ? "not filled again" : "not trusted");
    compare(p, when, before);
}

/* Whatever was corrected: each copy is what the gate would make of the session or the operation as it stands. */
static void check_copies(struct play *p, uint64_t stream)
{
    uint32_t count, theirs;
    const struct event **events = play_events(p, stream, &count), **source;
    count = parcours_standing(&p->scratch, events, count, INT32_MAX, INT64_MAX, &events);
    for (uint32_t i = 0; i < count; i++) {
        enum stream_type type;
        void *data;
        int64_t named = copy_source(events[i], &type);
        if (named == ABSENT)
            continue;
        source = play_events(p, (uint64_t)named, &theirs);
        theirs = parcours_standing(&p->scratch, source, theirs, INT32_MAX, INT64_MAX, &source);
        if (copies_hold(&p->scratch, events[i], source, theirs, &data))
            p->passed++;
        else
            play_fail(p, "event %" PRIu64 " holds a copy that is another today", events[i]->seq);
    }
}

void play_check(struct play *p)
{
    arena_reset(&p->scratch);
    if (!play_rows(p))
        return;
    check_log(p);
    for (uint64_t stream = 1; stream < p->desk->position.streams; stream++)
        if (play_parcours(p, stream) && play_parcours(p, stream)->state != STATE_erased)
            check_copies(p, stream);
    play_check_differences(p);
    play_check_filed(p);
    arena_reset(&p->scratch);
    struct remembered before = remember(p);
    reopen(p, "after closing and opening", false, &before);
    reopen(p, "after the views were thrown away", true, &before);
    play_rebuild(p, false);
    compare(p, "after the views were made anew", &before);
}
