/* What of a participant goes into the calendar of who follows them: appointments, and the days by which something must be done. Pure:
 * the same events give the same entries, so nothing is kept of what a calendar said before.
 *
 * An entry that is over or off stays for a while, as cancelled: a calendar that only dropped it would leave it to each reader whether
 * it goes. Its `changed_seq` only grows, whatever is recorded, corrected or taken out: it is what RFC 5545 calls SEQUENCE.
 *
 * Order of use: calendar_begin; calendar_of for each participant; calendar_sort; read `at`. Days are civil days. */
#ifndef PROJECTIONS_CALENDAR_H
#define PROJECTIONS_CALENDAR_H

#include "../events/parcours.h"

/* Around the day asked. */
#define CALENDAR_DAYS_BACK 90
#define CALENDAR_DAYS_ON 365
#define CANCELLED_DAYS 60       /* what is off is told so long after it was recorded; a deadline, after it was settled */

enum entry_kind { ENTRY_appointment, ENTRY_deadline };

struct entry {
    enum entry_kind kind;
    uint64_t stream;            /* the participant */
    uint64_t seq;               /* of the event it comes from: an appointment's name; a deadline's cause */
    int32_t number;             /* of the parcours: with the rule a deadline's name */
    int32_t day;
    int32_t minute;             /* of the day; -1: the whole day, or nobody said */
    int16_t word;               /* channel of an appointment (-1 not told); enum rule_number of a deadline */
    bool cancelled;
    uint64_t changed_seq;       /* of the last event that touched it */
    int64_t changed_ms;         /* when that was recorded, UTC */
};

struct calendar {
    struct arena *arena;        /* the entries live there */
    int32_t today;
    uint64_t rulebook_seq;      /* the last one adopted, and when: a deadline may move with it */
    int64_t rulebook_ms;
    struct entry *at;
    uint32_t n, room;
};

void calendar_begin(struct calendar *, struct arena *, int32_t today);
/* From all events of a participant in seq order, those taken out and corrected among them, one at least; and from their fold as of now. Uses
 * the fold's arena for what it forgets. A deadline that is the coordinator's to meet is not told. */
void calendar_of(struct calendar *, const struct parcours *, const struct event *const *all, uint32_t count);
void calendar_sort(struct calendar *);      /* by day and hour */

#endif
