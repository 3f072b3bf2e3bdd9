/* The roles that may record. Numbers go into the log with each event: append only. `daemon` is its own: no token has it.
 * ROLES(X): X(number, name) */
#ifndef EVENTS_ROLES_H
#define EVENTS_ROLES_H

#define ROLES(X)        \
    X(1, coordinator)   \
    X(2, officer)       \
    X(3, assistant)     \
    X(4, referent)      \
    X(5, prescriber)    \
    X(6, tool)          \
    X(7, controller)    \
    X(8, dpo)           \
    X(9, operator)      \
    X(10, daemon)

enum role {
#define X(number, name) ROLE_##name = number,
    ROLES(X)
#undef X
};

#define ROLES_HELD ROLE_daemon     /* a token may have the roles below this one */

const char *role_name(unsigned role);   /* NULL when there is none */

#endif
