/* The text of a mail, as it is handed to a server: headers and two parts, text/plain and text/html (RFC 5322, 2045 to 2047). Pure: the same
 * struct gives the same bytes, so an attempt that is repeated sends what the first one sent, and the log holds its hash. */
#ifndef DAEMON_OUT_MAIL_H
#define DAEMON_OUT_MAIL_H

#include "../written.h"

struct mail {
    struct text from_name;      /* what a reader sees; absent: the address alone */
    struct text from, to;       /* addresses, checked by whoever took them: ASCII, no blank, no end of line */
    struct text subject;        /* UTF-8; whatever it holds, it is one header */
    struct text message_id;     /* without < and >; printable ASCII without blanks */
    int64_t date_ms;            /* of what the mail is about, not of this attempt */
    struct text plain, html;    /* UTF-8; their lines end with LF */
};

/* Lines end with CRLF and are at most 76 characters long. Lines of one dot are the business of who sends (curl doubles it). */
void mail_write(struct written *, const struct mail *);

#endif
