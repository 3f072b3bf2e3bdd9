/* Codes that have a form or a key of their own, and what a text and a slug are made of. Pure. */
#ifndef EVENTS_CHECKS_H
#define EVENTS_CHECKS_H

#include <stdbool.h>

#include "catalogue.h"

#define SLUG_PATTERN "^[A-Za-z0-9][A-Za-z0-9./_-]{0,39}$"

/* `ret_why` gets a sentence when the text does not pass, and is left alone otherwise. */
bool check_text(enum check, struct text, const char **ret_why);
/* The form as a regular expression, for schemas; NULL when there is none. A key is not in it. */
const char *check_pattern(enum check);

bool text_is_slug(struct text);
bool text_is_plain(struct text);    /* no control characters but new line and tab */

#endif
