/* Views made anew on demand, and what comparing them with the old ones gave. */
#include "../events/failure.h"
#include "rebuild.h"
#include "workers.h"

static bool waits(void *context)
{
    struct call *call = context;
    return !task_cancelled(call->task) && !atomic_load(&call->service->draining);
}

static void put_tables(struct json_out *out, const struct comparison *c)
{
    json_open_list(out);
    for (unsigned i = 0; i < c->count; i++) {
        json_open(out);
        json_key(out, "table"), json_string(out, c->tables[i].table);
        json_key(out, "rows_before"), json_number(out, (int64_t)c->tables[i].before);
        json_key(out, "rows"), json_number(out, (int64_t)c->tables[i].after);
        json_key(out, "differ"), json_number(out, (int64_t)c->tables[i].differ);
        json_close(out);
    }
    json_close_list(out);
}

void answer_rebuild(struct call *call)
{
    struct rebuilt r;
    struct json_out *out = call->out;
    if (!rebuilder_run(call->service->rebuilder, waits, call, &r) || r.failure == FAIL_STOPPED) {
        call_refuse(call, REFUSED_busy, "stopping: the views are as they were", NULL);
        return;
    }
    if (r.failure) {
        call_refuse(call, r.failure == FAIL_FULL ? REFUSED_full : REFUSED_outcome, "the views are as they were", NULL);
        return;
    }
    json_open(out);
    json_key(out, "position"), json_number(out, (int64_t)r.position);
    json_key(out, "compared_at"), json_number(out, (int64_t)r.compared_at.seq);
    json_key(out, "same_rulebooks"), json_bool(out, r.comparison.rows_equal);
    json_key(out, "differ"), json_number(out, (int64_t)r.comparison.differ);
    json_key(out, "tables"), put_tables(out, &r.comparison);
    json_key(out, "took_ms"), json_number(out, r.took_ms);
    json_key(out, "paused_us"), json_number(out, r.paused_us);
    json_close(out);
}
