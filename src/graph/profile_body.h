/* What a client writes of an enrollment profile: the body of POST and PATCH. The loop's thread. */
#ifndef MUSTER_GRAPH_PROFILE_BODY_H
#define MUSTER_GRAPH_PROFILE_BODY_H

#include <jansson.h>

#include "base/error.h"
#include "domain/profile.h"
#include "graph/call.h"

/* Reads the body for a profile of the route's set. Properties that the server owns are checked and
 * ignored. Texts are copied into the exchange's arena. */
struct error profile_body_read(struct graph_call *call, const json_t *body,
                               struct profile_changes *changes) MUST_CHECK;

#endif
