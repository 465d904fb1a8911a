/* Reads $orderby: OData 4.01 part 2 section 5.1.5: properties parted by commas, each with "asc" or
 * "desc" behind it, or neither. Pure; any thread. */
#ifndef MUSTER_GRAPH_ODATA_ORDERBY_H
#define MUSTER_GRAPH_ODATA_ORDERBY_H

#include "base/arena.h"
#include "base/error.h"
#include "domain/listing.h"
#include "graph/entity_type.h"

/* Fills in the listing's orders. ERROR_INVALID for a property that is not there, cannot be ordered
 * by, or is named twice, and for more than LISTING_ORDERS_AT_MOST of them. */
struct error odata_orderby_parse(struct arena *arena, const struct entity_type *type,
                                 struct slice text, struct listing *listing) MUST_CHECK;

#endif
