/* remember, then: everything as remembered. Every participant's fold and every figure, as text: what was done in between and taken
 * back left nothing. The streams that opened since, and the versions, which only grow, are left out. */
#include "../events/days.h"
#include "play.h"

#define REMEMBERED_BYTES_MAX (16u << 20)

static void add_fold(struct play *p, struct json_out *out, uint64_t stream)
{
    const struct parcours *q = play_parcours(p, stream);
    if (!q)
        return;
    struct parcours *copy = arena_copy(&p->scratch, q, sizeof(*q));
    copy->version = 0;
    json_text(out, fold_print(&p->scratch, copy));
    json_line(out);
}

static void add_figures(struct play *p, struct json_out *out)
{
    struct figures_asked asked = { .period = { DAY_FIRST, p->remembered_on, INT32_MAX, INT64_MAX }, .referent = ABSENT };
    const struct measuring *m = play_measure(p, &asked);
    for (unsigned i = 0; m && i < m->count; i++) {
        json_string(out, m->at[i].figure->name);
        json_number(out, m->at[i].whole.numerator);
        json_number(out, m->at[i].whole.denominator);
        json_line(out);
    }
}

static struct text everything(struct play *p)
{
    struct json_out out;
    json_out_init(&out, REMEMBERED_BYTES_MAX);
    for (uint64_t stream = 1; play_ready(p) && stream < p->remembered_streams; stream++)
        add_fold(p, &out, stream);
    add_figures(p, &out);
    struct text t = arena_text(&p->arena, out.at, json_out_failed(&out) ? 0 : out.bytes);
    json_out_free(&out);
    return t;
}

void play_remember(struct play *p, const struct line *l)
{
    (void)l;
    if (!play_ready(p))
        return;
    p->remembered_on = p->today;
    p->remembered_streams = p->desk->position.streams;
    p->remembered = everything(p);
}

void play_remembered(struct play *p, const struct line *l)
{
    struct text now = everything(p);
    uint32_t i = 0;
    while (i < now.bytes && i < p->remembered.bytes && now.at[i] == p->remembered.at[i])
        i++;
    bool same = p->remembered.bytes && now.bytes == p->remembered.bytes && i == now.bytes;
    if (!same && text_is(l->wanted, "yes"))
        play_fail(p, "what was remembered differs: `%.*s`", now.bytes - i < 200 ? (int)(now.bytes - i) : 200, now.at + i);
    else
        play_expect(p, l->wanted, same ? "yes" : "no", true);
}
