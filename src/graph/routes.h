/* The table of what Graph serves here: address, method, permission, handler. The router, the 405
 * answers and the permission checks all read it. Constant; any thread. */
#ifndef MUSTER_GRAPH_ROUTES_H
#define MUSTER_GRAPH_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "auth/policy.h"
#include "domain/profile.h"
#include "graph/address.h"
#include "graph/call.h"
#include "message/request.h"

#define ROUTE_OPERATIONS_AT_MOST 3

/* What one method does. The handler answers the call, now or later. */
struct graph_operation {
    enum request_method method;
    /* NULL: neither permission nor licence is asked for here. */
    const struct policy_requirement *requirement;
    void (*handle)(struct graph_call *call);
};

struct graph_route {
    /* Segments parted by '/'; "{id}" stands for a key. The others have no case: scripts ask Graph
     * for "manageddevices". The last segment of an action may also be qualified with
     * "microsoft.graph.". */
    const char *pattern;
    const struct entity_type *type;    /* of what it answers with; NULL for actions */
    const struct property *parameters; /* of an action */
    size_t parameter_count;
    bool is_collection;
    bool is_count; /* how many the collection in front of it has, in plain text */
    bool is_action;
    bool is_open;         /* to everybody, without a bearer token */
    bool answers_xml;     /* and takes no query options but $format */
    enum profile_set set; /* for profiles */
    struct graph_operation operations[ROUTE_OPERATIONS_AT_MOST]; /* ends at handle NULL */
};

/* Finds the route of an address. key_segment gets the index of the key, or SIZE_MAX. ERROR_INVALID
 * names the first segment that leads nowhere. */
struct error routes_find(const struct graph_address *address, const struct graph_route **route,
                         size_t *key_segment) MUST_CHECK;

/* The operation for the method (HEAD is answered like GET), or NULL. */
const struct graph_operation *routes_find_operation(const struct graph_route *route,
                                                    enum request_method method);

/* The whole table. */
const struct graph_route *routes_all(size_t *count);

/* Whether the route is of one entity that stands right behind the root. */
bool routes_is_singleton(const struct graph_route *route);

/* METHOD_BITs of what the route answers to. */
unsigned routes_allowed_methods(const struct graph_route *route);

#endif
