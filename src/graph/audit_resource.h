/* What the addresses of audit events do. Each handler answers the call, now or later. */
#ifndef MUSTER_GRAPH_AUDIT_RESOURCE_H
#define MUSTER_GRAPH_AUDIT_RESOURCE_H

#include "graph/call.h"

void audit_resource_list(struct graph_call *call);
void audit_resource_count(struct graph_call *call);
void audit_resource_get(struct graph_call *call);

#endif
