/* Figures in JSON: their values, and what is behind them. Pure: each writes members of an object that is open. */
#ifndef DAEMON_FIGURE_JSON_H
#define DAEMON_FIGURE_JSON_H

#include "../projections/figures.h"
#include "answers.h"

void figure_amount_json(struct json_out *, const char *key, enum figure_unit, int64_t n);    /* hundredths of an hour as decimals */
void figure_value_json(struct json_out *, enum figure_unit, const struct tally *);            /* "value", "numerator", "denominator" */
/* The member of a dimension that is asked for: null where the group has none. */
void group_key_json(struct json_out *, const struct measuring *, const struct measured *, const struct group *, unsigned which);
/* "seq", "day", "numerator", "denominator", and its dimensions; of the first of the figures measured. */
void contribution_json(struct json_out *, const struct measuring *, const struct contribution *);
/* "target", of a group or (NULL) of the whole; returns it, ABSENT when there is none. */
int64_t figure_target_json(struct json_out *, const struct measuring *, const struct measured *, const struct group *);
/* "contributions" (those kept, each with the member of its stream), "count" of all, "next". `more` may add members to each; NULL. */
void contributions_json(struct json_out *, const struct measuring *, void (*more)(void *context, const struct contribution *), void *context);

#endif
