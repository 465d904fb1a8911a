/* Reads $search: OData 4.01 part 2 section 5.1.7. Words and phrases in double quotes, each of which
 * must occur in the searched property, ignoring case; AND, OR and NOT in capitals, parentheses.
 * Graph's form "displayName:text" is taken, too. Pure; any thread. */
#ifndef MUSTER_GRAPH_ODATA_SEARCH_H
#define MUSTER_GRAPH_ODATA_SEARCH_H

#include "base/arena.h"
#include "base/error.h"
#include "domain/filter.h"
#include "graph/entity_type.h"

/* As a filter in the arena. ERROR_INVALID for what is not a search, and for a type without a
 * property to search. Bounds as for $filter. */
struct error odata_search_parse(struct arena *arena, const struct entity_type *type,
                                struct slice text, const struct filter **filter) MUST_CHECK;

#endif
