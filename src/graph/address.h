/* From a request's path to segments and keys: the OData URL conventions that Graph follows
 * (OData 4.01 part 2, section 4). Pure; any thread. */
#ifndef MUSTER_GRAPH_ADDRESS_H
#define MUSTER_GRAPH_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "auth/policy.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#define ADDRESS_SEGMENTS_AT_MOST 16

struct graph_address {
    enum graph_version version;
    struct slice root_segment; /* as the client spelled it: "v1.0", "Beta" */
    /* Decoded. A key in parentheses, Profiles('{id}'), has become a segment of its own. */
    struct slice segments[ADDRESS_SEGMENTS_AT_MOST];
    size_t segment_count;
    unsigned keys; /* a bit for each segment that stood in parentheses: it names nothing else */
};

/* Parses a path that begins with '/'. A trailing slash is accepted; empty and dot segments, encoded
 * slashes and broken encodings are ERROR_INVALID. Segments may point into path or the arena. */
struct error graph_address_parse(struct arena *arena, struct slice path,
                                 struct graph_address *address) MUST_CHECK;

/* Whether the path's first segment is one of Graph's roots, in any case. */
bool graph_address_is_graph(struct slice path);

#endif
