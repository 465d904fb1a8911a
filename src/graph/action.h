/* Bodies of OData actions: one JSON object with a member for each parameter (OData JSON Format 4.01
 * section 18). */
#ifndef MUSTER_GRAPH_ACTION_H
#define MUSTER_GRAPH_ACTION_H

#include <jansson.h>

#include "graph/call.h"
#include "graph/property.h"

/* Parses and checks the body: every parameter that is not nullable must be there, each with its
 * type, no other one; "@odata.type" may name the action, other annotations are ignored. The caller
 * ends body with json_decref, also after an error. */
struct error action_read_body(struct graph_call *call, const char *action,
                              const struct property *parameters, size_t count,
                              json_t **body) MUST_CHECK;

/* For actions without parameters: no body, or an empty object. */
struct error action_check_no_parameters(struct graph_call *call, const char *action) MUST_CHECK;

#endif
