/* What the addresses of a version's root do: the service document, and $metadata. */
#ifndef MUSTER_GRAPH_METADATA_RESOURCE_H
#define MUSTER_GRAPH_METADATA_RESOURCE_H

#include "graph/call.h"

void metadata_resource_list_services(struct graph_call *call);
void metadata_resource_get(struct graph_call *call);

#endif
