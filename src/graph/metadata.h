/* $metadata: CSDL XML 4.0 (OData CSDL XML Representation 4.01, in the older version's form) of what
 * the routes serve, made from the same tables, so that the two cannot differ. Any thread. */
#ifndef MUSTER_GRAPH_METADATA_H
#define MUSTER_GRAPH_METADATA_H

#include <stddef.h>

#include "auth/policy.h"
#include "base/buffer.h"
#include "graph/routes.h"

/* Appends the document of a version. Everything is in one schema, microsoft.graph:
 *   - the type of a route of one segment becomes a singleton of the container;
 *   - a collection right behind it becomes a contained navigation property of that type;
 *   - an action behind a collection's key becomes one that is bound to the collection's type. */
void metadata_write(const struct graph_route *routes, size_t count, enum graph_version version,
                    struct buffer *out);

#endif
