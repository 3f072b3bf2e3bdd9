/* The figures kept summed (projections/filed.h), of the service: filled after the start by a thread that has time, and brought up to date
 * by it: when somebody asks, or a while after a commit, so that a file that is written often is looked at once.
 *
 * An answer is of one position of the log, and so are the sums when they give it: the thread takes them there, and no farther while
 * somebody asks. An adoption of a rulebook begins anew. Sums larger than the setting filed-mib are dropped: figures are then counted
 * from the dossiers, as those that are not kept summed are. */
#ifndef DAEMON_FILING_H
#define DAEMON_FILING_H

#include "../projections/filed.h"
#include "service.h"

struct filing;

int filing_start(struct service *, size_t bytes_max, struct filing **ret);
void filing_stop(struct filing *);
void filing_wake(struct filing *);              /* after a commit */
void filing_json(struct filing *, struct json_out *);       /* {"state": "filling"|"ready"|"too_large", "position", "answers": so many} */

enum filing_answered {
    FILING_answered,
    FILING_later,       /* they are beyond that position already: look anew, and ask again */
    FILING_not,         /* not filled yet, too large, or nobody waits any more */
};
/* From a worker: fills what figures_begin began, as of `position` exactly; waits for it as long as `waits` says so. */
enum filing_answered filing_answer(struct filing *, uint64_t position, struct measuring *, bool (*waits)(void *), void *context);

#endif
