/* GET /v1/deliveries/{delivery}/preview: what a digest would say, today or on a day. As JSON, or alone as text or as a page. Nothing is sent. */
#include <string.h>

#include "answers.h"
#include "digest.h"

static bool accepts(const struct call *call, const char *type)
{
    const struct text *accept = http_header(call->request, "accept");
    return accept && memmem(accept->at, accept->bytes, type, strlen(type));
}

void answer_preview(struct call *call)
{
    struct subscription s;
    struct digest d;
    struct json_out *out = call->out;
    int32_t on = call->today;
    if (!call_day(call, "on", &on) || !call_look(call))
        return;
    if (!call_has_stream(call, STREAM_delivery, call->stream) || !subscription_read(call, call->arena, call->stream, false, &s) || s.way != WAY_digest) {
        call_refuse(call, REFUSED_unknown, NULL, NULL);
        return;
    }
    call->french = !s.english;
    if (!digest_of(call, &s, on, &d))
        return;
    if (accepts(call, "text/html")) {
        call_send_looked(call, "text/html; charset=utf-8", d.html.at, d.html.bytes);
    } else if (accepts(call, "text/plain")) {
        call_send_looked(call, "text/plain; charset=utf-8", d.plain.at, d.plain.bytes);
    } else {
        json_open(out);
        json_key(out, "subject"), json_text(out, d.subject);
        json_key(out, "empty"), json_bool(out, d.empty);
        json_key(out, "text"), json_text(out, d.plain);
        json_key(out, "html"), json_text(out, d.html);
        json_close(out);
    }
}
