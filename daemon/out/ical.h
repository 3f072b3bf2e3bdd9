/* The text of a calendar (RFC 5545): lines of at most 75 bytes that cut no character, texts escaped, days and hours of Paris as such. Pure: the
 * same entries give the same bytes. Order of use: ical_begin; ical_entry...; ical_finish.
 *
 * A PLIE elsewhere has its hours told in UTC: we know the rules of one zone only. */
#ifndef DAEMON_OUT_ICAL_H
#define DAEMON_OUT_ICAL_H

#include "../written.h"

struct ical_entry {
    struct text uid;            /* the same as long as it is the same entry */
    uint64_t sequence;          /* grows with each change */
    int64_t changed_ms;         /* UTC, of the last one */
    int32_t day, minute;        /* minute of the day; -1: the whole day */
    int64_t begins_ms;          /* the same, UTC; read when the zone is not Paris and there is a minute */
    struct text summary;        /* UTF-8 */
    bool cancelled;
    bool leaves_free;           /* takes no time: a deadline */
};

void ical_begin(struct written *, struct text name, bool in_paris);
void ical_entry(struct written *, const struct ical_entry *, bool in_paris);
void ical_finish(struct written *);

#endif
