/* $expand, for types without navigation properties: it is read far enough to say which name cannot
 * be expanded, and why. Pure; any thread. */
#ifndef MUSTER_GRAPH_ODATA_EXPAND_H
#define MUSTER_GRAPH_ODATA_EXPAND_H

#include "base/error.h"
#include "graph/entity_type.h"

/* Always ERROR_INVALID. */
struct error odata_expand_refuse(const struct entity_type *type, struct slice text) MUST_CHECK;

#endif
