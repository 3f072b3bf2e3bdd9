/* The feed: every event in the order recorded, as one JSON answer, as JSON Lines, or as Server-Sent Events that stay open.
 * Followers belong to one loop and are served by it only. */
#ifndef DAEMON_FEED_H
#define DAEMON_FEED_H

struct loop;

/* New events were committed: followers who wait for them are served on the loop's next turn. On the loop's own thread. */
void feed_committed(struct loop *);
/* Ends every stream, when the process drains; those who follow connect again elsewhere or later. On the loop's own thread. */
void feed_end(struct loop *);

#endif
