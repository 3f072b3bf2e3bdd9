/* What a digest says, in words and as a page: what a référent has to do on a day, or what the coordinator has to look at. Pure: what is
 * handed over decides every byte, so a mail that is sent again is the same mail.
 *
 * The subject says nothing of anybody. Participants go by their ids; `person` adds what the subscription allows to be told. */
#ifndef DAEMON_DIGEST_TOLD_H
#define DAEMON_DIGEST_TOLD_H

#include "../projections/alert.h"
#include "../projections/calendar.h"

#define DIGEST_LINES_MAX 200        /* of one section; the rest is counted */
#define DIGEST_BYTES_MAX (4u << 20)
#define DIGEST_DAYS_ON 7            /* how far deadlines to come are told */

struct digest_alert {
    struct alert is;
    uint64_t to;                    /* the référent it is routed to; NOBODY: the coordinator */
    bool escalated;                 /* the coordinator sees it as well */
};

struct digest_facts {
    struct arena *arena;            /* of what is made */
    bool french;
    uint64_t reader;                /* a référent; NOBODY: the coordinator */
    struct text delivery;           /* the subscription's id */
    int32_t day;                    /* that it is of */
    uint64_t position;              /* of the log */
    struct text plie;
    struct text mention, public_url;    /* at NULL: there is none */
    /* Those that stand, in the order of alert_compare: what is routed to the reader; everybody's for the coordinator. */
    const struct digest_alert *alerts;
    uint32_t count;
    const struct calendar *calendar;    /* of whom the reader follows, sorted; NULL: the coordinator has none */
    struct text (*person)(void *context, uint64_t participant);     /* stands after the id; NULL, or at NULL: nothing does */
    void *context;
};

/* One line of a section; cells that are empty in all lines of it are not shown. */
struct digest_line {
    struct text when, whom, what, note;
};
struct digest_section {
    struct text title;
    struct digest_line *at;
    uint32_t n, room;
    uint32_t left_out;              /* lines beyond DIGEST_LINES_MAX */
};
#define DIGEST_SECTIONS_MAX 4
struct digest_told {
    struct text subject;
    struct digest_section sections[DIGEST_SECTIONS_MAX];    /* none is empty */
    uint32_t count;                 /* 0: there is nothing to say */
    struct text heeded;             /* how many were seen or put off; at NULL: none */
    struct text plain, html;
};

/* All of it, in the digest's arena. False: it is longer than DIGEST_BYTES_MAX. */
bool digest_tell(const struct digest_facts *, struct digest_told *ret);

/* ---- between its two files ---- */
void digest_gather(const struct digest_facts *, struct digest_told *ret);     /* all but plain and html: digest_told.c */
bool digest_write(const struct digest_facts *, struct digest_told *);         /* these: digest_text.c */
/* "16 janvier", "1er février 2027": the year when it is not the digest's. */
struct text digest_date(const struct digest_facts *, int32_t day);

#endif
