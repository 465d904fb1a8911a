/* What the addresses of enrollment profiles do. Each handler answers the call, now or later. */
#ifndef MUSTER_GRAPH_PROFILE_RESOURCE_H
#define MUSTER_GRAPH_PROFILE_RESOURCE_H

#include "graph/call.h"
#include "graph/property.h"

#define PROFILE_RESOURCE_CREATE_TOKEN_PARAMETER_COUNT 1
extern const struct property
    profile_resource_create_token_parameters[PROFILE_RESOURCE_CREATE_TOKEN_PARAMETER_COUNT];

void profile_resource_list(struct graph_call *call);
void profile_resource_count(struct graph_call *call);
void profile_resource_create(struct graph_call *call);
void profile_resource_get(struct graph_call *call);
void profile_resource_update(struct graph_call *call);
void profile_resource_delete(struct graph_call *call);
void profile_resource_create_token(struct graph_call *call);
void profile_resource_revoke_token(struct graph_call *call);

#endif
