/* The list. A projection is one line here. */
#include <assert.h>

#include "portfolios.h"
#include "views.h"

const struct projection *const projections[] = {
    &portfolios,
    &states,
    &alerts,
    &late_alerts,
    &caseloads,
    &exits,
};
const unsigned projection_count = sizeof(projections) / sizeof(projections[0]);

unsigned projection_table(const struct projection *p)
{
    for (unsigned i = 0; i < projection_count; i++)
        if (projections[i] == p)
            return TABLES_FIXED + i;
    assert(false && "a projection that is not in the list");
    return 0;
}
