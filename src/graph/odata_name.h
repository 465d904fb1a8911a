/* Properties by their names in query options. Pure; any thread. */
#ifndef MUSTER_GRAPH_ODATA_NAME_H
#define MUSTER_GRAPH_ODATA_NAME_H

#include "base/error.h"
#include "graph/entity_type.h"
#include "graph/odata_lexer.h"

/* The property that the present token, a word, names. ERROR_INVALID at its place when the type has
 * none of that name, or when it cannot be used so: use is one bit of enum entity_use. */
struct error odata_name_find(const struct odata_lexer *lexer, const struct entity_type *type,
                             enum entity_use use,
                             const struct entity_property **property) MUST_CHECK;

/* OData's own sentence for a property that a type does not have, for the option. */
struct error odata_name_unknown(const char *option, struct slice name,
                                const struct entity_type *type) MUST_CHECK;

#endif
