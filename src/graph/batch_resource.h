/* What the address of $batch does. */
#ifndef MUSTER_GRAPH_BATCH_RESOURCE_H
#define MUSTER_GRAPH_BATCH_RESOURCE_H

#include "graph/call.h"

void batch_resource_run(struct graph_call *call);

#endif
