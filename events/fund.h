/* What the European Social Fund asks of an entry: participation in an operation is not the parcours. */
#ifndef EVENTS_FUND_H
#define EVENTS_FUND_H

#include "parcours.h"

#define ITEM(word) (1ll << mandatory_##word)
/* Of the person; the other items are of an entry, and are told anew for each operation. */
#define PERSON_ITEMS (ITEM(birth) | ITEM(sex) | ITEM(commune))
/* Without one of these the participant cannot be declared (common indicators at entry, Regulation (EU) 2021/1057, Annex I).
 * The months of unemployment are not among them: the labour status says whether it is long. */
#define FUND_ITEMS (PERSON_ITEMS | ITEM(labour_status) | ITEM(education) | ITEM(disability) | ITEM(third_country) | \
                    ITEM(foreign_background) | ITEM(minority) | ITEM(homeless))

/* Whether the entry is one of that operation: it lasts long enough, and was running on the day. */
bool participation_entered(const struct participation *);
/* Set of the items that a participation still lacks; 0 once its entry data were complete. */
int64_t participation_lacks(const struct parcours *, const struct participation *);

#endif
