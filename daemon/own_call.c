#include "own_call.h"

#include "../events/failure.h"
#include "service.h"

void own_call_init(struct own_call *o, struct service *s)
{
    *o = (struct own_call){ .call.service = s };
    arena_init(&o->arena, REQUEST_ARENA_BYTES);
    json_out_init(&o->out, ANSWER_BYTES_MAX);
}

struct call *own_call_begin(struct own_call *o, bool french)
{
    struct service *s = o->call.service;
    arena_reset(&o->arena);
    json_out_reset(&o->out);
    o->call = (struct call){ .service = s, .arena = &o->arena, .out = &o->out, .french = french, .now_ms = service_now_ms(), .today = service_today(s) };
    return &o->call;
}

void own_call_end(struct own_call *o)
{
    call_look_end(&o->call);
    failure_forget();
}

void own_call_free(struct own_call *o)
{
    arena_free(&o->arena);
    json_out_free(&o->out);
}
