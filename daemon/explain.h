/* What explanations share: the events behind an answer, and an alert of any stream, with what was said of it and whom it goes to. */
#ifndef DAEMON_EXPLAIN_H
#define DAEMON_EXPLAIN_H

#include "alerts.h"
#include "answers.h"

struct explaining {
    struct call *call;
    const struct parcours *p;       /* NULL: of a stream that is not a participant's */
    const struct event *const *events;
    uint32_t count;
    int32_t today;                  /* the day that is asked about */
    int64_t known_at;
};

/* {"event","on","kind","sentence"}; null for 0, and for what cannot be read. An event of another stream is read from the log. */
void explain_event(const struct explaining *, uint64_t seq);
/* An object; an alert that is counted since no day is not open, and has nothing behind it. */
void explain_alert(const struct explaining *, struct text of, const struct alert *, const struct heed *);
/* The whole answer about a figure of that name, of the period that the query asks for. Long: it walks over the dossiers. */
void explain_figure(struct call *, struct text name);
/* What follows the prefix of `of`; false: it has another. */
bool explained_cut(struct text of, const char *prefix, struct text *ret_rest);

#endif
