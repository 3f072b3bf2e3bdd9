/* Where mails leave, and as whom: read and checked once, from the settings, before anything is served. The password is in a file of its own,
 * so that it is in no list of processes and in no environment. */
#ifndef DAEMON_MAIL_SERVER_H
#define DAEMON_MAIL_SERVER_H

#include <stdbool.h>

#define MAIL_PASSWORD_BYTES 256

struct settings;

struct mail_server {
    const char *url;        /* smtp://HOST:PORT or smtps://HOST:PORT; NULL: no mail leaves */
    const char *from;       /* the sender's address */
    const char *user;       /* NULL: nobody is asked to say who they are; the password is "" then */
    char password[MAIL_PASSWORD_BYTES];
    bool tls_required;      /* STARTTLS or nothing; smtps needs none, nor this very machine when no password would travel */
};

/* 0; or an exit status, after a sentence on standard error. */
int mail_server_read(const struct settings *, struct mail_server *ret);

#endif
