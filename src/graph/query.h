/* Query options of an address: OData 4.01 part 2 section 5, as far as they are served. */
#ifndef MUSTER_GRAPH_QUERY_H
#define MUSTER_GRAPH_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#define QUERY_TOP_AT_MOST 999

struct graph_query {
    bool has_top;
    size_t top;        /* 1 to QUERY_TOP_AT_MOST */
    int64_t after_row; /* from $skiptoken: where to go on; 0: from the first */
};

/* Reads what stands behind '?'. Options may be written with or without '$'; unknown ones with it
 * are ERROR_INVALID, unknown ones without it are the client's own and ignored. */
struct error graph_query_parse(struct arena *arena, struct slice text, bool is_collection,
                               struct graph_query *query) MUST_CHECK;

#endif
