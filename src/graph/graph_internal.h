/* Shared by the files of this folder only. */
#ifndef MUSTER_GRAPH_GRAPH_INTERNAL_H
#define MUSTER_GRAPH_GRAPH_INTERNAL_H

#include "graph/graph.h"

struct graph {
    struct door door;
    struct graph_options options;
};

/* Answers one part of a batch like any other request, but for the bearer token: the batch's own
 * counts. */
void graph_answer_part(struct graph *graph, struct exchange *exchange,
                       const struct principal *principal);

#endif
