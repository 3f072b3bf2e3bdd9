/* A digest: what it says, and the mail that it is. When one is due, to whom it goes and what became of it is the deliveries' thread's
 * business (deliveries.h); here is what, from the alerts and the appointments of a day. Equal stores give equal bytes. */
#ifndef DAEMON_DIGEST_H
#define DAEMON_DIGEST_H

#include "call.h"
#include "subscription.h"

struct digest {
    struct text subject, plain, html;   /* UTF-8; lines end with LF */
    bool empty;                         /* there is nothing to say: it is sent only if the subscription wants it even so */
};

/* Of one day, an occurrence's: what a digest of that subscription says then. After call_look; in the call's arena, in the call's language.
 * False: the call is refused. Long. */
bool digest_of(struct call *, const struct subscription *, int32_t day, struct digest *ret);
/* The bytes to hand to the mail's server, in the call's arena: from the setting mail-from to the subscription's address, dated by the
 * occurrence (at_ms), under `message_id` (without < and >). Equal input, equal bytes: an attempt that is repeated sends the same. */
struct text digest_mail(struct call *, const struct subscription *, const struct digest *, struct text message_id, int64_t at_ms);

#endif
