/* What leaves this machine: HTTP posts and mails, by libcurl, many at once and none waited for: posts in the thread that begins them, each mail in one
 * of its own, which `done` never sees.
 *
 * Order of use, all from one thread but transfers_wake: transfers_start; then again and again transfers_begin for what is due and
 * transfers_wait, in which `done` is called for each that ended (it may begin another); transfers_stop.
 * Instants and waits here are real seconds: the other side lives by them. No redirect is followed, no proxy of the environment is
 * used, and of an answer nothing is kept but its status. */
#ifndef DAEMON_OUT_TRANSFER_H
#define DAEMON_OUT_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRANSFERS_MAX 16                /* under way at once */
#define TRANSFER_CONNECT_MS 5000
#define TRANSFER_POST_MS 15000          /* from the first byte to the last */
#define TRANSFER_MAIL_MS 60000          /* mail servers make strangers wait */
#define TRANSFER_ANSWER_BYTES_MAX 65536 /* then it is cut; the status counts all the same */
#define TRANSFER_RETRY_S_MAX 86400

enum transfer_end {
    TRANSFER_sent,              /* 2xx; 250 after the last line of a mail */
    TRANSFER_refused,           /* any other answer */
    TRANSFER_unreachable,       /* no such host, no connection, one that broke */
    TRANSFER_timeout,
    TRANSFER_tls,               /* no TLS where it must be, or a certificate that is not trusted */
    TRANSFER_authentication,    /* a mail's user or password */
    TRANSFER_address            /* a mail's sender or recipient; a URL that is none */
};

struct transfer_result {
    enum transfer_end end;
    int answered;               /* the last status, of HTTP or SMTP; 0 none came */
    int retry_after_s;          /* what Retry-After asked for; 0 nothing */
    char sentence[256];         /* libcurl's; "" when an answer came. In English, without any of the message */
};

enum transfer_kind { TRANSFER_post, TRANSFER_mail };

struct transfer {
    enum transfer_kind kind;
    const char *url;                    /* http, https; of a mail smtp, smtps */
    const char *const *headers;         /* of a post: whole lines */
    unsigned header_count;
    const void *body;                   /* of a mail: its whole text, lines ended by CRLF */
    size_t body_bytes;
    const char *from, *to;              /* of a mail: bare addresses */
    const char *user, *password;        /* of a mail; NULL none */
    bool tls_required;                  /* of a mail by smtp: STARTTLS or nothing. Otherwise none is asked for */
    const char *ca_file;                /* certificates to trust besides the system's; NULL */
    void (*done)(void *context, const struct transfer_result *);
    void *context;
};

struct transfers;

int transfers_start(struct transfers **ret);            /* FAIL_SYSTEM */
/* All that it points to is copied. At most TRANSFERS_MAX may be under way. */
void transfers_begin(struct transfers *, const struct transfer *);
unsigned transfers_under_way(const struct transfers *);
/* Goes on with those under way, until something moved, transfers_wake was called, or `ms` are over. */
void transfers_wait(struct transfers *, int ms);
void transfers_wake(struct transfers *);                /* from any thread */
void transfers_stop(struct transfers *);                /* what is under way is dropped, and its `done` not called */

#endif
