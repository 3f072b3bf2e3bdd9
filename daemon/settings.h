/* Settings: one table (settings.def) gives flags, environment, bounds, help. */
#ifndef DAEMON_SETTINGS_H
#define DAEMON_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "mail_server.h"

struct settings {
#define TEXT_SETTING(c_name, ...) const char *c_name;
#define NUMBER_SETTING(c_name, ...) int64_t c_name;
#include "settings.def"
#undef TEXT_SETTING
#undef NUMBER_SETTING
    bool check_only;        /* -n */
    char key_path[4096];    /* where `key` points, or the default */
    struct mail_server mail_server;
};

/* 0; or an exit status, after a message on standard error (64: usage), or -1: help was printed, exit 0. */
int settings_read(struct settings *, int argc, char **argv);

#endif
