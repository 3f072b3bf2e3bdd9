/* Whether views on disk may be opened at all. They are written without sync, so what a power cut leaves may be torn in a way
 * that even opening would not survive. A small file beside them says which boot wrote them, which inode, and whether they
 * were closed clean: same boot (the process died, the machine did not) or clean, and the same file. */
#ifndef PROJECTIONS_VIEWS_TRUST_H
#define PROJECTIONS_VIEWS_TRUST_H

#include <stdbool.h>

struct trust {
    char directory[4000];   /* of the store */
};

void trust_init(struct trust *, const char *store_directory);
bool trust_holds(const struct trust *);
int trust_delete(const struct trust *);     /* the views, unopened */
int trust_delete_aside(const struct trust *);   /* views.aside, and its directory */
int trust_take_aside(const struct trust *);     /* views.aside becomes views, which are deleted */
int trust_open(const struct trust *);       /* writes "open", synced, before the first write */
void trust_close(const struct trust *);     /* writes "clean", synced, after the last */

#endif
