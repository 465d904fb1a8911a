/* Conditions on texts that a record keeps as numbers, such as an event's activityType. Pure; any
 * thread. */
#ifndef MUSTER_GRAPH_ODATA_CHOICE_H
#define MUSTER_GRAPH_ODATA_CHOICE_H

#include "base/arena.h"
#include "domain/filter.h"
#include "graph/entity_type.h"

/* The condition, which is a comparison, a membership or a text function of the property: as it is
 * when the property is kept as a text, else as a membership in those numbers for whose texts it is
 * true; a comparison with a member of an enumeration as one with its number. */
const struct filter *odata_choice_resolve(struct arena *arena,
                                          const struct entity_property *property,
                                          const struct filter *condition);

#endif
