#include "names.h"

#include "../events/failure.h"
#include "../projections/folds.h"
#include "answers.h"
#include "service.h"
#include "written.h"

void names_begin(struct names *n, struct call *call)
{
    *n = (struct names){ .call = call };
    arena_init(&n->scratch, REQUEST_ARENA_BYTES);
}

void names_end(struct names *n)
{
    arena_free(&n->scratch);
}

/* As they were told last, by the orientation or since. */
static void read_names(const struct event *e, struct text *first, struct text *name)
{
    const struct participant_oriented *o = e->kind->number == KIND_participant_oriented ? e->data : NULL;
    const struct profile_recorded *p = e->kind->number == KIND_profile_recorded ? e->data : NULL;
    if ((o && o->first_name.at) || (p && p->first_name.at))
        *first = o ? o->first_name : p->first_name;
    if ((o && o->name.at) || (p && p->name.at))
        *name = o ? o->name : p->name;
}

/* What somebody typed makes no lines of its own in a mail. */
static struct text one_line(struct text t)
{
    char *at = (char *)(uintptr_t)t.at;
    for (uint32_t i = 0; i < t.bytes; i++)
        if (at[i] == '\n' || at[i] == '\t')
            at[i] = ' ';
    return t;
}

static struct text open_names(struct names *n, uint64_t participant)
{
    struct call *call = n->call;
    struct key key;
    const struct event **events, **standing;
    uint32_t count;
    struct text first = { NULL, 0 }, name = { NULL, 0 };
    arena_reset(&n->scratch);
    if (vault_key(desk_vault(call->service->desk), participant, &key) != 0 ||
        stream_events(&n->scratch, call->log, call->views, participant, &key, &events, &count) != 0) {
        failure_forget();
        return (struct text){ NULL, 0 };
    }
    count = events_until(events, count, call->position.seq);
    count = parcours_standing(&n->scratch, events, count, INT32_MAX, INT64_MAX, &standing);
    for (uint32_t i = 0; i < count; i++)
        read_names(standing[i], &first, &name);
    if (!first.bytes && !name.bytes)
        return (struct text){ NULL, 0 };
    uint32_t initial = name.bytes ? character_bytes(name, 0) : 0;
    return one_line(arena_print(call->arena, "%.*s%s%.*s%s", TEXT_ARGS(first), first.bytes && initial ? " " : "", (int)initial, name.at ? name.at : "", initial ? "." : ""));
}

struct text names_said(void *names, uint64_t participant)
{
    struct names *n = names;
    uint32_t low = 0, high = n->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (n->at[middle].participant < participant)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < n->n && n->at[low].participant == participant)
        return n->at[low].said;
    struct text said = open_names(n, participant);
    void *at = n->at;
    vector_room(n->call->arena, &n->n, &n->room, &at, sizeof(*n->at));
    n->at = at;
    memmove(&n->at[low + 1], &n->at[low], (n->n - low) * sizeof(*n->at));
    n->at[low] = (struct said_name){ participant, said };
    n->n++;
    return said;
}
