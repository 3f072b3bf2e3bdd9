/* Answers to commands, once the writer has decided. */
#ifndef DAEMON_COMMANDS_H
#define DAEMON_COMMANDS_H

#include "writer.h"

void commands_deliver(struct loop *, struct ticket *);      /* answers and gives the ticket back */
void commands_marks_json(struct json_out *, const struct outcome *);    /* "marks" of the event just accepted, when it has any */

#endif
