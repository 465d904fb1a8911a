/* What the addresses of managed devices do. Each handler answers the call, now or later. */
#ifndef MUSTER_GRAPH_DEVICE_RESOURCE_H
#define MUSTER_GRAPH_DEVICE_RESOURCE_H

#include "graph/call.h"

void device_resource_list(struct graph_call *call);
void device_resource_count(struct graph_call *call);
void device_resource_get(struct graph_call *call);
void device_resource_delete(struct graph_call *call);
void device_resource_retire(struct graph_call *call);

#endif
