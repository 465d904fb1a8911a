/* The singleton in front of everything: what is true of the caller's tenant as a whole. */
#ifndef MUSTER_GRAPH_DEVICE_MANAGEMENT_H
#define MUSTER_GRAPH_DEVICE_MANAGEMENT_H

#include "graph/call.h"
#include "graph/entity_type.h"

extern const struct entity_type device_management_type;

void device_management_get(struct graph_call *call);

#endif
