/* Whether the process lives, and whether it serves. */
#include "deliveries.h"
#include "filing.h"
#include "rebuild.h"
#include "service.h"
#include "workers.h"
#include "writer.h"

void answer_healthz(struct call *c)
{
    json_open(c->out);
    json_key(c->out, "alive"), json_bool(c->out, true);
    json_close(c->out);
}

void answer_readyz(struct call *c)
{
    struct service *s = c->service;
    const char *clock;
    if (atomic_load(&s->draining) || atomic_load(&s->failure)) {
        call_refuse(c, REFUSED_busy, "stopping", NULL);
        return;
    }
    if (atomic_load(&s->read_only)) {
        call_refuse(c, REFUSED_full, NULL, NULL);
        return;
    }
    if ((clock = writer_clock(s->writer, c->arena, c->french)) != NULL) {
        call_refuse(c, REFUSED_clock, clock, NULL);
        return;
    }
    json_open(c->out);
    json_key(c->out, "ready"), json_bool(c->out, true);
    json_key(c->out, "position"), json_number(c->out, (int64_t)desk_position(s->desk));
    json_key(c->out, "waiting"), json_number(c->out, writer_waiting(s->writer));
    json_key(c->out, "long_waiting"), json_number(c->out, workers_waiting(s->workers));
    uint64_t pending = desk_rulebook_pending(s->desk);
    json_key(c->out, "rulebook_pending");     /* its event, while lists do not reflect it */
    if (pending)
        json_number(c->out, (int64_t)pending);
    else
        json_null(c->out);
    if (s->deliveries) {
        struct deliveries_count n = deliveries_count(s->deliveries);
        json_key(c->out, "deliveries");
        json_open(c->out);
        json_key(c->out, "subscriptions"), json_number(c->out, n.subscriptions);
        json_key(c->out, "waiting"), json_number(c->out, n.waiting);
        json_key(c->out, "failing"), json_number(c->out, n.failing);
        json_key(c->out, "stopped"), json_number(c->out, n.stopped);
        json_close(c->out);
    }
    json_key(c->out, "views_differed"), json_number(c->out, (int64_t)rebuilder_differed(s->rebuilder));
    json_key(c->out, "figures_summed"), filing_json(s->filing, c->out);
    json_key(c->out, "views_refilled"), json_bool(c->out, desk_refilled(s->desk));
    json_close(c->out);
}
