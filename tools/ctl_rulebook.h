/* What the verb `rulebook` shares between its parts: reading a rulebook and telling two apart (ctl_rulebook.c), saying a value
 * (ctl_rulebook_value.c), adopting one (ctl_adopt.c). */
#ifndef TOOLS_CTL_RULEBOOK_H
#define TOOLS_CTL_RULEBOOK_H

#include "../events/rulebook.h"
#include "ctl.h"

/* A shipped rulebook by its name, or a file; at == NULL when there is neither. In ctl.arena. */
struct text book_text(const char *name);
void book_list_shipped(FILE *);
/* Read and checked; NULL, having said every problem. */
struct rulebook *book_read(const char *name);
struct rulebook *book_read_text(const char *name, struct text json);

/* A line a rule that differs; how many. */
unsigned book_put_differences(const struct rulebook *, const struct rulebook *);

struct text rule_value_said(const struct rule *, const struct rulebook_rule *);
void rule_words_print(const struct rule *, const struct rulebook_rule *);   /* of a set, each word and what it means */

struct adopting {
    const char *from;       /* --from DAY */
    bool dry;
};
int rulebook_adopt(const struct adopting *, int argc, char **argv);
int rulebook_simulate(const struct adopting *, int argc, char **argv);

#endif
